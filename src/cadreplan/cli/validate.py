"""`cadreplan validate`: all findings of curricula and rosters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, err, note, out, show
from cadreplan.cli.options import ColourOption, ConfineOption, EncodingOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "validate"
EXAMPLES = (
    ("cadreplan validate roster.yaml", "the roster with its curriculum and tables"),
    ("cadreplan validate .", "every curriculum and roster in a folder and those below it"),
    (
        "cadreplan validate --strict --format github curricula rosters",
        "in GitHub Actions; warnings count too",
    ),
    ("cadreplan validate roster.yaml --ignore seat-shortage", "without the findings of one rule"),
    ("cat roster.yaml | cadreplan validate -", "from standard input"),
)


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


def command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Curricula and rosters, folders of them, patterns like 'a/**/*.yaml'; - is standard input.",
        ),
    ],
    format_: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULE", help="Only the findings of this rule; may be repeated."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULE", help="No findings of this rule; may be repeated."),
    ] = None,
    confine: ConfineOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show all findings of curricula and rosters.

    Every error in every file is shown at once, with file, line and column. Exits with 1 if there is one.
    A comment `# cadreplan: ignore[RULE]` at the end of a line leaves out the findings of that rule on it.
    """
    from cadreplan.cli.inputs import source_lines
    from cadreplan.documents.load import find_problems
    from cadreplan.documents.walk import documents_in
    from cadreplan.views.findings import REPORTERS, Context, totals

    documents = documents_in(files)
    found = find_problems(
        documents, encoding=encoding, select=select or (), ignore=ignore or (), confine=confine
    )
    console = out()
    report = REPORTERS[format_.value]
    if format_ is Format.TEXT and console.is_terminal:
        from cadreplan.views.screen.findings import findings_screen

        show(console, findings_screen(found, source_lines))
    elif format_ is Format.TEXT:
        console.file.write(report(found, Context(documents, strict)))
    else:
        emit(report(found, Context(documents, strict)))
    if err().is_terminal or format_ is Format.TEXT:
        note(totals(found))
    if any(finding.is_error or strict for finding in found):
        raise typer.Exit(1)
