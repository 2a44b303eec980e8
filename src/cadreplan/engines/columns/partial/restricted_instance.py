"""A part of an instance's candidates with all its leaders: prices, a choice, a plan, and better ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cadreplan.engines.candidates import Reduced
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.candidate_diving import dive_for_candidates
from cadreplan.engines.columns.heuristics.candidate_lns import reopen
from cadreplan.engines.columns.heuristics.diving import dive
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.heuristics.restricted_master_mip import complete_by_mip
from cadreplan.engines.columns.heuristics.warm_start import draft_of
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.dual_warm_start import sample, sampled, sampled_prices
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.pricing.kernels import HEURISTIC_NODES
from cadreplan.engines.columns.pricing.pricer import PricingPass, pricer_of
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import Listener
from cadreplan.language import tr
from cadreplan.solution import Solution

_PATIENT_NODES = 2_000_000
_ROUNDS = 60
_ACCURACY = 3e-4
_WITH_LINKS, _WARM = 5e-4, 0.03
_LARGE = 2000
_LARGE_LINK = 0.6
_ROUGH = 1e-3
"""For so many leaders a plan in time is worth more than prices that have settled."""
_WHOLE, _MANY_ROUNDS = 3e-4, 15
"""Once their candidates are chosen, prices settle for as long as it takes."""
_OPEN = 120
_LEAST_MORE = 30
_WEEKS = 2
_SEASONS = 4
_DAYS = 7
_TRIES = 3
_CROWD = 25
"""So many candidates at once are enough; of a few, nothing new can be made."""


class Best(Protocol):
    """Keeps the best solution."""

    best: Solution | None


@dataclass
class RestrictedBudget(Budget):
    """The budget of a part: solutions count for the whole, bounds do not."""

    whole: Budget | None = None
    reduced: Reduced | None = None
    keeper: Best | None = None

    def solution(self, solution: Solution, objective: int, charge: int = 0) -> None:
        """Hand a solution on, restored."""
        self.best_objective, self.charge = objective, charge
        if self.whole is not None and self.reduced is not None and self.keeper is not None:
            known = self.whole.best_objective
            if known is None or objective > known:
                self.keeper.best = self.reduced.restore(solution)
                self.whole.solution(self.keeper.best, objective, charge)


def share_budget(whole: Budget, reduced: Reduced, keeper: Best) -> RestrictedBudget:
    """A budget that ends when the whole one does."""
    quiet = _Quiet(whole.listener, whole)
    return RestrictedBudget(
        whole.options, quiet, whole.work, started=whole.started, whole=whole, reduced=reduced, keeper=keeper
    )


class _Quiet:
    """A listener to whom bounds of a part say nothing."""

    def __init__(self, listener: Listener, whole: Budget) -> None:
        self.phase, self.solution = listener.phase, listener.solution
        self._listener, self._whole = listener, whole

    def bound(self, bound: int) -> None:
        """A bound of a part is none of the whole."""

    def should_stop(self) -> bool:
        """Whether told to, or the whole is near enough."""
        return self._whole.closed() or self._listener.should_stop()


class RestrictedInstance:
    """`prices` by row and `bound` in points are those of the part, once it is outlined."""

    def __init__(
        self, reduced: Reduced, budget: RestrictedBudget, threads: ThreadPool, rng: np.random.Generator
    ) -> None:
        self.instance, self.budget, self.rng = reduced.instance, budget, rng
        self.pricer = pricer_of(self.instance, threads)
        self.rows = self.pricer.rows
        self.n = self.pricer.n
        self.pool = new_pool(self.n, width_of(self.pricer.compiled))
        self.master = RestrictedMaster(self.pricer, self.pool)
        self.placer = Placer(self.pricer, self.pool.column.shape[2])
        self.repair = Repair(self.instance, self.placer, budget, rng)
        self.mode_model = ModeModel(self.instance, self.rows, budget.options.seed)
        self.all: I32 = np.arange(self.n, dtype=np.int32)
        self.prices: F64 | None = None
        self.bound = 0
        self.weight: F64 = np.zeros(len(self.rows.mode_points))
        self.result: PricingPass | None = None
        self.turn = 0
        self.some = sample(self.pricer.compiled.leaders.branch, rng) if self.n >= _LARGE else self.all
        self.large = len(self.some) < self.n
        self.accuracy = _ROUGH if self.large else _ACCURACY
        if self.large:
            self.master.variable_bound_tolerance = _LARGE_LINK

    def sketch(self, prices: F64 | None) -> None:
        """Settle prices for a sample of the leaders, from `prices` on if there are any."""
        if not self._first_columns():
            return
        if prices is not None:
            prices = self.rows.moved(prices)
            near = self.pricer.price(prices, wanted=6, node_limit=HEURISTIC_NODES, subset=self.some)
            self._add(self.some, near.found)
        self.prices = sampled_prices(self.master, self.some, self.budget, prices, variable_bounds=True)
        if self.budget.whole is None or self.budget.whole.best_objective is None:
            self._place(self._spacious(), self.prices)

    def outline(
        self,
        prices: F64 | None,
        columns: I32 | None = None,
        *,
        variable_bounds: bool = True,
        rough: bool = False,
    ) -> None:
        """Settle prices with free choices, from `prices` and `columns` on if there are any.

        Variable upper bounds come last, and only with `variable_bounds`. When `rough`, searches are cut
        short, and there is no bound.
        """
        budget = self.budget
        self.master.counts &= ~self.pricer.variable_bounds
        if not self._first_columns():
            return  # a contradiction, most likely: the engine for everything says which
        if columns is not None:
            self._add(self.all, columns)
        if prices is None:
            budget.phase(tr("first prices"))
            steps = Subgradient(self.pricer, self.master.unit)
            steps.run(self._take)
            prices = steps.best
        else:
            prices = self.rows.moved(prices)
            self._add(self.all, self.pricer.price(prices, wanted=6, node_limit=HEURISTIC_NODES).found)
        if self.repair.draft is None:
            self._place(self._spacious(), prices)
        if budget.stop():
            return
        self.master.activate(self._always() | (prices > 1))
        converged = self._freely(prices, exact=not rough)
        if rough:
            variable_bounds = False
        if variable_bounds and self.pricer.variable_bounds.any() and not budget.stop():
            self.master.counts |= self.pricer.variable_bounds
            converged = self._freely(converged.prices, again=True)
        self.weight, self.result = converged.fractional.mode_weight, converged.result
        self.prices, self.bound = converged.prices, converged.result.points
        if rough or self.large:
            self._place(self.weight, self.prices)

    def _place(self, weight: F64, prices: F64) -> None:
        """A plan by placing leaders one by one at prices, with the choice of most weight."""
        pinned = np.isin(self.rows.block_session[self.rows.block_of], list(self.repair.pinned_to))
        weight = np.where(pinned & self.rows.closed, -10.0, weight)
        chosen_modes = self.mode_model.heaviest(weight, self.budget.left())
        if chosen_modes is None:
            return
        draft = self.repair.empty(chosen_modes.chosen)
        self.budget.phase(tr("placing leaders one by one"))
        self.placer.replace(draft, self.repair.order(), prices, stop=self.budget.told_to_stop)
        self.repair.finish(draft, chosen_modes.rooms, fresh=True)

    def _spacious(self) -> F64:
        """Weights of a choice without candidates, in the largest rooms."""
        rows = self.rows
        return np.where(rows.closed, 2.0, rows.mode_cap / (1.0 + rows.mode_cap))

    def _first_columns(self) -> bool:
        """A column for everybody: nothing, or what keeps the pins; whether all were found."""
        pinned = self.pricer.stays.n_pins > 0
        free = np.flatnonzero(~pinned).astype(np.int32)
        self._add(free, np.full((len(free), 1, self.pool.column.shape[2]), -1, np.int32))
        who = np.flatnonzero(pinned).astype(np.int32)
        result = self.pricer.price(np.zeros(self.rows.n), subset=who, node_limit=_PATIENT_NODES)
        self._add(who, result.found)
        return bool((self.pool.size > 0).all())

    def _always(self) -> Bools:
        rows = self.rows
        always = np.zeros(rows.n, np.bool_)
        always[: rows.n_sessions] = True
        always[rows.offer0 : rows.tallies.first] = True
        return always

    def first_plan(self) -> None:
        """A plan before there are prices."""
        first_plan(self.repair, self.mode_model)

    def design(self, *, quick: bool = True) -> None:
        """Open candidates by diving, then place leaders by diving."""
        if self.prices is None:
            return
        master = sampled(self.master, self.some) if self.large else self.master
        chosen_modes = dive_for_candidates(
            master, self.mode_model, self.weight, self.prices, self.budget, exact=self.large, quick=quick
        )
        if chosen_modes is None or self.budget.told_to_stop():
            return
        weight = np.zeros(len(self.rows.mode_points))
        weight[chosen_modes.chosen] = 1
        self.master.fix(self.all, self.rows.rhs - self.rows.use_of(weight))
        converged = self._generate_columns(self.prices)
        self.prices, self.result = converged.prices, converged.result
        self._place(weight, self.prices)
        draft = self.repair.empty(chosen_modes.chosen)
        draft = dive(
            self.master,
            self.placer,
            draft,
            self.all,
            self.prices,
            self.budget,
            accuracy=_WHOLE if self.large else self.accuracy,
            rounds=2 if quick else 3,
        )
        self.repair.finish(draft, chosen_modes.rooms, fresh=True)

    def _freely(self, prices: F64, *, again: bool = False, exact: bool = True) -> Converged:
        """Settle prices with free choices; `again` once they have settled without some of the limits."""
        rows = self.rows
        free = np.arange(len(rows.mode_points), dtype=np.int32)
        self.master.fix(self.all, rows.rhs.astype(np.float64), free)
        return generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=_ROUNDS,
            accuracy=max(_WITH_LINKS, self.accuracy) if again else self.accuracy if exact else _ROUGH,
            exact=exact,
            warm=_WARM if again else 0.1,
            whole=True,
            exact_only=again,
        )

    def take(self, plan: Solution | None) -> None:
        """Go on from a plan that was found otherwise."""
        draft = None if plan is None else draft_of(self.repair, plan)
        if plan is not None and draft is not None:
            self._add(self.all, draft.column[:, None, :])
            self.repair.finish(draft, dict(plan.rooms), fresh=True)

    def _generate_columns(self, prices: F64) -> Converged:
        rounds, accuracy = (_MANY_ROUNDS, _WHOLE) if self.large else (5, self.accuracy)
        return generate_columns(
            self.master, prices, self.budget, rounds=rounds, accuracy=accuracy, warm=0.01, exact=self.large
        )

    def improve(self) -> bool:
        """Choose a few candidates anew, or place some leaders anew; whether the plan is better."""
        self.turn += 1
        return self._block() if self.turn % 4 == 0 else self._reopen()

    def _reopen(self) -> bool:
        repair = self.repair
        if repair.draft is None or self.prices is None:
            return False
        free = max((self._neighbourhood() for _ in range(_TRIES)), key=lambda some: min(len(some), _CROWD))
        if not len(free):
            return False
        sessions = np.zeros(self.rows.n_sessions, np.bool_)
        sessions[self.rows.block_session[free]] = True
        out = repair.holders(repair.draft, sessions)
        out = self._with_others(out, max(_LEAST_MORE, _OPEN - len(out)))
        draft = self._without(out)
        master = RestrictedMaster(self.pricer, self.pool)
        near = self._always() & (self.prices > 1)
        near[self.rows.block_session[free]] = True
        master.activate(near)
        self.budget.phase(
            tr("choosing anew: {n} candidates, {leaders} leaders", n=len(free), leaders=len(out))
        )
        chosen_modes = reopen(
            master,
            self.mode_model,
            self.placer,
            draft,
            free,
            out,
            self.prices,
            self.budget,
            floor=repair.worth,
        )
        before = repair.worth
        return (
            chosen_modes is not None
            and repair.finish(draft, chosen_modes.rooms, fresh=False)
            and repair.worth > before
        )

    def _neighbourhood(self) -> I32:
        """Candidates of two offerings, of two weeks, or of a site in some weeks."""
        sessions, rng = self.instance.sessions, self.rng
        blocks = [int(b) for b in self.rows.choices if self.repair.candidate[self.rows.block_session[b]]]
        of = {b: sessions[int(self.rows.block_session[b])] for b in blocks}
        day = int(rng.integers(-_DAYS, self.instance.n_days))
        how = int(rng.integers(3))
        if how == 0 and len(self.instance.offerings) > 2:
            two = rng.choice(len(self.instance.offerings), 2, replace=False).tolist()
            some = [b for b in blocks if of[b].offering in two]
        elif how == 1:
            some = [b for b in blocks if day <= of[b].first_day < day + _DAYS * _WEEKS]
        else:
            site = int(rng.integers(len(self.instance.sites)))
            some = [
                b
                for b in blocks
                if of[b].site == site and day <= of[b].first_day < day + _DAYS * _WEEKS * _SEASONS
            ]
        return np.array(some, np.int32)

    def _block(self) -> bool:
        repair = self.repair
        if repair.draft is None or self.prices is None:
            return False
        out = self._with_others(np.zeros(0, np.int32), min(self.n, _OPEN))
        draft = self._without(out)
        self.budget.phase(tr("re-solving block {k}: {n} leaders", k=self.turn, n=len(out)))
        done = complete_by_mip(
            self.master, self.placer, draft, out, self.prices, self.budget, accuracy=1e-5, floor=repair.worth
        )
        before = repair.worth
        return done and repair.finish(draft, repair.rooms, fresh=False) and repair.worth > before

    def _without(self, out: I32) -> Draft:
        """A copy of the draft without these leaders, whose columns are kept."""
        assert self.repair.draft is not None
        draft = self.repair.draft.copy()
        self._add(out, draft.column[out][:, None, :])
        self.placer.take(draft, out)
        return draft

    def _with_others(self, out: I32, more: int) -> I32:
        """Some leaders more, rather those who lose most at the prices."""
        rest = np.setdiff1d(self.all, out)
        more = min(more, len(rest))
        if not more or self.result is None or self.repair.draft is None:
            return out
        loss = self.result.upper - self.pricer.worth(self.repair.draft.column, self.result.prices)
        chance = np.maximum(loss[rest] / SCALE, 0)
        chance = chance + 1 + 0.3 * float(chance.mean())
        others = self.rng.choice(rest, more, replace=False, p=chance / chance.sum())
        return np.sort(np.concatenate((out, others))).astype(np.int32)

    def _take(self, result: PricingPass) -> bool:
        self.budget.price(result.nodes)
        self._add(self.all, result.found)
        return not self.budget.stop()

    def _add(self, who: I32, found: I32) -> None:
        add_columns(self.pool, who, found, self.pricer.compiled, self.pricer.stays, self.pricer.threads)
