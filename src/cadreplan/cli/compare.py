"""`cadreplan compare`: several plans side by side."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, err, note, out, show
from cadreplan.cli.inputs import warn
from cadreplan.cli.options import ColourOption, EncodingOption
from cadreplan.cli.options import TableFormat as Format
from cadreplan.cli.searching import (
    EngineChoice,
    EngineOption,
    GapOption,
    QuietOption,
    SchedulerOption,
    SeedOption,
    TimeLimitOption,
    WorkersOption,
)
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan

NAME = "compare"
EXAMPLES = (
    ("cadreplan compare plan.json more-beds.json fewer-days.json", "figures side by side, the best marked"),
    ("cadreplan compare plan.json what-if.json --format csv > figures.csv", "for a spreadsheet"),
    (
        "cadreplan compare roster.yaml --what-if sites.yanan.beds=60",
        "the roster solved as it is, and with a change",
    ),
)


def command(
    plans: Annotated[
        list[Path], typer.Argument(metavar="PLAN...", help="Two plans or more; with --what-if one roster.")
    ],
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="PATH=VALUE",
            help="Solve the roster as it is and with this put in; in one pair of quotes several at once,"
            " apart by spaces. May be repeated.",
        ),
    ] = None,
    time_limit: TimeLimitOption = None,
    gap: GapOption = None,
    engine: EngineOption = EngineChoice.AUTO,
    workers: WorkersOption = None,
    seed: SeedOption = None,
    scheduler: SchedulerOption = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="A folder for the plans of --what-if."),
    ] = None,
    quiet: QuietOption = False,
    format_: Annotated[Format, typer.Option("--format", help="How the comparison is written.")] = Format.TEXT,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Compare plans: worth, bound and every term, people trained, sessions, skill gaps left open, half days.

    Reads the plans alone; where a half day has no lecturer, also the roster, if it is still as it was, to
    count the skill gaps that rest on it. With --what-if plans are made first, of a roster as it is and with
    each change, one after the other or side by side on a cluster; time limit and gap are those of each.
    """
    from cadreplan.cli.inputs import told
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.insight.compare import compare, same_roster
    from cadreplan.views import compare as views

    if what_if:
        options = (time_limit, gap, engine, workers, seed)
        variants = _variants(plans, what_if, encoding, output)
        as_it_is = next(iter(variants.values()))
        if not quiet and as_it_is.warnings:
            warn(as_it_is.warnings, plans[0])
        made = _solved(variants, options, scheduler, output, quiet=quiet)
        names, documents = list(made), list(made.values())
        rests = [_of_roster(variants[name].instance, plan) for name, plan in made.items()]
    else:
        _only_with_what_if(
            time_limit=time_limit, gap=gap, workers=workers, seed=seed, scheduler=scheduler, output=output
        )
        if len(plans) < 2:
            raise UsageError(tr("name two plans or more to compare; --what-if makes them of one roster"))
        documents = [told(path, read_plan(path), encoding) for path in plans]
        rests = [_resting(path, document) for path, document in zip(plans, documents, strict=True)]
        names = [str(path) for path in plans]
    figures, same = compare(documents, rests), same_roster(documents)
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


def _only_with_what_if(**given: object) -> None:
    """Refuse what only plans that are made here can obey."""
    for name, value in given.items():
        if value is not None:
            option = "--" + name.replace("_", "-")
            raise UsageError(tr("{option}: only with --what-if, which makes plans", option=option))


def _variants(
    rosters: list[Path], what_if: list[str], encoding: str | None, output: Path | None
) -> dict[str, LoadedRoster]:
    """The roster as it is and with each change, by what is said of them."""
    from cadreplan.cli.outputs import writable
    from cadreplan.loading.load import load_roster

    if len(rosters) != 1:
        raise UsageError(tr("--what-if: name one roster, not {n}", n=len(rosters)))
    if output is not None and not output.is_dir():
        raise UsageError(tr("there is no folder {folder}: make it, or leave -o out", folder=output))
    variants = {tr("as it is"): load_roster(rosters[0], encoding=encoding)}
    for text in what_if:
        if not text.strip() or text in variants:
            raise UsageError(tr("--what-if '{text}': says nothing, or what another one says", text=text))
        try:
            settings = shlex.split(text)
        except ValueError:
            raise UsageError(tr("--what-if {text}: a quote is open to the end", text=text)) from None
        variants[text] = load_roster(rosters[0], encoding=encoding, settings=settings)
    for k in range(len(variants) if output is not None else 0):
        writable(_place(output, k))
    return variants


def _place(folder: Path | None, k: int) -> Path:
    """Where the plan of variant k goes in a folder."""
    return (folder or Path()) / f"what-if-{k}.json"


def _solved(
    variants: dict[str, LoadedRoster],
    given: tuple[float | None, float | None, EngineChoice, int | None, int | None],
    scheduler: str | None,
    output: Path | None,
    *,
    quiet: bool,
) -> dict[str, Plan]:
    """The plan of each variant that has one; raises the error of the first where fewer than two have."""
    from cadreplan.cli.outputs import located, write
    from cadreplan.cli.progress import watching
    from cadreplan.plan import Plan
    from cadreplan.solving import SolveOptions, counted, solved_each, workers_of

    time_limit, gap, engine, workers, seed = given
    options = SolveOptions(engine.value, time_limit, gap, workers, seed or 0)
    made: dict[str, Plan] = {}
    without: list[Exception] = []
    with (
        _interruptible(made),
        counted() if scheduler is None else nullcontext(),
        workers_of(scheduler, note) as spread,
        watching(err(), quiet=quiet, time_limit=time_limit) as watch,
    ):
        for k, (name, found) in enumerate(solved_each(variants, options, watch, spread)):
            if not isinstance(found, Plan):
                without.append(found)
                note(f"{name}: {found}")
                continue
            made[name] = found
            if output is not None:
                place = _place(output, k)
                write(located(found, variants[name], place), place, quiet=quiet)
                if not quiet:
                    note(tr("{name}: written to {place}", name=name, place=place))
    if len(made) < 2 and without:
        raise without[0]
    if len(made) < 2:
        raise UsageError(tr("ended before there were two plans to compare"))
    return made


@contextmanager
def _interruptible(made: dict[str, Plan]) -> Iterator[None]:
    """On a cluster Ctrl-C ends the waiting at once; what is there is compared, if it is enough for that."""
    try:
        yield
    except KeyboardInterrupt:
        if len(made) < 2:
            raise


def _of_roster(instance: Instance, plan: Plan) -> int | None:
    """Skill gaps that only half days without a lecturer close."""
    from cadreplan.insight.diff import unstaffed
    from cadreplan.views.season import Season
    from cadreplan.views.supply import untaught

    return untaught(Season.of(instance, plan)).gaps if unstaffed(plan) else None


def _resting(path: Path, plan: Plan) -> int | None:
    """As `_of_roster`; None where the roster can't tell."""
    from cadreplan.cli.inputs import open_plan
    from cadreplan.errors import InputError
    from cadreplan.insight.diff import unstaffed

    if not unstaffed(plan):
        return None
    try:
        opened = open_plan(path, None, None)
    except (InputError, UsageError):
        return None
    return None if opened.differences else _of_roster(opened.loaded.instance, opened.plan)
