"""The `columns` engine: column generation for the bound, dives and re-solved blocks for the plan."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32, compile_arrays
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.dive import dive, settle
from cadreplan.engines.columns.duals import Ascent
from cadreplan.engines.columns.housing import house
from cadreplan.engines.columns.items import MAX_BITS
from cadreplan.engines.columns.jit import Crew, is_cached
from cadreplan.engines.columns.listing import list_items
from cadreplan.engines.columns.master import Master
from cadreplan.engines.columns.placing import Draft, Placer
from cadreplan.engines.columns.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.pricing import SCALE, Pass, Pricer
from cadreplan.engines.columns.rows import UNLIMITED, build_rows
from cadreplan.engines.columns.table import NEVER
from cadreplan.engines.columns.tree import Node, Tree
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ContradictionError, UsageError
from cadreplan.instance import Instance
from cadreplan.solution import Solution

_ASCENT_PASSES = 30
_ASCENT_TARGET = 0.85
_ROOT_ROUNDS = 40


def solve(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """Find plans and bounds for `instance` until the gap, a limit or the listener ends it.

    Raises ContradictionError where pins or rooms are proven to leave no plan, UsageError where points are
    negative weights or a leader has more than 62 skill gaps.
    """
    weights = instance.policy.weights
    if min(weights.gap, weights.km, weights.day, weights.hour, weights.open, weights.underfill) < 0:
        raise UsageError("the columns engine needs weights of at least 0")
    crew = Crew(options.workers)
    try:
        _Run(instance, Budget(options, listener), crew).go()
    finally:
        crew.close()


class _Run:
    def __init__(self, instance: Instance, budget: Budget, crew: Crew) -> None:
        self.instance, self.budget = instance, budget
        if not is_cached():
            budget.phase("compiling the search kernels (once on this machine, about a minute)")
        self.rng = np.random.default_rng(budget.options.seed)
        compiled = compile_arrays(instance)
        budget.phase("listing what each leader can do")
        items = list_items(compiled, crew)
        if int(np.diff(items.bit_ptr).max(initial=0)) > MAX_BITS:
            raise UsageError(f"the columns engine takes at most {MAX_BITS} pins and skill gaps a leader")
        self.rows = build_rows(instance)
        self.pricer = Pricer(compiled, items, self.rows, crew)
        self.n = self.pricer.n
        self.width = width_of(compiled)
        self.pool = new_pool(self.n, self.width)
        most = float(np.abs(items.bit_points).max(initial=0))
        unit = max(1.0, most / 4 or 1.0)
        self.master = Master(
            self.pricer, self.pool, 40.0 * unit + 4.0 * instance.policy.weights.underfill, unit
        )
        self.placer = Placer(self.pricer, self.width)
        self.all = np.arange(self.n, dtype=np.int32)
        self.candidate = np.array([s.candidate for s in instance.sessions], np.bool_)
        self.minimum = np.array([s.min_seats for s in instance.sessions], np.int64)
        self.best: Draft | None = None
        self.rooms: dict[int, int] = {}
        self.blocks = 0

    def go(self) -> None:
        """Bound, first plan, prices, dive, and blocks until the budget ends."""
        budget, rows = self.budget, self.rows
        zero = np.zeros(rows.n)
        first = self.pricer.price(zero)
        self._contradictions(first)
        empty = np.full((self.n, 1, self.width), -1, np.int32)
        free = np.flatnonzero(self.pricer.items.n_pins == 0).astype(np.int32)
        self._add(free, empty[free])
        self._take_pass(first)
        ascent = Ascent(self.pricer, zero, zero)
        budget.phase("first prices")
        ascent.run(_ASCENT_PASSES, _target(first.bound / SCALE), self._take_pass)
        prices = ascent.best
        self._first_plan(prices)
        if budget.stop():
            return
        m = rows.n_sessions
        always = np.zeros(rows.n, np.bool_)
        always[: 2 * m] = True
        always[rows.offer0 :] = True
        mean = np.zeros(rows.n) if ascent.mean is None else ascent.mean
        self.master.activate(always | (prices > 1) | (mean > 0))
        mixture, _, prices, value = settle(
            self.master, prices, budget, rounds=_ROOT_ROUNDS, accuracy=3e-5, whole=True, tolerance=5e-5
        )
        if budget.stop():
            return
        everything = np.ones(len(rows.cfg_points), np.bool_)
        root = Node(int(np.floor(value)), everything, prices, mixture.config_weight)
        self.root_prices = prices
        self.tree = Tree(self.master, budget, self.all, [root])
        self._plan_from(root)
        self._search()

    def _plan_from(self, node: Node) -> None:
        draft, rooms, prices = self._decide(node)
        draft = dive(self.master, self.placer, draft, self.all, prices, self.budget)
        self._finish(draft, rooms)

    def _search(self) -> None:
        """Split nodes, dive from those that decide everything, re-solve blocks: half of the work for each."""
        budget = self.budget
        on_tree = on_blocks = 0.0
        plans = 0
        while not budget.stop():
            before = budget.work
            node = self.tree.next()
            if node is not None and on_tree <= on_blocks:
                children = self.tree.split(node)
                if not children and plans < 30:
                    plans += 1
                    self._plan_from(node)
                budget.phase(f"{len(self.tree.nodes)} parts, by which candidates run and who gets which room")
                on_tree += budget.work - before
            elif self.best is not None:
                self._block(self.root_prices)
                on_blocks += budget.work - before + 1e-6
            elif node is None:
                return
            else:
                on_blocks = on_tree + 1
            if node is None and self.n <= 12 and self.blocks >= 20:
                return

    # --- steps ------------------------------------------------------------------------------------------

    def _take_pass(self, result: Pass) -> bool:
        self.budget.work += result.nodes / 1e6
        self.budget.bound(result.points)
        self._add(self.all, result.found[:, :, : self.width])
        return not self.budget.stop()

    def _add(self, who: I32, found: I32) -> None:
        add_columns(self.pool, who, found, self.pricer.compiled, self.pricer.items, self.pricer.crew)

    def _housed(self, weight: F64, allowed: np.ndarray) -> tuple[Draft, dict[int, int]]:
        housing = house(self.instance, self.rows, weight, allowed, seed=self.budget.options.seed)
        draft = self.placer.empty(
            housing.configurations, self.minimum, self.instance.policy.weights.underfill, self.candidate
        )
        return draft, housing.rooms

    def _decide(self, node: Node) -> tuple[Draft, dict[int, int], F64]:
        """Choose configurations, the clearest first, and let prices settle before the next."""
        rows = self.rows
        weight, prices = node.weight, node.prices
        allowed = node.allowed.copy()
        underfill = np.repeat(rows.cfg_size[rows.block_ptr[:-1]] == -3, np.diff(rows.block_ptr))
        for threshold in (0.9, 0.75, 0.6, 0.45, 0.0):
            draft, rooms = self._housed(weight, allowed)
            chosen = np.zeros(len(rows.cfg_points), np.bool_)
            chosen[draft.configurations] = True
            sure = np.repeat(weight[draft.configurations] >= threshold, np.diff(rows.block_ptr))
            before = int(allowed.sum())
            allowed &= chosen | ~sure | underfill
            if self.budget.stop() or not rows.n_blocks:
                break
            if int(allowed.sum()) < before and threshold > 0:
                self.master.allowed, self.master.who, self.master.rhs = allowed, self.all, rows.rhs.copy()
                mixture, _, prices, _ = settle(self.master, prices, self.budget, rounds=2, accuracy=1e-4)
                weight = mixture.config_weight
                self.budget.phase(f"sessions and rooms: {int(allowed.sum())} ways left of {len(allowed)}")
            if int(allowed.sum()) == rows.n_blocks + int(underfill.sum()) // 2:
                break
        draft, rooms = self._housed(weight, allowed)
        return draft, rooms, prices

    def _first_plan(self, prices: F64) -> None:
        """Candidates stay closed (but for pins), sessions get the largest rooms, leaders go one by one."""
        rows = self.rows
        pinned = {s for leader in self.instance.leaders for s in leader.pinned}
        block_of = np.repeat(rows.block_session, np.diff(rows.block_ptr))
        weight = np.where(rows.cfg_size == -2, 2.0, rows.cfg_cap / (1.0 + rows.cfg_cap))
        for k, s in enumerate(block_of):
            if int(s) in pinned and rows.cfg_size[k] == -2:
                weight[k] = -10.0
        draft, rooms = self._housed(weight, np.ones(len(rows.cfg_points), np.bool_))
        order = self.rng.permutation(self.n).astype(np.int32)
        has_pins = self.pricer.items.n_pins[order] > 0
        order = np.concatenate((order[has_pins], order[~has_pins]))
        self.budget.phase("first plan")
        self.placer.replace(draft, order, prices)
        self.placer.replace(draft, order, np.zeros(rows.n))
        self._finish(draft, rooms)

    def _finish(self, draft: Draft, rooms: dict[int, int]) -> bool:
        """Mend, improve leader by leader, and report if it is the best plan so far."""
        zero = np.zeros(self.rows.n)
        self._place_pinned(draft)
        self._close_candidates(draft, rooms)
        for _ in range(4):
            if not self.placer.replace(draft, self.rng.permutation(self.n).astype(np.int32), zero):
                break
        self._close_candidates(draft, rooms)
        if not self._valid(draft):
            return False
        objective = self.placer.objective(draft)
        if self.budget.best_objective is not None and objective <= self.budget.best_objective:
            return False
        self.budget.best_objective = objective
        self.best, self.rooms = draft.copy(), dict(rooms)
        self.budget.listener.solution(self._solution(draft, rooms))
        return True

    def _place_pinned(self, draft: Draft) -> None:
        """Make room for pinned leaders who found none: others leave, and come back where they can."""
        zero = np.zeros(self.rows.n)
        has_pins = self.pricer.items.n_pins > 0
        for _ in range(20):
            missing = np.flatnonzero(has_pins & (draft.column[:, 0] < 0)).astype(np.int32)
            if not len(missing):
                return
            out = set(self.rng.permutation(self.n)[: self.n // 10].tolist())
            for i in missing:
                for s in self.instance.leaders[int(i)].pinned:
                    out.update(int(h) for h in self._holders(draft, s))
            others = np.array(sorted(out - set(missing.tolist())), np.int32)
            self.placer.take(draft, others)
            self.placer.replace(draft, missing, zero)
            self.placer.replace(draft, others, zero)

    def _close_candidates(self, draft: Draft, rooms: dict[int, int]) -> None:
        """Candidates short of their minimum, or that cost more than they bring, do not run."""
        rows = self.rows
        for b in range(rows.n_blocks):
            k = draft.configurations[b]
            s = int(rows.block_session[b])
            if not self.candidate[s] or rows.cfg_size[k] < -1 or draft.people[s] >= self.minimum[s]:
                continue
            holders = self._holders(draft, s)
            if any(s in self.instance.leaders[int(i)].pinned for i in holders):
                continue
            self.placer.take(draft, holders)
            lo, hi = rows.cfg_ptr[k], rows.cfg_ptr[k + 1]
            draft.left[rows.cfg_row[lo:hi]] += rows.cfg_coef[lo:hi]
            draft.configurations[b] = rows.block_ptr[b]
            draft.running[s] = False
            draft.reward[s] = 0
            rooms.pop(s, None)
            self.placer.replace(draft, holders, np.zeros(rows.n))

    def _holders(self, draft: Draft, session: int) -> I32:
        items = self.pricer.items
        found = []
        for i in np.flatnonzero((draft.column >= 0).any(axis=1)):
            for j in draft.column[i]:
                if j >= 0 and session in items.sess[items.sess_ptr[j] : items.sess_ptr[j + 1]]:
                    found.append(i)
        return np.array(found, np.int32)

    def _valid(self, draft: Draft) -> bool:
        rows, m = self.rows, self.rows.n_sessions
        limited = rows.rhs < UNLIMITED // 2
        limited[m : 2 * m] = False
        if (draft.left[limited] < 0).any():
            return False
        if (draft.people < self.minimum)[self.candidate & draft.running].any():
            return False
        return not ((self.pricer.items.n_pins > 0) & (draft.column[:, 0] < 0)).any()

    def _solution(self, draft: Draft, rooms: dict[int, int]) -> Solution:
        items = self.pricer.items
        chosen = []
        for column in draft.column:
            sessions: list[int] = []
            for j in column:
                if j >= 0:
                    sessions += items.sess[items.sess_ptr[j] : items.sess_ptr[j + 1]].tolist()
            chosen.append(tuple(sorted(sessions)))
        running = frozenset(int(s) for s in np.flatnonzero(self.candidate & draft.running))
        return Solution(tuple(chosen), running, dict(sorted(rooms.items())))

    def _block(self, prices: F64) -> None:
        """Take some leaders out of the best plan and dive again for them."""
        if self.best is None:
            return
        self.blocks += 1
        draft, rooms = self.best.copy(), dict(self.rooms)
        size = max(2, min(self.n, max(400, self.n // 20)))
        out = np.sort(self.rng.permutation(self.n)[:size]).astype(np.int32)
        self.placer.take(draft, out)
        self.budget.phase(f"re-solving block {self.blocks} of {len(out)} leaders")
        draft = dive(self.master, self.placer, draft, out, prices, self.budget, accuracy=1e-5)
        self._finish(draft, rooms)

    def _contradictions(self, first: Pass) -> None:
        """Leaders without any plan at all: their pins contradict their own rules."""
        for stuck in np.flatnonzero(first.upper <= NEVER // 2):
            leader = self.instance.leaders[int(stuck)]
            raise ContradictionError(
                [f"leader {leader.id} is pinned to {self.instance.sessions[s].id}" for s in leader.pinned]
            )
        pins: dict[int, list[int]] = {}
        for i, leader in enumerate(self.instance.leaders):
            for s in leader.pinned:
                pins.setdefault(s, []).append(i)
        for s, who in pins.items():
            people = sum(self.instance.leaders[i].headcount for i in who)
            session = self.instance.sessions[s]
            if people > session.seats:
                raise ContradictionError(
                    [f"session {session.id} has {session.seats} seats"]
                    + [f"leader {self.instance.leaders[i].id} is pinned to {session.id}" for i in who]
                )


def _target(bound: float) -> float:
    """What the first steps aim at: somewhat below the bound without any limits."""
    return bound - (1 - _ASCENT_TARGET) * abs(bound)
