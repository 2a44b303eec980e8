"""Rosters given as Python values instead of files: rows as maps or specs, tables as data frames.

Values become the tree that files give, so that everything behind it is the same: the same rules, the same
findings, the same instance. A finding names the table as its file, and the row as its line: for maps the
first is 1, in a data frame it is 2, below the header, as in a file of that table.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from cadreplan.documents.findings import Findings
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.reading.curriculum import read_curriculum
from cadreplan.documents.reading.roster import RosterReader
from cadreplan.documents.reading.settings import Settings
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.types import DateRange, GroupSize, People
from cadreplan.documents.tables.reader import rows_to_tree
from cadreplan.documents.tree import START, Map, Mark, Seq, Tree, mark_of
from cadreplan.documents.values.validate import read_rows
from cadreplan.documents.yaml.reader import gc_paused
from cadreplan.errors import InputError, UsageError
from cadreplan.frames import frame_rows
from cadreplan.language import tr
from cadreplan.loading.build import build_instance
from cadreplan.loading.load import LoadedRoster, checked_roster

S = TypeVar("S", bound=Spec)

NAME = "roster"
"""What stands for the file of a roster that has none."""
_CURRICULUM = "curriculum"
_SINGLE = (DateRange, GroupSize, People)
"""Tuples that are one value."""


def given_roster(
    head: Mapping[str, object], tables: Mapping[str, object], settings: Sequence[str] = ()
) -> LoadedRoster:
    """A roster of Python values: `head` has its keys, `tables` the rows of its tables.

    A table is a list of maps or specs, a data frame, or the path of a file. Raises `InputError` with all
    findings if one is an error, `UsageError` for a value of a type that nothing can be made of.
    """
    findings, what_if = Findings(), Settings(settings)
    tree = Map(START)
    written = {key: value for key, value in head.items() if value is not None}
    curriculum = written.pop(_CURRICULUM, None)
    is_file = isinstance(curriculum, str | Path)
    for line, (key, value) in enumerate(
        {
            "cadreplan": 1,
            "kind": "roster",
            _CURRICULUM: curriculum if is_file else _CURRICULUM,
            **written,
        }.items(),
        1,
    ):
        tree.add(key, as_tree(value, mark_of(line, 1)), mark_of(line, 1), mark_of(line, 1))
    given = {name: _given(name, value) for name, value in tables.items() if value is not None}
    own = None if is_file else as_tree(curriculum, START)
    if own is not None and not isinstance(own, Map):
        raise UsageError(
            tr("curriculum: found {found}, expected a map, a spec or a path", found=_type(curriculum))
        )
    with gc_paused(), findings.bounded():
        reader = _GivenReader(tree, NAME, findings, None, what_if, None)
        reader.given, reader.own = given, own
        document = checked_roster(reader.read(), findings)
    found = findings.sorted()
    if findings.has_errors:
        raise InputError(found)
    what_if.check_all_applied()
    text = json.dumps([tree, own, given], ensure_ascii=False, sort_keys=True, default=list)
    return LoadedRoster(
        Path(NAME),
        build_instance(document),
        hashlib.sha256(text.encode()).hexdigest(),
        document.files,
        tuple(found),
        tuple(settings),
    )


_Given = tuple[str, Any]
"""`rows` with a list of maps, `cells` with header and rows of texts, `file` with a path."""


def _given(name: str, value: object) -> _Given:
    if isinstance(value, str | Path):
        return "file", str(value)
    frame = frame_rows(value)
    if frame is not None:
        columns, rows = frame
        return "cells", [columns, *([as_cell(cell) for cell in row] for row in rows)]
    if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes):
        rows_tree = Seq(START)
        for n, row in enumerate(value, 1):
            rows_tree.add(as_tree(row, mark_of(n, 1)), mark_of(n, 1))
        return "rows", rows_tree
    found = _type(value)
    expected = tr("a list of maps, a data frame or a path")
    raise UsageError(
        tr("{name}: found {found}, expected {expected}", name=name, found=found, expected=expected)
    )


class _GivenReader(RosterReader):
    """Reads a roster whose tables are there already."""

    given: Mapping[str, _Given]
    own: Map | None

    def _table(self, spec: type[S], name: str) -> Table[S]:
        kind, value = self.given.get(name, ("rows", Seq(START)))
        if kind == "file":
            return self._table_files(spec, name, value)
        if kind == "cells":
            rows = [(n, [str(cell) for cell in row]) for n, row in enumerate(value, 1)]
            value = rows_to_tree(rows, spec, name, self._findings, self._known(name))
        self._settings.apply_to_rows(name, spec, value)
        return read_rows(spec, name, name, value, self._findings)

    def _curriculum(self, path: str | None) -> CurriculumDocument | None:
        if self.own is None:
            return super()._curriculum(path)
        head = Map(START)
        for key, value in {"cadreplan": "1", "kind": "curriculum", **self.own}.items():
            head.add(key, value, START, START)
        return read_curriculum(head, _CURRICULUM, self._findings)


def as_tree(value: object, mark: Mark) -> Tree:
    """A Python value as readers of files give it: maps, lists and texts, all at one place."""
    if isinstance(value, Spec):
        value = {
            key: getattr(value, name) for key, name in value.keys.items() if name in value.model_fields_set
        }
    if isinstance(value, Mapping):
        entries = Map(mark)
        for k, (key, item) in enumerate(value.items(), 1):
            place = mark_of(mark >> 32, k)
            entries.add(str(key), as_tree(item, place), place, place)
        return entries
    if hasattr(value, "tolist") and not isinstance(value, str):  # an array
        value = value.tolist()
    if isinstance(value, _SINGLE) or not isinstance(value, list | tuple | set | frozenset):
        return as_text(value)
    items = Seq(mark)
    for item in sorted(value, key=str) if isinstance(value, set | frozenset) else value:
        items.add(as_tree(item, mark), mark)
    return items


def as_text(value: object) -> str | None:
    """A single value as it is written in a file; None where it says nothing, as NaN and NaT do.

    Raises `UsageError` for what has no such form.
    """
    if hasattr(value, "item") and not isinstance(value, str):  # a number of numpy
        value = value.item()
    if type(value).__name__ in ("NaTType", "NAType"):  # of pandas; the first is a datetime
        return None
    match value:
        case None | "":
            text = None
        case bool():
            text = str(value).lower()
        case DateRange():
            text = f"{value.start}..{value.end}"
        case GroupSize() | People():
            text = str(value)
        case datetime():
            text = str(value).removesuffix(" 00:00:00")
        case str() | date() | int() | Path():
            text = str(value)
        case float() | Decimal() | Fraction():
            text = _decimal(float(value))
        case _:
            raise UsageError(tr("found {found}, which can't be written in a roster", found=_type(value)))
    return text


def _decimal(number: float) -> str | None:
    if math.isnan(number):
        return None
    return str(int(number)) if number.is_integer() else f"{number:.12f}".rstrip("0")


def as_cell(value: object) -> str:
    """A value of a data frame as a cell of a flat table; lists and maps of one level are written with `;`."""
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if hasattr(value, "to_list"):
        value = value.to_list()
    if isinstance(value, Mapping):
        if value.keys() == {"id", "seats"}:
            return f"{as_cell(value['id'])}:{as_cell(value['seats'])}"
        given = {key: as_text(item) for key, item in value.items()}
        return "; ".join(f"{key}:{text}" for key, text in given.items() if text is not None)
    if isinstance(value, list | tuple | set | frozenset) and not isinstance(value, _SINGLE):
        return "; ".join(as_cell(item) for item in value)
    return as_text(value) or ""


def _type(value: object) -> str:
    return type(value).__name__
