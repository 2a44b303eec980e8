"""Changing a table of leaders where it stands: which cells get which texts, and a CSV table with them.

Columns, order, quotes, encoding and line ends are kept. Only the cells of changed rows are rewritten; a
column that is needed and isn't there is added at the end.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.files import split_mark
from cadreplan.documents.findings import Findings
from cadreplan.documents.schema.tables import ROW_SPECS, LeaderSpec
from cadreplan.documents.tables.header import CellRow, header_of
from cadreplan.documents.tables.reader import csv_rows, delimiter_of, encoding_of
from cadreplan.documents.values.labels import ALIASES, LABELS
from cadreplan.documents.values.names import Names
from cadreplan.documents.values.plain import NO_ENTRIES
from cadreplan.errors import UsageError
from cadreplan.language import tr

_KNOWN = {*LeaderSpec.keys, *LABELS, *ALIASES}
_LEVEL = "skills."
"""What the field of a column is called that has the levels of a skill, before the id of that."""
HEADERS = frozenset((*LABELS, *ALIASES, *(key for spec in ROW_SPECS.values() for key in spec.keys)))
"""What the columns of any table may be headed by."""
_ADDED = ("skills", "completed", "priority", "earned", "credited", "waited")
"""Fields for which a table may get a column, in the order of new columns."""
_NUMBERS = frozenset(("priority", "waited"))


def edited_csv(
    data: bytes,
    file: str,
    changes: Mapping[str, LeaderChange],
    encoding: str | None = None,
    skills: Names | None = None,
) -> bytes:
    """The bytes of a table that has been read without findings, with other values in the rows of leaders.

    `skills` are those that may head a column, whose cells then have their levels. Raises `UsageError` where
    the table's encoding lacks a character that has to be written.
    """
    try:
        return changed_text(data, encoding, lambda text: _edited(text, changes, skills))
    except UnicodeEncodeError as error:
        lacking = error.object[error.start : error.end]
        message = tr("{file}: its encoding lacks {text}: save it as UTF-8", file=file, text=repr(lacking))
        raise UsageError(message) from None


def with_csv_cells(data: bytes, cells: Mapping[tuple[int, int], str], encoding: str | None) -> bytes:
    """The bytes of a CSV table with other texts in some cells, by row and column as findings count them."""
    return changed_text(data, encoding, lambda text: _with_cells(text, cells))


def changed_text(data: bytes, encoding: str | None, change: Callable[[str], str]) -> bytes:
    """The bytes of a text file with `change` made to its text, its encoding and byte-order mark kept."""
    name = encoding_of(data, encoding)
    mark, text = split_mark(data.decode(name))
    return (mark + change(text)).encode(codecs.lookup(name).name)


@dataclass(frozen=True, slots=True)
class Edits:
    """New texts of cells: row number, from 1, → column, from 0, → text; `numbers` are columns of numbers.

    A row that changes has a text, though it may be empty, in every new column.
    """

    cells: Mapping[int, Mapping[int, str]]
    n_columns: int
    numbers: frozenset[int]


def edits_of(
    rows: Sequence[CellRow], changes: Mapping[str, LeaderChange], skills: Names | None = None
) -> Edits:
    """What changes in a table of leaders, header included where columns are added.

    `rows` have their cells in the plain form; `skills` are those that may head a column of their levels.
    """
    found_header = header_of(rows, LeaderSpec, skills)
    assert found_header is not None
    first, columns, _ = found_header
    fields = [c.field or (f"{_LEVEL}{c.skill}" if c.skill else "") for c in columns]
    header = next(cells for n, cells in rows if n == first)
    n_columns = len(fields)
    by_id = fields.index("id")
    new = [field for field in _ADDED if field not in fields and _is_used(field, fields, changes.values())]
    at = {field: n for n, field in enumerate(fields) if field}
    at |= {field: n_columns + k for k, field in enumerate(new)}
    found: dict[int, dict[int, str]] = {}
    if new:
        found[first] = dict(enumerate(_titles(header, new), n_columns))
    for n, cells in rows:
        id_ = cells[by_id].strip() if n > first and by_id < len(cells) else ""
        if change := changes.get(id_):
            values = dict.fromkeys(new, "") | _cells(cells, fields, change)
            found[n] = {at[field]: text for field, text in values.items() if field in at}
    numbers = frozenset(n for field, n in at.items() if field in _NUMBERS or field.startswith(_LEVEL))
    return Edits(found, n_columns, numbers)


def _is_used(field: str, fields: Collection[str], changes: Iterable[LeaderChange]) -> bool:
    """Whether any change has something to write in the column of a field."""
    if field == "skills":
        return any(f"{_LEVEL}{skill}" not in fields for change in changes for skill in change.skills)
    return any(field in {**change.entries, **change.items, **change.numbers} for change in changes)


def _with_cells(text: str, cells: Mapping[tuple[int, int], str]) -> str:
    delimiter = delimiter_of(text, HEADERS)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), new in cells.items():
        by_row.setdefault(row, {})[column - 1] = new
    out = []
    numbered = csv_rows(text, HEADERS, "", Findings())
    for (raw, there), (number, _) in zip(_records(text, delimiter), numbered, strict=True):
        values = by_row.get(number)
        out.append(_put(raw, values, len(there), delimiter) if values else raw)
    return "".join(out)


def _records(text: str, delimiter: str) -> list[tuple[str, list[str]]]:
    """Each record of a CSV text as it is written, and its cells."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    records: list[tuple[str, list[str]]] = []
    at = 0
    for cells in reader:
        records.append(("".join(lines[at : reader.line_num]), cells))
        at = reader.line_num
    return records


def _edited(text: str, changes: Mapping[str, LeaderChange], skills: Names | None) -> str:
    delimiter = delimiter_of(text, _KNOWN)
    records = _records(text, delimiter)
    edits = edits_of([(n, cells) for n, (_, cells) in enumerate(records, 1)], changes, skills)
    return "".join(
        _put(raw, edits.cells[n], edits.n_columns, delimiter) if n in edits.cells else raw
        for n, (raw, _) in enumerate(records, 1)
    )


def _titles(header: Sequence[str], new: Sequence[str]) -> list[str]:
    """Titles of new columns: labels where the header has some."""
    if not any(cell.strip() in LABELS for cell in header):
        return list(new)
    labels = {field: label for label, field in LABELS.items()}
    return [labels[field] for field in new]


def _cells(cells: Sequence[str], fields: Sequence[str], change: LeaderChange) -> dict[str, str]:
    """The new texts of those fields of a row that change."""

    def held(field: str) -> list[str]:
        at = fields.index(field) if field in fields else len(cells)
        text = cells[at].strip() if at < len(cells) else ""
        return [] if text == NO_ENTRIES else [part.strip() for part in text.split(";") if part.strip()]

    values: dict[str, str] = {}
    for name, new in change.entries.items():
        entries = dict(_pair(part) for part in held(name))
        for key, text in new.items():
            if name == "skills" and f"{_LEVEL}{key}" in fields and key not in entries:
                values[f"{_LEVEL}{key}"] = text
            else:
                entries[key] = text
        values[name] = "; ".join(f"{key}:{text}" for key, text in entries.items())
    for name, items in change.items.items():
        values[name] = "; ".join([*held(name), *items])
    for name, keys in change.gone.items():
        left = [part for part in held(name) if _pair(part)[0] not in keys]
        values[name] = "; ".join(left) or NO_ENTRIES
    return values | change.numbers | dict.fromkeys(change.emptied, "")


def _pair(part: str) -> tuple[str, str]:
    key, _, value = part.partition(":")
    return key.rstrip(), value.lstrip()


def _put(raw: str, values: Mapping[int, str], n_columns: int, delimiter: str) -> str:
    """A record with other texts in some columns, new ones behind the last among them."""
    body = raw.rstrip("\r\n")
    pieces = _split(body, delimiter)
    if any(column >= min(len(pieces), n_columns) for column in values):
        pieces = pieces[:n_columns]
        pieces += [""] * (max(n_columns, max(values) + 1) - len(pieces))
    for column, text in values.items():
        quoted = pieces[column].startswith('"')
        pieces[column] = _written(text, delimiter, quoted=quoted)
    return delimiter.join(pieces) + raw[len(body) :]


def _written(text: str, delimiter: str, *, quoted: bool = False) -> str:
    return '"' + text.replace('"', '""') + '"' if quoted or delimiter in text or '"' in text else text


def _split(body: str, delimiter: str) -> list[str]:
    """The cells of a record as they are written, with their quotes."""
    pieces, start, inside = [], 0, False
    for at, character in enumerate(body):
        if character == '"' and (inside or at == start):
            inside = not inside
        elif character == '"':
            inside = body[start] == '"' and not inside
        elif character == delimiter and not inside:
            pieces.append(body[start:at])
            start = at + 1
    return [*pieces, body[start:]]
