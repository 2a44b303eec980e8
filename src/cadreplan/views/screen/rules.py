"""The manual of the input rules in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.language import tr
from cadreplan.views.manual import pieces
from cadreplan.views.screen.theme import Cell, Column, fitted
from cadreplan.views.wording import severity

_EXAMPLES = {"Wrong:": "poor", "Right:": "good"}
"""Prose before an example → its style."""


class RuleText(Protocol):
    """What people read about a rule."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def manual(self) -> str: ...


def rule_list(rules: Sequence[RuleText], width: int) -> Iterator[RenderableType]:
    """A line a rule."""
    cells: list[list[Cell]] = [[Text(rule.id, style="id"), _level(rule), tr(rule.title)] for rule in rules]
    yield fitted((Column(), Column(), Column(flexible=True)), cells, width)


def manual(rule: RuleText) -> Iterator[RenderableType]:
    """Title, what the rule asks for, and its examples."""
    yield Text("\n").append(rule.id, style="heading").append("  ").append_text(_level(rule))
    yield Padding(Text(tr(rule.title)), (0, 0, 1, 0))
    for k, piece in enumerate(pieces(rule.manual)):
        if k:
            yield Text()
        text = piece.text if piece.verbatim else tr(piece.text)
        yield Text(text, style=_EXAMPLES.get(piece.text, ""))


def _level(rule: RuleText) -> Text:
    return Text(severity(rule.level), style="poor" if rule.level == "error" else "fair")
