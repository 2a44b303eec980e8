"""A function a code of an obstacle (`messages.texts.OBSTACLES`), which recomputes what it tells.

Nothing here is shared with `insight`, which finds obstacles, but the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cadreplan.instance import Instance, Leader, Session, SkillGap
from cadreplan.messages import Message
from cadreplan.verification.cohorts import beyond, is_for, missing, of_classes, with_one_more
from cadreplan.verification.layout import Layout, Trip, sleeps_at_home, trips_of
from cadreplan.verification.terms import gained

Recomputed = Mapping[str, object] | None
"""True figures of what is told; None where it can't be told of the leader and the session."""


class Taught:
    """To which level each session teaches a skill, None where it doesn't."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._found: dict[int, list[int | None]] = {}
        self._closers: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, skill: int) -> list[int | None]:
        if skill not in self._found:
            modules = [
                max((y for x, y in m.teaches if x == skill), default=None) for m in self._instance.modules
            ]
            self._found[skill] = [
                max((y for m in session.modules if (y := modules[m]) is not None), default=None)
                for session in self._instance.sessions
            ]
        return self._found[skill]

    def closers(self, gap: SkillGap) -> frozenset[int]:
        """The sessions that close a skill gap."""
        key = gap.skill, gap.level
        if key not in self._closers:
            levels = enumerate(self.of(gap.skill))
            self._closers[key] = frozenset(s for s, y in levels if y is not None and y >= gap.level)
        return self._closers[key]


@dataclass(frozen=True)
class Case:
    """An open skill gap of leader i, and what is told of a session."""

    state: Layout
    taught: Taught
    i: int
    gap: SkillGap
    told: Message

    @property
    def instance(self) -> Instance:
        return self.state.instance

    @property
    def leader(self) -> Leader:
        return self.instance.leaders[self.i]

    @property
    def s(self) -> int:
        return self.instance.session_by_id[str(self.told["session"])]

    @property
    def session(self) -> Session:
        return self.instance.sessions[self.s]

    @property
    def chosen(self) -> tuple[int, ...]:
        return self.state.solution.chosen[self.i]

    @cached_property
    def with_it(self) -> tuple[int, ...]:
        return tuple(sorted({*self.chosen, self.s}))

    @cached_property
    def trips(self) -> list[Trip]:
        """Those of the leader with the session, too."""
        return trips_of(self.instance, self.leader, self.with_it)

    @property
    def day(self) -> int:
        return (date.fromisoformat(str(self.told["day"])) - self.instance.start).days

    def is_new(self, site: int | None = None) -> bool:
        """Whether the leader would be away on the day, at the site where one is given, and isn't now."""
        then, now = (
            any(self.day in trip.days and site in (None, trip.site) for trip in trips)
            for trips in (self.trips, self.state.trips[self.i])
        )
        return then and not now

    def needed(self) -> dict[str, object]:
        """People in the row are told where they are more than one."""
        return {"needed": self.leader.headcount} if self.leader.headcount > 1 else {}


def _no_session(case: Case) -> Recomputed:
    return None if any(level is not None for level in case.taught.of(case.gap.skill)) else {}


def _too_low(case: Case) -> Recomputed:
    highest = max((y for y in case.taught.of(case.gap.skill) if y is not None), default=None)
    if highest is None or highest >= case.gap.level:
        return None
    return {"level": case.gap.level, "highest": highest}


def _excluded(case: Case) -> Recomputed:
    return {} if case.s in case.leader.excluded else None


def _other_branches(case: Case) -> Recomputed:
    branch, open_to = case.instance.branches[case.leader.branch], case.session.branches
    return (
        None
        if open_to is None or set(open_to) & set(case.instance.lineages[case.leader.branch])
        else {"branch": branch.id}
    )


def _no_role(case: Case) -> Recomputed:
    return {} if case.session.roles is not None and case.leader.role is None else None


def _other_roles(case: Case) -> Recomputed:
    role, roles = case.leader.role, case.session.roles
    return None if role is None or roles is None or role in roles else {"role": case.instance.roles[role].id}


def _outside(case: Case) -> bool:
    return not 0 <= case.day < case.instance.n_days


def _while_away(case: Case) -> bool:
    return any(first <= case.day <= last for first, last in case.leader.unavailable)


def _at_other_times(case: Case) -> bool:
    free = case.leader.available
    return free is not None and not any(first <= case.day <= last for first, last in free)


def _held(on: Callable[[Case], bool]) -> Callable[[Case], Recomputed]:
    return lambda case: {} if case.day in case.session.days and on(case) else None


def _stays(on: Callable[[Case], bool]) -> Callable[[Case], Recomputed]:
    def found(case: Case) -> Recomputed:
        idle = any(case.day in trip.days for trip in case.trips) and case.day not in case.session.days
        return {} if idle and on(case) else None

    return found


def _requires(case: Case) -> Recomputed:
    instance, session = case.instance, case.session
    had = set(case.leader.completed) | set(session.modules)
    for t in case.chosen:
        if instance.sessions[t].last_day < session.first_day:
            had.update(instance.sessions[t].modules)
    missing = {
        frozenset(instance.modules[m].id for m in entry)
        for taught in session.modules
        for entry in instance.modules[taught].requires
        if had.isdisjoint(entry)
    }
    stated = case.told["modules"]
    assert isinstance(stated, tuple)
    if not missing or {frozenset(entry) for entry in stated} != missing:
        return None
    return {"day": case.state.day_text(session.first_day)}


def _other(case: Case) -> Session | None:
    """The other session, where the leader has it."""
    t = case.instance.session_by_id[str(case.told["other"])]
    return case.instance.sessions[t] if t in case.chosen else None


def _repeats(case: Case) -> Recomputed:
    other = _other(case)
    both = set() if other is None else set(other.modules) & set(case.session.modules)
    return {} if case.told["module"] in {case.instance.modules[m].id for m in both} else None


def _meets(case: Case) -> Recomputed:
    other = _other(case)
    return {} if other is not None and case.day in other.days and case.day in case.session.days else None


def _too_close(case: Case) -> Recomputed:
    other, least = _other(case), case.instance.policy.transfer_days
    if other is None or other.site == case.session.site:
        return None
    free = min(abs(x - y) for x in other.days for y in case.session.days) - 1
    return {"free": free, "least": least} if free < least else None


def _beyond(
    name: str, n: Callable[[Case], int], most: Callable[[Leader], int | None]
) -> Callable[[Case], Recomputed]:
    def found(case: Case) -> Recomputed:
        limit, there = most(case.leader), n(case)
        return None if limit is None or there <= limit else {name: there, "most": limit}

    return found


def _modules(case: Case) -> list[int]:
    return sorted({m for s in case.with_it for m in case.instance.sessions[s].modules})


def _core_share(case: Case) -> Recomputed:
    share, modules = case.instance.policy.core_share, [case.instance.modules[m] for m in _modules(case)]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    if share is None or core >= share * hours:
        return None
    return {"core": core, "hours": hours, "share": float(share)}


def _methods(case: Case) -> Recomputed:
    modules = [case.instance.modules[m] for m in _modules(case)]
    methods = len({m.method for m in modules})
    least = min(case.instance.policy.min_methods, len(modules))
    return None if methods >= least else {"methods": methods, "held": len(modules), "least": least}


def _not_opened(case: Case) -> Recomputed:
    session = case.session
    if not session.candidate or case.s in case.state.solution.running:
        return None
    return {"cost": session.cost, "least": session.min_seats}


def _seats(case: Case) -> Recomputed:
    taken = case.state.headcount(case.s)
    if taken + case.leader.headcount <= case.session.seats:
        return None
    return {"seats": case.session.seats, "taken": taken, **case.needed()}


def _room(case: Case) -> Recomputed:
    rooms, r = case.instance.sites[case.session.site].rooms, case.state.solution.rooms.get(case.s)
    taken = case.state.headcount(case.s)
    if rooms is None or r is None or taken + case.leader.headcount <= rooms[r].seats:
        return None
    return {"seats": rooms[r].seats, "taken": taken, **case.needed()}


def _quota(case: Case) -> Recomputed:
    for b, quota in case.session.quotas:
        if case.instance.branches[b].id == case.told["branch"]:
            taken = case.state.headcount(case.s, b)
            is_of_it = b in case.instance.lineages[case.leader.branch]
            if is_of_it and taken + case.leader.headcount > quota:
                return {"seats": quota, "taken": taken, **case.needed()}
    return None


def _beds(case: Case) -> Recomputed:
    place = case.session.site
    site, taken = case.instance.sites[place], case.state.in_beds[place, case.day]
    if site.beds is None or sleeps_at_home(case.instance, case.leader, place) or not case.is_new(place):
        return None
    if taken + case.leader.headcount <= site.beds:
        return None
    return {"site": site.id, "beds": site.beds, "taken": taken, **case.needed()}


def _branch(case: Case) -> Recomputed:
    lineage = case.instance.lineages[case.leader.branch]
    b = next((b for b in lineage if case.instance.branches[b].id == case.told["branch"]), None)
    if b is None or not case.is_new():
        return None
    most, away = case.instance.branches[b].max_away, case.state.away[b, case.day]
    if most is None or away + case.leader.headcount <= most:
        return None
    return {"away": away, "most": most, **case.needed()}


def _tied(case: Case, each: str, is_there: Callable[[int], bool]) -> Recomputed:
    """Whether those who are told of are all whom a tie keeps apart from the leader, and who are there."""
    for tie in case.instance.ties:
        if tie.kind == "apart" and tie.each == each and case.i in tie.leaders:
            there = {case.instance.leaders[j].id for j in tie.leaders if j != case.i and is_there(j)}
            if there and there == set(case.told["leaders"]):  # type: ignore[call-overload]
                return {}
    return None


def _apart_in_class(case: Case) -> Recomputed:
    return _tied(case, "class", lambda j: case.s in case.state.solution.chosen[j])


def _apart_on_day(case: Case) -> Recomputed:
    if not case.is_new():
        return None
    return _tied(case, "day", lambda j: any(case.day in trip.days for trip in case.state.trips[j]))


def _mix_forbids(case: Case) -> Recomputed:
    told = {name: case.told[name] for name in ("tag", "value", "people", "there")}
    for entry in of_classes(case.instance, hard=True):
        for count in with_one_more(case.state, entry, case.s, case.i) if is_for(entry, case.s) else ():
            so = {"tag": entry.tag, "value": count.value, "people": count.people, "there": count.there}
            if so == told and missing(entry, count) + beyond(entry, count):
                return so
    return None


def _costs(case: Case) -> Recomputed:
    account = gained(case.state, case.i, case.with_it, case.trips, case.s)
    points = sum(value for _, value in account)
    is_so = points == 0 if case.told.code == "costs-as-much" else points < 0
    return {"account": account} if is_so else None


TRUE: Mapping[str, Callable[[Case], Recomputed]] = {
    "no-session": _no_session,
    "too-low": _too_low,
    "begun": lambda _: None,
    "excluded": _excluded,
    "other-branches": _other_branches,
    "no-role": _no_role,
    "other-roles": _other_roles,
    "held-outside": _held(_outside),
    "held-while-away": _held(_while_away),
    "held-at-other-times": _held(_at_other_times),
    "stays-outside": _stays(_outside),
    "stays-while-away": _stays(_while_away),
    "stays-at-other-times": _stays(_at_other_times),
    "requires": _requires,
    "repeats": _repeats,
    "meets": _meets,
    "too-close": _too_close,
    "sessions-used-up": _beyond("sessions", lambda case: len(case.with_it), lambda one: one.max_sessions),
    "days-used-up": _beyond(
        "days", lambda case: sum(len(t.days) for t in case.trips), lambda one: one.max_days
    ),
    "trips-used-up": _beyond(
        "trips", lambda case: sum(not t.there_and_back for t in case.trips), lambda one: one.max_trips
    ),
    "core-share": _core_share,
    "methods": _methods,
    "not-opened": _not_opened,
    "seats-taken": _seats,
    "room-taken": _room,
    "quota-taken": _quota,
    "beds-taken": _beds,
    "branch-away": _branch,
    "apart-in-class": _apart_in_class,
    "apart-on-day": _apart_on_day,
    "mix-forbids": _mix_forbids,
    "costs-as-much": _costs,
    "costs-more": _costs,
}
"""Code → what recomputes its figures; what two sessions together would bring isn't recomputed."""

WHATEVER_ELSE = frozenset(
    (
        "excluded",
        "other-branches",
        "no-role",
        "other-roles",
        "not-opened",
        "seats-taken",
        "room-taken",
        "quota-taken",
    )
)
"""Codes whose figures are the same whatever else the leader would attend."""
