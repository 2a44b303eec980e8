"""Tables about what is held: sessions, their cohorts, lecturers, sites, branches, the season as a whole."""

from __future__ import annotations

from cadreplan.instance import DayRange
from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.people import cohort
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    closed_of_all,
    coverage_by_ability,
    fill_counts,
    first_level_rows,
    session_rows,
    worth_rows,
)
from cadreplan.views.wording import gap


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
    )
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


def lecturers(season: Season, words: Words) -> Table:
    """One row a lecturer: kind, place, what may be taught and when."""
    instance = season.instance
    columns = (
        Column("lecturer", words("lecturer no.")),
        Column("name", words("name")),
        Column("kind", words("kind")),
        Column("site", words("site")),
        Column("modules", words("modules")),
        Column("available", words("available")),
        Column("slots", words("half days at most"), "number"),
    )
    rows = tuple(
        (
            who.id,
            who.name,
            words.kind(who.kind),
            None if who.site is None else instance.sites[who.site].name,
            words("all that the kind may teach")
            if who.modules is None
            else words.list(instance.modules[m].name for m in who.modules),
            _available(season, who.available, words),
            who.max_slots,
        )
        for who in instance.lecturers
    )
    return Table("lecturers", words("Lecturers"), columns, rows)


def _available(season: Season, ranges: tuple[DayRange, ...] | None, words: Words) -> str:
    if ranges is None:
        return words("always")
    date_of = season.instance.date_of
    return words.list(words.span(date_of(first), date_of(last)) for first, last in ranges)


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


def coverage(season: Season, words: Words) -> Table:
    """One row an ability: skill gaps closed of those there are."""
    columns = (
        Column("ability", words("ability")),
        Column("closed", words("skill gaps closed"), "number"),
        Column("open", words("still open"), "number"),
        Column("gaps", words("skill gaps"), "number"),
        Column("share", words("share closed"), "share"),
    )
    rows = tuple(
        (row.name, row.closed, row.total - row.closed, row.total, row.closed / row.total)
        for row in coverage_by_ability(season)
    )
    return Table("coverage", words("Coverage by ability"), columns, rows)


def overview(season: Season, words: Words) -> Table:
    """The season in a few facts."""
    instance, solver = season.instance, season.plan.solver
    closed, total = closed_of_all(season)
    running = [s for s in range(len(instance.sessions)) if season.runs(s)]
    taken, seats = sum(season.people[s] for s in running), sum(instance.sessions[s].seats for s in running)
    everybody = range(len(instance.leaders))
    facts: list[tuple[str, Value]] = [
        (words("plan for"), instance.title),
        (words("from"), instance.start),
        (words("to"), instance.date_of(instance.n_days - 1)),
        (words("leaders"), len(instance.leaders)),
        (words("people"), sum(leader.headcount for leader in instance.leaders)),
        (words("leaders who travel"), sum(bool(season.trips[i]) for i in everybody)),
        (words("sessions held"), len(running)),
        (words("seats"), seats),
        (words("seats taken"), taken),
        (words("skill gaps"), total),
        (words("skill gaps closed"), closed),
        (words("share closed"), closed / total if total else None),
        (words("days away"), sum(season.days_away(i) for i in everybody)),
        (words("km both ways"), sum(season.km(i) for i in everybody)),
        (words("worth in points"), solver.objective),
        (words("proven limit"), solver.bound),
        (words("gap to the limit"), gap(solver.gap)),
    ]
    facts += [(words("points: {term}", term=words(row.label)), row.points) for row in worth_rows(season)]
    facts += [
        (words("sessions: {kind}", kind=words(kind)), n) for kind, n in fill_counts(session_rows(season))
    ]
    columns = (Column("fact", words("fact")), Column("value", words("value")))
    return Table("overview", words("Overview"), columns, tuple(facts))
