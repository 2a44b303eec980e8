"""`cadreplan diff`: what changes from one plan to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption
from cadreplan.cli.options import TableFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "diff"
EXAMPLES = (
    ("cadreplan diff old.json new.json", "who moves, which sessions change and how, what it is worth"),
    ("cadreplan diff old.json new.json --roster roster.yaml", "with the names of the roster"),
    (
        "cadreplan diff old.json new.json --format csv > moves.csv",
        "a row for each leader and lecturer to be told",
    ),
    ("cadreplan diff old.json new.json --exit-code", "exits with 1 if anything changes"),
)


def command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The plan before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The plan after.")],
    format_: Annotated[Format, typer.Option("--format", help="How the difference is written.")] = Format.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if anything changes.")] = False,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="The roster, for names that the plans don't have."),
    ] = None,
    limit: LimitOption = 20,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show what changes between two plans: people, sessions, days and places, half days, lecturers, worth.

    Reads the two plans alone; they may belong to different rosters. Of a plan that doesn't say when and where
    its sessions are held, as older ones, the roster is read, if it is still as it was.
    """
    from cadreplan.cli.inputs import naming, note_settings, told
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.insight.diff import diff
    from cadreplan.loading.load import load_roster
    from cadreplan.views import diff as views

    plans = {path: read_plan(path) for path in (old, new)}
    for path, plan in plans.items():
        note_settings(path, plan)
    before, after = (told(path, plans[path], encoding) for path in (old, new))
    difference = diff(before, after)
    instance = load_roster(roster, encoding=encoding).instance if roster else None
    names = dict(difference.names)
    if instance is not None:
        names |= {one.id: one.name for one in instance.leaders if one.name != one.id}
        names |= {one.id: one.name for one in instance.lecturers if one.name != one.id}
    if format_ is Format.JSON:
        emit(views.as_json(str(old), str(new), difference))
    elif format_ is Format.CSV:
        emit(views.as_csv(difference, names))
    else:
        from cadreplan.views.screen.diff import diff_screen

        console = out()
        known = [instance] if instance else [x for path in plans for x in naming(path, plans[path], encoding)]
        show(console, diff_screen(str(old), str(new), difference, names, console.width, limit), *known)
    if exit_code and not difference.same:
        raise typer.Exit(1)
