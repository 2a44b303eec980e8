"""`check` for a plan document: what its ids stand for, its half days, and what it states of itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace

from cadreplan.goals import GroupGoals
from cadreplan.instance import Instance
from cadreplan.language import listed, tr
from cadreplan.plan import Plan, ProgrammeInfo, Terms, relative_gap
from cadreplan.solution import Solution
from cadreplan.verification import groups as check_groups
from cadreplan.verification import programmes
from cadreplan.verification.layout import closed_by
from cadreplan.verification.reasons import wrong_reasons
from cadreplan.verification.report import Report, Violation
from cadreplan.verification.rules import check


def check_plan(instance: Instance, plan: Plan) -> Report:
    """`check` for a plan document: its ids are resolved, its own statements compared with the facts."""
    solution, references = resolve(instance, plan)
    report = check(instance, solution)
    groups, least = _groups(instance, plan, solution)
    violations = [
        *references,
        *report.violations,
        *_programme(instance, plan, solution),
        *groups,
        *_statements(instance, plan, report.terms, solution),
        *_guarantee_statements(instance, plan, report.left_out),
    ]
    wrong, right = wrong_reasons(instance, plan, solution)
    violations += [Violation("statement", *found) for found in wrong]
    return replace(report, violations=tuple(violations), groups=least, reasons=right)


def resolve(instance: Instance, plan: Plan) -> tuple[Solution, list[Violation]]:
    """The solution a plan document describes; names that the instance does not have become violations."""
    chosen, unknown = _assigned(instance, plan)
    running: set[int] = set()
    rooms: dict[int, int] = {}
    times: Counter[str] = Counter(entry.id for entry in plan.sessions)
    unknown += [
        Violation("reference", id_, tr("listed {n} times", n=n)) for id_, n in sorted(times.items()) if n > 1
    ]
    for entry in plan.sessions:
        s = instance.session_by_id.get(entry.id)
        if s is None:
            message = tr("listed, but there is no such session")
            unknown.append(Violation("reference", entry.id, message))
            continue
        session = instance.sessions[s]
        if entry.runs and session.candidate:
            running.add(s)
        if not entry.runs and not session.candidate:
            message = tr("stated not to run, but confirmed sessions always run")
            unknown.append(Violation("statement", entry.id, message))
        if entry.room is not None:
            by_id = {room.id: r for r, room in enumerate(instance.sites[session.site].rooms or ())}
            if entry.room in by_id:
                rooms[s] = by_id[entry.room]
            elif not session.frozen:  # that was in its room, whatever the site has now
                message = tr("is in room {room}, which its site does not have", room=entry.room)
                unknown.append(Violation("reference", entry.id, message))
    return Solution(tuple(tuple(sorted(c)) for c in chosen), frozenset(running), rooms), unknown


def _assigned(instance: Instance, plan: Plan) -> tuple[list[set[int]], list[Violation]]:
    """Sessions by leader, and what is wrong with the assignments."""
    unknown: list[Violation] = []
    chosen: list[set[int]] = [set() for _ in instance.leaders]
    for leader_id, session_id in plan.assignments:
        i, s = instance.leader_by_id.get(leader_id), instance.session_by_id.get(session_id)
        if i is None:
            message = tr("assigned, but the roster has no such leader")
            unknown.append(Violation("reference", leader_id, message))
        elif s is None:
            message = tr("assigned to {leader}, but there is no such session", leader=leader_id)
            unknown.append(Violation("reference", session_id, message))
        elif s in chosen[i]:
            message = tr("assigned to {session} more than once", session=session_id)
            unknown.append(Violation("reference", leader_id, message))
        else:
            chosen[i].add(s)
    return chosen, unknown


# --- half days (programme.md, "What it keeps to") ---------------------------------------------------------


def _programme(instance: Instance, plan: Plan, solution: Solution) -> Iterator[Violation]:
    """A plan without any programme keeps these rules; one with a programme has it for all that is attended.

    A session that runs without anybody in it may have none.
    """
    by_id = {entry.id: entry for entry in plan.sessions}
    if plan.programme is None and not any(entry.programme for entry in plan.sessions):
        return
    running = {s for s in range(len(instance.sessions)) if solution.runs(instance, s)}
    for s, session in enumerate(instance.sessions):
        if s not in running and session.id in by_id and by_id[session.id].programme:
            yield Violation("programme", session.id, tr("does not run, but has a programme"))
    attended = {s for chosen in solution.chosen for s in chosen}
    half_days = {
        s: held
        for s in running
        if (held := by_id[id_].programme if (id_ := instance.sessions[s].id) in by_id else ())
        or s in attended
    }
    yield from (Violation("programme", *found) for found in programmes.broken(instance, half_days))
    if plan.programme is None:
        yield Violation("statement", "programme", tr("half days are listed, but not what they are like"))
    else:
        wrong = programmes.wrong_statements(instance, half_days, plan.programme)
        yield from (Violation("statement", *found) for found in wrong)
        yield from _limits(instance, plan.programme, running, plan.solver.objective)


def _limits(
    instance: Instance, info: ProgrammeInfo, running: set[int], objective: int
) -> Iterator[Violation]:
    """What is stated of candidates that are staffed together: the plan keeps to it itself."""
    for limit in info.limits:
        members = {id_: instance.session_by_id.get(id_) for id_ in limit.half_days}
        unknown = [id_ for id_, s in members.items() if s is None or not instance.sessions[s].candidate]
        need = sum(limit.half_days[id_] for id_, s in members.items() if s in running)
        if unknown:
            message = tr("limits {session}, which is no candidate of the roster", session=unknown[0])
            yield Violation("statement", "programme", message)
        elif need > limit.most:
            message = tr(
                "states that at most {most} half days of {sessions} can be staffed",
                most=limit.most,
                sessions=listed(sorted(id_ for id_, s in members.items() if s in running)),
            )
            yield Violation("statement", "programme", message)
    if info.ceiling is not None and info.ceiling < objective:
        message = tr(
            "ceiling {ceiling} is below the plan's own {objective}",
            ceiling=info.ceiling,
            objective=objective,
        )
        yield Violation("statement", "programme", message)


# --- discussion groups ----------------------------------------------------------------------------------


def _groups(instance: Instance, plan: Plan, solution: Solution) -> tuple[list[Violation], GroupGoals | None]:
    """What is wrong with the groups of attended sessions, and what none can be better than."""
    attending: dict[int, list[int]] = defaultdict(list)
    for i, chosen in enumerate(solution.chosen):
        for s in chosen:
            if not instance.sessions[s].frozen:
                attending[s].append(i)
    by_id = {entry.id: entry.groups for entry in plan.sessions}
    wrong = []
    for s, session in enumerate(instance.sessions):
        has = session.groups is not None and s in attending
        if not has and not session.frozen and by_id.get(session.id):
            message = tr("has groups, but nobody attends it, or the roster asks for none")
            wrong.append(Violation("groups", session.id, message))
    entries = {
        s: by_id.get(instance.sessions[s].id, ())
        for s in attending
        if instance.sessions[s].groups is not None
    }
    if not entries:
        return wrong, None
    wrong += [Violation("groups", *found) for found in check_groups.broken(instance, entries, attending)]
    if plan.grouping is None:
        message = tr("sessions have groups, but the plan doesn't say what they are like")
        return [*wrong, Violation("statement", "grouping", message)], None
    true = check_groups.goals(instance, entries, attending)
    least = check_groups.closed_form(instance, entries, attending)
    stated = check_groups.wrong_statements(plan.grouping, true, least)
    return [*wrong, *(Violation("statement", *found) for found in stated)], least


# --- a plan's own statements ----------------------------------------------------------------------------


def _statements(instance: Instance, plan: Plan, terms: Terms, solution: Solution) -> Iterator[Violation]:
    for f in fields(Terms):
        stated, true = getattr(plan.terms, f.name), getattr(terms, f.name)
        if stated != true:
            message = tr("stated as {stated} points, recomputed {true}", stated=stated, true=true)
            yield Violation("statement", f.name, message)
    solver = plan.solver
    if solver.objective != terms.total:
        message = tr("stated as {stated}, recomputed {true}", stated=solver.objective, true=terms.total)
        yield Violation("statement", "objective", message)
    if solver.bound < terms.total:
        message = tr("{bound} is below the plan's own worth {worth}", bound=solver.bound, worth=terms.total)
        yield Violation("statement", "bound", message)
    yield from _kept_statements(plan)
    proven = plan.guarantee is None or plan.guarantee.proven
    if (solver.status == "optimal") != (proven and solver.bound == solver.objective):
        message = tr(
            "{status}, with bound {bound} and objective {objective}",
            status=solver.status,
            bound=solver.bound,
            objective=solver.objective,
        )
        yield Violation("statement", "status", message)
    true_gap = relative_gap(solver.objective, solver.bound)
    if abs(solver.gap - true_gap) > 1e-9:
        message = tr("stated as {stated}, recomputed {true}", stated=solver.gap, true=true_gap)
        yield Violation("statement", "gap", message)
    missing = set(instance.session_by_id) - {entry.id for entry in plan.sessions}
    if missing:
        message = tr("{n} session(s) of the roster are not listed in the plan", n=len(missing))
        yield Violation("statement", min(missing), message)
    yield from _gap_statements(instance, plan, solution)


def _guarantee_statements(instance: Instance, plan: Plan, left_out: int | None) -> Iterator[Violation]:
    """What is stated of those who have waited long."""
    stated, waited = plan.guarantee, instance.policy.guarantee
    if stated is None or waited is None:
        if waited is not None:
            message = tr(
                "the policy guarantees seats to who waited {n} rotations; nothing is stated", n=waited
            )
            yield Violation("statement", "guarantee", message)
        elif stated is not None:
            yield Violation("statement", "guarantee", tr("stated, but the policy guarantees nothing"))
        return
    if stated.waited != waited:
        message = tr("stated as {stated} rotations, the policy has {true}", stated=stated.waited, true=waited)
        yield Violation("statement", "guarantee", message)
    if stated.left_out != left_out:
        message = tr("{stated} stated as left out, recounted {true}", stated=stated.left_out, true=left_out)
        yield Violation("statement", "guarantee", message)
    if stated.least > stated.left_out:
        message = tr(
            "{left_out} left out, fewer than the least of {least}",
            left_out=stated.left_out,
            least=stated.least,
        )
        yield Violation("statement", "guarantee", message)
    known = max(plan.solver.objective, plan.solver.objective if stated.without is None else stated.without)
    if stated.without_bound is not None and stated.without_bound < known:
        message = tr(
            "bound {bound} without the guarantee is below a plan worth {worth}",
            bound=stated.without_bound,
            worth=known,
        )
        yield Violation("statement", "guarantee", message)


def _kept_statements(plan: Plan) -> Iterator[Violation]:
    """What is stated of changes agrees with itself; `after` knows the plan before."""
    kept, info = plan.kept, plan.programme
    if info is not None:
        changed = 0 if kept is None else kept.half_days + kept.lecturers
        least = 0 if kept is None else kept.least
        if info.goals.differing != changed or (
            info.bound[0] == info.goals.unstaffed and info.bound[1] > least
        ):
            message = tr(
                "{n} half days and lecturers differ, but {stated} are stated to change",
                n=info.goals.differing,
                stated=changed,
            )
            yield Violation("statement", "kept", message)
    moved = 0 if plan.grouping is None else plan.grouping.goals.moved
    if moved != (0 if kept is None else kept.people):
        message = tr(
            "{n} people are in another group, but {stated} are stated to change theirs",
            n=moved,
            stated=0 if kept is None else kept.people,
        )
        yield Violation("statement", "kept", message)
    if kept is not None and (kept.least > kept.half_days + kept.lecturers or kept.least_rooms > kept.rooms):
        message = tr("fewer changes than the stated bound: {kept}", kept=kept)
        yield Violation("statement", "kept", message)


def _gap_statements(instance: Instance, plan: Plan, solution: Solution) -> Iterator[Violation]:
    really_open = {
        (leader.id, instance.skills[gap.skill].id)
        for i, leader in enumerate(instance.leaders)
        for g, gap in enumerate(leader.gaps)
        if not any(g in closed_by(instance, leader, s) for s in solution.chosen[i])
    }
    stated = Counter((gap.leader, gap.skill) for gap in plan.open_gaps)
    for leader_id, skill_id in sorted(stated.keys() - really_open):
        message = tr("skill gap {skill} is listed as open, but it is not", skill=skill_id)
        yield Violation("statement", leader_id, message)
    for (leader_id, skill_id), n in sorted(stated.items()):
        if n > 1:
            message = tr("skill gap {skill} is listed as open {n} times", skill=skill_id, n=n)
            yield Violation("statement", leader_id, message)
    for leader_id, skill_id in sorted(really_open - stated.keys()):
        message = tr("skill gap {skill} is open, but not listed", skill=skill_id)
        yield Violation("statement", leader_id, message)
