"""The seats of a plan with what came of each, by the rows of a table of results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.results.reader import ResultRow
from cadreplan.documents.results.words import plain_title
from cadreplan.documents.tree import line_and_column
from cadreplan.instance import Instance
from cadreplan.language import listed, tr
from cadreplan.plan import Plan


@dataclass(frozen=True, slots=True)
class SeatResult:
    """What came of a leader's seat in a session, by their indices.

    `missed` are study hours of who came. Who missed more than is forgiven has the result `unfinished`.
    `levels` are those told of single skills, by index; `level` is one for all; without either a skill is
    reached to the level that is taught.
    """

    leader: int
    session: int
    result: str
    level: int | None = None
    levels: Mapping[int, int] = field(default_factory=dict)
    missed: int = 0

    @property
    def is_completed(self) -> bool:
        """Whether what was taught counts."""
        return self.result in ("attended", "passed")

    def level_of(self, skill: int, taught: int) -> int:
        """The level reached in a skill that is taught to a level."""
        return self.levels.get(skill, taught if self.level is None else self.level)


@dataclass(frozen=True, slots=True)
class Seats:
    """All seats of sessions that were held; see `cadreplan.insight.record.Record` for the rest."""

    seats: tuple[SeatResult, ...]
    unheard: tuple[str, ...]
    assumed: int


def seats_of(
    instance: Instance,
    plan: Plan,
    rows: Sequence[ResultRow],
    others: Literal["absent", "attended"],
    walk_ins: bool,
    absence: Fraction,
    findings: Findings,
) -> Seats:
    """What came of each seat; rows that can't be are findings.

    Who missed more than the share `absence` of a session's hours hasn't finished it.
    A seat without a row counts as `others`; but a session without any row counts as not held, unless `others`
    attended.
    """
    reader = _Reader(instance, plan, walk_ins, findings)
    told: dict[tuple[int, int], SeatResult] = {}
    for row in rows:
        seat = reader.read(row)
        if seat is not None:
            if seat.is_completed and seat.missed > absence * hours_of(instance, seat.session):
                seat = replace(seat, result="unfinished")
            told[seat.leader, seat.session] = seat
    heard = {s for _, s in told}
    seats, unheard, assumed = list(told.values()), Counter[int](), 0
    for pair in sorted(reader.planned - told.keys()):
        if pair[1] in heard or others == "attended":
            seats.append(SeatResult(*pair, others))
            assumed += 1
        else:
            unheard[pair[1]] += 1
    return Seats(tuple(seats), tuple(instance.sessions[s].id for s in sorted(unheard)), assumed)


def hours_of(instance: Instance, session: int) -> int:
    """The study hours of a session; each of its modules counts once."""
    return sum(instance.modules[m].hours for m in set(instance.sessions[session].modules))


class _Reader:
    """Resolves rows, one after another."""

    def __init__(self, instance: Instance, plan: Plan, walk_ins: bool, findings: Findings) -> None:
        self._instance, self._walk_ins, self._findings = instance, walk_ins, findings
        leaders, sessions = instance.leader_by_id, instance.session_by_id
        self.planned = {
            (leaders[leader], sessions[session])
            for leader, session in plan.assignments
            if leader in leaders and session in sessions
        }
        self._sessions_of: defaultdict[int, list[str]] = defaultdict(list)
        for i, s in sorted(self.planned):
            self._sessions_of[i].append(instance.sessions[s].id)
        self._runs = {sessions[entry.id] for entry in plan.sessions if entry.runs and entry.id in sessions}
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(instance.leaders):
            self._by_name[_plain(one.name)].append(i)
        self._near_leader = Nearest((*leaders, *(one.name for one in instance.leaders)))
        self._near_session = Nearest(sessions)
        self._seen: dict[tuple[int, int], ResultRow] = {}

    def read(self, row: ResultRow) -> SeatResult | None:
        """The seat that a row tells of; None, with findings, where it can't be."""
        i = self._leader(row)
        s = self._session(row, i)
        if i is None or s is None or not self._is_seat(row, i, s) or not self._may_miss(row, s):
            return None
        seat = self._levels(row, i, s)
        return None if seat is None else replace(seat, missed=row.missed)

    def _may_miss(self, row: ResultRow, s: int) -> bool:
        """Whether a session has as many hours as somebody missed; a finding else."""
        hours = hours_of(self._instance, s)
        if row.missed > hours:
            message = tr(
                "found {missed} hours missed, expected {hours} at most, those of {session}",
                missed=row.missed,
                hours=hours,
                session=self._instance.sessions[s].id,
            )
            self._error(row, "missed", "wrong-value", message)
        return row.missed <= hours

    def _is_seat(self, row: ResultRow, i: int, s: int) -> bool:
        """Whether a row is the first that tells of a seat which there is; a finding else."""
        name, session = self._instance.leaders[i].id, self._instance.sessions[s]
        if row.across and row.result == "absent" and (i, s) not in self.planned:
            return False  # sessions across: a nought where somebody has no seat
        if (i, s) in self._seen:
            first = self._seen[i, s]
            if row.across and first.tree.mark == row.tree.mark and first.file == row.file:
                self._second_day(row, first, session.id)
                return False
            message = tr(
                "found {leader} in {session} again, expected one row: the first is in line {line}",
                leader=name,
                session=session.id,
                line=line_and_column(first.tree.mark)[0],
            )
            self._error(row, "leader", "duplicate-item", message, tr("remove one of the two"))
            return False
        self._seen[i, s] = row
        if s not in self._runs:
            message = tr("{session} isn't held in this plan", session=session.id)
            self._error(row, "session", "wrong-value", message)
            return False
        if (i, s) not in self.planned and not self._walk_ins:
            message = tr("{leader} has no seat in {session} in this plan", leader=name, session=session.id)
            own = listed(self._sessions_of[i][:5]) or tr("none")
            hint = tr(
                "seats of {leader}: {sessions}; --walk-ins counts who came without", leader=name, sessions=own
            )
            self._error(row, "leader", "wrong-value", message, hint)
            return False
        return True

    def _second_day(self, row: ResultRow, first: ResultRow, session: str) -> None:
        """Two columns of one session, as for its days, have to say the same."""
        if row.result != first.result:
            message = tr(
                "found {mark} and {other} for {leader} in {session}, expected one mark for a session",
                mark=shown(first.tree.get("result")),
                other=shown(row.tree.get("result")),
                leader=row.leader,
                session=session,
            )
            self._error(row, "result", "duplicate-item", message, tr("write whether it counts as attended"))

    def _leader(self, row: ResultRow) -> int | None:
        i = self._instance.leader_by_id.get(row.leader)
        if i is not None:
            own = self._instance.leaders[i].name
            if row.name and _plain(row.name) != _plain(own) and own != row.leader:
                message = tr(
                    "found the name {name} beside {id}, who is {own}",
                    name=shown(row.name),
                    id=row.leader,
                    own=shown(own),
                )
                ids = listed(self._instance.leaders[k].id for k in self._named(row.name)[:5])
                hint = tr("{name} is {ids}", name=row.name, ids=ids) if ids else ""
                self._error(row, "name", "wrong-value", message, hint)
                return None
            return i
        named = self._named(row.leader)
        if len(named) == 1:
            return named[0]
        if named:
            ids = listed(self._instance.leaders[k].id for k in named[:5])
            message = tr("{n} leaders are called {name}: {ids}", n=len(named), name=row.leader, ids=ids)
            self._error(row, "leader", "unknown-reference", message, tr("write the id"))
        else:
            message = tr("the roster has no leader {name}", name=shown(row.leader))
            hint = self._near_leader.hint(row.leader)
            self._error(row, "leader", "unknown-reference", message, hint)
        return None

    def _named(self, name: str) -> list[int]:
        """Leaders of a name; what stands in brackets behind it counts where it tells namesakes apart."""
        whole, bare = "".join(name.split()), _plain(name)
        named = self._by_name.get(bare, [])
        return [i for i in named if "".join(self._instance.leaders[i].name.split()) == whole] or named

    def _session(self, row: ResultRow, leader: int | None) -> int | None:
        """One that is named by its module or day is the one of them in which the leader has a seat."""
        meant = row.sessions
        if len(meant) > 1 and leader is not None:
            own = [id_ for id_ in meant if id_ in self._sessions_of[leader]]
            if len(own) != 1:
                if row.across and not own and row.result == "absent":
                    return None
                message = tr("{session} may be {ids}", session=shown(row.session), ids=listed(own or meant))
                self._error(row, "session", "unknown-reference", message, tr("write the id"))
                return None
            meant = tuple(own)
        s = self._instance.session_by_id.get(meant[0] if meant else row.session)
        if s is None:
            message = tr("the roster has no session {name}", name=shown(row.session))
            hint = self._near_session.hint(row.session)
            self._error(row, "session", "unknown-reference", message, hint)
        return s

    def _levels(self, row: ResultRow, i: int, s: int) -> SeatResult | None:
        taught = {self._instance.skills[k].id: (k, n) for k, n in self._instance.levels_taught[s].items()}
        session = self._instance.sessions[s].id
        if row.levels is None:
            return SeatResult(i, s, row.result)
        most = max(n for _, n in taught.values())
        if isinstance(row.levels, int):
            if row.levels > most:
                message = tr(
                    "found level {level}, expected {most} at most: {session} teaches no skill further",
                    level=row.levels,
                    most=most,
                    session=session,
                )
                self._error(row, "levels", "wrong-value", message)
                return None
            return SeatResult(i, s, row.result, row.levels)
        levels: dict[int, int] = {}
        for skill, level in row.levels.items():
            if skill not in taught:
                message = tr(
                    "{session} doesn't teach {skill}, expected one of {skills}",
                    session=session,
                    skill=shown(skill),
                    skills=listed(sorted(taught)),
                )
                self._error(row, "levels", "unknown-reference", message, Nearest(taught).hint(skill))
            elif level > taught[skill][1]:
                message = tr(
                    "found level {level} of {skill}, expected {most} at most, to which {session} teaches it",
                    level=level,
                    skill=skill,
                    most=taught[skill][1],
                    session=session,
                )
                self._error(row, "levels", "wrong-value", message)
            else:
                levels[taught[skill][0]] = level
        return SeatResult(i, s, row.result, None, levels) if len(levels) == len(row.levels) else None

    def _error(self, row: ResultRow, field: str, rule: str, message: str, hint: str = "") -> None:
        if field == "leader" and field not in row.tree:
            field = "name"
        self._findings.error(row.file, row.mark(field), rule, message, hint)


def _plain(name: str) -> str:
    """A name without spaces and without what stands in brackets, as to tell namesakes apart."""
    return "".join(plain_title(name).split())
