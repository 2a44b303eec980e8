"""Collecting findings while files are read, and saying what was found in few words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cadreplan.diagnostics import Diagnostic, sorted_unique
from cadreplan.documents.tree import Map, Mark, Seq, line_and_column
from cadreplan.language import listed, one_of, tr

if TYPE_CHECKING:
    from cadreplan.documents.values.names import Names
    from cadreplan.documents.workbook.book import Workbook

_SHOWN = 40
_SUGGESTIONS = 200


_NAMED_FIELD = re.compile("`([a-z_]+)`")
"""A field that a message or hint names."""
_OF_FIELD = re.compile("([a-z_]+)(?=[:：])")
"""What a message about a field begins with."""


@dataclass(frozen=True, slots=True)
class Headed:
    """The header of a flat table: its line, and for each field its column, from 1, and its name there.

    `titles` has what each field of the table would be called. With `in_rows` it is no table, but a list of
    settings with the name of each before its value; then the line and column are those of the value.
    """

    line: int
    columns: Mapping[str, tuple[int, str]]
    titles: Mapping[str, str]
    in_rows: bool = False

    def title(self, field: str) -> str:
        """What a field is called here; the field itself where that isn't known."""
        return self.columns[field][1] if field in self.columns else self.titles.get(field, field)


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """A value of a file that can only mean one thing, and that in the plain form; in a flat table a cell."""

    file: str
    line: int
    column: int
    found: str
    plain: str


MOST_FINDINGS = 20_000
"""Of one document with its tables. Nobody fixes more in one go, and a file of millions would take minutes."""


class _TooManyError(Exception):
    """There are so many findings that reading stops."""


class Findings:
    """Diagnostics in the order they are met; readers add to it and go on."""

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []
        self.texts: dict[str, str] = {}
        """The text of every YAML file that was read, for the comments in it."""
        self.named: dict[str, list[tuple[str, int, str]]] = {}
        """For each table file the rosters that name it, with the line and the sheet."""
        self.sheets: dict[str, tuple[str, str]] = {}
        """File and sheet for every name that stands for a sheet of a workbook."""
        self.sheet_order: dict[str, list[str]] = {}
        """The sheets of a workbook as it has them, by file."""
        self.books: dict[str, Workbook] = {}
        """Every workbook that was opened, by file: several of its sheets may be read."""
        self.headers: dict[str, Headed] = {}
        """The header of every flat table that was read, by the name that its findings have for a file."""
        self.fixes: list[Fix] = []
        self.horizon: tuple[date, date] | None = None
        """The horizon of the roster that is read, which tells the year of a day without one."""
        self.names: Mapping[str, Names] = {}
        """What may be named where something is read, by sort."""
        self.passed_over: set[tuple[str, int]] = set()
        """Rows of flat tables that aren't entries of them, such as totals."""
        self._most: int | None = None

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Leave the block, with a finding that says so, where one document has `MOST_FINDINGS`."""
        self._most = len(self.items) + MOST_FINDINGS
        try:
            yield
        except _TooManyError:
            last = self.items.pop()
            message = tr("found more than {n:,} findings: reading stopped here", n=MOST_FINDINGS)
            hint = tr("fix these first")
            self.items.append(
                Diagnostic(last.file, last.line, last.column, "error", "too-many-findings", message, hint)
            )
        finally:
            self._most = None

    def _add(self, item: Diagnostic) -> None:
        self.items.append(item)
        if self._most is not None and len(self.items) > self._most:
            raise _TooManyError

    def warning(self, file: str, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        line, column = line_and_column(mark)
        self._add(Diagnostic(file, line, column, "warning", rule, message, hint))

    def error(self, file: str, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        line, column = line_and_column(mark)
        self._add(Diagnostic(file, line, column, "error", rule, message, hint))

    def sorted(self) -> list[Diagnostic]:
        """All findings once, by file, sheet and row; those in a workbook say in which cell."""
        in_order = sorted(sorted_unique(self._as_headed()), key=self._place)
        told = (self._with_cell(item) if item.file in self.sheets else item for item in in_order)
        return list({(d.file, d.line, d.column, d.rule, d.message): d for d in told}.values())

    def _place(self, item: Diagnostic) -> tuple[str, int]:
        """The file, and which of its sheets; what is of no sheet comes first."""
        if item.file not in self.sheets:
            return item.file, -1
        file, sheet = self.sheets[item.file]
        order = self.sheet_order.get(file, [])
        return file, order.index(sheet) if sheet in order else len(order)

    def _as_headed(self) -> Iterable[Diagnostic]:
        """All findings; those about a field of a flat table call it what its header does."""
        if not self.headers:
            return self.items
        return [self._named(item) if item.file in self.headers else item for item in self.items]

    def _named(self, item: Diagnostic) -> Diagnostic:
        head = self.headers[item.file]

        def called(found: re.Match[str]) -> str:
            title = head.title(found[1])
            return found[0] if title == found[1] else f"'{title}'"

        message, hint = (_NAMED_FIELD.sub(called, text) for text in (item.message, item.hint))
        if found := _OF_FIELD.match(message):
            message = head.columns.get(found[1], (0, found[1]))[1] + message[found.end() :]
        return replace(item, message=message, hint=hint)

    def _with_cell(self, item: Diagnostic) -> Diagnostic:
        file, sheet = self.sheets[item.file]
        if file == item.file and (item.line, item.column) == (1, 1):
            return item  # about the workbook as a whole
        place = f"{sheet}!{cell_name(item.line, item.column)}"
        message = tr("{place}: {problem}", place=place, problem=item.message)
        return replace(item, file=file, message=message)

    @property
    def has_errors(self) -> bool:
        return any(item.is_error for item in self.items)


def shown(value: object) -> str:
    """A value as it is named in a message: quoted, escaped, and cut after 40 characters."""
    if value is None or value == "":
        return tr("nothing")
    if isinstance(value, Map | dict):
        return tr("a map")
    if isinstance(value, Seq | list):
        return tr("a list")
    text = str(value)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + "'"


_FULL_WIDTH = dict(zip("：，；［］｛｝【】０１２３４５６７８９－", ":,;[]{}[]0123456789-", strict=True))


def full_width_hint(text: str) -> str:
    """What to write instead, if a text has punctuation or digits of a Chinese keyboard; else nothing."""
    wide = [
        tr("'{narrow}' instead of '{wide}'", narrow=_FULL_WIDTH[c], wide=c)
        for c in dict.fromkeys(text)
        if c in _FULL_WIDTH
    ]
    return tr("write {instead}", instead=listed(wide[:4])) if wide else ""


def cell_name(row: int, column: int) -> str:
    """The name of a cell in a spreadsheet: `B3` for row 3 and column 2."""
    letters = ""
    while column > 0:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row}"


_DIGITS = re.compile("[0-9]")
_ALIKE = 3
"""Known names that are suggested side by side, if all are as near; of more none is."""


def _likeness(known: str, name: str) -> float:
    return difflib.SequenceMatcher(a=known, b=name).ratio()


def _other_number(one: str, other: str) -> bool:
    """Whether two texts are the same but for their digits: `S1` is no misspelt `S2`."""
    return _DIGITS.sub("0", one) == _DIGITS.sub("0", other)


class Nearest:
    """Suggests the nearest known name, "did you mean 'x'?"; bounded, so that many findings stay quick."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known: Collection[str] = tuple(known)
        self._asked: dict[str, str] = {}
        self._closest: dict[tuple[str, float], tuple[str, ...]] = {}
        self._without_zeros = {id_.lstrip("0"): id_ for id_ in self._known if id_.startswith("0")}

    def hint(self, name: str) -> str:
        if name not in self._asked:
            if len(self._asked) >= _SUGGESTIONS:
                return ""
            if name in self._without_zeros:
                padded = shown(self._without_zeros[name])
                self._asked[name] = tr(
                    "did you mean {name}? A spreadsheet drops the leading zeros of numbers", name=padded
                )
                return self._asked[name]
            close = self._nearest(name)
            few = close if len(close) <= _ALIKE else ()
            self._asked[name] = tr("did you mean {name}?", name=one_of([*map(shown, few)])) if few else ""
        return self._asked[name]

    def closest(self, name: str, likeness: float = 0.6) -> str | None:
        """The known name that is most like another one; never that name itself, which has been refused.

        `likeness` is what it has to be at least, from 0 to 1 for the same. None, too, where too many were
        asked for.
        """
        return next(iter(self._nearest(name, likeness)), None)

    def _nearest(self, name: str, likeness: float = 0.6) -> tuple[str, ...]:
        """The known name that is most like another one, with those that are as like it."""
        key = name, likeness
        if key not in self._closest:
            if len(self._closest) >= _SUGGESTIONS:
                return ()
            others = (known for known in self._known if known != name and not _other_number(known, name))
            near = difflib.get_close_matches(name[:100], others, n=_ALIKE + 1, cutoff=likeness)
            best = [_likeness(known, name[:100]) for known in near]
            self._closest[key] = tuple(k for k, like in zip(near, best, strict=True) if like == best[0])
        return self._closest[key]
