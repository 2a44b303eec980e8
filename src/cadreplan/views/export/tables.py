"""All tables of an export, in their order; one more is one more function here."""

from __future__ import annotations

from collections.abc import Callable

from cadreplan.views.export import people, places
from cadreplan.views.export.table import Table
from cadreplan.views.labels import Words
from cadreplan.views.season import Season

TABLES: tuple[Callable[[Season, Words], Table], ...] = (
    places.overview,
    places.coverage,
    places.branches,
    places.sites,
    places.sessions,
    places.cohorts,
    places.lecturers,
    people.leaders,
    people.assignments,
    people.trips,
    people.open_gaps,
)


def all_tables(season: Season, words: Words) -> list[Table]:
    """The plan as tables."""
    return [make(season, words) for make in TABLES]
