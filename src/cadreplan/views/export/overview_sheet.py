"""The first sheet: the season in numbers, coverage by ability and fill by session as charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cadreplan.language import tr
from cadreplan.views.export import whole
from cadreplan.views.export.sheet import FILLS, Book, fit_height, text, width, write
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, session_rows
from cadreplan.views.table import Table, Value

_VALUES = 22
"""Width of the column of values."""

_TOP = 2
"""Rows above the first table: the title and a blank one."""

_CHARTS = 5
"""The column at which the charts begin."""

_MOST_BARS = 40
"""Sessions with a bar each; of more of them the sites have one."""

_LABELS = {1: "#ffffff", 2: "#1c1c1c"}
"""Colour of the figures on what is closed and what is open."""

_MOST_ABILITIES = 14
_ROW = 20
"""Height of a row in pixels."""


def _chart_height(n_bars: int) -> int:
    """Height in pixels of the chart of that many abilities."""
    return 120 + 40 * n_bars


def overview_sheet(book: Book, season: Season) -> None:
    """Add the sheet."""
    facts, coverage = whole.overview(season), whole.coverage(season)
    title, *shown = facts.rows
    sheet = book.sheet(facts.title)
    sheet.write_string(0, 0, text(str(title[1])), book.format(bold=True, font_size=18))
    sheet.set_row(0, 30)
    _facts(book, sheet, shown)
    top = _TOP + len(shown) + 2
    _coverage(book, sheet, coverage, top)
    n_bars = min(len(coverage.rows), _MOST_ABILITIES)
    first = _TOP + 1 + (_chart_height(n_bars) // _ROW if n_bars else 0)
    bottom = max(top + len(coverage.rows) + 1, first + (110 + 22 * len(_filled(season))) // _ROW + 1)
    _fill(book, sheet, season, first, bottom + 2)
    sheet.print_area(0, 0, bottom, _CHARTS + 11)
    sheet.freeze_panes(1, 0)
    sheet.fit_to_pages(1, 1)


def _facts(book: Book, sheet: Any, rows: Sequence[tuple[Value, ...]]) -> None:
    formats = {
        **book.by_kind,
        "number": book.format(num_format="#,##0", align="right"),
        "date": book.format(num_format="yyyy-mm-dd", align="right"),
        "share": book.format(num_format="0%", align="right"),
    }
    right, label = book.format(align="right", text_wrap=True), book.format(font_color="#5a5f69")
    for r, (name, value) in enumerate(rows, _TOP):
        write(sheet, r, 0, name, formats, label)
        write(sheet, r, 1, value, formats, right)
        fit_height(sheet, r, [(value, _VALUES)])
    sheet.set_column(0, 0, width([row[0] for row in rows], most=40))
    sheet.set_column(1, 1, _VALUES)
    sheet.set_column(2, 3, 10)
    sheet.set_column(4, 4, 3)


def _coverage(book: Book, sheet: Any, coverage: Table, top: int) -> None:
    for k, column in enumerate(coverage.columns[:4]):
        sheet.write_string(top, k, column.label, book.header(column.kind))
    for r, row in enumerate(coverage.rows, top + 1):
        for k, value in enumerate(row[:4]):
            write(sheet, r, k, value, book.by_kind)
    if not coverage.rows:
        return
    first, last = top + 1, top + len(coverage.rows)
    chart = book.chart("bar", "stacked")
    colours = (FILLS["full"][0], FILLS["empty"][0])
    for k, colour in enumerate(colours, 1):
        chart.add_series(
            {
                "name": [sheet.get_name(), top, k],
                "categories": [sheet.get_name(), first, 0, last, 0],
                "values": [sheet.get_name(), first, k, last, k],
                "fill": {"color": colour},
                "data_labels": {
                    "value": True,
                    "num_format": "0;;",
                    "font": book.chart_font(color=_LABELS[k]),
                },
                "gap": 60,
            }
        )
    chart.set_title({"name": coverage.title, "name_font": book.chart_font(size=13), "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": book.chart_font()})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    chart.set_legend({"position": "bottom", "font": book.chart_font()})
    chart.set_size({"width": 760, "height": _chart_height(min(len(coverage.rows), _MOST_ABILITIES))})
    sheet.insert_chart(_TOP, _CHARTS, chart, {"description": coverage.title})


def _fill(book: Book, sheet: Any, season: Season, row: int, data: int) -> None:
    """How full what runs is: a bar each session, or each site where there are many sessions.

    The chart begins at `row`; what it is drawn from stands from row `data` on, below what is printed.
    """
    rows = _filled(season)
    if not rows:
        return
    quiet = book.format(font_color="#8a9099")
    last = data + len(rows) - 1
    for r, line in enumerate(rows, data):
        sheet.write_string(r, 0, text(line[0]), quiet)
        sheet.write_number(r, 1, line[1], quiet)
        sheet.write_number(r, 2, line[2], quiet)
    chart = book.chart("bar")
    name = sheet.get_name()
    bars = ((2, tr("seats"), FILLS["empty"][0]), (1, tr("people"), FILLS["full"][0]))
    for k, label, colour in bars:
        chart.add_series(
            {
                "name": label,
                "categories": [name, data, 0, last, 0],
                "values": [name, data, k, last, k],
                "fill": {"color": colour},
                "overlap": 100,
                "gap": 30,
                "data_labels": {
                    "value": True,
                    "position": "outside_end" if k == 2 else "inside_base",
                    "font": book.chart_font(color="#ffffff" if k == 1 else "#5a5f69", size=8),
                },
            }
        )
    title = tr("Seats taken by session, in order of time")
    if len(rows) != len(_held(season)):
        title = tr("Seats taken by site")
    chart.set_title({"name": title, "name_font": book.chart_font(size=13), "overlay": False})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": book.chart_font(size=8)})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": book.chart_font()})
    chart.set_size({"width": 760, "height": 110 + 22 * len(rows)})
    sheet.insert_chart(row, _CHARTS, chart, {"description": title})


def _held(season: Season) -> list[SessionRow]:
    return [row for row in session_rows(season) if row.runs]


def _filled(season: Season) -> list[tuple[str, int, int]]:
    """What each bar is called, people and seats: of what runs alone."""
    held = _held(season)
    if len(held) <= _MOST_BARS:
        return [(_called(season, row), row.people, row.seats) for row in held]
    sites: dict[str, list[int]] = {}
    for row in held:
        total = sites.setdefault(row.site, [0, 0])
        total[0] += row.people
        total[1] += row.seats
    return [(site, people, seats) for site, (people, seats) in sites.items()][:_MOST_BARS]


def _called(season: Season, row: SessionRow) -> str:
    """A session with its first day, and its place where that isn't said already."""
    if row.name != row.id:
        return row.name
    return " · ".join((row.id, row.site, season.dates.day(row.first)))
