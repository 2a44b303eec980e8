"""`cadreplan bottlenecks`: what holds a plan back, and which changes would bring most."""

from __future__ import annotations

from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption, PlanArgument, RosterOption
from cadreplan.cli.options import TextFormat as Format
from cadreplan.cli.searching import SchedulerOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.language import tr

NAME = "bottlenecks"
EXAMPLES = (
    ("cadreplan bottlenecks plan.json", "what one more seat, bed or run would bring; ten changes tried"),
    ("cadreplan bottlenecks plan.json --verify 0", "at once, without trying any"),
    ("cadreplan bottlenecks plan.json --verify 30 --format json", "thirty changes tried, for a machine"),
)


def command(
    plan: PlanArgument,
    verified: Annotated[
        int, typer.Option("--verify", metavar="N", min=0, help="How many changes are tried.")
    ] = 10,
    format_: Annotated[
        Format, typer.Option("--format", help="How the bottlenecks are written.")
    ] = Format.TEXT,
    limit: LimitOption = 10,
    scheduler: SchedulerOption = None,
    roster: RosterOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Say which seats, rooms, beds, absences and days hold a plan back, and which changes would bring most.

    The most promising changes are tried: the data is changed, and the plan solved again around those who
    gain by it. Also which skill gaps no seat can cure, and how loaded the lecturers of a programme are.
    """
    from cadreplan.cli.inputs import open_plan, sound_solution
    from cadreplan.insight.bottlenecks import bottlenecks, needs_compiling
    from cadreplan.insight.plan_state import PlanState
    from cadreplan.solving import solve_around, workers_of
    from cadreplan.solving.platform import cores
    from cadreplan.views.bottlenecks import as_json

    opened = open_plan(plan, roster, encoding)
    if needs_compiling():
        note(tr("not all is compiled for this machine yet: a first time takes a minute or two"))
    instance, solution = sound_solution(opened)
    state = PlanState(instance, solution)
    with workers_of(scheduler, note) as spread:
        found = bottlenecks(
            state, opened.plan, solve_around, verified=verified, workers=cores(), spread=spread
        )
    if format_ is Format.JSON:
        emit(as_json(instance, found))
        return
    from cadreplan.views.screen.bottlenecks import bottlenecks_screen

    console = out()
    show(console, bottlenecks_screen(instance, found, console.width, limit), instance)
