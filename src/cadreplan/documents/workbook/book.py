"""One sheet of an `.xlsx` workbook as rows of cell texts, as a person reads them on the screen.

Dates become `YYYY-MM-DD`, whole numbers lose nothing but their `.0`, and numbers shown with leading zeros
keep them. Only the parts that are needed are read: relations, sheets, shared strings, styles, one sheet.
The layout of the file is that of ECMA-376, part 1: sections 18.3 (sheets), 18.4 (shared strings), 18.8
(styles).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from cadreplan.documents.workbook.package import Attributes, Package, PackageError
from cadreplan.documents.workbook.sheet import MAX_CELLS, Sheet, SheetReader, unescaped, whole
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


class Workbook:
    """An opened workbook; what its sheets share is read once, when the first of them is."""

    def __init__(self, data: bytes) -> None:
        """Raises `PackageError` for what is no workbook."""
        self._package = Package(data)
        roots = self._package.relations("")
        part = next((part for kind, part in roots.values() if kind == "officeDocument"), None)
        if part is None:
            raise PackageError(tr("found a zip archive that isn't a workbook"))
        self._sheets, self.hidden, self._is_1904 = _sheets(self._package, part)
        self._relations = self._package.relations(part)
        self.names = tuple(self._sheets)
        """The names of all its sheets, in its order; `hidden` are those that people don't see."""

    def sheet(self, name: str | None, likely: tuple[str, ...] = ()) -> Sheet:
        """The sheet of a name; without one the only one not hidden, or else the first called as in `likely`.

        Raises `PackageError` for a sheet that can't be read, `SheetNameError`, and `CellError`.
        """
        chosen, part = self.part(name, likely)
        is_date, zeros = (self._styles.is_date, self._styles.zeros) if self._styles else ([], [])
        reader = SheetReader(self._strings, is_date, zeros, self._is_1904)
        self._package.read(part, *reader.handlers(), is_large=True)
        return replace(reader.sheet(chosen, _sums(self._package, part)), of=self.names)

    def part(self, name: str | None, likely: tuple[str, ...] = ()) -> tuple[str, str]:
        """The name of the sheet that `sheet` reads, and the part of the archive it is; raises like it."""
        chosen = _chosen(list(self._sheets), self.hidden, name, likely)
        kind, part = self._relations.get(self._sheets[chosen], ("", ""))
        if kind == "worksheet":
            return chosen, part
        if kind:
            message = tr("found no table in the sheet {sheet!r}: it is a {kind}", sheet=chosen, kind=kind)
        else:
            message = tr("found no table in the sheet {sheet!r}: it is a broken reference", sheet=chosen)
        raise PackageError(message)

    @cached_property
    def _strings(self) -> list[str]:
        others = dict(self._relations.values())
        return _strings(self._package, others["sharedStrings"]) if "sharedStrings" in others else []

    @cached_property
    def _styles(self) -> _Styles | None:
        others = dict(self._relations.values())
        return _Styles(self._package, others["styles"]) if "styles" in others else None


def read_sheet(data: bytes, name: str | None, likely: tuple[str, ...] = ()) -> Sheet:
    """One sheet of a workbook; raises like `Workbook` and its `sheet`."""
    return Workbook(data).sheet(name, likely)


def part_of(data: bytes, name: str | None, likely: tuple[str, ...] = ()) -> str:
    """The part of the archive with the sheet that `read_sheet` reads; raises like it."""
    return Workbook(data).part(name, likely)[1]


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
