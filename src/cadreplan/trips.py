"""The trips that sessions make, for engines, reasons and views.

The check has trips of its own (`verification.layout`): an error here would otherwise agree with itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cadreplan.instance import Instance, Leader


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a leader to `site`, away from day `first` to day `last`, both included.

    A local leader sleeps at home and travels there and back on each of the `daily` days of one session;
    between them the leader isn't away. None on a journey with nights.
    """

    site: int
    first: int
    last: int
    daily: tuple[int, ...] = ()

    @property
    def days(self) -> Sequence[int]:
        """The days away."""
        return self.daily or range(self.first, self.last + 1)

    @property
    def at_home(self) -> bool:
        """Whether the leader sleeps at home: no bed is taken, and the trip doesn't count for `max_trips`."""
        return bool(self.daily)


def trips_of(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> list[Trip]:
    """The trips that a leader makes for a set of sessions, by first day.

    The attended days in order are cut where the site changes or more than `stay_gap` days lie between two;
    where the leader is local, each session is a trip of its own.
    """
    days = sorted((day, instance.sessions[s].site) for s in sessions for day in instance.sessions[s].days)
    apart = instance.policy.stay_gap + 1
    cuts = [k for k, (a, b) in enumerate(pairwise(days), 1) if a[1] != b[1] or b[0] - a[0] > apart]
    trips = [
        Trip(days[lo][1], days[lo][0], days[hi - 1][0])
        for lo, hi in pairwise((0, *cuts, len(days)))
        if lo < hi
    ]
    if not instance.policy.local_km:
        return trips
    trips = [trip for trip in trips if not instance.is_local(leader, trip.site)]
    for session in (instance.sessions[s] for s in sessions):
        if instance.is_local(leader, session.site):
            trips.append(Trip(session.site, session.first_day, session.last_day, session.days))
    return sorted(trips, key=lambda trip: (trip.first, trip.site))


def trip_km(instance: Instance, leader: Leader, trip: Trip) -> int:
    """Kilometres of a trip there and back, once for every day where the leader sleeps at home."""
    return instance.trip_km(leader, trip.site) * max(1, len(trip.daily))


def km_of(instance: Instance, leader: Leader, trips: Iterable[Trip]) -> int:
    """Kilometres of some trips of a leader."""
    return sum(trip_km(instance, leader, trip) for trip in trips)


def journeys(trips: Iterable[Trip]) -> int:
    """How many trips count for `max_trips`: all but those from home."""
    return sum(not trip.at_home for trip in trips)
