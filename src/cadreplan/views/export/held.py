"""Tables about what is held: sessions and their cohorts."""

from __future__ import annotations

from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.people import cohort
from cadreplan.views.programme import by_session
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows


def status(season: Season, session: int, words: Words) -> str:
    """`confirmed`, or a candidate that is opened or not."""
    if not season.instance.sessions[session].candidate:
        return words("confirmed")
    return words("candidate, opened") if season.runs(session) else words("candidate, not opened")


def sessions(season: Season, words: Words) -> Table:
    """One row a session, by first day; candidates that aren't opened included."""
    instance = season.instance
    columns = (
        Column("session", words("session")),
        Column("site", words("site")),
        Column("room", words("room")),
        Column("first", words("first day"), "date"),
        Column("last", words("last day"), "date"),
        Column("dates", words("dates")),
        Column("days", words("days"), "number"),
        Column("status", words("status")),
        Column("people", words("people"), "number"),
        Column("seats", words("seats"), "number"),
        Column("fill", words("fill"), "share"),
        Column("minimum", words("minimum"), "number"),
        Column("modules", words("modules")),
        Column("hours", words("hours"), "number"),
        Column("lecturers", words("Lecturers")),
    )
    programme = by_session(season)
    rows = tuple(
        (
            row.id,
            row.site,
            row.room,
            instance.date_of(row.first),
            instance.date_of(row.days[-1]),
            words.spans(instance.start, row.days),
            len(row.days),
            status(season, row.session, words),
            row.people,
            row.seats,
            row.people / row.seats if row.seats and row.runs else None,
            row.min_seats or None,
            words.list(row.modules),
            sum(instance.modules[m].hours for m in instance.sessions[row.session].modules),
            words.list(dict.fromkeys(lecturer_of(season, h) for h in programme.get(row.session, ()))) or None,
        )
        for row in session_rows(season)
    )
    return Table("sessions", words("Sessions"), columns, rows)


def cohorts(season: Season, words: Words) -> Table:
    """One row a session and leader, sessions by first day: the lists that a site receives its people by."""
    instance = season.instance
    columns = (
        Column("session", words("session")),
        Column("site", words("site")),
        Column("first", words("first day"), "date"),
        Column("room", words("room")),
        Column("leader", words("leader no.")),
        Column("name", words("name")),
        Column("group", words("first-level branch")),
        Column("branch", words("branch")),
        Column("post", words("post")),
        Column("people", words("people"), "number"),
        Column("km", words("km both ways"), "number"),
        Column("closes", words("skill gaps closed")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            row.id,
            row.site,
            instance.date_of(row.first),
            row.room,
            member.id,
            member.name,
            member.group,
            member.branch,
            member.role,
            member.headcount,
            member.km,
            words.list(member.closes),
        )
        for row in session_rows(season)
        for member in cohort(season, row.session)
    ]
    return Table("cohorts", words("Cohorts"), columns, tuple(rows))
