"""What came of a rotation: who reached which level, whose skill gaps are closed, who waited.

Whoever has skill gaps and had no seat in a session that was held *waited*: their priority rises by a step.
Who closes a skill gap is *served*: what their priority had risen by is taken back. Rotations in a row without
a seat are counted for everybody, and so are hours for each norm.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.findings import Findings
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.history import Fact
from cadreplan.documents.results.reader import ResultRow
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.insight.credit import Credit, Studied, credit, done_in, studied
from cadreplan.insight.seats import SeatResult, seats_of
from cadreplan.instance import Instance, Leader
from cadreplan.plan import Plan

Others = Literal["absent", "attended"]

FORGIVEN = Fraction(1, 7)
"""Share of a session's hours that somebody may miss and still complete it."""


@dataclass(frozen=True, slots=True)
class RecordRules:
    """`others`: what a planned person without a row was; `walk_ins`: rows of people without a seat count.

    `step` is added to the priority of who waited, up to `most`. Who misses more than the share `absence` of a
    session's hours doesn't complete it. `following` is the horizon of the next roster, if it moves.
    """

    others: Others = "absent"
    walk_ins: bool = False
    step: int = 1
    most: int = 5
    absence: Fraction = FORGIVEN
    following: DateRange | None = None


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
    """What came of a seat; `learnt` and `studied` are empty for who didn't complete it."""

    seat: SeatResult
    learnt: tuple[Learnt, ...]
    studied: tuple[Studied, ...]


@dataclass(frozen=True, slots=True)
class SkillGapRecord:
    """A skill gap of a leader: from the level held (before the rotation if it closed it) to that needed."""

    skill: str
    held: int
    level: int


@dataclass(frozen=True, slots=True)
class LeaderRecord:
    """What a rotation came to for one leader; `priority` and `waited` are before and after."""

    id: str
    seats: tuple[Attendance, ...]
    closed: tuple[SkillGapRecord, ...]
    open: tuple[SkillGapRecord, ...]
    priority: tuple[int, int]
    waited: tuple[int, int]
    credits: tuple[Credit, ...]
    change: LeaderChange


@dataclass(frozen=True, slots=True)
class Record:
    """What a rotation came to; `leaders` are in the order of the roster, with those who have left it.

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

    @property
    def unclear(self) -> tuple[str, ...]:
        """Norms of which somebody's credit may be too high: no history tells what lies before the window."""
        return tuple(sorted({one.norm for leader in self.leaders for one in leader.credits if one.is_old}))


def record(
    instance: Instance,
    plan: Plan,
    roster: RosterDocument,
    rows: Sequence[ResultRow],
    rules: RecordRules,
    past: Sequence[Fact],
    findings: Findings,
) -> Record:
    """What a plan's rotation came to, by the rows of its results.

    `roster` is the roster of `instance` as it is written; who has left it has no row there, but what they
    attended is in the record. `past` are the facts of the rotations before.
    Rows that can't be are findings: nothing is to be done with the record then.
    """
    held = seats_of(instance, plan, rows, rules.others, rules.walk_ins, rules.absence, findings)
    by_leader: defaultdict[int, list[SeatResult]] = defaultdict(list)
    for seat in held.seats:
        by_leader[seat.leader].append(seat)
    raised, done = _raised(past), done_in(past)
    reader = _Reader(instance, roster, rules, done if past else None)
    found = []
    for i, leader in enumerate(instance.leaders):
        spec = roster.leaders.spec(leader.id)
        if spec is None and leader.left:
            spec = LeaderSpec(id=leader.id, branch=instance.branches[leader.branch].id)
        if spec is None:
            continue
        seats = sorted(by_leader[i], key=lambda s: (instance.sessions[s.session].first_day, s.session))
        found.append(reader.leader(leader, spec, seats, raised[leader.id]))
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


class _Reader:
    """What a rotation came to, one leader after another; `done` is what a history tells, if there is any."""

    def __init__(
        self,
        instance: Instance,
        roster: RosterDocument,
        rules: RecordRules,
        done: Mapping[str, Sequence[Studied]] | None,
    ) -> None:
        self._instance, self._roster, self._rules, self._done = instance, roster, rules, done
        norms = roster.curriculum.norms.valid() if roster.curriculum else ()
        self._norms = [(row.id or "", norm) for row, norm in norms]

    def leader(
        self, leader: Leader, spec: LeaderSpec, seats: Sequence[SeatResult], raised: int
    ) -> LeaderRecord:
        """What came of a leader's seats; `raised` is what waiting has added to their priority."""
        instance, rules = self._instance, self._rules
        held = self._roster.held(spec)
        levels, reached, earned = dict(held), Counter[str](), dict[str, str]()
        done: dict[int, None] = {}
        attendances = []
        for seat in seats:
            session = instance.sessions[seat.session]
            learnt: tuple[Learnt, ...] = ()
            hours: tuple[Studied, ...] = ()
            if seat.is_completed:
                learnt = tuple(_learnt(instance, seat, levels))
                hours = tuple(
                    studied(instance, seat.session, set(session.modules) - done.keys(), seat.missed)
                )
                done |= dict.fromkeys(session.modules)
            attendances.append(Attendance(seat, learnt, hours))
            for one in learnt:
                reached[one.skill] = max(reached[one.skill], one.after)
                before = levels.get(one.skill, 0)
                # A level that is held for ever, without a day, stays so when it is reached again.
                is_dated = one.skill in spec.earned or one.skill in earned
                if one.after > before or (one.after == before > 0 and is_dated):
                    earned[one.skill] = instance.date_of(session.last_day).isoformat()
                    levels[one.skill] = one.after
        gaps = [
            SkillGapRecord(skill := instance.skills[gap.skill].id, levels.get(skill, 0), gap.level)
            for gap in leader.gaps
        ]
        closed = tuple(replace(g, held=held.get(g.skill, 0)) for g in gaps if reached[g.skill] >= g.level)
        left = tuple(gap for gap in gaps if reached[gap.skill] < gap.level)
        before = after = spec.priority
        if left and not seats and 0 < after < rules.most:
            after = min(rules.most, after + rules.step)
        elif closed and raised > 0:
            after = max(min(1, after), after - raised)
        waited = 0 if seats else spec.waited + 1
        credits = tuple(self._credits(spec, [one for seat in attendances for one in seat.studied]))
        modules = [instance.modules[m].id for m in done]
        change = LeaderChange(
            skills={skill: levels[skill] for skill in earned},
            completed=tuple(m for m in modules if m not in spec.completed),
            closed=tuple(gap.skill for gap in closed if gap.skill in (spec.gaps or {})),
            priority=after if after != before else None,
            earned=earned,
            credited={c.norm: c.amount for c in credits if c.amount != spec.credited.get(c.norm, 0)},
            waited=waited if waited != spec.waited else None,
            **self._sessions_forgotten(spec),
        )
        if leader.left:
            change = LeaderChange()  # there is no row to change
        return LeaderRecord(
            leader.id,
            tuple(attendances),
            closed,
            left,
            (before, after),
            (spec.waited, waited),
            credits,
            change,
        )

    def _credits(self, spec: LeaderSpec, new: Sequence[Studied]) -> Iterator[Credit]:
        """What is credited to a leader from now on, for each norm that is for them."""
        season = self._roster.horizon
        if season is None:
            return
        before = None if self._done is None else self._done.get(spec.id, ())
        following = self._rules.following or season
        for id_, norm in self._norms:
            if norm.roles is None or spec.role in norm.roles:
                so_far = spec.credited.get(id_, 0)
                found = credit(id_, norm, spec.since, so_far, new, before, season, following)
                if found is not None:
                    yield found

    def _sessions_forgotten(self, spec: LeaderSpec) -> dict[str, tuple[str, ...]]:
        """What a leader's row says of sessions that the next roster doesn't have any more."""
        if self._rules.following is None:
            return {}
        sites = self._roster.sites.by_id
        return {
            "unwished": tuple(id_ for id_ in spec.prefers if id_ not in sites),
            "emptied": tuple(name for name in ("pinned", "excluded") if getattr(spec, name)),
        }


def _learnt(instance: Instance, seat: SeatResult, levels: Mapping[str, int]) -> Iterator[Learnt]:
    """What each module of a session did to each skill that it teaches."""
    for m in instance.sessions[seat.session].modules:
        module = instance.modules[m]
        for s, taught in module.teaches:
            skill = instance.skills[s].id
            after = min(taught, seat.level_of(s, taught))
            yield Learnt(module.id, skill, levels.get(skill, 0), after, taught)
