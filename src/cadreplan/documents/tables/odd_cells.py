"""Cells of a workbook that may not say what their author meant: formulas, errors, and numbers for ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.tree import Map, Mark, Seq
from cadreplan.documents.workbook.sheet import DateText, ErrorText, Formula, Number
from cadreplan.language import tr

_ID_FIELDS = frozenset(
    (
        *("id", "branch", "role", "site", "parent", "sites", "modules", "branches", "roles", "completed"),
        *("pinned", "excluded"),
    )
)
_ALL_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""


class OddCells:
    """Looks at the odd cells of one table."""

    def __init__(self, names: Sequence[str], file: str, findings: Findings) -> None:
        """`names` are the fields of the columns, empty for a column that isn't read."""
        self._names = names
        self._file = file
        self._findings = findings
        self._numbers: dict[int, list[tuple[str, Mark]]] = defaultdict(list)

    def see(self, cell: str, column: int, mark: Mark) -> None:
        """Report a cell that is sure to be wrong; remember a number for an id."""
        name = self._names[column]
        if not name:
            return
        is_id = name in _ID_FIELDS
        if isinstance(cell, Formula):
            message = tr("{field}: found a formula, expected a value", field=name)
            self._error(mark, "table-formula", message, tr("copy the cells and paste them as values"))
        elif isinstance(cell, ErrorText):
            message = tr("{field}: found the error {cell}, expected a value", field=name, cell=shown(cell))
            self._error(mark, "table-cell", message)
        elif isinstance(cell, DateText) and is_id:
            message = tr("{field}: found a date, {cell}, expected an id", field=name, cell=shown(cell))
            hint = tr("a spreadsheet makes a date of 3-1: format the column as text and type the ids again")
            self._error(mark, "table-cell", message, hint)
        elif isinstance(cell, Number) and is_id:
            if cell.isdecimal():
                self._numbers[column].append((cell, mark))
            else:
                message = tr("{field}: found the number {cell}, expected an id", field=name, cell=shown(cell))
                hint = tr(
                    "a number keeps {n} digits and no zeros at its end: format the column as text",
                    n=_ALL_DIGITS,
                )
                self._error(mark, "table-cell", message, hint)

    def report_lost_zeros(self, tree: Seq) -> None:
        """Warn of columns in which some ids are numbers that seem to have lost leading zeros."""
        for column, numbers in self._numbers.items():
            name = self._names[column]
            width = _likely_width([text for text, _ in numbers], _texts(tree, name))
            short = [(text, mark) for text, mark in numbers if len(text) < width]
            if short:
                text, mark = short[0]
                values = {"field": name, "cell": shown(text), "width": width, "more": len(short) - 1}
                if len(short) == 1:
                    message = tr(
                        "{field}: found the number {cell} among ids of {width} digits:"
                        " it seems to have lost its leading zeros",
                        **values,
                    )
                else:
                    message = tr(
                        "{field}: found the number {cell} among ids of {width} digits:"
                        " it seems to have lost its leading zeros, and so {more} more",
                        **values,
                    )
                hint = tr("format the column as text and write {written}", written=text.zfill(width))
                self._findings.warning(self._file, mark, "lost-zeros", message, hint)

    def _error(self, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        self._findings.error(self._file, mark, rule, message, hint)


def _texts(tree: Seq, name: str) -> list[str]:
    """The ids of a column that are all digits and begin with a zero."""
    values = (row.get(name) for row in tree if isinstance(row, Map))
    return [v for v in values if isinstance(v, str) and v.startswith("0") and v.isdecimal()]


def _likely_width(numbers: list[str], texts: list[str]) -> int:
    """How many digits the ids of a column have, if some numbers have fewer; 0 if nothing tells.

    Texts with leading zeros tell it. Without them, so do numbers of which most have the same four digits or
    more, unless they are counted through from the first to the last.
    """
    if texts:
        return max(map(len, texts))
    widths = sorted(map(len, numbers))
    width = widths[-1]
    most_have_it = 2 * sum(w == width for w in widths) > len(widths)
    values = [int(text) for text in numbers]
    is_counted = max(values) - min(values) < 2 * len(values)
    return width if width >= 4 and most_have_it and not is_counted else 0
