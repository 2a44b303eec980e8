"""A screen where there is no terminal: as text, and as HTML for notebooks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from rich.console import RenderableType

from cadreplan.views.screen.clean_console import CleanConsole
from cadreplan.views.screen.theme import THEME

Screen = Callable[[int], Iterable[RenderableType]]
"""Width in cells → what is drawn, one below the other."""

_PAGE = '<pre style="line-height:1.2;overflow-x:auto">{code}</pre>'


def as_text(screen: Screen, width: int) -> str:
    """Plain lines, without blanks at their ends; nothing in them steers a terminal."""
    drawn = _drawn(screen, width).export_text()
    return "\n".join(line.rstrip() for line in drawn.strip("\n").split("\n"))


def as_html(screen: Screen, width: int) -> str:
    """The same in colour, escaped, with the styles beside the texts."""
    return _drawn(screen, width).export_html(inline_styles=True, code_format=_PAGE)


def _drawn(screen: Screen, width: int) -> CleanConsole:
    console = CleanConsole(
        file=io.StringIO(),
        record=True,
        width=width,
        theme=THEME,
        force_terminal=False,
        highlight=False,
        emoji=False,
    )
    for part in screen(width):
        console.print(part)
    return console
