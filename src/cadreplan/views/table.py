"""What a table of an export is: columns with kinds, rows of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


class Named(str):
    """The id of something, by which machines know it, with the name that people read."""

    name: str

    @classmethod
    def of(cls, id_: str, name: str) -> Named:
        """An id and its name."""
        made = cls(id_)
        made.name = name
        return made


Value = str | int | float | date | None
"""A cell. None is empty; a float is a share from 0 to 1."""

Kind = Literal["text", "number", "date", "share"]


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the same in every language, `label` is in the reader's."""

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """`name` serves as a file name; every row has a value, or None, for each column.

    Texts of the data stand in the rows as they are: each format makes them harmless in its own way.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def position(self, key: str) -> int:
        """Where the column with this key stands. Raises `ValueError` if there is none."""
        return [column.key for column in self.columns].index(key)
