"""Where output goes: data to standard output, all else to standard error; colour, width and encoding."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TextIO

from cadreplan.cli.streams import is_open
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from cadreplan.instance import Instance

_WIDTH_ELSEWHERE = 100
"""Cells of a line where there is no terminal to ask."""

_SIMPLER = {
    **dict.fromkeys("━▬", "="),
    **dict.fromkeys("─╌╾╸–—", "-"),
    **dict.fromkeys("│▌", "|"),
    **dict.fromkeys("·•", "."),
    **dict.fromkeys("▁▂▃▄▅▆▇█▲", "#"),
    "…": "~",
    "×": "x",
}


class Colour(StrEnum):
    """When to write in colour; `auto` is on a terminal, or where FORCE_COLOR asks, unless NO_COLOR is set."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


_colour = Colour.AUTO


def set_colour(colour: Colour) -> Colour:
    """Choose for all consoles that are made from now on."""
    global _colour  # noqa: PLW0603 (one choice for one run)
    _colour = colour
    return colour


def prepare_streams() -> None:
    """Let no character that the console's encoding lacks end the program: write a simpler one instead."""
    codecs.register_error("cadreplan.simpler", _simpler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="cadreplan.simpler")


def _simpler(error: UnicodeError) -> tuple[str, int]:
    """ASCII of the same width: a look-alike for lines and dots, else question marks."""
    from rich.cells import cell_len

    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_SIMPLER.get(c, "?" * max(1, cell_len(c))) for c in text), error.end


def out() -> Console:
    """The console of data that people read."""
    return _console(sys.stdout)


def err() -> Console:
    """The console of everything else."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    from cadreplan.views.screen.clean_console import CleanConsole
    from cadreplan.views.screen.theme import THEME

    terminal = stream.isatty()  # what is drawn follows the stream alone, whatever the environment says of it
    return CleanConsole(
        file=stream,
        theme=THEME,
        force_terminal=terminal,
        force_interactive=None if terminal else False,
        color_system=_color_system(terminal=terminal),
        no_color=False if _colour is Colour.ALWAYS else None,
        width=None if "COLUMNS" in os.environ or _any_terminal() else _WIDTH_ELSEWHERE,
        highlight=False,
        emoji=False,
    )


def _color_system(*, terminal: bool) -> Literal["auto", "standard", "256", "truecolor"] | None:
    """How many colours there are; rich finds it out on a terminal, and knows none elsewhere."""
    forced = _colour is Colour.ALWAYS or (
        not os.environ.get("NO_COLOR")
        and (os.environ.get("FORCE_COLOR", "") or os.environ.get("CLICOLOR_FORCE", "0")) not in ("", "0")
    )
    if _colour is Colour.NEVER or not (terminal or forced):
        return None
    if terminal:
        return "auto"
    if os.environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if os.environ.get("TERM", "").endswith("256color") else "standard"


def _any_terminal() -> bool:
    return any(os.isatty(fd) for fd in (0, 1, 2) if _is_open(fd))


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def show(console: Console, renderables: Iterable[RenderableType], *instances: Instance) -> None:
    """Print one after another; without trailing blanks where the lines may be kept.

    Ids of candidates of the `instances` are shown by their names.
    """
    from cadreplan.views.naming import named_in
    from cadreplan.views.screen.theme import with_names

    parts = with_names(renderables, named_in(instances))
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    console.file.writelines(line.rstrip() + "\n" for line in capture.get().splitlines())


def emit(text: str) -> None:
    """Write a machine format to standard output: as it is, in UTF-8, whatever the console's encoding."""
    if not is_open(sys.stdout):
        raise UsageError(tr("standard output is closed"))
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))  # a file name may hold any byte
    sys.stdout.buffer.flush()


def note(message: str) -> None:
    """One line for people on standard error, never wrapped."""
    from cadreplan.views.wording import printable

    print(f"cadreplan: {printable(message)}", file=sys.stderr)


def say(message: str) -> None:
    """One line for people on standard output, never wrapped."""
    from cadreplan.views.wording import printable

    print(printable(message))
