"""`cadreplan compare`: several plans side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption
from cadreplan.cli.options import TableFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from cadreplan.plan import Plan

NAME = "compare"
EXAMPLES = (
    ("cadreplan compare plan.json more-beds.json fewer-days.json", "figures side by side, the best marked"),
    ("cadreplan compare plan.json what-if.json --format csv > figures.csv", "for a spreadsheet"),
)


def command(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN...", help="Two plans or more.")],
    format_: Annotated[Format, typer.Option("--format", help="How the comparison is written.")] = Format.TEXT,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Compare plans: worth, bound and every term, people trained, sessions, skill gaps left open, half days.

    Reads the plans alone; where a half day has no lecturer, also the roster, if it is still as it was, to
    count the skill gaps that rest on it. Made for what-ifs: solve once as it is, and once with `solve --set`.
    """
    from cadreplan.cli.inputs import told
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.insight.compare import compare, same_roster
    from cadreplan.views import compare as views

    if len(plans) < 2:
        raise UsageError(tr("name two plans or more to compare"))
    documents = [told(path, read_plan(path), None) for path in plans]
    rests = [_resting(path, document) for path, document in zip(plans, documents, strict=True)]
    names, figures, same = [str(path) for path in plans], compare(documents, rests), same_roster(documents)
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


def _resting(path: Path, plan: Plan) -> int | None:
    """Skill gaps that only half days without a lecturer close; None where the roster can't tell."""
    from cadreplan.cli.inputs import open_plan
    from cadreplan.errors import InputError
    from cadreplan.insight.diff import unstaffed
    from cadreplan.views.season import Season
    from cadreplan.views.supply import untaught

    if not unstaffed(plan):
        return None
    try:
        opened = open_plan(path, None, None)
    except (InputError, UsageError):
        return None
    return None if opened.differences else untaught(Season.of(opened.loaded.instance, opened.plan)).gaps
