"""`check` for a plan document: what its ids stand for, its half days, and what it states of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from cadreplan import check_programme
from cadreplan.check import Report, Violation, check, closed_by
from cadreplan.instance import Instance
from cadreplan.plan import Plan, Terms, relative_gap
from cadreplan.solution import Solution


def check_plan(instance: Instance, plan: Plan) -> Report:
    """`check` for a plan document: its ids are resolved, its own statements compared with the facts."""
    solution, references = resolve(instance, plan)
    report = check(instance, solution)
    violations = [
        *references,
        *report.violations,
        *_programme(instance, plan, solution),
        *_statements(instance, plan, report.terms, solution),
    ]
    return Report(tuple(violations), report.terms)


def resolve(instance: Instance, plan: Plan) -> tuple[Solution, list[Violation]]:
    """The solution a plan document describes; names that the instance does not have become violations."""
    unknown: list[Violation] = []
    chosen: list[set[int]] = [set() for _ in instance.leaders]
    for leader_id, session_id in plan.assignments:
        i, s = instance.leader_by_id.get(leader_id), instance.session_by_id.get(session_id)
        if i is None:
            unknown.append(Violation("reference", leader_id, "assigned, but the roster has no such leader"))
        elif s is None:
            unknown.append(
                Violation("reference", session_id, f"assigned to {leader_id}, but there is no such session")
            )
        elif s in chosen[i]:
            unknown.append(Violation("reference", leader_id, f"assigned to {session_id} more than once"))
        else:
            chosen[i].add(s)
    running: set[int] = set()
    rooms: dict[int, int] = {}
    listed: Counter[str] = Counter(entry.id for entry in plan.sessions)
    unknown += [
        Violation("reference", id_, f"listed {n} times") for id_, n in sorted(listed.items()) if n > 1
    ]
    for entry in plan.sessions:
        s = instance.session_by_id.get(entry.id)
        if s is None:
            unknown.append(Violation("reference", entry.id, "listed, but there is no such session"))
            continue
        session = instance.sessions[s]
        if entry.runs and session.candidate:
            running.add(s)
        if not entry.runs and not session.candidate:
            unknown.append(
                Violation("statement", entry.id, "stated not to run, but confirmed sessions always run")
            )
        if entry.room is not None:
            by_id = {room.id: r for r, room in enumerate(instance.sites[session.site].rooms or ())}
            if entry.room not in by_id:
                unknown.append(
                    Violation("reference", entry.id, f"is in room {entry.room}, which its site does not have")
                )
            else:
                rooms[s] = by_id[entry.room]
    return Solution(tuple(tuple(sorted(c)) for c in chosen), frozenset(running), rooms), unknown


# --- half days (format.md, section 5) ---------------------------------------------------------------------


def _programme(instance: Instance, plan: Plan, solution: Solution) -> Iterator[Violation]:
    """A plan without any programme keeps these rules; one with a programme has it for all that runs."""
    listed = {entry.id: entry for entry in plan.sessions}
    if plan.programme is None and not any(entry.programme for entry in plan.sessions):
        return
    running = {s for s in range(len(instance.sessions)) if solution.runs(instance, s)}
    for s, session in enumerate(instance.sessions):
        if s not in running and session.id in listed and listed[session.id].programme:
            yield Violation("programme", session.id, "does not run, but has a programme")
    half_days = {
        s: listed[id_].programme if (id_ := instance.sessions[s].id) in listed else () for s in running
    }
    yield from (Violation("programme", *found) for found in check_programme.broken(instance, half_days))
    if plan.programme is None:
        yield Violation("statement", "programme", "half days are listed, but not what they are like")
    else:
        wrong = check_programme.wrong_statements(instance, half_days, plan.programme)
        yield from (Violation("statement", *found) for found in wrong)


# --- a plan's own statements ----------------------------------------------------------------------------


def _statements(instance: Instance, plan: Plan, terms: Terms, solution: Solution) -> Iterator[Violation]:
    for f in fields(Terms):
        stated, true = getattr(plan.terms, f.name), getattr(terms, f.name)
        if stated != true:
            yield Violation("statement", f.name, f"stated as {stated} points, recomputed {true}")
    solver = plan.solver
    if solver.objective != terms.total:
        yield Violation("statement", "objective", f"stated as {solver.objective}, recomputed {terms.total}")
    if solver.bound < terms.total:
        yield Violation("statement", "bound", f"{solver.bound} is below the plan's own worth {terms.total}")
    if (solver.status == "optimal") != (solver.bound == solver.objective):
        yield Violation(
            "statement",
            "status",
            f"{solver.status}, with bound {solver.bound} and objective {solver.objective}",
        )
    if abs(solver.gap - relative_gap(solver.objective, solver.bound)) > 1e-9:
        yield Violation(
            "statement",
            "gap",
            f"stated as {solver.gap}, recomputed {relative_gap(solver.objective, solver.bound)}",
        )
    missing = set(instance.session_by_id) - {entry.id for entry in plan.sessions}
    if missing:
        yield Violation(
            "statement", min(missing), f"{len(missing)} session(s) of the roster are not listed in the plan"
        )
    yield from _gap_statements(instance, plan, solution)


def _gap_statements(instance: Instance, plan: Plan, solution: Solution) -> Iterator[Violation]:
    really_open = {
        (leader.id, instance.skills[gap.skill].id)
        for i, leader in enumerate(instance.leaders)
        for g, gap in enumerate(leader.gaps)
        if not any(g in closed_by(instance, leader, s) for s in solution.chosen[i])
    }
    stated = Counter((gap.leader, gap.skill) for gap in plan.open_gaps)
    for leader_id, skill_id in sorted(stated.keys() - really_open):
        yield Violation("statement", leader_id, f"skill gap {skill_id} is listed as open, but it is not")
    for (leader_id, skill_id), n in sorted(stated.items()):
        if n > 1:
            yield Violation("statement", leader_id, f"skill gap {skill_id} is listed as open {n} times")
    for leader_id, skill_id in sorted(really_open - stated.keys()):
        yield Violation("statement", leader_id, f"skill gap {skill_id} is open, but not listed")
