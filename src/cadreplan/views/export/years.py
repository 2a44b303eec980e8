"""Tables about more than one rotation: norms by leader, and who is left out or could have had a seat."""

from __future__ import annotations

from datetime import date

from cadreplan.language import tr
from cadreplan.views.export.people import who_cells, who_columns
from cadreplan.views.fairness import fairness_facts, owed_rows, tells_of_waiting
from cadreplan.views.naming import with_id
from cadreplan.views.season import Season
from cadreplan.views.table import Column, Table, Value


def norms(season: Season) -> Table:
    """One row a leader and norm: what is wanted, credited, planned and missing, and the last day for it."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("norm", tr("norm")),
        Column("wanted", tr("wanted"), "number"),
        Column("credited", tr("credited"), "number"),
        Column("planned", tr("planned"), "number"),
        Column("missing", tr("missing"), "number"),
        Column("deadline", tr("until"), "date"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *who_cells(season, row.leader),
            row.norm,
            row.wanted,
            row.credited,
            row.planned,
            row.missing,
            date.fromordinal(instance.start.toordinal() + row.last),
        )
        for row in owed_rows(season)
    ]
    return Table("norms", tr("Norms"), columns, tuple(rows))


def waiting(season: Season) -> Table:
    """One row a leader left out, with the first seat of somebody who waited less that they could take."""
    instance = season.instance
    columns = (
        *who_columns(),
        Column("waited", tr("rotations waited before"), "number"),
        Column("session", tr("could take a seat in")),
        Column("of", tr("in place of")),
        Column("less", tr("who waited"), "number"),
    )
    rows: list[tuple[Value, ...]] = []
    if tells_of_waiting(season):
        first = {envy.leader: envy for envy in reversed(season.envies.pairs)}
        for i in season.left_out:
            envy = first.get(i)
            seat: tuple[Value, ...] = (None, None, None)
            if envy is not None:
                other = instance.leaders[envy.other]
                seat = (instance.sessions[envy.session].id, with_id(other), other.waited)
            rows.append((*who_cells(season, i), instance.leaders[i].waited, *seat))
    return Table("waiting", tr("Left out"), columns, tuple(rows))


def fairness(season: Season) -> Table:
    """The fairness of the plan in a few facts."""
    columns = (Column("fact", tr("fact")), Column("value", tr("value")))
    return Table("fairness", tr("Fairness"), columns, tuple(fairness_facts(season)))
