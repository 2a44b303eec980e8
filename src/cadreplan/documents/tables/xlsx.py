"""A table in a workbook to the tree of its rows; what is wrong with the workbook becomes findings."""

from __future__ import annotations

from cadreplan.documents.files import Source
from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tables.reader import rows_to_tree
from cadreplan.documents.tree import START, Mark, Seq, mark_of
from cadreplan.documents.values.labels import CURRICULUM_SHEETS, LIST_SHEETS, SHEETS
from cadreplan.documents.values.plain import Known
from cadreplan.documents.workbook.book import SheetNameError, Workbook
from cadreplan.documents.workbook.package import PackageError
from cadreplan.documents.workbook.sheet import CellError, Sheet
from cadreplan.language import listed, tr


def open_book(source: Source, findings: Findings) -> Workbook:
    """A workbook, opened once in a reading; raises `PackageError`."""
    if source.file not in findings.books:
        findings.books[source.file] = Workbook(source.data)
    return findings.books[source.file]


def read_xlsx(
    source: Source,
    sheet: str | None,
    table: str,
    spec: type[Spec],
    named_at: tuple[str, Mark],
    findings: Findings,
    known: Known | None = None,
) -> tuple[str, Seq] | None:
    """The name that stands for the sheet in findings, and its rows; None, with a finding, if unreadable.

    `named_at` is where the roster names the workbook: a sheet that isn't there is a finding there.
    """
    likely = (table, (SHEETS | LIST_SHEETS | CURRICULUM_SHEETS)[table])
    try:
        found = open_book(source, findings).sheet(sheet, likely)
    except PackageError as error:
        findings.error(source.file, START, "table-workbook", str(error), error.hint)
    except SheetNameError as error:
        _report_name(error.names, sheet, source.file, table, named_at, findings)
    except CellError as error:
        place = f"{source.file}#{sheet or table}"
        findings.sheets[place] = (source.file, sheet or likely[1])
        hint = tr("delete the rows and columns outside the table, and save it again")
        findings.error(place, mark_of(error.row, error.column), "table-size", str(error), hint)
    else:
        place = f"{source.file}#{found.name}"
        findings.sheets[place] = (source.file, found.name)
        findings.sheet_order[source.file] = list(found.of)
        rows = rows_to_tree(found.rows, spec, place, findings, known, _asides(found))
        _report_wide(found, rows, place, findings)
        _report_hidden(found, rows, place, findings)
        return place, rows
    return None


def _report_name(
    names: list[str], sheet: str | None, file: str, table: str, named_at: tuple[str, Mark], findings: Findings
) -> None:
    some = listed([*(shown(name) for name in names[:8]), *(["..."] if len(names) > 8 else [])])
    if sheet is None:
        message = tr(
            "{table}: found {n} sheets in {file} and none named, expected one of {sheets}",
            table=table,
            n=len(names),
            file=file,
            sheets=some,
        )
        example = f"{file.rpartition('/')[2]}#{names[0]}"
        hint = tr("write the sheet behind a #, as in {example}", example=example)
    else:
        message = tr(
            "{table}: found no sheet {sheet} in {file}, expected one of {sheets}",
            table=table,
            sheet=shown(sheet),
            file=file,
            sheets=some,
        )
        hint = Nearest(names).hint(sheet)
    findings.error(*named_at, "table-sheet", message, hint)


def _report_wide(sheet: Sheet, rows: Seq, place: str, findings: Findings) -> None:
    """Merged cells across columns say nothing clear below the header; above it they are a title."""
    first = min((mark >> 32 for mark in rows.marks), default=0)
    for row, column in sheet.wide:
        if first and row >= first and (place, row) not in findings.passed_over:
            message = tr("found cells merged across columns, expected one value a column")
            findings.error(place, mark_of(row, column), "table-merged", message, tr("unmerge them"))


def _asides(sheet: Sheet) -> dict[int, str]:
    """Rows that are none of a table: its declared totals, and those with one text across all columns."""
    merged = {row for row, _ in sheet.wide}
    alone = (n for n, cells in sheet.rows if n in merged and sum(bool(cell.strip()) for cell in cells) == 1)
    return dict.fromkeys(alone, "note") | dict.fromkeys(sheet.sums, "total")


def _report_hidden(sheet: Sheet, rows: Seq, place: str, findings: Findings) -> None:
    """Whoever looks at the sheet doesn't see these rows and columns, but they count."""
    lines = [mark >> 32 for mark in rows.marks]
    hidden = [line for line in lines if line in sheet.hidden_rows]
    hint = tr("show them and take out what isn't meant, or name another file")
    if hidden:
        values = {"n": len(hidden), "all": len(lines)}
        if sheet.is_filtered:
            message = tr("found {n} of {all} rows hidden by a filter, and read them all the same", **values)
        else:
            message = tr("found {n} of {all} rows hidden, and read them all the same", **values)
        findings.warning(place, mark_of(hidden[0], 1), "hidden-rows", message, hint)
    header = findings.headers.get(place)
    columns = [at for at, _ in header.columns.values() if at in sheet.hidden_columns] if header else []
    if header and columns:
        names = listed(name for at, name in header.columns.values() if at in columns)
        message = tr("found columns hidden, and read them all the same: {columns}", columns=names)
        findings.warning(place, mark_of(header.line, min(columns)), "hidden-rows", message, hint)
