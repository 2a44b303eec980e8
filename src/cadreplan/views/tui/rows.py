"""A list widget that draws only the lines on the screen, so that 20,000 are as quick as 20."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cadreplan.views.tui.listings import Column, Entry

_BETWEEN = 2
_SAMPLE = 1000
"""Entries that the widths are measured on."""

_WIDEST = 28


class Rows(ScrollView, can_focus=True):
    """Entries in columns below a header, one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--header", "rows--line", "rows--cursor"}
    DEFAULT_CSS = """
    Rows { height: 1fr; overflow-x: hidden; }
    Rows > .rows--header { color: $text-muted; text-style: bold; }
    Rows > .rows--cursor { background: $primary; color: $text; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "first", show=False),
        Binding("end,G", "last", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another entry, or on none."""

        def __init__(self, entry: Entry | None) -> None:
            super().__init__()
            self.entry = entry

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[Column] = ()
        self._entries: Sequence[Entry] = ()
        self._widths: list[int] = []
        self._cursor = 0

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries[self._cursor] if self._entries else None

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def fill(self, columns: Sequence[Column], entries: Sequence[Entry], at: int | None = None) -> None:
        """Show other entries, with the cursor on the one with index `at`, else on the first."""
        self._columns, self._entries = columns, entries
        self._widths = [
            min(_WIDEST, max([cell_len(column.label), *(cell_len(e.cells[k]) for e in entries[:_SAMPLE])]))
            for k, column in enumerate(columns)
        ]
        self._cursor = next((n for n, e in enumerate(entries) if e.index == at), 0)
        self.virtual_size = Size(0, len(entries) + 1)
        self.scroll_to(0, 0, animate=False)
        self._go(self._cursor)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            labels = [column.label for column in self._columns]
            return self._line(labels, width, "rows--header")
        n = self.scroll_offset.y + y - 1
        if n >= len(self._entries):
            return Strip.blank(width, self.rich_style)
        return self._line(
            self._entries[n].cells, width, "rows--cursor" if n == self._cursor else "rows--line"
        )

    def _line(self, cells: Sequence[str], width: int, look: str) -> Strip:
        style = self.get_component_rich_style(look)
        text = " "
        for k, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            size = self._widths[k]
            if k == len(self._columns) - 1 and not column.right:
                text += cell  # takes what is left of the line
            elif column.right:
                text += " " * max(0, size - cell_len(cell)) + set_cell_size(cell, min(size, cell_len(cell)))
            else:
                text += set_cell_size(cell, size)
            text += " " * _BETWEEN
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _go(self, n: int) -> None:
        if not self._entries:
            self.post_message(self.Moved(None))
            return
        self._cursor = max(0, min(len(self._entries) - 1, n))
        # the header covers the first line of the window
        self.scroll_to_region(Region(0, self._cursor, 1, 2), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved(self.entry))

    def action_move(self, step: int) -> None:
        """Move the cursor by `step` lines."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by a screen."""
        self._go(self._cursor + step * max(1, self.size.height - 2))

    def action_first(self) -> None:
        """Go to the first entry."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last entry."""
        self._go(len(self._entries) - 1)

    def action_choose(self) -> None:
        """Tell that the entry under the cursor was chosen."""
        if (entry := self.entry) is not None:
            self.post_message(self.Chosen(entry))

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, one on the cursor chooses."""
        n = self.scroll_offset.y + event.y - 1
        if event.y < 1 or n >= len(self._entries):
            return
        if n == self._cursor:
            self.action_choose()
        self._go(n)
