"""The discussion groups of a session: who sits in each, and what each mixes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n
from cadreplan.tags import value_of
from cadreplan.verification import groups as proof
from cadreplan.views.season import Season
from cadreplan.views.wording import with_people

_TOLD = 4
"""Values of a tag that a group is told with numbers; of more it is told how many are different."""


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody in a group."""

    leader: int
    id: str
    name: str
    branch: str
    role: str
    headcount: int

    @property
    def who(self) -> str:
        """The name, with the number of people where the row has more than one."""
        return with_people(self.name, self.headcount)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of a session, numbered from 1; `mixes` has a text for each of `tags_of`."""

    number: int
    people: int
    sitters: tuple[Sitter, ...]
    mixes: tuple[str, ...]

    @property
    def title(self) -> str:
        return tr("Group {n}", n=self.number)


def tags_of(instance: Instance, session: int) -> list[str]:
    """The tags that groups of a session are asked about, those of the policy first."""
    asked = (
        mix.tag
        for mix in instance.mix
        if mix.each == "group" and (mix.sessions is None or session in mix.sessions)
    )
    return list(dict.fromkeys((*(tag for tag, _ in instance.policy.groups), *asked)))


def tag_name(tag: str) -> str:
    """A tag as a column is headed by it."""
    if tag == "role":
        return tr("post")
    if tag == "branch":
        return tr("branch")
    if tag.startswith("branch:"):
        return tr("branch, level {n}", n=int(tag.partition(":")[2]))
    return tag


def group_rows(season: Season, session: int) -> list[GroupRow]:
    """The groups of a session in their order; none where it has none."""
    instance = season.instance
    tags = tags_of(instance, session)
    rows = []
    for number, ids in enumerate(season.groups(session), 1):
        leaders = [instance.leader_by_id[id_] for id_ in ids if id_ in instance.leader_by_id]
        rows.append(
            GroupRow(
                number,
                sum(instance.leaders[i].headcount for i in leaders),
                tuple(_sitter(instance, i) for i in leaders),
                tuple(_mixes(instance, leaders, tag) for tag in tags),
            )
        )
    return rows


def _sitter(instance: Instance, i: int) -> Sitter:
    leader = instance.leaders[i]
    role = "" if leader.role is None else instance.roles[leader.role].name
    branch = instance.branches[leader.branch].name
    return Sitter(i, leader.id, leader.name, branch, role, leader.headcount)


def _mixes(instance: Instance, leaders: Sequence[int], tag: str) -> str:
    """How often each value of a tag is in a group, the most frequent first; of many, how many there are."""
    found: Counter[str] = Counter()
    for i in leaders:
        value = value_of(instance, instance.leaders[i], tag)
        if value is not None:
            found[_value_name(instance, tag, value)] += instance.leaders[i].headcount
    if len(found) > _TOLD:
        alike = sum(n for n in found.values() if n > 1)
        told = tr_n("{n:,} value", "{n:,} values", len(found))
        return told if not alike else tr("{values}, {n:,} people share one", values=told, n=alike)
    order = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return " ".join(f"{value} {n}" for value, n in order)


def _value_name(instance: Instance, tag: str, value: str) -> str:
    """A value as people know it: branches and posts by name."""
    if tag == "role":
        return next((role.name for role in instance.roles if role.id == value), value)
    if tag.partition(":")[0] == "branch":
        return next((branch.name for branch in instance.branches if branch.id == value), value)
    return value


def is_proven(season: Season, session: int) -> bool:
    """Whether no groups of these people are better, by what can be counted without a solver."""
    entries = {session: season.groups(session)}
    people = {session: season.cohorts[session]}
    have = proof.goals(season.instance, entries, people)
    return have.order == proof.closed_form(season.instance, entries, people).order
