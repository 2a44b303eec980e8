"""A solution laid out for the check alone: trips, cohorts, and who is away where on which day.

Engines and reasons have trips, skill gaps and distances of their own; the import contract keeps them out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from cadreplan.instance import EARTH_RADIUS_KM, Instance, Leader
from cadreplan.solution import Solution


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a leader to `site`, away from day `first` to day `last`, both included."""

    site: int
    first: int
    last: int

    @property
    def days(self) -> range:
        return range(self.first, self.last + 1)


def trips_of(instance: Instance, sessions: tuple[int, ...]) -> list[Trip]:
    """The trips made for a set of sessions, in order.

    The attended days are walked in order; a day starts a new trip where the site changes or where more than
    `stay_gap` days lie between it and the attended day before. A day at another site therefore ends a trip.
    """
    attended = sorted((day, instance.sessions[s].site) for s in sessions for day in instance.sessions[s].days)
    trips: list[Trip] = []
    for day, site in attended:
        last = trips[-1] if trips else None
        if last and last.site == site and day - last.last - 1 <= instance.policy.stay_gap:
            trips[-1] = Trip(site, last.first, max(last.last, day))
        else:
            trips.append(Trip(site, day, day))
    return trips


def closed_by(instance: Instance, leader: Leader, session: int) -> list[int]:
    """Positions in `leader.gaps` that the modules of a session close."""
    taught = [lesson for m in instance.sessions[session].modules for lesson in instance.modules[m].teaches]
    return [
        g
        for g, gap in enumerate(leader.gaps)
        if any(skill == gap.skill and level >= gap.level for skill, level in taught)
    ]


def trip_km(instance: Instance, leader: Leader, site: int) -> int:
    """round(2 x great-circle distance), by the haversine formula; 0 where either location is missing."""
    if leader.location is None or (there := instance.sites[site].location) is None:
        return 0
    (from_lat, from_lon), (to_lat, to_lon) = map(radians, leader.location), map(radians, there)
    half = sin((to_lat - from_lat) / 2) ** 2 + cos(from_lat) * cos(to_lat) * sin((to_lon - from_lon) / 2) ** 2
    return round(2 * 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half))))


class Layout:
    """A solution laid out for the rules: cohorts, trips, and who is away where on which day."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self.running = [s for s in range(len(instance.sessions)) if solution.runs(instance, s)]
        self.attending = [(i, leader, solution.chosen[i]) for i, leader in enumerate(instance.leaders)]
        self.cohort: dict[int, list[int]] = defaultdict(list)
        self.trips: dict[int, list[Trip]] = {}
        self.at_site: Counter[tuple[int, int]] = Counter()
        self.away: Counter[tuple[int, int]] = Counter()
        self.past: dict[int, list[Trip]] = {}
        """The trips of each leader's frozen sessions, as if there were no others; what they take is below."""
        self.past_at_site: Counter[tuple[int, int]] = Counter()
        self.past_away: Counter[tuple[int, int]] = Counter()
        for i, leader, sessions in self.attending:
            for s in sessions:
                self.cohort[s].append(i)
            self.trips[i] = trips_of(instance, sessions)
            self._count(leader, self.trips[i], self.at_site, self.away)
            frozen = tuple(s for s in sessions if instance.sessions[s].frozen)
            self.past[i] = trips_of(instance, frozen) if frozen else []
            self._count(leader, self.past[i], self.past_at_site, self.past_away)

    def _count(
        self,
        leader: Leader,
        trips: list[Trip],
        at_site: Counter[tuple[int, int]],
        away: Counter[tuple[int, int]],
    ) -> None:
        for trip in trips:
            for day in trip.days:
                at_site[trip.site, day] += leader.headcount
        for day in {day for trip in trips for day in trip.days}:
            for b in self.instance.branches[leader.branch].lineage:
                away[b, day] += leader.headcount

    def is_frozen(self, session: int) -> bool:
        """Whether who attends a session is settled, so that no rule is tested on it by itself."""
        return self.instance.sessions[session].frozen

    def headcount(self, session: int, branch: int | None = None) -> int:
        """People in a session; with `branch`, only those of it and of the branches below it."""
        leaders = (self.instance.leaders[i] for i in self.cohort[session])
        return sum(
            leader.headcount
            for leader in leaders
            if branch is None or branch in self.instance.branches[leader.branch].lineage
        )

    def day_text(self, day: int) -> str:
        return self.instance.date_of(day).isoformat()
