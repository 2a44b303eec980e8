"""The `columns` engine: column generation for bounds, cuts for choices, dives and blocks for plans."""

from __future__ import annotations

from contextlib import closing
from dataclasses import astuple

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.benders import Benders
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.diving import SHARE, dive
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.heuristics.restricted_master_mip import FEW_COLUMNS, complete_by_mip
from cadreplan.engines.columns.heuristics.warm_start import draft_of
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.dual_warm_start import sample, sampled_prices
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.enumeration import phase_of_enumeration
from cadreplan.engines.columns.pricing.kernels import HEURISTIC_NODES
from cadreplan.engines.columns.pricing.pricer import PricingPass, pricer_of
from cadreplan.engines.columns.pricing.shards import Dispatch
from cadreplan.engines.columns.pricing.stays import MAX_BITS
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ContradictionError, UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n

_ROOT_ROUNDS = 40
_PATIENT_NODES = 2_000_000
_FIRST_LOOK = 5e-3
_SECOND_LOOK = 1e-3
_OF_GAP = 0.1
"""Share of the gap in hand to which prices settle: beyond it work on plans and choices closes more."""
_SHARPER = 3.0
"""Prices settle again once they may be so many times as accurate."""
_HARDLY_ANYBODY = 0.1
_NEAR = 0.15
"""Share of a limit that may be left when first prices are known and the row is taken in all the same."""
_IDLE_BLOCKS, _PATIENCE = 8, 15
"""Blocks in vain until choices are worth more work, and until larger ones are tried."""
_LEAST = 0.15
"""Of the work on one of choices and plans, the other gets at least this share."""
_MEMORY = 0.8
"""What a piece of work counts for in the rate when the next one is done."""
_DIVING = 1e-4
"""Relative accuracy of prices between steps of a dive."""
_WORTH_A_DIVE, _FRESH = 0.35, 0.1
"""Shares of the gap: what a choice must promise to close to be dived for, and by how much it must be better
than the last one dived for."""
_QUICK = 2, 0.2
"""Rounds in which prices settle between two steps of the first dive, and what a step fixes of those open."""
_BLOCK, _MIDDLE_BLOCK, _LARGEST_BLOCK = 80, 320, 5000
_MOST_COLUMNS = 6.0
"""Columns a leader in the largest blocks, when all with fewer were in vain."""
_LARGE, _MANY_STAYS = 10_000, 1_000_000
"""Leaders, or stays of all of them, from which on a plan in time is worth more than settled prices."""


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
    with closing(ThreadPool(options.workers, dispatch)) as threads, threadpool_limits(1, user_api="blas"):
        solve_within(instance, Budget(options, listener), threads)


def solve_within(instance: Instance, budget: Budget, threads: ThreadPool) -> None:
    """`solve_all` within a budget and with workers that are there already."""
    _Run(instance, budget, threads).go()


class _Run:
    def __init__(self, instance: Instance, budget: Budget, threads: ThreadPool) -> None:
        self.instance, self.budget = instance, budget
        self.rng = np.random.default_rng(budget.options.seed)
        budget.phase(phase_of_enumeration())
        self.pricer = pricer_of(instance, threads)
        if int(np.diff(self.pricer.stays.bit_ptr).max(initial=0)) > MAX_BITS:
            raise UsageError(
                tr("the columns engine takes at most {n} pins and skill gaps a leader", n=MAX_BITS)
            )
        self.rows = self.pricer.rows
        self.n = self.pricer.n
        self.pool = new_pool(self.n, width_of(self.pricer.compiled))
        self.master = RestrictedMaster(self.pricer, self.pool)
        placer = Placer(self.pricer, self.pool.column.shape[2])
        self.placer = placer
        self.repair = Repair(instance, placer, budget, self.rng)
        self.all = np.arange(self.n, dtype=np.int32)
        self.mode_model = ModeModel(instance, self.rows, budget.options.seed)
        self.finest = float(np.clip(budget.options.gap / 5, 1e-5, 2e-4))
        self.converged_to = 1.0
        self.dived: float | None = None
        self.blocks = 0
        self.large = self.n >= _LARGE or len(self.pricer.stays.mask) >= _MANY_STAYS
        self.rounds = 2 if self.large else 5
        self.block_size = min(self.n, _BLOCK)
        self.columns_each = FEW_COLUMNS

    def go(self) -> None:
        """First plan, first prices, the bound over free choices, and then choices and plans by turns."""
        budget, rows = self.budget, self.rows
        self._first_columns()
        known = self.repair.worth if self._known_plan() else None
        first_plan(self.repair, self.mode_model)
        if budget.stop():
            return
        who = sample(self.pricer.compiled.leaders.branch, self.rng)
        if len(who) < self.n:
            prices = sampled_prices(self.master, who, budget)
            near = prices > 1
            self._take_pass(self.pricer.price(prices, wanted=3, node_limit=HEURISTIC_NODES))
        else:
            budget.phase(tr("first prices"))
            steps = Subgradient(self.pricer, self.master.unit)
            steps.run(self._take_pass)
            prices = steps.best
            near = (prices > 1) | (steps.excess > -_NEAR)
        if budget.stop():
            return
        always = np.zeros(rows.n, np.bool_)
        always[: 2 * rows.n_sessions] = True
        always[rows.offer0 : rows.tallies.first] = True
        self.master.activate(always | near)
        rough = self._root(prices, rounds=_ROOT_ROUNDS, accuracy=_FIRST_LOOK, warm=0.1)
        chosen_modes = self.mode_model.heaviest(rough.fractional.mode_weight, budget.left())
        if budget.told_to_stop() or chosen_modes is None:
            return
        self._place(chosen_modes, rough.prices)
        self._dive(chosen_modes, rough.prices, quick=True)
        if budget.stop():
            return
        self.converged_to = _SECOND_LOOK if self.large else self._accuracy()
        root = self._root(rough.prices, rounds=_ROOT_ROUNDS, accuracy=self.converged_to, warm=0.02)
        if budget.stop() or budget.best_bound is None:
            return
        chosen_modes = self.mode_model.heaviest(root.fractional.mode_weight, budget.left())
        if chosen_modes is None:
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
            self.benders.consider(chosen_modes, root.prices)
            best = self.benders.best
            if self.repair.draft is not None and (best is None or best.value < self.repair.worth):
                self._learn_from_plan(root.prices)
        self._search()

    def _accuracy(self) -> float:
        """The relative accuracy to which prices settle, by the gap in hand."""
        return max(self.finest, min(_SECOND_LOOK, _OF_GAP * self.budget.gap()))

    def _sharpen(self) -> None:
        """Settle prices with free choices closer, as the gap is smaller than when they last settled."""
        self.converged_to = self._accuracy()
        root = self._root(self.benders.prices, rounds=_ROOT_ROUNDS, accuracy=self.converged_to, warm=0.002)
        self.benders.learn(root)

    def _learn_from_plan(self, prices: F64) -> None:
        """Take in what the plan in hand chose, and prices there."""
        draft = self.repair.draft
        assert draft is not None
        chosen = np.asarray(draft.chosen[draft.chosen >= 0], np.int32)
        self.benders.give_rooms(ChosenModes(chosen, self.repair.rooms), prices)

    def _root(self, prices: F64, *, rounds: int, accuracy: float, warm: float) -> Converged:
        """Settle prices with free choices."""
        exact = accuracy < _FIRST_LOOK
        rows = self.rows
        self.master.fix(
            self.all, rows.rhs.astype(np.float64), np.arange(len(rows.mode_points), dtype=np.int32)
        )
        return generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=rounds,
            accuracy=accuracy,
            warm=warm,
            whole=True,
            exact=exact,
        )

    def _search(self) -> None:
        """Choices and plans by turns: work goes where it lately closed more of the gap."""
        budget = self.budget
        proven = len(self.rows.choices) == 0
        choices, plans = _Effort(), _Effort()
        idle = 0
        while not budget.stop():
            if self.converged_to > _SHARPER * self._accuracy():
                self._sharpen()
                continue
            work, bound, worth = budget.work, self._bound(), self.repair.worth
            best = self.benders.best
            value = worth if best is None else best.value
            blocks = self.repair.draft is not None and self.columns_each <= _MOST_COLUMNS
            if best is not None and self._is_worth_a_dive(value, proven=proven and not blocks):
                if self._dive(best.chosen_modes, best.prices):
                    best.value = max(best.value, float(self.repair.worth))  # was not fully settled
                self.dived = best.value
                idle = 0
            elif not proven and (
                best is None
                or idle > _IDLE_BLOCKS
                or not blocks
                or plans.work * _LEAST > choices.work
                or (choices.work * _LEAST <= plans.work and choices.rate > plans.rate)
            ):
                proven = self.benders.improve()
                after = worth if self.benders.best is None else self.benders.best.value
                choices.spent(budget.work - work, bound - self._bound() + max(0.0, after - value))
                continue
            elif blocks:
                idle = 0 if self._block() else idle + 1
                if idle and (idle % _PATIENCE == 0 or self.block_size > _MIDDLE_BLOCK):
                    self._larger_blocks()
            else:
                return
            plans.spent(budget.work - work, self.repair.worth - worth)

    def _is_worth_a_dive(self, value: float, *, proven: bool) -> bool:
        """Whether a dive by the best choice, of so much value, promises more than anything else.

        Once nothing else is left to do (`proven`), any choice that is better than the last one does.
        """
        worth = self.repair.worth
        least = 0.0 if proven else self._bound() - worth
        fresh = self.dived is None or value > self.dived + _FRESH * least
        return fresh and value - worth > _WORTH_A_DIVE * least

    def _bound(self) -> float:
        return float(self.budget.best_bound or 0)

    def _larger_blocks(self) -> None:
        """From small blocks to middling ones, to the largest, and then more columns in these."""
        largest = min(self.n, _LARGEST_BLOCK)
        if self.block_size >= largest:
            self.columns_each *= 1.3
        elif self.block_size >= _MIDDLE_BLOCK:
            self.block_size = largest
        else:
            self.block_size = min(2 * self.block_size, largest)

    # --- plans ------------------------------------------------------------------------------------------

    def _dive(self, chosen_modes: ChosenModes, prices: F64, *, quick: bool = False) -> bool:
        """Place everybody anew by a choice, from prices on; whether it gave a better plan."""
        rounds, share = _QUICK if quick else (min(4, self.rounds), SHARE)
        draft = self.repair.empty(chosen_modes.chosen)
        draft = dive(
            self.master,
            self.placer,
            draft,
            self.all,
            prices,
            self.budget,
            accuracy=max(self.finest, _DIVING),
            rounds=rounds,
            share=share,
        )
        return self.repair.finish(draft, chosen_modes.rooms, fresh=True)

    def _block(self) -> bool:
        """Take some leaders out of the plan and place them anew; whether it helped."""
        repair, choice = self.repair, self.benders.best
        if repair.draft is None or choice is None:
            return False
        self.blocks += 1
        loss = choice.result.upper - self.pricer.worth(repair.draft.column, choice.result.prices)
        out = self._neighbours(repair.draft, loss / SCALE, choice.result.found[:, 0])
        draft = repair.draft.copy()
        held = draft.column[out]
        self._add(out, held[:, None, :])
        self.placer.take(draft, out)
        self.budget.phase(tr("re-solving block {k}: {n} leaders", k=self.blocks, n=len(out)))
        done = complete_by_mip(
            self.master,
            self.placer,
            draft,
            out,
            choice.prices,
            self.budget,
            accuracy=1e-5,
            floor=repair.worth,
            held=held,
            columns_each=self.columns_each,
        )
        return done and repair.finish(draft, repair.rooms, fresh=False)

    def _neighbours(self, draft: Draft, loss: F64, wanted: I32) -> I32:
        """Leaders who could do better, and others who hold sessions that these have or want."""
        size = self.block_size
        if size == self.n:
            return self.all
        if self.blocks % 2:
            return self._outlets(loss, size)
        chance = np.maximum(loss, 0) + 1 + 0.3 * max(0.0, float(loss.mean()))
        seeds = self.rng.choice(self.n, max(1, size // 10), replace=False, p=chance / chance.sum())
        stays = self.pricer.stays
        some = np.concatenate((wanted[seeds].ravel(), draft.column[seeds].ravel()))
        sessions = np.zeros(self.rows.n_sessions, np.bool_)
        for j in some[some >= 0]:
            sessions[stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]]] = True
        near = self.repair.holders(draft, sessions)
        near = np.setdiff1d(near, seeds)
        if not len(near):
            return np.sort(seeds).astype(np.int32)
        part = chance[near] / chance[near].sum()
        rest = self.rng.choice(near, min(len(near), size - len(seeds)), replace=False, p=part)
        return np.sort(np.concatenate((seeds, rest))).astype(np.int32)

    def _outlets(self, loss: F64, size: int) -> I32:
        """All leaders of some branches, rather of those whose leaders could do better."""
        branch = self.pricer.compiled.leaders.branch
        by_branch = np.bincount(branch, np.maximum(loss, 0) + 1)
        some = np.flatnonzero(by_branch)
        chance = by_branch[some] / by_branch[some].sum()
        order = self.rng.choice(some, len(some), replace=False, p=chance)
        people = np.bincount(branch)[order]
        taken = order[: max(1, int(np.searchsorted(np.cumsum(people), size, side="right")))]
        return np.flatnonzero(np.isin(branch, taken)).astype(np.int32)[: 2 * size]

    def _known_plan(self) -> bool:
        """Begin from the plan that is known already; whether there is one, in stays that are listed."""
        start = self.budget.options.start
        if start is None:
            return False
        draft = draft_of(self.repair, start)
        if draft is None or (draft.column[:, 0] >= 0).mean() < _HARDLY_ANYBODY:
            return False
        self._add(self.all, draft.column[:, None, :])
        self.budget.phase(tr("improving the plan known already"))
        return self.repair.finish(draft, dict(start.rooms), fresh=True)

    def _place(self, chosen_modes: ChosenModes, prices: F64) -> None:
        """A plan by placing leaders one by one at prices."""
        draft = self.repair.empty(chosen_modes.chosen)
        self.budget.phase(tr("placing leaders one by one"))
        self.placer.replace(
            draft, self.repair.order(), prices, node_limit=HEURISTIC_NODES, stop=self.budget.told_to_stop
        )
        self.repair.finish(draft, chosen_modes.rooms, fresh=True)

    # --- the start --------------------------------------------------------------------------------------

    def _first_columns(self) -> PricingPass:
        """What leaders would do if nobody were in their way; proves some contradictions."""
        zero = np.zeros(self.rows.n)
        first = self.pricer.price(zero, node_limit=HEURISTIC_NODES)
        pinned = np.flatnonzero(self.pricer.stays.n_pins > 0).astype(np.int32)
        at_leisure = self.pricer.price(zero, subset=pinned, node_limit=_PATIENT_NODES)
        self._contradictions(pinned[at_leisure.upper <= NEVER // 2])
        empty = np.full((self.n, 1, self.pool.column.shape[2]), -1, np.int32)
        free = np.flatnonzero(self.pricer.stays.n_pins == 0).astype(np.int32)
        self._add(free, empty[free])
        self._add(pinned, at_leisure.found)
        self._take_pass(first)
        bare = np.flatnonzero(self.pool.size == 0).astype(np.int32)
        self._add(bare, empty[bare])  # pinned leaders for whom nothing was found however long
        return first

    def _take_pass(self, result: PricingPass) -> bool:
        self.budget.price(result.nodes)
        self.budget.bound(result.points)
        self._add(self.all, result.found)
        return not self.budget.stop()

    def _add(self, who: I32, found: I32) -> None:
        add_columns(self.pool, who, found, self.pricer.compiled, self.pricer.stays, self.pricer.threads)

    def _contradictions(self, impossible: I32) -> None:
        """Leaders without any plan at all, and sessions with more pinned people than seats."""
        for stuck in impossible:
            leader = self.instance.leaders[int(stuck)]
            raise ContradictionError([self._pinned(leader.id, s) for s in leader.pinned])
        pins: dict[int, list[int]] = {}
        for i, leader in enumerate(self.instance.leaders):
            for s in leader.pinned:
                pins.setdefault(s, []).append(i)
        for s, who in pins.items():
            people = sum(self.instance.leaders[i].headcount for i in who)
            session = self.instance.sessions[s]
            if people > session.seats:
                seats = tr_n(
                    "session {session} has {n} seat",
                    "session {session} has {n} seats",
                    session.seats,
                    session=session.id,
                )
                raise ContradictionError(
                    [seats, *(self._pinned(self.instance.leaders[i].id, s) for i in who)]
                )

    def _pinned(self, leader: str, s: int) -> str:
        session = self.instance.sessions[s].id
        return tr("leader {leader} is pinned to {session}", leader=leader, session=session)


class _Effort:
    """What one kind of work has cost, and what it brought lately for it (points a unit of work)."""

    def __init__(self) -> None:
        self.work = 0.0
        self.rate = np.inf
        self._lately = 0.0, 0.0

    def spent(self, work: float, gain: float) -> None:
        """Count one more piece of work."""
        self.work += work + 1e-6
        lately, gained = self._lately
        self._lately = _MEMORY * lately + work + 1e-6, _MEMORY * gained + gain
        self.rate = self._lately[1] / self._lately[0]
