"""Who is left out again, and who of them could have had the seat of somebody who waited less.

Somebody *envies* another with good reason where they have waited longer, attend nothing though they have a
skill gap, and could take a seat of the other: with the other out of that session, and of what needs it, every
rule is kept with them in it. What either is worth isn't asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cadreplan.insight.grid import blocks
from cadreplan.insight.obstacles import Step, below_standards, forbidden
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.trips import journeys, trips_of

MOST_TRIED = 4_000
"""Exchanges that are tried for a whole plan, about a second."""
_OF_ONE = 40
"""Exchanges tried for one person of a whole plan, so that everybody who waits is looked at."""


@dataclass(frozen=True, slots=True)
class Envy:
    """Leader `leader` could take the seat of `other`, who waited less, in `session`."""

    leader: int
    other: int
    session: int


@dataclass(frozen=True, slots=True)
class Envies:
    """Each pair of people once; not `whole` where there may be more than were tried."""

    pairs: tuple[Envy, ...]
    whole: bool


def left_out(instance: Instance, solution: Solution) -> list[int]:
    """Leaders with a skill gap who attend nothing, those who waited longest first, then by id."""
    found = (
        i
        for i, leader in enumerate(instance.leaders)
        if leader.gaps and not solution.chosen[i] and not leader.left
    )
    return sorted(found, key=lambda i: (-instance.leaders[i].waited, instance.leaders[i].id))


def envies(instance: Instance, solution: Solution) -> Envies:
    """The justified envy in a plan that keeps all rules."""
    state = PlanState(instance, solution)
    waiting = [i for i in left_out(instance, solution) if instance.leaders[i].waited]
    pairs: list[Envy] = []
    left, whole = MOST_TRIED, True
    for i, sessions in _within_reach(state, waiting):
        tried, had = 0, set[int]()
        for s in sessions:
            for j in _seated_before(state, i, s):
                if j in had:
                    continue
                if tried >= _OF_ONE or not left:
                    whole = False
                    break
                tried, left = tried + 1, left - 1
                if could_take(state, i, s, j):
                    had.add(j)
                    pairs.append(Envy(i, j, s))
    return Envies(tuple(pairs), whole)


def envies_of(state: PlanState, i: int, g: int) -> list[Envy]:
    """Whose seats leader i could have had in sessions that close the gap at position g; each session once.

    Of those who could give up their seat it is the one who waited least.
    """
    leader, found = state.instance.leaders[i], []
    if state.chosen[i] or not leader.waited:
        return []
    for one, sessions in _within_reach(state, [i]):
        for s in sessions:
            if g in state.closed(leader, s):
                holders = sorted(
                    _seated_before(state, one, s), key=lambda j: state.instance.leaders[j].waited
                )
                other = next((j for j in holders if could_take(state, one, s, j)), None)
                if other is not None:
                    found.append(Envy(i, other, s))
    return found


def could_take(state: PlanState, i: int, s: int, j: int) -> bool:
    """Whether leader i, who attends nothing, could be in session s in place of leader j, all rules kept."""
    instance, other = state.instance, state.instance.leaders[j]
    held = state.chosen[j]
    rest = state.left(j, {s})
    gone = set(held) - set(rest)
    if gone & set(other.pinned) or any(instance.sessions[t].frozen for t in gone):
        return False
    if below_standards(state, rest) or not _stays_within(state, j, rest):
        return False
    for t in gone:
        session = instance.sessions[t]
        people = state.people[t] - other.headcount + (instance.leaders[i].headcount if t == s else 0)
        if session.candidate and people < session.min_seats:
            return False
    state.hold(j, rest)
    free = forbidden(state, i, s) is None
    free = free and all(state.together.holds(t, state.people[t]) for t in gone - {s})
    state.hold(j, held)
    return free


def _stays_within(state: PlanState, j: int, rest: tuple[int, ...]) -> bool:
    """Whether with these sessions alone a leader is away only where and when they are now."""
    leader = state.instance.leaders[j]
    most, trips = leader.max_trips, trips_of(state.instance, leader, rest)
    if most is not None and journeys(trips) > max(most, journeys(state.trips[j])):
        return False
    return all(
        any(
            new.site == old.site and old.first <= new.first and new.last <= old.last for old in state.trips[j]
        )
        for new in trips
    )


def _within_reach(state: PlanState, leaders: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """For each leader the sessions that close a gap and from which only a full place keeps them."""
    sieve = Sieve(state)
    for rows in blocks(list(leaders)):
        reach = sieve.reach(rows)
        for r, i in enumerate(rows.tolist()):
            leader = state.instance.leaders[i]
            closers = {s for gap in leader.gaps for s in sieve.closers(gap).tolist()}
            yield i, [s for s in sorted(closers) if reach[r, s] >= Step.SEATS and _is_full(state, i, s)]


def _is_full(state: PlanState, i: int, s: int) -> bool:
    obstacle = forbidden(state, i, s)
    return obstacle is not None and obstacle.step in (Step.SEATS, Step.BEDS, Step.BRANCH)


def _seated_before(state: PlanState, i: int, s: int) -> list[int]:
    """Those in a session who waited less than leader i."""
    leaders = state.instance.leaders
    return [
        j for j, chosen in enumerate(state.chosen) if s in chosen and leaders[j].waited < leaders[i].waited
    ]
