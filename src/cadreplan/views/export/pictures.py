"""The geometry of a page's pictures: how full sessions are, in order of time, and who travels where."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cadreplan.instance import Location
from cadreplan.views.screen.theme import fill_style
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow

WIDTH = 720
"""Units across a picture; pages scale them to the room there is."""

SKYLINE = 150
MAP = 460
_EDGE = 46
_FLOWS = 160
"""Lines of the map: the busiest; more of them are a web in which none can be followed."""

_BRANCH_LABELS = 24
_DAY_LABELS, _SEAT_LABELS = 15, 20
"""Towers that have their day below them, and up to how many there are when all have their seats above."""


@dataclass(frozen=True, slots=True)
class Tower:
    """A session in the skyline: its seats as an outline, its people within, from the ground up.

    `day` is its first day and `label` people of seats, where there is room to write them.
    """

    x: float
    width: float
    seats: float
    people: float
    style: str
    row: SessionRow
    day: str = ""
    label: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def top(self) -> float:
        return max(self.seats, self.people)


@dataclass(frozen=True, slots=True)
class Place:
    """A dot of the map with a label, if there is room for one, beginning or ending at `label_x`."""

    x: float
    y: float
    radius: float
    name: str
    people: int
    is_site: bool
    label_x: float | None = None
    label_y: float = 0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Flow:
    """People who travel from a first-level branch to a site, as a curve."""

    path: str
    width: float
    people: int
    origin: str
    site: str


@dataclass(frozen=True, slots=True)
class Map:
    """Flows below, then places."""

    flows: tuple[Flow, ...]
    places: tuple[Place, ...]
    shown: int
    people: int


def skyline(season: Season, rows: Sequence[SessionRow]) -> list[Tower]:
    """All sessions that run, in the order of `rows`."""
    running = [row for row in rows if row.runs]
    most = max((max(row.seats, row.people) for row in running), default=1)
    step = WIDTH / max(1, len(running))
    gap = min(3.0, step / 4)
    each = -(-len(running) // _DAY_LABELS)
    return [
        Tower(
            round(k * step, 2),
            round(step - gap, 2),
            round(SKYLINE * row.seats / most, 2),
            round(SKYLINE * row.people / most, 2),
            fill_style(row.people, row.seats, row.min_seats),
            row,
            season.dates.numeric(row.first) if k % each == 0 else "",
            f"{row.people}/{row.seats}" if len(running) <= _SEAT_LABELS else "",
        )
        for k, row in enumerate(running)
    ]


def travel_map(season: Season) -> Map | None:
    """Sites and first-level branches where they lie; None if fewer than two of all have a location."""
    instance = season.instance
    trips: Counter[tuple[int, int]] = Counter()
    for i, leader in enumerate(instance.leaders):
        for trip in season.trips[i]:
            trips[season.first_level[leader.branch], trip.site] += leader.headcount
    homes = {b: place for b in sorted({b for b, _ in trips}) if (place := _home(season, b)) is not None}
    sites = {k: site.location for k, site in enumerate(instance.sites) if site.location is not None}
    if len({*homes.values(), *sites.values()}) < 2:
        return None
    project = _Projection([*homes.values(), *sites.values()])
    drawn = [
        (n, b, k)
        for (b, k), n in sorted(trips.items(), key=lambda e: (-e[1], e[0]))
        if b in homes and k in sites
    ]
    most = drawn[0][0] if drawn else 1
    flows = tuple(
        Flow(
            _curve(project(homes[b]), project(sites[k])),
            round(0.8 + 5 * math.sqrt(n / most), 2),
            n,
            instance.branches[b].name,
            instance.sites[k].name,
        )
        for n, b, k in reversed(drawn[:_FLOWS])
    )
    received, sent = Counter[int](), Counter[int]()
    for (b, k), n in trips.items():
        received[k] += n
        sent[b] += n
    busiest = max(received.values(), default=1)
    places = [
        Place(
            *project(sites[k]),
            round(5 + 9 * math.sqrt(received[k] / busiest), 2),
            instance.sites[k].name,
            received[k],
            True,
        )
        for k in sorted(sites, key=lambda k: -received[k])
    ]
    places += [
        Place(*project(homes[b]), 3.5, instance.branches[b].name, sent[b], False)
        for b in sorted(homes, key=lambda b: -sent[b])
    ]
    return Map(flows, tuple(_labelled(places)), sum(f.people for f in flows), sum(trips.values()))


def _home(season: Season, branch: int) -> Location | None:
    """A branch's own location, else the mean of its leaders'."""
    instance = season.instance
    if instance.branches[branch].location is not None:
        return instance.branches[branch].location
    known = [
        leader.location
        for leader in instance.leaders
        if season.first_level[leader.branch] == branch and leader.location is not None
    ]
    if not known:
        return None
    return sum(lat for lat, _ in known) / len(known), sum(lon for _, lon in known) / len(known)


class _Projection:
    """Equal steps for equal distances at the middle latitude, fitted into the picture."""

    def __init__(self, places: Sequence[Location]) -> None:
        middle = math.radians(sum(lat for lat, _ in places) / len(places))
        self._squeeze = math.cos(middle)
        xs, ys = [lon * self._squeeze for _, lon in places], [-lat for lat, _ in places]
        self._x, self._y = min(xs), min(ys)
        wide, high = max(xs) - self._x, max(ys) - self._y
        self._scale = min(
            (WIDTH - 2 * _EDGE) / wide if wide else math.inf, (MAP - 2 * _EDGE) / high if high else math.inf
        )
        self._left = (WIDTH - wide * self._scale) / 2
        self._top = (MAP - high * self._scale) / 2

    def __call__(self, place: Location) -> tuple[float, float]:
        x = self._left + (place[1] * self._squeeze - self._x) * self._scale
        return round(x, 1), round(self._top + (-place[0] - self._y) * self._scale, 1)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    bend = 0.14
    x, y = (x1 + x2) / 2 - bend * (y2 - y1), (y1 + y2) / 2 + bend * (x2 - x1)
    return f"M{x1} {y1}Q{x:.1f} {y:.1f} {x2} {y2}"


_Box = tuple[float, float, float, float]


def _labelled(places: Sequence[Place]) -> list[Place]:
    """The places with labels that cover no other label and no dot; sites first, then the busiest branches."""
    boxes: list[_Box] = [(p.x - p.radius, p.y - p.radius, p.x + p.radius, p.y + p.radius) for p in places]
    found = []
    branches = 0
    for place in places:
        branches += not place.is_site
        if branches > _BRANCH_LABELS:
            found.append(place)
            continue
        found.append(_with_label(place, boxes))
    return found


def _with_label(place: Place, boxes: list[_Box]) -> Place:
    size = 6.5 if place.is_site else 5.0
    length = sum(2.0 if ord(c) > 0x2E7F else 1.15 for c in place.name) * size
    away = place.radius + 3
    for x, y, anchor in (
        (place.x + away, place.y + 4, "start"),
        (place.x - away, place.y + 4, "end"),
        (place.x, place.y - away - 2, "middle"),
        (place.x, place.y + away + 10, "middle"),
    ):
        left = x - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
        box = (left, y - 11, left + length, y + 3)
        if box[0] < 0 or box[2] > WIDTH or box[1] < 0 or box[3] > MAP:
            continue
        if not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            return Place(
                place.x,
                place.y,
                place.radius,
                place.name,
                place.people,
                place.is_site,
                round(x, 1),
                round(y, 1),
                anchor,
            )
    return place


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
