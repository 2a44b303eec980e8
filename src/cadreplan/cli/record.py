"""`cadreplan record`: what came of a rotation becomes the next roster."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption, PlanArgument, RosterOption
from cadreplan.cli.outputs import STDOUT, no_input, writable
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import InputError, UsageError
from cadreplan.language import later, listed, tr

if TYPE_CHECKING:
    from cadreplan.cli.inputs import OpenedPlan
    from cadreplan.documents.history import Fact

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
)


class Format(StrEnum):
    """How the record is written to standard output."""

    TEXT = "text"
    JSON = "json"


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
    """Make the next roster from what came of a plan: levels reached, modules completed, who waited.

    The roster is changed where it stands: comments, order, quotes, columns and encodings are kept, and so are
    sessions and dates, which are for the planner to write.
    """
    from cadreplan.cli.inputs import open_plan, warn_of_strangers
    from cadreplan.documents.findings import Findings
    from cadreplan.documents.history import appended
    from cadreplan.documents.load import read_roster_file
    from cadreplan.documents.next_roster import next_files
    from cadreplan.documents.result_columns import Known
    from cadreplan.documents.results import read_results
    from cadreplan.documents.writing import write_all
    from cadreplan.insight.record import RecordRules, facts_of, record
    from cadreplan.views.record import as_json

    output = output or _beside(plan, roster)
    _writable(output, history, plan, *results)
    opened = open_plan(plan, roster, encoding)
    loaded = opened.loaded
    _same_kind(output, loaded.path)
    in_place = _in_place(output, opened, force)
    written = read_roster_file(loaded.path, encoding=encoding)
    findings = Findings()
    given = Known.of(loaded.instance, opened.plan)
    read = [read_results(path, findings, given, encoding) for path in results]
    rows = [row for one in read for row in one.rows]
    name = rotation or loaded.instance.title or loaded.path.stem
    known = _known(history)
    if history is not None:
        warn_of_strangers(history, known, loaded.instance.leader_by_id)
    rules = RecordRules(others.value, walk_ins, priority_step, priority_most)
    found = record(loaded.instance, opened.plan, written, rows, rules, _before(known, name), findings)
    if findings.has_errors:
        raise InputError(findings.sorted())
    if passed := dict.fromkeys(name for one in read for table in one.passed.values() for name in table):
        note(tr("columns not read: {columns}", columns=listed(passed)))
    files = next_files(written, found.changes, output, encoding)
    said = {later("next roster"): str(output)}
    said |= {later("its leaders"): str(path) for path in files if path != output}
    if history is not None:
        facts = facts_of(loaded.instance, opened.plan, found, name)
        if _is_new(history, known, facts):
            files[history] = appended(history.read_bytes() if history.exists() else b"", facts)
            said[later("history")] = str(history)
        else:
            note(tr("{file} has these facts already: it stays as it is", file=history))
    if opened.differences and not in_place:
        note(tr("the roster isn't the one this plan was made from: `cadreplan check` tells the differences"))
    write_all(files)
    if format_ is Format.JSON:
        emit(as_json(loaded.instance, found, said))
        return
    from cadreplan.views.screen.record import record_screen

    console = out()
    show(console, record_screen(loaded.instance, found, said, console.width, limit))


_WORKBOOK = ".xlsx"


def _beside(plan: Path, roster: Path | None) -> Path:
    """`roster-next` in the working directory, as a workbook if the roster is one."""
    from cadreplan.documents.plan import read_plan

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
        if path is not None and path.exists() and any(i.exists() and path.samefile(i) for i in inputs):
            raise UsageError(tr("{output} is an input of this command: name another file", output=path))
    if history is not None and history.absolute() == output.absolute():
        raise UsageError(tr("{output} can't be both roster and history", output=output))


def _in_place(output: Path, opened: OpenedPlan, force: bool) -> bool:
    """Whether the roster itself is changed; a `UsageError` where it may not be."""
    loaded = opened.loaded
    if not (output.exists() and output.samefile(loaded.path)):
        no_input(output, loaded)
        return False
    if not force:
        raise UsageError(
            tr("{output} is the roster itself: name another file with -o, or --force", output=output)
        )
    if opened.differences:
        raise UsageError(
            tr(
                "{output} has changed since the plan was made: record into another file with -o",
                output=output,
            )
        )
    return True


def _known(history: Path | None) -> list[Fact]:
    """The facts that a history has; raises `InputError` where a line can't be read."""
    from cadreplan.documents.findings import Findings
    from cadreplan.documents.history import read_history
    from cadreplan.documents.yaml import gc_paused

    if history is None or not history.exists() or not history.stat().st_size:
        return []
    findings = Findings()
    with gc_paused():
        facts = read_history(history, findings)
    if findings.has_errors:
        raise InputError(findings.sorted())
    return facts


def _before(facts: list[Fact], rotation: str) -> list[Fact]:
    """The facts of the rotations before this one."""
    start = next((at for at, fact in enumerate(facts) if fact.rotation == rotation), len(facts))
    return facts[:start]


def _is_new(history: Path, before: list[Fact], facts: list[Fact]) -> bool:
    """Whether a rotation isn't in the history; a `UsageError` where it is, with other facts."""
    rotation = facts[0].rotation
    known = [fact for fact in before if fact.rotation == rotation]
    if known == facts:
        return False
    plan = facts[0].plan
    twin = next((fact.rotation for fact in before if fact.plan == plan), None)
    if known and twin is None:
        raise UsageError(
            tr(
                "{file} has a rotation {name} of another plan already: name this one with --rotation",
                file=history,
                name=repr(rotation),
            )
        )
    if twin is not None:
        raise UsageError(
            tr(
                "{file} has this plan already, as {name} and with other facts: to correct it, take the lines"
                " of that rotation out first",
                file=history,
                name=repr(twin),
            )
        )
    return True
