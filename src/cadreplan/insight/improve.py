"""Adding to a plan whatever is worth adding, one assignment at a time."""

from __future__ import annotations

import heapq

from cadreplan.insight.obstacles import first_obstacle
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.solution import Solution


def improve(instance: Instance, solution: Solution) -> Solution:
    """`solution` with the best single assignment added, again and again, until none is worth anything.

    Keeps all rules if `solution` does; deterministic. Leaders with the largest gain go first.
    """
    state = Standing(instance, solution)
    queue: list[tuple[int, int, int]] = []
    for i in range(len(instance.leaders)):
        for s in _useful(state, i):
            _offer(state, queue, i, s)
    heapq.heapify(queue)
    while queue:
        stated, i, s = heapq.heappop(queue)
        if s in state.chosen[i] or _is_full(state, i, s) or first_obstacle(state, i, s):
            continue
        gain = state.gain(i, s)
        if gain < -stated:  # less than when it was offered: others may come first now
            heapq.heappush(queue, (-gain, i, s))
            continue
        state.add(i, s)
        for t in _useful(state, i):
            again: list[tuple[int, int, int]] = []
            _offer(state, again, i, t)
            for entry in again:
                heapq.heappush(queue, entry)
    return state.solution()


def _useful(state: Standing, i: int) -> list[int]:
    """Sessions that close any skill gap of the leader and are not attended yet."""
    leader = state.instance.leaders[i]
    found: set[int] = set()
    for gap in leader.gaps:
        found.update(state.closers(gap.skill, gap.level))
    return sorted(found.difference(state.chosen[i]))


def _offer(state: Standing, queue: list[tuple[int, int, int]], i: int, s: int) -> None:
    if not _is_full(state, i, s) and not first_obstacle(state, i, s):
        queue.append((-state.gain(i, s), i, s))


def _is_full(state: Standing, i: int, s: int) -> bool:
    """The quickest test, which rules out most of what a good plan leaves."""
    return not state.runs(s) or state.people[s] + state.instance.leaders[i].headcount > state.capacity[s]
