"""Tags of leaders: what `mix` and `policy.groups` ask for is what leaders have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cadreplan.documents.findings import Nearest, shown
from cadreplan.documents.parsed.roster import DERIVED_TAGS, RosterDocument, is_derived
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.tree import Map
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule, some_of

_MISSPELT = 0.75
"""Likeness of two tags, from 0 to 1 for the same, from which on one is taken for the other misspelt."""


@rule("reserved-tag", "error", "a tag has a name that says something else")
def reserved_tag(document: RosterDocument) -> Iterator[Found]:
    """A leader has a tag `branch` or `role`.

    What `mix` calls so is told by the leader's own branch and role. Of a file the first such leader is told.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {role: deputy}}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {post: deputy}}
    """
    told = set()
    for row, leader in document.leaders.valid():
        for tag in DERIVED_TAGS:
            if tag in leader.tags and (row.file, tag) not in told:
                told.add((row.file, tag))
                message = tr("tags: found the tag {tag}, which every leader has without it", tag=shown(tag))
                yield _at_tag(row, tag, message, tr("give it another name, or take it out"))


@rule("misspelt-tag", "error", "a tag is spelt almost like one that is asked for")
def misspelt_tag(document: RosterDocument) -> Iterator[Found]:
    """Leaders have a tag that nothing names, spelt almost like one that is named and that they don't have.

    Tags are named by `mix` and by `policy.groups`.

    Usually the header of a column, or a key, has a typing mistake, and the people of a whole table would
    count as if they had no such tag.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gendr: f}}
        mix:
          - {tag: gender, value: f, each: class, at_least: 10%}
        policy: {weights: {mix: 100}}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
        mix:
          - {tag: gender, value: f, each: class, at_least: 10%}
        policy: {weights: {mix: 100}}
    """
    named = document.named_tags
    if not named:
        return
    first: dict[tuple[str, str], Row[LeaderSpec]] = {}
    both: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, leader in document.leaders.valid():
        for tag in leader.tags:
            if tag not in named:
                first.setdefault((row.file, tag), row)
                both[row.file, tag].update(leader.tags)
    nearest = Nearest(sorted(named))
    for (file, tag), row in first.items():
        meant = nearest.closest(tag, _MISSPELT)
        if meant is not None and meant not in both[file, tag]:
            message = tr("tags: found the tag {tag}, which nothing asks for", tag=shown(tag))
            yield _at_tag(row, tag, message, tr("did you mean {name}?", name=shown(meant)))


@rule("tag-nobody-has", "warning", "mix or groups count what no leader has")
def tag_nobody_has(document: RosterDocument) -> Iterator[Found]:
    """An entry of `mix` names a tag, or a value of one, that no leader has, or `policy.groups` such a tag.

    It counts nobody then: `at_least` can never be met, `at_most` always is, and groups mix nothing by it.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
        mix:
          - {tag: gender, value: female, each: class, at_least: 1}
        policy: {weights: {mix: 100}}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
        mix:
          - {tag: gender, value: f, each: class, at_least: 1}
        policy: {weights: {mix: 100}}
    """
    if not document.leaders.whole:
        return
    for row, mix in document.mix.valid():
        held = _held(document, mix.tag)
        if held is None:
            continue
        if not held:
            message = tr("tag: found {tag}, which no leader has", tag=shown(mix.tag))
            yield at(row, ("tag",), message, _tags_held(document, mix.tag))
        elif mix.value is not None and mix.value not in held:
            message = tr(
                "value: found {value}, a value of {tag} that no leader has",
                value=shown(mix.value),
                tag=shown(mix.tag),
            )
            hint = tr("leaders have: {tags}", tags=some_of(held))
            yield at(row, ("value",), message, Nearest(held).hint(mix.value) or hint)
    for tag in () if document.policy is None else document.policy.groups:
        if not _held(document, tag):
            mark = document.mark("policy", "groups", tag)
            message = tr("groups: found {tag}, a tag that no leader has", tag=shown(tag))
            yield Found(document.file, mark, message, _tags_held(document, tag))


def _tags_held(document: RosterDocument, tag: str) -> str:
    """A hint at what is meant by a tag that nobody has."""
    near = Nearest(sorted(document.held_tags)).hint(tag)
    if near or is_derived(tag):
        deepest = max((len(document.lineage(row.id)) for row in document.branches.rows if row.id), default=0)
        levels = [f"branch:{n}" for n in range(1, deepest)]
        return near or tr("leaders have: {tags}", tags=some_of([*DERIVED_TAGS, *levels]))
    own = tr("a column of the table is headed {header}", header=f"tags.{tag}")
    known = sorted(document.held_tags)
    return tr("leaders have: {tags}; {own}", tags=some_of(known), own=own) if known else own


def _held(document: RosterDocument, tag: str) -> list[str] | None:
    """The values of a tag that leaders have, sorted; None where that can't be told."""
    if not is_derived(tag):
        return sorted(document.held_tags.get(tag, ()))
    found: set[str] = set()
    for _, leader in document.leaders.valid():
        if tag == "role":
            found.update(filter(None, [leader.role]))
            continue
        line = document.lineage(leader.branch)[::-1]
        below = int(tag.removeprefix("branch:")) if tag != "branch" else len(line) - 1
        found.update(line[below : below + 1])
    return sorted(found)


def _at_tag(row: Row[LeaderSpec], tag: str, message: str, hint: str) -> Found:
    tags = row.tree.get("tags")
    mark = tags.key_mark(tag) if isinstance(tags, Map) else row.mark("tags")
    return Found(row.file, mark, message, hint)


ROSTER_RULES = (reserved_tag, misspelt_tag, tag_nobody_has)
