"""Tables about people: who attends what, who travels when, what each leader gets, and what stays open."""

from __future__ import annotations

from cadreplan.language import listed, tr
from cadreplan.views.people import closes, itinerary, sleeps
from cadreplan.views.season import Season
from cadreplan.views.table import Column, Named, Table, Value
from cadreplan.views.wording import reason


def who_columns() -> tuple[Column, ...]:
    """The columns of `who_cells`."""
    return (
        Column("leader", tr("leader no.")),
        Column("name", tr("name")),
        Column("group", tr("first-level branch")),
        Column("branch", tr("branch")),
        Column("post", tr("post")),
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


def assignments(season: Season) -> Table:
    """One row a leader and session, leaders by branch, sessions in order of time."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("people", tr("people"), "number"),
        Column("session", tr("session")),
        Column("site", tr("site")),
        Column("room", tr("room")),
        Column("first", tr("first day"), "date"),
        Column("last", tr("last day"), "date"),
        Column("days", tr("days"), "number"),
        Column("modules", tr("modules")),
        Column("hours", tr("hours"), "number"),
        Column("closes", tr("skill gaps closed")),
    )
    rows: list[tuple[Value, ...]] = []
    for i in by_group(season):
        head = (*who_cells(season, i), instance.leaders[i].headcount)
        for s in sorted(season.solution.chosen[i], key=lambda s: instance.sessions[s].first_day):
            session = instance.sessions[s]
            rows.append(
                (
                    *head,
                    Named.of(session.id, season.name(s)),
                    instance.sites[session.site].name,
                    season.room(s),
                    instance.date_of(session.first_day),
                    instance.date_of(session.last_day),
                    len(session.days),
                    listed(season.module_names(s)),
                    sum(instance.modules[m].hours for m in session.modules),
                    listed(closes(season, i, s)),
                )
            )
    return Table("assignments", tr("Assignments"), columns, tuple(rows))


def trips(season: Season) -> Table:
    """One row a trip of a leader: from when to when, where, the sessions on it, the way there and back."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("people", tr("people"), "number"),
        Column("site", tr("site")),
        Column("from", tr("away from"), "date"),
        Column("to", tr("away to"), "date"),
        Column("days", tr("days away"), "number"),
        Column("km", tr("km both ways"), "number"),
        Column("sessions", tr("sessions")),
        *([Column("sleeps", tr("sleeps"))] if instance.policy.local_km else []),
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
            Named.of(listed(stop.id for stop in journey.stops), listed(stop.name for stop in journey.stops)),
            *([sleeps(journey.trip.at_home)] if instance.policy.local_km else []),
        )
        for i in by_group(season)
        for journey in itinerary(season, i).journeys
    ]
    return Table("trips", tr("Trips"), columns, tuple(rows))


def leaders(season: Season) -> Table:
    """One row a leader, those who stay at home included."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("people", tr("people"), "number"),
        Column("sessions", tr("sessions"), "number"),
        Column("trips", tr("trips"), "number"),
        Column("days", tr("days away"), "number"),
        Column("km", tr("km both ways"), "number"),
        Column("closed", tr("skill gaps closed"), "number"),
        Column("gaps", tr("skill gaps"), "number"),
        Column("share", tr("share closed"), "share"),
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
    return Table("leaders", tr("Leaders"), columns, rows)


def open_gaps(season: Season) -> Table:
    """One row a skill gap that stays open, with the reason."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("skill", tr("skill")),
        Column("level", tr("level needed"), "number"),
        Column("reason", tr("reason")),
        Column("meaning", tr("what it means")),
        Column("detail", tr("detail")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *who_cells(season, i),
            gap.skill,
            gap.level or None,
            gap.reason,
            reason(gap.reason),
            gap.detail if gap.reason else None,
        )
        for i in by_group(season)
        if len(season.closings[i]) < len(instance.leaders[i].gaps)
        for gap in itinerary(season, i).open
    ]
    return Table("open-gaps", tr("Open skill gaps"), columns, tuple(rows))
