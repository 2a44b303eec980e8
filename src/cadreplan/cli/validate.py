"""`cadreplan validate`: all findings of curricula and rosters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, err, note, out, show
from cadreplan.cli.options import (
    ColourOption,
    ConfigOption,
    ConfineOption,
    EncodingOption,
    ExcludeOption,
    IsolatedOption,
)
from cadreplan.cli.options import ReportFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr, tr_n

if TYPE_CHECKING:
    from cadreplan.documents.editing.fixing import FixedFile

NAME = "validate"
EXAMPLES = (
    ("cadreplan validate roster.yaml", "the roster with its curriculum and tables"),
    ("cadreplan validate .", "every curriculum and roster in a folder and those below it"),
    (
        "cadreplan validate --strict --format github curricula rosters",
        "in GitHub Actions; warnings count too",
    ),
    ("cadreplan validate roster.yaml --ignore seat-shortage", "without the findings of one rule"),
    ("cadreplan validate roster.yaml --diff", "what --fix would rewrite, as a diff"),
    ("cat roster.yaml | cadreplan validate -", "from standard input"),
)


def command(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Curricula and rosters, folders of them, patterns like 'a/**/*.yaml'; - is standard input."
            " Without any, those that the configuration names.",
        ),
    ] = None,
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
    exclude: ExcludeOption = None,
    config: ConfigOption = None,
    isolated: IsolatedOption = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Rewrite what can only mean one thing in the plain form; then show what is left."
        ),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    confine: ConfineOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show all findings of curricula and rosters.

    Every error in every file is shown at once, with file, line and column. Exits with 1 if there is one.
    Nothing is fixed by guessing: what isn't clear stays a finding, whose hint says how to fix it.
    A comment `# cadreplan: ignore[RULE]` at the end of a line leaves out the findings of that rule on it; on
    the line that names a table, those in the table. Virtual environments and what git ignores are left out.
    """
    from cadreplan.cli.inputs import source_lines
    from cadreplan.loading.config import Config, Configs
    from cadreplan.loading.load import find_problems
    from cadreplan.loading.walk import documents_in
    from cadreplan.views.findings import REPORTERS, Context, totals

    configs = Configs(only=config, isolated=isolated)
    own = configs.of_folder(Path.cwd())
    named = files or [os.path.relpath(own.folder / file) for file in own.files]
    if not named:
        raise UsageError(tr("name files or folders, or write `files` into the configuration"))
    mine = Config(Path.cwd(), exclude=tuple(exclude or ()))
    documents = documents_in(named, lambda file: mine.excludes(file) or configs.of(file).excludes(file))
    if fix or diff:
        from cadreplan.loading.load import find_fixes

        fixed = find_fixes(documents, encoding=encoding, confine=confine)
        if diff:
            emit("".join(line for file in fixed for line in file.diff))
            raise typer.Exit(1 if fixed else 0)
        _write(fixed)
    found = find_problems(
        documents,
        encoding=encoding,
        select=select or (),
        ignore=ignore or (),
        confine=confine,
        configs=configs,
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


def _write(fixed: Sequence[FixedFile]) -> None:
    """Write all files that change, each in one step, and say so."""
    from cadreplan.documents.foreign import system_reason
    from cadreplan.documents.writing import write_all

    try:
        write_all({file.path: file.data for file in fixed})
    except OSError as error:
        name = error.filename or ""
        raise UsageError(
            tr("{output} can't be written: {why}", output=name, why=system_reason(error))
        ) from None
    for file in fixed:
        note(
            tr_n(
                "{file}: {n} place rewritten", "{file}: {n} places rewritten", file.n_changes, file=file.path
            )
        )
