"""A cell of a flat table as a tree: a list `a; b; c`, or a map `key:value; key:value`."""

from __future__ import annotations

from collections.abc import Iterable

from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.tree import Map, Mark, Seq, Tree
from cadreplan.documents.values.hints import entry_hint
from cadreplan.documents.values.plain import AT_LEVEL, NO_ENTRIES, OR, split_pair
from cadreplan.language import tr


def cell_of(text: str, shape: str, mark: Mark, file: str, findings: Findings, field: str) -> Tree:
    """What a cell in the plain form holds, by the shape of its `field`; findings for what can't be read."""
    if text == NO_ENTRIES and shape in ("map", "gaps"):
        return Map(mark)
    parts = [part.strip() for part in text.split(";")]
    if not parts[-1]:
        parts.pop()
    if shape == "choices":
        return _choices(parts, mark)
    if shape == "list" and not text.startswith("every:"):
        items = Seq(mark)
        items.extend([part or None for part in parts])
        items.marks = [mark] * len(parts)
        return items
    entries = Map(mark)
    for part in parts:
        key, colon, value = split_pair(part)
        key = key.rstrip()
        if not colon or not key:
            message = tr(
                "{field}: found {part}, expected key:value; key:value", field=field, part=shown(part)
            )
            findings.error(file, mark, "wrong-value", message, entry_hint(part))
        elif key in entries:
            message = tr("{field}: found the key {key} again, expected it once", field=field, key=shown(key))
            findings.error(file, mark, "duplicate-key", message)
        else:
            entries[key] = _gap(value, mark) if shape == "gaps" else value.lstrip() or None
            entries.marks += (mark, mark)
    return entries if shape != "entries" else _as_list(entries, mark)


def _gap(text: str, mark: Mark) -> Tree:
    """The weight of a skill gap; or, behind an @, the level needed beside it."""
    weight, at, level = (part.strip() for part in text.partition(AT_LEVEL))
    if not at:
        return weight or None
    gap = Map(mark)
    for key, value in (("weight", weight), ("level", level)):
        gap.add(key, value or None, mark, mark)
    return gap


def _choices(parts: Iterable[str], mark: Mark) -> Seq:
    """A list of texts, and of lists for what is written `F1|F1X`."""
    items = Seq(mark)
    for part in parts:
        one_of = Seq(mark)
        for choice in part.split(OR):
            one_of.add(choice.strip() or None, mark)
        items.add(one_of if len(one_of) > 1 else one_of[0], mark)
    return items


def _as_list(entries: Map, mark: Mark) -> Seq:
    """`R1:40; R2:60` as a list of maps with `id` and `seats`."""
    items = Seq(mark)
    for key, value in entries.items():
        item = Map(mark)
        item.add("id", key, mark, mark)
        item.add("seats", value, mark, mark)
        items.add(item, mark)
    return items
