"""Tables about places: sites and rooms with how much they are used, first-level branches with their gain."""

from __future__ import annotations

from collections import Counter, defaultdict

from cadreplan.language import listed, tr
from cadreplan.views.programme import half_days
from cadreplan.views.season import Season
from cadreplan.views.summary import first_level_rows
from cadreplan.views.table import Column, Named, Table, Value
from cadreplan.views.wording import kind


def sites(season: Season) -> Table:
    """One row a site with how much it is used."""
    instance = season.instance
    columns = (
        Column("site", tr("site no.")),
        Column("name", tr("site name")),
        Column("kind", tr("kind")),
        Column("sessions", tr("sessions"), "number"),
        Column("people", tr("people"), "number"),
        Column("seats", tr("seats"), "number"),
        Column("fill", tr("fill"), "share"),
        Column("days", tr("person-days"), "number"),
        Column("most", tr("most people on a day"), "number"),
        Column("beds", tr("beds"), "number"),
        *([Column("in_beds", tr("most people in beds"), "number")] if instance.policy.local_km else []),
    )
    rows: list[tuple[Value, ...]] = []
    for k, site in enumerate(instance.sites):
        here = [s for s, session in enumerate(instance.sessions) if session.site == k and season.runs(s)]
        people, seats = sum(season.people[s] for s in here), sum(instance.sessions[s].seats for s in here)
        by_day = [n for (other, _), n in season.at_site.items() if other == k]
        rows.append(
            (
                site.id,
                site.name,
                kind(site.kind),
                len(here),
                people,
                seats,
                people / seats if seats else None,
                sum(by_day),
                max(by_day, default=0),
                site.beds,
                *([_most(season.in_beds, k)] if instance.policy.local_km else []),
            )
        )
    return Table("sites", tr("Sites"), columns, tuple(rows))


def _most(people: Counter[tuple[int, int]], site: int) -> int:
    """The most people at a site on one day."""
    return max((n for (k, _), n in people.items() if k == site), default=0)


def rooms(season: Season) -> Table:
    """One row a room of each site that lists rooms: how often and how full it is, unused ones included."""
    instance = season.instance
    columns = (
        Column("site", tr("site")),
        Column("room", tr("room")),
        Column("seats", tr("seats in the room"), "number"),
        Column("sessions", tr("sessions"), "number"),
        Column("days", tr("days in use"), "number"),
        Column("half-days", tr("half days taught"), "number"),
        Column("people", tr("people"), "number"),
        Column("fill", tr("seats filled"), "share"),
        Column("used", tr("used by")),
    )
    in_room: dict[tuple[int, int], list[int]] = defaultdict(list)
    for s, r in season.solution.rooms.items():
        if season.runs(s):
            in_room[instance.sessions[s].site, r].append(s)
    lessons: dict[int, int] = defaultdict(int)
    for h in half_days(season):
        lessons[h.session] += 1
    rows: list[tuple[Value, ...]] = []
    for k, site in enumerate(instance.sites):
        for r, room in enumerate(site.rooms or ()):
            held = sorted(in_room.get((k, r), ()), key=lambda s: (instance.sessions[s].first_day, s))
            people = sum(season.people[s] for s in held)
            rows.append(
                (
                    site.name,
                    room.id,
                    room.seats,
                    len(held),
                    len({day for s in held for day in instance.sessions[s].days}),
                    sum(lessons[s] for s in held) if season.plan.programme else None,
                    people,
                    people / (room.seats * len(held)) if held and room.seats else None,
                    Named.of(listed(instance.sessions[s].id for s in held), listed(map(season.name, held)))
                    if held
                    else None,
                )
            )
    return Table("rooms", tr("Rooms"), columns, tuple(rows))


def branches(season: Season) -> Table:
    """One row a first-level branch with all below it, the least covered first."""
    columns = (
        Column("branch", tr("branch no.")),
        Column("name", tr("branch name")),
        Column("people", tr("people"), "number"),
        Column("closed", tr("skill gaps closed"), "number"),
        Column("gaps", tr("skill gaps"), "number"),
        Column("share", tr("share closed"), "share"),
        Column("days", tr("days away"), "number"),
        Column("km", tr("km both ways"), "number"),
    )
    rows = tuple(
        (
            row.id,
            row.name,
            row.people,
            row.closed,
            row.total,
            row.closed / row.total if row.total else None,
            row.days,
            row.km,
        )
        for row in first_level_rows(season)
    )
    return Table("branches", tr("Branches"), columns, rows)
