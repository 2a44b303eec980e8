"""Values of a YAML document rewritten in the plain form, where they stand; all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cadreplan.documents.editing.yaml import Piece, quoted, rewritten
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.schema.curriculum import ENTRY_SPECS
from cadreplan.documents.schema.roster import RosterSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.values.plain import Known, Reader, plain_cell, split_pair
from cadreplan.documents.yaml.reader import Node, layout


def fixed_curriculum(text: str, document: CurriculumDocument, known: Known) -> str:
    """The text of a curriculum with the values of its tables in the plain form."""
    root = layout(text)
    pieces: list[Piece] = []
    for name in document.tables:
        rows = root.child(name)
        if rows is not None and rows.kind == "map":
            readers = _readers(ENTRY_SPECS[name], Known(name, known.names, known.horizon))
            for row in rows.children[1::2]:
                pieces += _of_row(row, readers)
    return rewritten(text, document.file, set(pieces))


def fixed_roster(text: str, document: RosterDocument, known: Known) -> str:
    """The text of a roster with its horizon, and the rows that stand in it, in the plain form."""
    root = layout(text)
    pieces: list[Piece] = []
    horizon = root.child("horizon")
    if horizon is not None:
        pieces += _of_value(horizon, plain_cell(RosterSpec, "horizon", Known()))
    for name in document.tables:
        rows = root.child(name)
        if rows is not None and rows.kind == "seq":
            pieces += _of_rows(rows.children, ROW_SPECS[name], Known(name, known.names, known.horizon))
    return rewritten(text, document.file, set(pieces))


def fixed_rows(text: str, file: str, spec: type[Spec], known: Known) -> str:
    """The text of a table with its rows in the plain form."""
    root = layout(text)
    rows = root.children if root.kind == "seq" else []
    return rewritten(text, file, set(_of_rows(rows, spec, known)))


def _of_rows(rows: Iterable[Node], spec: type[Spec], known: Known) -> Iterator[tuple[int, int, str]]:
    readers = _readers(spec, known)
    for row in rows:
        yield from _of_row(row, readers)


def _readers(spec: type[Spec], known: Known) -> dict[str, Reader]:
    return {key: plain_cell(spec, key, known) for key in spec.keys if key not in ("id", "location")}


def _of_row(row: Node, readers: dict[str, Reader]) -> Iterator[tuple[int, int, str]]:
    if row.kind != "map":
        return
    for key, value in zip(row.children[::2], row.children[1::2], strict=True):
        reader = readers.get(key.value or "")
        if reader is not None:
            yield from _of_value(value, reader)


def _of_value(node: Node, read: Reader) -> Iterator[tuple[int, int, str]]:
    """The pieces to change in a value: a text, the items of a list, the entries of a map."""
    if node.anchored or node.value == "":
        return
    if node.kind == "scalar" and node.value is not None:
        said = read(node.value)
        if said not in (node.value, "") and ";" not in said:
            yield node.start, node.end, quoted(said)
    elif node.kind == "seq":
        yield from _of_items(node, read)
    elif node.kind == "map":
        yield from _of_entries(node, read)


def _of_items(node: Node, read: Reader) -> Iterator[tuple[int, int, str]]:
    """One item may become several in a list that is written on a line."""
    for item in node.children:
        if item.kind == "scalar" and item.value is not None and not item.anchored:
            parts = [part.strip() for part in read(item.value).split(";") if part.strip()]
            if parts and parts != [item.value] and (len(parts) == 1 or node.flow):
                yield item.start, item.end, ", ".join(map(quoted, parts))


def _of_entries(node: Node, read: Reader) -> Iterator[tuple[int, int, str]]:
    for key, value in zip(node.children[::2], node.children[1::2], strict=True):
        if key.kind != "scalar" or value.kind != "scalar" or key.value is None or value.value is None:
            continue
        name, colon, said = split_pair(read(f"{key.value}:{value.value}"))
        if not colon or set(said) & set(":;"):
            continue
        if name != key.value:
            yield key.start, key.end, quoted(name)
        if said != value.value:
            yield value.start, value.end, quoted(said)
