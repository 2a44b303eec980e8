"""Ids that are given: each once in its table, and each once in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Table
from cadreplan.documents.tree import Map, Seq
from cadreplan.language import tr
from cadreplan.rules.base import DocumentRule, Found, at, rule

_LISTS = {
    "modules": ("requires", "site_kinds", "lecturers"),
    "sessions": ("modules", "branches", "roles"),
    "offerings": ("sites", "modules", "branches", "roles", "starts"),
    "lecturers": ("modules",),
    "leaders": ("completed", "pinned", "excluded"),
    "mix": ("sessions",),
    "ties": ("leaders",),
    "norms": ("roles",),
}


_DUPLICATE_ITEM = """A list names the same thing twice.

Usually one of the two was meant to be something else.

Wrong:

    leaders:
      - {id: L1, branch: HQ, role: secretary, completed: [M-LAW, M-LAW]}

Right:

    leaders:
      - {id: L1, branch: HQ, role: secretary, completed: [M-LAW, M-CASE]}
"""


def _twice(tables: Mapping[str, Table[Any]]) -> Iterator[Found]:
    for name, table in tables.items():
        fields = _LISTS.get(name, ())
        for row in table.rows:
            for field in fields:
                value = row.tree.get(field)
                if isinstance(value, Seq):
                    for step, item in _again(value):
                        message = tr(
                            "{field}: found {item} again, expected it once", field=field, item=shown(item)
                        )
                        yield at(row, (field, *step), message)


def _again(items: Seq) -> Iterator[tuple[tuple[int, ...], str]]:
    """Where a list, or one in it, names something that it has named before."""
    seen: set[str] = set()
    for position, item in enumerate(items):
        if isinstance(item, Seq):
            yield from (((position, *step), inner) for step, inner in _again(item))
        elif isinstance(item, str):
            if item in seen:
                yield (position,), item
            seen.add(item)


def _twice_in_curriculum(document: CurriculumDocument) -> Iterator[Found]:
    return _twice(document.tables)


def _twice_in_roster(document: RosterDocument) -> Iterator[Found]:
    return _twice({**document.tables, **document.lists})


def _same_id(tables: Mapping[str, Table[Any]]) -> Iterator[Found]:
    for table in tables.values():
        by_id = table.by_id
        for row in table.rows:
            if row.id is not None and by_id[row.id] is not row:
                first = by_id[row.id]
                message = tr("id: found {id} again, expected an id that no other row has", id=shown(row.id))
                line = first.id_mark >> 32
                hint = tr("the first is in line {line}", line=line)
                if first.file != row.file:
                    hint = tr("the first is in {file}, line {line}", file=first.file, line=line)
                yield Found(row.file, row.id_mark, message, hint)


def _same_id_in_curriculum(document: CurriculumDocument) -> Iterator[Found]:
    """In YAML its entries are keys, which the reader knows to be once; in sheets they are rows."""
    yield from _same_id(document.tables)


@rule("duplicate-id", "error", "an id is given twice in one table")
def duplicate_id(document: RosterDocument) -> Iterator[Found]:
    """Two rows of one table, or two rooms of one site, have the same id.

    Nothing could tell them apart: neither a reference nor a reader of the plan.

    Wrong:

        leaders:
          - {id: L1, name: 王磊, branch: HQ, role: secretary}
          - {id: L1, name: 李娜, branch: HQ, role: secretary}

    Right:

        leaders:
          - {id: L1, name: 王磊, branch: HQ, role: secretary}
          - {id: L2, name: 李娜, branch: HQ, role: secretary}
    """
    yield from _same_id(document.tables)
    for site_row in document.sites.rows:
        rooms = site_row.tree.get("rooms")
        ids = [room.get("id") if isinstance(room, Map) else None for room in rooms or ()]
        for position, id_ in enumerate(ids):
            if id_ is not None and id_ in ids[:position]:
                message = tr(
                    "id: found room {id} again, expected an id that no other room of the site has",
                    id=shown(id_),
                )
                yield at(site_row, ("rooms", position, "id"), message)


@rule("candidate-id", "error", "two candidates, or a candidate and a session, have the same id")
def candidate_id(document: RosterDocument) -> Iterator[Found]:
    """An offering expands to a candidate whose id something else has.

    A candidate's id is OFFERING@SITE@START. A session must not have that id, and two offerings must not come
    to the same one.

    Wrong:

        sessions:
          - {id: O1@BJ@2026-03-09, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17], seats: 10}
        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 2, starts: [2026-03-09], seats: 10}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17], seats: 10}
        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 2, starts: [2026-03-09], seats: 10}
    """
    first = document.delivery_by_id
    for delivery in document.deliveries:
        other = first[delivery.id]
        if other.row.id != delivery.row.id:
            message = tr(
                "expands to the candidate {candidate}, an id that {other} has too",
                candidate=shown(delivery.id),
                other=shown(other.row.id),
            )
            yield Found(delivery.row.file, delivery.row.id_mark, message, tr("rename one of the two"))


_rule = partial(DocumentRule, "duplicate-item", "error", "a list names one thing twice", _DUPLICATE_ITEM)

CURRICULUM_RULES = (
    DocumentRule(
        duplicate_id.id, duplicate_id.level, duplicate_id.title, duplicate_id.manual, _same_id_in_curriculum
    ),
    _rule(_twice_in_curriculum),
)
ROSTER_RULES = (duplicate_id, _rule(_twice_in_roster), candidate_id)
