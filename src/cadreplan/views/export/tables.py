"""All tables of an export, in their order; one more is one more function here."""

from __future__ import annotations

from collections.abc import Callable

from cadreplan.views.export import held, people, places, teaching, whole, years
from cadreplan.views.export.groups import groups
from cadreplan.views.season import Season
from cadreplan.views.table import Table

TABLES: tuple[Callable[[Season], Table], ...] = (
    whole.overview,
    whole.coverage,
    places.branches,
    places.sites,
    held.sessions,
    held.cohorts,
    teaching.programme,
    teaching.lecturers,
    teaching.journeys,
    teaching.unstaffed,
    places.rooms,
    people.leaders,
    people.assignments,
    people.trips,
    people.open_gaps,
)
IF_ANY: tuple[Callable[[Season], Table], ...] = (years.fairness, years.waiting, years.norms)
"""Tables that there are only where they have rows: not every roster knows of norms and of waiting."""


def all_tables(season: Season) -> list[Table]:
    """The plan as tables."""
    made = [make(season) for make in TABLES]
    made += [groups(season)] if season.has_groups else []
    return made + [table for make in IF_ANY if (table := make(season)).rows]
