"""What `compare` shows: a column a plan, the best of each figure marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.compare import Figures
from cadreplan.views.compare import FigureRow, rows_of
from cadreplan.views.screen.theme import Cell, Column, fitted
from cadreplan.views.wording import gap, number, printable


def compare_screen(names: Sequence[str], figures: Sequence[Figures], width: int) -> Iterator[RenderableType]:
    """One table; what differs from the first plan stands in its colour."""
    columns = (Column(flexible=True, least=20), *(Column(printable(name), right=True) for name in names))
    yield Text()
    yield fitted(columns, [_cells(row) for row in rows_of(figures)], width)


def _cells(row: FigureRow) -> list[Cell]:
    numbers = [value for value in row.values if value is not None and not isinstance(value, str)]
    best = max(numbers, default=0) if row.better > 0 else min(numbers, default=0)
    marked = row.better != 0 and len(set(numbers)) > 1
    return [
        row.label,
        *(
            Text(_shown(row.key, value), style="good" if marked and value == best else "")
            for value in row.values
        ),
    ]


def _shown(key: str, value: int | float | str | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, str):
        return printable(value)
    if key == "gap":
        return gap(float(value))
    return f"{value:,.1f}" if isinstance(value, float) else number(value)
