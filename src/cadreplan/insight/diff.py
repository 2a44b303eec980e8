"""What changes between two plans: who moves, what it closes, what becomes of sessions, and who teaches then.

Whoever has to be told anything is in it: people whose sessions are others, or the same at another time or
place, and lecturers with other half days. Everything is read from the two plan documents alone, so that plans
of different rosters, or of rosters that have changed since, can be compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sized
from dataclasses import dataclass, field, fields
from typing import Literal

from cadreplan.plan import SELDOM, Plan, PlannedSession, Terms

LeaderKind = Literal["moved", "gained", "lost", "rescheduled", "unmoved"]
"""`moved` gives a session up and gets another, `gained` only gets, `lost` only gives up; `rescheduled` keeps
all sessions, of which some are held on other days, at another site or in another room; `unmoved` keeps all
and yet has other open skill gaps than before, because the roster has changed."""

SessionKind = Literal["opened", "closed", "rescheduled", "refilled", "moved", "taught"]
"""`rescheduled`: on other days or at another site. `moved`: the same people in another room. `taught`: with
other half days or lecturers alone."""

HalfDay = tuple[str, str, str, str]
"""Date, half day, session and module."""


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """What one leader gives up and gets, by session id; skill gaps that are open no longer, and newly.

    `rescheduled` are the sessions kept that are held on other days, at another site or in another room.
    """

    leader: str
    kind: LeaderKind
    given_up: tuple[str, ...]
    got: tuple[str, ...]
    no_longer_open: tuple[str, ...]
    newly_open: tuple[str, ...]
    rescheduled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LecturerChange:
    """What one lecturer no longer teaches, and newly."""

    lecturer: str
    given_up: tuple[HalfDay, ...]
    got: tuple[HalfDay, ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
    """Somebody who keeps a session and sits in another discussion group, numbered from 1."""

    leader: str
    session: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class HalfDayChange:
    """A half day of a session before and after: a module and its lecturer; None where there is none."""

    date: str
    slot: str
    module_before: str | None
    lecturer_before: str | None
    module_after: str | None
    lecturer_after: str | None


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What becomes of one session: leader ids that leave and come, entries before and after, the rooms.

    Site and dates are empty where a plan doesn't tell them.
    """

    session: str
    kind: SessionKind
    leave: tuple[str, ...]
    come: tuple[str, ...]
    before: int
    after: int
    room_before: str | None
    room_after: str | None
    site_before: str = ""
    site_after: str = ""
    dates_before: tuple[str, ...] = ()
    dates_after: tuple[str, ...] = ()
    half_days: tuple[HalfDayChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, sorted by id; `kept` counts assignments that are in both plans.

    `unstaffed` are half days without a lecturer, before and after; `names` those of leaders and lecturers, as
    far as the plans have them.
    """

    leaders: tuple[LeaderChange, ...]
    sessions: tuple[SessionChange, ...]
    old_terms: Terms
    new_terms: Terms
    kept: int
    lecturers: tuple[LecturerChange, ...] = ()
    groups: tuple[GroupChange, ...] = ()
    unstaffed: tuple[int, int] = (0, 0)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether nobody and nothing changes, whatever the solver states."""
        people = self.leaders or self.lecturers or self.groups
        return not people and not self.sessions and self.old_terms == self.new_terms

    @property
    def worth(self) -> int:
        """Points by which the new plan is worth more."""
        return self.new_terms.total - self.old_terms.total

    def by_term(self) -> list[tuple[str, int, int]]:
        """(term, points before, points after) in the order of the terms."""
        return [
            (name, old, new)
            for name in (f.name for f in fields(Terms))
            if (old := getattr(self.old_terms, name)) | (new := getattr(self.new_terms, name))
            or name not in SELDOM
        ]


def diff(old: Plan, new: Plan) -> Difference:
    """Everything that changes from one plan to the other. Takes time linear in both."""
    before, after = set(old.assignments), set(new.assignments)
    sessions = tuple(_sessions(old, new, before - after, after - before))
    elsewhere = {change.session for change in sessions if change.kind != "taught" and _is_elsewhere(change)}
    names = {one.id: one.name for plan in (old, new) for one in plan.people}
    names |= {one.id: one.name for plan in (old, new) for one in plan.lecturers}
    return Difference(
        leaders=tuple(
            _leaders(
                old,
                new,
                before - after,
                after - before,
                {(leader, s) for leader, s in before & after if s in elsewhere},
            )
        ),
        sessions=sessions,
        old_terms=old.terms,
        new_terms=new.terms,
        kept=len(before & after),
        lecturers=tuple(_lecturers(old, new)),
        groups=tuple(_groups(old, new, before & after)),
        unstaffed=(unstaffed(old), unstaffed(new)),
        names={id_: name for id_, name in names.items() if name != id_},
    )


def unstaffed(plan: Plan) -> int:
    """Half days that nobody teaches."""
    return sum(h.lecturer is None for entry in plan.sessions for h in entry.programme)


def _is_elsewhere(change: SessionChange) -> bool:
    """Whether people who keep the session come at another time, or to another place."""
    if change.kind in ("opened", "closed"):
        return False
    return change.kind == "rescheduled" or change.room_before != change.room_after


def _lecturers(old: Plan, new: Plan) -> Iterable[LecturerChange]:
    before, after = _taught(old), _taught(new)
    for who in sorted(before.keys() | after.keys()):
        gone, come = before[who] - after[who], after[who] - before[who]
        if gone or come:
            yield LecturerChange(who, tuple(sorted(gone)), tuple(sorted(come)))


def _groups(old: Plan, new: Plan, kept: set[tuple[str, str]]) -> Iterable[GroupChange]:
    """Of those who keep a session that has groups in both plans, who is in another one."""
    before, after = _numbers(old), _numbers(new)
    for leader, session in sorted(kept):
        was, now = before.get((leader, session)), after.get((leader, session))
        if was is not None and now is not None and was != now:
            yield GroupChange(leader, session, was, now)


def _numbers(plan: Plan) -> dict[tuple[str, str], int]:
    return {
        (leader, entry.id): number
        for entry in plan.sessions
        for number, group in enumerate(entry.groups, 1)
        for leader in group
    }


def _taught(plan: Plan) -> defaultdict[str, set[HalfDay]]:
    found: defaultdict[str, set[HalfDay]] = defaultdict(set)
    for entry in plan.sessions:
        for h in entry.programme:
            if h.lecturer is not None:
                found[h.lecturer].add((h.date, h.slot, entry.id, h.module))
    return found


def _leaders(
    old: Plan,
    new: Plan,
    gone: set[tuple[str, str]],
    come: set[tuple[str, str]],
    elsewhere: set[tuple[str, str]],
) -> Iterable[LeaderChange]:
    open_before = {(gap.leader, gap.skill) for gap in old.open_gaps}
    open_after = {(gap.leader, gap.skill) for gap in new.open_gaps}
    given_up, got, moved = _grouped(gone), _grouped(come), _grouped(elsewhere)
    cured, opened = _grouped(open_before - open_after), _grouped(open_after - open_before)
    for leader in sorted(given_up.keys() | got.keys() | moved.keys() | cured.keys() | opened.keys()):
        loses, gets, keeps = given_up.get(leader, ()), got.get(leader, ()), moved.get(leader, ())
        kind: LeaderKind = "rescheduled" if keeps else "unmoved"
        if loses or gets:
            kind = "moved" if loses and gets else "gained" if gets else "lost"
        yield LeaderChange(leader, kind, loses, gets, cured.get(leader, ()), opened.get(leader, ()), keeps)


def _sessions(
    old: Plan, new: Plan, gone: set[tuple[str, str]], come: set[tuple[str, str]]
) -> Iterable[SessionChange]:
    leave, join = _grouped((s, i) for i, s in gone), _grouped((s, i) for i, s in come)
    before, after = Counter(s for _, s in old.assignments), Counter(s for _, s in new.assignments)
    held = {entry.id: entry for entry in old.sessions if entry.runs}
    holds = {entry.id: entry for entry in new.sessions if entry.runs}
    for s in sorted(leave.keys() | join.keys() | held.keys() | holds.keys()):
        was, now = held.get(s, _NOTHING), holds.get(s, _NOTHING)
        half_days = tuple(_half_days(was, now))
        kind: SessionKind
        if s not in held and s in holds:
            kind = "opened"
        elif s in held and s not in holds:
            kind = "closed"
        elif _other(was.dates, now.dates) or _other(was.site, now.site):
            kind = "rescheduled"
        elif s in leave or s in join:
            kind = "refilled"
        elif was.room != now.room:
            kind = "moved"
        elif half_days:
            kind = "taught"
        else:
            continue
        yield SessionChange(
            s,
            kind,
            leave.get(s, ()),
            join.get(s, ()),
            before[s],
            after[s],
            was.room,
            now.room,
            was.site,
            now.site,
            was.dates,
            now.dates,
            half_days,
        )


_NOTHING = PlannedSession("", runs=False)


def _other(before: Sized, after: Sized) -> bool:
    """Whether two plans that both tell it tell it differently."""
    return bool(before) and bool(after) and before != after


def _half_days(was: PlannedSession, now: PlannedSession) -> Iterable[HalfDayChange]:
    before = {(h.date, h.slot): h for h in was.programme}
    after = {(h.date, h.slot): h for h in now.programme}
    for date, slot in sorted(before.keys() | after.keys()):
        one, other = before.get((date, slot)), after.get((date, slot))
        then = (None, None) if one is None else (one.module, one.lecturer)
        since = (None, None) if other is None else (other.module, other.lecturer)
        if then != since or (one is None) != (other is None):
            yield HalfDayChange(date, slot, *then, *since)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(sorted(values)) for key, values in groups.items()}
