"""Which limits a set of pins runs into by itself: the limit, the day, the figures, and whose pins they are.

A plain computation on the pinned sessions and the days between those of one trip. It proves nothing, and
needs not to: that no plan keeps the pins is known already. What breaks a rule for one leader alone is asked
of `check`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cadreplan.engines.exact.cohorts import at_most
from cadreplan.engines.exact.reach import Reach
from cadreplan.instance import Branch, Instance, Site
from cadreplan.language import later, listed, tr, tr_n
from cadreplan.solution import Solution
from cadreplan.trips import trips_of
from cadreplan.verification.rules import OF_ONE_LEADER, check

Pin = tuple[int, int]
"""A leader and a session to be attended."""

_MENDABLE = frozenset(("prerequisite", "standards"))
"""Rules that something else might satisfy, if it were possible."""

_BROKEN_FOR_GOOD = OF_ONE_LEADER - _MENDABLE - {"useful"}
"""Rules that nothing else a leader attends would satisfy; pinned sessions need not be useful."""


class _Stay(NamedTuple):
    """A leader away for a pinned session, or for the trip of several."""

    leader: int
    sessions: tuple[int, ...]
    idle: bool
    """On that day none of them is held."""


def breaches(instance: Instance, pins: Sequence[Pin]) -> list[str]:
    """A sentence for each limit that these pins break; if they break none alone, what tells most."""
    held: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for i, s in sorted(pins):
        held[i] = (*held[i], s)
    found = [
        *_seats(instance, pins),
        *_of_leaders(instance, held, _BROKEN_FOR_GOOD),
        *_away(instance, held),
        *_rooms(instance, pins),
        *_runs(instance, pins),
        *_cohorts(instance, held),
    ]
    found = found or [*_of_leaders(instance, held, _MENDABLE), *_too_few(instance, pins)]
    if found or not pins:
        return found
    return [tr("no single limit forbids them: what else they need can't be had all at once")]


def _named(thing: Branch | Site) -> str:
    return f"{thing.id} ({thing.name})" if thing.name and thing.name != thing.id else thing.id


def _people(instance: Instance, leaders: Sequence[int]) -> tuple[int, str]:
    """How many people these leaders are, and who."""
    n = sum(instance.leaders[i].headcount for i in leaders)
    return n, listed(_leader(instance, i) for i in leaders)


def _leader(instance: Instance, i: int) -> str:
    leader = instance.leaders[i]
    if leader.headcount == 1:
        return leader.id
    return tr("{leader} ({n} people)", leader=leader.id, n=leader.headcount)


def _seats(instance: Instance, pins: Sequence[Pin]) -> Iterator[str]:
    cohorts: dict[int, list[int]] = defaultdict(list)
    for i, s in sorted(pins):
        cohorts[s].append(i)
    for s, cohort in sorted(cohorts.items()):
        session = instance.sessions[s]
        people, _ = _people(instance, cohort)
        rooms = instance.sites[session.site].rooms
        largest = None if rooms is None else max((room.seats for room in rooms), default=0)
        if people > session.seats:
            yield tr_n(
                "session {session} has {n} seat for these {people} people",
                "session {session} has {n} seats for these {people} people",
                session.seats,
                session=session.id,
                people=people,
            )
        elif largest is not None and people > largest:
            yield tr(
                "the largest room of {site} has {n} seats for the {people} people in session {session}",
                site=_named(instance.sites[session.site]),
                n=largest,
                people=people,
                session=session.id,
            )
        for branch, quota in session.quotas:
            of_branch = [i for i in cohort if branch in instance.lineages[instance.leaders[i].branch]]
            people, who = _people(instance, of_branch)
            if people > quota:
                yield tr(
                    "session {session} has a quota of {n} for branch {branch}, and {people} people are of it:"
                    " {who}",
                    session=session.id,
                    n=quota,
                    branch=_named(instance.branches[branch]),
                    people=people,
                    who=who,
                )


def _of_leaders(instance: Instance, held: dict[int, tuple[int, ...]], rules: frozenset[str]) -> Iterator[str]:
    """What the check says of each leader with nothing but the pins."""
    for i, sessions in sorted(held.items()):
        leader = replace(instance.leaders[i], pinned=sessions)
        alone = replace(instance, leaders=(leader,), limits=(), ties=(), mix=())  # these name others
        candidates = frozenset(s for s in sessions if instance.sessions[s].candidate)
        for found in check(alone, Solution((sessions,), candidates)).violations:
            if found.rule not in rules or found.where != leader.id:
                continue
            text = later("leader {leader}: {problem}")
            if rules is _MENDABLE:
                text = later("leader {leader}: {problem}, and nothing else they could be given helps")
            yield tr(text, leader=leader.id, problem=found.message)


def _away(instance: Instance, held: dict[int, tuple[int, ...]]) -> Iterator[str]:
    """Beds and absences by day, the days of trips between the sessions among them."""
    beds: dict[tuple[int, int], list[_Stay]] = defaultdict(list)
    away: dict[tuple[int, int], dict[int, _Stay]] = defaultdict(dict)
    for i, sessions in sorted(held.items()):
        for trip in trips_of(instance, instance.leaders[i], sessions):
            on_trip = tuple(
                s
                for s in sessions
                if instance.sessions[s].site == trip.site
                and any(trip.first <= day <= trip.last for day in instance.sessions[s].days)
            )
            for day in trip.days:
                here = tuple(s for s in on_trip if day in instance.sessions[s].days)
                stay = _Stay(i, here or on_trip, not here)
                if not trip.at_home:
                    beds[trip.site, day].append(stay)
                for b in instance.lineages[instance.leaders[i].branch]:
                    away[b, day].setdefault(i, stay)
    told: set[tuple[str, int]] = set()
    for (p, day), stays in sorted(beds.items(), key=lambda item: item[0][::-1]):
        site = instance.sites[p]
        people, _ = _people(instance, [stay.leader for stay in stays])
        if site.beds is not None and people > site.beds and ("beds", p) not in told:
            told.add(("beds", p))
            yield tr_n(
                "site {site} has {n} bed, and on {day} {people} people would need one: {who}",
                "site {site} has {n} beds, and on {day} {people} people would need one: {who}",
                site.beds,
                site=_named(site),
                day=instance.date_of(day).isoformat(),
                people=people,
                who=_stays(instance, stays),
            )
    for (b, day), by_leader in sorted(away.items(), key=lambda item: item[0][::-1]):
        branch, stays = instance.branches[b], list(by_leader.values())
        people, _ = _people(instance, list(by_leader))
        if branch.max_away is not None and people > branch.max_away and ("branch", b) not in told:
            told.add(("branch", b))
            yield tr_n(
                "branch {branch} may have {n} person away on a day (max_away), and on {day} {people} would"
                " be: {who}",
                "branch {branch} may have {n} people away on a day (max_away), and on {day} {people} would"
                " be: {who}",
                branch.max_away,
                branch=_named(branch),
                day=instance.date_of(day).isoformat(),
                people=people,
                who=_stays(instance, stays),
            )


def _stays(instance: Instance, stays: Sequence[_Stay]) -> str:
    return listed(_stay(instance, stay) for stay in stays)


def _stay(instance: Instance, stay: _Stay) -> str:
    names = [instance.sessions[s].id for s in stay.sessions]
    leader = _leader(instance, stay.leader)
    if not stay.idle:
        return tr("{leader} (in {sessions})", leader=leader, sessions=listed(names))
    return tr("{leader} (staying over, on the trip for {sessions})", leader=leader, sessions=listed(names))


def _rooms(instance: Instance, pins: Sequence[Pin]) -> Iterator[str]:
    """Days on which the sessions that must run are more than the rooms that are large enough."""
    people: dict[int, int] = {s: 0 for s, session in enumerate(instance.sessions) if not session.candidate}
    for i, s in pins:
        people[s] = people.get(s, 0) + instance.leaders[i].headcount
    on_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s in people:
        session = instance.sessions[s]
        for day in session.days:
            on_day[session.site, day].append(s)
    told: set[int] = set()
    for (p, day), sessions in sorted(on_day.items(), key=lambda item: item[0][::-1]):
        rooms = instance.sites[p].rooms
        if rooms is None or p in told:
            continue
        seats = sorted((room.seats for room in rooms), reverse=True)
        sessions.sort(key=lambda s: (-people[s], s))
        for k, s in enumerate(sessions):
            if k >= len(seats) or seats[k] < people[s]:
                if k == 0 and seats:
                    continue  # too large for any room, which `_seats` tells
                told.add(p)
                yield tr_n(
                    "site {site} has {n} room with at least {seats} seats, and on {day} {m} sessions would"
                    " need one: {sessions}",
                    "site {site} has {n} rooms with at least {seats} seats, and on {day} {m} sessions would"
                    " need one: {sessions}",
                    sum(n >= people[s] for n in seats),
                    site=_named(instance.sites[p]),
                    seats=people[s],
                    day=instance.date_of(day).isoformat(),
                    m=k + 1,
                    sessions=listed(instance.sessions[t].id for t in sessions[: k + 1]),
                )
                break


def _runs(instance: Instance, pins: Sequence[Pin]) -> Iterator[str]:
    runs: dict[int, set[int]] = defaultdict(set)
    for _, s in pins:
        offering = instance.sessions[s].offering
        if offering is not None:
            runs[offering].add(s)
    for o, sessions in sorted(runs.items()):
        most = instance.offerings[o].max_runs
        if most is not None and len(sessions) > most:
            yield tr_n(
                "offering {offering} may be held {n} time (max_runs), and these would be {m}: {sessions}",
                "offering {offering} may be held {n} times (max_runs), and these would be {m}: {sessions}",
                most,
                offering=instance.offerings[o].id,
                m=len(sessions),
                sessions=listed(instance.sessions[s].id for s in sorted(sessions)),
            )


def _cohorts(instance: Instance, held: dict[int, tuple[int, ...]]) -> Iterator[str]:
    """What the check says of ties and of people at most in a class, which nobody else can put right."""
    most = at_most(instance)
    if not most and not instance.ties:
        return
    chosen = tuple(held.get(i, ()) for i in range(len(instance.leaders)))
    candidates = frozenset(s for own in chosen for s in own if instance.sessions[s].candidate)
    for found in check(replace(instance, mix=most), Solution(chosen, candidates)).violations:
        if found.rule == "ties":
            yield found.message
        elif found.rule == "mix":
            yield tr("session {session}: {problem}", session=found.where, problem=found.message)


def _too_few(instance: Instance, pins: Sequence[Pin]) -> Iterator[str]:
    """Candidates that fewer people than their minimum could attend."""
    wanted = sorted({s for _, s in pins if instance.sessions[s].candidate})
    free = tuple(replace(session, min_seats=0) for session in instance.sessions)
    able = Reach(replace(instance, sessions=free)).sessions if wanted else []
    for s in wanted:
        people = sum(instance.leaders[i].headcount for i, sessions in enumerate(able) if s in sessions)
        if people < instance.sessions[s].min_seats:
            yield tr(
                "candidate {session} runs with {least} people or more (min_seats), and only {people} could"
                " attend it",
                session=instance.sessions[s].id,
                least=instance.sessions[s].min_seats,
                people=people,
            )
