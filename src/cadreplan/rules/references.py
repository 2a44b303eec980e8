"""Ids that are named: each is that of something, and of one thing only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Row, Table
from cadreplan.documents.schema.types import is_id
from cadreplan.documents.tree import Map, Seq
from cadreplan.documents.values.names import CURRICULUM_LINKS, ROSTER_LINKS, Links, Names, names_in
from cadreplan.language import later, tr
from cadreplan.rules.base import DocumentRule, Found, rule

_EXPECTED = {
    "ability": later("expected the id of an ability"),
    "skill": later("expected the id of a skill"),
    "module": later("expected the id of a module"),
    "role": later("expected the id of a role"),
    "norm": later("expected the id of a norm"),
    "site": later("expected the id of a site"),
    "branch": later("expected the id of a branch"),
    "session": later("expected the id of a session"),
    "session or site": later("expected the id of a session or site"),
    "session or offering": later("expected the id of a session or offering"),
    "leader": later("expected the id of a leader"),
}


@dataclass(frozen=True)
class _Known:
    """The ids there are of one sort; `whole` is False where more may exist than could be read."""

    ids: Collection[str]
    whole: bool
    dropped: Mapping[str, str]
    names: Names


def _known(*tables: Table[Any]) -> _Known:
    names = names_in(*tables)
    return _Known(names.ids, all(table.whole for table in tables), {}, names)


def _curriculum_ids(document: CurriculumDocument) -> dict[str, _Known]:
    return {
        "ability": _known(document.abilities),
        "skill": _known(document.skills),
        "module": _known(document.modules),
        "role": _known(document.roles),
        "norm": _known(document.norms),
    }


def _roster_ids(document: RosterDocument) -> dict[str, _Known]:
    known = _curriculum_ids(document.curriculum) if document.curriculum else {}
    known |= {"site": _known(document.sites), "branch": _known(document.branches)}
    dropped = {run.id: run.dropped for runs in document.runs.values() for run in runs if run.dropped}
    ids = {*document.sessions.by_id, *document.delivery_by_id}
    known["session"] = _Known(ids, document.deliveries_whole, dropped, Names((i, None) for i in ids))
    either = ids | set(document.sites.by_id)
    known["session or site"] = _Known(
        either,
        document.deliveries_whole and document.sites.whole,
        dropped,
        Names([*((i, None) for i in ids), *names_in(document.sites)]),
    )
    of_offerings = names_in(document.offerings)
    known["session or offering"] = _Known(
        ids | set(of_offerings.ids),
        document.deliveries_whole,
        dropped,
        Names([*((i, None) for i in ids), *of_offerings]),
    )
    known["leader"] = _known(document.leaders)
    return known


def _unknown(tables: Mapping[str, Table[Any]], links: Links, known: Mapping[str, _Known]) -> Iterator[Found]:
    for table, fields in links.items():
        judged = [(field, sort, known[sort]) for field, sort in fields.items() if sort in known]
        judged = [(field, sort, there) for field, sort, there in judged if there.whole]
        for row in tables[table].rows:
            get = row.tree.get
            for field, sort, there in judged:
                value = get(field)
                if value is None:
                    continue
                ids = there.ids
                if isinstance(value, str):
                    if value not in ids:
                        yield from _report(row, (field,), value, sort, there)
                    continue
                for step, item in _items(value):
                    if item not in ids:
                        yield from _report(row, (field, *step), item, sort, there)


def _items(value: Map | Seq) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where each id in a list or map is, seen from there, and what it is; lists in a list are looked into."""
    for position, item in enumerate(value):
        if isinstance(item, str):
            yield (item if isinstance(value, Map) else position,), item
        elif isinstance(item, Seq):
            yield from ((((position, *step)), inner) for step, inner in _items(item))


def _report(
    row: Row[Any], path: tuple[str | int, ...], id_: str, sort: str, there: _Known
) -> Iterator[Found]:
    if not is_id(id_) or id_ in there.names.misshapen:
        return  # that is a finding of its own, here or where the id is given
    holder = row.tree.get(str(path[0]))
    is_key = isinstance(holder, Map)
    mark = holder.key_mark(id_) if isinstance(holder, Map) else row.mark(*path)
    found, hint = {"field": path[0], "id": shown(id_)}, ""
    if id_ in there.dropped:
        why = there.dropped[id_]
        if is_key:
            message = tr("{field}: found the key {id}, a run that isn't held: {why}", **found, why=why)
        else:
            message = tr("{field}: found {id}, a run that isn't held: {why}", **found, why=why)
    else:
        expected, hint = tr(_EXPECTED[sort]), there.names.hint(id_)
        if is_key:
            message = tr("{field}: found the key {id}, {expected}", **found, expected=expected)
        else:
            message = tr("{field}: found {id}, {expected}", **found, expected=expected)
    yield Found(row.file, mark, message, hint)


_UNKNOWN = """A document names something by an id that nothing has.

Every id that is named has to be given: a skill, a module and a role in the curriculum, a site, a branch
and a session in the roster. A candidate of an offering has the id OFFERING@SITE@START.

Wrong:

    leaders:
      - {id: L1, branch: HQ, role: secretery}

Right:

    leaders:
      - {id: L1, branch: HQ, role: secretary}
"""


def _unknown_in_curriculum(document: CurriculumDocument) -> Iterator[Found]:
    return _unknown(document.tables, CURRICULUM_LINKS, _curriculum_ids(document))


def _unknown_in_roster(document: RosterDocument) -> Iterator[Found]:
    return _unknown({**document.tables, **document.lists}, ROSTER_LINKS, _roster_ids(document))


@rule("ambiguous-preference", "error", "a preferred id is that of a session and of a site")
def ambiguous_preference(document: RosterDocument) -> Iterator[Found]:
    """`prefers` names an id that both a session and a site have.

    It isn't clear which of the two earns the points.

    Wrong:

        sessions:
          - {id: BJ, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, prefers: {BJ: 100}}

    Right:

        sessions:
          - {id: BJ-1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, prefers: {BJ: 100}}
    """
    both = document.sessions.by_id.keys() & document.sites.by_id.keys()
    if not both:
        return
    for row in document.leaders.rows:
        prefers = row.tree.get("prefers")
        if isinstance(prefers, Map):
            for id_ in prefers:
                if id_ in both:
                    message = tr("prefers: found {id}, the id of a session and of a site", id=shown(id_))
                    yield Found(row.file, prefers.key_mark(id_), message, tr("rename one of the two"))


_rule = partial(DocumentRule, "unknown-reference", "error", "an id is named that nothing has", _UNKNOWN)

CURRICULUM_RULES = (_rule(_unknown_in_curriculum),)
ROSTER_RULES = (_rule(_unknown_in_roster), ambiguous_preference)
