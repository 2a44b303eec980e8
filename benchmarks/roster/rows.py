"""The rows of the roster: absence, limits, wishes, exclusions, and pins that hurt nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from benchmarks.roster import world
from benchmarks.roster.numbers import trip_days
from benchmarks.roster.places import near
from benchmarks.roster.state import MAX_DAYS, MAX_SESSIONS, MAX_TRIPS, OwnValues, Person, State
from cadreplan.instance import DayRange, Leader, Policy, Weights, lineage

_OWN_LIMITS: tuple[tuple[int | None, int | None, int | None], ...] = (
    (2, None, None),
    (3, 10, None),
    (None, 8, 2),
    (None, None, 2),
    (5, 20, 4),
)
"""Sessions, days and trips that some leaders' rows state instead of the policy's limits."""


def add_leaders(state: State) -> None:
    """One row for every person, and the policy they share."""
    state.policy = Policy(
        transfer_days=1 if state.all else 0,
        stay_gap=2 if state.all else 0,
        core_share=Fraction(1, 4) if state.all else None,
        min_methods=2 if state.all else 0,
        weights=Weights(),
    )
    for i, person in enumerate(state.people):
        leader, own = _leader(state, i, person)
        state.leaders.append(_wishes(state, leader) if state.all else leader)
        state.own.append(own)


def _leader(state: State, i: int, person: Person) -> tuple[Leader, OwnValues]:
    random = state.random
    home = state.branches[person.branch].location
    elsewhere = home is not None and random.random() < 0.1
    if elsewhere and home is not None:
        home = near(state, home, 0.5)
    absences = random.choices((0, 1, 2, 3), (3, 4, 2, 1))[0]
    unavailable = merged(_some_days(state, 2, 12) for _ in range(absences))
    available = None
    sessions = days = trips = None
    if state.all:
        if random.random() < 0.03:
            first = random.randrange(state.n_days // 2)
            available = ((first, min(state.n_days - 1, first + 60)),)
        if random.random() < 0.15:
            sessions, days, trips = random.choice(_OWN_LIMITS)
    given = "".join(random.choices(world.GIVEN, k=random.choice((1, 2))))
    leader = Leader(
        id=f"L{i + 1:05}",
        name=random.choice(world.SURNAMES) + given,
        branch=person.branch,
        role=person.role,
        gaps=person.gaps,
        completed=person.completed,
        location=home,
        available=available,
        unavailable=unavailable,
        priority=random.choices((1, 2, 3), (14, 5, 1))[0],
        headcount=person.headcount,
        max_sessions=MAX_SESSIONS if sessions is None else sessions,
        max_days=MAX_DAYS if days is None else days,
        max_trips=MAX_TRIPS if trips is None else trips,
    )
    return leader, OwnValues(sessions, days, trips, elsewhere)


def merged(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
    """The same days in ranges that neither meet nor touch, in order."""
    merged: list[DayRange] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _some_days(state: State, shortest: int, longest: int) -> DayRange:
    first = state.random.randrange(state.n_days)
    return first, min(state.n_days - 1, first + state.random.randint(shortest, longest) - 1)


def _wishes(state: State, leader: Leader) -> Leader:
    """Preferences, exclusions, and a few pins that stand alone and leave room for everybody else's."""
    random = state.random
    if random.random() < 0.2:
        some = sorted(random.sample(range(state.n_sessions), min(state.n_sessions, random.randint(1, 3))))
        points = [(s, 100 * random.choice((-10, -3, 3, 5, 10, 20))) for s in some]
        leader = replace(leader, prefers_sessions=tuple(points))
    if random.random() < 0.08:
        site = (random.randrange(len(state.sites)), 100 * random.choice((-20, -5, 5, 10)))
        leader = replace(leader, prefers_sites=(site,))
    if random.random() < 0.02:
        leader = replace(leader, excluded=(random.randrange(state.n_sessions),))
    if random.random() < 0.01:
        s = random.randrange(state.n_explicit)
        if _pin_is_safe(state, leader, s):
            state.pins["session", s] += 1
            state.pins["site", state.sessions[s].site] += 1
            for b in lineage(state.branches, leader.branch):
                state.pins["branch", b] += 1
            leader = replace(leader, pinned=(s,))
    return leader


def _pin_is_safe(state: State, leader: Leader, s: int) -> bool:
    """Whether the session alone is a plan of the leader, whoever else is pinned."""
    session, line = state.sessions[s], set(lineage(state.branches, leader.branch))
    modules = [state.modules[m] for m in session.modules]
    had = leader.completed | set(session.modules)
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    methods = len({m.method for m in modules})
    days = set(trip_days(state, s))
    away = {day for first, last in leader.unavailable for day in range(first, last + 1)}
    return (
        not session.candidate
        and leader.headcount == 1
        and leader.available is None
        and s not in leader.excluded
        and not days & away
        and len(days) <= min(8, leader.max_days or 0)
        and (session.branches is None or bool(line & set(session.branches)))
        and (session.roles is None or leader.role in session.roles)
        and not session.quotas
        and all(not had.isdisjoint(entry) for m in modules for entry in m.requires)
        and core * 4 >= hours
        and methods >= min(2, len(modules))
        and state.pins["session", s] < 1
        and state.pins["site", session.site] < 2
        and all(
            state.pins["branch", b] < (state.branches[b].max_away or 0) // 4
            for b in lineage(state.branches, leader.branch)
        )
    )
