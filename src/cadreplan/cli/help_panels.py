"""Options and arguments in the help of a command: names on the left, what they do on the right.

Where the screen is narrow what they do stands below their names. No type is shown: what goes behind an option
is in its name, as in `--output FILE`, and choices and limits stand behind the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cadreplan.language import later, tr
from cadreplan.views.screen.folding import folded

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

REQUIRED, DEFAULT = later("[required]"), later("[default: {value}]")
AT_LEAST, BETWEEN = later("[{least} or more]"), later("[{least} to {most}]")
_TWO_COLUMNS = 72
"""Cells of a screen that has room for two columns."""
_WIDEST = 24
"""Cells of the left column; a longer name has a line of its own."""
_BEHIND = 4
"""Cells by which what an option does is set off below its name."""


def options_panel(*, name: str, params: Sequence[Any], console: Console, **_: Any) -> None:
    """Print a panel in the place of Typer's, which calls it by name with some more."""
    rows = [(_label(param), _meaning(param)) for param in params]
    if not rows:
        return
    lengths = [cell_len(label.plain) for label, _ in rows]
    width = max((n for n in lengths if n <= _WIDEST), default=0)
    parts: list[RenderableType] = []
    for (label, meaning), length in zip(rows, lengths, strict=True):
        if console.width < _TWO_COLUMNS or not width:
            parts += [label, Padding(meaning, (0, 0, 0, _BEHIND))]
        elif length > width:
            parts += [label, _row(Text(), meaning, width)]
        else:
            parts.append(_row(label, meaning, width))
    console.print(Panel(Group(*parts), border_style="dim", title=name, title_align="left", padding=(0, 1)))


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
    choices = _choices(param)
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


def _choices(param: Any) -> list[str]:
    """The words to choose from, as this version of Typer or an older one has them."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(choice.value) for choice in kind]
    return [str(choice) for choice in getattr(getattr(param, "type", None), "choices", ())]
