"""Capacities left while people are placed one by one, and the rules of one leader, for the simple peers."""

from __future__ import annotations

from collections import Counter

from benchmarks.peers.index import Index
from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution
from cadreplan.trips import Trip, journeys, km_of, trips_of


class Ledger:
    """Who is placed so far. `add` keeps every hard rule but a candidate's minimum, which `simple` sees to."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.index = Index(instance)
        self.chosen: list[tuple[int, ...]] = [() for _ in instance.leaders]
        self.trips: list[list[Trip]] = [[] for _ in instance.leaders]
        self.running: set[int] = set()
        self.runs = Counter[int]()
        self.rooms = _rooms_of_confirmed(instance)
        self.left = {
            s: self._seats(s) for s, session in enumerate(instance.sessions) if not session.candidate
        }
        self.quota_left = {
            (s, b): n for s, session in enumerate(instance.sessions) for b, n in session.quotas
        }
        self.in_beds = Counter[tuple[int, int]]()
        self.away = Counter[tuple[int, int]]()
        for i, leader in enumerate(instance.leaders):
            if any(instance.sessions[s].candidate for s in leader.pinned):
                raise ValueError(f"{leader.id} is pinned to a candidate, which the simple peers do not plan")
            if leader.pinned:
                self._set(i, tuple(sorted(leader.pinned)))

    def solution(self) -> Solution:
        return Solution(tuple(self.chosen), frozenset(self.running), dict(self.rooms))

    def options(self, i: int) -> list[tuple[int, int]]:
        """(estimated gain, session) of all sessions worth adding to a leader, best first.

        The estimate counts each session as a trip of its own.
        """
        leader, weights = self.instance.leaders[i], self.instance.policy.weights
        closing = self.index.closing(leader)
        closed = blocked = 0
        for s in self.chosen[i]:
            closed |= closing.get(s, 0)
            blocked |= self.index.conflicts[s] | 1 << s
        by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
        found: list[tuple[int, int]] = []
        for s in self.index.assignable(leader):
            new = closing.get(s, 0) & ~closed
            if blocked >> s & 1 or not new:
                continue
            session = self.instance.sessions[s]
            gain = sum(gap.weight for g, gap in enumerate(leader.gaps) if new >> g & 1)
            gain *= weights.gap * leader.priority
            gain += by_session.get(s, 0) + by_site.get(session.site, 0)
            trips = trips_of(self.instance, leader, (s,))
            gain -= weights.km * km_of(self.instance, leader, trips)
            gain -= weights.day * sum(len(trip.days) for trip in trips)
            if gain > 0:
                found.append((gain, s))
        found.sort(key=lambda option: (-option[0], option[1]))
        return found

    def wants(self, i: int, s: int) -> bool:
        """Whether the session is among the leader's `options`, but for what it costs."""
        leader = self.instance.leaders[i]
        closing, may = self.index.closing(leader), self.index.may_be_away(leader)
        closed = 0
        for t in self.chosen[i]:
            if self.index.conflicts[t] >> s & 1:
                return False
            closed |= closing.get(t, 0)
        return (
            bool(closing.get(s, 0) & ~closed)
            and s not in leader.excluded
            and all(day >= 0 and may >> day & 1 for day in self.instance.sessions[s].days)
            and self.index.admits(leader, s)
        )

    def add(self, i: int, s: int) -> bool:
        """Assign `s` to leader `i` if every rule holds then and the leader's plan gains; tell whether."""
        leader = self.instance.leaders[i]
        chosen = tuple(sorted((*self.chosen[i], s)))
        if self.left.get(s, 0) < leader.headcount or not self._quotas(leader, s, 0):
            return False
        if not self.allowed(leader, chosen) or self.worth(leader, chosen) <= self.worth(
            leader, self.chosen[i]
        ):
            return False
        before = self.chosen[i]
        self._set(i, chosen)
        if self._overfull(i):
            self._set(i, before)
            return False
        return True

    def remove(self, i: int, s: int) -> bool:
        """Take `s` from leader `i` if the rest of its plan keeps the rules; tell whether."""
        chosen = tuple(t for t in self.chosen[i] if t != s)
        if not self.allowed(self.instance.leaders[i], chosen):
            return False
        self._set(i, chosen)
        return True

    def clear(self, i: int) -> None:
        """Take all sessions but the pinned ones from leader `i`."""
        self._set(i, tuple(sorted(self.instance.leaders[i].pinned)))

    def allowed(self, leader: Leader, chosen: tuple[int, ...]) -> bool:
        """The rules that concern the leader alone, for sessions that are `assignable`."""
        instance, policy = self.instance, self.instance.policy
        sessions = [instance.sessions[s] for s in chosen]
        if any(self.index.conflicts[s] >> t & 1 for s in chosen for t in chosen if s < t):
            return False
        had = set(leader.completed)
        for session in sorted(sessions, key=lambda session: session.first_day):
            earlier = {m for o in sessions if o.last_day < session.first_day for m in o.modules}
            there = had | earlier | set(session.modules)
            if any(
                there.isdisjoint(entry) for m in session.modules for entry in instance.modules[m].requires
            ):
                return False
        trips = trips_of(instance, leader, chosen)
        may = self.index.may_be_away(leader)
        if not all(day >= 0 and may >> day & 1 for trip in trips for day in trip.days):
            return False
        for count, most in (
            (len(chosen), leader.max_sessions),
            (sum(len(trip.days) for trip in trips), leader.max_days),
            (journeys(trips), leader.max_trips),
        ):
            if most is not None and count > most:
                return False
        modules = [instance.modules[m] for session in sessions for m in session.modules]
        hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
        if policy.core_share is not None and core < policy.core_share * hours:
            return False
        return len({m.method for m in modules}) >= min(policy.min_methods, len(modules))

    def worth(self, leader: Leader, chosen: tuple[int, ...]) -> int:
        """The points of one leader's plan."""
        instance, policy = self.instance, self.instance.policy
        closing = self.index.closing(leader)
        closed = 0
        for s in chosen:
            closed |= closing.get(s, 0)
        points = sum(gap.weight for g, gap in enumerate(leader.gaps) if closed >> g & 1)
        points *= policy.weights.gap * leader.priority
        by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
        points += sum(by_session.get(s, 0) + by_site.get(instance.sessions[s].site, 0) for s in chosen)
        trips = trips_of(instance, leader, chosen)
        points -= policy.weights.km * km_of(instance, leader, trips)
        points -= policy.weights.day * sum(len(trip.days) for trip in trips)
        hours = sum(instance.modules[m].hours for s in chosen for m in instance.sessions[s].modules)
        return points - policy.weights.hour * max(0, policy.min_hours - hours)

    def open(self, s: int) -> bool:
        """Let a candidate run, if its offering and a room allow; tell whether."""
        instance, session = self.instance, self.instance.sessions[s]
        if session.offering is not None:
            most = instance.offerings[session.offering].max_runs
            if most is not None and self.runs[session.offering] >= most:
                return False
        if instance.sites[session.site].rooms is not None:
            free = self._free_rooms(s)
            if not free:
                return False
            self.rooms[s] = free[0]
        if session.offering is not None:
            self.runs[session.offering] += 1
        self.running.add(s)
        self.left[s] = self._seats(s)
        return True

    def close(self, s: int) -> None:
        """Undo `open`; nobody may be assigned any more."""
        offering = self.instance.sessions[s].offering
        self.running.remove(s)
        self.rooms.pop(s, None)
        del self.left[s]
        if offering is not None:
            self.runs[offering] -= 1

    def _seats(self, s: int) -> int:
        session = self.instance.sessions[s]
        rooms = self.instance.sites[session.site].rooms
        return session.seats if rooms is None else min(session.seats, rooms[self.rooms[s]].seats)

    def _free_rooms(self, s: int) -> list[int]:
        """Rooms of the site free on the session's days, the largest first."""
        sessions = self.instance.sessions
        rooms = self.instance.sites[sessions[s].site].rooms or ()
        days = set(sessions[s].days)
        busy = {
            r
            for t, r in self.rooms.items()
            if sessions[t].site == sessions[s].site and days & set(sessions[t].days)
        }
        return sorted((r for r in range(len(rooms)) if r not in busy), key=lambda r: (-rooms[r].seats, r))

    def _quotas(self, leader: Leader, s: int, taken: int) -> bool:
        lineage = self.instance.lineages[leader.branch]
        return all(
            self.quota_left[s, b] - taken >= leader.headcount
            for b, _ in self.instance.sessions[s].quotas
            if b in lineage
        )

    def _set(self, i: int, chosen: tuple[int, ...]) -> None:
        leader = self.instance.leaders[i]
        for s in set(self.chosen[i]) ^ set(chosen):
            n = leader.headcount if s in chosen else -leader.headcount
            self.left[s] -= n
            for b, _ in self.instance.sessions[s].quotas:
                if b in self.instance.lineages[leader.branch]:
                    self.quota_left[s, b] -= n
        self._count(leader, self.trips[i], -leader.headcount)
        self.chosen[i] = chosen
        self.trips[i] = trips_of(self.instance, leader, chosen)
        self._count(leader, self.trips[i], leader.headcount)

    def _count(self, leader: Leader, trips: list[Trip], n: int) -> None:
        for trip in trips:
            for day in trip.days:
                if not trip.at_home:
                    self.in_beds[trip.site, day] += n
                for b in self.instance.lineages[leader.branch]:
                    self.away[b, day] += n

    def _overfull(self, i: int) -> bool:
        """Whether beds or absence limits break on a day that leader `i` is away."""
        branches = self.instance.branches
        for trip in self.trips[i]:
            beds = None if trip.at_home else self.instance.sites[trip.site].beds
            for day in trip.days:
                if beds is not None and self.in_beds[trip.site, day] > beds:
                    return True
                for b in self.instance.lineages[self.instance.leaders[i].branch]:
                    most = branches[b].max_away
                    if most is not None and self.away[b, day] > most:
                        return True
        return False


def _rooms_of_confirmed(instance: Instance) -> dict[int, int]:
    """A room for each confirmed session at a site with rooms: depth first, the best fit tried first."""
    rooms: dict[int, int] = {}
    for site_idx, site in enumerate(instance.sites):
        if site.rooms is None:
            continue
        sessions = [
            s
            for s, session in enumerate(instance.sessions)
            if session.site == site_idx and not session.candidate
        ]
        sessions.sort(key=lambda s: (-instance.sessions[s].seats, s))
        seats = [room.seats for room in site.rooms]
        if not _place(instance, sessions, 0, seats, [set() for _ in seats], rooms):
            raise ValueError(f"the confirmed sessions at {site.id} do not fit into its rooms")
    return rooms


def _place(
    instance: Instance,
    sessions: list[int],
    k: int,
    seats: list[int],
    busy: list[set[int]],
    rooms: dict[int, int],
) -> bool:
    if k == len(sessions):
        return True
    session = instance.sessions[sessions[k]]
    days = set(session.days)
    for r in sorted(range(len(seats)), key=lambda r: (max(0, session.seats - seats[r]), seats[r], r)):
        if busy[r] & days:
            continue
        busy[r] |= days
        rooms[sessions[k]] = r
        if _place(instance, sessions, k + 1, seats, busy, rooms):
            return True
        busy[r] -= days
        del rooms[sessions[k]]
    return False
