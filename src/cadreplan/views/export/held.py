"""Tables about what is held: sessions and their cohorts."""

from __future__ import annotations

from cadreplan.language import listed, tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.people import who_columns
from cadreplan.views.people import cohort, sleeps
from cadreplan.views.programme import by_session
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows
from cadreplan.views.table import Column, Named, Table, Value


def status(season: Season, session: int) -> str:
    """`confirmed`, or a candidate that is opened or not."""
    if not season.instance.sessions[session].candidate:
        return tr("confirmed")
    return tr("candidate, opened") if season.runs(session) else tr("candidate, not opened")


def sessions(season: Season) -> Table:
    """One row a session, by first day; candidates that aren't opened included."""
    instance = season.instance
    columns = (
        Column("session", tr("session")),
        Column("site", tr("site")),
        Column("room", tr("room")),
        Column("first", tr("first day"), "date"),
        Column("last", tr("last day"), "date"),
        Column("dates", tr("dates")),
        Column("days", tr("days"), "number"),
        Column("status", tr("status")),
        Column("people", tr("people"), "number"),
        Column("seats", tr("seats"), "number"),
        Column("fill", tr("fill"), "share"),
        Column("minimum", tr("minimum"), "number"),
        Column("modules", tr("modules")),
        Column("hours", tr("hours"), "number"),
        Column("lecturers", tr("Lecturers")),
    )
    programme = by_session(season)
    rows = tuple(
        (
            Named.of(row.id, row.name),
            row.site,
            row.room,
            instance.date_of(row.first),
            instance.date_of(row.days[-1]),
            season.dates.spans(row.days),
            len(row.days),
            status(season, row.session),
            row.people,
            row.seats,
            row.people / row.seats if row.seats and row.runs else None,
            row.min_seats or None,
            listed(row.modules),
            sum(instance.modules[m].hours for m in instance.sessions[row.session].modules),
            listed(dict.fromkeys(lecturer_of(season, h) for h in programme.get(row.session, ()))) or None,
        )
        for row in session_rows(season)
    )
    return Table("sessions", tr("Sessions"), columns, rows)


def cohorts(season: Season) -> Table:
    """One row a session and leader, sessions by first day: the lists that a site receives its people by."""
    instance = season.instance
    columns = (
        Column("session", tr("session")),
        Column("site", tr("site")),
        Column("first", tr("first day"), "date"),
        Column("room", tr("room")),
        *who_columns(),
        Column("people", tr("people"), "number"),
        Column("km", tr("km both ways"), "number"),
        Column("closes", tr("skill gaps closed")),
        *([Column("sleeps", tr("sleeps"))] if instance.policy.local_km else []),
    )
    rows: list[tuple[Value, ...]] = [
        (
            Named.of(row.id, row.name),
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
            listed(member.closes),
            *([sleeps(member.at_home)] if instance.policy.local_km else []),
        )
        for row in session_rows(season)
        for member in cohort(season, row.session)
    ]
    return Table("cohorts", tr("Cohorts"), columns, tuple(rows))
