"""Tables about the season as a whole: its facts, and coverage by ability."""

from __future__ import annotations

from cadreplan.language import tr
from cadreplan.views.programme import half_days
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    closed_of_all,
    coverage_by_ability,
    fill_counts,
    session_rows,
    worth_rows,
)
from cadreplan.views.table import Column, Table, Value
from cadreplan.views.wording import gap, made_with


def overview(season: Season) -> Table:
    """The season in a few facts."""
    instance, solver = season.instance, season.plan.solver
    closed, total = closed_of_all(season)
    running = [s for s in range(len(instance.sessions)) if season.runs(s)]
    taken, seats = sum(season.people[s] for s in running), sum(instance.sessions[s].seats for s in running)
    everybody = range(len(instance.leaders))
    facts: list[tuple[str, Value]] = [
        (tr("plan for"), instance.title),
        (tr("from"), instance.start),
        (tr("to"), instance.date_of(instance.n_days - 1)),
        (tr("leaders"), len(instance.leaders)),
        (tr("people"), sum(leader.headcount for leader in instance.leaders)),
        (
            tr("people who travel"),
            sum(instance.leaders[i].headcount for i in everybody if season.trips[i]),
        ),
        (tr("sessions held"), len(running)),
        (tr("seats"), seats),
        (tr("seats taken"), taken),
        (tr("skill gaps"), total),
        (tr("skill gaps closed"), closed),
        (tr("share closed"), closed / total if total else None),
        (tr("days away"), sum(season.days_away(i) for i in everybody)),
        (tr("km both ways"), sum(season.km(i) for i in everybody)),
        (tr("worth in points"), solver.objective),
        (tr("proven limit"), solver.bound),
        (tr("gap to the limit"), gap(solver.gap)),
    ]
    if what_if := made_with(season.plan.roster.settings):
        facts.insert(1, (tr("roster"), what_if))
    taught = half_days(season)
    if taught:
        facts += [
            (tr("half days taught"), sum(h.lecturer is not None for h in taught)),
            (tr("half days without a lecturer"), sum(h.lecturer is None for h in taught)),
            (tr("lecturers who teach"), len({h.lecturer for h in taught} - {None})),
        ]
    facts += [(tr("points: {term}", term=row.label), row.points) for row in worth_rows(season)]
    facts += [(tr("sessions: {kind}", kind=tr(kind)), n) for kind, n in fill_counts(session_rows(season))]
    columns = (Column("fact", tr("fact")), Column("value", tr("value")))
    return Table("overview", tr("Overview"), columns, tuple(facts))


def coverage(season: Season) -> Table:
    """One row an ability: skill gaps closed of those there are."""
    columns = (
        Column("ability", tr("ability")),
        Column("closed", tr("skill gaps closed"), "number"),
        Column("open", tr("still open"), "number"),
        Column("gaps", tr("skill gaps"), "number"),
        Column("share", tr("share closed"), "share"),
    )
    rows = tuple(
        (row.name, row.closed, row.total - row.closed, row.total, row.closed / row.total)
        for row in coverage_by_ability(season)
    )
    return Table("coverage", tr("Coverage by ability"), columns, rows)
