"""A plan laid out for questions of the kind "and if this leader attended that session too?"."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from cadreplan.check import Trip, trips_of
from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution


class Standing:
    """Who attends what, and what of every limit is used; `add` keeps both up to date.

    `people[s]`, `at_site[site, day]` and `away[branch, day]` count heads; `capacity[s]` is the seats of a
    running session, or of its room where that is smaller.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.running = solution.running
        self.rooms = solution.rooms
        self.chosen = list(solution.chosen)
        self.people = [0] * len(instance.sessions)
        self.quota: Counter[tuple[int, int]] = Counter()
        self.at_site: Counter[tuple[int, int]] = Counter()
        self.away: Counter[tuple[int, int]] = Counter()
        self.capacity = [self._capacity(s) for s in range(len(instance.sessions))]
        self.trips: list[list[Trip]] = []
        for i in range(len(instance.leaders)):
            self.trips.append(trips_of(instance, self.chosen[i]))
            self._count(i, self.chosen[i], self.trips[i], 1)

    def solution(self) -> Solution:
        """The plan as it stands."""
        return Solution(tuple(self.chosen), self.running, self.rooms)

    def runs(self, s: int) -> bool:
        return s in self.running or not self.instance.sessions[s].candidate

    def with_session(self, i: int, s: int) -> tuple[int, ...]:
        """The leader's sessions and one more."""
        return tuple(sorted({*self.chosen[i], s}))

    def add(self, i: int, s: int) -> None:
        """Let leader i attend session s; nothing is tested here."""
        self._count(i, self.chosen[i], self.trips[i], -1)
        self.chosen[i] = self.with_session(i, s)
        self.trips[i] = trips_of(self.instance, self.chosen[i])
        self._count(i, self.chosen[i], self.trips[i], 1)

    def closed(self, leader: Leader, s: int) -> list[int]:
        """Positions in `leader.gaps` that session s closes."""
        taught = self.instance.levels_taught[s]
        return [g for g, gap in enumerate(leader.gaps) if taught.get(gap.skill, gap.level - 1) >= gap.level]

    def open_positions(self, i: int) -> list[int]:
        """Positions in the leader's gaps that the plan leaves open."""
        leader = self.instance.leaders[i]
        done = {g for s in self.chosen[i] for g in self.closed(leader, s)}
        return [g for g in range(len(leader.gaps)) if g not in done]

    def closers(self, skill: int, level: int) -> list[int]:
        """Sessions that teach a skill to at least `level`, ascending."""
        key = (skill, level)
        if key not in self._closers:
            self._closers[key] = [
                s
                for s, taught in enumerate(self.instance.levels_taught)
                if taught.get(skill, level - 1) >= level
            ]
        return self._closers[key]

    def own_worth(self, i: int, sessions: tuple[int, ...], trips: list[Trip]) -> int:
        """Points of one leader: skill gaps, preferences, trips and hours, but nothing shared with others."""
        instance, leader = self.instance, self.instance.leaders[i]
        weights = instance.policy.weights
        gaps = {g for s in sessions for g in self.closed(leader, s)}
        worth = weights.gap * leader.priority * sum(leader.gaps[g].weight for g in gaps)
        if leader.prefers_sessions or leader.prefers_sites:
            by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
            worth += sum(by_session.get(s, 0) + by_site.get(instance.sessions[s].site, 0) for s in sessions)
        worth -= sum(
            weights.km * instance.trip_km(leader, trip.site) + weights.day * len(trip.days) for trip in trips
        )
        least = instance.policy.min_hours
        if least and weights.hour:
            modules = {m for s in sessions for m in instance.sessions[s].modules}
            worth -= weights.hour * max(0, least - sum(instance.modules[m].hours for m in modules))
        return worth

    def gain(self, i: int, s: int) -> int:
        """Points that leader i attending session s as well would bring; less underfill counts."""
        session, weights = self.instance.sessions[s], self.instance.policy.weights
        sessions = self.with_session(i, s)
        more = self.own_worth(i, sessions, trips_of(self.instance, sessions))
        more -= self.own_worth(i, self.chosen[i], self.trips[i])
        if not session.candidate:
            short = max(0, session.min_seats - self.people[s])
            more += weights.underfill * min(short, self.instance.leaders[i].headcount)
        return more

    def lineage(self, i: int) -> tuple[int, ...]:
        """The leader's branch and those above it."""
        return self.instance.branches[self.instance.leaders[i].branch].lineage

    @cached_property
    def _closers(self) -> dict[tuple[int, int], list[int]]:
        return {}

    @cached_property
    def _capped(self) -> list[list[int]]:
        """For each branch those of its lineage that limit absence."""
        branches = self.instance.branches
        return [[b for b in branch.lineage if branches[b].max_away is not None] for branch in branches]

    def _capacity(self, s: int) -> int:
        session = self.instance.sessions[s]
        rooms = self.instance.sites[session.site].rooms
        if rooms is None or s not in self.rooms:
            return session.seats
        return min(session.seats, rooms[self.rooms[s]].seats)

    def _count(self, i: int, sessions: tuple[int, ...], trips: list[Trip], sign: int) -> None:
        instance, leader = self.instance, self.instance.leaders[i]
        heads = sign * leader.headcount
        for s in sessions:
            self.people[s] += heads
            for branch, _ in instance.sessions[s].quotas:
                if branch in self.lineage(i):
                    self.quota[s, branch] += heads
        for trip in trips:
            limited = instance.sites[trip.site].beds is not None
            for day in trip.days:
                if limited:
                    self.at_site[trip.site, day] += heads
                for b in self._capped[leader.branch]:
                    self.away[b, day] += heads
