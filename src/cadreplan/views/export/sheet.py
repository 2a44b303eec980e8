"""What all sheets of a workbook share: names, formats, widths, print set-up, and text that stays text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from rich.cells import cell_len

from cadreplan.language import Language, current
from cadreplan.views.table import Kind, Named, Value
from cadreplan.views.wording import plain

_MAX_TEXT = 32_767
"""Characters that a cell can hold."""

_LINE = 15
"""Height of a line in points."""

_MAX_LINES = 27
"""Lines that a row can be high: spreadsheets allow 409 points."""

_MAX_NAME = 31
_FOOTER = 100
"""Characters of the title in a footer, which can hold 255 with every & written twice."""

_A4 = 9
CJK_FONT = "Microsoft YaHei"
"""A font with all Chinese characters that spreadsheets know; others take the nearest one they have."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")

_RULE = {"bottom": 1, "bottom_color": "#e6e8eb"}

FILLS = {
    "full": ("#1e7d4f", "#ffffff"),
    "most": ("#a9d8c5", "#14211c"),
    "some": ("#f3dd94", "#1c1c1c"),
    "low": ("#d9776b", "#1c1c1c"),
    "empty": ("#d5d8dd", "#3a3f47"),
}
"""How full a session is → background and text colour."""


class Book:
    """A workbook in the making: hands out sheets and formats."""

    def __init__(self, document: Any, title: str) -> None:
        self._document = document
        self._title = title
        self.font = CJK_FONT if current() is Language.ZH else ""
        """The font of all cells and charts; empty for the program's own."""
        if self.font:
            document.formats[0].set_font_name(self.font)
        self._names: set[str] = {"history"}  # reserved by spreadsheets
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str) -> Any:
        """A new sheet named as near to `name` as spreadsheets allow, printed on A4 across, one page wide."""
        sheet = self._document.add_worksheet(self._free(name))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._title[:_FOOTER].replace('&', '&&')}&C&A&R&P / &N")
        return sheet

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        """A new chart."""
        options = {"type": kind} | ({"subtype": subtype} if subtype else {})
        chart = self._document.add_chart(options)
        chart.set_chartarea({"border": {"none": True}})
        return chart

    def chart_font(self, **how: Any) -> dict[str, Any]:
        """The font of a text of a chart."""
        return how | ({"name": self.font} if self.font else {})

    def format(self, **how: Any) -> Any:
        """A cell format; the same wish gets the same one."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            font = {"font_name": self.font} if self.font else {}
            self._formats[key] = self._document.add_format({"valign": "top", **font, **how})
        return self._formats[key]

    @cached_property
    def by_kind(self) -> dict[str, Any]:
        """Formats of values by the kind of their column."""
        return {
            "text": self.format(align="left", indent=1, **_RULE),
            "wide": self.format(text_wrap=True, align="left", indent=1, **_RULE),
            "number": self.format(num_format="#,##0_)", **_RULE),
            "date": self.format(num_format="yyyy-mm-dd", align="left", indent=1, **_RULE),
            "share": self.format(num_format="0%_)", **_RULE),
        }

    def header(self, kind: Kind = "text") -> Any:
        """The format of a header above a column of that kind."""
        side: dict[str, Any] = (
            {"align": "right"} if kind in {"number", "share"} else {"align": "left", "indent": 1}
        )
        return self.format(bold=True, text_wrap=True, bg_color="#2f5d73", font_color="#ffffff", **side)

    def _free(self, name: str) -> str:
        base = _NOT_IN_NAMES.sub(" ", plain(name)).strip()[:_MAX_NAME].strip() or "-"
        found, n = base, 1
        while found.casefold() in self._names:
            n += 1
            mark = f" ({n})"
            found = base[: _MAX_NAME - len(mark)] + mark
        self._names.add(found.casefold())
        return found


def text(value: str) -> str:
    """`value` as a cell can hold it: by its name, if it has one."""
    line = plain(value.name if isinstance(value, Named) else value)
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 1] + "…"


def write(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any], how: Any = None) -> None:
    """One value, by its type; `how` is the format of a text."""
    if isinstance(value, str):
        sheet.write_string(row, column, text(value), how or formats["text"])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["share"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["number"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])


def fit_height(sheet: Any, row: int, texts: Sequence[tuple[Value, int]], least: int = 0) -> None:
    """Make a row as high as its wrapped texts need, each given with the width of its column.

    It is `least` points high.

    Not every spreadsheet does that by itself when it opens a file.
    """
    lines = max((lines_of(value, size) for value, size in texts), default=1)
    if lines > 1 or least:
        sheet.set_row(row, max(least, _LINE * min(lines, _MAX_LINES)))


def lines_of(value: Value, size: int) -> int:
    """How many lines a text takes in a column of that width, with the breaks that it has."""
    if not isinstance(value, str) or not value:
        return 1
    shown = value.name if isinstance(value, Named) else value
    return sum(max(1, -(-cell_len(line) // max(1, size - 2))) for line in shown.split("\n"))


def width(values: Sequence[Value], header: str = "", least: int = 6, most: int = 36) -> int:
    """Column width in characters for most texts and all dates and numbers; wide characters count as two."""
    texts = sorted(_cells(value) for value in values if isinstance(value, str))
    usual = texts[math.ceil(0.98 * (len(texts) - 1))] if texts else 0
    # A date or number that doesn't fit is shown as ###, a text wraps.
    others = max((_cells(value) for value in values if not isinstance(value, str)), default=0)
    return max(least, min(most, max(usual, others) + 2), min(most, cell_len(header) + 3))


def _cells(value: Value) -> int:
    if isinstance(value, Named):
        return cell_len(value.name[:100])
    if isinstance(value, str):
        return cell_len(value[:100])
    if isinstance(value, date):
        return 10
    return 0 if value is None else 5 if isinstance(value, float) else len(f"{value:,}")
