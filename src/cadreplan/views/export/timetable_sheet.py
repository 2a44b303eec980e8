"""The season as a coloured grid: sites as rows, weeks as columns, a cell for each session that is held."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from cadreplan.language import tr
from cadreplan.views import wording
from cadreplan.views.export.sheet import FILLS, Book, lines_of, text
from cadreplan.views.screen.theme import fill_style
from cadreplan.views.season import Season
from cadreplan.views.timetable import Bar, Row, Week, lanes, site_rows, used_days, weeks
from cadreplan.views.wording import week_label

_HEAD = 3
"""Rows above the grid: title, legend, header."""

_WEEKS = 8
"""Weeks on a page."""

_CELL = 20
"""Width of a week."""

_LINES = 3
"""Lines of a cell at least: what, when, and how many in which room."""

_LINE = 16
"""Height of a line in points."""


_EDGE = {"top": 1, "top_color": "#9aa0a8"}


def timetable_sheet(book: Book, season: Season) -> None:
    """Add the sheet. A session that goes on in another week has a cell there too."""
    sheet = book.sheet(tr("Timetable"))
    shown = weeks(season.instance, used_days(season))
    sheet.write_string(0, 0, tr("Timetable by site and week"), book.format(bold=True, font_size=16))
    _legend(book, sheet)
    sheet.write_string(2, 0, tr("site"), book.header())
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(shown), _CELL)
    for k, week in enumerate(shown, 1):
        monday = season.instance.date_of(week.monday)
        sheet.write_string(2, k, f"{week_label(monday)} {monday:%m-%d}", book.header())
    top = _HEAD
    for row in site_rows(season):
        top += _site(book, sheet, season, row, shown, top)
    sheet.freeze_panes(_HEAD, 1)
    sheet.repeat_rows(2)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(-(-len(shown) // _WEEKS), 0)


def _legend(book: Book, sheet: Any) -> None:
    for k, style in enumerate(FILLS, 1):
        sheet.write_string(1, k, tr(wording.FILLS[style]), _format(book, style))


def _format(book: Book, style: str) -> Any:
    back, front = FILLS[style]
    return book.format(
        bg_color=back,
        font_color=front,
        border=1,
        border_color="#ffffff",
        text_wrap=True,
        align="left",
        indent=1,
    )


def _site(book: Book, sheet: Any, season: Season, row: Row, shown: list[Week], top: int) -> int:
    """Write the sessions of one site; returns how many rows they took."""
    by_bar = _weeks_of(row, shown)
    order = sorted(range(len(row.bars)), key=lambda k: (by_bar[k][0], row.bars[k].days[0], row.bars[k].title))
    high: dict[int, int] = defaultdict(lambda: _LINES)
    lane = lanes([(by_bar[k][0], by_bar[k][-1]) for k in order])
    for w in range(len(shown)):
        sheet.write_blank(top, 1 + w, None, book.format(**_EDGE))
    for k, place in zip(order, lane, strict=True):
        bar = row.bars[k]
        style = _format(book, fill_style(bar.people, bar.seats, bar.min_seats))
        said = text_of(season, bar)
        high[place] = max(high[place], lines_of(said, _CELL))
        for w in by_bar[k]:
            sheet.write_string(top + place, 1 + w, said, style)
    height = max(lane, default=0) + 1
    line = book.format(bold=True, text_wrap=True, align="left", indent=1, **_EDGE)
    for place in range(height):
        sheet.write_string(
            top + place, 0, text(row.label) if place == 0 else "", line if place == 0 else None
        )
        sheet.set_row(top + place, _LINE * high[place])
    return height


def _weeks_of(row: Row, shown: list[Week]) -> list[list[int]]:
    """For each bar the positions of the weeks that it has days in."""
    first = shown[0].monday
    return [sorted({(day - first) // 7 for day in bar.days}) for bar in row.bars]


def text_of(season: Season, bar: Bar) -> str:
    """What is held, days, people of seats and room of a session, on three lines; a long name takes more."""
    room = f"  {bar.detail}" if bar.detail else ""
    lines = (
        text(bar.title),
        season.dates.spans(bar.days),
        f"{bar.people}/{bar.seats}{text(room)}",
    )
    return "\n".join(lines)
