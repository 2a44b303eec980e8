"""The cells of one sheet, as they are met in its XML, to rows of texts.

What a text can't tell is told by its class: `Number`, `DateText`, `Formula`, `ErrorText`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan.documents.findings import cell_name
from cadreplan.documents.workbook.package import Attributes, Characters, End, PackageError, Start
from cadreplan.language import tr

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 2_000_000
"""Cells up to the last one with a value in each row, and cells that merged ones fill."""

_YES, _ZERO = ("1", "true"), ("0", "0.0")
_AROUND = frozenset(("mergeCell", "filterColumn", "col"))
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_TO_THE_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00(?::00(?:\.0+)?)?Z?)?")


class Number(str):
    """The text of a number."""

    __slots__ = ()


class DateText(str):
    """The text of a date."""

    __slots__ = ()


class Formula(str):
    """A formula; the text is what it came to when the workbook was saved."""

    __slots__ = ()


class ErrorText(str):
    """An error like #N/A."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """Rows by their number, from 1; those without a value are left out. `wide` are merges across columns."""

    name: str
    rows: list[tuple[int, list[str]]]
    wide: list[tuple[int, int]]
    """Row and column, from 1, of the first cell of every merge across columns."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_filtered: bool = False
    sums: frozenset[int] = frozenset()
    """Rows that tables of the sheet have their totals in."""
    of: tuple[str, ...] = ()
    """The names of all sheets of the workbook, in its order."""


class CellError(Exception):
    """A cell lies beyond the limits."""

    def __init__(self, row: int, column: int, message: str) -> None:
        super().__init__(message)
        self.row, self.column = row, column


def column_of(letters: str) -> int:
    """The number of a column, from 1, by its letters."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def whole(text: str | None) -> int:
    """A whole number in an attribute; 0 where there is none."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def unescaped(text: str) -> str:
    """A text with what stands for characters that XML can't hold, as in `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SheetReader:
    """Takes the elements of a sheet one by one."""

    def __init__(
        self, strings: Sequence[str], is_date: Sequence[bool], zeros: Sequence[int], is_1904: bool
    ) -> None:
        """`strings` are the shared ones; `is_date` and `zeros` tell of each style what it shows."""
        self._strings = strings
        self._is_date = is_date
        self._zeros = zeros
        self._first_day = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        self._rows: list[tuple[int, list[str]]] = []
        self._columns: dict[str, int] = {}
        self._n_cells = 0
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._is_filtered = False

    def handlers(self) -> tuple[Start, End, Characters]:
        """What to call where an element begins and ends, and for the text between.

        Called more than a million times for a sheet of 20,000 leaders: hence the local variables.
        """
        row: list[str] = []
        number, column, kind, style = 0, 0, "n", 0
        has_formula, takes_text = False, False
        pieces: list[str] = []
        columns = self._columns

        def start(name: str, attributes: Attributes) -> None:
            nonlocal row, number, column, kind, style, has_formula, takes_text
            if name == "v":
                takes_text = True
            elif name == "c":
                letters = attributes["r"].rstrip("0123456789") if "r" in attributes else None
                column = column + 1 if letters is None else columns.get(letters) or self._column(letters)
                kind = attributes.get("t", "n")
                style = whole(attributes["s"]) if "s" in attributes else 0
                if pieces:
                    pieces.clear()
                has_formula, takes_text = False, kind == "inlineStr"
            elif name == "row":
                before, number = number, whole(attributes["r"]) if "r" in attributes else number + 1
                if number <= before:
                    message = tr("found row {row} after row {other} in a sheet", row=number, other=before)
                    raise PackageError(message)
                row, column = [], 0
                if attributes.get("hidden") in _YES or attributes.get("ht") in _ZERO:
                    self._hidden_rows.add(number)
            elif name == "f":
                has_formula, takes_text = True, False
            elif name == "rPh":
                takes_text = False
            elif name in _AROUND:
                self._note(name, attributes)

        def end(name: str) -> None:
            nonlocal takes_text
            if name == "c":
                takes_text = False
                if pieces or has_formula:
                    self._place(row, number, column)
                    text = self._text(kind, style, pieces[0] if len(pieces) == 1 else "".join(pieces))
                    row.append(Formula(text) if has_formula else text)
            elif name == "row":
                if row:
                    self._rows.append((number, row))
            elif name == "rPh":
                takes_text = True

        def characters(text: str) -> None:
            if takes_text:
                pieces.append(text)

        return start, end, characters

    def _note(self, name: str, attributes: Attributes) -> None:
        """What a sheet says of its columns, its filter and its merged cells."""
        if name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "filterColumn":
            self._is_filtered = True
        elif attributes.get("hidden") in _YES or attributes.get("width") in _ZERO:
            first, last = whole(attributes.get("min")), whole(attributes.get("max"))
            self._hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

    def sheet(self, name: str, sums: frozenset[int] = frozenset()) -> Sheet:
        """The rows, with the value of merged cells in every row they cover."""
        wide: list[tuple[int, int]] = []
        numbers = [number for number, _ in self._rows]
        for top, left, bottom, right in self._merges:
            first, last = bisect_left(numbers, top), bisect_left(numbers, bottom + 1)
            if first == last or numbers[first] != top or left > len(self._rows[first][1]):
                continue  # merged and empty
            value = self._rows[first][1][left - 1]
            if right > left and value:
                wide.append((top, left))
            for _, row in self._rows[first + 1 : last]:
                self._count(1, top, left)
                row.extend([""] * (left - len(row)))
                row[left - 1] = value
        return Sheet(
            name,
            self._rows,
            wide,
            frozenset(self._hidden_rows),
            frozenset(self._hidden_columns),
            self._is_filtered,
            sums,
        )

    def _column(self, letters: str) -> int:
        if not re.fullmatch("[A-Z]{1,3}", letters):
            raise PackageError(tr("found a cell {name!r} in a sheet", name=letters[:20]))
        column = self._columns[letters] = column_of(letters)
        return column

    def _count(self, n: int, row: int, column: int) -> None:
        self._n_cells += n
        if self._n_cells > MAX_CELLS:
            message = tr("found the sheet to have more than {n:,} cells", n=MAX_CELLS)
            raise CellError(row, column, message)

    def _place(self, row: list[str], number: int, column: int) -> None:
        """Make the cell at `column` the next of the row."""
        missing = column - 1 - len(row)
        if missing < 0:
            message = tr("found the cell {cell} twice in a sheet", cell=cell_name(number, column))
            raise PackageError(message)
        if number > MAX_ROWS or column > MAX_COLUMNS:
            message = tr(
                "found a value, expected a table of {rows:,} rows and {columns} columns at most",
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
            )
            raise CellError(number, column, message)
        self._count(missing + 1, number, column)
        if missing:
            row.extend([""] * missing)

    def _text(self, kind: str, style: int, raw: str) -> str:
        if kind == "s":
            at = whole(raw)
            if at >= len(self._strings):
                message = tr("found text {k} of {n} in a sheet", k=at, n=len(self._strings))
                raise PackageError(message)
            return self._strings[at]
        if kind == "n":
            return self._number_text(style, raw)
        if kind == "b":
            return "true" if raw.strip() == "1" else "false"
        if kind == "e":
            return ErrorText(raw)
        if kind == "d":
            to_the_day = _TO_THE_DAY.fullmatch(raw)
            return DateText(to_the_day[1] if to_the_day else raw)
        return unescaped(raw)

    def _number_text(self, style: int, raw: str) -> str:
        try:
            value = float(raw)
        except ValueError:
            return raw
        if not abs(value) < 1e300:
            return raw
        if style < len(self._is_date) and self._is_date[style] and 0 < value < 500_000:
            days = int(value)
            day = self._first_day + timedelta(days=days)
            seconds = round((value - days) * 86400)
            return DateText(day if not seconds else f"{day} {timedelta(seconds=seconds)}")
        if value != int(value) or abs(value) >= 1e15:
            return Number(repr(value))
        text = str(int(value))
        zeros = self._zeros[style] if style < len(self._zeros) else 0
        return text.zfill(zeros) if zeros else Number(text)

    def _merge(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found is None or found[3] is None:
            return
        self._count(1, int(found[2]), column_of(found[1]))
        top, bottom = int(found[2]), int(found[4])
        self._merges.append((top, column_of(found[1]), bottom, column_of(found[3])))
