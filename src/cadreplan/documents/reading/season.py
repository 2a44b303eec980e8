"""A whole season in one workbook, read as the roster that it is.

Its sheets are the tables of a roster and of a curriculum, called as in English or Chinese, and one with what
is no table (`season_head`). The same trees come of it as of YAML, so that nothing behind them changes; the
roster's tables are read as those of any roster that names sheets of a workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from cadreplan.documents.files import STANDARD_INPUT, Source
from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.reading.season_head import Head, read_head, rows_of
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.cohorts import LIST_SPECS
from cadreplan.documents.schema.curriculum import FLAT_SPECS, CurriculumSpec, StandardsSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.tables.header import header_of
from cadreplan.documents.tables.xlsx import open_book, read_xlsx
from cadreplan.documents.tree import START, Map, Seq, Tree
from cadreplan.documents.values.labels import CURRICULUM_SHEETS, GUIDE_SHEETS, HEAD_SHEET, LIST_SHEETS, SHEETS
from cadreplan.documents.values.names import Names, folded, name_of, names_in
from cadreplan.documents.values.plain import Known
from cadreplan.documents.values.validate import read_fields, read_rows
from cadreplan.documents.workbook.book import Workbook
from cadreplan.documents.workbook.package import PackageError
from cadreplan.documents.workbook.sheet import CellError
from cadreplan.language import listed, tr

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""Endings of files that spreadsheet programs write; of those that aren't read the reason is told."""
_ZIP = b"PK\x03\x04"
_TABLES = SHEETS | LIST_SHEETS | CURRICULUM_SHEETS
_SPECS: Mapping[str, type[Spec]] = ROW_SPECS | LIST_SPECS | FLAT_SPECS
_TELLING = 2
"""Columns that a table must have for them to tell it from others: an id alone doesn't."""
_SORTS = {
    "abilities": "ability",
    "skills": "skill",
    "modules": "module",
    "roles": "role",
    "norms": "norm",
}
"""What the ids of each table of a curriculum are ids of."""


def is_workbook(source: Source) -> bool:
    """Whether a file is to be read as a workbook."""
    return source.file != STANDARD_INPUT and source.file.lower().endswith(_WORKBOOKS)


def is_season(data: bytes) -> bool:
    """Whether a workbook has the sheet that makes it a season."""
    try:
        return _head_sheet(Workbook(data)) is not None
    except PackageError:
        return False


def settings_in(data: bytes) -> tuple[str, dict[str, int]]:
    """The sheet of settings of a workbook that is a season, and the row of each setting in it."""
    book = Workbook(data)
    sheet = _head_sheet(book)
    assert sheet is not None
    return sheet, rows_of(book.sheet(sheet))


def season_tree(source: Source, findings: Findings) -> Map | None:
    """A roster, or a curriculum alone, as the tree that YAML gives; None, with a finding, for neither.

    Its tables are named as sheets of the workbook itself.
    """
    found = _opened(source, findings)
    if found is None:
        return None
    book, head = found
    sheets = _sheets(book, source.file, findings)
    has_curriculum = any(name in sheets for name in CURRICULUM_SHEETS)
    if has_curriculum and not any(name in sheets for name in SHEETS) and "horizon" not in head.roster:
        return _said("curriculum", head.curriculum)
    tree = _said("roster", head.roster)
    name = PurePath(source.file).name
    if has_curriculum and "curriculum" in tree:
        mark = tree.value_mark("curriculum")
        message = tr(
            "found the curriculum {path}, and sheets of a curriculum, expected one of the two",
            path=shown(tree["curriculum"]),
        )
        findings.error(source.file, mark, "table-sheet", message, tr("leave out the one that isn't meant"))
    elif has_curriculum:
        tree.add("curriculum", name, START, START)
    elif "curriculum" not in tree:
        message = tr(
            "found neither sheets of a curriculum, {sheets}, nor a row that names its file", sheets=_called()
        )
        findings.error(source.file, START, "table-sheet", message)
    for table in (*SHEETS, *LIST_SHEETS):
        if table in sheets:
            tree.add(table, f"{name}#{sheets[table]}", START, START)
    return tree


def read_curriculum_sheets(source: Source, findings: Findings) -> CurriculumDocument | None:
    """The curriculum in the sheets of a workbook; None, with a finding, where that can't be read."""
    found = _opened(source, findings)
    if found is None:
        return None
    book, head = found
    sheets = _sheets(book, source.file, findings)
    names: dict[str, Names] = {}
    tables: dict[str, Table[Any]] = {}
    for name in CURRICULUM_SHEETS:
        tables[name] = _table(source, name, sheets, head.curriculum, names, findings)
        names[_SORTS[name]] = names_in(tables[name])
    values = read_fields(CurriculumSpec, ["title", "standards"], source.file, head.curriculum, findings)
    return CurriculumDocument(
        file=source.file,
        tree=_said("curriculum", head.curriculum),
        title=values.get("title"),
        standards=values.get("standards") or StandardsSpec(),
        **tables,
    )


def _table(
    source: Source,
    name: str,
    sheets: Mapping[str, str],
    tree: Map,
    names: Mapping[str, Names],
    findings: Findings,
) -> Table[Any]:
    """A table of the curriculum; a module may require another by its name, too."""
    if name not in sheets:
        values = read_fields(CurriculumSpec, [name], source.file, tree, findings)
        return Table(name, whole=name in values)
    spec, at = FLAT_SPECS[name], (source.file, START)
    first = Findings()
    first.books = findings.books
    own = read_xlsx(source, sheets[name], name, spec, at, first, Known(name, names))
    known = Known(name, {**names, _SORTS[name]: _names(own[1] if own else Seq(START))})
    found = read_xlsx(source, sheets[name], name, spec, at, findings, known)
    return Table(name, whole=False) if found is None else read_rows(spec, name, *found, findings)


def _names(rows: Seq) -> Names:
    """The ids and names of rows that may be wrong otherwise."""
    maps = [row for row in rows if isinstance(row, Map)]
    return Names((id_, name_of(row)) for row in maps if isinstance(id_ := row.get("id"), str))


def _opened(source: Source, findings: Findings) -> tuple[Workbook, Head] | None:
    """The workbook and its settings; None, with a finding, where it can't be read or isn't a season."""
    try:
        book = open_book(source, findings)
        sheet = _head_sheet(book)
        if sheet is None:
            message = tr(
                "found a workbook without a sheet {english} or {chinese}: it is no roster",
                english=HEAD_SHEET[0],
                chinese=HEAD_SHEET[1],
            )
            hint = tr(
                "`cadreplan init --xlsx` writes one; a single table is read through a roster that names it"
            )
            findings.error(source.file, START, "table-sheet", message, hint)
            return None
        read = book.sheet(sheet)
    except PackageError as error:
        findings.error(source.file, START, "table-workbook", str(error), error.hint)
        return None
    except CellError as error:
        findings.error(source.file, START, "table-size", str(error))
        return None
    findings.sheets[source.file] = (source.file, sheet)
    findings.sheet_order[source.file] = list(book.names)
    return book, read_head(read, source.file, findings)


def _head_sheet(book: Workbook) -> str | None:
    return next((name for name in book.names if folded(name) in HEAD_SHEET), None)


def _sheets(book: Workbook, file: str, findings: Findings) -> dict[str, str]:
    """The sheet of every table, by the table's name; what isn't a table of ours is warned of."""
    known = {folded(label): name for name, label in _TABLES.items()} | {name: name for name in _TABLES}
    found: dict[str, str] = {}
    others: list[str] = []
    for sheet in book.names:
        table = known.get(folded(sheet))
        if table is None:
            others.append(sheet)
        elif table in found:
            message = tr(
                "found two sheets for one table, {first} and {second}",
                first=shown(found[table]),
                second=shown(sheet),
            )
            findings.error(file, START, "table-sheet", message, tr("rename or delete one of them"))
        else:
            found[table] = sheet
    _judge(book, others, [name for name in known if known[name] not in found], file, findings)
    return found


def _judge(book: Workbook, others: list[str], left: list[str], file: str, findings: Findings) -> None:
    """A sheet whose name is close to that of a table is an error, other ones of data are warned of."""
    nearest, passed = Nearest(left), []
    ours = {name for pair in (*GUIDE_SHEETS, HEAD_SHEET) for name in pair}
    for sheet in others:
        if folded(sheet) in ours or sheet in book.hidden:
            continue
        hint = nearest.hint(folded(sheet)) or _by_columns(book, sheet, left)
        if hint:
            message = tr("found the sheet {sheet}, which is called like no table", sheet=shown(sheet))
            findings.error(file, START, "table-sheet", message, hint)
        else:
            passed.append(sheet)
    if passed:
        message = tr("found sheets that are passed over: {sheets}", sheets=listed(map(shown, passed)))
        findings.warning(file, START, "extra-column", message)


def _by_columns(book: Workbook, sheet: str, left: list[str]) -> str:
    """What to call a sheet that has the columns which a table without a sheet must have; else nothing."""
    try:
        rows = book.sheet(sheet).rows
    except (CellError, PackageError):
        return ""
    for table, label in _TABLES.items():
        spec = _SPECS[table]
        needed = {key for key, name in spec.keys.items() if spec.model_fields[name].is_required()}
        found = header_of(rows, spec) if table in left and len(needed) >= _TELLING else None
        if found is not None and needed <= {column.field for column in found[1]}:
            return tr("did you mean {name}?", name=shown(label))
    return ""


def _said(kind: str, tree: Map) -> Map:
    """The tree of a document with what YAML would say of itself."""
    whole = Map(START)
    head: dict[str, Tree] = {"cadreplan": "1", "kind": kind}
    for key, value in head.items():
        whole.add(key, value, START, START)
    for key, value in tree.items():
        whole.add(key, value, tree.key_mark(key), tree.value_mark(key))
    return whole


def _called() -> str:
    return listed(f"{label} {name}" for name, label in CURRICULUM_SHEETS.items())
