"""`cadreplan drill`: what if a session were cancelled tomorrow."""

from __future__ import annotations

from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption, PlanArgument, RosterOption
from cadreplan.cli.options import TextFormat as Format
from cadreplan.cli.searching import SchedulerOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "drill"
EXAMPLES = (
    ("cadreplan drill plan.json", "the sessions whose loss would hurt most, and who stands by"),
    ("cadreplan drill plan.json --try 30 --format json", "thirty of them tried, for a machine"),
)


def command(
    plan: PlanArgument,
    tried: Annotated[
        int, typer.Option("--try", metavar="N", min=0, help="How many are solved again without the session.")
    ] = 10,
    format_: Annotated[Format, typer.Option("--format", help="How the drill is written.")] = Format.TEXT,
    limit: LimitOption = 20,
    scheduler: SchedulerOption = None,
    roster: RosterOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """For each session, if it were cancelled tomorrow: who could be re-seated, who would miss out.

    Those with most at stake are tried: the plan is solved again around the people who had the session.
    """
    from cadreplan.cli.inputs import open_plan, sound_solution
    from cadreplan.insight.drill import drill
    from cadreplan.solving import solve_around, workers_of
    from cadreplan.views.drill import as_json

    opened = open_plan(plan, roster, encoding)
    instance, _ = sound_solution(opened)
    with workers_of(scheduler, note) as spread:
        found = drill(instance, opened.plan, solve_around, verified=tried, spread=spread)
    if format_ is Format.JSON:
        emit(as_json(instance, found))
        return
    from cadreplan.views.screen.drill import drill_screen

    console = out()
    show(console, drill_screen(instance, found, console.width, limit), instance)
