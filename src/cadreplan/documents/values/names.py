"""What people write for an id: the id in another case or width, or the name of what has it.

Only where one thing alone can be meant; what several have stays as it is, and the hint names their ids.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from cadreplan.documents.findings import Nearest, shown
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.types import ids_inside, is_id
from cadreplan.documents.tree import Map
from cadreplan.language import listed, tr

Links = dict[str, Mapping[str, str]]
"""For each table: field → what its value, its items or its keys are ids of."""

CURRICULUM_LINKS: Links = {
    "skills": {"ability": "ability"},
    "modules": {"teaches": "skill", "requires": "module"},
    "roles": {"needs": "skill"},
    "norms": {"roles": "role"},
}
_DELIVERY_LINKS = {"modules": "module", "branches": "branch", "roles": "role", "quotas": "branch"}
ROSTER_LINKS: Links = {
    "branches": {"parent": "branch"},
    "sessions": {"site": "site", **_DELIVERY_LINKS},
    "offerings": {"sites": "site", **_DELIVERY_LINKS},
    "lecturers": {"modules": "module", "site": "site"},
    "leaders": {
        "branch": "branch",
        "role": "role",
        "skills": "skill",
        "gaps": "skill",
        "earned": "skill",
        "completed": "module",
        "prefers": "session or site",
        "pinned": "session",
        "excluded": "session",
        "credited": "norm",
    },
    "mix": {"sessions": "session or offering"},
    "ties": {"leaders": "leader"},
}


KINDS = {
    "党校": "party-school",
    "分校": "branch-school",
    "企业大学": "enterprise-university",
    "教育基地": "education-base",
    "实践基地": "practice-base",
    "党委书记": "committee-secretary",
    "纪委书记": "discipline-secretary",
    "组织部负责人": "organization-head",
    "组织部长": "organization-head",
    "党代表": "congress-delegate",
    "高校教师": "university-lecturer",
    "党校教师": "school-lecturer",
}
"""Chinese names of the usual kinds of sites and lecturers; they count where a curriculum names the kind."""


def folded(text: str) -> str:
    """A text without what doesn't tell names apart: width, case, spaces, characters that can't be seen."""
    if text.isascii():
        return "".join(text.lower().split())
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in wide if not c.isspace() and unicodedata.category(c) != "Cf")


class Names:
    """The ids of one sort and the names of what has them."""

    def __init__(self, named: Iterable[tuple[str, str | None]] = ()) -> None:
        self._named = tuple(named)
        self.ids = dict.fromkeys(id_ for id_, _ in self._named)
        self._nearest: Nearest | None = None
        self._nearest_name = Nearest(())

    def __iter__(self) -> Iterator[tuple[str, str | None]]:
        """Each id with its name."""
        return iter(self._named)

    @cached_property
    def _found(self) -> Mapping[str, Mapping[str, None]]:
        """The ids that a folded text may mean: made when a text is no id, which is seldom."""
        found: dict[str, dict[str, None]] = {}
        for id_, name in self._named:
            for text in (id_, name) if is_id(id_) else ():
                if text:
                    found.setdefault(folded(text), {})[id_] = None
        return found

    def id_of(self, text: str) -> str | None:
        """The one id that a text can mean; None where it means none, or several."""
        if text in self.ids:
            return text
        found = self._found.get(folded(text), {})
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def misshapen(self) -> Collection[str]:
        """What ids that have the form of none may have been meant to be: that is fixed where they stand."""
        return {part for id_ in self.ids if not is_id(id_) for part in ids_inside(id_)}

    def hint(self, text: str) -> str:
        """What to write instead of a text that is no id."""
        found = list(self._found.get(folded(text), {}))
        if len(found) > 1:
            few = listed([*map(shown, found[:5]), *(["..."] if len(found) > 5 else [])])
            return tr("several are called so, write the id of one of them: {ids}", ids=few)
        if found:
            return tr("write {instead}", instead=found[0])
        if self._nearest is None:
            names = Counter(name for _, name in self._named if name)
            self._nearest = Nearest(filter(is_id, self.ids))
            self._nearest_name = Nearest(name for name, n in names.items() if n == 1)
        hint = self._nearest.hint(text)
        if not hint and (name := self._nearest_name.closest(text)):
            id_ = self.id_of(name)
            if id_ is None or id_ == name:
                return tr("did you mean {name}?", name=shown(name))
            return tr("did you mean {id} ({name})?", id=shown(id_), name=name)
        return hint


def names_in(*tables: Table[Any]) -> Names:
    """The names of all rows of tables, right or not."""
    rows = (row for table in tables for row in table.rows if row.id is not None)
    return Names((str(row.id), name_of(row.tree)) for row in rows)


def name_of(row: Map) -> str | None:
    """The name that a row has."""
    name = row.get("name")
    return name if isinstance(name, str) else None
