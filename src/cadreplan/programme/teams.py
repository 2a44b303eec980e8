"""Who comes to which session, without the half days: a small model with a strong bound.

Journeys and load depend on who teaches how much of each module, hardly on when. The half days are what makes
a programme's model large and its bound weak; without them it is solved in a moment. Its bound holds for
every programme, and its answer tells the first draft whom to take. Many sessions get a simpler bound: the
fewest travellers of each, and the half days that don't fit into fair shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from ortools.graph.python import max_flow
from ortools.sat.python import cp_model

from cadreplan.programme.problem import Occupancy, Problem

MOST_SHARES = 4_000
"""Pairs of a session's module and a lecturer; above, the bound is the simpler one, and no teams are found."""

_MOST_MODULES = 12
"""Of a session; above, only one of its travellers is counted."""

Team = dict[int, int]
"""Lecturer → half days."""


@dataclass(frozen=True, slots=True)
class Teams:
    """`burden`: journeys and overload that no programme avoids which leaves as few half days unstaffed.

    `of` holds the team of each (session, module), for a draft to begin from.
    """

    burden: int = 0
    of: dict[tuple[int, int], Team] = field(default_factory=dict)


def teams(
    problem: Problem, sessions: Sequence[int], taken: Occupancy, unstaffed: int, work: float, seed: int
) -> Teams:
    """The lightest teams for `sessions` next to what is taken, with at most `unstaffed` half days left over.

    `work` in deterministic seconds of CP-SAT, on one worker.
    """
    simple = sum(_journeys(problem, s) for s in sessions) + _overload(problem, sessions, taken)
    # a half day without a lecturer may save one journey and one half day above the fair share
    known = max(0, simple - 2 * unstaffed)
    if sum(len(of) for s in sessions for of in problem.teachers[s].values()) > MOST_SHARES:
        return Teams(known)
    cp = cp_model.CpModel()
    shares: dict[tuple[int, int, int], cp_model.IntVar] = {}
    nobody: list[cp_model.IntVar] = []
    journeys: list[cp_model.IntVar] = []
    loads: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    lecturers = problem.instance.lecturers
    for s in sessions:
        here: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        comes: dict[int, cp_model.IntVar] = {}
        for m, n in problem.lessons(s):
            left = cp.new_int_var(0, n, "")
            nobody.append(left)
            team = [left]
            for k in problem.teachers[s][m]:
                share = shares[s, m, k] = cp.new_int_var(0, n, "")
                team.append(share)
                here[k].append(share)
                if lecturers[k].site is None:
                    if k not in comes:
                        comes[k] = cp.new_bool_var("")
                    cp.add(share <= n * comes[k])
            cp.add(sum(team) == n)
        journeys += comes.values()
        for k, own in here.items():
            loads[k] += own
            free = sum(t not in taken.at[k] and problem.is_available(k, t) for t in problem.slots[s])
            cp.add(sum(own) <= free)
    overload = []
    for k, own in sorted(loads.items()):
        left_over = taken.left(k)
        if left_over is not None:
            cp.add(sum(own) <= max(0, left_over))
        over = cp.new_int_var(0, sum(n for s in sessions for _, n in problem.lessons(s)), "")
        cp.add(sum(own) <= max(0, problem.fair - taken.load(k)) + over)
        overload.append(over)
    cp.add(sum(nobody) <= unstaffed)
    cp.minimize(sum(journeys) + sum(overload))
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = work
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Teams(known)
    found: dict[tuple[int, int], Team] = defaultdict(dict)
    for (s, m, k), share in shares.items():
        if (n := solver.value(share)) > 0:
            found[s, m][k] = n
    return Teams(max(known, ceil(solver.best_objective_bound - 1e-6)), dict(found))


def _journeys(problem: Problem, s: int) -> int:
    """The fewest lecturers who have to travel to a session: those of its site may teach what they can."""
    lecturers = problem.instance.lecturers
    left = [
        teachers
        for teachers in problem.teachers[s].values()
        if teachers and all(lecturers[k].site is None for k in teachers)
    ]
    if len(left) > _MOST_MODULES:
        return 1
    masks: dict[int, int] = {}
    for bit, teachers in enumerate(left):
        for k in teachers:
            masks[k] = masks.get(k, 0) | 1 << bit
    useful = set(masks.values())
    useful = {mask for mask in useful if not any(mask != other and mask & ~other == 0 for other in useful)}
    covered, everything, travelling = {0}, (1 << len(left)) - 1, 0
    while everything not in covered:
        covered = {mask | more for mask in covered for more in useful}
        travelling += 1
    return travelling


def _overload(problem: Problem, sessions: Iterable[int], taken: Occupancy) -> int:
    """Half days that don't fit into fair shares, whoever takes them."""
    flow = max_flow.SimpleMaxFlow()
    source, sink, nodes, wanted = 0, 1, 2, 0
    people: dict[int, int] = {}
    for s in sessions:
        for m, n in problem.lessons(s):
            if not problem.teachers[s][m]:
                continue
            lesson, nodes, wanted = nodes, nodes + 1, wanted + n
            flow.add_arc_with_capacity(source, lesson, n)
            for k in problem.teachers[s][m]:
                if k not in people:
                    people[k], nodes = nodes, nodes + 1
                    spare = max(0, problem.fair - taken.load(k))
                    left = taken.left(k)
                    room = spare if left is None else max(0, min(spare, left))
                    flow.add_arc_with_capacity(people[k], sink, room)
                flow.add_arc_with_capacity(lesson, people[k], n)
    if not wanted or flow.solve(source, sink) != flow.OPTIMAL:
        return 0
    return wanted - int(flow.optimal_flow())
