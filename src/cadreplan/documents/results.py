"""What came of a rotation, as people write it: who was there, who wasn't, who reached which level.

A table with the columns leader, session, result and levels, or their Chinese titles, in a CSV, YAML or Excel
file. Findings are collected as those of other documents are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from cadreplan.documents.files import Source, UnreadableError, read_source
from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.header import CellRow
from cadreplan.documents.package import PackageError
from cadreplan.documents.read import read_tree
from cadreplan.documents.sheet import CellError
from cadreplan.documents.spec import MAP, TEXT, Spec, by_shape
from cadreplan.documents.tables import csv_rows, decode, rows_to_tree
from cadreplan.documents.tree import START, Map, Mark, Seq, mark_at, mark_of
from cadreplan.documents.types import Choice, HeldLevel, Id, SessionId, Text
from cadreplan.documents.validate import read_spec
from cadreplan.documents.workbook import SheetNameError, read_sheet
from cadreplan.errors import UsageError
from cadreplan.language import later, listed, tr

TITLES = {
    "人员": "leader",
    "学员": "leader",
    "编号": "leader",
    "工号": "leader",
    "姓名": "leader",
    "班次": "session",
    "场次": "session",
    "结果": "result",
    "考勤": "result",
    "等级": "levels",
    "达到等级": "levels",
    "备注": "note",
}
"""Chinese titles of the columns."""

RESULTS = {
    "attended": "attended",
    "absent": "absent",
    "passed": "passed",
    "参加": "attended",
    "出席": "attended",
    "缺席": "absent",
    "缺勤": "absent",
    "通过": "passed",
    "合格": "passed",
}
"""The words that are read, and what they say."""

_HEADER_WITHIN = 20
_SHEETS = ("results", "结果")


class _ColumnsSpec(Spec):
    """The columns whose cells are texts."""

    leader: Text = Field(description=later("id, or a name that one leader has"))
    session: SessionId = Field(description=later("id of the session"))
    result: Annotated[
        Literal["attended", "absent", "passed", "参加", "出席", "缺席", "缺勤", "通过", "合格"], Choice()
    ] = Field(default="attended", description=later("attended, absent or passed"))
    note: Text | None = Field(default=None, description=later("for people"))


class ResultSpec(_ColumnsSpec):
    """What came of one seat."""

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


class _FlatSpec(_ColumnsSpec):
    """The same columns, with the levels as they stand in their cells."""

    levels: Text | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row: `levels` is one level for all that was taught, or skill → level; None where none is given."""

    file: str
    tree: Map
    leader: str
    session: str
    result: str
    levels: int | dict[str, int] | None

    def mark(self, *path: str) -> Mark:
        """Where a value of this row is written."""
        return mark_at(self.tree, path)


def read_results(path: Path, findings: Findings, encoding: str | None = None) -> tuple[ResultRow, ...]:
    """The rows of a table of results that are right; everything else is a finding.

    A sheet of a workbook is named behind a `#`. Raises `UsageError` where the file can't be read.
    """
    name, _, sheet = str(path).partition("#") if "#" in path.name else (str(path), "", "")
    try:
        source = read_source(name)
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    suffix = name.lower().rpartition(".")[2]
    where, rows = source.file, None
    if suffix == "csv":
        text = decode(source.data, source.file, findings, encoding)
        if text is not None:
            known = {*ResultSpec.keys, *TITLES}
            table = _titled(csv_rows(text, known, source.file, findings))
            rows = _tree(table, source.file, findings)
    elif suffix == "xlsx":
        where, rows = _workbook(source, sheet or None, findings)
    elif suffix in ("yaml", "yml"):
        tree = read_tree(source, findings)
        if isinstance(tree, Map):
            message = tr("found a map, expected the rows of {table}: a list", table="results")
            findings.error(source.file, tree.mark, "wrong-type", message)
        rows = tree if isinstance(tree, Seq) else None
    else:
        raise UsageError(tr("{file}: expected a .csv, .yaml or .xlsx file of results", file=name))
    return tuple(_rows(rows, where, findings)) if rows is not None else ()


def _titled(rows: Iterable[CellRow]) -> Iterator[CellRow]:
    """The rows with Chinese titles of columns replaced by the names of fields."""
    is_header = True
    for number, cells in rows:
        texts = [cell.strip() for cell in cells]
        known = [text in TITLES or text.lower() in ResultSpec.keys for text in texts]
        if is_header and sum(known) >= 2 and number <= _HEADER_WITHIN:
            is_header = False
            yield number, [TITLES.get(text, text) for text in texts]
        else:
            yield number, cells


def _tree(rows: Iterable[CellRow], file: str, findings: Findings) -> Seq:
    """A cell of levels is a map only if it has a colon."""
    tree = rows_to_tree(rows, _FlatSpec, file, findings)
    for row in tree:
        if isinstance(row, Map) and isinstance(text := row.get("levels"), str) and ":" in text:
            row["levels"] = _levels(text, row.value_mark("levels"), file, findings)
    return tree


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


def _workbook(source: Source, sheet: str | None, findings: Findings) -> tuple[str, Seq | None]:
    try:
        found = read_sheet(source.data, sheet, _SHEETS)
    except PackageError as error:
        findings.error(source.file, START, "table-workbook", str(error), error.hint)
    except SheetNameError as error:
        names = listed(shown(name) for name in error.names[:8])
        message = tr("found the sheets {names}, expected one named results", names=names)
        hint = tr("write the sheet behind a #, as in {example}", example=f"results.xlsx#{error.names[0]}")
        findings.error(source.file, START, "table-sheet", message, hint)
    except CellError as error:
        findings.error(source.file, mark_of(error.row, error.column), "table-size", str(error))
    else:
        place = f"{source.file}#{found.name}"
        findings.sheets[place] = (source.file, found.name)
        return place, _tree(_titled(found.rows), place, findings)
    return source.file, None


def _rows(rows: Seq, file: str, findings: Findings) -> Iterator[ResultRow]:
    for row, mark in zip(rows, rows.marks, strict=True):
        if not isinstance(row, Map):
            message = tr("found {found}, expected a row of {table}: a map", found=shown(row), table="results")
            findings.error(file, mark, "wrong-type", message)
            continue
        spec = read_spec(ResultSpec, file, row, findings)
        if spec is not None:
            result = RESULTS[spec.result]
            if result == "absent" and spec.levels is not None:
                message = tr("found a level for somebody who was absent, expected none")
                findings.error(file, row.value_mark("levels"), "wrong-value", message)
                continue
            yield ResultRow(file, row, spec.leader, spec.session, result, spec.levels)
