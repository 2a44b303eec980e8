"""A solution laid out for the check alone: trips, cohorts, and who is away where on which day.

Engines and reasons have trips, skill gaps and distances of their own; the import contract keeps them out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from cadreplan.instance import Instance, Leader, Location
from cadreplan.solution import Solution

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a leader to `site`, away from day `first` to day `last`, both included.

    A local leader, who sleeps at home, is away on the days of one session alone: `there_and_back`.
    """

    site: int
    first: int
    last: int
    there_and_back: tuple[int, ...] = ()

    @property
    def days(self) -> Sequence[int]:
        return self.there_and_back or range(self.first, self.last + 1)


def trips_of(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> list[Trip]:
    """The trips of a leader for a set of sessions, by first day.

    The attended days are walked in order; a day starts a new trip where the site changes or where more than
    `stay_gap` days lie between it and the attended day before. A day at another site therefore ends a trip.
    Where the leader is local, each session is a trip of its own.
    """
    attended = sorted(
        (day, instance.sessions[s].site, s) for s in sessions for day in instance.sessions[s].days
    )
    at_home = {site for site in {site for _, site, _ in attended} if sleeps_at_home(instance, leader, site)}
    trips: list[Trip] = []
    going: int | None = None  # where in `trips` the journey is that the next day may prolong
    for day, site, s in attended:
        if site in at_home:
            going = None
            session = instance.sessions[s]
            if day == session.first_day:
                trips.append(Trip(site, day, session.last_day, session.days))
        elif going is not None and _prolongs(instance, trips[going], site, day):
            trips[going] = Trip(site, trips[going].first, day)
        else:
            going = len(trips)
            trips.append(Trip(site, day, day))
    return trips


def _prolongs(instance: Instance, trip: Trip, site: int, day: int) -> bool:
    return trip.site == site and day - trip.last - 1 <= instance.policy.stay_gap


def closed_by(instance: Instance, leader: Leader, session: int) -> list[int]:
    """Positions in `leader.gaps` that the modules of a session close."""
    taught = [lesson for m in instance.sessions[session].modules for lesson in instance.modules[m].teaches]
    return [
        g
        for g, gap in enumerate(leader.gaps)
        if any(skill == gap.skill and level >= gap.level for skill, level in taught)
    ]


def sleeps_at_home(instance: Instance, leader: Leader, site: int) -> bool:
    """Whether a leader is local to a site: one way is known and at most `local_km`, which is above 0."""
    farthest = instance.policy.local_km
    if farthest <= 0:
        return False
    one_way = _one_way_km(leader.location, instance.sites[site].location)
    return one_way is not None and one_way <= farthest


def trip_km(instance: Instance, leader: Leader, trip: Trip) -> int:
    """round(2 x great-circle distance), for local leaders once a day; 0 where either location is missing."""
    one_way = _one_way_km(leader.location, instance.sites[trip.site].location)
    return 0 if one_way is None else round(2 * one_way) * max(1, len(trip.there_and_back))


def _one_way_km(home: Location | None, there: Location | None) -> float | None:
    """Great-circle distance by the haversine formula; None where either location is missing."""
    if home is None or there is None:
        return None
    (from_lat, from_lon), (to_lat, to_lon) = map(radians, home), map(radians, there)
    half = sin((to_lat - from_lat) / 2) ** 2 + cos(from_lat) * cos(to_lat) * sin((to_lon - from_lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


class Layout:
    """A solution laid out for the rules: cohorts, trips, who is away and who takes a bed on which day."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self.running = [s for s in range(len(instance.sessions)) if solution.runs(instance, s)]
        self.attending = [(i, leader, solution.chosen[i]) for i, leader in enumerate(instance.leaders)]
        self.cohort: dict[int, list[int]] = defaultdict(list)
        self.trips: dict[int, list[Trip]] = {}
        self.in_beds: Counter[tuple[int, int]] = Counter()
        self.away: Counter[tuple[int, int]] = Counter()
        self.past: dict[int, list[Trip]] = {}
        """The trips of each leader's frozen sessions, as if there were no others; what they take is below."""
        self.past_in_beds: Counter[tuple[int, int]] = Counter()
        self.past_away: Counter[tuple[int, int]] = Counter()
        for i, leader, sessions in self.attending:
            for s in sessions:
                self.cohort[s].append(i)
            self.trips[i] = trips_of(instance, leader, sessions)
            self._count(leader, self.trips[i], self.in_beds, self.away)
            frozen = tuple(s for s in sessions if instance.sessions[s].frozen)
            self.past[i] = trips_of(instance, leader, frozen) if frozen else []
            self._count(leader, self.past[i], self.past_in_beds, self.past_away)

    def _count(
        self,
        leader: Leader,
        trips: list[Trip],
        in_beds: Counter[tuple[int, int]],
        away: Counter[tuple[int, int]],
    ) -> None:
        for trip in trips:
            for day in trip.days if not trip.there_and_back else ():
                in_beds[trip.site, day] += leader.headcount
        for day in {day for trip in trips for day in trip.days}:
            for b in self.instance.lineages[leader.branch]:
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
            if branch is None or branch in self.instance.lineages[leader.branch]
        )

    def day_text(self, day: int) -> str:
        return self.instance.date_of(day).isoformat()
