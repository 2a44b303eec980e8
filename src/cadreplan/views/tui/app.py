"""The view itself: a list on the left, what the entry under the cursor holds on the right."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from cadreplan.language import later, tr
from cadreplan.views.screen.clean_console import CleanConsole
from cadreplan.views.screen.people import branch_screen, leader_screen, session_screen
from cadreplan.views.screen.season import site_screen
from cadreplan.views.screen.theme import THEME, Called, with_names
from cadreplan.views.season import Season
from cadreplan.views.tui.listings import Kind, Listing, below, listing
from cadreplan.views.tui.rows import Rows
from cadreplan.views.tui.why import why
from cadreplan.views.wording import number, plain

_LIMIT = 60
"""Rows that the right side shows of a long list."""

_PAUSE = 0.05
"""Seconds that the cursor rests before the right side follows, so that holding a key down stays quick."""


_NAMES = {
    Kind.SITES: later("Sites"),
    Kind.SESSIONS: later("Sessions"),
    Kind.LEADERS: later("Leaders"),
    Kind.BRANCHES: later("All branches"),
}
"""The lists in the order of their keys, and what they are called."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one has been: a list, what was searched in it, and the entry under the cursor."""

    listing: Listing
    search: str
    at: int | None


class Browser(App[None]):
    """Walks through a plan."""

    CSS = """
    #left { width: 48%; min-width: 30; }
    #right { width: 1fr; padding: 0 1; border-left: solid $panel; }
    #where { height: 1; padding: 0 1; background: $panel; }
    #search { display: none; height: 1; border: none; padding: 0 1; }
    #search.open { display: block; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, season: Season) -> None:
        super().__init__()
        self._season = season
        self._listing = listing(season, Kind.SESSIONS)
        self._trail: list[Place] = []
        self._waiting: Timer | None = None
        for keys, action, description in (
            *((str(n), f"list('{kind}')", tr(name)) for n, (kind, name) in enumerate(_NAMES.items(), 1)),
            ("enter", "open", tr("open")),
            ("e", "explain", tr("why still open")),
            ("escape,backspace", "leave", tr("back")),
            ("slash", "search", tr("search")),
            ("tab", "other_side", tr("other side")),
            ("q", "quit", tr("quit")),
        ):
            self.bind(keys, action, description=description)

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical(id="left"):
                yield Static(id="where", markup=False)
                yield Input(placeholder=tr("search"), id="search")
                yield Rows()
            with VerticalScroll(id="right"):
                yield Static(id="detail", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.title = plain(self._season.instance.title)
        self._show(self._listing)
        self.query_one(Rows).focus()

    def _show(self, shown: Listing, search: str = "", at: int | None = None) -> None:
        self._listing = shown
        box = self.query_one(Input)
        box.set_class(bool(search), "open")
        with box.prevent(Input.Changed):
            box.value = search
        self._fill(search, at)

    def _fill(self, search: str, at: int | None = None) -> None:
        found = self._listing.search(search)
        self.query_one(Rows).fill(self._listing.columns, found, at)
        kind = tr(_NAMES[self._listing.kind])
        whose = f"{self._listing.title} › {kind}" if self._listing.title else kind
        total = len(self._listing.entries)
        counted = number(total) if len(found) == total else f"{number(len(found))} / {number(total)}"
        self.query_one("#where", Static).update(f"{whose}  {counted}")

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Follow the cursor, once it rests."""
        if self._waiting is not None:
            self._waiting.stop()
        # a timer of the list's ends with it, before the screen that it would draw on
        self._waiting = self.query_one(Rows).set_timer(_PAUSE, self._detail)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Go into an entry."""
        inside = below(self._season, self._listing.kind, event.entry.index)
        if inside.entries:
            self._trail.append(self._place())
            self._show(inside)

    def on_resize(self) -> None:
        """Draw the right side again in its new width."""
        self._detail()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while it is typed."""
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Back to the list, which keeps what was found."""
        self.query_one(Rows).focus()

    def action_list(self, kind: str) -> None:
        """Show all of a kind."""
        self._trail.clear()
        self._show(listing(self._season, Kind(kind)))
        self.query_one(Rows).focus()

    def action_open(self) -> None:
        """Go into the entry under the cursor."""
        self.query_one(Rows).action_choose()

    def action_explain(self) -> None:
        """What stands between the leader under the cursor and each session that would close a skill gap."""
        entry = self.query_one(Rows).entry
        if entry is None or self._listing.kind is not Kind.LEADERS:
            self.notify(tr("choose a leader first"))
            return
        found = why(self._season, entry.index)
        if not found.entries:
            self.notify(tr("no session would close another skill gap"))
            return
        self._trail.append(self._place())
        self._show(found)

    def action_search(self) -> None:
        """Open the search."""
        box = self.query_one(Input)
        box.add_class("open")
        box.focus()

    def action_leave(self) -> None:
        """End the search, else go back to where one came from."""
        box, rows = self.query_one(Input), self.query_one(Rows)
        rows.focus()
        if box.has_class("open"):
            self._show(self._listing, at=rows.entry.index if rows.entry else None)
        elif self._trail:
            place = self._trail.pop()
            self._show(place.listing, place.search, place.at)

    def action_other_side(self) -> None:
        """From the list to the right side and back."""
        rows, right = self.query_one(Rows), self.query_one("#right", VerticalScroll)
        (right if rows.has_focus else rows).focus()

    def _place(self) -> Place:
        entry = self.query_one(Rows).entry
        return Place(self._listing, self.query_one(Input).value, entry.index if entry else None)

    def _detail(self) -> None:
        if not self.query("#detail"):  # the screen is being taken down, part by part
            return
        entry = self.query_one(Rows).entry
        detail = self.query_one("#detail", Static)
        right = self.query_one("#right", VerticalScroll)
        width = max(30, right.size.width - 2)
        named = self._season.named
        detail.update("" if entry is None else _drawn(self._screen(entry.index, width), width, named))
        right.scroll_to(0, 0, animate=False)

    def _screen(self, index: int, width: int) -> Iterable[RenderableType]:
        match self._listing.kind:
            case Kind.SITES:
                return site_screen(self._season, index, width, _LIMIT)
            case Kind.SESSIONS:
                return session_screen(self._season, index, width, _LIMIT)
            case Kind.LEADERS:
                return leader_screen(self._season, index, width)
            case Kind.BRANCHES:
                return branch_screen(self._season, index, width, _LIMIT)


def _drawn(screen: Iterable[RenderableType], width: int, named: Called) -> Text:
    """A screen as one text: it is drawn with the styles of `show`, which Textual doesn't know."""
    console = CleanConsole(
        file=io.StringIO(),
        theme=THEME,
        width=width,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for part in with_names(screen, named):
            console.print(part)
    return Text.from_ansi(capture.get())
