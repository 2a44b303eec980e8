"""`cadreplan replan`: a new plan, after changes, that moves few people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, err, note, show
from cadreplan.cli.inputs import roster_of, told, warn
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption
from cadreplan.cli.outputs import STDOUT, located, no_input, say_where, writable, write
from cadreplan.cli.searching import (
    EngineChoice,
    EngineOption,
    GapOption,
    OutputOption,
    QuietOption,
    SeedOption,
    SetOption,
    TimeLimitOption,
    WorkersOption,
)
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.cli.streams import perhaps_unread
from cadreplan.errors import UsageError
from cadreplan.language import tr

NAME = "replan"
EXAMPLES = (
    ("cadreplan replan plan.json -o next.json", "after the roster has changed: who has to move, moves"),
    (
        "cadreplan replan plan.json --freeze-before 2026-04-01 -o next.json",
        "what begins before April stays as it was",
    ),
    ("cadreplan replan plan.json --move-cost 500 -o next.json", "move whoever brings more than 500 points"),
    (
        "cadreplan replan plan.json --set sessions.S1= --set leaders.L7=",
        "what if S1 were cancelled, and L7 left",
    ),
)


def command(
    plan: Annotated[Path, typer.Argument(metavar="OLD", help="The plan until now.")],
    output: OutputOption = Path("replan.json"),
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="The changed roster, where it is another file."),
    ] = None,
    freeze_before: Annotated[
        str | None,
        typer.Option(
            "--freeze-before", metavar="DATE", help="Sessions that begin before this day stay as they were."
        ),
    ] = None,
    move_cost: Annotated[
        int | None,
        typer.Option(
            "--move-cost",
            metavar="POINTS",
            min=0,
            help="What it costs to take a session from somebody who has it; by default more than any one"
            " leader's skill gaps are worth.",
        ),
    ] = None,
    time_limit: TimeLimitOption = None,
    gap: GapOption = None,
    engine: EngineOption = EngineChoice.AUTO,
    workers: WorkersOption = None,
    seed: SeedOption = None,
    set_: SetOption = None,
    limit: LimitOption = 20,
    quiet: QuietOption = False,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Plan again after changes, and move as few people as possible.

    Begins from the old plan: what still fits stays. The bound then says that no plan which keeps what is
    frozen, and takes no more sessions from people than this one does, is worth more.
    """
    from cadreplan.cli.progress import watching
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.insight.diff import diff
    from cadreplan.insight.replan import prepare, reasons, settled
    from cadreplan.loading.load import load_roster
    from cadreplan.past import restored
    from cadreplan.solving import SolveOptions, as_before, counted, solve
    from cadreplan.views.screen.replan import replan_screen

    writable(output)
    old = read_plan(plan)
    place = roster_of(plan, old, roster)
    loaded = load_roster(place, encoding=encoding, settings=(*old.roster.settings, *(set_ or ())))
    no_input(output, loaded)
    if output != STDOUT and output.exists() and output.samefile(plan):
        raise UsageError(tr("{output} is the old plan: name another file with -o", output=output))
    if not quiet and loaded.warnings:
        warn(loaded.warnings, place)
    instance = loaded.instance
    day = None if freeze_before is None else (_date(freeze_before) - instance.start).days
    problem = prepare(instance, told(plan, old, encoding), freeze_before=day, move_cost=move_cost)
    if problem.start is None and not quiet:
        note(tr("what is left of the old plan breaks a rule: the search begins from nothing"))
    options = SolveOptions(
        engine.value, time_limit, problem.gap_within(0.0005 if gap is None else gap), workers, seed or 0
    )
    with counted():  # until the plan is written
        with watching(err(), quiet=quiet, time_limit=time_limit) as watch:
            made = solve(problem.instance, options, watch, start=problem.start)
            found = settled(problem, made, as_before)
        found = replace(found, roster=loaded.reference, lineage=old.lineage or found.lineage)
        console = write(located(found, loaded, output), output, quiet=quiet)
    whole = restored(instance, found)
    changes, why = diff(problem.old, found), reasons(problem, old, found)
    with perhaps_unread():
        show(console, replan_screen(problem, found, changes, why, whole, console.width, limit), whole)
        say_where(console, output)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            tr("--freeze-before: found '{text}', expected a date as 2026-04-01", text=text)
        ) from None
