"""The seats of a plan with what came of each, by the rows of a table of results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.results import ResultRow
from cadreplan.documents.tree import line_and_column
from cadreplan.instance import Instance
from cadreplan.language import listed, tr
from cadreplan.plan import Plan


@dataclass(frozen=True, slots=True)
class SeatResult:
    """What came of a leader's seat in a session, by their indices.

    `levels` are those told of single skills, by index; `level` is one for all; without either a skill is
    reached to the level that is taught.
    """

    leader: int
    session: int
    result: str
    level: int | None = None
    levels: Mapping[int, int] = field(default_factory=dict)

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
    findings: Findings,
) -> Seats:
    """What came of each seat; rows that can't be are findings.

    A seat without a row counts as `others`; but a session without any row counts as not held, unless `others`
    attended.
    """
    reader = _Reader(instance, plan, walk_ins, findings)
    told: dict[tuple[int, int], SeatResult] = {}
    for row in rows:
        seat = reader.read(row)
        if seat is not None:
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
            self._by_name[one.name].append(i)
        self._near_leader = Nearest((*leaders, *self._by_name))
        self._near_session = Nearest(sessions)
        self._seen: dict[tuple[int, int], ResultRow] = {}

    def read(self, row: ResultRow) -> SeatResult | None:
        """The seat that a row tells of; None, with findings, where it can't be."""
        i, s = self._leader(row), self._session(row)
        if i is None or s is None:
            return None
        name, session = self._instance.leaders[i].id, self._instance.sessions[s]
        if (i, s) in self._seen:
            first = self._seen[i, s]
            message = tr(
                "found {leader} in {session} again, expected one row: the first is in line {line}",
                leader=name,
                session=session.id,
                line=line_and_column(first.tree.mark)[0],
            )
            self._error(row, "leader", "duplicate-item", message, tr("remove one of the two"))
            return None
        self._seen[i, s] = row
        if s not in self._runs:
            message = tr("{session} isn't held in this plan", session=session.id)
            self._error(row, "session", "wrong-value", message)
            return None
        if (i, s) not in self.planned and not self._walk_ins:
            message = tr("{leader} has no seat in {session} in this plan", leader=name, session=session.id)
            own = listed(self._sessions_of[i][:5]) or tr("none")
            hint = tr(
                "seats of {leader}: {sessions}; --walk-ins counts who came without", leader=name, sessions=own
            )
            self._error(row, "leader", "wrong-value", message, hint)
            return None
        return self._levels(row, i, s)

    def _leader(self, row: ResultRow) -> int | None:
        i = self._instance.leader_by_id.get(row.leader)
        if i is not None:
            return i
        named = self._by_name.get(row.leader, [])
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

    def _session(self, row: ResultRow) -> int | None:
        s = self._instance.session_by_id.get(row.session)
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
        self._findings.error(row.file, row.mark(field), rule, message, hint)
