"""Collecting findings while files are read, and saying what was found in few words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from cadreplan.diagnostics import Diagnostic, sorted_unique
from cadreplan.documents.tree import Map, Mark, Seq, line_and_column
from cadreplan.language import listed, tr

_SHOWN = 40
_SUGGESTIONS = 200


MOST_FINDINGS = 20_000
"""Of one document with its tables. Nobody mends more in one go, and a file of millions would take minutes."""


class _TooManyError(Exception):
    """There are so many findings that reading stops."""


class Findings:
    """Diagnostics in the order they are met; readers add to it and go on."""

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []
        self.texts: dict[str, str] = {}
        """The text of every YAML file that was read, for the comments in it."""
        self.sheets: dict[str, tuple[str, str]] = {}
        """File and sheet for every name that stands for a sheet of a workbook."""
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
            hint = tr("mend these first")
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
        """All findings once, in order; those in a workbook say in which cell."""
        return sorted_unique(
            self._with_cell(item) if item.file in self.sheets else item for item in self.items
        )

    def _with_cell(self, item: Diagnostic) -> Diagnostic:
        file, sheet = self.sheets[item.file]
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


_LOOSE_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAY_NUMBERS = range(36526, 73051)
"""What the days from 2000 to 2099 are to a spreadsheet."""


def date_hint(text: str) -> str:
    """How to write what looks like a date, a range of dates, or a spreadsheet's number of a day."""
    if text.isascii() and text.isdecimal() and int(text[:9]) in _DAY_NUMBERS:
        day = date(1899, 12, 30) + timedelta(days=int(text))
        return tr("a spreadsheet's number for {day}: format the cell as a date", day=day)
    found = _LOOSE_DATE.findall(text)[:2]
    try:
        days = [date(*map(int, parts)) for parts in found]
    except ValueError:
        return ""
    written = "..".join(map(str, days))
    return tr("write {instead}", instead=written) if days and written != text else ""


class Nearest:
    """Suggests the nearest known name, "did you mean 'x'?"; bounded, so that many findings stay quick."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known: Collection[str] = tuple(known)
        self._asked: dict[str, str] = {}
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
            close = difflib.get_close_matches(name[:100], self._known, n=1)
            self._asked[name] = tr("did you mean {name}?", name=shown(close[0])) if close else ""
        return self._asked[name]
