"""Pieces of Typer's help that break Chinese, which has no blanks to break at, instead of cutting it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.columns import Columns
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


class FoldingTable(Table):
    """A table whose columns break text that is wider than they are."""

    def add_column(self, *arguments: Any, **options: Any) -> None:
        """Add a column as `Table` does."""
        super().add_column(*arguments, **{"overflow": "fold", **options})


class FoldingColumns(Columns):
    """Texts side by side or below one another, which break where they are wider than the space."""

    def __init__(self, renderables: Iterable[RenderableType], *arguments: Any, **options: Any) -> None:
        found = list(renderables)
        for renderable in found:
            if isinstance(renderable, Text):
                renderable.overflow = "fold"
        super().__init__(found, *arguments, **options)
