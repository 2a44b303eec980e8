"""The manual of an input rule in the reader's language: its prose is said, its examples stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cadreplan.language import tr


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of prose on one line, or an example with its lines as they were."""

    text: str
    verbatim: bool


def pieces(manual: str) -> Iterator[Piece]:
    """The paragraphs of a manual in order; indented ones are examples, and neighbours among them are one."""
    example: list[str] = []
    for paragraph in manual.split("\n\n"):
        if paragraph.startswith("    "):
            example.append(paragraph)
            continue
        if example:
            yield Piece("\n\n".join(example), verbatim=True)
            example = []
        yield Piece(" ".join(paragraph.split()), verbatim=False)
    if example:
        yield Piece("\n\n".join(example), verbatim=True)


def said(manual: str) -> str:
    """A manual in the current language, each paragraph on one line."""
    return "\n\n".join(piece.text if piece.verbatim else tr(piece.text) for piece in pieces(manual))
