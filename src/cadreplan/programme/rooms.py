"""Rooms as in the plan before: the fewest sessions that move to another one, people and sessions staying."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from math import ceil

from cadreplan.instance import Instance
from cadreplan.solution import Solution

_WORK = 5.0
"""Deterministic seconds of CP-SAT a site."""


def as_before(
    instance: Instance, solution: Solution, wanted: Mapping[int, int]
) -> tuple[dict[int, int], int, int]:
    """The rooms of `solution` changed so that as few of `wanted`, session → room, are missed as can be.

    With them how many are missed, and how many are in any choice of rooms, proven.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 (heavy, and a plan is to be had without it)

    people = Counter(
        s
        for leader, chosen in zip(instance.leaders, solution.chosen, strict=True)
        for s in chosen
        for _ in range(leader.headcount)
    )
    by_site: dict[int, list[int]] = defaultdict(list)
    for s in solution.rooms:
        by_site[instance.sessions[s].site].append(s)
    rooms, missed, least = dict(solution.rooms), 0, 0
    for site, sessions in sorted(by_site.items()):
        wished = {s: wanted[s] for s in sessions if s in wanted}
        now = sum(rooms[s] != r for s, r in wished.items())
        if not now:
            continue
        model = cp_model.CpModel()
        take: dict[tuple[int, int], cp_model.IntVar] = {}
        busy: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for s in sorted(sessions):
            session = instance.sessions[s]
            for r, room in enumerate(instance.sites[site].rooms or ()):
                if r == rooms[s] or (not session.frozen and people[s] <= room.seats):
                    var = take[s, r] = model.new_bool_var("")
                    model.add_hint(var, r == rooms[s])
                    for day in session.days:
                        busy[r, day].append(var)
            model.add_exactly_one([var for (t, _), var in take.items() if t == s])
        for at_once in busy.values():
            model.add_at_most_one(at_once)
        model.maximize(sum(take[s, r] for s, r in wished.items() if (s, r) in take))
        solver = cp_model.CpSolver()
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = _WORK
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            rooms.update((s, r) for (s, r), var in take.items() if solver.boolean_value(var))
            least += max(0, ceil(len(wished) - solver.best_objective_bound - 1e-6))
        missed += sum(rooms[s] != r for s, r in wished.items())
    return rooms, missed, least
