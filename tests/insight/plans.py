"""Plan documents made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cadreplan.insight.reasons import open_gaps
from cadreplan.instance import Instance
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.solution import Solution
from cadreplan.verification.rules import check


def plan_of(
    assignments: Mapping[str, Sequence[str]],
    *,
    rooms: Mapping[str, str] | None = None,
    idle: Sequence[str] = (),
    open_gaps: Sequence[tuple[str, str]] = (),
    gaps: int = 0,
    bound: int = 100_000,
) -> Plan:
    """A plan with these assignments; every session in it runs, `idle` ones don't."""
    pairs = sorted((leader, s) for leader, sessions in assignments.items() for s in sessions)
    running = {s for _, s in pairs} | set(rooms or {})
    entries = [PlannedSession(s, True, (rooms or {}).get(s)) for s in running]
    entries += [PlannedSession(s, False) for s in idle]
    return Plan(
        RosterRef("roster.yaml", "0"),
        SolverInfo("exact", "feasible", gaps, bound, (bound - gaps) / bound, 1.0, 0, 1, "0"),
        Terms(gaps=gaps),
        tuple(pairs),
        tuple(sorted(entries, key=lambda entry: entry.id)),
        tuple(OpenGap(leader, skill, "seats", "full") for leader, skill in sorted(open_gaps)),
    )


def document(instance: Instance, solution: Solution) -> Plan:
    """The plan document of a solution."""
    terms = check(instance, solution).terms
    sessions = []
    for s, session in enumerate(instance.sessions):
        rooms = instance.sites[session.site].rooms
        room = rooms[solution.rooms[s]].id if rooms and s in solution.rooms else None
        sessions.append(PlannedSession(session.id, solution.runs(instance, s), room))
    worth = terms.total
    return Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "optimal", worth, worth, 0.0, 1.0, 0, 1, "0"),
        terms,
        tuple(
            sorted(
                (instance.leaders[i].id, instance.sessions[s].id)
                for i, chosen in enumerate(solution.chosen)
                for s in chosen
            )
        ),
        tuple(sorted(sessions, key=lambda entry: entry.id)),
        open_gaps(instance, solution),
    )
