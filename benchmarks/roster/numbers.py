"""How many: seats by demand, minimum and cost of candidates, quotas, rooms, beds, absence limits."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace

from benchmarks.roster import season
from benchmarks.roster.state import MAX_SESSIONS, State
from cadreplan.instance import Room, Session, lineage


def add_seats(state: State) -> None:
    """Seats by demand and chance; confirmed sessions count whole, candidates half towards tightness."""
    wanted, appeal = _demand(state)
    held = season.expected_runs(state)
    deliveries: dict[int, float] = defaultdict(float)
    for p, n in zip(state.package_of, held, strict=True):
        deliveries[p] += n
    mean = sum(appeal) / sum(held)
    shares: list[float] = []
    for s, session in enumerate(state.sessions):
        p = state.package_of[s]
        base = 0.1 * mean + 0.9 * appeal[p] / deliveries[p]
        shares.append(base * _reach(state, session) * state.random.uniform(0.8, 1.2))
    counted = sum(
        x * n / 2 if session.candidate else x * n
        for x, n, session in zip(shares, held, state.sessions, strict=True)
    )
    factor = state.tightness * wanted / counted if counted else 0.0
    for s, session in enumerate(state.sessions):
        if session.offering is None:
            seats = max(3, round(shares[s] * factor))
            state.sessions[s] = _with_numbers(state, session, seats)
    for o, template in enumerate(state.templates):
        own = [s for s, session in enumerate(state.sessions) if session.offering == o]
        least = 3 if state.season is None else season.LEAST_SEATS
        seats = max(least, round(sum(shares[s] for s in own) / max(1, len(own)) * factor))
        numbers = _with_numbers(state, Session("", 0, (), (0,), 0, candidate=True), seats)
        state.templates[o] = replace(template, seats=seats, min_seats=numbers.min_seats, cost=numbers.cost)
        for s in own:
            state.sessions[s] = replace(
                state.sessions[s], seats=seats, min_seats=numbers.min_seats, cost=numbers.cost
            )


def _reach(state: State, session: Session) -> float:
    """Sessions for some roles or few provinces are smaller."""
    roles = 1.0 if session.roles is None else len(session.roles) / len(state.roles)
    if session.branches is None:
        return roles
    share = sum(state.province_weights[state.province_branches.index(b)] for b in session.branches)
    return roles * min(1.0, 0.4 + 3 * share / sum(state.province_weights))


def _demand(state: State) -> tuple[int, list[float]]:
    """People-seats wanted if sessions had no end, and how much of it falls to each package.

    Every leader takes the package that closes most of what is open, until nothing is open or the limit of
    sessions is reached. A package's appeal is its share in the skill gaps it can close.
    """
    closing: dict[tuple[int, int], list[int]] = {}
    wanted, appeal = 0, [0.0] * len(state.packages)
    for person in state.people:
        options: dict[int, int] = defaultdict(int)
        for g, gap in enumerate(person.gaps):
            key = (gap.skill, gap.level)
            if key not in closing:
                closing[key] = [p for p, levels in enumerate(state.taught) if levels.get(key[0], 0) >= key[1]]
            for p in closing[key]:
                options[p] |= 1 << g
                appeal[p] += person.headcount / len(closing[key])
        left, taken = (1 << len(person.gaps)) - 1, 0
        while left and taken < MAX_SESSIONS:
            best = max((mask & left).bit_count() for mask in options.values()) if options else 0
            if not best:
                break
            left &= ~next(mask for mask in options.values() if (mask & left).bit_count() == best)
            taken += 1
        wanted += taken * person.headcount
    return wanted, appeal


def _with_numbers(state: State, session: Session, seats: int) -> Session:
    random = state.random
    if not state.all:
        return replace(session, seats=seats)
    min_seats, cost = 0, 0
    if session.candidate:
        min_seats, cost = max(1, round(seats * 0.55)), 100 * round(seats * random.uniform(20, 60))
    elif random.random() < 0.12:
        min_seats = max(1, seats // 2)
    quotas: tuple[tuple[int, int], ...] = ()
    if session.id and session.branches is None and random.random() < 0.15:
        some = random.sample(state.province_branches, min(state.n_provinces, random.choice((1, 2, 3))))
        quotas = tuple((b, max(1, round(seats * random.uniform(0.08, 0.2)))) for b in sorted(some))
    return replace(session, seats=seats, min_seats=min_seats, cost=cost, quotas=quotas)


def add_rooms_and_beds(state: State) -> None:
    """Rooms that hold the confirmed sessions and some of the candidates; beds short of the peak."""
    if not state.all:
        return
    if state.season is not None:
        season.add_rooms_and_beds(state)
        return
    at_site: dict[int, list[int]] = defaultdict(list)
    for s, session in enumerate(state.sessions):
        at_site[session.site].append(s)
    for site in sorted(at_site):
        if state.random.random() < 0.5:
            peak = Counter[int]()
            for s in at_site[site]:
                peak.update(dict.fromkeys(trip_days(state, s), state.sessions[s].seats))
            beds = max(4, round(max(peak.values()) * state.random.uniform(0.75, 0.9)))
            state.sites[site] = replace(state.sites[site], beds=beds)
        if state.random.random() < 0.35:
            state.sites[site] = replace(state.sites[site], rooms=_rooms(state, site, at_site[site]))


def trip_days(state: State, s: int) -> range:
    """The days from a session's first to its last."""
    return range(state.sessions[s].first_day, state.sessions[s].last_day + 1)


def _rooms(state: State, site: int, sessions: list[int]) -> tuple[Room, ...]:
    """Largest sessions first, each in the first room free on its days; most candidates add none."""
    taken: list[set[int]] = []
    seats: list[int] = []
    order = sorted(sessions, key=lambda s: (state.sessions[s].candidate, -state.sessions[s].seats, s))
    for s in order:
        session = state.sessions[s]
        free = next((r for r, days in enumerate(taken) if not days & set(session.days)), None)
        if free is not None:
            taken[free] |= set(session.days)
        elif not session.candidate or state.random.random() < 0.3:
            taken.append(set(session.days))
            seats.append(max(2, round(session.seats * state.random.choice((0.85, 1.0, 1.0)))))
    return tuple(Room(f"{state.sites[site].id}-{r + 1}", n) for r, n in enumerate(seats))


def add_absence_caps(state: State) -> None:
    """Shares of the people of a branch (and those below it) that may be away on one day."""
    below = Counter[int]()
    for person in state.people:
        for b in lineage(state.branches, person.branch):
            below[b] += person.headcount
    for b, branch in enumerate(state.branches):
        low, high, least = ((0.13, 0.13, 4), (0.18, 0.25, 4), (0.25, 0.4, 4))[
            len(lineage(state.branches, b)) - 1
        ]
        share = state.random.uniform(low, high)
        state.branches[b] = replace(branch, max_away=max(least, math.ceil(below[b] * share)))
