"""The past of a plan that was made again: what began before its `frozen_before`, put back into its roster.

A roster that has changed may lack the leaders, lecturers, sessions, sites and modules of what has been held
already, or have them otherwise. `restored` makes the instance in which that is as the plan has it, so that
checking, showing, recording and planning again know one thing alone. `stated` writes into a plan what that
needs later. Nothing here tests a rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from cadreplan.instance import (
    Branch,
    DayRange,
    Instance,
    Leader,
    Lecturer,
    Module,
    Session,
    Site,
)
from cadreplan.plan import Attendee, Plan, PlannedSession, Teacher


def stated(instance: Instance, plan: Plan) -> Plan:
    """`plan` with what the roster says of its running sessions, its leaders and its lecturers."""
    known = {entry.id: entry for entry in plan.sessions if entry.dates}
    people = {one.id: one for one in plan.people}
    teachers = {one.id: one for one in plan.lecturers}
    lecturers = {who.id: who for who in instance.lecturers}
    sessions = []
    for entry in plan.sessions:
        s = instance.session_by_id.get(entry.id)
        told = not entry.runs or s is None or entry.id in known
        sessions.append(entry if told or s is None else _told(instance, entry, instance.sessions[s]))
    for id_ in {leader for leader, _ in plan.assignments} - people.keys():
        if (i := instance.leader_by_id.get(id_)) is not None:
            leader = instance.leaders[i]
            branch = instance.branches[leader.branch].id
            people[id_] = Attendee(id_, leader.name, branch, leader.headcount)
    for id_ in _teaching(plan.sessions) - teachers.keys():
        if id_ in lecturers:
            teachers[id_] = Teacher(id_, lecturers[id_].name, lecturers[id_].kind)
    return replace(
        plan,
        sessions=tuple(sessions),
        people=tuple(people[id_] for id_ in sorted(people)),
        lecturers=tuple(teachers[id_] for id_ in sorted(teachers)),
    )


def _told(instance: Instance, entry: PlannedSession, session: Session) -> PlannedSession:
    return replace(
        entry,
        site=instance.sites[session.site].id,
        dates=tuple(instance.date_of(day).isoformat() for day in session.days),
        modules=tuple(instance.modules[m].id for m in session.modules),
    )


def begun(plan: Plan, before: str | None) -> list[PlannedSession]:
    """Sessions of a plan that began before a day (ISO), as far as it says when they are held."""
    if before is None:
        return []
    return [entry for entry in plan.sessions if entry.runs and entry.dates and entry.dates[0] < before]


def restored(instance: Instance, plan: Plan) -> Instance:
    """The roster of `plan` with the plan's past in it; the roster itself where nothing is frozen.

    Sessions that began before `frozen_before` are marked; those of the plan have its site, dates, modules and
    room. Who attended or taught them and isn't on the roster any more is on it again, for them alone.
    """
    if plan.frozen_before is None:
        return instance
    kept = begun(plan, plan.frozen_before)
    instance = _with_days(instance, [day for entry in kept for day in entry.dates])
    instance = _with_places(instance, kept)
    instance = _with_people(instance, plan, {entry.id for entry in kept})
    at, sessions = dict(instance.session_by_id), list(instance.sessions)
    before = (date.fromisoformat(plan.frozen_before) - instance.start).days
    for s, session in enumerate(sessions):
        if session.first_day < before:
            sessions[s] = replace(session, frozen=True)
    people = Counter[str]()
    for leader, id_ in plan.assignments:
        if leader in instance.leader_by_id:
            people[id_] += instance.leaders[instance.leader_by_id[leader]].headcount
    for entry in kept:
        held = _session(instance, entry, people[entry.id])
        if entry.id in at:
            sessions[at[entry.id]] = held
        else:
            sessions.append(held)
    return replace(instance, sessions=tuple(sessions))


def _session(instance: Instance, entry: PlannedSession, people: int) -> Session:
    """A session that has begun, as the plan has it; what is said of it nowhere else is as the roster says."""
    site = next(p for p, site in enumerate(instance.sites) if site.id == entry.site)
    modules = {module.id: m for m, module in enumerate(instance.modules)}
    rooms = instance.sites[site].rooms or ()
    offering = entry.id.split("@")[0]
    of = next((o for o, one in enumerate(instance.offerings) if "@" in entry.id and one.id == offering), None)
    s = instance.session_by_id.get(entry.id)
    now = (
        Session(entry.id, site, (), (), people, candidate=of is not None, offering=of)
        if s is None
        else instance.sessions[s]
    )
    return replace(
        now,
        site=site,
        modules=tuple(modules[m] for m in entry.modules),
        days=tuple((date.fromisoformat(day) - instance.start).days for day in entry.dates),
        frozen=True,
        room=next((r for r, room in enumerate(rooms) if room.id == entry.room), None),
    )


def _with_days(instance: Instance, dates: Collection[str]) -> Instance:
    """The instance with a horizon that has these days too; nobody can be away then but by what is frozen."""
    if not dates:
        return instance
    end = instance.start + timedelta(days=instance.n_days - 1)
    earlier = max(0, (instance.start - date.fromisoformat(min(dates))).days)
    later = max(0, (date.fromisoformat(max(dates)) - end).days)
    if not earlier and not later:
        return instance
    horizon = (earlier, earlier + instance.n_days - 1)

    def moved(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
        return tuple((a + earlier, b + earlier) for a, b in ranges)

    def within(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
        cut = ((max(a, horizon[0]), min(b, horizon[1])) for a, b in moved(ranges))
        return tuple((a, b) for a, b in cut if a <= b)

    return replace(
        instance,
        start=instance.start - timedelta(days=earlier),
        n_days=earlier + instance.n_days + later,
        sessions=tuple(replace(s, days=tuple(day + earlier for day in s.days)) for s in instance.sessions),
        lecturers=tuple(
            replace(who, available=None if who.available is None else moved(who.available))
            for who in instance.lecturers
        ),
        leaders=tuple(
            replace(
                leader,
                available=(horizon,) if leader.available is None else within(leader.available),
                unavailable=moved(leader.unavailable),
                owes=tuple(
                    replace(owed, first=owed.first + earlier, last=owed.last + earlier)
                    for owed in leader.owes
                ),
            )
            for leader in instance.leaders
        ),
    )


def _with_places(instance: Instance, kept: Collection[PlannedSession]) -> Instance:
    """The instance with the sites and modules of these sessions; new ones are nowhere and teach nothing."""
    sites = {site.id for site in instance.sites}
    modules = {module.id for module in instance.modules}
    half_days = Counter[str]()
    for entry in kept:
        of = Counter(half_day.module for half_day in entry.programme)
        half_days |= of
    new_sites = {entry.site for entry in kept} - sites
    new_modules = ({m for entry in kept for m in entry.modules} | half_days.keys()) - modules
    return replace(
        instance,
        sites=(*instance.sites, *(Site(id_, id_, "") for id_ in sorted(new_sites))),
        modules=(
            *instance.modules,
            *(
                Module(id_, id_, 4 * max(1, half_days[id_]), "lecture", "lecture", False, ())
                for id_ in sorted(new_modules)
            ),
        ),
    )


def _with_people(instance: Instance, plan: Plan, kept: Collection[str]) -> Instance:
    """The instance with those who attended or taught these sessions and have left it."""
    attended: dict[str, list[str]] = defaultdict(list)
    for leader, session in plan.assignments:
        if session in kept and leader not in instance.leader_by_id:
            attended[leader].append(session)
    known = {one.id: one for one in plan.people}
    branches = {branch.id: b for b, branch in enumerate(instance.branches)}
    all_branches = list(instance.branches)
    leaders = list(instance.leaders)
    for id_ in sorted(attended):
        one = known.get(id_, Attendee(id_, id_, next(iter(branches), "-")))
        if one.branch not in branches:
            branches[one.branch] = len(all_branches)
            all_branches.append(Branch(one.branch, one.branch, None))
        leaders.append(
            Leader(id_, one.name, branches[one.branch], available=(), headcount=one.headcount, left=True)
        )
    teachers = {one.id: one for one in plan.lecturers}
    gone = _teaching(entry for entry in plan.sessions if entry.id in kept)
    gone -= {who.id for who in instance.lecturers}
    lecturers = [
        Lecturer(id_, one.name, one.kind, modules=(), available=(), max_slots=0)
        for id_ in sorted(gone)
        for one in (teachers.get(id_, Teacher(id_, id_, "")),)
    ]
    return replace(
        instance,
        branches=tuple(all_branches),
        leaders=tuple(leaders),
        lecturers=(*instance.lecturers, *lecturers),
    )


def _teaching(sessions: Iterable[PlannedSession]) -> set[str]:
    return {h.lecturer for entry in sessions for h in entry.programme if h.lecturer is not None}
