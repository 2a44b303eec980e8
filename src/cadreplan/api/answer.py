"""What questions about plans are answered with: data, and the screens that the commands show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH = 110
"""Cells of a line of a screen that is no terminal."""


@dataclass(frozen=True)
class Answer:
    """`data` are the lists and maps that the command writes with `--format json`.

    `str` of it is what the command shows, and so is what a notebook shows.
    """

    data: Any
    screen: Callable[[int], Iterable[RenderableType]] = field(repr=False)

    def __str__(self) -> str:
        from cadreplan.views.drawn import as_text

        return as_text(self.screen, WIDTH)

    def _repr_html_(self) -> str:
        from cadreplan.views.drawn import as_html

        return as_html(self.screen, WIDTH)


def answer(text: str, screen: Callable[[int], Iterable[RenderableType]]) -> Answer:
    """An answer whose data are a JSON text."""
    return Answer(json.loads(text), screen)
