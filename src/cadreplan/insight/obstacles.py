"""What stands in the way of a leader attending one session more, with witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from cadreplan.insight.standing import Standing
from cadreplan.instance import Leader, Session
from cadreplan.language import listed, one_of, tr, tr_n
from cadreplan.trips import Trip, journeys


class Step(IntEnum):
    """The tests on the way into a session: first what nobody can change, last what the points decide."""

    NO_SESSION = -1
    AUDIENCE = 0
    DATES = 1
    """The session's own days."""
    PREREQUISITE = 2
    TRADED = 3
    LIMITS = 4
    STANDARDS = 5
    AWAY = 6
    """The idle days of the trip."""
    CANDIDATE = 7
    SEATS = 8
    BEDS = 9
    BRANCH = 10
    TIE = 11
    MIX = 12
    NOT_WORTH = 13
    NONE = 14

    @property
    def code(self) -> str:
        """The reason code of a plan."""
        return "dates" if self is Step.AWAY else self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing against; `text` says it with ids, dates and figures.

    By index, where they are witnesses: `sessions` the assigned sessions it clashes with, `entries` what is
    required and missing (of each one module is enough), `leaders` those who hold the seats or beds, or are
    away from the `branch`, on the `day`.
    """

    step: Step
    text: str
    sessions: tuple[int, ...] = ()
    entries: tuple[tuple[int, ...], ...] = ()
    leaders: tuple[int, ...] = ()
    branch: int | None = None
    day: int | None = None

    @property
    def code(self) -> str:
        return self.step.code


def obstacles(state: Standing, i: int, s: int) -> list[Obstacle]:
    """All obstacles to leader i attending session s besides what the plan gives, in the order of `Step`.

    None at all means that adding the session keeps every rule and is worth something; that it closes a skill
    gap of the leader is taken for granted. Takes time linear in the leaders, for the witnesses.
    """
    found = [*_against(state, i, s), *_not_worth(state, i, s)]
    return [replace(obstacle, leaders=obstacle.leaders or _holders(state, s, obstacle)) for obstacle in found]


def first_obstacle(state: Standing, i: int, s: int) -> Obstacle | None:
    """The first of `obstacles` without its leaders, None where nothing stands in the way; quick."""
    return forbidden(state, i, s) or next(_not_worth(state, i, s), None)


def forbidden(state: Standing, i: int, s: int) -> Obstacle | None:
    """The first rule that would be broken; what the session is worth isn't asked."""
    return next(_against(state, i, s), None)


def _against(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    yield from _audience(state, i, s)
    yield from _dates(state, i, s)
    yield from _prerequisite(state, i, s)
    yield from _traded(state, i, s)
    sessions = state.with_session(i, s)
    trips = state.trips_with(i, sessions)
    yield from _limits(state, i, s, sessions, trips)
    yield from _standards(state, s, sessions)
    yield from _away(state, i, s, trips)
    yield from _candidate(state, s)
    yield from _seats(state, i, s)
    yield from _beds(state, i, s, trips)
    yield from _branch(state, i, s, trips)
    yield from _tie(state, i, s, trips)
    yield from _mix(state, i, s)


def _id(state: Standing, s: int) -> str:
    return state.instance.sessions[s].id


def _date(state: Standing, day: int) -> str:
    return state.instance.date_of(day).isoformat()


def below_standards(state: Standing, sessions: tuple[int, ...]) -> bool:
    """Whether somebody may not attend just these sessions, for their core hours or their methods."""
    return bool(sessions) and any(True for _ in _standards(state, sessions[0], sessions))


def _audience(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], state.instance.sessions[s]
    if session.frozen:
        text = tr("{session} has begun: who attends it stays as it was", session=session.id)
        yield Obstacle(Step.AUDIENCE, text)
        return
    if s in leader.excluded:
        yield Obstacle(Step.AUDIENCE, tr("the leader is excluded from {session}", session=session.id))
    if session.branches is not None and not set(session.branches) & set(state.lineage(i)):
        branch = state.instance.branches[leader.branch].id
        text = tr("{session} is not open to branch {branch}", session=session.id, branch=branch)
        yield Obstacle(Step.AUDIENCE, text)
    if session.roles is not None and leader.role not in session.roles:
        if leader.role is None:
            text = tr("{session} is not open to leaders without a role", session=session.id)
        else:
            role = state.instance.roles[leader.role].id
            text = tr("{session} is not open to role {role}", session=session.id, role=role)
        yield Obstacle(Step.AUDIENCE, text)


def _dates(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], state.instance.sessions[s]
    bad = next((why for day in session.days if (why := _not_away(state, leader, day))), None)
    if bad is not None:
        text = tr("{session} is held on {when}", session=session.id, when=bad[1])
        yield Obstacle(Step.DATES, text, day=bad[0])


def _away(state: Standing, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    leader, own = state.instance.leaders[i], state.instance.sessions[s].days
    idle = (day for trip in trips for day in trip.days if day not in own)
    bad = next((why for day in idle if (why := _not_away(state, leader, day))), None)
    if bad is not None:
        text = tr("with {session} the leader would stay away over {when}", session=_id(state, s), when=bad[1])
        yield Obstacle(Step.AWAY, text, day=bad[0])


def _not_away(state: Standing, leader: Leader, day: int) -> tuple[int, str] | None:
    """The day, and why the leader can't be away on it; None where nothing speaks against it."""
    if not 0 <= day < state.instance.n_days:
        return day, tr("{day}, outside the horizon", day=_date(state, day))
    if any(a <= day <= b for a, b in leader.unavailable):
        return day, tr("{day}, when the leader is unavailable", day=_date(state, day))
    if leader.available is not None and not any(a <= day <= b for a, b in leader.available):
        return day, tr("{day}, when the leader is not available", day=_date(state, day))
    return None


def _prerequisite(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    required = state.instance.required[s]
    if not required:
        return
    instance, session = state.instance, state.instance.sessions[s]
    had = set(instance.leaders[i].completed)
    for t in state.chosen[i]:
        if instance.sessions[t].last_day < session.first_day:
            had.update(instance.sessions[t].modules)
    missing = tuple(entry for entry in required if had.isdisjoint(entry))
    if missing:
        text = tr(
            "{session} requires {modules}, which the leader has not had before {day}",
            session=session.id,
            modules=listed(one_of([instance.modules[m].id for m in entry]) for entry in missing),
            day=_date(state, session.first_day),
        )
        yield Obstacle(Step.PREREQUISITE, text, entries=missing)


def _traded(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    session, transfer = state.instance.sessions[s], state.instance.policy.transfer_days
    for t in state.chosen[i]:
        other = state.instance.sessions[t]
        again = set(session.modules) & set(other.modules)
        apart = _apart(session, other)
        if again:
            module = state.instance.modules[min(again)].id
            text = tr(
                "{session} repeats {module} of {other}, which is assigned",
                session=session.id,
                module=module,
                other=other.id,
            )
            yield Obstacle(Step.TRADED, text, (t,))
        elif apart == 0:
            day = min(set(session.days) & set(other.days))
            text = tr(
                "{session} meets {other}, which is assigned, on {day}",
                session=session.id,
                other=other.id,
                day=_date(state, day),
            )
            yield Obstacle(Step.TRADED, text, (t,), day=day)
        elif session.site != other.site and apart - 1 < transfer:
            text = tr_n(
                "between {session} and {other}, which is assigned at another site, lie {n} free day,"
                " at least {needed} needed",
                "between {session} and {other}, which is assigned at another site, lie {n} free days,"
                " at least {needed} needed",
                apart - 1,
                session=session.id,
                other=other.id,
                needed=transfer,
            )
            yield Obstacle(Step.TRADED, text, (t,))


def _apart(a: Session, b: Session) -> int:
    if a.last_day < b.first_day:
        return b.first_day - a.last_day
    if b.last_day < a.first_day:
        return a.first_day - b.last_day
    return min(abs(x - y) for x in a.days for y in b.days)


def _limits(
    state: Standing, i: int, s: int, sessions: tuple[int, ...], trips: list[Trip]
) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], _id(state, s)
    n, most = len(sessions), leader.max_sessions
    if most is not None and n > most:
        text = tr_n(
            "with {session} it would be {n} session, at most {most}",
            "with {session} it would be {n} sessions, at most {most}",
            n,
            session=session,
            most=most,
        )
        yield Obstacle(Step.LIMITS, text)
    n, most = sum(len(trip.days) for trip in trips), leader.max_days
    if most is not None and n > most:
        text = tr_n(
            "with {session} it would be {n} day away, at most {most}",
            "with {session} it would be {n} days away, at most {most}",
            n,
            session=session,
            most=most,
        )
        yield Obstacle(Step.LIMITS, text)
    n, most = journeys(trips), leader.max_trips
    if most is not None and n > most:
        text = tr_n(
            "with {session} it would be {n} trip, at most {most}",
            "with {session} it would be {n} trips, at most {most}",
            n,
            session=session,
            most=most,
        )
        yield Obstacle(Step.LIMITS, text)


def _standards(state: Standing, s: int, sessions: tuple[int, ...]) -> Iterator[Obstacle]:
    policy = state.instance.policy
    if policy.core_share is None and not policy.min_methods:
        return
    held = {m for t in sessions for m in state.instance.sessions[t].modules}
    modules = [state.instance.modules[m] for m in held]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    if policy.core_share is not None and core < policy.core_share * hours:
        text = tr(
            "with {session}, {core} of {hours} hours would be core, at least {share:.4g} of them needed",
            session=_id(state, s),
            core=core,
            hours=hours,
            share=float(policy.core_share),
        )
        yield Obstacle(Step.STANDARDS, text)
    methods = len({m.method for m in modules})
    needed = min(policy.min_methods, len(modules))
    if methods < needed:
        text = tr_n(
            "with {session} it would be {n} teaching method in {modules} modules, at least {needed} needed",
            "with {session} it would be {n} teaching methods in {modules} modules, at least {needed} needed",
            methods,
            session=_id(state, s),
            modules=len(modules),
            needed=needed,
        )
        yield Obstacle(Step.STANDARDS, text)


def _candidate(state: Standing, s: int) -> Iterator[Obstacle]:
    if not state.runs(s):
        session = state.instance.sessions[s]
        text = tr(
            "{session} is a candidate that the plan does not open (cost {cost:,}, minimum {least})",
            session=session.id,
            cost=session.cost,
            least=session.min_seats,
        )
        yield Obstacle(Step.CANDIDATE, text)


def _seats(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    instance, session = state.instance, state.instance.sessions[s]
    heads = instance.leaders[i].headcount
    if state.people[s] + heads > state.capacity[s]:
        n, taken = state.capacity[s], state.people[s]
        if n == session.seats:
            seats = tr_n("{n} seat", "{n} seats", n)
        else:
            seats = tr_n("{n} seat in its room", "{n} seats in its room", n)
        text = tr(
            "{session} has {seats}, {taken} of them taken", session=session.id, seats=seats, taken=taken
        )
        yield Obstacle(Step.SEATS, _needed(text, heads))
    for branch, quota in session.quotas:
        if branch in state.lineage(i) and state.quota[s, branch] + heads > quota:
            name, taken = instance.branches[branch].id, state.quota[s, branch]
            text = tr_n(
                "{session} has {n} seat for branch {branch}, {taken} of them taken",
                "{session} has {n} seats for branch {branch}, {taken} of them taken",
                quota,
                **{"session": session.id, "branch": name, "taken": taken},
            )
            yield Obstacle(Step.SEATS, _needed(text, heads), branch=branch)


def _needed(text: str, heads: int) -> str:
    return tr("{problem}, {n} needed", problem=text, n=heads) if heads > 1 else text


def _new_days(state: Standing, i: int, trips: list[Trip], site: int | None) -> list[int]:
    """Days away that the leader has not now, at `site` only where it is given."""
    now = {day for trip in state.trips[i] if site in (None, trip.site) for day in trip.days}
    return [day for trip in trips if site in (None, trip.site) for day in trip.days if day not in now]


def _beds(state: Standing, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    heads, place = state.instance.leaders[i].headcount, state.instance.sessions[s].site
    site = state.instance.sites[place]
    if site.beds is None or state.instance.is_local(state.instance.leaders[i], place):
        return
    for day in _new_days(state, i, trips, place):
        taken = state.in_beds[place, day]
        if taken + heads > site.beds:
            text = tr_n(
                "{session} is at {site}, which has {n} bed, {taken} of them taken on {day}",
                "{session} is at {site}, which has {n} beds, {taken} of them taken on {day}",
                site.beds,
                session=_id(state, s),
                site=site.id,
                taken=taken,
                day=_date(state, day),
            )
            yield Obstacle(Step.BEDS, _needed(text, heads), day=day)
            return


def _branch(state: Standing, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    heads = state.instance.leaders[i].headcount
    capped = state.capped(i)
    if not capped:
        return
    days = _new_days(state, i, trips, None)
    for b in capped:
        branch = state.instance.branches[b]
        for day in days:
            away = state.away[b, day]
            if branch.max_away is not None and away + heads > branch.max_away:
                text = tr(
                    "{session} would take the leader away on {day}, when {away} of at most {most} people of"
                    " branch {branch} are away",
                    session=_id(state, s),
                    day=_date(state, day),
                    away=away,
                    most=branch.max_away,
                    branch=branch.id,
                )
                yield Obstacle(Step.BRANCH, _needed(text, heads), branch=b, day=day)
                break


def _tie(state: Standing, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    there = state.together.in_class(i, lambda j: s in state.chosen[j])
    if there:
        text = tr(
            "{session} is attended by {leaders}, from whom the leader is kept apart in class",
            session=_id(state, s),
            leaders=listed(state.instance.leaders[j].id for j in there),
        )
        yield Obstacle(Step.TIE, text, leaders=there)
    if not state.together.ties_days_of(i):
        return
    for day in _new_days(state, i, trips, None):
        away = state.together.on_day(i, day, lambda j, day=day: _is_away(state, j, day))  # type: ignore[misc]
        if away:
            text = tr(
                "{session} would take the leader away on {day}, when {leaders} is away: they are kept apart",
                session=_id(state, s),
                day=_date(state, day),
                leaders=listed(state.instance.leaders[j].id for j in away),
            )
            yield Obstacle(Step.TIE, text, leaders=away, day=day)
            return


def _is_away(state: Standing, j: int, day: int) -> bool:
    return any(day in trip.days for trip in state.trips[j])


def _mix(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    broken = state.together.broken(i, s, state.people[s])
    if broken is not None:
        text = tr(
            "with the leader, {session} would have {people} of {there} people with {tag} {value}, which its"
            " mix forbids",
            session=_id(state, s),
            people=broken.people,
            there=broken.there,
            tag=broken.want.tag,
            value=broken.want.value,
        )
        yield Obstacle(Step.MIX, text)


def _not_worth(state: Standing, i: int, s: int) -> Iterator[Obstacle]:
    balance = state.gain(i, s)
    if balance <= 0:
        values = {"session": _id(state, s), "account": state.account(i, s)}
        if balance == 0:
            text = tr("{session} would cost as much as it brings: {account}", **values)
        else:
            text = tr("{session} would cost more than it brings: {account}", **values)
        yield Obstacle(Step.NOT_WORTH, text)


def _holders(state: Standing, s: int, obstacle: Obstacle) -> tuple[int, ...]:
    """The other leaders who fill what is full: seats or a quota, beds, or the absences of a branch."""
    if obstacle.step is Step.SEATS:
        there = {j for j, chosen in enumerate(state.chosen) if s in chosen}
    elif obstacle.step is Step.BEDS:
        site = state.instance.sessions[s].site
        there = {
            j
            for j, trips in enumerate(state.trips)
            if any(obstacle.day in t.days and t.site == site and not t.at_home for t in trips)
        }
    elif obstacle.step is Step.BRANCH:
        there = {j for j, trips in enumerate(state.trips) if any(obstacle.day in trip.days for trip in trips)}
    else:
        return ()
    return tuple(sorted(j for j in there if obstacle.branch is None or obstacle.branch in state.lineage(j)))
