"""Half days that nobody can teach in any programme: a flow from modules to lecturers and their days."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.graph.python import max_flow

from cadreplan.programme.problem import Occupancy, Problem

_PLENTY = 1 << 30


def least_unstaffed(problem: Problem, sessions: Iterable[int], taken: Occupancy) -> int:
    """A lower bound on the half days of `sessions` without a lecturer, next to what is already taken.

    Each module of a session sends its half days to the days of lecturers who may teach it, each lecturer has
    two free half days a day and what is left of `max_slots`. Which half day it is, journeys between sites and
    the order of modules are left out, so that no programme can have fewer.
    """
    flow = max_flow.SimpleMaxFlow()
    source, sink = 0, 1
    nodes = 2
    days: dict[tuple[int, int], int] = {}
    people: dict[int, int] = {}
    wanted = 0
    for s in sessions:
        session = problem.instance.sessions[s]
        for m, n in problem.lessons(s):
            lesson = nodes
            nodes += 1
            wanted += n
            flow.add_arc_with_capacity(source, lesson, n)
            for k in problem.teachers[s][m]:
                if k not in people:
                    people[k] = nodes
                    nodes += 1
                    left = taken.left(k)
                    flow.add_arc_with_capacity(people[k], sink, _PLENTY if left is None else max(0, left))
                for day in session.days:
                    if not problem.is_available(k, 2 * day):
                        continue
                    if (k, day) not in days:
                        days[k, day] = nodes
                        nodes += 1
                        free = sum(2 * day + half not in taken.at[k] for half in (0, 1))
                        flow.add_arc_with_capacity(days[k, day], people[k], free)
                    flow.add_arc_with_capacity(lesson, days[k, day], 2)
    if not wanted or nodes == 2:
        return 0
    flow.add_arc_with_capacity(source, sink, 0)
    if flow.solve(source, sink) != flow.OPTIMAL:
        return 0
    return wanted - int(flow.optimal_flow())
