"""`cadreplan ledger`: what rules ask of people, what of it is done, and who has waited."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption
from cadreplan.cli.outputs import STDOUT, not_read, writable
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import InputError, UsageError
from cadreplan.language import tr, tr_n

if TYPE_CHECKING:
    from cadreplan.documents.parsed.roster import RosterDocument
    from cadreplan.insight.ledger import Ledger, Past, Seats

NAME = "ledger"
EXAMPLES = (
    ("cadreplan ledger roster.yaml", "hours and sessions by norm: who lacks what until when, who waits"),
    ("cadreplan ledger roster.yaml history.csv --plan plan.json", "with what is done and what is planned"),
    ("cadreplan ledger roster.yaml --format xlsx -o ledger.xlsx", "for people, as a workbook"),
    ("cadreplan ledger roster.yaml --strict --norm yearly", "exit code 1 where somebody misses this norm"),
)


class Format(StrEnum):
    """How the ledger is written."""

    TEXT = "text"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def command(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", help="The roster as it is now.")],
    history: Annotated[
        Path | None, typer.Argument(metavar="[HISTORY]", help="The history, as `record` writes it.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN", help="A plan of this roster: what it adds.")
    ] = None,
    leader: Annotated[
        list[str] | None,
        typer.Option("--leader", metavar="ID", help="Only this leader; may be given several times."),
    ] = None,
    branch: Annotated[
        list[str] | None,
        typer.Option("--branch", metavar="ID", help="Only this branch and those below it."),
    ] = None,
    norm: Annotated[
        list[str] | None,
        typer.Option("--norm", metavar="ID", help="Only this norm; may be given several times."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            help="Deadlines before this day are overdue; by default the horizon's first.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit code 1 where somebody misses a norm.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="How the ledger is written.")] = Format.TEXT,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")
    ] = STDOUT,
    limit: LimitOption = 20,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show by leader, branch and norm what is done, planned and missing, who is overdue, and who waits.

    A norm is missed where its window is of calendar years, or its deadline lies in the horizon or before it.
    """
    from cadreplan.cli.inputs import all_known
    from cadreplan.documents.files import resolve
    from cadreplan.insight.ledger import ledger, only
    from cadreplan.loading.load import read_roster_file

    if output != STDOUT:
        writable(output)
    elif format_ is Format.XLSX:
        raise UsageError(tr("a workbook is no text: name a file with -o"))
    if format_ is Format.TEXT and output != STDOUT:
        raise UsageError(tr("-o goes with --format csv, xlsx or json"))
    day = _day(on)
    document = read_roster_file(roster, encoding=encoding)
    if output != STDOUT:
        tables = (Path(resolve(document.file, name)) for name in document.files)
        not_read(output, [roster, *tables, *filter(None, (history, plan))])
    branches = _below(document, branch or ())
    assert document.curriculum is not None
    all_known("--leader", leader or (), document.leaders.by_id, roster)
    all_known("--norm", norm or (), document.curriculum.norms.by_id, roster)
    if not document.curriculum.norms.rows:
        note(tr("the curriculum of {roster} has no norms", roster=roster))
    found = ledger(document, _past(history), _seats(document, plan), day)
    if found.differing:
        note(
            tr_n(
                "the roster credits less than {history} knows in {n:,} case",
                "the roster credits less than {history} knows in {n:,} cases",
                found.differing,
                history=history,
            )
        )
    found = only(found, leader or (), branches, norm or ())
    _written(found, document, format_, output, limit)
    if strict and found.is_missed:
        raise typer.Exit(1)


def _written(found: Ledger, document: RosterDocument, format_: Format, output: Path, limit: int) -> None:
    from cadreplan.documents.writing import write_all
    from cadreplan.views.ledger import as_csv, as_json, called, units

    names, unit = called(document), units(document)
    if format_ is Format.TEXT:
        from cadreplan.views.screen.ledger import ledger_screen

        console = out()
        show(console, ledger_screen(found, names, unit, console.width, limit))
        return
    if format_ is Format.JSON:
        data = as_json(found).encode()
    elif format_ is Format.CSV:
        data = as_csv(found, names, unit)
    else:
        from cadreplan.views.export.ledger_book import as_workbook

        assert document.horizon is not None
        title = document.title or tr("Norms")
        data = as_workbook(found, names, unit, title, document.horizon.start)
    if output == STDOUT:
        emit(data.decode("utf-8-sig"))
    else:
        write_all({output: data})


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(tr("--on: found {value}, expected a date as YYYY-MM-DD", value=repr(text))) from None


def _below(document: RosterDocument, branches: list[str] | tuple[str, ...]) -> set[str]:
    """The branches named and all below them; a `UsageError` for one that isn't there."""
    from cadreplan.cli.inputs import all_known

    all_known("--branch", branches, document.branches.by_id, document.file)
    return {id_ for id_ in document.branches.by_id if not set(branches).isdisjoint(document.lineage(id_))}


def _past(history: Path | None) -> Past | None:
    """What a ledger needs of a history; raises `InputError` where a line can't be read."""
    from cadreplan.documents.findings import Findings
    from cadreplan.documents.reading.history import each_fact
    from cadreplan.documents.yaml.reader import gc_paused
    from cadreplan.insight.ledger import KINDS, Past

    if history is None:
        return None
    findings = Findings()
    with gc_paused():
        past = Past.of(each_fact(history, findings, KINDS))
    if findings.has_errors:
        raise InputError(findings.sorted())
    return past


def _seats(document: RosterDocument, plan: Path | None) -> Seats | None:
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.insight.ledger import Seats
    from cadreplan.loading.build import build_instance

    return None if plan is None else Seats.of(build_instance(document), read_plan(plan))
