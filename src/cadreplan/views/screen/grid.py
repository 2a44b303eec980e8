"""One week as a grid: days as columns, sessions as bars over their days, two lines each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from cadreplan.language import listed, tr
from cadreplan.views.screen.theme import FILL_TEXT, cut, fill_style, meter, paint
from cadreplan.views.timetable import Bar, Row, Week
from cadreplan.views.wording import Dates

_Pieces = list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """Rows of sessions in one week; rows with `people` become a line of numbers.

    `modules` has the module names of each session, by its index; they are shown where there is room.
    """

    week: Week
    rows: Sequence[Row]
    dates: Dates
    modules: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        labels = [cell_len(row.label) for row in self.rows] + [cell_len(self.week.label)]
        label = min(max(labels), max(8, options.max_width // 5))
        cell = max(6, (options.max_width - label - 3) // max(1, len(self.week.days)))
        x = {day: label + 3 + k * cell for k, day in enumerate(self.week.days)}
        width = label + 3 + cell * len(self.week.days)
        edge = "|" if options.ascii_only else "▌"
        yield paint(width, [(1, self.week.label, "heading"), *self._days(x, cell)])
        for row in self.rows:
            if row.people is not None:
                yield paint(width, [(1, cut(row.label, label), "quiet"), *_numbers(row, x)])
                continue
            drawn = 0
            for lane in range(row.lanes):
                bars = [bar for bar in row.bars if bar.lane == lane]
                top, bottom = self._lane(bars, x, cell, edge, options.ascii_only)
                if top:
                    yield paint(width, [(1, cut(row.label, label) if not drawn else "", ""), *top])
                    yield paint(width, bottom)
                    drawn += 1

    def _days(self, x: dict[int, int], cell: int) -> _Pieces:
        return [(start, self._day(day, cell), "quiet") for day, start in x.items()]

    def _day(self, day: int, cell: int) -> str:
        whole = self.dates.weekday(day)
        return whole if cell > cell_len(whole) else self.dates.numeric(day)

    def _lane(
        self, bars: Sequence[Bar], x: dict[int, int], cell: int, edge: str, ascii_only: bool
    ) -> tuple[_Pieces, _Pieces]:
        top: _Pieces = []
        bottom: _Pieces = []
        for bar in bars:
            style = FILL_TEXT[fill_style(bar.people, bar.seats, bar.min_seats)]
            for first, n in _stretches(bar, self.week.days):
                start, width = x[first], n * cell - 1
                title = cut(bar.title, width - 2)
                left = width - 4 - cell_len(title)
                names = cut(listed(self.modules[bar.key]), left) if left >= 6 else ""
                top += [(start, edge, style), (start + 2, title, "bold")]
                top += [(start + 4 + cell_len(title), names, "quiet")] if names else []
                bottom += [(start, edge, style), *_fill(bar, start + 2, width - 2, style, ascii_only)]
        return top, bottom


def _fill(bar: Bar, start: int, width: int, style: str, ascii_only: bool) -> _Pieces:
    fill = f"{bar.people}/{bar.seats}"
    room = f" {bar.detail}" if bar.detail and width >= 16 else ""
    room = cut(room, max(0, width - len(fill) - 6))
    size = width - len(fill) - 1 - cell_len(room)
    if size < 2:
        return [(start, cut(fill, width), style)]
    done, track = meter(bar.people, bar.seats, size, ascii_only=ascii_only)
    return [
        (start, done, style),
        (start + len(done), track, "track"),
        (start + size + 1, fill, style),
        (start + size + 1 + len(fill), room, "quiet"),
    ]


def _stretches(bar: Bar, shown: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first day, number of days) of each run of shown days that the bar covers."""
    first, n = None, 0
    for day in shown:
        if day in bar.days:
            first, n = (day if first is None else first), n + 1
        elif first is not None:
            yield first, n
            first, n = None, 0
    if first is not None:
        yield first, n


def _numbers(row: Row, x: dict[int, int]) -> _Pieces:
    pieces = []
    for day, start in x.items():
        n = (row.people or {}).get(day, 0)
        full = row.limit is not None and n >= row.limit
        pieces.append((start + 2, str(n) if n else "·", "poor" if full and n else "quiet"))
    return pieces


def gap_line(skipped: Sequence[Week]) -> Text:
    """Says that nothing is held in the weeks between."""
    first, last = skipped[0].label, skipped[-1].label
    weeks = first if first == last else f"{first} – {last}"
    return Text(tr(" {weeks}  nothing held", weeks=weeks) + "\n", style="quiet")
