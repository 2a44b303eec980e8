"""Colours by meaning, and the pieces that every screen is made of: headings, fill bars, fitted tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from cadreplan.language import tr
from cadreplan.views.screen.folding import folded

Called = Callable[[str], str]
"""A text with names in it for ids that a machine made."""
_called: ContextVar[Called] = ContextVar("called", default=str)


def with_names(screen: Iterable[RenderableType], named: Called) -> list[RenderableType]:
    """The parts of a screen, with names for such ids in tables, facts and sentences."""
    token = _called.set(named)
    try:
        return [_as_called(part) for part in screen]
    finally:
        _called.reset(token)


def _as_called(shown: RenderableType) -> RenderableType:
    """A sentence, or one that is set off, with names and as its language breaks lines; all else has both."""
    if isinstance(shown, Padding) and isinstance(shown.renderable, Text):
        shown.renderable = folded(_named(shown.renderable))
    return folded(_named(shown)) if isinstance(shown, Text) else shown


def _named(text: Text) -> Text:
    """A styled text with names: each in the style of what it stands for."""
    plain, named = text.plain, _called.get()
    if "@" not in plain or named(plain) == plain:
        return text
    words = [found.span() for found in _WORD.finditer(plain)]
    pieces = text.divide([offset for span in words for offset in span])
    made = text.blank_copy()
    for piece in pieces:
        said = named(piece.plain)
        style = piece.spans[0].style if piece.spans else piece.style
        made.append_text(piece if said == piece.plain else Text(said, style=style))
    return made


THEME = Theme(
    {
        "heading": "bold",
        "quiet": "dim",
        "id": "cyan",
        "good": "green",
        "fair": "yellow",
        "poor": "red",
        "cost": "red",
        "tag.good": "bold #ffffff on #1e7d4f",
        "tag.fair": "bold #1c1c1c on #d9b44a",
        "tag.poor": "bold #ffffff on #b5483d",
        "track": "dim",
        "fill.full": "#ffffff on #1e7d4f",
        "fill.most": "#ffffff on #3f8f8a",
        "fill.some": "#1c1c1c on #d9b44a",
        "fill.low": "#ffffff on #b5483d",
        "fill.empty": "#d0d0d0 on #5a5f69",
        "heat.1": "#ffffff on #2f5d73",
        "heat.2": "#ffffff on #3f8f8a",
        "heat.3": "#1c1c1c on #d9b44a",
        "heat.4": "#ffffff on #b5483d",
        "site.0": "#ffffff on #2f6f9f",
        "site.1": "#ffffff on #8a4f7d",
        "site.2": "#ffffff on #1e7d4f",
        "site.3": "#1c1c1c on #d9b44a",
        "site.4": "#ffffff on #b5483d",
        "site.5": "#1c1c1c on #86bfae",
        "site.6": "#ffffff on #5a5f9f",
        "site.7": "#1c1c1c on #c9a38a",
    },
    inherit=True,
)
SITE_STYLES = 8
_BETWEEN = 2
_INDENT = 1
_WORD = re.compile(r"[^\s：，；、（）:,;()]+")


def share_style(part: float, whole: float) -> str:
    """`good` from 90 %, `fair` from 70 %, else `poor`."""
    reached = part / whole if whole else 1.0
    return "good" if reached >= 0.9 else "fair" if reached >= 0.7 else "poor"


def fill_style(people: int, seats: int, min_seats: int) -> str:
    """How full a session is: `full`, `most` (half or more), `some`, `low` (below its minimum), `empty`."""
    if people == 0:
        return "empty"
    if people < min_seats:
        return "low"
    if people >= seats:
        return "full"
    return "most" if 2 * people >= seats else "some"


FILL_TEXT = {"full": "good", "most": "good", "some": "fair", "low": "poor", "empty": "quiet"}
"""The text colour that goes with a fill."""


def meter(part: float, whole: float, width: int, *, ascii_only: bool = False) -> tuple[str, str]:
    """A bar of `part` in `whole`, `width` cells: its heavy and its light piece, to half a cell where it can.

    Anything above nothing shows, and only all of it fills the bar.
    """
    heavy, half, light = ("#", "", "-") if ascii_only else ("━", "╾", "─")
    steps = 2 if half else 1
    reached = max(0.0, min(1.0, part / whole if whole > 0 else 0.0))
    filled = int(reached * width * steps)
    if reached > 0:
        filled = max(filled, 1)
    full, rest = divmod(filled, steps)
    return heavy * full + half * rest, light * (width - full - rest)


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar of `part` in `whole`: a heavy line on a light one, readable without colour."""

    part: float
    whole: float
    style: str
    width: int = 20
    on_track: bool = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(self.width, options.max_width)
        done, track = meter(self.part, self.whole, width, ascii_only=options.ascii_only)
        if not self.on_track:
            done, track = done.replace("╾", "╸"), " " * len(track)
        yield Segment(done, console.get_style(self.style))
        yield Segment(track, console.get_style("track"))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(4, self.width), self.width)


Cell = str | Text | Meter


@dataclass(frozen=True, slots=True)
class Column:
    """A table column. Those of the highest `rank` go first where the screen is narrow; rank 0 stays.

    A column that is `flexible` may be cut down to `least` cells before any column goes. Its cells then
    end in …, or go on in the next line where it `wraps`.
    """

    header: str = ""
    rank: int = 0
    right: bool = False
    style: str = ""
    flexible: bool = False
    least: int = 12
    wraps: bool = False


def fitted(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    width: int,
    *,
    like: Sequence[Sequence[Cell]] = (),
    header: bool = True,
) -> Padding:
    """A table that shows as many columns as a screen of `width` cells has room for; empty ones are left out.

    Cells are texts, shown as they are, or renderables. `like` are the rows of all tables that are to be
    aligned with this one.
    """
    rows, like = _cells_called(rows), _cells_called(like)
    natural = [
        max((_cells(cell) for cell in (column.header, *(row[k] for row in like or rows))), default=0)
        for k, column in enumerate(columns)
    ]
    needed = [min(n, c.least) if c.flexible else n for n, c in zip(natural, columns, strict=True)]
    kept = [k for k in range(len(columns)) if any(_cells(row[k]) for row in like or rows)]
    room = width - _INDENT
    while sum(needed[k] + _BETWEEN for k in kept) - _BETWEEN > room and any(columns[k].rank for k in kept):
        kept.remove(max(kept, key=lambda k: (columns[k].rank, k)))
    spare = room - sum(needed[k] + _BETWEEN for k in kept) + _BETWEEN
    table = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="quiet")
    table.show_header = header and any(columns[k].header for k in kept)
    for k in kept:
        column, size = columns[k], needed[k]
        if column.flexible:
            size += max(0, min(spare, natural[k] - needed[k]))
            spare -= size - needed[k]
        table.add_column(
            Text(column.header),
            justify="right" if column.right else "left",
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
            width=size if column.flexible or like else None,
            style=column.style,
        )
    for row in rows:
        shown = [(Text(cell) if isinstance(cell := row[k], str) else cell, columns[k].wraps) for k in kept]
        table.add_row(*(folded(c) if wraps and isinstance(c, Text) else c for c, wraps in shown))
    return Padding(table, (0, 0, 0, _INDENT))


def _cells_called(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    named = _called.get()
    if named is str:
        return rows
    return [
        [named(c) if isinstance(c, str) else _named(c) if isinstance(c, Text) else c for c in row]
        for row in rows
    ]


def _cells(cell: Cell) -> int:
    return (
        cell_len(cell) if isinstance(cell, str) else cell.width if isinstance(cell, Meter) else cell.cell_len
    )


def heading(text: str, notes: Sequence[str] = (), width: int = 80) -> Text:
    """A section's heading after a blank line, with quiet notes."""
    line = Text("\n")
    line.append(text, style="heading")
    return (
        line.append_text(flow(notes, width, first=cell_len(text) + 2, indent=1, lead="  ")) if notes else line
    )


def flow(parts: Sequence[str], width: int, *, first: int = 0, indent: int = 0, lead: str = "") -> Text:
    """Quiet facts side by side with dots between; lines break between facts only.

    `first` is the cell where the first line begins after `lead`, `indent` where the others do.
    """
    line, x = Text(lead, style="quiet"), first
    for k, part in enumerate(map(_called.get(), parts)):
        if k and x + 3 + cell_len(part) > width:
            line.append("\n" + " " * indent)
            x = indent
        elif k:
            line.append(" · ")
            x += 3
        line.append(part)
        x += cell_len(part)
    return line


def more(what: str, how: str = "") -> Text:
    """Says that a list was cut: how many more of what there are, and how to see them."""
    how = how or tr("--limit N or --format json")
    return Text(" … " + tr("{what}: {how}", what=what, how=how), style="quiet")


def cut(text: str, width: int, mark: str = "…") -> str:
    """`text` in at most `width` cells; where it was longer it ends in `mark`."""
    if cell_len(text) <= width:
        return text
    left = width - cell_len(mark)
    return set_cell_size(text, left).rstrip() + mark if left >= 0 else ""


def paint(width: int, pieces: Sequence[tuple[int, str, str | Style]]) -> Text:
    """One line of `width` cells with texts put at given cells; they don't overlap and come in any order."""
    line = Text()
    x = 0
    for start, text, style in sorted(pieces, key=lambda piece: piece[0]):
        if start > x:
            line.append(" " * (start - x))
        line.append(text, style=style)
        x = max(x, start) + cell_len(text)
    if x < width:
        line.append(" " * (width - x))
    return line
