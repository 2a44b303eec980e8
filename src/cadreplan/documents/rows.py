"""Rows of tables: typed values beside the tree they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tree import Map, Mark, mark_at

S_co = TypeVar("S_co", bound=Spec, covariant=True)


@dataclass(frozen=True, slots=True)
class Row(Generic[S_co]):
    """One entry of a table. `id` is None where it is no text; `spec` is None where the row is wrong."""

    file: str
    id: str | None
    id_mark: Mark
    tree: Map
    spec: S_co | None

    def mark(self, *path: str | int) -> Mark:
        """Where a value of this row is written; the nearest that is, if it isn't written itself."""
        return mark_at(self.tree, path)


@dataclass(frozen=True)
class Table(Generic[S_co]):
    """All rows of one table, in the order of the file.

    `whole` is False where rows may be missing because the table, or one of its rows, couldn't be read: then
    nothing can be said about ids that aren't in it.
    """

    name: str
    rows: tuple[Row[S_co], ...] = ()
    whole: bool = True

    @cached_property
    def by_id(self) -> Mapping[str, Row[S_co]]:
        """The first row of every id, whether its other values are right or not."""
        first: dict[str, Row[S_co]] = {}
        for row in self.rows:
            if row.id is not None:
                first.setdefault(row.id, row)
        return first

    def spec(self, id_: str) -> S_co | None:
        """The valid row of an id; None where the id is unknown or its row wrong."""
        row = self.by_id.get(id_)
        return row.spec if row else None

    def valid(self) -> Iterator[tuple[Row[S_co], S_co]]:
        """Rows whose values are all of the right type, with those values."""
        for row in self.rows:
            if row.spec is not None:
                yield row, row.spec
