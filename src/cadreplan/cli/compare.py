"""`cadreplan compare`: several plans side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr

NAME = "compare"
EXAMPLES = (
    ("cadreplan compare plan.json more-beds.json fewer-days.json", "figures side by side, the best marked"),
    ("cadreplan compare plan.json what-if.json --format csv > figures.csv", "for a spreadsheet"),
)


class Format(StrEnum):
    """How the comparison is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def command(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN...", help="Two plans or more.")],
    format_: Annotated[Format, typer.Option("--format", help="How the comparison is written.")] = Format.TEXT,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Compare plans: worth, bound and every term, people trained, sessions held, skill gaps left open.

    Reads the plans alone. Made for what-ifs: solve once as it is, and once with `solve --set`.
    """
    from cadreplan.documents.plan import read_plan
    from cadreplan.insight.compare import compare, same_roster
    from cadreplan.views import compare as views

    if len(plans) < 2:
        raise UsageError(tr("name two plans or more to compare"))
    documents = [read_plan(path) for path in plans]
    names, figures, same = [str(path) for path in plans], compare(documents), same_roster(documents)
    if format_ is Format.JSON:
        emit(views.as_json(names, figures, same_roster=same))
        return
    if not same:
        note(tr("the plans were made from different rosters, or from the same one before and after a change"))
    if format_ is Format.CSV:
        emit(views.as_csv(names, figures))
        return
    from cadreplan.views.screen.compare import compare_screen

    console = out()
    show(console, compare_screen(names, figures, console.width))
