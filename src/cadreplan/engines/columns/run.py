"""The whole instance: a bound by column generation, cuts for choices, dives and neighbourhoods for plans."""

from __future__ import annotations

from contextlib import closing
from dataclasses import astuple

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.benders import Benders, Choice
from cadreplan.engines.columns.choices.modes import ChosenModes
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.heuristics.candidate_diving import dive_for_candidates
from cadreplan.engines.columns.heuristics.diving import dive
from cadreplan.engines.columns.heuristics.enumerated_mip import EnumeratedMip
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan
from cadreplan.engines.columns.heuristics.leader_lns import LeaderLns
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.dual_warm_start import sample, sampled, sampled_prices
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.pinned import contradictions
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.enumeration import phase_of_enumeration
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.engines.columns.pricing.shards import Dispatch, threads_for
from cadreplan.engines.columns.pricing.stays import MAX_BITS
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.turns import Effort
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr

_FINEST = 1e-5, 2e-4
"""A fifth of the gap asked for is the finest accuracy, within these."""
_WARM_ROOT, _WARM_SECOND, _WARM_SHARPER = 0.1, 0.02, 0.002
"""Complementarity at which programmes of the root begin: from rough prices, from better ones, from good
ones."""
_FIRST_WANTED = 3
"""Columns a leader in the first pass over everybody."""


def solve_all(
    instance: Instance, options: EngineOptions, listener: Listener, *, dispatch: Dispatch | None = None
) -> None:
    """Find plans and bounds for `instance` until the gap, a limit or the listener ends it.

    What `dispatch` makes of an instance prices its leaders; None: threads of this process do.
    Raises ContradictionError where pins or rooms are proven to leave no plan, UsageError where points are
    negative weights or a leader has more than 62 skill gaps.
    """
    weights = instance.policy.weights
    if min(astuple(weights)) < 0:
        raise UsageError(tr("the columns engine needs weights of at least 0"))
    # threads of the linear algebra library wait by spinning, which is ruinous on a busy machine
    with closing(threads_for(options.workers, dispatch)) as threads, threadpool_limits(1, user_api="blas"):
        solve_within(instance, Budget(options, listener), threads)


def solve_within(instance: Instance, budget: Budget, threads: ThreadPool) -> None:
    """`solve_all` within a budget and with workers that are there already."""
    _Run(instance, budget, threads).go()


class _Run:
    def __init__(self, instance: Instance, budget: Budget, threads: ThreadPool) -> None:
        self.instance, self.budget = instance, budget
        rng = np.random.default_rng(budget.options.seed)
        budget.phase(phase_of_enumeration())
        self.workspace = Workspace(instance, budget, threads, rng)
        if not self.workspace.takes_all:
            raise UsageError(
                tr("the columns engine takes at most {n} pins and skill gaps a leader", n=MAX_BITS)
            )
        self.params = self.workspace.params
        self.pricer, self.master = self.workspace.pricer, self.workspace.master
        self.repair, self.mode_model = self.workspace.repair, self.workspace.mode_model
        self.rows, self.n = self.workspace.rows, self.workspace.n
        self.finest = float(np.clip(budget.options.gap / 5, *_FINEST))
        self.converged_to = 1.0
        self.dived: float | None = None
        turns = self.params.turns
        self.large = self.n >= turns.large_leaders or self.pricer.shards.summary.n_stays >= turns.large_stays
        self.rounds = 2 if self.large else 5
        self.lns = LeaderLns(self.master, self.repair, rng)
        self.of_choice = EnumeratedMip(self.master, self.repair, self.mode_model)
        self.of_all = EnumeratedMip(self.master, self.repair, self.mode_model)

    def go(self) -> None:
        """First plan, first prices, the bound over free choices, and then choices and plans by turns."""
        budget, rows = self.budget, self.rows
        self._first_columns()
        known = self.repair.worth if self._known_plan() else None
        first_plan(self.repair, self.mode_model)
        if budget.stop():
            return
        with budget.keeping(self._for_first_dive()):
            prices, near = self._first_prices()
        if budget.stop():
            return
        always = np.zeros(rows.n, np.bool_)
        always[: 2 * rows.n_sessions] = True
        always[rows.offer0 : rows.tallies.first] = True
        self.master.activate(always | near)
        with budget.keeping(self._for_first_dive()):
            rough = self._root(prices, accuracy=self.params.master.first_accuracy, warm=_WARM_ROOT)
        modes = self.mode_model.heaviest(rough.fractional.mode_weight, budget.left())
        if budget.told_to_stop() or modes is None:
            return
        self.workspace.place(modes, rough.prices, node_limit=self.params.pricing.heuristic_nodes)
        opened = self._opened_by_a_sample(rough)
        self._dive(opened or modes, rough.prices, quick=True)
        if budget.stop():
            return
        self._prove(rough)
        self.converged_to = self.params.master.second_accuracy if self.large else self._accuracy()
        root = self._root(rough.prices, accuracy=self.converged_to, warm=_WARM_SECOND)
        if budget.stop() or budget.best_bound is None:
            return
        modes = self.mode_model.heaviest(root.fractional.mode_weight, budget.left())
        if modes is None:
            return
        self.benders = Benders(
            self.master,
            self.mode_model,
            budget,
            root,
            finest=self.finest,
            accuracy=self._accuracy,
            rounds=self.rounds,
        )
        if self.repair.draft is not None and self.repair.worth == known:  # nothing better was found
            self._learn_from_plan(root.prices)
        else:
            for one in (opened, modes):
                if one is not None and not budget.stop():
                    self.benders.consider(one, root.prices)
            best = self.benders.best
            if self.repair.draft is not None and (best is None or best.value < self.repair.worth):
                self._learn_from_plan(root.prices)
        self._dive_for_a_choice(root)
        self._search()

    # --- the start --------------------------------------------------------------------------------------

    def _first_columns(self) -> None:
        """What leaders would do if nobody were in their way; proves some contradictions."""
        work, stays, nodes = self.workspace, self.pricer.stays, self.params.pricing
        zero = np.zeros(self.rows.n)
        first = self.pricer.price(zero, node_limit=nodes.heuristic_nodes)
        pinned = np.flatnonzero(stays.n_pins > 0).astype(np.int32)
        at_leisure = self.pricer.price(zero, subset=pinned, node_limit=nodes.pinned_nodes)
        contradictions(self.instance, pinned[at_leisure.upper <= NEVER // 2])
        work.add_idle(np.flatnonzero(stays.n_pins == 0).astype(np.int32))
        work.add(pinned, at_leisure.found)
        self._take(first)
        # pinned leaders for whom nothing was found however long
        work.add_idle(np.flatnonzero(work.pool.size == 0).astype(np.int32))

    def _known_plan(self) -> bool:
        """Begin from the plan that is known already; whether there is one, in stays that are listed."""
        start = self.budget.options.start
        draft = None if start is None else self.workspace.draft_of(start)
        if start is None or draft is None:
            return False
        if (draft.column[:, 0] >= 0).mean() < self.params.turns.hardly_anybody:
            return False
        self.budget.phase(tr("improving the plan known already"))
        return self.workspace.go_on_from(draft, start)

    def _first_prices(self) -> tuple[F64, np.ndarray]:
        """Prices by row (points) without a programme over everybody, and the rows near their limits then."""
        budget = self.budget
        who = self._sample()
        if len(who) < self.n:
            prices = sampled_prices(self.master, who, budget)
            nodes = self.params.pricing.heuristic_nodes
            self._take(self.pricer.price(prices, wanted=_FIRST_WANTED, node_limit=nodes))
            return prices, prices > 1
        budget.phase(tr("first prices"))
        steps = Subgradient(self.pricer, self.master.unit)
        steps.run(self._take)
        return steps.best, (steps.best > 1) | (steps.excess > -self.params.master.near)

    def _sample(self, times: int = 1) -> I32:
        """Leaders who stand for all: always the same, so that prices don't depend on plans."""
        rng = np.random.default_rng(self.budget.options.seed)
        return sample(self.pricer.compiled.leaders.branch, rng, self.params.duals, times)

    def _for_first_dive(self) -> float:
        """Seconds that prices leave to the first dive, and at least to placing one by one."""
        placing = self.params.diving.placing_time * self.workspace.placer.seconds * self.n
        limit = self.budget.options.time_limit or 0.0
        return max(placing, (1 - self.params.turns.first_prices) * limit)

    def _take(self, result: PricingPass) -> bool:
        self.budget.bound(result.points)
        return self.workspace.take(result)

    # --- the bound --------------------------------------------------------------------------------------

    def _accuracy(self) -> float:
        """The relative accuracy to which prices settle, by the gap in hand."""
        params = self.params.master
        return max(self.finest, min(params.second_accuracy, params.of_gap * self.budget.gap()))

    def _sharpen(self) -> None:
        """Settle prices with free choices closer, as the gap is smaller than when they last settled."""
        self.converged_to = self._accuracy()
        root = self._root(self.benders.prices, accuracy=self.converged_to, warm=_WARM_SHARPER)
        self.benders.learn(root)

    def _root(self, prices: F64, *, accuracy: float, warm: float) -> Converged:
        """Settle prices with free choices."""
        params, rows = self.params.master, self.rows
        free = np.arange(len(rows.mode_points), dtype=np.int32)
        self.master.fix(self.workspace.everybody, rows.rhs.astype(np.float64), free)
        return generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=params.root_rounds,
            accuracy=accuracy,
            warm=warm,
            whole=True,
            exact=accuracy < params.first_accuracy,
            longer=not self.large,
        )

    def _prove(self, rough: Converged) -> None:
        """A bound at rough prices by searches to their end, where those cut short leave much of the gap open.

        It takes a part of the time limit at most: searches left then are short.
        """
        budget, limit = self.budget, self.budget.options.time_limit
        gap = self._bound() - self.repair.worth
        if rough.result.shortfall() <= self.params.turns.worth_proving * gap:
            return
        left = budget.left() or 0.0
        with budget.keeping(0.0 if limit is None else max(0.0, left - self.params.turns.proving * limit)):
            self._take(self.pricer.price(rough.prices))

    def _learn_from_plan(self, prices: F64) -> None:
        """Take in what the plan in hand chose, and prices there."""
        draft = self.repair.draft
        assert draft is not None
        chosen: I32 = np.asarray(draft.chosen[draft.chosen >= 0], np.int32)
        self.benders.give_rooms(ChosenModes(chosen, self.repair.rooms), prices)

    def _opened_by_a_sample(self, rough: Converged) -> ChosenModes | None:
        """Candidates opened one after the other for a sample of very many leaders, where several run in part.

        The heaviest of these are a poor choice at rough prices, and cuts that better it take long.
        """
        rows, weight = self.rows, rough.fractional.mode_weight
        who = self._sample(self.params.turns.sample)
        in_part = np.minimum(weight, 1 - weight)[rows.closed].sum()
        if not self.large or len(who) == self.n or in_part < self.params.turns.in_part:
            return None
        with self.budget.keeping(self._for_first_dive()):
            opened = dive_for_candidates(
                sampled(self.master, who), self.mode_model, None, rough.prices, self.budget, quick=True
            )
            return None if opened is None or self.budget.stop() else opened.chosen_modes

    def _dive_for_a_choice(self, root: Converged) -> None:
        """Open candidates one after the other where the choice so far is worth much less than free ones."""
        best, rows = self.benders.best, self.rows
        if (
            best is None
            or self.budget.stop()
            or not rows.closed.any()
            or self.n > self.params.turns.few_leaders
        ):
            return
        if root.value - best.value <= self.params.turns.poor_choice * abs(root.value):
            return
        self.master.fix(
            self.workspace.everybody,
            rows.rhs.astype(np.float64),
            np.arange(len(rows.mode_points), dtype=np.int32),
        )
        weight = root.fractional.mode_weight
        opened = dive_for_candidates(self.master, self.mode_model, weight, root.prices, self.budget)
        if opened is not None and not self.budget.stop():
            self.benders.consider(opened.chosen_modes, root.prices)

    # --- choices and plans ------------------------------------------------------------------------------

    def _search(self) -> None:
        """Choices and plans by turns: work goes where it lately closed more of the gap."""
        budget, params = self.budget, self.params.turns
        proven = len(self.rows.choices) == 0
        choices, plans = Effort(params.memory), Effort(params.memory)
        idle = 0
        while not budget.stop():
            if self.converged_to > self.params.master.sharper * self._accuracy():
                self._sharpen()
                continue
            work, bound, worth = budget.work, self._bound(), self.repair.worth
            best = self.benders.best
            if self._close(best, proven=proven):
                proven = proven and len(self.rows.choices) == 0
                continue
            value = worth if best is None else best.value
            neighbourhoods = self.lns.is_open and not (best is not None and best.closed)
            if best is not None and self._is_worth_a_dive(value, proven=proven and not neighbourhoods):
                if self._dive(best.chosen_modes, best.prices):
                    best.value = max(best.value, float(self.repair.worth))  # was not fully settled
                self.dived = best.value
                idle = 0
            elif not proven and (
                best is None
                or idle > self.params.lns.idle
                or value - worth <= params.settled * (bound - worth)
                or not neighbourhoods
                or plans.work * params.least_share > choices.work
                or (choices.work * params.least_share <= plans.work and choices.rate > plans.rate)
            ):
                proven = self.benders.improve()
                after = worth if self.benders.best is None else self.benders.best.value
                choices.spent(budget.work - work, bound - self._bound() + max(0.0, after - value))
                continue
            elif neighbourhoods:
                better = best is not None and self.lns.improve(best.result, best.prices)
                idle = 0 if better else idle + 1
                self.lns.tell(idle)
            else:
                return
            plans.spent(budget.work - work, self.repair.worth - worth)

    def _close(self, best: Choice | None, *, proven: bool) -> bool:
        """Solve what is open as one programme, of all choices or of the best one, where that is small enough;
        whether it was tried.
        """
        benders, has_choices = self.benders, len(self.rows.choices) > 0
        knows_choices = has_choices and (proven or benders.cuts.count >= self.params.enumeration.cuts)
        if knows_choices and self.of_all.is_due(None, benders.root_value, benders.prices):
            most = self.of_all.run(None, benders.prices)
            if most is not None:
                self.budget.bound(most)
            return True
        if best is None or best.closed:
            return False
        gap, lost = self._bound() - self.repair.worth, best.value - self.repair.worth
        if has_choices and not proven and lost <= self.params.turns.worth_a_dive * gap:
            return False
        if not self.of_choice.is_due(best.chosen_modes, best.value, best.prices):
            return False
        most = self.of_choice.run(best.chosen_modes, best.prices)
        if most is not None:
            benders.limit(best, most)
        return True

    def _is_worth_a_dive(self, value: float, *, proven: bool) -> bool:
        """Whether a dive by the best choice, of so much value, promises more than anything else.

        Once nothing else is left to do (`proven`), any choice that is better than the last one does.
        """
        params, worth = self.params.turns, self.repair.worth
        least = 0.0 if proven else self._bound() - worth
        fresh = self.dived is None or value > self.dived + params.fresh * least
        return fresh and value - worth > params.worth_a_dive * least

    def _bound(self) -> float:
        return float(self.budget.best_bound or 0)

    def _dive(self, modes: ChosenModes, prices: F64, *, quick: bool = False) -> bool:
        """Place everybody again by a choice, from prices on; whether it gave a better plan."""
        params = self.params.diving
        draft = dive(
            self.master,
            self.workspace.placer,
            self.repair.empty(modes.chosen),
            self.workspace.everybody,
            prices,
            self.budget,
            accuracy=max(self.finest, params.accuracy),
            rounds=params.quick_rounds if quick else min(params.rounds, self.rounds),
            share=params.quick_share if quick else params.undecided_share,
        )
        return self.repair.finish(draft, modes.rooms, fresh=True)
