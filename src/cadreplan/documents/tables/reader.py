"""Flat tables to the same tree that YAML gives: a list of maps, with row and column as the position.

Each cell is read by the shape of its field: a text, a list `a; b; c`, or a map `key:value; key:value`. Other
formats only have to yield rows of cell texts (`CellRow`) for `rows_to_tree`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Protocol, get_args, get_origin

from cadreplan.documents.findings import Findings, Fix, shown
from cadreplan.documents.schema.curriculum import Requirement
from cadreplan.documents.schema.spec import Spec, inside
from cadreplan.documents.schema.tables import GapSpec
from cadreplan.documents.tables import footers
from cadreplan.documents.tables.cells import cell_of
from cadreplan.documents.tables.header import (
    HEADER_WITHIN,
    TAGS,
    CellRow,
    Column,
    header_of,
    is_header,
    is_missing,
    judged,
)
from cadreplan.documents.tables.matrix import Matrix
from cadreplan.documents.tables.odd_cells import OddCells
from cadreplan.documents.tree import START, Map, Mark, Seq, Tree, mark_of
from cadreplan.documents.values.hints import says_nothing
from cadreplan.documents.values.labels import ALIASES, LABELS
from cadreplan.documents.values.plain import Known, Reader, plain_cell, visible
from cadreplan.documents.workbook.sheet import MAX_ROWS, ErrorText, Formula
from cadreplan.errors import UsageError
from cadreplan.language import Language, current, listed, tr

_DELIMITERS = ",;\t"
_WORD = re.compile(r"\w+")
_TOP_BYTES = 64 * 1024
_LOOKED_AT = 1000
"""Bytes at the start of a file that tell whether it is UTF-16 without a byte-order mark."""


def decode(data: bytes, file: str, findings: Findings, encoding: str | None = None) -> str | None:
    """The text of a table file: by byte-order mark, UTF-16, UTF-8, GB18030; or in `encoding`, if given."""
    candidates = _candidates(data, encoding)
    for candidate in candidates:
        try:
            text = data.decode(candidate).removeprefix("\ufeff")
        except UnicodeError:
            continue
        if "\0" in text:
            at = text.index("\0")
            mark = mark_of(text.count("\n", 0, at) + 1, 1)
            message = tr("found a NUL, which no text has: this is something else, or cut off")
            findings.error(file, mark, "encoding", message, tr("save the file as UTF-8"))
            return None
        return text
    if len(candidates) == 1:
        message = tr("found bytes that are not {encoding}", encoding=candidates[0].upper())
    else:
        message = tr("found bytes that are not UTF-8 nor GB18030")
    findings.error(file, START, "encoding", message, tr("save the file as UTF-8"))
    return None


def _candidates(data: bytes, encoding: str | None) -> list[str]:
    """The encodings that are tried; a byte-order mark, if any, is the first character of the text."""
    if encoding is not None:
        try:
            codecs.lookup(encoding)
            with suppress(UnicodeError):
                b"a".decode(encoding)  # raises for what isn't for text, as zlib
        except (LookupError, ValueError):
            raise UsageError(tr("unknown encoding {name}", name=shown(encoding))) from None
        return [encoding]
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return [name]
    if b"\0" in (top := data[:_LOOKED_AT]):
        # No other text has these: in UTF-16 they are the upper halves of ASCII characters.
        return ["utf-16-le" if top[1::2].count(0) > top[::2].count(0) else "utf-16-be"]
    return ["utf-8", "gb18030"]


def encoding_of(data: bytes, encoding: str | None = None) -> str:
    """The encoding in which `decode` reads a file; it is wrong to ask for a file that it can't read."""
    for candidate in _candidates(data, encoding):
        try:
            data.decode(candidate)
        except UnicodeError:
            continue
        return candidate
    raise AssertionError(data[:8])


def delimiter_of(text: str, known: Collection[str]) -> str:
    """The delimiter of a CSV text: with which most cells of one of the first lines are `known` headers."""
    top = text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN]
    return max(
        _DELIMITERS,
        key=lambda d: max(sum(cell.strip(' \r"*') in known for cell in line.split(d)) for line in top),
    )


def has_field(data: bytes, spec: type[Spec]) -> bool:
    """Whether the top of a table has the name of one of its fields as a word, in any encoding."""
    top = data[:_TOP_BYTES]
    words = {word.lower() for word in (*spec.keys, *LABELS, *ALIASES)}
    texts = (top.decode(name, "ignore").lower() for name in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"))
    return not top.strip() or any(not words.isdisjoint(_WORD.findall(text)) for text in texts)


def csv_rows(text: str, known: Collection[str], file: str, findings: Findings) -> Iterator[CellRow]:
    """The rows of a CSV text whose header has some of the `known` texts; ends, with a finding, if it must."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text, known), strict=True)
    return _numbered(reader, file, findings)


def read_csv(text: str, spec: type[Spec], file: str, findings: Findings, known: Known | None = None) -> Seq:
    """The rows of a CSV table whose header names the fields of `spec`."""
    rows = csv_rows(text, {*spec.keys, *LABELS, *ALIASES}, file, findings)
    return rows_to_tree(rows, spec, file, findings, known, in_lines=True)


class _Reader(Iterator[list[str]], Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int: ...


def _numbered(reader: _Reader, file: str, findings: Findings) -> Iterator[CellRow]:
    """Rows with the line on which each begins: a quoted cell may go on over several."""
    n_rows = 0
    while True:
        number, n_rows = reader.line_num + 1, n_rows + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            findings.error(
                file,
                mark_of(number, 1),
                "table-syntax",
                tr("this row can't be read as CSV: {why}", why=tr(str(error))),
                tr('a cell with a comma, a quote or a line break is written "like ""this"""'),
            )
            return
        if n_rows > MAX_ROWS:
            message = tr("found more than {n:,} rows, the most a table has", n=MAX_ROWS)
            findings.error(file, mark_of(number, 1), "table-size", message, tr("cut it into several rosters"))
            return
        yield number, cells


def rows_to_tree(
    rows: Iterable[CellRow],
    spec: type[Spec],
    file: str,
    findings: Findings,
    known: Known | None = None,
    asides: Mapping[int, str] | None = None,
    *,
    in_lines: bool = False,
) -> Seq:
    """A list of maps from rows of cells below a header; rows of empty cells are passed over.

    What is `known` turns cells into their plain form; `asides` are rows that the file tells to be none of the
    table's, a `total` or a `note`. With `in_lines` rows are numbered by the line they begin on, and a cell
    lies below the line breaks in the cells before it.
    """
    known, asides = known or Known(), asides or {}
    header = header_of(rows, spec, known.names.get("skill"))
    if header is None:
        message = tr("found an empty table, expected a row of column headers")
        findings.error(file, START, "table-header", message)
        return Seq(START)
    line, columns, numbered = header
    if is_missing(columns, spec):
        _no_header(line, spec, file, findings)
        return Seq(START)
    skills = known.names.get("skill") if known.table == "leaders" else None
    columns = judged(columns, line, spec, file, findings, skills)
    table = _Rows(columns, line, spec, file, findings, known, in_lines=in_lines)
    again = [column.header for column in columns]
    for number, cells in numbered:
        kind = asides.get(number) or footers.kind_of(cells) or ("header" if is_header(cells, again) else "")
        if kind:
            table.judge(number, cells, kind)
        else:
            table.add(table.row(number, cells))
    table.odd.report_lost_zeros(table.tree)
    return table.tree


def _no_header(line: int, spec: type[Spec], file: str, findings: Findings) -> None:
    """The first row of a table has values, as where somebody left the header out."""
    required = [key for key, name in spec.keys.items() if spec.model_fields[name].is_required()]
    labels = {name: label for label, name in reversed(LABELS.items())}
    shown_as = [labels.get(key, key) if current() is Language.ZH else key for key in required]
    message = tr("found no row of column headers, expected one above the table")
    hint = tr("put one above it: {names}, and what else it has", names=listed(shown_as))
    findings.error(file, mark_of(line, 1), "table-header", message, hint)


class _Rows:
    """Reads the rows below a header one by one."""

    def __init__(
        self,
        columns: Sequence[Column],
        line: int,
        spec: type[Spec],
        file: str,
        findings: Findings,
        known: Known,
        *,
        in_lines: bool,
    ) -> None:
        """Takes the columns of the header and the line that it ends in."""
        self.tree = Seq(START)
        self._in_lines = in_lines
        self._spec, self._file, self._findings = spec, file, findings
        self._headers = columns
        self._columns: list[tuple[str, str | None, Reader | None]] = []
        for column in columns:
            name = column.field
            shape = _shape(spec.model_fields[spec.keys[name]].annotation) if name else None
            self._columns.append((name, shape, plain_cell(spec, name, known) if name else None))
        self._untitled = {at: mark_of(line, at + 1) for at, column in enumerate(columns) if not column.header}
        """The marks of columns that have no header; one with nothing below is none."""
        self._skills = frozenset(at for at, column in enumerate(columns) if column.skill)
        self._tags = {at: column.tag for at, column in enumerate(columns) if column.tag}
        self._has_name = any(column.field == "name" for column in columns)
        self._matrix = Matrix(known.needs, file, findings)
        self.odd = self._odd(findings)

    def _odd(self, findings: Findings) -> OddCells:
        return OddCells(
            [c.field or (c.header if c.what else "") for c in self._headers], self._file, findings
        )

    def add(self, row: Map) -> None:
        """Append a row that says something."""
        if row:
            self.tree.append(row)
            self.tree.marks.append(row.mark)

    def judge(self, number: int, cells: Sequence[str], kind: str) -> None:
        """Read a row that looks like none of the table's if it can be one all the same; warn, too."""
        before, n_fixes, odd = len(self._findings.items), len(self._findings.fixes), self.odd
        self.odd = self._odd(self._findings)
        row = self.row(number, cells)
        is_right = len(self._findings.items) == before
        is_read = (
            kind in {"total", "notes"} and is_right and footers.is_entry(row, self._spec, self._has_name)
        )
        if is_read:
            self.add(row)
        else:
            del self._findings.items[before:]
            del self._findings.fixes[n_fixes:]
            self._findings.passed_over.add((self._file, number))
        self.odd = odd
        if kind != "notes" or not is_read:
            footers.warn(number, cells, kind=kind, is_read=is_read, file=self._file, findings=self._findings)

    def row(self, number: int, cells: Sequence[str]) -> Map:
        """The map of a row. Called for every row of 20,000: hence the local variables."""
        row = Map(mark_of(number, 1))
        columns, file, findings, in_lines = self._columns, self._file, self._findings, self._in_lines
        below = 0
        levels: list[tuple[str, str, str, Mark]] = []
        values: list[tuple[str, str, str, Mark]] = []
        for column, cell in enumerate(cells):
            text, line = cell.strip(), number + below
            below += cell.count("\n") if in_lines else 0
            if not text and type(cell) is str:
                continue
            mark = line << 32 | (column + 1)
            if column >= len(columns):
                _surplus(text, len(columns), mark, file, findings)
                break
            name, shape, plain = columns[column]
            if type(cell) is not str:
                self.odd.see(cell, column, mark)
            if plain is not None:
                said = plain(text)
                if said != text:
                    if not isinstance(cell, Formula | ErrorText):
                        findings.fixes.append(Fix(file, number, column + 1, text, said))
                    text = said
                if text:
                    row[name] = text if shape is None else cell_of(text, shape, mark, file, findings, name)
                    row.marks += (mark, mark)
            elif text and column in self._skills:
                header = self._headers[column]
                levels.append((header.skill, header.header, text, mark))
            elif text and self._is_tag(column):
                values.append((self._tags[column], self._headers[column].header, text, mark))
        if levels:
            self._matrix.put(row, levels)
        if values:
            self._put_tags(row, values)
        return row

    def _is_tag(self, column: int) -> bool:
        """Whether a column that is no field holds values of a tag; said once, if it has no header at all."""
        if column in self._untitled:
            message = tr("found a column without a header, expected the name of a field")
            self._findings.error(self._file, self._untitled.pop(column), "table-header", message)
        return column in self._tags

    def _put_tags(self, row: Map, values: list[tuple[str, str, str, Mark]]) -> None:
        """Put values of tags into a row that has its other values: each with tag, header, text and place."""
        for tag, header, text, mark in values:
            if says_nothing(text):
                continue
            tags = row.get(TAGS)
            if not isinstance(tags, Map):
                tags = Map(mark)
                row.add(TAGS, tags, mark, mark)
            if tag in tags:
                message = tr("{field}: found the value of a tag that the same row has already", field=header)
                self._findings.error(self._file, mark, "duplicate-key", message, tr("leave this cell empty"))
            else:
                tags.add(tag, visible(text), mark, mark)


def _shape(annotation: Any) -> str | None:
    """How cells are read: as a "list", a "map", "entries" (a list of maps), or, None, as a text.

    "choices" is a list in which an item may be one of several, as in `T1; F1|F1X`; "gaps" a map whose values
    may be a weight and a level, as in `theory:3@2`.
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return "gaps" if GapSpec in inside(args[1]) else "map"
    if origin in (tuple, list):
        if args[0] is Requirement:
            return "choices"
        return "entries" if isinstance(args[0], type) and issubclass(args[0], Spec) else "list"
    if origin is Annotated:
        return _shape(args[0])
    return next((shape for shape in map(_shape, args) if shape), None)


def read_cell(
    text: str, spec: type[Spec], name: str, file: str, findings: Findings, mark: Mark = START
) -> Tree:
    """What a text means as a cell of the column `name` of a table of `spec`."""
    shape = _shape(spec.model_fields[spec.keys[name]].annotation)
    text = plain_cell(spec, name, Known())(text)
    return text if shape is None or not text else cell_of(text, shape, mark, file, findings, name)


def _surplus(text: str, n_columns: int, mark: Mark, file: str, findings: Findings) -> None:
    findings.error(
        file,
        mark,
        "table-shape",
        tr(
            "found {cell} in a row longer than the header, expected {n} columns",
            cell=shown(text),
            n=n_columns,
        ),
        tr("quote a cell that has the delimiter in it"),
    )
