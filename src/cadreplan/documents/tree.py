"""What every reader yields: maps, lists and texts with the position of every key and value.

A scalar is its text, or None where nothing is written; its type comes from its field (`schema`). Readers of
other formats (a workbook, say) build the same tree, so that nothing behind them changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

Mark = int
"""A position: line << 32 | column, both from 1."""

START: Mark = 1 << 32 | 1
"""Line 1, column 1: a whole file."""

Path = Iterable[str | int]
"""Keys and indices from a container down to a value."""


def mark_of(line: int, column: int) -> Mark:
    """The mark of a line and a column, both from 1."""
    return line << 32 | column


def line_and_column(mark: Mark) -> tuple[int, int]:
    """Line and column of a mark, both from 1."""
    return mark >> 32, mark & 0xFFFFFFFF


class Map(dict[str, "Tree"]):
    """A mapping; `mark` is where it begins, `marks` has the marks of each key and its value in turn."""

    __slots__ = ("_places", "mark", "marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.marks: list[Mark] = []
        self._places: dict[str, int] | None = None

    def add(self, key: str, value: Tree, key_mark: Mark, value_mark: Mark) -> None:
        """Append an entry; the key is new."""
        self[key] = value
        self.marks += (key_mark, value_mark)

    def key_mark(self, key: str) -> Mark:
        """Where the key is written; the map's own mark if it has no such key."""
        return self.marks[2 * self._place(key)] if key in self else self.mark

    def value_mark(self, key: str) -> Mark:
        """Where the value of a key is written; the map's own mark if it has no such key."""
        return self.marks[2 * self._place(key) + 1] if key in self else self.mark

    def _place(self, key: str) -> int:
        """Which of its keys a key is; kept for a large map, which may be asked for all of them."""
        if len(self) < 16:
            return list(self).index(key)
        if self._places is None or len(self._places) != len(self):
            self._places = {key: i for i, key in enumerate(self)}
        return self._places[key]


class Seq(list["Tree"]):
    """A list; `mark` is where it begins, `marks` has the mark of every item."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.marks: list[Mark] = []

    def add(self, value: Tree, mark: Mark) -> None:
        """Append an item."""
        self.append(value)
        self.marks.append(mark)


Tree = Union[str, None, Map, Seq]  # noqa: UP007 (the classes are named in quotes above)


def mark_at(tree: Map | Seq, path: Path) -> Mark:
    """The mark of the value that a path leads to; of the last one reached where the path goes on."""
    mark, node = tree.mark, tree
    for step in path:
        if isinstance(node, Map) and isinstance(step, str) and step in node:
            mark, child = node.value_mark(step), node[step]
        elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
            mark, child = node.marks[step], node[step]
        else:
            break
        if not isinstance(child, Map | Seq):
            break
        node = child
    return mark


def value_at(tree: Map, path: Path) -> Tree:
    """The value that a path leads to; None where it leads nowhere."""
    node: Tree = tree
    for step in path:
        if isinstance(node, Map) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node
