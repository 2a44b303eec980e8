"""Findings on a terminal: by file, each with its place, rule, message, hint, and the line it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from cadreplan.diagnostics import Diagnostic
from cadreplan.language import tr
from cadreplan.views.findings import Omitted, shortened
from cadreplan.views.screen.theme import cut
from cadreplan.views.wording import printable, severity

Lines = Callable[[str], Sequence[str]]
"""File → its lines; none where they can't be shown."""

_STYLE = {"error": "poor", "warning": "fair"}


def findings_screen(diagnostics: Sequence[Diagnostic], lines: Lines) -> Iterator[RenderableType]:
    """All findings by file; many of one rule in one file are counted, and a place is shown once."""
    file = None
    shown = shortened(diagnostics)
    for k, found in enumerate(shown):
        if found.file != file:
            file = found.file
            yield Text("\n" + file, style="heading")
        if isinstance(found, Omitted):
            yield Padding(
                Text(tr("… and {n:,} more of {rule}", n=found.count, rule=found.rule), style="quiet"),
                (0, 0, 0, 1),
            )
            continue
        line = Text().append(f"{found.line}:{found.column}", style="quiet")
        line.append(f" {severity(found.severity)}", style=_STYLE[found.severity])
        line.append(f" {found.rule}", style="id").append(f"  {found.message}")
        yield Padding(line, (0, 0, 0, 1))
        after = shown[k + 1] if k + 1 < len(shown) else None
        same_place = isinstance(after, Diagnostic) and _place(after) == _place(found)
        same_hint = isinstance(after, Diagnostic) and after.hint == found.hint
        source = lines(found.file)
        if not same_place and 0 < found.line <= len(source):
            yield Excerpt(source[found.line - 1], found, _STYLE[found.severity])
        elif found.hint and not (same_place and same_hint):
            yield Padding(Text(found.hint, style="quiet"), (0, 0, 0, 1))


def _place(found: Diagnostic) -> tuple[str, int, int]:
    return found.file, found.line, found.column


class Excerpt:
    """A line of a file with a mark under the column that is meant, and the hint beside it.

    Long lines are shown around the mark; what can't be printed is shown as a question mark.
    """

    def __init__(self, line: str, found: Diagnostic, style: str) -> None:
        self._line = printable(line.replace("\t", " "))
        self._found = found
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rule, mark = ("|", "^") if options.ascii_only else ("│", "▲")
        gutter = f"{self._found.line:>6} "
        room = options.max_width - len(gutter) - 3
        column = max(1, self._found.column) - 1
        before, behind = self._line[:column], self._line[column:]
        if cell_len(before) > room // 2:
            while cell_len(before) > room // 2:
                before = before[max(1, len(before) // 8) :]
            before = "…" + before[1:] if cell_len(before[:1]) == 1 else "… " + before[1:]
        yield Text().append(f"{gutter}{rule} ", style="quiet").append(cut(before + behind, room))
        line = Text().append(f"{' ' * len(gutter)}{rule} ", style="quiet")
        line.append(" " * cell_len(before)).append(mark, style=self._style)
        yield line.append(f" {self._found.hint}" if self._found.hint else "", style="quiet")
