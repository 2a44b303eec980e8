"""The help of a command, and what is wrong with a line, drawn.

Options and arguments have their names on the left and what they do on the right; where the screen is narrow
what they do stands below. No type is shown: what goes behind an option is in its name, as in `--output FILE`,
and choices and limits stand behind the sentence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from rich.align import Align
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.highlighter import RegexHighlighter
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from cadreplan.cli.misuse import choices_of, said
from cadreplan.language import later, tr
from cadreplan.views.screen.folding import folded
from cadreplan.views.wording import printable

REQUIRED, DEFAULT = later("[required]"), later("[default: {value}]")
AT_LEAST, BETWEEN = later("[{least} or more]"), later("[{least} to {most}]")
_TWO_COLUMNS = 72
"""Cells of a screen that has room for two columns."""
_WIDEST = 24
"""Cells of the left column; a longer name has a line of its own."""
_BEHIND = 4
"""Cells by which what an option does is set off below its name."""
_FORCED = ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS")
"""Variables that ask for colour wherever the text goes."""


class _Names(RegexHighlighter):
    """Options within a text."""

    highlights = [  # noqa: RUF012 (so it is declared there)
        r"(^|\W)(?P<switch>\-\w+)(?![a-zA-Z0-9])",
        r"(^|\W)(?P<option>\-\-[\w\-]+)(?![a-zA-Z0-9])",
        r"(?P<types>\<[^\>]+\>)",
        r"(?P<usage>Usage: )",
    ]


_THEME = Theme({"option": "bold cyan", "switch": "bold green", "types": "bold yellow", "usage": "yellow"})
_with_names = _Names()


def help_page(command: Any, ctx: Any) -> None:
    """Print the help of a command, or of the program with its commands, to standard output."""
    console = _console()
    console.print(Padding(_with_names(command.get_usage(ctx)), 1), style="bold")
    first, *others = command.help.split("\n\n")
    paragraphs = [_marked(first)]
    if others:
        paragraphs += [Text(""), _marked("\n\n".join(others), "dim")]
    console.print(Padding(Align(Group(*paragraphs), pad=False), (0, 1, 1, 1)))
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    for title, some in ((tr("Arguments"), arguments), (tr("Options"), options)):
        if some:
            console.print(_panel(title, _options(some, console.width)))
    commands = getattr(command, "commands", {})
    if commands:
        console.print(_panel(tr("Commands"), _commands(commands.values())))
    console.print(Padding(Align(_marked(command.epilog), pad=False), 1))


def show_misuse(error: Any) -> None:
    """Print what is wrong with a line and how the command is used; nothing where help was shown instead."""
    message, ctx = printable(said(error)), error.ctx
    if not message:
        return
    console = _console(stderr=True)
    if ctx is not None:
        console.print(_with_names(ctx.get_usage()), style="bold")
        help_ = {"command_path": escape(ctx.command_path), "help_option": ctx.help_option_names[0]}
        console.print(tr("Try [blue]'{command_path} {help_option}'[/] for help.", **help_), style="dim")
    console.print(_panel(tr("Error"), _with_names(message), "red"))


def _console(*, stderr: bool = False) -> Console:
    forced = any(os.environ.get(name) for name in _FORCED)
    return Console(theme=_THEME, highlighter=_with_names, force_terminal=forced or None, stderr=stderr)


def _marked(text: str, style: str = "") -> Text:
    return folded(_with_names(Text.from_markup(text, style=style)))


def _panel(title: str, inside: RenderableType, border: str = "dim") -> Panel:
    return Panel(inside, border_style=border, title=title, title_align="left", padding=(0, 1))


def _commands(commands: Iterable[Any]) -> Table:
    """Commands with the first paragraph of what they do."""
    table = Table(show_header=False, expand=True, box=None, pad_edge=False, padding=(0, 1))
    rows = [(command.name, _marked(command.help.partition("\n\n")[0])) for command in commands]
    table.add_column(style="bold cyan", no_wrap=True, width=max(len(name) for name, _ in rows))
    table.add_column(ratio=10, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _options(params: Sequence[Any], screen: int) -> Group:
    rows = [(_label(param), _meaning(param)) for param in params]
    lengths = [cell_len(label.plain) for label, _ in rows]
    width = max((n for n in lengths if n <= _WIDEST), default=0)
    parts: list[RenderableType] = []
    for (label, meaning), length in zip(rows, lengths, strict=True):
        if screen < _TWO_COLUMNS or not width:
            parts += [label, Padding(meaning, (0, 0, 0, _BEHIND))]
        elif length > width:
            parts += [label, _row(Text(), meaning, width)]
        else:
            parts.append(_row(label, meaning, width))
    return Group(*parts)


def _row(label: Text, meaning: Text, width: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=width, no_wrap=True)
    table.add_column(ratio=1)
    table.add_row(label, meaning)
    return table


def _label(param: Any) -> Text:
    """`-o, --output FILE`, `--[no-]programme`, `ROSTER`."""
    if param.param_type_name == "argument":
        return Text(param.metavar or param.name.upper(), style="bold cyan")
    names = sorted(param.opts, key=len)
    if [f"--no-{name[2:]}" for name in param.opts] == list(param.secondary_opts):
        names = [f"--[no-]{name[2:]}" for name in names]
    label = Text(", ").join(Text(name, style="bold cyan") for name in names)
    return label.append(f" {param.metavar}", style="yellow") if param.metavar else label


def _meaning(param: Any) -> Text:
    """What a parameter does, then choices, limits and what counts without it."""
    said = Text(param.help or "")
    for remark in _remarks(param):
        said.append(f" {remark}", style="dim")
    return folded(said)


def _remarks(param: Any) -> Iterator[str]:
    choices = choices_of(param)
    if choices and not param.metavar:
        yield f"[{'|'.join(choices)}]"
    kind = getattr(param, "type", param)
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        yield tr(BETWEEN, least=least, most=most)
    elif least:
        yield tr(AT_LEAST, least=least)
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if param.required:
        yield tr(REQUIRED)
    elif default not in (None, "", ()) and not isinstance(default, bool) and not callable(default):
        yield tr(DEFAULT, value=default)
