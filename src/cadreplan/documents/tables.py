"""Flat tables to the same tree that YAML gives: a list of maps, with row and column as the position.

Each cell is read by the shape of its field: a text, a list `a; b; c`, or a map `key:value; key:value`. Other
formats only have to yield rows of cell texts (`CellRow`) for `rows_to_tree`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Annotated, Any, get_args, get_origin

from cadreplan.documents.findings import Findings, Nearest, full_width_hint, shown
from cadreplan.documents.labels import LABELS
from cadreplan.documents.odd_cells import OddCells
from cadreplan.documents.sheet import MAX_COLUMNS, MAX_ROWS
from cadreplan.documents.spec import Spec
from cadreplan.documents.tree import START, Map, Mark, Seq, Tree, mark_of
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr

CellRow = tuple[int, Sequence[str]]
"""Number of a row in its file, from 1, and the texts of its cells."""

NOT_READ = "#"
"""First character of the header of a column that is for people only."""
NO_ENTRIES = "{}"
"""A map without entries, where an empty cell says nothing: somebody whose `gaps` are all closed."""
_DELIMITERS = ",;\t"
_REMARK = re.compile(r"(?:[*＊]|[(（][^()（）]*[)）])+$")
_LONGEST_HEADER = 200
"""Characters of a header that is a field with a remark; a longer one is something else."""
_HEADER_WITHIN = 20
"""Rows in which a header is looked for below a title."""
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
    top = text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]
    return max(
        _DELIMITERS,
        key=lambda d: max(sum(cell.strip(' \r"*') in known for cell in line.split(d)) for line in top),
    )


def has_field(data: bytes, spec: type[Spec]) -> bool:
    """Whether the top of a table has the name of one of its fields as a word, in any encoding."""
    top = data[:_TOP_BYTES]
    words = {word.lower() for word in (*spec.keys, *LABELS)}
    texts = (top.decode(name, "ignore").lower() for name in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"))
    return not top.strip() or any(not words.isdisjoint(_WORD.findall(text)) for text in texts)


def csv_rows(text: str, known: Collection[str], file: str, findings: Findings) -> Iterator[CellRow]:
    """The rows of a CSV text whose header has some of the `known` texts; ends, with a finding, if it must."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text, known), strict=True)
    return _numbered(reader, file, findings)


def read_csv(text: str, spec: type[Spec], file: str, findings: Findings) -> Seq:
    """The rows of a CSV table whose header names the fields of `spec`."""
    return rows_to_tree(csv_rows(text, {*spec.keys, *LABELS}, file, findings), spec, file, findings)


def header_of(rows: Iterable[CellRow], spec: type[Spec]) -> tuple[int, list[str]]:
    """The number of the header row, and the field of each of its columns as `rows_to_tree` reads them."""
    first, _ = _from_header(rows, spec)
    assert first is not None
    number, cells = first
    return number, ["" if cell.strip().startswith(NOT_READ) else _field(cell, spec) for cell in cells]


def _numbered(reader: Iterator[list[str]], file: str, findings: Findings) -> Iterator[CellRow]:
    number = 0
    while True:
        number += 1
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
        yield number, cells


def rows_to_tree(rows: Iterable[CellRow], spec: type[Spec], file: str, findings: Findings) -> Seq:
    """A list of maps from rows of cells below a header; rows of empty cells are passed over."""
    tree = Seq(START)
    first, numbered = _from_header(rows, spec)
    if first is None:
        message = tr("found an empty table, expected a row of column headers")
        findings.error(file, START, "table-header", message)
        return tree
    columns = _columns(first, spec, file, findings)
    odd = OddCells([name for name, _ in columns], file, findings)
    for number, cells in numbered:
        if number > MAX_ROWS:
            message = tr("found more than {n:,} rows, the most a table has", n=MAX_ROWS)
            hint = tr("cut it into several rosters")
            findings.error(file, mark_of(number, 1), "table-size", message, hint)
            break
        row = Map(mark_of(number, 1))
        for column, cell in enumerate(cells):
            text = cell.strip()
            if not text and type(cell) is str:
                continue
            mark = number << 32 | (column + 1)
            if column >= len(columns):
                _surplus(text, len(columns), mark, file, findings)
                break
            name, shape = columns[column]
            if type(cell) is not str:
                odd.see(cell, column, mark)
            if name and text:
                row[name] = text if shape is None else _cell(text, shape, mark, file, findings)
                row.marks += (mark, mark)
        if row:
            tree.append(row)
            tree.marks.append(row.mark)
    odd.report_lost_zeros(tree)
    return tree


def _from_header(rows: Iterable[CellRow], spec: type[Spec]) -> tuple[CellRow | None, Iterator[CellRow]]:
    """The header, and the rows below it.

    The header is the first row with something in it; but if nothing in that row is known, as in a title, the
    first of the next rows in which two or more cells, and half of those in use, are.
    """
    numbered = iter(rows)
    looked_at: list[CellRow] = []
    for row in numbered:
        used = [cell for cell in row[1] if cell.strip()]
        if not used and not looked_at:
            continue
        looked_at.append(row)
        n_known = sum(_field(cell, spec) in spec.keys for cell in used)
        is_first = len(looked_at) == 1 and n_known > 0
        if is_first or (n_known >= 2 and 2 * n_known >= len(used)):
            return row, numbered
        if len(looked_at) == _HEADER_WITHIN:
            break
    if not looked_at:
        return None, numbered
    return looked_at[0], chain(looked_at[1:], numbered)


def _field(header: str, spec: type[Spec]) -> str:
    """The field that a header names by its name or label.

    A star, which marks what must be filled in, and a remark in parentheses aren't part of it.
    """
    text = "".join(header.split())
    if len(text) <= _LONGEST_HEADER:
        text = _REMARK.sub("", text)
    name = LABELS.get(text, text)
    return name if name in spec.keys or name.lower() not in spec.keys else name.lower()


def _in_words_of(header: Sequence[str], spec: type[Spec]) -> list[str]:
    """What columns there are: by their Chinese labels where the header uses one, else by their names."""
    labels = {name: label for label, name in reversed(LABELS.items()) if name in spec.keys}
    if any(cell.strip() in LABELS for cell in header):
        return [labels.get(name, name) for name in spec.keys]
    return list(spec.keys)


_Column = tuple[str, "str | None"]
"""Name of the field, empty for a column that isn't read, and the shape of its cells (None: a text)."""


def _columns(first: CellRow, spec: type[Spec], file: str, findings: Findings) -> list[_Column]:
    number, cells = first
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        message = tr("found {n:,} columns, expected {most} at most", n=len(cells), most=MAX_COLUMNS)
        findings.error(file, mark_of(number, MAX_COLUMNS + 1), "table-size", message)
        cells = cells[:MAX_COLUMNS]
    columns: list[_Column] = []
    nearest = Nearest((*spec.keys, *LABELS))
    expected = listed(_in_words_of(cells, spec))
    seen: set[str] = set()
    for column, cell in enumerate(cells):
        mark, written = mark_of(number, column + 1), cell.strip()
        name = _field(cell, spec)
        if not name:
            message = tr("found a column without a header, expected the name of a field")
            findings.error(file, mark, "table-header", message)
        elif written.startswith(NOT_READ):
            name = ""
        elif name not in spec.keys:
            findings.error(
                file,
                mark,
                "unknown-key",
                tr(
                    "found the column {column}, expected one of: {columns}",
                    column=shown(written),
                    columns=expected,
                ),
                nearest.hint(written)
                or tr("a column headed {header} isn't read", header=NOT_READ + written[:20]),
            )
            name = ""
        elif name in seen:
            message = tr("found the column {column} again, expected it once", column=shown(written))
            findings.error(file, mark, "duplicate-key", message)
            name = ""
        seen.add(name)
        columns.append((name, _shape(spec.model_fields[spec.keys[name]].annotation) if name else None))
    return columns


def _shape(annotation: Any) -> str | None:
    """How cells are read: as a "list", a "map", "entries" (a list of maps), or, None, as a text."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return "map"
    if origin in (tuple, list):
        return "entries" if isinstance(args[0], type) and issubclass(args[0], Spec) else "list"
    if origin is Annotated:
        return _shape(args[0])
    return next((shape for shape in map(_shape, args) if shape), None)


def read_cell(text: str, spec: type[Spec], name: str, file: str, findings: Findings) -> Tree:
    """What a text means as a cell of the column `name` of a table of `spec`."""
    shape = _shape(spec.model_fields[spec.keys[name]].annotation)
    return text if shape is None else _cell(text, shape, START, file, findings)


def _cell(text: str, shape: str, mark: Mark, file: str, findings: Findings) -> Tree:
    if text == NO_ENTRIES and shape == "map":
        return Map(mark)
    parts = [part.strip() for part in text.split(";")]
    if not parts[-1]:
        parts.pop()
    if shape == "list" and not text.startswith("every:"):
        items = Seq(mark)
        items.extend([part or None for part in parts])
        items.marks = [mark] * len(parts)
        return items
    entries = Map(mark)
    for part in parts:
        key, colon, value = part.partition(":")
        key = key.rstrip()
        if not colon or not key:
            message = tr("found {part}, expected key:value; key:value in this cell", part=shown(part))
            findings.error(file, mark, "wrong-value", message, full_width_hint(part))
        elif key in entries:
            message = tr("found the key {key} again, expected it once", key=shown(key))
            findings.error(file, mark, "duplicate-key", message)
        else:
            entries[key] = value.lstrip() or None
            entries.marks += (mark, mark)
    return entries if shape != "entries" else _as_list(entries, mark)


def _as_list(entries: Map, mark: Mark) -> Seq:
    """`R1:40; R2:60` as a list of maps with `id` and `seats`."""
    items = Seq(mark)
    for key, value in entries.items():
        item = Map(mark)
        item.add("id", key, mark, mark)
        item.add("seats", value, mark, mark)
        items.add(item, mark)
    return items


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
