"""Tables about places: sites and rooms with how much they are used, first-level branches with their gain."""

from __future__ import annotations

from collections import defaultdict

from cadreplan.language import tr
from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.programme import half_days
from cadreplan.views.season import Season
from cadreplan.views.summary import first_level_rows


def sites(season: Season, words: Words) -> Table:
    """One row a site with how much it is used."""
    instance = season.instance
    columns = (
        Column("site", words("site no.")),
        Column("name", words("site name")),
        Column("kind", words("kind")),
        Column("sessions", words("sessions"), "number"),
        Column("people", words("people"), "number"),
        Column("seats", words("seats"), "number"),
        Column("fill", words("fill"), "share"),
        Column("days", words("person-days"), "number"),
        Column("most", words("most people on a day"), "number"),
        Column("beds", words("beds"), "number"),
    )
    rows = []
    for k, site in enumerate(instance.sites):
        here = [s for s, session in enumerate(instance.sessions) if session.site == k and season.runs(s)]
        people, seats = sum(season.people[s] for s in here), sum(instance.sessions[s].seats for s in here)
        by_day = [n for (other, _), n in season.at_site.items() if other == k]
        rows.append(
            (
                site.id,
                site.name,
                words.kind(site.kind),
                len(here),
                people,
                seats,
                people / seats if seats else None,
                sum(by_day),
                max(by_day, default=0),
                site.beds,
            )
        )
    return Table("sites", words("Sites"), columns, tuple(rows))


def rooms(season: Season, words: Words) -> Table:
    """One row a room of each site that lists rooms: how often and how full it is, unused ones included."""
    instance = season.instance
    columns = (
        Column("site", words("site")),
        Column("room", words("room")),
        Column("seats", tr("seats in the room"), "number"),
        Column("sessions", words("sessions"), "number"),
        Column("days", tr("days in use"), "number"),
        Column("half-days", tr("half days taught"), "number"),
        Column("people", words("people"), "number"),
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
                    words.list(instance.sessions[s].id for s in held) or None,
                )
            )
    return Table("rooms", tr("Rooms"), columns, tuple(rows))


def branches(season: Season, words: Words) -> Table:
    """One row a first-level branch with all below it, the least covered first."""
    columns = (
        Column("branch", words("branch no.")),
        Column("name", words("branch name")),
        Column("people", words("people"), "number"),
        Column("closed", words("skill gaps closed"), "number"),
        Column("gaps", words("skill gaps"), "number"),
        Column("share", words("share closed"), "share"),
        Column("days", words("days away"), "number"),
        Column("km", words("km both ways"), "number"),
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
    return Table("branches", words("Branches"), columns, rows)
