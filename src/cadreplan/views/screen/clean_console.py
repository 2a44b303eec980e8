"""A console that nothing which is printed can steer."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from cadreplan.views.wording import printable


class CleanConsole(Console):
    """Rich's console; whatever is rendered shows its characters and does nothing else.

    This is the one door to the terminal for names of files, options and what plans and rosters hold. Colours
    are styles and moves of the cursor control segments, which only the program makes.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text
            if segment.control or text.isprintable():
                yield segment
            else:
                yield Segment(printable(text), segment.style)
