"""What stands in the way of a leader attending one session more, with witnesses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Leader, Session
from cadreplan.messages import Message
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
    """One thing against; `told` says what with ids, dates and figures.

    By index, where they are witnesses: `sessions` the assigned sessions it clashes with, `entries` what is
    required and missing (of each one module is enough), `leaders` those who hold the seats or beds, or are
    away from the `branch`, on the `day`.
    """

    step: Step
    told: Message
    sessions: tuple[int, ...] = ()
    entries: tuple[tuple[int, ...], ...] = ()
    leaders: tuple[int, ...] = ()
    branch: int | None = None
    day: int | None = None

    @property
    def code(self) -> str:
        return self.step.code


def obstacles(state: PlanState, i: int, s: int) -> list[Obstacle]:
    """All obstacles to leader i attending session s besides what the plan gives, in the order of `Step`.

    None at all means that adding the session keeps every rule and is worth something; that it closes a skill
    gap of the leader is taken for granted. Takes time linear in the leaders, for the witnesses.
    """
    found = [*_against(state, i, s), *_not_worth(state, i, s)]
    return [replace(obstacle, leaders=obstacle.leaders or _holders(state, s, obstacle)) for obstacle in found]


def first_obstacle(state: PlanState, i: int, s: int) -> Obstacle | None:
    """The first of `obstacles` without its leaders, None where nothing stands in the way; quick."""
    return forbidden(state, i, s) or next(_not_worth(state, i, s), None)


def forbidden(state: PlanState, i: int, s: int) -> Obstacle | None:
    """The first rule that would be broken; what the session is worth isn't asked."""
    return next(_against(state, i, s), None)


def _against(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
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


def _id(state: PlanState, s: int) -> str:
    return state.instance.sessions[s].id


def _ids(state: PlanState, leaders: Iterable[int]) -> tuple[str, ...]:
    return tuple(state.instance.leaders[j].id for j in leaders)


def _date(state: PlanState, day: int) -> str:
    return state.instance.date_of(day).isoformat()


def below_standards(state: PlanState, sessions: tuple[int, ...]) -> bool:
    """Whether somebody may not attend just these sessions, for their core hours or their methods."""
    return bool(sessions) and any(True for _ in _standards(state, sessions[0], sessions))


def _audience(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], state.instance.sessions[s]
    if session.frozen:
        yield Obstacle(Step.AUDIENCE, Message.of("begun", session=session.id))
        return
    if s in leader.excluded:
        yield Obstacle(Step.AUDIENCE, Message.of("excluded", session=session.id))
    if session.branches is not None and not set(session.branches) & set(state.lineage(i)):
        branch = state.instance.branches[leader.branch].id
        yield Obstacle(Step.AUDIENCE, Message.of("other-branches", session=session.id, branch=branch))
    if session.roles is not None and leader.role not in session.roles:
        if leader.role is None:
            told = Message.of("no-role", session=session.id)
        else:
            told = Message.of("other-roles", session=session.id, role=state.instance.roles[leader.role].id)
        yield Obstacle(Step.AUDIENCE, told)


def _dates(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], state.instance.sessions[s]
    bad = next((why for day in session.days if (why := _not_away(state, leader, day))), None)
    if bad is not None:
        told = Message.of(f"held-{bad[1]}", session=session.id, day=_date(state, bad[0]))
        yield Obstacle(Step.DATES, told, day=bad[0])


def _away(state: PlanState, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    leader, own = state.instance.leaders[i], state.instance.sessions[s].days
    idle = (day for trip in trips for day in trip.days if day not in own)
    bad = next((why for day in idle if (why := _not_away(state, leader, day))), None)
    if bad is not None:
        told = Message.of(f"stays-{bad[1]}", session=_id(state, s), day=_date(state, bad[0]))
        yield Obstacle(Step.AWAY, told, day=bad[0])


def _not_away(state: PlanState, leader: Leader, day: int) -> tuple[int, str] | None:
    """The day, and the end of the code that says why the leader can't be away on it; None where one can."""
    if not 0 <= day < state.instance.n_days:
        return day, "outside"
    if any(a <= day <= b for a, b in leader.unavailable):
        return day, "while-away"
    if leader.available is not None and not any(a <= day <= b for a, b in leader.available):
        return day, "at-other-times"
    return None


def _prerequisite(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
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
        told = Message.of(
            "requires",
            session=session.id,
            modules=tuple(tuple(instance.modules[m].id for m in entry) for entry in missing),
            day=_date(state, session.first_day),
        )
        yield Obstacle(Step.PREREQUISITE, told, entries=missing)


def _traded(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    session, transfer = state.instance.sessions[s], state.instance.policy.transfer_days
    for t in state.chosen[i]:
        other = state.instance.sessions[t]
        again = set(session.modules) & set(other.modules)
        apart = _apart(session, other)
        if again:
            module = state.instance.modules[min(again)].id
            told = Message.of("repeats", session=session.id, module=module, other=other.id)
            yield Obstacle(Step.TRADED, told, (t,))
        elif apart == 0:
            day = min(set(session.days) & set(other.days))
            told = Message.of("meets", session=session.id, other=other.id, day=_date(state, day))
            yield Obstacle(Step.TRADED, told, (t,), day=day)
        elif session.site != other.site and apart - 1 < transfer:
            told = Message.of("too-close", session=session.id, other=other.id, free=apart - 1, least=transfer)
            yield Obstacle(Step.TRADED, told, (t,))


def _apart(a: Session, b: Session) -> int:
    if a.last_day < b.first_day:
        return b.first_day - a.last_day
    if b.last_day < a.first_day:
        return a.first_day - b.last_day
    return min(abs(x - y) for x in a.days for y in b.days)


def _limits(
    state: PlanState, i: int, s: int, sessions: tuple[int, ...], trips: list[Trip]
) -> Iterator[Obstacle]:
    leader, session = state.instance.leaders[i], _id(state, s)
    n, most = len(sessions), leader.max_sessions
    if most is not None and n > most:
        told = Message.of("sessions-used-up", session=session, sessions=n, most=most)
        yield Obstacle(Step.LIMITS, told)
    n, most = sum(len(trip.days) for trip in trips), leader.max_days
    if most is not None and n > most:
        yield Obstacle(Step.LIMITS, Message.of("days-used-up", session=session, days=n, most=most))
    n, most = journeys(trips), leader.max_trips
    if most is not None and n > most:
        yield Obstacle(Step.LIMITS, Message.of("trips-used-up", session=session, trips=n, most=most))


def _standards(state: PlanState, s: int, sessions: tuple[int, ...]) -> Iterator[Obstacle]:
    policy = state.instance.policy
    if policy.core_share is None and not policy.min_methods:
        return
    held = {m for t in sessions for m in state.instance.sessions[t].modules}
    modules = [state.instance.modules[m] for m in held]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    if policy.core_share is not None and core < policy.core_share * hours:
        told = Message.of(
            "core-share", session=_id(state, s), core=core, hours=hours, share=float(policy.core_share)
        )
        yield Obstacle(Step.STANDARDS, told)
    methods = len({m.method for m in modules})
    needed = min(policy.min_methods, len(modules))
    if methods < needed:
        told = Message.of("methods", session=_id(state, s), methods=methods, held=len(modules), least=needed)
        yield Obstacle(Step.STANDARDS, told)


def _candidate(state: PlanState, s: int) -> Iterator[Obstacle]:
    if not state.runs(s):
        session = state.instance.sessions[s]
        told = Message.of("not-opened", session=session.id, cost=session.cost, least=session.min_seats)
        yield Obstacle(Step.CANDIDATE, told)


def _seats(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    instance, session = state.instance, state.instance.sessions[s]
    heads = instance.leaders[i].headcount
    if state.people[s] + heads > state.capacity[s]:
        n = state.capacity[s]
        told = Message.of(
            "seats-taken" if n == session.seats else "room-taken",
            session=session.id,
            seats=n,
            taken=state.people[s],
            needed=_needed(heads),
        )
        yield Obstacle(Step.SEATS, told)
    for branch, quota in session.quotas:
        if branch in state.lineage(i) and state.quota[s, branch] + heads > quota:
            told = Message.of(
                "quota-taken",
                session=session.id,
                branch=instance.branches[branch].id,
                seats=quota,
                taken=state.quota[s, branch],
                needed=_needed(heads),
            )
            yield Obstacle(Step.SEATS, told, branch=branch)


def _needed(heads: int) -> int | None:
    """What is needed, where it is worth a word."""
    return heads if heads > 1 else None


def _new_days(state: PlanState, i: int, trips: list[Trip], site: int | None) -> list[int]:
    """Days away that the leader has not now, at `site` only where it is given."""
    now = {day for trip in state.trips[i] if site in (None, trip.site) for day in trip.days}
    return [day for trip in trips if site in (None, trip.site) for day in trip.days if day not in now]


def _beds(state: PlanState, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    heads, place = state.instance.leaders[i].headcount, state.instance.sessions[s].site
    site = state.instance.sites[place]
    if site.beds is None or state.instance.is_local(state.instance.leaders[i], place):
        return
    for day in _new_days(state, i, trips, place):
        taken = state.in_beds[place, day]
        if taken + heads > site.beds:
            told = Message.of(
                "beds-taken",
                session=_id(state, s),
                site=site.id,
                beds=site.beds,
                taken=taken,
                day=_date(state, day),
                needed=_needed(heads),
            )
            yield Obstacle(Step.BEDS, told, day=day)
            return


def _branch(state: PlanState, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
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
                told = Message.of(
                    "branch-away",
                    session=_id(state, s),
                    day=_date(state, day),
                    away=away,
                    most=branch.max_away,
                    branch=branch.id,
                    needed=_needed(heads),
                )
                yield Obstacle(Step.BRANCH, told, branch=b, day=day)
                break


def _tie(state: PlanState, i: int, s: int, trips: list[Trip]) -> Iterator[Obstacle]:
    there = state.together.in_class(i, lambda j: s in state.chosen[j])
    if there:
        told = Message.of("apart-in-class", session=_id(state, s), leaders=_ids(state, there))
        yield Obstacle(Step.TIE, told, leaders=there)
    if not state.together.ties_days_of(i):
        return
    for day in _new_days(state, i, trips, None):
        away = state.together.on_day(i, day, lambda j, day=day: _is_away(state, j, day))  # type: ignore[misc]
        if away:
            told = Message.of(
                "apart-on-day", session=_id(state, s), day=_date(state, day), leaders=_ids(state, away)
            )
            yield Obstacle(Step.TIE, told, leaders=away, day=day)
            return


def _is_away(state: PlanState, j: int, day: int) -> bool:
    return any(day in trip.days for trip in state.trips[j])


def _mix(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    broken = state.together.broken(i, s, state.people[s])
    if broken is not None:
        told = Message.of(
            "mix-forbids",
            session=_id(state, s),
            people=broken.people,
            there=broken.there,
            tag=broken.want.tag,
            value=broken.want.value,
        )
        yield Obstacle(Step.MIX, told)


def _not_worth(state: PlanState, i: int, s: int) -> Iterator[Obstacle]:
    balance = state.gain(i, s)
    if balance <= 0:
        code = "costs-as-much" if balance == 0 else "costs-more"
        told = Message.of(code, session=_id(state, s), account=state.account(i, s))
        yield Obstacle(Step.NOT_WORTH, told)


def _holders(state: PlanState, s: int, obstacle: Obstacle) -> tuple[int, ...]:
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
