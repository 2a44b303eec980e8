"""A table as a sheet: frozen header with filters, printed with its header on every page."""

from __future__ import annotations

from typing import Any

from cadreplan.views.export.sheet import Book, fit_height, text, width, write
from cadreplan.views.table import Table, Value

_SAMPLE = 500
"""Rows that the widths are measured on."""

_WIDE = 30
"""Cells from which a column's texts wrap."""

Shown = tuple[str, frozenset[str]]
"""A column, and the values of the rows that are shown."""

_NAMES = 2
"""Columns that stay where a table is scrolled: an id and what it stands for."""


def table_sheet(book: Book, table: Table, shown: Shown | None = None) -> Any:
    """Add a sheet with all rows; returns it. Those that aren't `shown` are hidden by its filter."""
    sheet = book.sheet(table.title)
    wraps: list[Any] = []
    wide: dict[int, int] = {}
    for k, column in enumerate(table.columns):
        sheet.write_string(0, k, text(column.label), book.header(column.kind))
        size = width(_sample(table, k), column.label)
        sheet.set_column(k, k, size)
        wraps.append(book.by_kind["wide"] if size >= _WIDE else None)
        if size >= _WIDE:
            wide[k] = size
    sheet.freeze_panes(1, _NAMES)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    formats = book.by_kind
    for r, row in enumerate(table.rows, 1):
        fit_height(sheet, r, [(row[k], size) for k, size in wide.items()])
        for k, value in enumerate(row):
            if value is None:
                sheet.write_blank(r, k, None, formats["text"])
            else:
                write(sheet, r, k, value, formats, wraps[k])
    if shown is not None:
        _filter(sheet, table, shown)
    return sheet


def _filter(sheet: Any, table: Table, shown: Shown) -> None:
    """Hide the rows that have another value; nothing where that would be all of them, or none."""
    at = next(k for k, column in enumerate(table.columns) if column.key == shown[0])
    hidden = [r for r, row in enumerate(table.rows, 1) if row[at] not in shown[1]]
    if 0 < len(hidden) < len(table.rows):
        sheet.filter_column_list(at, sorted(shown[1]))
        for r in hidden:
            sheet.set_row(r, None, None, {"hidden": True})


def _sample(table: Table, column: int) -> list[Value]:
    step = max(1, len(table.rows) // _SAMPLE)
    return [row[column] for row in table.rows[::step]]
