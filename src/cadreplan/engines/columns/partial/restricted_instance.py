"""A part of an instance's candidates with all its leaders: prices, a choice, a plan, and better ones."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.candidates import Reduced
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.candidate_diving import dive_for_candidates
from cadreplan.engines.columns.heuristics.candidate_lns import reopen
from cadreplan.engines.columns.heuristics.choice_lns import ChoiceLns
from cadreplan.engines.columns.heuristics.diving import dive
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan
from cadreplan.engines.columns.heuristics.restricted_master_mip import complete_by_mip
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.dual_warm_start import sample, sampled, sampled_prices
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.partial.restricted_budget import RestrictedBudget
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.language import tr
from cadreplan.solution import Solution

_FIRST_WARM, _LAST_WARM = 0.1, 0.01
"""Complementarity at which programmes begin: with free choices, and once candidates are chosen."""
_FIRST_WANTED = 6
"""Columns a leader in the first pass at prices that come from elsewhere."""
_CHOSEN_ROUNDS, _QUICK_CHOSEN_ROUNDS = 5, 3
"""Rounds in which prices settle once candidates are chosen, where leaders are few."""
_DIVE_ROUNDS, _QUICK_DIVE_ROUNDS = 3, 2
"""Rounds between steps of a dive over leaders."""
_DAYS = 7
"""Days of a week."""
_NEVER_SHUT = -10.0
"""Weight of not running a candidate to which somebody is pinned."""
_SHUT = 2.0
"""Weight of not running any other, where rooms alone are chosen: more than the largest room's."""


class RestrictedInstance:
    """`prices` by row and `bound` in points are those of the part, once it is outlined."""

    def __init__(
        self, reduced: Reduced, budget: RestrictedBudget, threads: ThreadPool, rng: np.random.Generator
    ) -> None:
        self.instance, self.budget, self.rng = reduced.instance, budget, rng
        self.workspace = Workspace(self.instance, budget, threads, rng)
        self.params, self.partial = self.workspace.params, self.workspace.params.partial
        self.pricer, self.master = self.workspace.pricer, self.workspace.master
        self.repair, self.mode_model = self.workspace.repair, self.workspace.mode_model
        self.rows, self.n, self.all = self.workspace.rows, self.workspace.n, self.workspace.everybody
        self.prices: F64 | None = None
        self.bound = 0
        self.weight: F64 = np.zeros(len(self.rows.mode_points))
        self.result: PricingPass | None = None
        self.turn = 0
        self._choices: ChoiceLns | None = None
        self.some = self.all
        if self.n >= self.partial.large_leaders:
            self.some = sample(self.pricer.compiled.leaders.branch, rng, self.params.duals)
        self.large = len(self.some) < self.n
        self.accuracy = self.partial.rough_accuracy if self.large else self.partial.accuracy
        if self.large:
            self.master.variable_bound_tolerance = self.partial.large_excess

    def sketch(self, prices: F64 | None, *, variable_bounds: bool = True) -> None:
        """Settle prices for a sample of the leaders, from `prices` on if there are any.

        Variable upper bounds come last, and only with `variable_bounds`.
        """
        if not self._first_columns():
            return
        if prices is not None:
            prices = self.rows.moved(prices)
            near = self._near(prices, self.some)
            self.workspace.add(self.some, near.found)
        self.prices = sampled_prices(
            self.master, self.some, self.budget, prices, variable_bounds=variable_bounds
        )
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
        short, and `bound` is what it would be without what these leave open: an estimate.
        """
        budget = self.budget
        self.master.counts &= ~self.pricer.variable_bounds
        if not self._first_columns():
            return  # a contradiction, most likely: the engine for everything says which
        if columns is not None:
            self.workspace.add(self.all, columns)
        if prices is None:
            budget.phase(tr("first prices"))
            steps = Subgradient(self.pricer, self.master.unit)
            steps.run(self.workspace.take)
            prices = steps.best
        else:
            prices = self.rows.moved(prices)
            self.workspace.add(self.all, self._near(prices).found)
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
        self.prices = converged.prices
        self.bound = round(converged.value) if rough else converged.result.points
        if rough or self.large:
            self._place(self.weight, self.prices)

    def _place(self, weight: F64, prices: F64) -> None:
        """A plan by placing leaders one by one at prices, with the choice of most weight."""
        pinned = np.isin(self.rows.block_session[self.rows.block_of], list(self.repair.pinned_to))
        weight = np.where(pinned & self.rows.closed, _NEVER_SHUT, weight)
        chosen_modes = self.mode_model.heaviest(weight, self.budget.left())
        if chosen_modes is None:
            return
        self.workspace.place(chosen_modes, prices)

    def _spacious(self) -> F64:
        """Weights of a choice without candidates, in the largest rooms."""
        rows = self.rows
        return np.where(rows.closed, _SHUT, rows.mode_cap / (1.0 + rows.mode_cap))

    def _near(self, prices: F64, some: I32 | None = None) -> PricingPass:
        """Several columns a leader near their best at prices that come from elsewhere."""
        nodes = self.params.pricing.heuristic_nodes
        return self.pricer.price(prices, wanted=_FIRST_WANTED, node_limit=nodes, subset=some)

    def _first_columns(self) -> bool:
        """A column for everybody: nothing, or what keeps the pins; whether all were found."""
        pinned = self.pricer.stays.n_pins > 0
        free = np.flatnonzero(~pinned).astype(np.int32)
        self.workspace.add_idle(free)
        who = np.flatnonzero(pinned).astype(np.int32)
        result = self.pricer.price(
            np.zeros(self.rows.n), subset=who, node_limit=self.params.pricing.pinned_nodes
        )
        self.workspace.add(who, result.found)
        return bool((self.workspace.pool.size > 0).all())

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
        self._choices = None
        if self.prices is None:
            return
        master = sampled(self.master, self.some) if self.large else self.master
        weight = self.weight if self.weight.any() else None
        exact = self.large and not quick
        opened = dive_for_candidates(
            master,
            self.mode_model,
            weight,
            self.prices,
            self.budget,
            exact=exact,
            quick=quick,
            first=self.workspace.place if quick and not self.large else None,
        )
        if opened is None or self.budget.told_to_stop():
            return
        chosen_modes = opened.chosen_modes
        weight = np.zeros(len(self.rows.mode_points))
        weight[chosen_modes.chosen] = 1
        if self.large and quick:  # all but the sample have hardly any columns yet
            self._place(weight, opened.prices)
            self.workspace.add(self.all, self._near(opened.prices).found)
        self.master.fix(self.all, self.rows.rhs - self.rows.use_of(weight))
        converged = self._generate_columns(opened.prices, careful=exact, quick=quick and not self.large)
        self.prices, self.result = converged.prices, converged.result
        self._place(weight, self.prices)
        draft = self.repair.empty(chosen_modes.chosen)
        draft = dive(
            self.master,
            self.workspace.placer,
            draft,
            self.all,
            self.prices,
            self.budget,
            accuracy=self.partial.chosen_accuracy if self.large else self.accuracy,
            rounds=_QUICK_DIVE_ROUNDS if quick else _DIVE_ROUNDS,
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
            rounds=self.partial.generation_rounds,
            accuracy=max(self.partial.bounded_accuracy, self.accuracy)
            if again
            else self.accuracy
            if exact
            else self.partial.rough_accuracy,
            exact=exact,
            warm=self.partial.bounded_warm if again else _FIRST_WARM,
            whole=True,
            exact_only=again,
            longer=exact,
        )

    def take(self, plan: Solution | None) -> None:
        """Go on from a plan that was found otherwise."""
        draft = None if plan is None else self.workspace.draft_of(plan)
        if plan is not None and draft is not None:
            self.workspace.go_on_from(draft, plan)

    def _generate_columns(self, prices: F64, *, careful: bool, quick: bool) -> Converged:
        rounds, accuracy = (_QUICK_CHOSEN_ROUNDS if quick else _CHOSEN_ROUNDS, self.accuracy)
        if careful:
            rounds, accuracy = self.partial.chosen_rounds, self.partial.chosen_accuracy
        return generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=rounds,
            accuracy=accuracy,
            warm=_LAST_WARM,
            exact=careful,
        )

    def improve(self) -> bool:
        """Choose candidates again, or place some leaders again; whether the plan is better."""
        if self.prices is None:
            return False
        if self._choices is None:
            self._choices = ChoiceLns(self.master, self.mode_model, self.repair, self.prices)
        self.turn += 1
        if self._choices.idle < self.params.lns.idle or self.turn % 2 == 0:
            return self._choices.improve()
        return self._block() if self.turn % 4 == 1 else self._reopen()

    def _reopen(self) -> bool:
        repair = self.repair
        if repair.draft is None or self.prices is None:
            return False
        free = max(
            (self._neighbourhood() for _ in range(self.params.lns.tries)),
            key=lambda some: min(len(some), self.params.lns.crowd),
        )
        if not len(free):
            return False
        sessions = np.zeros(self.rows.n_sessions, np.bool_)
        sessions[self.rows.block_session[free]] = True
        out = repair.holders(repair.draft, sessions)
        out = self._with_others(
            out, max(self.params.lns.candidate_more, self.params.lns.candidate_leaders - len(out))
        )
        draft = self.workspace.without(repair.draft, out)
        master = RestrictedMaster(self.pricer, self.workspace.pool)
        near = self._always() & (self.prices > 1)
        near[self.rows.block_session[free]] = True
        master.activate(near)
        self.budget.phase(
            tr("choosing again: {n} candidates, {leaders} leaders", n=len(free), leaders=len(out))
        )
        chosen_modes = reopen(
            master,
            self.mode_model,
            self.workspace.placer,
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
        sessions, rng, lns = self.instance.sessions, self.rng, self.params.lns
        blocks = [int(b) for b in self.rows.choices if self.repair.candidate[self.rows.block_session[b]]]
        of = {b: sessions[int(self.rows.block_session[b])] for b in blocks}
        day = int(rng.integers(-_DAYS, self.instance.n_days))
        how = int(rng.integers(3))
        if how == 0 and len(self.instance.offerings) > 2:
            two = rng.choice(len(self.instance.offerings), 2, replace=False).tolist()
            some = [b for b in blocks if of[b].offering in two]
        elif how == 1:
            some = [b for b in blocks if day <= of[b].first_day < day + _DAYS * lns.weeks]
        else:
            site = int(rng.integers(len(self.instance.sites)))
            some = [
                b
                for b in blocks
                if of[b].site == site and day <= of[b].first_day < day + _DAYS * lns.site_weeks
            ]
        return np.array(some, np.int32)

    def _block(self) -> bool:
        repair = self.repair
        if repair.draft is None or self.prices is None:
            return False
        out = self._with_others(np.zeros(0, np.int32), min(self.n, self.params.lns.candidate_leaders))
        draft = self.workspace.without(repair.draft, out)
        self.budget.phase(tr("re-solving block {k}: {n} leaders", k=self.turn, n=len(out)))
        done = complete_by_mip(
            self.master,
            self.workspace.placer,
            draft,
            out,
            self.prices,
            self.budget,
            accuracy=self.params.lns.accuracy,
            floor=repair.worth,
        )
        before = repair.worth
        return done and repair.finish(draft, repair.rooms, fresh=False) and repair.worth > before

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
