"""One CSV file a table, in an encoding that spreadsheets read, no cell of which they take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from cadreplan.views.table import Table, Value
from cadreplan.views.wording import plain

_FORMULA = frozenset("=+-@＝＋－＠")  # full-width ones too: some spreadsheets fold them


def csv_files(tables: Sequence[Table], encoding: str = "utf-8-sig") -> dict[str, bytes]:
    """File name → content."""
    return {f"{table.name}.csv": _content(table).encode(encoding) for table in tables}


def harmless(text: str) -> str:
    """`text` on one line, behind an apostrophe where a spreadsheet would start to calculate."""
    line = plain(text)
    start = line.lstrip()[:1]
    return f"'{line}" if start in _FORMULA else line


def _content(table: Table) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([harmless(column.label) for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return stream.getvalue()


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{100 * value:.1f}%" if isinstance(value, float) else value
