"""One sheet of an `.xlsx` workbook as rows of cell texts, as a person reads them on the screen.

Dates become `YYYY-MM-DD`, whole numbers lose nothing but their `.0`, and numbers shown with leading zeros
keep them. Only the parts that are needed are read: relations, sheets, shared strings, styles, one sheet.
The layout of the file is that of ECMA-376, part 1: sections 18.3 (sheets), 18.4 (shared strings), 18.8
(styles).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from cadreplan.documents.package import Attributes, Package, PackageError
from cadreplan.documents.sheet import MAX_CELLS, Sheet, SheetReader, unescaped, whole
from cadreplan.language import tr

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LONGEST_FORMAT = 255
"""Characters of a number format; spreadsheet programs write no longer one."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


class SheetNameError(Exception):
    """The workbook has no sheet of that name, or several and none is named; `names` are those it has."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class _Place(NamedTuple):
    """Where a sheet is: its name and part, that of the workbook, the names of all its sheets.

    With `is_1904` days are counted from 1904.
    """

    name: str
    part: str
    workbook: str
    names: tuple[str, ...]
    is_1904: bool


def read_sheet(data: bytes, name: str | None, likely: tuple[str, ...] = ()) -> Sheet:
    """The sheet of a name; without one the only one not hidden, or else the first called as in `likely`.

    Raises `PackageError` for what is no workbook, `SheetNameError`, and `CellError`.
    """
    package = Package(data)
    place = _located(package, name, likely)
    others = dict(package.relations(place.workbook).values())
    strings = _strings(package, others["sharedStrings"]) if "sharedStrings" in others else []
    styles = _Styles(package, others["styles"]) if "styles" in others else None
    is_date, zeros = (styles.is_date, styles.zeros) if styles else ([], [])
    reader = SheetReader(strings, is_date, zeros, place.is_1904)
    package.read(place.part, *reader.handlers(), is_large=True)
    return replace(reader.sheet(place.name, _sums(package, place.part)), of=place.names)


def part_of(data: bytes, name: str | None, likely: tuple[str, ...] = ()) -> str:
    """The part of the archive with the sheet that `read_sheet` reads; raises like it."""
    return _located(Package(data), name, likely).part


def _located(package: Package, name: str | None, likely: tuple[str, ...]) -> _Place:
    roots = package.relations("")
    workbook = next((part for kind, part in roots.values() if kind == "officeDocument"), None)
    if workbook is None:
        raise PackageError(tr("found a zip archive that isn't a workbook"))
    sheets, hidden, is_1904 = _sheets(package, workbook)
    relations = package.relations(workbook)
    chosen = _chosen(list(sheets), hidden, name, likely)
    kind, part = relations.get(sheets[chosen], ("", ""))
    if kind != "worksheet":
        if kind:
            message = tr("found no table in the sheet {sheet!r}: it is a {kind}", sheet=chosen, kind=kind)
        else:
            message = tr("found no table in the sheet {sheet!r}: it is a broken reference", sheet=chosen)
        raise PackageError(message)
    return _Place(chosen, part, workbook, tuple(sheets), is_1904)


def _sums(package: Package, sheet: str) -> frozenset[int]:
    """The rows in which tables of a sheet have their totals."""
    rows: set[int] = set()

    def start(name: str, attributes: Attributes) -> None:
        n_rows = whole(attributes.get("totalsRowCount"))
        last = attributes.get("ref", "").rpartition(":")[2].lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if name == "table" and n_rows:
            rows.update(range(whole(last) - min(n_rows, 1) + 1, whole(last) + 1))

    for kind, part in package.relations(sheet, needed=False).values():
        if kind == "table":
            package.read(part, start)
    return frozenset(rows)


def _sheets(package: Package, part: str) -> tuple[dict[str, str], frozenset[str], bool]:
    """The id of each sheet's part by its name, the hidden ones, and whether days are counted from 1904."""
    found: dict[str, str] = {}
    hidden: set[str] = set()
    is_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_1904
        if name == "sheet":
            id_ = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            found.setdefault(attributes.get("name", ""), id_)
            if attributes.get("state", "visible") != "visible":
                hidden.add(attributes.get("name", ""))
        elif name == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true")

    package.read(part, start)
    if not found:
        raise PackageError(tr("found a workbook without sheets"))
    return found, frozenset(hidden), is_1904


def _chosen(names: list[str], hidden: frozenset[str], name: str | None, likely: tuple[str, ...]) -> str:
    """A sheet that people don't see is taken only where it is named, or where there is no other."""
    seen = [known for known in names if known not in hidden] or names
    if name is None:
        if len(seen) == 1:
            return seen[0]
        name = next((known for known in seen if known in likely), None)
    if name is None or name not in names:
        raise SheetNameError(seen)
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
            found.append(unescaped("".join(pieces)))
            if len(found) > MAX_CELLS:
                raise PackageError(tr("found more than {n:,} shared texts", n=MAX_CELLS))

    def characters(text: str) -> None:
        if wanted:
            pieces.append(text)

    package.read(part, start, end, characters, is_large=True)
    return found


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
            self._codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(whole(attributes.get("numFmtId")))

    def _end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def _shows_date(self, format_: int) -> bool:
        if format_ not in self._codes:
            return format_ in _BUILT_IN_DATES
        code = _NOT_SHOWN.sub("", self._codes[format_][:_LONGEST_FORMAT]).lower()
        return "y" in code or "d" in code or ("m" in code and not set(code) & set("hs0#"))

    def _leading_zeros(self, format_: int) -> int:
        code = self._codes.get(format_, "")
        return len(code) if len(code) > 1 and not code.strip("0") else 0
