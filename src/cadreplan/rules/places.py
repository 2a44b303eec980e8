"""Where things are and how large: locations, rooms, and names of sites and branches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import OfferingSpec
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule
from cadreplan.rules.sessions import sessions_and_offerings

_Place = tuple[float, float]

_FAR_KM = 3000
_MANY = 200
"""Findings of one rule about locations; a column that is wrong throughout is clear by then."""


@rule("odd-location", "warning", "a location looks as if latitude and longitude were swapped")
def odd_location(document: RosterDocument) -> Iterator[Found]:
    """A location is far from all others, and near them with its two numbers swapped; or it is 0, 0.

    A location is [latitude, longitude]: in China the first is about 18 to 54, the second 73 to 135. A wrong
    one costs thousands of kilometres in the plan.

    Wrong:

        branches:
          - {id: HQ, location: [39.9, 116.41]}
          - {id: NORTH, parent: HQ, location: [87.62, 43.82]}

    Right:

        branches:
          - {id: HQ, location: [39.9, 116.41]}
          - {id: NORTH, parent: HQ, location: [43.82, 87.62]}
    """
    located = list(_located(document))
    places = [place for _, place in located]
    if not places:
        return
    centre = (median(lat for lat, _ in places), median(lon for _, lon in places))
    n_found = 0
    for row, place in located:
        lat, lon = place
        if place == (0.0, 0.0):
            message = tr("location: found 0, 0, a place in the Gulf of Guinea")
        elif abs(lon) <= 90 and (away := _km(place, centre)) > _FAR_KM and _km((lon, lat), centre) < away / 2:
            message = tr(
                "location: found {lat:g}, {lon:g}, {away:,.0f} km from the other places",
                lat=lat,
                lon=lon,
                away=away,
            )
        else:
            continue
        n_found += 1
        if n_found <= _MANY:
            if lat == lon:
                hint = tr("leave it out if it isn't known")
            else:
                hint = tr("swapped? [{lat:g}, {lon:g}] is among them", lat=lon, lon=lat)
            yield at(row, ("location",), message, hint)


@rule("missing-location", "warning", "a branch or site has no location while others have")
def missing_location(document: RosterDocument) -> Iterator[Found]:
    """A site in use, or a branch with leaders who have none themselves, has no `location` while others have.

    Where either end is missing a trip counts 0 kilometres, so that the plan prefers exactly these trips.
    Nothing is said where no branch, or no site, has a location: then distances aren't wanted.

    Wrong:

        branches:
          - {id: HQ, location: [39.9, 116.41]}
          - {id: NORTH, parent: HQ}
        leaders:
          - {id: L1, branch: NORTH, role: secretary}

    Right:

        branches:
          - {id: HQ, location: [39.9, 116.41]}
          - {id: NORTH, parent: HQ, location: [45.8, 126.53]}
        leaders:
          - {id: L1, branch: NORTH, role: secretary}
    """
    homes = {leader.branch for _, leader in document.leaders.valid() if leader.location is None}
    held = {delivery.site for delivery in document.deliveries}
    has_branches = any(branch.location for _, branch in document.branches.valid())
    has_sites = any(site.location for _, site in document.sites.valid())
    if not has_branches or not has_sites:
        return
    hint = tr("give [latitude, longitude]: without it a trip counts 0 km")
    for branch_row, branch in document.branches.valid():
        if branch.location is None and branch.id in homes:
            message = tr(
                "found {branch} without a location, expected one, as other branches have",
                branch=shown(branch.id),
            )
            yield Found(branch_row.file, branch_row.id_mark, message, hint)
    for site_row, site in document.sites.valid():
        if site.location is None and site.id in held:
            message = tr(
                "found {site} without a location, expected one, as other sites have", site=shown(site.id)
            )
            yield Found(site_row.file, site_row.id_mark, message, hint)


@rule("room-seats", "warning", "a session takes more people than any room of its site")
def room_seats(document: RosterDocument) -> Iterator[Found]:
    """The seats of a session or an offering are above the largest room of its site.

    One room holds a session, so that the seats above its size stay empty.

    Wrong:

        sites:
          - {id: BJ, kind: party-school, rooms: [{id: R1, seats: 30}, {id: R2, seats: 20}]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 40}

    Right:

        sites:
          - {id: BJ, kind: party-school, rooms: [{id: R1, seats: 30}, {id: R2, seats: 20}]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 30}
    """
    for row, spec in sessions_and_offerings(document):
        for id_ in spec.sites if isinstance(spec, OfferingSpec) else (spec.site,):
            site = document.sites.spec(id_)
            if site is None or not site.rooms:
                continue
            most = max(room.seats for room in site.rooms)
            if spec.seats > most:
                message = tr(
                    "seats: found {seats}, expected {most} at most, the largest room of {site}",
                    seats=spec.seats,
                    most=most,
                    site=shown(id_),
                )
                yield at(row, ("seats",), message)
                break


@rule("same-name", "warning", "two sites, branches of one parent, or leaders of one branch have one name")
def same_name(document: RosterDocument) -> Iterator[Found]:
    """Two sites, two branches below one parent, or two leaders of one branch have the same name under
    different ids.

    On screens and in reports nobody could tell them apart; often a row was copied and half changed. A person
    who is listed twice gets two seats, and what they learn is written into one of the two rows. Spaces don't
    count: 王 磊 is 王磊. For two people who do share a name, write something behind it that tells them apart.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, name: 王磊, role: secretary}
          - {id: L2, branch: HQ, name: 王磊, role: secretary}

    Right:

        leaders:
          - {id: L1, branch: HQ, name: 王磊（信贷）, role: secretary}
          - {id: L2, branch: HQ, name: 王磊（柜面）, role: secretary}
    """
    first: dict[tuple[str, str | None, str], str] = {}
    named: list[tuple[Row[Spec], str, str | None, str, str]] = [
        (row, "sites", None, site.name, site.id) for row, site in document.sites.valid() if site.name
    ]
    named += [
        (row, "branches", branch.parent, branch.name, branch.id)
        for row, branch in document.branches.valid()
        if branch.name
    ]
    named += [
        (row, "leaders", leader.branch, leader.name, leader.id)
        for row, leader in document.leaders.valid()
        if leader.name
    ]
    for row, table, parent, name, id_ in named:
        other = first.setdefault((table, parent, "".join(name.split())), id_)
        if other == id_:
            continue
        if table == "leaders":
            message = tr(
                "name: found {name} again in {branch}, expected one row for each person",
                name=shown(name),
                branch=shown(parent or ""),
            )
            hint = tr("{other} has it too: is it one person listed twice?", other=shown(other))
            yield at(row, ("name",), message, hint)
        else:
            message = tr(
                "name: found {name} again, expected a name that no other of these {table} has",
                name=shown(name),
                table=table,
            )
            yield at(row, ("name",), message, tr("{other} has it too", other=shown(other)))


def _located(document: RosterDocument) -> Iterator[tuple[Row[Spec], _Place]]:
    for site_row, site in document.sites.valid():
        if site.location is not None:
            yield site_row, site.location
    for branch_row, branch in document.branches.valid():
        if branch.location is not None:
            yield branch_row, branch.location
    for leader_row, leader in document.leaders.valid():
        if leader.location is not None:
            yield leader_row, leader.location


def _km(one: _Place, other: _Place) -> float:
    """Great-circle distance; exact enough to tell near from far."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon1 - lon2)
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))


ROSTER_RULES = (odd_location, missing_location, room_seats, same_name)
