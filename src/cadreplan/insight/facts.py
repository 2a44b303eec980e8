"""The lines that a rotation adds to the history, and whether a history has them already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from cadreplan.documents.reading.history import Fact
from cadreplan.errors import UsageError
from cadreplan.insight.record import Record
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.plan import Plan


def fingerprint(plan: Plan) -> str:
    """Twelve digits that tell a plan from others: its roster, assignments and running sessions."""
    runs = [entry.id for entry in plan.sessions if entry.runs]
    said = [plan.roster.sha256, list(plan.roster.settings), list(plan.assignments), runs]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def facts_of(instance: Instance, plan: Plan, found: Record, rotation: str) -> list[Fact]:
    """The lines that a rotation adds to the history."""
    first, last = instance.date_of(0).isoformat(), instance.date_of(instance.n_days - 1).isoformat()
    facts = [Fact(rotation, first, "begins", plan=fingerprint(plan))]
    groups = {
        (leader, entry.id): number
        for entry in plan.sessions
        for number, group in enumerate(entry.groups, 1)
        for leader in group
    }
    for one in found.leaders:
        for attendance in one.seats:
            session = instance.sessions[attendance.seat.session]
            day = instance.date_of(session.last_day).isoformat()
            facts.append(Fact(rotation, day, attendance.seat.result, one.id, session.id))
            if attendance.seat.result != "absent" and (one.id, session.id) in groups:
                number = groups[one.id, session.id]
                facts.append(Fact(rotation, day, "grouped", one.id, session.id, after=number))
            facts += [
                Fact(
                    rotation,
                    x.day.isoformat(),
                    "hours",
                    one.id,
                    session.id,
                    before=None if x.is_end else 1,
                    after=x.hours,
                )
                for x in attendance.studied
            ]
            facts += [
                Fact(
                    rotation,
                    day,
                    "reached",
                    one.id,
                    session.id,
                    x.module,
                    x.skill,
                    x.before,
                    x.after,
                    x.taught,
                )
                for x in attendance.learnt
            ]
        for fact, gaps in (("closed", one.closed), ("open", one.open)):
            facts += [
                Fact(rotation, last, fact, one.id, skill=gap.skill, before=gap.held, after=gap.level)
                for gap in gaps
            ]
        before, after = one.priority
        if before != after:
            fact = "waited" if after > before else "served"
            facts.append(Fact(rotation, last, fact, one.id, before=before, after=after))
    facts.append(Fact(rotation, last, "ends", plan=fingerprint(plan)))
    return facts


def before(facts: Sequence[Fact], rotation: str) -> Sequence[Fact]:
    """The facts of the rotations before this one."""
    start = next((at for at, fact in enumerate(facts) if fact.rotation == rotation), len(facts))
    return facts[:start]


def is_new(history: Path, known: Sequence[Fact], facts: Sequence[Fact]) -> bool:
    """Whether a rotation isn't in the history; a `UsageError` where it is, with other facts."""
    rotation = facts[0].rotation
    same = [fact for fact in known if fact.rotation == rotation]
    if same == facts:
        return False
    plan = facts[0].plan
    twin = next((fact.rotation for fact in known if fact.plan == plan), None)
    if same and twin is None:
        raise UsageError(
            tr(
                "{file} has a rotation {name} of another plan already: name this one with --rotation",
                file=history,
                name=repr(rotation),
            )
        )
    if twin is not None:
        raise UsageError(
            tr(
                "{file} has this plan already, as {name} and with other facts: to correct it, take the lines"
                " of that rotation out first",
                file=history,
                name=repr(twin),
            )
        )
    return True
