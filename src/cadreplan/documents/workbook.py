"""One sheet of an `.xlsx` workbook as rows of cell texts, as a person reads them on the screen.

Dates become `YYYY-MM-DD`, whole numbers lose nothing but their `.0`, and numbers shown with leading zeros
keep them. What a text can't tell is told by its class: `Number`, `DateText`, `Formula`, `ErrorText`.
The layout of the file is that of ECMA-376, part 1: sections 18.3 (sheets), 18.4 (shared strings), 18.8
(styles).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan.documents.findings import cell_name
from cadreplan.documents.package import Attributes, Characters, End, Package, PackageError, Start

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 5_000_000
"""Cells up to the last one with a value in each row, and cells that merged ones fill."""

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
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


class SheetNameError(Exception):
    """The workbook has no sheet of that name, or several and none is named; `names` are those it has."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class CellError(Exception):
    """A cell lies beyond the limits."""

    def __init__(self, row: int, column: int, message: str) -> None:
        super().__init__(message)
        self.row, self.column = row, column


def read_sheet(data: bytes, name: str | None, likely: tuple[str, ...] = ()) -> Sheet:
    """The sheet of a name; without one the only sheet, or else the first that is called as in `likely`.

    Raises `PackageError` for what is no workbook, `SheetNameError`, and `CellError`.
    """
    package = Package(data)
    roots = package.relations("")
    workbook = next((part for kind, part in roots.values() if kind == "officeDocument"), None)
    if workbook is None:
        raise PackageError("found a zip archive that isn't a workbook")
    sheets, is_1904 = _sheets(package, workbook)
    relations = package.relations(workbook)
    chosen = _chosen(list(sheets), name, likely)
    kind, part = relations.get(sheets[chosen], ("", ""))
    if kind != "worksheet":
        raise PackageError(f"found no table in the sheet {chosen!r}: it is a {kind or 'broken reference'}")
    others = dict(relations.values())
    strings = _strings(package, others["sharedStrings"]) if "sharedStrings" in others else []
    styles = _Styles(package, others["styles"]) if "styles" in others else None
    reader = _Reader(strings, styles, is_1904)
    package.read(part, *reader.handlers())
    return reader.sheet(chosen)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _sheets(package: Package, part: str) -> tuple[dict[str, str], bool]:
    """The id of each sheet's part by its name, and whether days are counted from 1904."""
    found: dict[str, str] = {}
    is_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_1904
        if name == "sheet":
            id_ = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            found.setdefault(attributes.get("name", ""), id_)
        elif name == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true")

    package.read(part, start)
    if not found:
        raise PackageError("found a workbook without sheets")
    return found, is_1904


def _chosen(names: list[str], name: str | None, likely: tuple[str, ...]) -> str:
    if name is None:
        if len(names) == 1:
            return names[0]
        name = next((known for known in names if known in likely), None)
    if name is None or name not in names:
        raise SheetNameError(names)
    return name


def _strings(package: Package, part: str) -> list[str]:
    """All shared strings; the phonetic guides beside a text aren't part of it."""
    found: list[str] = []
    pieces: list[str] = []
    wanted, phonetic = False, False

    def start(name: str, _: Attributes) -> None:
        nonlocal wanted, phonetic
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic = True
        wanted = name == "t" and not phonetic

    def end(name: str) -> None:
        nonlocal wanted, phonetic
        wanted = False
        if name == "rPh":
            phonetic = False
        elif name == "si":
            found.append(_unescaped("".join(pieces)))

    def characters(text: str) -> None:
        if wanted:
            pieces.append(text)

    package.read(part, start, end, characters)
    return found


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Styles:
    """Which styles show a number as a date, and which with how many leading zeros."""

    def __init__(self, package: Package, part: str) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._inside = False
        package.read(part, self._start, self._end)
        self.is_date = [self._shows_date(format_) for format_ in self._formats]
        self.zeros = [self._leading_zeros(format_) for format_ in self._formats]

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(_whole(attributes.get("numFmtId")))

    def _end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def _shows_date(self, format_: int) -> bool:
        if format_ not in self._codes:
            return format_ in _BUILT_IN_DATES
        code = _NOT_SHOWN.sub("", self._codes[format_]).lower()
        return "y" in code or "d" in code or ("m" in code and not set(code) & set("hs0#"))

    def _leading_zeros(self, format_: int) -> int:
        code = self._codes.get(format_, "")
        return len(code) if len(code) > 1 and not code.strip("0") else 0


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


class _Reader:
    """Takes the elements of a sheet one by one."""

    def __init__(self, strings: list[str], styles: _Styles | None, is_1904: bool) -> None:
        self._strings = strings
        self._is_date = styles.is_date if styles else []
        self._zeros = styles.zeros if styles else []
        self._first_day = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        self._rows: list[tuple[int, list[str]]] = []
        self._columns: dict[str, int] = {}
        self._n_cells = 0
        self._merges: list[tuple[int, int, int, int]] = []

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
                style = _whole(attributes["s"]) if "s" in attributes else 0
                if pieces:
                    pieces.clear()
                has_formula, takes_text = False, kind == "inlineStr"
            elif name == "row":
                before, number = number, _whole(attributes["r"]) if "r" in attributes else number + 1
                if number <= before:
                    raise PackageError(f"found row {number} after row {before} in a sheet")
                row, column = [], 0
            elif name == "f":
                has_formula, takes_text = True, False
            elif name == "rPh":
                takes_text = False
            elif name == "mergeCell":
                self._merge(attributes.get("ref", ""))

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

    def sheet(self, name: str) -> Sheet:
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
        return Sheet(name, self._rows, wide)

    def _column(self, letters: str) -> int:
        if not re.fullmatch("[A-Z]{1,3}", letters):
            raise PackageError(f"found a cell {letters[:20]!r} in a sheet")
        column = self._columns[letters] = _column(letters)
        return column

    def _count(self, n: int, row: int, column: int) -> None:
        self._n_cells += n
        if self._n_cells > MAX_CELLS:
            raise CellError(row, column, f"found the sheet to have more than {MAX_CELLS:,} cells")

    def _place(self, row: list[str], number: int, column: int) -> None:
        """Make the cell at `column` the next of the row."""
        missing = column - 1 - len(row)
        if missing < 0:
            raise PackageError(f"found the cell {cell_name(number, column)} twice in a sheet")
        if number > MAX_ROWS or column > MAX_COLUMNS:
            limit = f"{MAX_ROWS:,} rows and {MAX_COLUMNS} columns at most"
            raise CellError(number, column, f"found a value, expected a table of {limit}")
        self._count(missing + 1, number, column)
        if missing:
            row.extend([""] * missing)

    def _text(self, kind: str, style: int, raw: str) -> str:
        if kind == "s":
            at = _whole(raw)
            if at >= len(self._strings):
                raise PackageError(f"found text {at} of {len(self._strings)} in a sheet")
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
        return _unescaped(raw)

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
        self._count(1, int(found[2]), _column(found[1]))
        top, bottom = int(found[2]), int(found[4])
        self._merges.append((top, _column(found[1]), bottom, _column(found[3])))
