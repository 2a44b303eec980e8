"""What has begun as an engine can take it: pinned, and never against a rule.

`cadreplan.past.restored` puts what was held back into a roster that has changed, where it may break any rule.
The check says what then holds: nothing is tested on the past by itself, and a limit is what the past takes
where that is more. Here the same is written into the data, so that engines need to know little of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import DayRange, Instance, Leader, Past, Session
from cadreplan.solution import Solution
from cadreplan.trips import Trip, journeys


def held(instance: Instance, solution: Solution) -> Instance:
    """`instance` with the people of `solution` in frozen sessions pinned there, and everybody else kept out.

    Plans of both that have these people there are the same, but for a constant in what they are worth:
    frozen sessions cost and lack nothing here, and who has left misses hours like everybody else, always the
    same. Where nothing is frozen it is the instance itself.
    """
    frozen = frozenset(s for s, session in enumerate(instance.sessions) if session.frozen)
    if not frozen:
        return instance
    chosen = tuple(tuple(s for s in own if s in frozen) for own in solution.chosen)
    state = PlanState(instance, Solution(chosen))
    people, trips = state.people, state.trips
    tied = Counter(
        (t, day)
        for t, tie in enumerate(instance.ties)
        for i in tie.leaders
        for day in {day for trip in trips[i] for day in trip.days}
    )
    runs = Counter(
        instance.sessions[s].offering
        for s in frozen
        if instance.sessions[s].candidate and s in solution.running
    )
    past = instance.past or Past()
    taken: set[tuple[int, int, int]] = set()
    return replace(
        instance,
        sessions=tuple(
            _session(instance, session, s in solution.running, people[s], taken) if s in frozen else session
            for s, session in enumerate(instance.sessions)
        ),
        offerings=tuple(
            replace(one, max_runs=None if one.max_runs is None else max(0, one.max_runs - runs[o]))
            for o, one in enumerate(instance.offerings)
        ),
        leaders=tuple(
            _leader(instance, leader, chosen[i], trips[i], frozen)
            for i, leader in enumerate(instance.leaders)
        ),
        past=replace(past, beds=dict(state.in_beds), away=dict(state.away), tied=dict(tied)),
    )


def _session(
    instance: Instance, session: Session, runs: bool, people: int, taken: set[tuple[int, int, int]]
) -> Session:
    """Confirmed for exactly those people, or never to run; in its room, unless another one is there."""
    open_to_all = replace(session, branches=None, roles=None, quotas=(), cost=0)
    if session.candidate and not runs:
        return replace(open_to_all, seats=1, min_seats=2, room=None)
    room = session.room if instance.sites[session.site].rooms is not None else None
    days = {(session.site, -1 if room is None else room, day) for day in session.days}
    if room is not None:
        room = None if days & taken else room
        taken |= days
    return replace(open_to_all, seats=max(1, people), min_seats=0, candidate=False, offering=None, room=room)


def _leader(
    instance: Instance,
    leader: Leader,
    chosen: tuple[int, ...],
    trips: Sequence[Trip],
    frozen: Collection[int],
) -> Leader:
    if not chosen:
        return replace(
            leader,
            pinned=tuple(s for s in leader.pinned if s not in frozen),
            excluded=tuple(sorted({*leader.excluded, *frozen})),
            left=False,
        )
    away = {day for trip in trips for day in trip.days}
    kept_off = _not_on(instance, leader, away)
    days = sum(len(trip.days) for trip in trips)
    available, unavailable = _allowing(leader, away)
    return replace(
        leader,
        pinned=tuple(sorted({*(s for s in leader.pinned if s not in frozen), *chosen})),
        excluded=tuple(sorted({*leader.excluded, *frozen, *kept_off} - set(chosen))),
        available=available,
        unavailable=unavailable,
        max_sessions=_at_least(leader.max_sessions, len(chosen)),
        max_days=_at_least(leader.max_days, days),
        max_trips=_at_least(leader.max_trips, journeys(trips)),
        left=False,
    )


def _at_least(limit: int | None, past: int) -> int | None:
    return None if limit is None else max(limit, past)


def _not_on(instance: Instance, leader: Leader, away: Collection[int]) -> set[int]:
    """Sessions on a day that is allowed only because the leader is on an old trip state."""
    odd = {
        day
        for day in away
        if any(a <= day <= b for a, b in leader.unavailable)
        or (leader.available is not None and not any(a <= day <= b for a, b in leader.available))
    }
    return {
        s
        for s, session in enumerate(instance.sessions)
        if not session.frozen and not odd.isdisjoint(session.days)
    }


def _allowing(
    leader: Leader, away: Collection[int]
) -> tuple[tuple[DayRange, ...] | None, tuple[DayRange, ...]]:
    """The leader's `available` and `unavailable` with these days allowed."""
    days = tuple((day, day) for day in sorted(away))
    available = None if leader.available is None else (*leader.available, *days)
    unavailable: list[DayRange] = []
    for first, last in leader.unavailable:
        start = first
        for day in sorted(day for day in away if first <= day <= last):
            if start < day:
                unavailable.append((start, day - 1))
            start = day + 1
        if start <= last:
            unavailable.append((start, last))
    return available, tuple(unavailable)
