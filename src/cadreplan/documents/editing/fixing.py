"""`validate --fix`: what people write otherwise, in the plain form where it can only mean one thing.

Cells of CSV tables and workbooks that were read so, and values of YAML documents that would be, but must be
written plainly there. All else stays as it is, byte by byte.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cadreplan.documents.editing import fixed_cells as fixed_workbook
from cadreplan.documents.editing.fixed_yaml import fixed_curriculum, fixed_roster, fixed_rows
from cadreplan.documents.editing.tables import with_csv_cells
from cadreplan.documents.files import read_source, split_mark
from cadreplan.documents.findings import Findings, Fix, cell_name
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.curriculum import names_of_curriculum
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.tables.header import CellRow
from cadreplan.documents.tables.reader import decode
from cadreplan.documents.values.names import names_in
from cadreplan.documents.values.plain import Known
from cadreplan.documents.values.words import CHOICES


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file as it becomes: its bytes, how many places change, and the lines that tell them."""

    path: Path
    data: bytes
    n_changes: int
    diff: tuple[str, ...]


def fixed_files(
    documents: Sequence[CurriculumDocument | RosterDocument], findings: Findings, encoding: str | None = None
) -> list[FixedFile]:
    """Every file of some documents that is to be rewritten. Raises `UsageError` if one can't be."""
    found = [*_tables(findings, encoding), *_documents(documents, findings)]
    return sorted({file.path: file for file in found}.values(), key=lambda file: file.path)


def plain_table(data: bytes, place: str, fixes: Iterable[Fix], encoding: str | None = None) -> bytes:
    """The bytes of a CSV table with its cells in the plain form."""
    cells = {(fix.line, fix.column): fix.plain for fix in fixes if fix.file == place}
    return with_csv_cells(data, cells, encoding) if cells else data


def plain_rows(rows: Iterable[CellRow], place: str, fixes: Iterable[Fix]) -> Iterator[CellRow]:
    """The rows of a sheet with their cells in the plain form."""
    cells = {(fix.line, fix.column): fix.plain for fix in fixes if fix.file == place}
    for number, row in rows:
        yield number, [cells.get((number, column), cell) for column, cell in enumerate(row, 1)]


_OFFERED = {
    (text, word): said[0]
    for choices in CHOICES.values()
    for word, said in choices.items()
    for text in said
    if not said[0].isascii() and not text.isascii()
}
"""What is said in Chinese for a plain word → the word that the lists of a season's workbook offer.

It stands in the cell: who chose it from a list wouldn't look for it under another word.
"""


def _tables(findings: Findings, encoding: str | None) -> Iterator[FixedFile]:
    places: dict[str, list[Fix]] = defaultdict(list)
    for fix in dict.fromkeys(findings.fixes):
        file, _ = findings.sheets.get(fix.file, (fix.file, ""))
        is_season = file in findings.headers and findings.headers[file].in_rows
        plain = _OFFERED.get((fix.found, fix.plain), fix.plain) if is_season else fix.plain
        if plain != fix.found:
            places[fix.file].append(replace(fix, plain=plain))
    books: dict[str, dict[str, list[Fix]]] = defaultdict(dict)
    for place, fixes in places.items():
        if place in findings.sheets:
            file, sheet = findings.sheets[place]
            books[file][sheet] = fixes
        else:
            before = read_source(place).data
            after = plain_table(before, place, fixes, encoding)
            texts = [decode(data, place, Findings(), encoding) or "" for data in (before, after)]
            yield FixedFile(Path(place), after, len(fixes), _diff(place, *texts))
    for file, sheets in books.items():
        order = findings.sheet_order.get(file, [])
        yield _workbook(file, dict(sorted(sheets.items(), key=lambda item: order.index(item[0]))))


def _workbook(file: str, sheets: Mapping[str, Sequence[Fix]]) -> FixedFile:
    data = read_source(file).data
    lines: list[str] = []
    for sheet, fixes in sheets.items():
        cells = {(fix.line, fix.column): _value(fix) for fix in fixes}
        data = fixed_workbook.with_cells(data, file, sheet, cells)
        for fix in sorted(fixes):
            place = f"{sheet}!{cell_name(fix.line, fix.column)}"
            lines += [f"-{place}: {_line(fix.found)}\n", f"+{place}: {_line(fix.plain)}\n"]
    return FixedFile(
        Path(file), data, sum(map(len, sheets.values())), (f"--- {file}\n", f"+++ {file}\n", *lines)
    )


def _value(fix: Fix) -> str | int:
    """What stands in a cell of a workbook: a number, which can be summed up there, or a text."""
    is_number = fix.plain.isdecimal() and any(c.isdecimal() for c in fix.found)
    return int(fix.plain) if is_number and str(int(fix.plain)) == fix.plain else fix.plain


def _line(text: str) -> str:
    return text.replace("\n", "\\n").replace("\r", "\\r")


def _documents(
    documents: Sequence[CurriculumDocument | RosterDocument], findings: Findings
) -> Iterator[FixedFile]:
    for document in documents:
        curriculum = document if isinstance(document, CurriculumDocument) else document.curriculum
        names = names_of_curriculum(curriculum) if curriculum else {}
        if curriculum is not None and curriculum.file in findings.texts:
            text = findings.texts[curriculum.file]
            yield from _changed(curriculum.file, text, fixed_curriculum(text, curriculum, Known("", names)))
        if isinstance(document, CurriculumDocument):
            continue
        names["site"], names["branch"] = names_in(document.sites), names_in(document.branches)
        names["session"] = names_in(document.sessions)
        names["session or site"] = names_in(document.sites, document.sessions)
        if document.file in findings.texts:
            text = findings.texts[document.file]
            yield from _changed(document.file, text, fixed_roster(text, document, Known("", names)))
        for name, table in document.tables.items():
            files = {row.file for row in table.rows} - {document.file}
            for file in sorted(files & findings.texts.keys()):
                text = findings.texts[file]
                yield from _changed(file, text, fixed_rows(text, file, ROW_SPECS[name], Known(name, names)))


def _changed(file: str, before: str, after: str) -> Iterator[FixedFile]:
    if before != after:
        diff = _diff(file, before, after)
        n_lines = sum(line.startswith("+") for line in diff) - 1
        mark, _ = split_mark(read_source(file).data.decode("utf-8"))
        yield FixedFile(Path(file), (mark + after).encode(), n_lines, diff)


def _diff(file: str, before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), file, file, n=1
    )
    return tuple(line if line.endswith("\n") else line + "\n" for line in lines)
