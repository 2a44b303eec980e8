"""Recording a rotation: from a plan, its roster and tables of results to the files of the next roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cadreplan.documents.editing.next_roster import next_files
from cadreplan.documents.editing.next_season import Season
from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.history import Fact, appended, read_history
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import Results, read_results
from cadreplan.documents.yaml.reader import gc_paused
from cadreplan.errors import InputError, UsageError
from cadreplan.insight.facts import before, facts_of, is_new
from cadreplan.insight.record import Record, RecordRules, record
from cadreplan.language import later, listed, tr
from cadreplan.loading.load import LoadedRoster, read_roster_file
from cadreplan.plan import Plan


@dataclass(frozen=True, slots=True)
class Order:
    """What to record where: the next roster at `output`, this rotation's facts behind those of `history`.

    `rotation` is its name there, by default the roster's title. With a `season` the next roster is prepared
    for that. `encoding` overrules the detected one of CSV tables.
    """

    output: Path
    rules: RecordRules
    history: Path | None = None
    rotation: str | None = None
    season: Season | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What a rotation came to, and what is to be written. `named` are those files by what they are, `notes`
    what people should be told besides.
    """

    found: Record
    files: Mapping[Path, bytes]
    named: Mapping[str, str]
    notes: tuple[str, ...]


def recording(
    loaded: LoadedRoster, plan: Plan, results: Sequence[Path], known: Sequence[Fact], order: Order
) -> Recording:
    """Record a plan by the results of its rotation; nothing is written. `known` are the facts of the history.

    Raises `InputError` with all findings where results or history can't be, `UsageError` where the history
    has this plan, or another of this name, already, or a table can't be changed in place.
    """
    written = read_roster_file(loaded.path, encoding=order.encoding)
    findings, given = Findings(), Known.of(loaded.instance, plan)
    read = [read_results(path, findings, given, order.encoding) for path in results]
    rows = [row for one in read for row in one.rows]
    name = order.rotation or loaded.instance.title or loaded.path.stem
    found = record(loaded.instance, plan, written, rows, order.rules, before(known, name), findings)
    if findings.has_errors:
        raise InputError(findings.sorted())
    notes = list(_notes(read, found))
    files = next_files(written, found.changes, order.output, order.encoding, order.season)
    named = {later("next roster"): str(order.output)}
    named |= {later("its tables"): str(path) for path in files if path != order.output}
    if order.history is not None:
        facts = facts_of(loaded.instance, plan, found, name)
        if is_new(order.history, known, facts):
            old = order.history.read_bytes() if order.history.exists() else b""
            files[order.history] = appended(old, facts)
            named[later("history")] = str(order.history)
        else:
            notes.append(tr("{file} has these facts already: it stays as it is", file=order.history))
    return Recording(found, files, named, tuple(notes))


def _notes(read: Sequence[Results], found: Record) -> Iterator[str]:
    passed = dict.fromkeys(name for one in read for table in one.passed.values() for name in table)
    if passed:
        yield tr("columns not read: {columns}", columns=listed(passed))
    if found.unclear:
        yield tr(
            "credited for {norms}: what was done before the window of the next season may still be counted:"
            " with --history it is known",
            norms=listed(found.unclear),
        )


def read_known(history: Path | None) -> list[Fact]:
    """The facts that a history has; raises `InputError` where a line can't be read."""
    if history is None or not history.exists() or not history.stat().st_size:
        return []
    findings = Findings()
    with gc_paused():
        facts = read_history(history, findings)
    if findings.has_errors:
        raise InputError(findings.sorted())
    return facts


def is_in_place(output: Path, loaded: LoadedRoster, has_changed: bool, force: bool) -> bool:
    """Whether the roster itself is changed; a `UsageError` where it may not be."""
    if not (output.exists() and output.samefile(loaded.path)):
        return False
    if not force:
        raise UsageError(
            tr("{output} is the roster itself: name another file with -o, or --force", output=output)
        )
    if has_changed:
        raise UsageError(
            tr(
                "{output} has changed since the plan was made: record into another file with -o",
                output=output,
            )
        )
    return True
