"""Adding to a plan whatever is worth adding, one assignment at a time."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict

import numpy as np

from cadreplan.insight.grid import Rows, blocks
from cadreplan.insight.obstacles import forbidden
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance
from cadreplan.solution import Solution

_OFFERS = 16
"""Sessions a leader is offered at a time."""

Offer = tuple[float, int, int, int]
"""Minus the points it may bring at most, leader, session, and how many were added to the leader before."""


def improve(instance: Instance, solution: Solution) -> Solution:
    """`solution` with the best single assignment added, again and again, until none is worth anything.

    Only what keeps all rules is added; candidates are neither opened nor closed. Keeps all rules if
    `solution` does, is never worth less, and is deterministic.
    """
    state = PlanState(instance, solution)
    while True:
        freed = state.freed
        _Greedy(state).run()
        if state.freed == freed:  # nothing became possible again that was tried before
            return state.solution()


class _Greedy:
    """A queue of promising assignments, the best first; each leader has a few in it at a time.

    In a large instance, those who got a session wait for a few others until they are offered more, as arrays
    of many rows are quicker.
    """

    def __init__(self, state: PlanState) -> None:
        self._state, self._sieve = state, Sieve(state)
        self._queue: list[Offer] = []
        self._tried: dict[int, set[int]] = defaultdict(set)
        self._turn: Counter[int] = Counter()
        self._waiting: Counter[int] = Counter()
        self._spent: list[int] = []
        self._due: list[int] = []
        self._batch = max(1, len(state.instance.leaders) // 256)

    def run(self) -> None:
        instance = self._state.instance
        self._spent = list(range(len(instance.leaders))) if instance.sessions else []
        while self._spent:
            self._sieve.refresh()
            spent, self._spent = sorted(set(self._spent)), []
            for rows in blocks(spent):
                self._queue += self._best(rows)
            heapq.heapify(self._queue)
            while self._queue or self._due:
                if self._queue:
                    self._take()
                else:
                    self._offer_more()

    def _offer_more(self) -> None:
        """Make offers to those who got a session."""
        for offer in self._best(np.array(self._due, dtype=np.intp)):
            heapq.heappush(self._queue, offer)
        self._due.clear()

    def _take(self) -> None:
        stated, i, s, turn = heapq.heappop(self._queue)
        if turn != self._turn[i]:
            return
        state = self._state
        if not state.is_full(i, s) and not forbidden(state, i, s):
            gain = state.gain(i, s)
            if 0 < gain < -stated:  # less than it seemed: others may come first
                heapq.heappush(self._queue, (-gain, i, s, turn))
                return
            if gain > 0:
                state.add(i, s)
                self._turn[i] += 1
                self._tried.pop(i, None)
                self._due.append(i)
                if len(self._due) >= self._batch:
                    self._offer_more()
                return
        self._tried[i].add(s)
        self._waiting[i] -= 1
        if not self._waiting[i]:
            self._spent.append(i)

    def _best(self, rows: Rows) -> list[Offer]:
        """The most promising sessions of each leader, among those that nothing is known against."""
        promises = self._sieve.promises(rows)
        for r, i in enumerate(rows.tolist()):
            if i in self._tried:
                promises[r, list(self._tried[i])] = 0
        n = min(_OFFERS, promises.shape[1])
        columns = np.argpartition(-promises, n - 1, axis=1)[:, :n]
        values = np.take_along_axis(promises, columns, axis=1)
        r_idx, k_idx = np.nonzero(values > 0)
        leaders = rows[r_idx].tolist()
        for i in rows.tolist():
            self._waiting[i] = 0
        self._waiting.update(leaders)
        turns = [self._turn[i] for i in leaders]
        points = (-values[r_idx, k_idx]).tolist()
        return list(zip(points, leaders, columns[r_idx, k_idx].tolist(), turns, strict=True))
