"""The `columns` engine where much is to be chosen: a season designed from a part of its candidates.

An offering on every Monday at every site gives a hundred candidates, of which a handful run, and to most
leaders most of them are nearly the same. So the linear programme is solved over a part of them only. Prices
found there bound the whole: every candidate left aside is charged the price at which it just pays for itself,
full; then running it gains nothing, and the pricing pass over all candidates is a bound like any other.
Whoever would still rather go there shows which candidates to take in next; when nobody does, variable upper
bounds make the programme tighter, and it goes on. Of thousands of leaders it is a sample that looks for
candidates and opens them, each standing for as many.

From the last fractional solution candidates are opened by diving, then leaders by diving, thousands of them
by the engine for everything; then parts of the choice are made again with the leaders concerned, and crowds
of leaders alone, by turns. What is left of the time goes to the engine for everything.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from cadreplan.engines.candidates import Reduced, only
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.params import DEFAULTS
from cadreplan.engines.columns.partial.column_transfer import transferred
from cadreplan.engines.columns.partial.dual_extension import extend_duals, nearest, restrict_duals
from cadreplan.engines.columns.partial.restricted_budget import share_budget
from cadreplan.engines.columns.partial.restricted_instance import RestrictedInstance
from cadreplan.engines.columns.partial.variable_bounds import with_variable_bounds
from cadreplan.engines.columns.pricing.enumeration import phase_of_enumeration
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.run import solve_within
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solution import Solution

_LATE_ROUGH, _LATE_EXACT, _LATE_BOUNDED = 0.2, 0.6, 0.8
"""Shares of the design's time after which no candidates are added to a sketch, to an outline, and to one with
variable upper bounds."""
_LEAST_MORE = 20
"""Candidates that may be added in a round however few there are."""


class _Rough(NamedTuple):
    """A part with rough prices, and these (points) by `rows` of the whole."""

    reduced: Reduced
    part: RestrictedInstance
    rows: Rows
    prices: F64


@dataclass
class _Outline:
    """Candidates `some` of the next part and prices to begin from; the last part, and what it kept."""

    some: list[int]
    before: tuple[tuple[int, ...], RestrictedInstance] | None
    prices: F64 | None
    reduced: Reduced | None = None


class PartialCandidates:
    """The design of one season; `best` is the best plan found."""

    def __init__(
        self, instance: Instance, candidates: list[int], budget: Budget, threads: ThreadPool
    ) -> None:
        self.candidates, self.budget, self.threads = candidates, budget, threads
        self.params = budget.options.params or DEFAULTS
        self.partial = self.params.partial
        self.fits_memory = len(instance.leaders) * len(instance.sessions) <= self.partial.bounded
        self.instance = instance
        self.rng = np.random.default_rng(budget.options.seed)
        self.confirmed = [s for s, session in enumerate(instance.sessions) if not session.candidate]
        self.best: Solution | None = None
        self.everything = False
        self.listing = 0.0
        """Seconds that it took to list what leaders can do with all candidates."""
        self.until = None
        if budget.options.time_limit is not None:
            self.until = time.monotonic() + self.partial.time_share * budget.options.time_limit

    def go(self) -> None:
        """A plan in time, then bound the whole from parts, then design the last part."""
        self.budget.phase(phase_of_enumeration())
        some, quick = self._plan_in_time()
        if self.budget.stop():
            return
        if quick is not None and self._has_no_time_to_list():
            self._improve(quick.part, quick.reduced)
            return
        if self.fits_memory:
            self.instance = with_variable_bounds(self.instance)
        self.everything = len(some) == len(self.candidates)
        whole = None if self.everything else self._part(self.candidates)[1].pricer
        prices = None if quick is None else restrict_duals(quick.prices, self._only(some), quick.rows)
        state = _Outline(some, None if quick is None else (quick.reduced.kept, quick.part), prices)
        rough = whole is not None
        promised = None if quick is None else quick.part.bound
        for bounded in (True,) if self.everything or not self.fits_memory else (False, True):
            part = self._outlines(state, whole, bounded=bounded, rough=rough)
            if part is None:
                return
            rough = False
            last = bounded or part.large
            fresh = promised is None or part.bound > (1 + self.partial.redesign) * promised
            promised = part.bound
            self._design(part, state, last=last, fresh=fresh)
            if last or part.budget.stop() or self._late(_LATE_EXACT):
                break

    def _outlines(
        self, state: _Outline, whole: Pricer | None, *, bounded: bool, rough: bool
    ) -> RestrictedInstance | None:
        """Parts outlined, each with the candidates that leaders wanted at the prices of the last, until no
        more are wanted; the last of them, None where the search is over.

        They have variable upper bounds where `bounded`. `whole` prices all candidates, None where a part has
        all; `rough` parts are sketched first, where leaders are many.
        """
        for round_ in range(self.partial.rounds):
            reduced, part = self._part(state.some)
            rough = rough and part.large and round_ < min(self.partial.sketches, self.partial.rounds - 1)
            if rough:
                part.sketch(state.prices)
            else:
                columns = None
                if state.before is not None and not part.large and part.pricer.shards.lots is None:
                    columns = transferred(state.before[1], state.before[0], part.pricer, reduced.kept)
                part.outline(state.prices, columns, variable_bounds=bounded or part.large)
            state.before, state.reduced = (reduced.kept, part), reduced
            self.budget.work = part.budget.work
            if self.budget.stop() or part.prices is None:
                return None
            if whole is None:
                self.budget.bound(part.bound)
                return part
            like = nearest(self.instance, reduced.kept)
            prices = extend_duals(part.rows, reduced.kept, part.prices, whole.rows, like)
            who = part.some if rough else part.all
            result = whole.price(
                prices,
                subset=who if rough else None,
                node_limit=self.params.pricing.heuristic_nodes if rough else None,
            )
            self.budget.price(result.nodes)
            more = self._wanted(whole, who, result.found[:, 0, :], state.some)
            self.budget.phase(
                tr(
                    "candidates: {n} of {all} looked at, {more} more wanted",
                    n=len(state.some),
                    all=len(self.candidates),
                    more=len(more),
                )
            )
            if rough:
                rough = bool(more) and not self._late(_LATE_ROUGH)
            else:
                self.budget.bound(result.points)
                near = max(self.partial.near, self.partial.near_of_gap * self.budget.gap())
                if (
                    round_ == self.partial.rounds - 1
                    or self._late(_LATE_BOUNDED if bounded and self.best is not None else _LATE_EXACT)
                    or not more
                    or result.points - part.bound <= near * abs(result.points)
                ):
                    state.prices = part.prices
                    return part
            growth = 1.0 if rough else self.partial.growth
            state.some = sorted((*state.some, *more[: max(_LEAST_MORE, int(growth * len(state.some)))]))
            state.prices = restrict_duals(prices, self._only(state.some), whole.rows)
        return None

    def _design(self, part: RestrictedInstance, state: _Outline, *, last: bool, fresh: bool) -> None:
        """Plans of a part: from the best one known, or of a `fresh` choice, and better ones until nothing is
        found for a while; a careful choice after that where this is the `last` part.
        """
        for careless in (True, False) if last else (True,):
            if not careless or fresh or self.best is None:
                part.design(quick=careless)
            if part.large and self.best is not None:
                part.budget.work = self._place(self.best, part.budget.work)
            if self.best is not None and state.reduced and self.best.running <= set(state.reduced.kept):
                part.take(state.reduced.reduce(self.best))
            idle = 0
            while not (part.budget.stop() or (self.everything and self._late(1.0))):
                if idle >= (
                    self.partial.idle if last or self._late(_LATE_EXACT) else self.partial.first_idle
                ):
                    break
                idle = 0 if part.improve() else idle + 1
            if part.budget.stop() or part.large or (self.everything and self._late(1.0)):
                break
        self.budget.work = part.budget.work

    def _place(self, plan: Solution, work: float) -> float:
        """Leave it to the engine for everything to place leaders, with the candidates of `plan` alone.

        `work` was done before; returned is what is done after.
        """
        reduced = only(self.instance, iter((*self.confirmed, *plan.running)))
        budget = share_budget(self.budget, reduced, self)
        budget.options = replace(budget.options, start=reduced.reduce(plan))
        budget.work = work
        solve_within(reduced.instance, budget, self.threads)
        return budget.work

    def _has_no_time_to_list(self) -> bool:
        """Whether the limit would come before much is done with all candidates listed again."""
        left = self.budget.left()
        return left is not None and left < self.partial.listing_time * self.listing

    def _improve(self, part: RestrictedInstance, reduced: Reduced) -> None:
        """Better plans of a part until the budget ends."""
        if self.best is not None and self.best.running <= set(reduced.kept):
            part.take(reduced.reduce(self.best))
            while not part.budget.stop():
                part.improve()
        self.budget.work = part.budget.work

    def _late(self, share: float) -> bool:
        limit = self.budget.options.time_limit
        if self.until is None or limit is None:
            return False
        return time.monotonic() >= self.until - (1 - share) * self.partial.time_share * limit

    def _some(self) -> list[int]:
        """The first part: every n-th start of each offering at each site, and candidates of no offering."""
        running = 0 if self.best is None else len(self.best.running)
        n = -(-len(self.candidates) // max(self.partial.first, int(self.partial.first_of_running * running)))
        if n == 1:
            return self.candidates
        pinned = {s for leader in self.instance.leaders for s in leader.pinned}
        turn: dict[tuple[int | None, int], int] = {}
        some = []
        for s in self.candidates:
            session = self.instance.sessions[s]
            key = session.offering, session.site
            k = turn.get(key, int(self.rng.integers(n)))
            turn[key] = k + 1
            if k % n == 0 or session.offering is None or s in pinned:
                some.append(s)
        return some

    def _part(self, some: Iterable[int]) -> tuple[Reduced, RestrictedInstance]:
        """The season with these candidates alone."""
        reduced = self._only(some)
        return reduced, RestrictedInstance(
            reduced, share_budget(self.budget, reduced, self), self.threads, self.rng
        )

    def _only(self, some: Iterable[int]) -> Reduced:
        return only(self.instance, iter((*self.confirmed, *some)))

    def _plan_in_time(self) -> tuple[list[int], _Rough | None]:
        """A plan and a bound before variable upper bounds, exact pricing and careful choices.

        Returned are the candidates of the next part: some of every kind, those that the plan runs, and others
        that leaders would take; and rough prices of the whole.
        """
        begun = time.monotonic()
        everything = self._part(self.candidates)[1]
        self.listing = time.monotonic() - begun
        everything.first_plan()
        some = self._some()
        whole, found, prices, columns = everything.rows, None, None, None
        more: list[int] = []
        for again in (True, False):
            reduced, part = self._part(some)
            if self.budget.stop():
                break
            if found is not None:
                prices = restrict_duals(found.prices, reduced, whole)
                columns = transferred(found.part, found.reduced.kept, part.pricer, reduced.kept)
            if part.large:
                part.sketch(None, variable_bounds=False)
            else:
                part.outline(prices, columns, rough=True)
            self.budget.work = part.budget.work
            if part.prices is None or self.budget.stop():
                break
            like = nearest(self.instance, reduced.kept)
            wide = extend_duals(part.rows, reduced.kept, part.prices, whole, like)
            found = _Rough(reduced, part, whole, wide)
            result = everything.pricer.price(wide, node_limit=self.params.pricing.heuristic_nodes)
            self.budget.price(result.nodes)
            self.budget.bound(result.points)
            more = self._wanted(everything.pricer, part.all, result.found[:, 0, :], some)
            enlarge = again and not part.large and not self._late(self.partial.early)
            if enlarge and len(more) > self.partial.growth * len(some):
                some = sorted((*some, *more[: len(some)]))
                continue
            break
        if found is not None:
            found.part.design()
            self.budget.work = found.part.budget.work
            if not found.part.large and not self.budget.stop():  # longer searches, once there is a plan
                result = everything.pricer.price(found.prices, node_limit=self.params.pricing.longer_nodes)
                self.budget.price(result.nodes)
                self.budget.bound(result.points)
        running = () if self.best is None else self.best.running
        more = more[: int(self.partial.growth * len(some))]
        return sorted({*some, *more, *(s for s in running if s in self.candidates)}), found

    def _wanted(self, pricer: Pricer, who: I32, found: I32, some: Iterable[int]) -> list[int]:
        """Candidates left aside that the leaders `who` would take, those with most people first."""
        use = pricer.use(found, who)[: len(self.instance.sessions)].copy()
        use[[*self.confirmed, *some]] = 0
        return [int(s) for s in np.argsort(-use, kind="stable") if use[s] > 0]
