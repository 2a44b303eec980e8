"""The first sheet: the season in numbers, coverage by ability and fill by session as charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cadreplan.language import tr
from cadreplan.views.export import whole
from cadreplan.views.export.sheet import FILLS, Book, text, width, write
from cadreplan.views.export.table import Table, Value
from cadreplan.views.season import Season

_TOP = 2
"""Rows above the first table: the title and a blank one."""

_CHARTS = 4
"""The column at which the charts begin."""


def overview_sheet(book: Book, season: Season, sessions: Table) -> None:
    """Add the sheet; the chart of sessions reads the sheet that `sessions` will become."""
    facts, coverage = whole.overview(season), whole.coverage(season)
    title, *shown = facts.rows
    sheet = book.sheet(facts.title)
    sheet.write_string(0, 0, text(str(title[1])), book.format(bold=True, font_size=18))
    sheet.set_row(0, 30)
    _facts(book, sheet, shown)
    top = _TOP + len(shown) + 2
    _coverage(book, sheet, coverage, top)
    if sessions.rows:
        _fill(book, sheet, sessions)
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
    sheet.set_column(0, 0, width([row[0] for row in rows], most=40))
    sheet.set_column(1, 1, width([row[1] for row in rows], least=14, most=40))
    sheet.set_column(2, 3, 9)


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
                "data_labels": {"value": True, "font": {"color": "#ffffff" if k == 1 else "#1c1c1c"}},
                "gap": 60,
            }
        )
    chart.set_title({"name": coverage.title, "name_font": {"size": 13}, "overlay": False})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 120 + 40 * min(len(coverage.rows), 14)})
    sheet.insert_chart(_TOP, _CHARTS, chart, {"description": coverage.title})


def _fill(book: Book, sheet: Any, sessions: Table) -> None:
    chart = book.chart("column")
    ids = sessions.position("session")
    for key, colour in (("seats", FILLS["empty"][0]), ("people", FILLS["full"][0])):
        k = sessions.position(key)
        chart.add_series(
            {
                "name": [sessions.title, 0, k],
                "categories": [sessions.title, 1, ids, len(sessions.rows), ids],
                "values": [sessions.title, 1, k, len(sessions.rows), k],
                "fill": {"color": colour},
                "overlap": 100,
                "gap": 30,
            }
        )
    title = tr("Seats taken by session, in order of time")
    chart.set_title({"name": title, "name_font": {"size": 13}, "overlay": False})
    chart.set_x_axis({"num_font": {"rotation": -90, "size": 8}})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#e3e5e8"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 380})
    sheet.insert_chart(_TOP + 17, _CHARTS, chart, {"description": title})
