"""`cadreplan record`: what came of a rotation becomes the next roster."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption, PlanArgument, RosterOption
from cadreplan.cli.options import TextFormat as Format
from cadreplan.cli.outputs import STDOUT, no_input, not_read, writable
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from fractions import Fraction

    from cadreplan.documents.schema.types import DateRange
    from cadreplan.instance import Instance

NAME = "record"
EXAMPLES = (
    ("cadreplan record plan.json results.csv -o roster-next.yaml", "who came, who passed: the next roster"),
    (
        "cadreplan record plan.json results.xlsx -o autumn.yaml --history history.csv",
        "and a line for each fact behind those of earlier rotations",
    ),
    (
        "cadreplan record plan.json absences.csv -o autumn.yaml --others attended",
        "only who was absent is listed",
    ),
    (
        "cadreplan record plan.json results.csv --next 2027-03-01..2027-06-30",
        "and make it ready for the next season",
    ),
)


class Others(StrEnum):
    """What a planned person without a row was."""

    ABSENT = "absent"
    ATTENDED = "attended"


def command(
    plan: PlanArgument,
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULTS...",
            help="Tables, .csv, .yaml or .xlsx: leader, session, result (attended, absent, passed), levels;"
            " or people down, sessions across.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write the next roster; roster-next, with the ending of this one, if not given.",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history", metavar="FILE", help="The history to which this rotation's facts are added."
        ),
    ] = None,
    others: Annotated[
        Others,
        typer.Option(
            "--others",
            help="What a planned person without a row was; if absent, a session without any row counts as"
            " not held.",
        ),
    ] = Others.ABSENT,
    walk_ins: Annotated[
        bool, typer.Option("--walk-ins", help="Count people, too, who came without a seat in the plan.")
    ] = False,
    priority_step: Annotated[
        int,
        typer.Option(
            "--priority-step",
            metavar="N",
            min=0,
            help="Added to the priority of who has skill gaps and had no seat.",
        ),
    ] = 1,
    priority_most: Annotated[
        int, typer.Option("--priority-most", metavar="N", min=1, help="Priority that waiting can lead to.")
    ] = 5,
    absence: Annotated[
        str,
        typer.Option(
            "--absence",
            metavar="SHARE",
            help="Share of a session's hours that may be missed: who misses more hasn't completed it.",
        ),
    ] = "1/7",
    next_: Annotated[
        str | None,
        typer.Option(
            "--next",
            metavar="RANGE",
            help="Prepare the next season: its horizon, offerings moved, sessions emptied, people kept.",
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Title of the next season.")
    ] = None,
    rotation: Annotated[
        str | None,
        typer.Option(
            "--rotation", metavar="NAME", help="Name of the rotation in the history; by default its title."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Let -o name the roster itself: it is changed in its place.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="How the record is written.")] = Format.TEXT,
    limit: LimitOption = 20,
    roster: RosterOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Make the next roster from what came of a plan: levels, modules, hours, who waited.

    The roster is changed where it stands: comments, order, quotes, columns and encodings are kept. Sessions
    and dates stay as well, for the planner to write; with --next they are made ready for the next season.
    """
    from cadreplan.cli.inputs import open_plan, warn_of_strangers
    from cadreplan.documents.editing.next_season import season_after
    from cadreplan.documents.writing import write_all
    from cadreplan.insight.record import RecordRules
    from cadreplan.insight.recording import Order, is_in_place, read_known, recording
    from cadreplan.views.record import as_json

    output = output or _beside(plan, roster)
    _writable(output, history, plan, *results)
    if title is not None and next_ is None:
        raise UsageError(tr("--title is that of the next season: say --next too"))
    horizon, share = _range(next_), _share(absence)
    opened = open_plan(plan, roster, encoding)
    loaded = opened.loaded
    _same_kind(output, loaded.path)
    in_place = is_in_place(output, loaded, bool(opened.differences), force)
    if not in_place:
        no_input(output, loaded)
    season = None if horizon is None else season_after(horizon_of(loaded.instance), horizon, title)
    rules = RecordRules(others.value, walk_ins, priority_step, priority_most, share, horizon)
    order = Order(output, rules, history, rotation, season, encoding)
    known = read_known(history)
    if history is not None:
        warn_of_strangers(history, known, loaded.instance.leader_by_id)
    made = recording(loaded, opened.plan, results, known, order)
    for text in made.notes:
        note(text)
    if opened.differences and not in_place:
        note(tr("the roster isn't the one this plan was made from: `cadreplan check` tells the differences"))
    write_all(made.files)
    if format_ is Format.JSON:
        emit(as_json(loaded.instance, made.found, made.named))
        return
    from cadreplan.views.screen.record import record_screen

    console = out()
    show(
        console, record_screen(loaded.instance, made.found, made.named, console.width, limit), loaded.instance
    )


_WORKBOOK = ".xlsx"


def _beside(plan: Path, roster: Path | None) -> Path:
    """`roster-next` in the working directory, as a workbook if the roster is one."""
    from cadreplan.documents.reading.plan import read_plan

    named = roster or Path(read_plan(plan).roster.path)
    return Path(f"roster-next{_WORKBOOK if named.suffix.lower() == _WORKBOOK else '.yaml'}")


def _same_kind(output: Path, roster: Path) -> None:
    """A workbook becomes one again, and YAML stays YAML."""
    if (output.suffix.lower() == _WORKBOOK) != (roster.suffix.lower() == _WORKBOOK):
        raise UsageError(
            tr(
                "{output}: the roster is {roster}, so the next one ends in {suffix}",
                output=output,
                roster=roster,
                suffix=roster.suffix,
            )
        )


def _writable(output: Path, history: Path | None, *inputs: Path) -> None:
    if output == STDOUT:
        raise UsageError(tr("the next roster may be several files: name one with -o"))
    if output.suffix.lower() not in (".yaml", ".yml", _WORKBOOK):
        raise UsageError(tr("{output}: a roster is a .yaml file or an .xlsx workbook", output=output))
    writable(output)
    if history is not None:
        writable(history)
    for path in (output, history):
        if path is not None:
            not_read(path, inputs)
    if history is not None and history.absolute() == output.absolute():
        raise UsageError(tr("{output} can't be both roster and history", output=output))


def _range(text: str | None) -> DateRange | None:
    """The horizon of the next season, as it is typed."""
    from pydantic import ValidationError

    from cadreplan.documents.findings import shown
    from cadreplan.documents.schema.types import RANGE
    from cadreplan.documents.values.mistakes import expectation

    if text is None:
        return None
    try:
        return RANGE.validate_python(text)
    except ValidationError as error:
        expected = expectation(error.errors()[0])
        raise UsageError(
            tr("--next: found {value}, {expected}", value=shown(text), expected=expected)
        ) from None


def _share(text: str) -> Fraction:
    """A share as it is typed: 1/7, 0.15 or 15%."""
    from fractions import Fraction

    try:
        share = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        message = tr("--absence: found {value}, expected a share as 1/7, 0.15 or 15%", value=repr(text))
        raise UsageError(message)
    return share


def horizon_of(instance: Instance) -> DateRange:
    """The first and last day of a roster's horizon."""
    from cadreplan.documents.schema.types import DateRange

    return DateRange(instance.start, instance.date_of(instance.n_days - 1))
