"""The trips that sessions make, for engines, reasons and views.

The check has trips of its own (`verification.layout`): an error here would otherwise agree with itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from cadreplan.instance import Instance


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

    The attended days in order are cut where the site changes or more than `stay_gap` days lie between two.
    """
    days = sorted((day, instance.sessions[s].site) for s in sessions for day in instance.sessions[s].days)
    apart = instance.policy.stay_gap + 1
    cuts = [k for k, (a, b) in enumerate(pairwise(days), 1) if a[1] != b[1] or b[0] - a[0] > apart]
    return [
        Trip(days[lo][1], days[lo][0], days[hi - 1][0])
        for lo, hi in pairwise((0, *cuts, len(days)))
        if lo < hi
    ]
