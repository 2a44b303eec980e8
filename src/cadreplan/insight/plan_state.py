"""A plan laid out for questions of the kind "and if this leader attended that session too?"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cadreplan.engines.stones import lead_up
from cadreplan.insight.attendance import closed_by
from cadreplan.insight.together import Together
from cadreplan.instance import Instance, Leader, Owed
from cadreplan.solution import Solution
from cadreplan.trips import Trip, km_of, trips_of


class Studies(NamedTuple):
    """What a set of sessions adds up to, a module once; `methods` has one bit for each."""

    hours: int
    core: int
    modules: int
    methods: int


@dataclass(frozen=True, slots=True)
class Worth:
    """Points of one leader: skill gaps, preferences, trips, hours, norms and waiting, but nothing shared
    with others.
    """

    gaps: int
    prefers: int
    travel: int
    days: int
    hours: int
    norm: int = 0
    wait: int = 0

    @property
    def total(self) -> int:
        return self.gaps + self.prefers + self.travel + self.days + self.hours + self.norm + self.wait


class PlanState:
    """Who attends what, and what it takes of sessions, beds and absences; `add` keeps both up to date.

    `people[s]`, `in_beds[site, day]` and `away[branch, day]` (those of branches below it as well) count
    heads; `capacity[s]` is the seats of a running session, or of its room where that is smaller. `freed`
    counts the additions that gave a bed or an absence back: a session at another site between two parts of a
    trip ends the stay over the idle days.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.freed = 0
        self.running = solution.running
        self.rooms = solution.rooms
        self.chosen = list(solution.chosen)
        self.people = [0] * len(instance.sessions)
        self.quota: Counter[tuple[int, int]] = Counter()
        self.in_beds: Counter[tuple[int, int]] = Counter()
        self.away: Counter[tuple[int, int]] = Counter()
        self.capacity = [self._capacity(s) for s in range(len(instance.sessions))]
        self.together = Together(instance)
        self.trips: list[list[Trip]] = []
        for i in range(len(instance.leaders)):
            self.trips.append(trips_of(instance, instance.leaders[i], self.chosen[i]))
            self._count(i, self.chosen[i], self.trips[i], 1)

    def solution(self) -> Solution:
        """The plan as it stands."""
        return Solution(tuple(self.chosen), self.running, self.rooms)

    def runs(self, s: int) -> bool:
        return s in self.running or not self.instance.sessions[s].candidate

    def cohorts(self) -> list[list[int]]:
        """The leaders in each session, in order."""
        found: list[list[int]] = [[] for _ in self.instance.sessions]
        for i, chosen in enumerate(self.chosen):
            for s in chosen:
                found[s].append(i)
        return found

    def is_full(self, i: int, s: int) -> bool:
        """Whether the seats of the session or of its room are too few for the leader as well."""
        return self.people[s] + self.instance.leaders[i].headcount > self.capacity[s]

    def with_session(self, i: int, s: int) -> tuple[int, ...]:
        """The leader's sessions and one more."""
        return tuple(sorted({*self.chosen[i], s}))

    def trips_with(self, i: int, sessions: tuple[int, ...]) -> list[Trip]:
        """The trips that leader i makes for these sessions."""
        return trips_of(self.instance, self.instance.leaders[i], sessions)

    def add(self, i: int, s: int) -> None:
        """Let leader i attend session s; nothing is tested here."""
        before = self.trips[i]
        self._count(i, self.chosen[i], before, -1)
        self.chosen[i] = self.with_session(i, s)
        self.trips[i] = self.trips_with(i, self.chosen[i])
        self._count(i, self.chosen[i], self.trips[i], 1)
        self.freed += any(
            not any(
                new.site == old.site and new.first <= old.first <= old.last <= new.last
                for new in self.trips[i]
            )
            for old in before
        )

    def hold(self, i: int, sessions: tuple[int, ...]) -> None:
        """Let leader i attend these sessions and no others; nothing is tested here."""
        self._count(i, self.chosen[i], self.trips[i], -1)
        self.chosen[i], self.trips[i] = sessions, trips_of(self.instance, self.instance.leaders[i], sessions)
        self._count(i, sessions, self.trips[i], 1)

    def having(self, i: int, s: int) -> PlanState:
        """A copy in which leader i attends session s as well."""
        then = copy(self)
        then.chosen, then.people, then.trips = list(self.chosen), list(self.people), list(self.trips)
        then.quota, then.in_beds, then.away = self.quota.copy(), self.in_beds.copy(), self.away.copy()
        then.together = copy(self.together)
        then.add(i, s)
        return then

    def closed(self, leader: Leader, s: int) -> list[int]:
        """Positions in `leader.gaps` that session s closes."""
        return closed_by(self.instance, leader, s)

    def idle(self, i: int, sessions: Collection[int]) -> set[int]:
        """Those of some sessions that are of no use to leader i with no others beside them."""
        leader = self.instance.leaders[i]
        useful = {
            s
            for s in sessions
            if s in leader.pinned or self.instance.sessions[s].frozen or self.closed(leader, s)
        }
        return set(sessions) - useful - lead_up(self.instance, leader, useful, sessions.__contains__)

    def left(self, i: int, given: Collection[int]) -> tuple[int, ...]:
        """What stays of leader i's sessions without `given`: no prerequisite may lack, none may be idle."""
        instance, had = self.instance, self.instance.leaders[i].completed
        left = set(self.chosen[i]) - set(given)
        while True:
            gone = self.idle(i, left) | {
                s
                for s in left
                for entry, givers in instance.givers[s]
                if had.isdisjoint(entry) and left.isdisjoint(givers)
            }
            if not gone:
                return tuple(sorted(left))
            left -= gone

    def open_positions(self, i: int) -> list[int]:
        """Positions in the leader's gaps that the plan leaves open."""
        return self.open_with(i, self.chosen[i])

    def open_with(self, i: int, sessions: Iterable[int]) -> list[int]:
        """Positions in the leader's gaps that these sessions leave open."""
        leader = self.instance.leaders[i]
        done = {g for s in sessions for g in self.closed(leader, s)}
        return [g for g in range(len(leader.gaps)) if g not in done]

    def studies(self, sessions: tuple[int, ...]) -> Studies:
        """Hours, core hours, modules and methods of sessions."""
        if len(sessions) > 1 and len(self._repeating.intersection(sessions)) > 1:
            return self._study({m for s in sessions for m in self.instance.sessions[s].modules})
        parts = [self._studies[s] for s in sessions]
        if len(parts) == 1:
            return parts[0]
        methods = 0
        for part in parts:
            methods |= part.methods
        return Studies(
            sum(p.hours for p in parts), sum(p.core for p in parts), sum(p.modules for p in parts), methods
        )

    def own_worth(self, i: int, sessions: tuple[int, ...], trips: list[Trip]) -> Worth:
        """What leader i would be worth with these sessions, which make these trips."""
        instance, leader = self.instance, self.instance.leaders[i]
        weights, least = instance.policy.weights, instance.policy.min_hours
        gaps = {g for s in sessions for g in self.closed(leader, s)}
        prefers = hours = 0
        if leader.prefers_sessions or leader.prefers_sites:
            by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
            prefers = sum(by_session.get(s, 0) + by_site.get(instance.sessions[s].site, 0) for s in sessions)
        if least and weights.hour:
            modules = {m for s in sessions for m in instance.sessions[s].modules}
            hours = max(0, least - sum(instance.modules[m].hours for m in modules))
        return Worth(
            gaps=weights.gap * leader.priority * sum(leader.gaps[g].weight for g in gaps),
            prefers=prefers,
            travel=-weights.km * km_of(instance, leader, trips),
            days=-weights.day * sum(len(trip.days) for trip in trips),
            hours=-weights.hour * hours,
            norm=-weights.norm * self.missing_to_norms(i, sessions) if weights.norm and leader.owes else 0,
            wait=0 if sessions else -instance.price_of_idleness(leader),
        )

    def missing_to_norms(self, i: int, sessions: tuple[int, ...]) -> int:
        """Hours and sessions that leader i would lack to all norms with these sessions."""
        return sum(self.missing_to(owed, sessions) for owed in self.instance.leaders[i].owes)

    def missing_to(self, owed: Owed, sessions: tuple[int, ...]) -> int:
        """Hours or sessions that would be missing to a norm."""
        if not owed.missing:
            return 0
        return max(0, owed.wanted - owed.credited - self.instance.attended(owed, sessions))

    def gain(self, i: int, s: int) -> int:
        """Points that leader i attending session s as well would bring; people missing there count."""
        now, then = self._now_and_then(i, s)
        return then.total - now.total + self._filled(i, s) + self.together.charge(i, s, self.people[s])

    def account(self, i: int, s: int) -> tuple[tuple[str, int], ...]:
        """`gain` by what points are for (`messages.texts.ACCOUNT`), without zeros."""
        now, then = self._now_and_then(i, s)
        parts = (
            ("gaps", then.gaps - now.gaps),
            ("prefers", then.prefers - now.prefers),
            ("underfill", self._filled(i, s)),
            ("together", self.together.charge(i, s, self.people[s])),
            ("hours", then.hours - now.hours),
            ("norm", then.norm - now.norm),
            ("wait", then.wait - now.wait),
            ("travel", then.travel - now.travel),
            ("days", then.days - now.days),
        )
        return tuple((term, points) for term, points in parts if points)

    def _now_and_then(self, i: int, s: int) -> tuple[Worth, Worth]:
        sessions = self.with_session(i, s)
        now = self.own_worth(i, self.chosen[i], self.trips[i])
        return now, self.own_worth(i, sessions, self.trips_with(i, sessions))

    def _filled(self, i: int, s: int) -> int:
        session = self.instance.sessions[s]
        if session.candidate:
            return 0
        short = max(0, session.min_seats - self.people[s])
        return self.instance.policy.weights.underfill * min(short, self.instance.leaders[i].headcount)

    def lineage(self, i: int) -> tuple[int, ...]:
        """The leader's branch and those above it."""
        return self.instance.lineages[self.instance.leaders[i].branch]

    def capped(self, i: int) -> list[int]:
        """Those of `lineage` that limit absence."""
        return self._capped[self.instance.leaders[i].branch]

    @cached_property
    def _studies(self) -> list[Studies]:
        return [self._study(session.modules) for session in self.instance.sessions]

    @cached_property
    def _repeating(self) -> frozenset[int]:
        """Sessions that began and have a module of another one: what is planned shares none with any."""
        begun = [s for s, session in enumerate(self.instance.sessions) if session.frozen]
        held = Counter(m for s in begun for m in self.instance.sessions[s].modules)
        return frozenset(s for s in begun if any(held[m] > 1 for m in self.instance.sessions[s].modules))

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {method: 1 << k for k, method in enumerate(sorted({m.method for m in self.instance.modules}))}

    def _study(self, modules: Collection[int]) -> Studies:
        held = [self.instance.modules[m] for m in modules]
        methods = 0
        for m in held:
            methods |= self._bits[m.method]
        return Studies(sum(m.hours for m in held), sum(m.hours for m in held if m.core), len(held), methods)

    @cached_property
    def _capped(self) -> list[list[int]]:
        """For each branch those of its lineage that limit absence."""
        branches = self.instance.branches
        return [[b for b in line if branches[b].max_away is not None] for line in self.instance.lineages]

    def _capacity(self, s: int) -> int:
        session = self.instance.sessions[s]
        rooms = self.instance.sites[session.site].rooms
        if rooms is None or s not in self.rooms:
            return session.seats
        return min(session.seats, rooms[self.rooms[s]].seats)

    def _count(self, i: int, sessions: tuple[int, ...], trips: list[Trip], sign: int) -> None:
        instance, leader = self.instance, self.instance.leaders[i]
        heads, lineage = sign * leader.headcount, self.lineage(i)
        self.together.count(i, sessions, heads)
        for s in sessions:
            self.people[s] += heads
            for branch, _ in instance.sessions[s].quotas:
                if branch in lineage:
                    self.quota[s, branch] += heads
        for trip in trips:
            for day in () if trip.at_home else trip.days:
                self.in_beds[trip.site, day] += heads
        for day in {day for trip in trips for day in trip.days}:
            for b in lineage:
                self.away[b, day] += heads
