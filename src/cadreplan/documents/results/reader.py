"""What came of a rotation, as people write it: who was there, who wasn't, who reached which level.

A table in a CSV, YAML or Excel file: a row for each seat, as exports are with a column added, or people down
and sessions across. A column that means nothing here is passed over. Findings are collected as those of
other documents are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cadreplan.documents.files import Source, UnreadableError, read_source
from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.reading.document import read_tree
from cadreplan.documents.results.columns import Columns, Known, columns_of, is_nearly_marked
from cadreplan.documents.results.words import MEANINGS, OFFERED, TOTALS, result_of, says_nothing
from cadreplan.documents.schema.spec import MAP, TEXT, Spec, by_shape
from cadreplan.documents.schema.types import Count, HeldLevel, Id, Text
from cadreplan.documents.tables.header import CellRow
from cadreplan.documents.tables.reader import csv_rows, decode
from cadreplan.documents.tree import START, Map, Mark, Seq, mark_at, mark_of
from cadreplan.documents.values.validate import read_spec
from cadreplan.documents.workbook.book import SheetNameError, read_sheet
from cadreplan.documents.workbook.package import PackageError
from cadreplan.documents.workbook.sheet import CellError, Sheet
from cadreplan.errors import UsageError
from cadreplan.language import later, listed, tr

_SHEETS = ("results", "结果")
_BEFORE_FORMULAS = frozenset("=+-@＝＋－＠")
"""What an export puts an apostrophe before."""


class ResultSpec(Spec):
    """What came of one seat."""

    leader: Text | None = Field(default=None, description=later("id, or a name that one leader has"))
    name: Text | None = Field(
        default=None, description=later("name, which has to be that of the id where both are given")
    )
    session: Text = Field(description=later("id of the session"))
    result: Text | None = Field(default=None, description=later("attended, absent or passed"))
    levels: (
        Annotated[
            Annotated[HeldLevel, TEXT] | Annotated[dict[Id, HeldLevel], MAP],
            by_shape(later("expected a level or skill:level; skill:level"), TEXT, MAP),
        ]
        | None
    ) = Field(
        default=None,
        description=later("level reached in all that was taught, or skill: level; default: as taught"),
    )
    missed: Count = Field(default=0, description=later("study hours of the session that were missed"))
    note: Text | None = Field(default=None, description=later("for people"))


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What one row says of one seat: `levels` is one level for all that was taught, or skill → level.

    `leader` is an id or a name, `name` what has to be the name of an id, or empty. `sessions` are
    those that may be meant, of which the leader has a seat in one; none where `session` isn't known.
    `across` says that the table has a column for each session.
    """

    file: str
    tree: Map
    leader: str
    name: str
    session: str
    sessions: tuple[str, ...]
    result: str
    levels: int | dict[str, int] | None
    missed: int = 0
    across: bool = False

    def mark(self, *path: str) -> Mark:
        """Where a value of this row is written."""
        return mark_at(self.tree, path)


@dataclass(frozen=True, slots=True)
class Results:
    """The rows that are right; for each table the titles of columns that were passed over."""

    rows: tuple[ResultRow, ...] = ()
    passed: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_results(
    path: Path, findings: Findings, known: Known | None = None, encoding: str | None = None
) -> Results:
    """The rows of tables of results that are right; everything else is a finding.

    `known` is what may be named in them. A sheet of a workbook is named behind a `#`; without a name it is
    the sheet 结果 (results), or the only one, or all that have marks. Raises `UsageError` where the file
    can't be read.
    """
    known = known or Known()
    name, _, sheet = str(path).partition("#") if "#" in path.name else (str(path), "", "")
    try:
        source = read_source(name)
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    suffix = name.lower().rpartition(".")[2]
    if suffix == "csv":
        text = decode(source.data, source.file, findings, encoding)
        if text is None:
            return Results()
        rows = _filled(csv_rows(text, {*MEANINGS, *known.sessions}, source.file, findings))
        columns = columns_of(rows, path.stem, known, source.file, findings)
        return _results([(source.file, rows, columns)], known, findings)
    if suffix == "xlsx":
        return _results(_workbook(source, sheet or None, known, findings), known, findings)
    if suffix in ("yaml", "yml"):
        tree = read_tree(source, findings)
        if isinstance(tree, Map):
            message = tr("found a map, expected the rows of {table}: a list", table="results")
            findings.error(source.file, tree.mark, "wrong-type", message)
        if not isinstance(tree, Seq):
            return Results()
        return Results(tuple(_of_tree(tree, source.file, known, findings)))
    raise UsageError(tr("{file}: expected a .csv, .yaml or .xlsx file of results", file=name))


_Table = tuple[str, list[CellRow], Columns | None]
"""The name that stands for it in findings, its rows that aren't empty, and its columns if it has any."""


def _results(tables: Sequence[_Table], known: Known, findings: Findings) -> Results:
    rows: list[ResultRow] = []
    passed: dict[str, tuple[str, ...]] = {}
    for file, cells, columns in tables:
        if columns is not None:
            rows += _rows(cells, columns, file, known, findings)
            place, sheet = findings.sheets.get(file, (file, ""))
            passed[f"{place}#{sheet}" if sheet else place] = columns.passed
    return Results(tuple(rows), passed)


def _filled(rows: Iterable[CellRow]) -> list[CellRow]:
    return [row for row in rows if any(cell.strip() for cell in row[1])]


def _workbook(source: Source, sheet: str | None, known: Known, findings: Findings) -> list[_Table]:
    try:
        found = [read_sheet(source.data, sheet, _SHEETS)]
    except SheetNameError as error:
        if sheet is not None:
            names = listed(shown(name) for name in error.names[:8])
            message = tr("found no sheet {sheet}, only {names}", sheet=shown(sheet), names=names)
            findings.error(source.file, START, "table-sheet", message)
            return []
        return _marked_sheets(source, error.names, known, findings)
    except PackageError as error:
        findings.error(source.file, START, "table-workbook", str(error), error.hint)
        return []
    except CellError as error:
        findings.error(source.file, mark_of(error.row, error.column), "table-size", str(error))
        return []
    return [_sheet_table(source, one, known, findings) for one in found]


def _marked_sheets(source: Source, names: Sequence[str], known: Known, findings: Findings) -> list[_Table]:
    """The sheets that say who came: in a workbook to be filled in all of them, else those with marks."""
    tables = []
    for name in names:
        try:
            sheet = read_sheet(source.data, name)
        except (PackageError, CellError):
            continue  # a chart, or a sheet that is no table
        trial = Findings()
        table = _sheet_table(source, sheet, known, trial)
        if is_nearly_marked(table[1]) or (table[2] is not None and table[2].has_marks):
            findings.items += trial.items
            findings.sheets |= trial.sheets
            findings.sheet_order |= trial.sheet_order
            tables.append(table)
    if not tables:
        message = tr(
            "found the sheets {names}, none of which has a column that says who came",
            names=listed(shown(name) for name in names[:8]),
        )
        hint = tr(
            "add a column 考勤 (result), or name the sheet behind a #, as in {example}",
            example=f"{Path(source.file).name}#{names[0]}",
        )
        findings.error(source.file, START, "table-sheet", message, hint)
    return tables


def _sheet_table(source: Source, sheet: Sheet, known: Known, findings: Findings) -> _Table:
    place = f"{source.file}#{sheet.name}"
    findings.sheets[place] = (source.file, sheet.name)
    findings.sheet_order[source.file] = list(sheet.of)
    rows = _filled((number, cells) for number, cells in sheet.rows)
    return place, rows, columns_of(rows, sheet.name, known, place, findings)


def _rows(
    rows: Iterable[CellRow], columns: Columns, file: str, known: Known, findings: Findings
) -> Iterator[ResultRow]:
    for number, cells in rows:
        if number <= columns.header:
            continue
        # in a file of texts a cell lies below the line breaks in those before it
        breaks = (0 if file in findings.sheets else cell.count("\n") for cell in cells)
        marks = [mark_of(line, at) for at, line in enumerate(accumulate(breaks, initial=number), 1)]

        def put(
            row: Map, key: str, at: int | None, own: Sequence[str] = cells, of: Sequence[Mark] = marks
        ) -> None:
            text = own[at].strip() if at is not None and at < len(own) else ""
            if text[:1] == "'" and text[1:2] in _BEFORE_FORMULAS:
                text = text[1:]
            if text and at is not None:
                row.add(key, text, of[at], of[at])

        who = Map(mark_of(number, 1))
        put(who, "leader", columns.id)
        put(who, "name", columns.name)
        if any(str(text).strip("：: ").casefold() in TOTALS for text in (*who.values(), cells[0])):
            continue
        seats: list[Map] = []
        for at, header in columns.across or ((columns.result, columns.whole),):
            row = Map(who.mark)
            for key, text in who.items():
                row.add(key, text, who.key_mark(key), who.value_mark(key))
            put(row, "session", columns.session)
            if columns.session is None:
                mark = marks[min(at or 0, len(cells))]
                row.add("session", header, mark, mark)
            put(row, "result", at)
            if not columns.across:
                put(row, "levels", columns.levels)
                put(row, "missed", columns.missed)
            seats.append(row)
        for row in seats:
            if _is_empty(row, columns):
                continue
            if isinstance(text := row.get("levels"), str) and ":" in text:
                row["levels"] = _levels(text, row.value_mark("levels"), file, findings)
            found = _row(row, file, known, findings)
            if found is not None:
                yield ResultRow(*found, across=bool(columns.across))


def _is_empty(row: Map, columns: Columns) -> bool:
    """Whether a row says nothing of a seat: nobody is named, or the place for a mark has none."""
    if "leader" not in row and "name" not in row and "result" not in row:
        return True
    return (
        columns.has_marks
        and not {"levels", "missed"} & row.keys()
        and says_nothing(str(row.get("result") or ""))
    )


def _levels(text: str, mark: Mark, file: str, findings: Findings) -> Map:
    levels = Map(mark)
    for part in filter(None, (part.strip() for part in text.split(";"))):
        skill, _, level = part.partition(":")
        if skill.rstrip() in levels:
            message = tr("found the key {key} again, expected it once", key=shown(skill.rstrip()))
            findings.error(file, mark, "duplicate-key", message)
        else:
            levels.add(skill.rstrip(), level.strip() or None, mark, mark)
    return levels


def _of_tree(rows: Seq, file: str, known: Known, findings: Findings) -> Iterator[ResultRow]:
    for row, mark in zip(rows, rows.marks, strict=True):
        if not isinstance(row, Map):
            message = tr("found {found}, expected a row of {table}: a map", found=shown(row), table="results")
            findings.error(file, mark, "wrong-type", message)
        elif (found := _row(row, file, known, findings)) is not None:
            yield ResultRow(*found)


_Fields = tuple[str, Map, str, str, str, tuple[str, ...], str, "int | dict[str, int] | None", int]


def _row(row: Map, file: str, known: Known, findings: Findings) -> _Fields | None:
    spec = read_spec(ResultSpec, file, row, findings)
    if spec is None:
        return None
    if spec.leader is None and spec.name is None:
        message = tr("found nobody in this row, expected an id or a name")
        findings.error(file, row.mark, "missing-key", message)
        return None
    result = "attended" if spec.result is None else result_of(spec.result)
    if result is None:
        message = tr(
            "found {value}, expected one of {marks}", value=shown(spec.result), marks=listed(OFFERED)
        )
        hint = ""
        if str(spec.result).strip().casefold() == "x":
            hint = tr("an x may mean both: write √ for who came and × for who didn't")
        findings.error(file, row.value_mark("result"), "wrong-value", message, hint)
        return None
    if result == "absent" and spec.levels is not None:
        message = tr("found a level for somebody who was absent, expected none")
        findings.error(file, row.value_mark("levels"), "wrong-value", message)
        return None
    leader, name = (spec.leader, spec.name or "") if spec.leader is not None else (spec.name or "", "")
    sessions = known.sessions_of(spec.session)
    return file, row, leader, name, spec.session, sessions, result, spec.levels, spec.missed
