"""Tables about people: who attends what, who travels when, what each leader gets, and what stays open."""

from __future__ import annotations

from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.people import closes, itinerary
from cadreplan.views.season import Season


def _who(words: Words) -> tuple[Column, ...]:
    return (
        Column("leader", words("leader no.")),
        Column("name", words("name")),
        Column("group", words("first-level branch")),
        Column("branch", words("branch")),
        Column("post", words("post")),
    )


def who_cells(season: Season, leader: int) -> tuple[str, str, str, str, str]:
    """Id, name, first-level branch, branch and post of a leader."""
    instance = season.instance
    who = instance.leaders[leader]
    return (
        who.id,
        who.name,
        instance.branches[season.first_level[who.branch]].name,
        instance.branches[who.branch].name,
        "" if who.role is None else instance.roles[who.role].name,
    )


def by_group(season: Season) -> list[int]:
    """All leaders: by first-level branch, branch and id, branches in the roster's order."""
    instance = season.instance
    return sorted(
        range(len(instance.leaders)),
        key=lambda i: (
            season.first_level[instance.leaders[i].branch],
            instance.leaders[i].branch,
            instance.leaders[i].id,
        ),
    )


def assignments(season: Season, words: Words) -> Table:
    """One row a leader and session, leaders by branch, sessions in order of time."""
    instance = season.instance
    columns = (
        *_who(words),
        Column("people", words("people"), "number"),
        Column("session", words("session")),
        Column("site", words("site")),
        Column("room", words("room")),
        Column("first", words("first day"), "date"),
        Column("last", words("last day"), "date"),
        Column("days", words("days"), "number"),
        Column("modules", words("modules")),
        Column("hours", words("hours"), "number"),
        Column("closes", words("skill gaps closed")),
    )
    rows: list[tuple[Value, ...]] = []
    for i in by_group(season):
        head = (*who_cells(season, i), instance.leaders[i].headcount)
        for s in sorted(season.solution.chosen[i], key=lambda s: instance.sessions[s].first_day):
            session = instance.sessions[s]
            rows.append(
                (
                    *head,
                    session.id,
                    instance.sites[session.site].name,
                    season.room(s),
                    instance.date_of(session.first_day),
                    instance.date_of(session.last_day),
                    len(session.days),
                    words.list(season.module_names(s)),
                    sum(instance.modules[m].hours for m in session.modules),
                    words.list(closes(season, i, s)),
                )
            )
    return Table("assignments", words("Assignments"), columns, tuple(rows))


def trips(season: Season, words: Words) -> Table:
    """One row a trip of a leader: from when to when, where, the sessions on it, the way there and back."""
    instance = season.instance
    columns = (
        *_who(words),
        Column("people", words("people"), "number"),
        Column("site", words("site")),
        Column("from", words("away from"), "date"),
        Column("to", words("away to"), "date"),
        Column("days", words("days away"), "number"),
        Column("km", words("km both ways"), "number"),
        Column("sessions", words("sessions")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *who_cells(season, i),
            instance.leaders[i].headcount,
            journey.site,
            instance.date_of(journey.trip.first),
            instance.date_of(journey.trip.last),
            len(journey.trip.days),
            journey.km,
            words.list(stop.id for stop in journey.stops),
        )
        for i in by_group(season)
        for journey in itinerary(season, i).journeys
    ]
    return Table("trips", words("Trips"), columns, tuple(rows))


def leaders(season: Season, words: Words) -> Table:
    """One row a leader, those who stay at home included."""
    instance = season.instance
    columns = (
        *_who(words),
        Column("people", words("people"), "number"),
        Column("sessions", words("sessions"), "number"),
        Column("trips", words("trips"), "number"),
        Column("days", words("days away"), "number"),
        Column("km", words("km both ways"), "number"),
        Column("closed", words("skill gaps closed"), "number"),
        Column("gaps", words("skill gaps"), "number"),
        Column("share", words("share closed"), "share"),
    )
    rows = tuple(
        (
            *who_cells(season, i),
            instance.leaders[i].headcount,
            len(season.solution.chosen[i]),
            len(season.trips[i]),
            season.days_away(i),
            season.km(i),
            len(season.closings[i]),
            len(instance.leaders[i].gaps),
            len(season.closings[i]) / len(instance.leaders[i].gaps) if instance.leaders[i].gaps else None,
        )
        for i in by_group(season)
    )
    return Table("leaders", words("Leaders"), columns, rows)


def open_gaps(season: Season, words: Words) -> Table:
    """One row a skill gap that stays open, with the reason."""
    instance = season.instance
    columns = (
        *_who(words),
        Column("skill", words("skill")),
        Column("level", words("level needed"), "number"),
        Column("reason", words("reason")),
        Column("meaning", words("what it means")),
        Column("detail", words("detail")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *who_cells(season, i),
            gap.skill,
            gap.level or None,
            gap.reason,
            words.reason(gap.reason),
            gap.detail if gap.reason else None,
        )
        for i in by_group(season)
        if len(season.closings[i]) < len(instance.leaders[i].gaps)
        for gap in itinerary(season, i).open
    ]
    return Table("open-gaps", words("Open skill gaps"), columns, tuple(rows))
