"""Who is away when, and how full the weeks are: the rows behind pictures on pages and in the terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cadreplan.views.season import Season
from cadreplan.views.timetable import Week

MOST_BRANCHES = 60
"""Rows of the heat map."""

STEPS = 5
"""Steps of the heat map, from the lowest to the highest; 0 is nobody."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A branch with the days away of all its people by week, each with its step."""

    name: str
    weeks: tuple[tuple[int, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The sessions that begin in a week: how many, and how full all of them are."""

    label: str
    sessions: int
    people: int
    seats: int


def heat_rows(season: Season, shown: Sequence[Week]) -> list[HeatRow]:
    """First-level branches that anybody leaves, those with the most days away first."""
    by_week: dict[int, Counter[int]] = defaultdict(Counter)
    for i, leader in enumerate(season.instance.leaders):
        for trip in season.trips[i]:
            for day in trip.days:
                week = (day - shown[0].monday) // 7
                by_week[season.first_level[leader.branch]][week] += leader.headcount
    most = max((n for row in by_week.values() for n in row.values()), default=1)
    rows = [
        HeatRow(
            season.instance.branches[b].name,
            tuple((row[w], -(-STEPS * row[w] // most)) for w in range(len(shown))),
            row.total(),
        )
        for b, row in sorted(by_week.items())
    ]
    return sorted(rows, key=lambda row: -row.total)[:MOST_BRANCHES]


def week_rows(season: Season, shown: Sequence[Week]) -> list[WeekRow]:
    """Every week, those without sessions too."""
    rows = [[0, 0, 0] for _ in shown]
    for s, session in enumerate(season.instance.sessions):
        if season.runs(s):
            row = rows[(session.first_day - shown[0].monday) // 7]
            row[:] = [row[0] + 1, row[1] + season.people[s], row[2] + session.seats]
    return [WeekRow(week.label, *row) for week, row in zip(shown, rows, strict=True)]
