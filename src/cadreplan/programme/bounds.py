"""Half days that nobody can teach in any programme: a flow from modules to lecturers and their days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ortools.graph.python import max_flow

from cadreplan.programme.problem import Occupancy, Problem

_PLENTY = 1 << 30

_SOURCE, _SINK = 0, 1

Lessons = Collection[tuple[int, int]]
"""Pairs of a session and a module."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Lecturers and days of lecturers that are too few: whoever needs them shares that many half days.

    `people` are lecturers whose `max_slots` are counted; `days` are (lecturer, day) of others, each counted
    as the half days of a day.
    """

    people: frozenset[int]
    days: frozenset[tuple[int, int]]

    def half_days(self, problem: Problem) -> int:
        """What these lecturers and days have to give in all."""
        most = (problem.instance.lecturers[k].max_slots for k in self.people)
        return sum(n for n in most if n is not None) + 2 * len(self.days)

    def need(self, problem: Problem, s: int, m: int) -> int:
        """Half days of a lesson that have to be taken from them: no programme has fewer."""
        days, left = problem.instance.sessions[s].days, problem.instance.modules[m].slots
        for k in problem.teachers[s][m]:
            if k in self.people:
                continue
            for day in days:
                if (k, day) not in self.days and problem.is_available(k, 2 * day):
                    left -= 2
                    if left <= 0:
                        return 0
        return left

    def shifted(self, problem: Problem, days: int) -> Bottleneck:
        """The same, that many days later, where the lecturers are available."""
        moved = ((k, day + days) for k, day in self.days)
        return Bottleneck(
            self.people, frozenset((k, day) for k, day in moved if problem.is_available(k, 2 * day))
        )


def least_unstaffed(problem: Problem, sessions: Iterable[int], taken: Occupancy) -> int:
    """A lower bound on the half days of `sessions` without a lecturer, next to what is already taken.

    Each module of a session sends its half days to the days of lecturers who may teach it, each lecturer has
    two free half days a day and what is left of `max_slots`. Which half day it is, journeys between sites and
    the order of modules are left out, so that no programme can have fewer.
    """
    return _Flow(problem, sessions, taken, ()).shortage


def shortage(problem: Problem, sessions: Iterable[int], waived: Lessons) -> tuple[int, Bottleneck]:
    """The same bound for `sessions` alone, `waived` lessons aside, and what there is too little of."""
    flow = _Flow(problem, sessions, Occupancy(problem, {}, ()), waived)
    return flow.shortage, flow.bottleneck()


class _Flow:
    """The maximum flow; its least cut (Ford and Fulkerson 1956) is the bottleneck."""

    def __init__(self, problem: Problem, sessions: Iterable[int], taken: Occupancy, waived: Lessons) -> None:
        self._flow = flow = max_flow.SimpleMaxFlow()
        self._days: dict[tuple[int, int], int] = {}
        self._people: dict[int, int] = {}
        self.shortage = 0
        nodes, wanted = 2, 0
        flow.add_arc_with_capacity(_SOURCE, _SINK, 0)
        for s in sessions:
            session = problem.instance.sessions[s]
            for m, n in problem.lessons(s):
                if (s, m) in waived:
                    continue
                lesson, nodes, wanted = nodes, nodes + 1, wanted + n
                flow.add_arc_with_capacity(_SOURCE, lesson, n)
                for k in problem.teachers[s][m]:
                    if k not in self._people:
                        self._people[k], nodes = nodes, nodes + 1
                        left = taken.left(k)
                        capacity = _PLENTY if left is None else max(0, left)
                        flow.add_arc_with_capacity(self._people[k], _SINK, capacity)
                    for day in session.days:
                        if not problem.is_available(k, 2 * day):
                            continue
                        if (k, day) not in self._days:
                            self._days[k, day], nodes = nodes, nodes + 1
                            free = sum(2 * day + half not in taken.at[k] for half in (0, 1))
                            flow.add_arc_with_capacity(self._days[k, day], self._people[k], free)
                        flow.add_arc_with_capacity(lesson, self._days[k, day], 2)
        if wanted and flow.solve(_SOURCE, _SINK) == flow.OPTIMAL:
            self.shortage = wanted - int(flow.optimal_flow())

    def bottleneck(self) -> Bottleneck:
        """Lecturers and their days on the source's side of the least cut."""
        if not self.shortage:
            return Bottleneck(frozenset(), frozenset())
        side = set(self._flow.get_source_side_min_cut())
        people = frozenset(k for k, node in self._people.items() if node in side)
        days = frozenset(key for key, node in self._days.items() if node in side and key[0] not in people)
        return Bottleneck(people, days)
