"""All tables of an export, in their order; one more is one more function here."""

from __future__ import annotations

from collections.abc import Callable

from cadreplan.views.export import held, people, places, teaching, whole
from cadreplan.views.export.groups import groups
from cadreplan.views.export.table import Table
from cadreplan.views.season import Season

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


def all_tables(season: Season) -> list[Table]:
    """The plan as tables."""
    season.tell()
    made = [make(season) for make in TABLES]
    return [*made, groups(season)] if season.has_groups else made
