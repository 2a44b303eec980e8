"""Options that several commands share, and how their help is written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, set_colour
from cadreplan.language import tr

Example = tuple[str, str]
"""A command as it is typed, and what it does."""

ColourOption = Annotated[
    Colour,
    typer.Option(
        "--color", callback=set_colour, help="Colour: on terminals, always or never.", show_default=True
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="Encoding of CSV tables, where the detected one is wrong."
    ),
]
ConfineOption = Annotated[
    Path | None,
    typer.Option(
        "--confine",
        metavar="DIR",
        help="Read no table, curriculum or roster that is named outside this folder.",
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help="Pass over files and folders of this name or path where they are found; may be repeated.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration, in place of the nearest one."),
]
IsolatedOption = Annotated[bool, typer.Option("--isolated", help="Use no configuration.")]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Rows shown of a long list.")]
PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, as `solve` wrote it.")]
RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", metavar="FILE", help="The roster, where it isn't where the plan says."),
]


class TextFormat(StrEnum):
    """For people, or for a machine."""

    TEXT = "text"
    JSON = "json"


class TableFormat(StrEnum):
    """The same, or a table."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class ReportFormat(StrEnum):
    """How findings and verdicts are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


def epilog(examples: Sequence[Example]) -> str:
    """The examples below a command's help."""
    lines = ["", f"[bold]{tr('Examples')}[/bold]"]
    for command, what in examples:
        lines += [f"  [dim]# {tr(what)}[/dim]", f"  [cyan]{command}[/cyan]"]
    return "\n".join(lines)


def unwrapped(text: str) -> str:
    """A docstring with each paragraph on one line, so that help is wrapped to the screen."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
