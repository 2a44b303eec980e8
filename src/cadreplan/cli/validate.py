"""`cadreplan validate`: all findings of curricula and rosters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, err, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption

NAME = "validate"
EXAMPLES = (
    ("cadreplan validate roster.yaml", "the roster with its curriculum and tables"),
    ("cadreplan validate --strict --format json curricula/*.yaml", "for a machine; warnings count as well"),
    ("cat roster.yaml | cadreplan validate -", "from standard input"),
)


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


def command(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Curricula and rosters; - is standard input.")
    ],
    format_: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
) -> None:
    """Show all findings of curricula and rosters.

    Every error in every file is shown at once, with file, line and column. Exits with 1 if there is one.
    """
    from cadreplan.cli.inputs import source_lines
    from cadreplan.documents.load import find_problems
    from cadreplan.views.findings import REPORTERS, totals

    found = find_problems(files, encoding=encoding)
    console = out()
    if format_ is Format.TEXT and console.is_terminal:
        from cadreplan.views.screen.findings import findings_screen

        show(console, findings_screen(found, source_lines))
    elif format_ is Format.TEXT:
        console.file.write(REPORTERS["text"](found))
    else:
        emit(REPORTERS[format_.value](found))
    if err().is_terminal or format_ is Format.TEXT:
        note(totals(found))
    if any(finding.is_error or strict for finding in found):
        raise typer.Exit(1)
