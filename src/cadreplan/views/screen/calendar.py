"""A season as a calendar: rows of bars or of people by day, as many weeks side by side as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from cadreplan.language import later, tr
from cadreplan.views.screen.theme import SITE_STYLES, cut, fill_style, paint
from cadreplan.views.timetable import Bar, Row, Week
from cadreplan.views.wording import Dates, month

_WEEK_CELLS = 4
_MOST_BLOCKS = 3
_WIDE_BLOCKS = 2
_LEGEND = {
    "full": later("full"),
    "most": later("half or more"),
    "some": later("less"),
    "low": later("below minimum"),
    "empty": later("empty"),
}
_Pieces = list[tuple[int, str, str]]


class Paint(Protocol):
    """How bars are written and coloured."""

    def text(self, bar: Bar, width: int) -> str:
        """What fits into `width` cells of a bar."""

    def style(self, bar: Bar) -> str:
        """The style of a bar."""

    def week(self, bars: Sequence[Bar]) -> tuple[str, str]:
        """Text and style that stand for all bars of a week."""


class SessionPaint:
    """People of seats, coloured by fill."""

    def text(self, bar: Bar, width: int) -> str:
        long = f"{bar.people}/{bar.seats}"
        return long if len(long) <= width else str(bar.people)

    def style(self, bar: Bar) -> str:
        return "fill." + fill_style(bar.people, bar.seats, bar.min_seats)

    def week(self, bars: Sequence[Bar]) -> tuple[str, str]:
        people, seats = sum(bar.people for bar in bars), sum(bar.seats for bar in bars)
        worst = "fill.low" if any(0 < bar.people < bar.min_seats for bar in bars) else ""
        return str(people), worst or "fill." + fill_style(people, seats, 0)


class Legend:
    """What the numbers and colours of `SessionPaint` mean."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pieces = [Text(tr("people/seats "), style="quiet")]
        if console.color_system is not None:
            pieces += [Text(f" {tr(text)} ", style="fill." + kind) for kind, text in _LEGEND.items()]
        yield Columns(pieces)


class TripPaint:
    """The id of the site, each site in a colour of its own."""

    def text(self, bar: Bar, width: int) -> str:
        return bar.title

    def style(self, bar: Bar) -> str:
        return f"site.{bar.key % SITE_STYLES}"

    def week(self, bars: Sequence[Bar]) -> tuple[str, str]:
        return (bars[0].title if len(bars) == 1 else f"×{len(bars)}"), self.style(bars[0])


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days side by side where the season fits into a few blocks, else one cell a week.

    A `sparse` calendar leaves out the rows that have nothing in a block, and blocks without any.
    """

    weeks: Sequence[Week]
    rows: Sequence[Row]
    dates: Dates
    paint: Paint
    sparse: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        label = min(max((_label_width(row) for row in self.rows), default=0), max(8, width // 4))
        room = width - label - 3
        colour = console.color_system is not None
        by_day = _blocks(self.weeks, room, 2)
        if len(by_day) <= _MOST_BLOCKS:
            cell = max(d for d in (2, 3, 4) if d == 2 or len(_blocks(self.weeks, room, d)) <= _WIDE_BLOCKS)
            drawn = [
                list(_Days(self, block, label, cell, colour, options.ascii_only).lines())
                for block in _blocks(self.weeks, room, cell)
            ]
        else:
            n = -(-len(self.weeks) // max(1, room // _WEEK_CELLS))
            size = -(-len(self.weeks) // n)
            drawn = [
                list(self._by_week(self.weeks[k : k + size], label)) for k in range(0, len(self.weeks), size)
            ]
        for k, lines in enumerate([lines for lines in drawn if lines]):
            yield from ([Text()] if k else [])
            yield from lines

    def _by_week(self, block: Sequence[Week], label: int) -> Iterator[Text]:
        months: _Pieces = []
        numbers: _Pieces = []
        for k, week in enumerate(block):
            x = label + 2 + k * _WEEK_CELLS
            monday = self.dates.date(week.monday)
            if k == 0 or monday.day <= 7:
                months.append((x, month(monday), "quiet"))
            numbers.append((x, week.short, "quiet"))
        width = label + 2 + len(block) * _WEEK_CELLS
        drawn = []
        for row in self.rows:
            pieces = []
            for k, week in enumerate(block):
                text, style = _week_cell(row, week, self.paint)
                if text:
                    fitted = cut(text, _WEEK_CELLS - 1)
                    pad = " " * (_WEEK_CELLS - 1 - cell_len(fitted))
                    pieces.append((label + 2 + k * _WEEK_CELLS, pad + fitted, style))
            if pieces or not self.sparse:
                drawn.append(paint(width, [_label(row, label), *pieces]))
        if drawn:
            yield paint(width, months)
            yield paint(width, numbers)
            yield from drawn


class _Days:
    """One block of weeks with `cell` cells a day and a rule after each week."""

    def __init__(
        self, calendar: Calendar, weeks: Sequence[Week], label: int, cell: int, colour: bool, ascii_only: bool
    ) -> None:
        self._calendar = calendar
        self._weeks = weeks
        self._label = label
        self._cell = cell
        self._colour = colour
        self._filler = " " if colour else "-" if ascii_only else "─"
        self._rule = "|" if ascii_only else "│"
        self._x: dict[int, int] = {}
        self._rules = []
        x = label + 2
        for week in weeks:
            for day in week.days:
                self._x[day] = x
                x += cell
            self._rules.append(x)
            x += 1
        self._width = x

    def lines(self) -> Iterator[Text]:
        dates = self._calendar.dates
        head = []
        for week in self._weeks:
            room = len(week.days) * self._cell
            wide = f"{week.label} {dates.numeric(week.monday)}"
            text = wide if cell_len(wide) <= room else cut(week.label, room, "")
            head.append((self._x[week.days[0]], text, "quiet"))
        drawn = []
        for row in self._calendar.rows:
            by_lane = [self._bars([bar for bar in row.bars if bar.lane == lane]) for lane in range(row.lanes)]
            used = [pieces for pieces in by_lane if pieces] or [[]]
            used[0] = [*used[0], *self._people(row)]
            if used[0] or not self._calendar.sparse:
                drawn.append(self._line([_label(row, self._label), *used[0]]))
                drawn += map(self._line, used[1:])
        if drawn:
            yield self._line(head)
            yield from drawn

    def _line(self, pieces: _Pieces) -> Text:
        covered = {x for start, text, _ in pieces for x in range(start, start + cell_len(text))}
        rules = [(x, self._rule, "quiet") for x in self._rules if x not in covered]
        return paint(self._width, pieces + rules)

    def _bars(self, bars: Sequence[Bar]) -> _Pieces:
        segments = [(bar, *segment) for bar in bars for segment in self._segments(bar)]
        begins = {x for _, x, _ in segments}
        pieces = []
        for bar, x, width in segments:
            apart = width > 2 and (x + width in begins or not self._colour)
            trimmed = width - 1 if apart else width
            text = cut(self._calendar.paint.text(bar, trimmed), trimmed, "")
            filled = text + self._filler * (trimmed - cell_len(text))
            pieces.append((x, filled, self._calendar.paint.style(bar)))
        return pieces

    def _segments(self, bar: Bar) -> Iterator[tuple[int, int]]:
        """(first cell, cells) of each stretch of shown days between which no day is missing from the bar."""
        days, held = [day for day in bar.days if day in self._x], set(bar.days)
        start = before = None
        for day in days:
            if start is None or before is None or not all(d in held for d in range(before, day)):
                if start is not None and before is not None:
                    yield self._x[start], self._x[before] + self._cell - self._x[start]
                start = day
            before = day
        if start is not None and before is not None:
            yield self._x[start], self._x[before] + self._cell - self._x[start]

    def _people(self, row: Row) -> _Pieces:
        most = max((row.people or {}).values(), default=0)
        pieces = []
        for day, n in (row.people or {}).items():
            if n and day in self._x:
                text = f"{n:>{self._cell}}"
                pieces.append(
                    (self._x[day], text if len(text) <= self._cell else "##", heat(n, row.limit, most))
                )
        return pieces


def heat(people: int, limit: int | None, most: int) -> str:
    """How close to the limit: from 1 (below half) to 4 (at it); without a limit, how close to the most."""
    reached = people / max(1, limit if limit is not None else most)
    top = 4 if limit is not None else 3
    return f"heat.{top if reached >= 1 else 3 if reached >= 0.75 else 2 if reached >= 0.5 else 1}"


def _week_cell(row: Row, week: Week, how: Paint) -> tuple[str, str]:
    days = range(week.monday, week.monday + 7)
    if row.people is not None:
        n = max((row.people.get(day, 0) for day in days), default=0)
        return (str(n), heat(n, row.limit, max(row.people.values()))) if n else ("", "")
    bars = [bar for bar in row.bars if any(day in days for day in bar.days)]
    return how.week(bars) if bars else ("", "")


def _blocks(weeks: Sequence[Week], room: int, cell: int) -> list[list[Week]]:
    """Weeks in rows that fit into `room` cells, as even as possible."""
    widest = max((len(week.days) * cell + 1 for week in weeks), default=1)
    most = max(1, room // widest)
    n = -(-len(weeks) // most) if weeks else 0
    size = -(-len(weeks) // n) if n else 1
    return [list(weeks[k : k + size]) for k in range(0, len(weeks), size)]


def _label_width(row: Row) -> int:
    return cell_len(row.label) + 2 * row.indent


def _label(row: Row, width: int) -> tuple[int, str, str]:
    return 1, cut("  " * row.indent + row.label, width), "" if row.indent or row.people is None else "bold"
