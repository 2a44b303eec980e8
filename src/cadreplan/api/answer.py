"""What questions about plans are answered with: data, and the screens that the commands show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cadreplan.instance import Instance

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


def answer(text: str, screen: Callable[[int], Iterable[RenderableType]], *instances: Instance) -> Answer:
    """An answer whose data are a JSON text; its screen has names for ids of candidates of the instances."""

    def named(width: int) -> Iterable[RenderableType]:
        from cadreplan.views.naming import named_in
        from cadreplan.views.screen.theme import with_names

        return with_names(screen(width), named_in(instances))

    return Answer(json.loads(text), named)
