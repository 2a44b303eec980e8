"""A season to look at: coverage by ability, how full the weeks are, and who is away when."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from cadreplan.language import tr, tr_n
from cadreplan.views.heat import HeatRow, heat_rows, week_rows
from cadreplan.views.screen.summary import coverage, title
from cadreplan.views.screen.theme import (
    FILL_TEXT,
    Cell,
    Column,
    Meter,
    cut,
    fill_style,
    fitted,
    heading,
    more,
    paint,
)
from cadreplan.views.season import Season
from cadreplan.views.timetable import Week, used_days, weeks
from cadreplan.views.wording import number

_BESIDE = 45
"""Cells beside a week's bar: its name, people of seats, number of sessions."""

_STYLES = ("", "heat.1", "heat.1", "heat.2", "heat.3", "heat.4")
"""Step of the heat map → style."""


def pictures(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """Coverage, weeks and the heat map; lists show `limit` rows and say how many more."""
    yield from title(season, width)
    yield from coverage(season, width)
    shown = weeks(season.instance, used_days(season))
    yield from _weeks(season, shown, width)
    yield from _heat(heat_rows(season, shown), shown, width, limit)


def _weeks(season: Season, shown: list[Week], width: int) -> Iterator[RenderableType]:
    rows = week_rows(season, shown)
    yield heading(tr("Seats taken"), [tr("sessions by the week in which they begin")], width)
    bar = max(8, min(40, width - _BESIDE))
    cells: list[list[Cell]] = [
        [
            f"{row.label} {season.dates.day(week.monday)}",
            Meter(row.people, row.seats, FILL_TEXT[fill_style(row.people, row.seats, 0)], bar)
            if row.seats
            else "",
            f"{number(row.people)}/{number(row.seats)}" if row.seats else "",
            tr_n("{n:,} session", "{n:,} sessions", row.sessions) if row.sessions else "",
        ]
        for row, week in zip(rows, shown, strict=True)
    ]
    columns = (Column(), Column(), Column(right=True), Column(rank=1, right=True, style="quiet"))
    yield fitted(columns, cells, width)


def _heat(rows: list[HeatRow], shown: list[Week], width: int, limit: int) -> Iterator[RenderableType]:
    yield heading(tr("Days away"), [tr("person-days by branch and week")], width)
    if not rows:
        yield Text(" " + tr("nobody is away"), style="quiet")
        return
    label = min(max(cell_len(row.name) for row in rows), max(8, width // 4))
    cell = 1 + max(3, *(len(str(n)) for row in rows for n, _ in row.weeks))
    blocks = -(-len(shown) // max(1, (width - label - 2) // cell))
    size = -(-len(shown) // blocks)
    for first in range(0, len(shown), size):
        block = range(first, min(first + size, len(shown)))
        line = label + 2 + cell * len(block)
        at = {w: label + 2 + k * cell for k, w in enumerate(block)}
        yield paint(line, [(at[w], shown[w].short.rjust(cell - 1), "quiet") for w in block])
        for row in rows[:limit]:
            cells = [
                (at[w], f"{n:>{cell - 1}} ", _STYLES[step])
                for w, (n, step) in enumerate(row.weeks)
                if w in at and n
            ]
            yield paint(line, [(1, cut(row.name, label), ""), *cells])
        yield Text()
    if len(rows) > limit:
        yield more(tr_n("{n:,} more branch", "{n:,} more branches", len(rows) - limit), "--limit N")
