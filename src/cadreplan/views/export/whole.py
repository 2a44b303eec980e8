"""Tables about the season as a whole: its facts, and coverage by ability."""

from __future__ import annotations

from cadreplan.language import tr
from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.programme import half_days
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    closed_of_all,
    coverage_by_ability,
    fill_counts,
    session_rows,
    worth_rows,
)
from cadreplan.views.wording import gap


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
    taught = half_days(season)
    if taught:
        facts += [
            (tr("half days taught"), sum(h.lecturer is not None for h in taught)),
            (tr("half days without a lecturer"), sum(h.lecturer is None for h in taught)),
            (tr("lecturers who teach"), len({h.lecturer for h in taught} - {None})),
        ]
    facts += [(words("points: {term}", term=words(row.label)), row.points) for row in worth_rows(season)]
    facts += [
        (words("sessions: {kind}", kind=words(kind)), n) for kind, n in fill_counts(session_rows(season))
    ]
    columns = (Column("fact", words("fact")), Column("value", words("value")))
    return Table("overview", words("Overview"), columns, tuple(facts))


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
