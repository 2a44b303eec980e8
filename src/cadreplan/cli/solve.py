"""`cadreplan solve`: the main job, from a roster to a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadreplan.cli.console import Colour, err, note, show
from cadreplan.cli.inputs import warn
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption
from cadreplan.cli.outputs import located, no_input, say_where, writable, write
from cadreplan.cli.searching import (
    EngineChoice,
    EngineOption,
    GapOption,
    OutputOption,
    QuietOption,
    SchedulerOption,
    SeedOption,
    SetOption,
    TimeLimitOption,
    WorkersOption,
)
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.cli.streams import perhaps_unread
from cadreplan.language import tr

if TYPE_CHECKING:
    from rich.console import Console

    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan

NAME = "solve"
EXAMPLES = (
    ("cadreplan solve roster.yaml", "the best plan, proven, into plan.json"),
    (
        "cadreplan solve roster.yaml -o spring.json --time-limit 10m --gap 0.5%",
        "the best within ten minutes, or good enough",
    ),
    ("cadreplan solve roster.yaml --timetable", "with the season's timetable after the summary"),
    (
        "cadreplan solve roster.yaml --set sites.yanan.beds=60 -o what-if.json",
        "what if, without editing files; then `cadreplan compare plan.json what-if.json`",
    ),
    (
        "cadreplan solve roster.yaml --scheduler tcp://head:8786 --time-limit 30m",
        "leaders are priced by the workers of a Dask cluster",
    ),
    ("cadreplan solve roster.yaml -q -o - | jq .terms", "the plan to standard output, without progress"),
)


def command(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", help="The roster.")],
    output: OutputOption = Path("plan.json"),
    time_limit: TimeLimitOption = None,
    gap: GapOption = None,
    engine: EngineOption = EngineChoice.AUTO,
    workers: WorkersOption = None,
    seed: SeedOption = None,
    work_limit: Annotated[
        float | None,
        typer.Option(
            "--work-limit",
            metavar="W",
            min=0,
            help="Stop after this much work: with one worker the same plan on any machine.",
        ),
    ] = None,
    programme: Annotated[
        bool | None,
        typer.Option(
            "--programme/--no-programme",
            help="Set every session's half days with their lecturers too; done where the roster has any.",
        ),
    ] = None,
    allow_unstaffed: Annotated[
        bool,
        typer.Option(
            "--allow-unstaffed", help="Open candidates even where there are no lecturers for all of them."
        ),
    ] = False,
    scheduler: SchedulerOption = None,
    params: Annotated[
        Path | None,
        typer.Option(
            "--params",
            metavar="FILE",
            help="For experts: parameters of the columns engine, a TOML file as docs/params.md says.",
        ),
    ] = None,
    price: Annotated[
        bool,
        typer.Option(
            "--price", help="Solve without the policy's guarantee as well, to say what it costs in points."
        ),
    ] = False,
    set_: SetOption = None,
    timetable: Annotated[bool, typer.Option("--timetable", help="Show the season's timetable too.")] = False,
    limit: LimitOption = 12,
    quiet: QuietOption = False,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Find who attends which session, with a proven bound and a reason for every skill gap left open.

    Shows progress, then what is covered, what isn't and why, and what the plan is worth. Ctrl-C or the time
    limit end the search with the best plan found so far.
    """
    from cadreplan.cli.progress import watching
    from cadreplan.loading.load import load_roster
    from cadreplan.solving import SolveOptions, counted, params_of, scheduler_named, solve

    writable(output)
    loaded = load_roster(roster, encoding=encoding, settings=set_ or ())
    no_input(output, loaded)
    if not quiet and loaded.warnings:
        warn(loaded.warnings, roster)
    if price and loaded.instance.policy.guarantee is None:
        note(tr("--price: the policy has no `guarantee`, and so there is no price"))
    given: dict[str, Any] = {
        "engine": engine.value,
        "time_limit": time_limit,
        "gap": gap,
        "workers": workers,
        "seed": seed,
        "work_limit": work_limit,
        "programme": programme,
        "allow_unstaffed": allow_unstaffed,
        "scheduler": None if scheduler is None else scheduler_named(scheduler, engine.value),
        "price": price,
        "params": params_of(params),
    }
    options = SolveOptions(**{name: value for name, value in given.items() if value is not None})
    with counted():  # until the plan is written: an impatient user presses Ctrl-C more than once
        with watching(err(), quiet=quiet, time_limit=time_limit) as watch:
            plan = solve(loaded, options, watch)
        console = write(located(plan, loaded, output), output, quiet=quiet)
    with perhaps_unread():
        _summary(console, loaded, plan, output, limit=limit, timetable=timetable)


def _summary(
    console: Console, loaded: LoadedRoster, plan: Plan, output: Path, *, limit: int, timetable: bool
) -> None:
    from cadreplan.views.screen.season import timetable as season_timetable
    from cadreplan.views.screen.summary import summary
    from cadreplan.views.season import Season

    season = Season.of(loaded.instance, plan)
    show(console, summary(season, console.width, limit=limit), season.instance)
    if timetable:
        show(console, season_timetable(season, console.width, limit))
    say_where(console, output)
