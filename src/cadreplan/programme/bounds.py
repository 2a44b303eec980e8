"""Half days that nobody can teach in any programme: a flow from modules to lecturers and their days."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ortools.graph.python import max_flow

from cadreplan.programme.problem import Occupancy, Problem

_PLENTY = 1 << 30

_SOURCE, _SINK = 0, 1


def least_unstaffed(problem: Problem, sessions: Iterable[int], taken: Occupancy) -> int:
    """A lower bound on the half days of `sessions` without a lecturer, next to what is already taken.

    Each module of a session sends its half days to the days of lecturers who may teach it, each lecturer has
    two free half days a day and what is left of `max_slots`. Which half day it is, journeys between sites and
    the order of modules are left out, so that no programme can have fewer.
    """
    return _Flow(problem, sessions, taken, ()).shortage


def shortage(
    problem: Problem, sessions: Iterable[int], waived: Collection[tuple[int, int]]
) -> tuple[int, frozenset[int]]:
    """(the same bound for `sessions` alone, a few of them that have this shortage among themselves).

    `waived` are the pairs of a session and a module that needn't be taught.
    """
    nobody_taken = Occupancy(problem, {}, ())
    flow = _Flow(problem, sessions, nobody_taken, waived)
    return flow.shortage, flow.short_of() if flow.shortage else frozenset()


class _Flow:
    """The maximum flow; by its least cut (Ford and Fulkerson 1956) it knows who is short."""

    def __init__(
        self,
        problem: Problem,
        sessions: Iterable[int],
        taken: Occupancy,
        waived: Collection[tuple[int, int]],
    ) -> None:
        self._flow = flow = max_flow.SimpleMaxFlow()
        self._lessons: dict[int, int] = {}
        self.shortage = 0
        nodes = 2
        days: dict[tuple[int, int], int] = {}
        people: dict[int, int] = {}
        wanted = 0
        flow.add_arc_with_capacity(_SOURCE, _SINK, 0)
        for s in sessions:
            session = problem.instance.sessions[s]
            for m, n in problem.lessons(s):
                if (s, m) in waived:
                    continue
                lesson = nodes
                self._lessons[lesson] = s
                nodes += 1
                wanted += n
                flow.add_arc_with_capacity(_SOURCE, lesson, n)
                for k in problem.teachers[s][m]:
                    if k not in people:
                        people[k] = nodes
                        nodes += 1
                        left = taken.left(k)
                        capacity = _PLENTY if left is None else max(0, left)
                        flow.add_arc_with_capacity(people[k], _SINK, capacity)
                    for day in session.days:
                        if not problem.is_available(k, 2 * day):
                            continue
                        if (k, day) not in days:
                            days[k, day] = nodes
                            nodes += 1
                            free = sum(2 * day + half not in taken.at[k] for half in (0, 1))
                            flow.add_arc_with_capacity(days[k, day], people[k], free)
                        flow.add_arc_with_capacity(lesson, days[k, day], 2)
        if wanted and flow.solve(_SOURCE, _SINK) == flow.OPTIMAL:
            self.shortage = wanted - int(flow.optimal_flow())

    def short_of(self) -> frozenset[int]:
        """The sessions on the source's side of a least cut."""
        return frozenset(
            self._lessons[node] for node in self._flow.get_source_side_min_cut() if node in self._lessons
        )
