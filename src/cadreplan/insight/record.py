"""What came of a rotation: who reached which level, whose skill gaps are closed, who waited.

Whoever has skill gaps and had no seat in a session that was held *waited*: their priority rises by a step.
Who closes a skill gap is *served*: what their priority had risen by is taken back.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cadreplan.documents.changes import LeaderChange
from cadreplan.documents.findings import Findings
from cadreplan.documents.history import Fact
from cadreplan.documents.model import RosterDocument
from cadreplan.documents.results import ResultRow
from cadreplan.documents.table_spec import LeaderSpec
from cadreplan.insight.seats import SeatResult, seats_of
from cadreplan.instance import Instance, Leader
from cadreplan.plan import Plan

Others = Literal["absent", "attended"]


@dataclass(frozen=True, slots=True)
class RecordRules:
    """`others`: what a planned person without a row was; `walk_ins`: rows of people without a seat count.

    `step` is added to the priority of who waited, up to `most`.
    """

    others: Others = "absent"
    walk_ins: bool = False
    step: int = 1
    most: int = 5


@dataclass(frozen=True, slots=True)
class Learnt:
    """A skill of a leader before and after a module that teaches it to `taught`."""

    module: str
    skill: str
    before: int
    after: int
    taught: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """What came of a seat; `learnt` is empty for who was absent."""

    seat: SeatResult
    learnt: tuple[Learnt, ...]


@dataclass(frozen=True, slots=True)
class SkillGapRecord:
    """A skill gap of a leader: from the level held (before the rotation if it closed it) to that needed."""

    skill: str
    held: int
    level: int


@dataclass(frozen=True, slots=True)
class LeaderRecord:
    """What a rotation came to for one leader; `priority` is before and after."""

    id: str
    seats: tuple[Attendance, ...]
    closed: tuple[SkillGapRecord, ...]
    open: tuple[SkillGapRecord, ...]
    priority: tuple[int, int]
    change: LeaderChange


@dataclass(frozen=True, slots=True)
class Record:
    """What a rotation came to; `leaders` are those with a seat or a skill gap, in the order of the roster.

    `unheard` are sessions with people but without a row: they count as not held. `assumed` counts the seats
    without a row in the others.
    """

    leaders: tuple[LeaderRecord, ...]
    unheard: tuple[str, ...]
    assumed: int

    @property
    def changes(self) -> dict[str, LeaderChange]:
        """What becomes different in the rows of the roster, by the leader's id."""
        return {one.id: one.change for one in self.leaders if not one.change.is_empty}


def record(
    instance: Instance,
    plan: Plan,
    roster: RosterDocument,
    rows: Sequence[ResultRow],
    rules: RecordRules,
    past: Iterable[Fact],
    findings: Findings,
) -> Record:
    """What a plan's rotation came to, by the rows of its results.

    `roster` is the roster of `instance` as it is written; who has left it has no row there, but what they
    attended is in the record. `past` are the facts of the rotations before.
    Rows that can't be are findings: nothing is to be done with the record then.
    """
    held = seats_of(instance, plan, rows, rules.others, rules.walk_ins, findings)
    by_leader: defaultdict[int, list[SeatResult]] = defaultdict(list)
    for seat in held.seats:
        by_leader[seat.leader].append(seat)
    raised = _raised(past)
    found = []
    for i, leader in enumerate(instance.leaders):
        spec = roster.leaders.spec(leader.id)
        if spec is None and leader.left:
            spec = LeaderSpec(id=leader.id, branch=instance.branches[leader.branch].id)
        if spec is None or not (by_leader[i] or leader.gaps):
            continue
        seats = sorted(by_leader[i], key=lambda s: (instance.sessions[s.session].first_day, s.session))
        found.append(_leader(instance, leader, spec, seats, raised[leader.id], rules))
    return Record(tuple(found), held.unheard, held.assumed)


def _raised(past: Iterable[Fact]) -> Counter[str]:
    """By how much each leader's priority has risen by waiting since they were last served."""
    raised: Counter[str] = Counter()
    for fact in past:
        if fact.fact == "waited":
            raised[fact.leader] += (fact.after or 0) - (fact.before or 0)
        elif fact.fact == "served":
            raised[fact.leader] = 0
    return raised


def _leader(
    instance: Instance,
    leader: Leader,
    spec: LeaderSpec,
    seats: Sequence[SeatResult],
    raised: int,
    rules: RecordRules,
) -> LeaderRecord:
    levels, reached = dict(spec.skills), Counter[str]()
    done: list[str] = []
    attendances = []
    for seat in seats:
        learnt = tuple(_learnt(instance, seat, levels)) if seat.result != "absent" else ()
        attendances.append(Attendance(seat, learnt))
        for one in learnt:
            reached[one.skill] = max(reached[one.skill], one.after)
            levels[one.skill] = max(levels.get(one.skill, 0), one.after)
        if seat.result != "absent":
            done += [instance.modules[m].id for m in instance.sessions[seat.session].modules]
    gaps = [
        SkillGapRecord(skill := instance.skills[gap.skill].id, levels.get(skill, 0), gap.level)
        for gap in leader.gaps
    ]
    closed = tuple(
        replace(gap, held=spec.skills.get(gap.skill, 0)) for gap in gaps if reached[gap.skill] >= gap.level
    )
    left = tuple(gap for gap in gaps if reached[gap.skill] < gap.level)
    before = after = spec.priority
    if left and not seats and 0 < after < rules.most:
        after = min(rules.most, after + rules.step)
    elif closed and raised > 0:
        after = max(min(1, after), after - raised)
    change = LeaderChange(
        skills={skill: n for skill, n in levels.items() if n > spec.skills.get(skill, 0)},
        completed=tuple(m for m in dict.fromkeys(done) if m not in spec.completed),
        closed=tuple(gap.skill for gap in closed if gap.skill in (spec.gaps or {})),
        priority=after if after != before else None,
    )
    if leader.left:
        change = LeaderChange()  # there is no row to change
    return LeaderRecord(leader.id, tuple(attendances), closed, left, (before, after), change)


def _learnt(instance: Instance, seat: SeatResult, levels: Mapping[str, int]) -> Iterator[Learnt]:
    """What each module of a session did to each skill that it teaches."""
    for m in instance.sessions[seat.session].modules:
        module = instance.modules[m]
        for s, taught in module.teaches:
            skill = instance.skills[s].id
            after = min(taught, seat.level_of(s, taught))
            yield Learnt(module.id, skill, levels.get(skill, 0), after, taught)


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
                facts.append(
                    Fact(rotation, day, "grouped", one.id, session.id, after=groups[one.id, session.id])
                )
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
