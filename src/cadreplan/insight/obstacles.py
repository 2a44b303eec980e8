"""What stands in the way of a leader attending one session more, with witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cadreplan.check import Trip, trips_of
from cadreplan.insight.standing import Standing
from cadreplan.instance import Leader, Session

ORDER = (
    "audience",
    "dates",
    "prerequisite",
    "traded",
    "limits",
    "standards",
    "candidate",
    "seats",
    "beds",
    "branch",
    "not-worth",
)
"""The codes by how far one gets: first what nobody can change, last what others or the points decide."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason against; `text` says it with names, dates and figures. `sessions`, `leaders` and `day` are
    witnesses by index, where there are any."""

    code: str
    text: str
    sessions: tuple[int, ...] = ()
    leaders: tuple[int, ...] = ()
    day: int | None = None


def obstacles(state: Standing, i: int, s: int, *, witnesses: bool = True) -> Iterator[Obstacle]:
    """All obstacles to leader i attending session s besides what the plan gives, roughly in `ORDER`.

    None at all means that adding the session keeps every rule and is worth something. Naming who holds seats
    and beds takes a look at every leader; without `witnesses` it is left out.
    """
    yield from _audience(state, i, s)
    yield from _dates(state, i, s, state.instance.sessions[s].days, "on")
    yield from _prerequisite(state, i, s)
    yield from _traded(state, i, s)
    sessions = state.with_session(i, s)
    trips = trips_of(state.instance, sessions)
    new = _new_days(state, i, trips)
    yield from _dates(state, i, s, new, "for the trip on")
    yield from _limits(state, i, s, sessions, trips)
    yield from _standards(state, s, sessions)
    yield from _candidate(state, s)
    yield from _seats(state, i, s, witnesses)
    yield from _beds(state, i, s, trips, witnesses)
    yield from _branch(state, i, s, new, witnesses)
    yield from _not_worth(state, i, s)


def first_obstacle(state: Standing, i: int, s: int) -> Obstacle | None:
    """The first of `obstacles` without its witnesses, None where nothing stands in the way."""
    return next(obstacles(state, i, s, witnesses=False), None)


def _id(state: Standing, s: int) -> str:
    return state.instance.sessions[s].id


def _date(state: Standing, day: int) -> str:
    return state.instance.date_of(day).isoformat()


def _audience(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], state.instance.sessions[s]
    if s in leader.excluded:
        yield Obstacle("audience", f"the leader is excluded from {session.id}")
    if session.branches is not None and not set(session.branches) & set(state.lineage(i)):
        branch = state.instance.branches[leader.branch].id
        yield Obstacle("audience", f"{session.id} is not open to branch {branch}")
    if session.roles is not None and leader.role not in session.roles:
        role = "leaders without a role" if leader.role is None else state.instance.roles[leader.role].id
        yield Obstacle("audience", f"{session.id} is not open to {role}")


def _dates(state: Standing, i: int, s: int, days: Sequence[int], how: str) -> Iterator[Obstacle]:
    leader = state.instance.leaders[i]
    bad = next((day for day in days if not _may_be_away(state, leader, day)), None)
    if bad is not None:
        text = f"the leader can't be away {how} {_date(state, bad)}, which {_id(state, s)} needs"
        yield Obstacle("dates", text, day=bad)


def _may_be_away(state: Standing, leader: Leader, day: int) -> bool:
    if not 0 <= day < state.instance.n_days or any(a <= day <= b for a, b in leader.unavailable):
        return False
    return leader.available is None or any(a <= day <= b for a, b in leader.available)


def _prerequisite(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    instance, session = state.instance, state.instance.sessions[s]
    had = set(instance.leaders[i].completed) | set(session.modules)
    for t in state.chosen[i]:
        if instance.sessions[t].last_day < session.first_day:
            had.update(instance.sessions[t].modules)
    missing = sorted({r for m in session.modules for r in instance.modules[m].requires} - had)
    if missing:
        names = ", ".join(instance.modules[m].id for m in missing)
        begin = _date(state, session.first_day)
        text = f"{session.id} requires {names}, which the leader has not had before {begin}"
        yield Obstacle("prerequisite", text)


def _traded(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    session, transfer = state.instance.sessions[s], state.instance.policy.transfer_days
    for t in state.chosen[i]:
        other = state.instance.sessions[t]
        if t == s:
            continue
        again = set(session.modules) & set(other.modules)
        if again:
            module = state.instance.modules[min(again)].id
            yield Obstacle("traded", f"{session.id} repeats {module} of {other.id}, which is assigned", (t,))
            continue
        apart = _apart(session, other)
        if apart == 0:
            day = min(set(session.days) & set(other.days))
            text = f"{session.id} meets {other.id}, which is assigned, on {_date(state, day)}"
            yield Obstacle("traded", text, (t,), day=day)
        elif session.site != other.site and apart - 1 < transfer:
            text = (
                f"{session.id} leaves {apart - 1} free days to {other.id}, which is assigned at another site;"
                f" {transfer} are needed"
            )
            yield Obstacle("traded", text, (t,))


def _apart(a: Session, b: Session) -> int:
    if a.last_day < b.first_day:
        return b.first_day - a.last_day
    if b.last_day < a.first_day:
        return a.first_day - b.last_day
    return min(abs(x - y) for x in a.days for y in b.days)


def _limits(
    state: Standing, i: int, s: int, sessions: tuple[int, ...], trips: list[Trip]
) -> Iterator[Obstacle]:
    leader = state.instance.leaders[i]
    for what, n, most in (
        ("sessions", len(sessions), leader.max_sessions),
        ("days away", sum(len(trip.days) for trip in trips), leader.max_days),
        ("trips", len(trips), leader.max_trips),
    ):
        if most is not None and n > most:
            yield Obstacle("limits", f"with {_id(state, s)} it would be {n} {what}, at most {most}")


def _standards(state: Standing, s: int, sessions: tuple[int, ...]) -> Iterator[Obstacle]:
    policy = state.instance.policy
    held = {m for t in sessions for m in state.instance.sessions[t].modules}
    modules = [state.instance.modules[m] for m in held]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    if policy.core_share is not None and core < policy.core_share * hours:
        text = (
            f"with {_id(state, s)}, {core} of {hours} hours would be core,"
            f" at least {float(policy.core_share):.0%} needed"
        )
        yield Obstacle("standards", text)
    methods = len({m.method for m in modules})
    needed = min(policy.min_methods, len(modules))
    if methods < needed:
        text = f"with {_id(state, s)} it would be {methods} teaching methods, at least {needed} needed"
        yield Obstacle("standards", text)


def _candidate(state: Standing, s: int) -> Iterator[Obstacle]:
    if not state.runs(s):
        yield Obstacle("candidate", f"{_id(state, s)} is a candidate that the plan does not open")


def _seats(state: Standing, i: int, s: int, witnesses: bool) -> Iterator[Obstacle]:
    instance, session = state.instance, state.instance.sessions[s]
    heads = instance.leaders[i].headcount
    if state.people[s] + heads > state.capacity[s]:
        where = "seats" if state.capacity[s] == session.seats else "seats in its room"
        text = f"{session.id} has {state.capacity[s]} {where}, {state.people[s]} of them taken"
        yield Obstacle("seats", text, leaders=_holders(state, s) if witnesses else ())
    for branch, quota in session.quotas:
        if branch in state.lineage(i) and state.quota[s, branch] + heads > quota:
            name = instance.branches[branch].id
            text = f"{session.id} has {quota} seats for branch {name}, {state.quota[s, branch]} of them taken"
            yield Obstacle("seats", text, leaders=_holders(state, s, branch) if witnesses else ())


def _holders(state: Standing, s: int, branch: int | None = None) -> tuple[int, ...]:
    return tuple(
        j
        for j, chosen in enumerate(state.chosen)
        if s in chosen and (branch is None or branch in state.lineage(j))
    )


def _new_days(state: Standing, i: int, trips: list[Trip]) -> list[int]:
    """Days away that the leader has not now."""
    now = {day for trip in state.trips[i] for day in trip.days}
    return [day for trip in trips for day in trip.days if day not in now]


def _beds(state: Standing, i: int, s: int, trips: list[Trip], witnesses: bool) -> Iterator[Obstacle]:
    heads, place = state.instance.leaders[i].headcount, state.instance.sessions[s].site
    site = state.instance.sites[place]
    if site.beds is None:
        return
    now = {day for trip in state.trips[i] if trip.site == place for day in trip.days}
    for day in (day for trip in trips if trip.site == place for day in trip.days if day not in now):
        taken = state.at_site[place, day]
        if taken + heads > site.beds:
            full = f"{site.id} has {site.beds} beds, {taken} of them taken on {_date(state, day)}"
            text = f"{_id(state, s)}: {full}"
            who = _away_at(state, day, site=place) if witnesses else ()
            yield Obstacle("beds", text, leaders=who, day=day)
            return


def _branch(state: Standing, i: int, s: int, new: Sequence[int], witnesses: bool) -> Iterator[Obstacle]:
    heads = state.instance.leaders[i].headcount
    for b in state.lineage(i):
        branch = state.instance.branches[b]
        if branch.max_away is None:
            continue
        for day in new:
            away = state.away[b, day]
            if away + heads > branch.max_away:
                text = (
                    f"{_id(state, s)}: branch {branch.id} may have {branch.max_away} away,"
                    f" {away} are on {_date(state, day)}"
                )
                who = _away_at(state, day, branch=b) if witnesses else ()
                yield Obstacle("branch", text, leaders=who, day=day)
                break


def _away_at(
    state: Standing, day: int, *, site: int | None = None, branch: int | None = None
) -> tuple[int, ...]:
    return tuple(
        j
        for j, trips in enumerate(state.trips)
        if any(trip.first <= day <= trip.last and site in (None, trip.site) for trip in trips)
        and (branch is None or branch in state.lineage(j))
    )


def _not_worth(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    gain = state.gain(i, s)
    if gain <= 0:
        yield Obstacle("not-worth", f"{_id(state, s)} would cost more than it brings: {gain:,} points")
