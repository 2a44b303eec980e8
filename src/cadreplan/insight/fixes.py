"""The smallest change of the data that takes one obstacle out of the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cadreplan.insight.altered import with_room, with_row
from cadreplan.insight.obstacles import Obstacle, Step
from cadreplan.insight.opening import free_room, more_runs
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance, Leader, Session
from cadreplan.messages import Message
from cadreplan.trips import journeys


@dataclass(frozen=True, slots=True)
class Fix:
    """A change: `key` tells equal ones apart from others, `told` says it, `size` is how many units it is.

    `apply` changes the data. `door` is a candidate that may then be opened, with its room (None: it needs
    none); `pins` are sessions that the leader is then pinned to.
    """

    key: tuple[str, int, int]
    told: Message
    size: int
    apply: Callable[[Instance], Instance]
    door: tuple[int, int | None] | None = None
    pins: tuple[int, ...] = ()


def fixes(state: PlanState, i: int, s: int, against: Sequence[Obstacle]) -> list[Fix] | None:
    """One fix for each obstacle to leader i attending session s; None where one of them has none.

    There is none for what the leader's own choice, the curriculum or the worth decide: sessions that clash,
    standards, audience, a candidate for which no room is free, and a journey that costs more than it brings.
    """
    found: dict[tuple[str, int, int], Fix] = {}
    for obstacle in against:
        fix = _fix(state, i, s, obstacle)
        if fix is None:
            return None
        found[fix.key] = fix
    return list(found.values())


def _fix(state: PlanState, i: int, s: int, obstacle: Obstacle) -> Fix | None:
    fix: Fix | None = None
    match obstacle.step:
        case Step.SEATS if obstacle.branch is not None:
            fix = _quota(state, i, s, obstacle.branch)
        case Step.SEATS:
            fix = _seats(state, i, s)
        case Step.BEDS:
            fix = _beds(state, i, s)
        case Step.BRANCH if obstacle.branch is not None:
            fix = _branch(state, i, s, obstacle.branch)
        case Step.LIMITS:
            fix = _limits(state, i, s)
        case Step.DATES | Step.AWAY:
            fix = _dates(state, i, s)
        case Step.CANDIDATE:
            fix = _opened(state, i, s)
        case Step.PREREQUISITE:
            fix = _completed(state, i, tuple(entry[0] for entry in obstacle.entries))
        case Step.TIE:
            fix = _untied(state, i, obstacle)
        case Step.MIX:
            fix = _unmixed(state, s)
    return fix


def _untied(state: PlanState, i: int, obstacle: Obstacle) -> Fix:
    """The leader's ties with those who stand in the way given up."""
    instance, others = state.instance, set(obstacle.leaders)
    gone = {t for t, tie in enumerate(instance.ties) if i in tie.leaders and others & set(tie.leaders)}
    told = Message.of(
        "not-apart",
        leader=instance.leaders[i].id,
        leaders=tuple(instance.leaders[j].id for j in sorted(others)),
    )
    kept = tuple(replace(tie, leaders=()) if t in gone else tie for t, tie in enumerate(instance.ties))
    return Fix(("tie", sum(1 << t for t in gone), i), told, 1, lambda x: replace(x, ties=kept))


def _unmixed(state: PlanState, s: int) -> Fix:
    """The hard entries of `mix` given up for one session."""
    instance = state.instance
    everywhere = tuple(range(len(instance.sessions)))
    mix = tuple(
        replace(entry, sessions=tuple(t for t in entry.sessions or everywhere if t != s))
        if entry.hard
        else entry
        for entry in instance.mix
    )
    told = Message.of("no-mix", session=instance.sessions[s].id)
    return Fix(("mix", s, 1), told, 1, lambda x: replace(x, mix=mix))


def _opened(state: PlanState, i: int, s: int) -> Fix | None:
    """The candidate held with the leader in it, one run more of its offering where that has no more."""
    instance, session = state.instance, state.instance.sessions[s]
    free = free_room(state, session)
    if free is False:
        return None
    offering = None if session.offering is None else instance.offerings[session.offering]
    run = sum(instance.sessions[t].offering == session.offering for t in state.running)
    beyond = offering is not None and offering.max_runs is not None and run >= offering.max_runs
    raised = session.offering if beyond else None
    told = Message.of(
        "opened-for",
        session=session.id,
        leader=instance.leaders[i].id,
        beyond=offering.id if beyond and offering is not None else None,
    )
    room = None if free is True else free
    return Fix(("open", s, 0), told, 1, lambda x: more_runs(x, offering=raised), (s, room), (s,))


def _completed(state: PlanState, i: int, modules: tuple[int, ...]) -> Fix:
    leader, had = state.instance.leaders[i], frozenset(modules)
    told = Message.of(
        "completed-before",
        modules=tuple((state.instance.modules[m].id,) for m in modules),
        leader=leader.id,
    )
    return Fix(
        ("completed", sum(1 << m for m in modules), i),
        told,
        len(modules),
        lambda x: with_row(x, "leaders", i, completed=x.leaders[i].completed | had),
    )


def _seats(state: PlanState, i: int, s: int) -> Fix | None:
    """More seats, in a larger room where the room has too few."""
    session, needed = state.instance.sessions[s], state.people[s] + state.instance.leaders[i].headcount
    short, most = needed - state.capacity[s], state.instance.largest_group(session)
    if short <= 0 or (most is not None and needed > most):
        return None
    rooms = state.instance.sites[session.site].rooms
    if rooms is None or s not in state.rooms or rooms[state.rooms[s]].seats >= needed:
        told = Message.of("more-seats", session=session.id, seats=short)
        return Fix(("seats", s, short), told, short, lambda x: with_row(x, "sessions", s, seats=needed))
    room = state.rooms[s]
    told = larger_room(session, needed, rooms[room].seats)
    return Fix(("room", s, short), told, short, lambda x: with_room(x, s, room, needed))


def larger_room(session: Session, n: int, now: int) -> Message:
    """A room with n seats for a session, which gets as many where it has fewer."""
    code = "larger-room-and-class" if session.seats < n else "larger-room"
    return Message.of(code, seats=n, now=now, session=session.id)


def _quota(state: PlanState, i: int, s: int, branch: int) -> Fix:
    session = state.instance.sessions[s]
    most = dict(session.quotas)
    needed = state.quota[s, branch] + state.instance.leaders[i].headcount
    short = needed - most[branch]
    name = state.instance.branches[branch].id
    quotas = tuple(sorted({**most, branch: needed}.items()))
    return Fix(
        ("quota", s, branch),
        Message.of("larger-quota", branch=name, session=session.id, seats=short),
        short,
        lambda x: with_row(x, "sessions", s, quotas=quotas),
    )


def _trips(state: PlanState, i: int, s: int) -> list[tuple[int, int]]:
    """(site, day) of every day away with session s as well."""
    trips = state.trips_with(i, state.with_session(i, s))
    return [(trip.site, day) for trip in trips for day in trip.days]


def _beds(state: PlanState, i: int, s: int) -> Fix:
    site = state.instance.sessions[s].site
    mine = {day for trip in state.trips[i] if trip.site == site for day in trip.days}
    heads = state.instance.leaders[i].headcount
    days = [day for place, day in _trips(state, i, s) if place == site and day not in mine]
    beds = state.instance.sites[site].beds or 0
    short = max(state.in_beds[site, day] + heads - beds for day in days)

    def apply(x: Instance) -> Instance:
        return with_row(x, "sites", site, beds=max(x.sites[site].beds or 0, beds + short))

    told = Message.of("more-beds", site=state.instance.sites[site].id, beds=short)
    return Fix(("beds", site, short), told, short, apply)


def _branch(state: PlanState, i: int, s: int, b: int) -> Fix:
    mine = {day for trip in state.trips[i] for day in trip.days}
    heads, branch = state.instance.leaders[i].headcount, state.instance.branches[b]
    most = branch.max_away or 0
    days = [day for _, day in _trips(state, i, s) if day not in mine]
    short = max(state.away[b, day] + heads - most for day in days)

    def apply(x: Instance) -> Instance:
        return with_row(x, "branches", b, max_away=max(x.branches[b].max_away or 0, most + short))

    told = Message.of("more-away", branch=branch.id, people=short)
    return Fix(("branch", b, short), told, short, apply)


def _limits(state: PlanState, i: int, s: int) -> Fix:
    leader, sessions = state.instance.leaders[i], state.with_session(i, s)
    trips = state.trips_with(i, sessions)
    now = {
        "max_sessions": len(sessions),
        "max_days": sum(len(trip.days) for trip in trips),
        "max_trips": journeys(trips),
    }
    raised = {name: n for name, n in now.items() if (most := getattr(leader, name)) is not None and n > most}
    by = {name.removeprefix("max_"): n - getattr(leader, name) for name, n in raised.items()}
    size = sum(by.values())
    return Fix(
        ("limits", i, s),
        Message.of("more-allowed", raised=tuple(by.items()), leader=leader.id),
        size,
        lambda x: with_row(x, "leaders", i, **raised),
    )


def _dates(state: PlanState, i: int, s: int) -> Fix | None:
    """The days of the trips made free; None where one of them is outside the horizon."""
    instance, leader = state.instance, state.instance.leaders[i]
    days = sorted({day for _, day in _trips(state, i, s)})
    if days[0] < 0 or days[-1] >= instance.n_days:
        return None
    bad = [day for day in days if not _may(leader, day)]
    dates = tuple(instance.date_of(day).isoformat() for day in bad)
    free = leader.available
    wider = None if free is None else (*free, *((day, day) for day in bad))
    kept = tuple(part for span in leader.unavailable for part in _without(span, set(bad)))
    return Fix(
        ("dates", i, s),
        Message.of("may-be-away", leader=leader.id, dates=dates),
        len(bad),
        lambda x: with_row(x, "leaders", i, available=wider, unavailable=kept),
    )


def _may(leader: Leader, day: int) -> bool:
    free = leader.available is None or any(a <= day <= b for a, b in leader.available)
    return free and not any(a <= day <= b for a, b in leader.unavailable)


def _without(span: tuple[int, int], days: set[int]) -> list[tuple[int, int]]:
    return [(day, day) for day in range(span[0], span[1] + 1) if day not in days]
