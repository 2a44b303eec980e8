"""Changing a YAML text where it stands: comments, order, quotes and all that isn't changed stay as they are.

Pieces of the text are replaced at the places of its nodes. What is anchored or an alias is written out
instead of changed, so that nothing else changes with it. The outcome is read again and compared with what it
should say, so that no style can be misread silently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.findings import Findings
from cadreplan.documents.tree import START, Map, Seq, Tree
from cadreplan.documents.yaml.reader import Node, layout, parse
from cadreplan.errors import UsageError
from cadreplan.language import tr

_PLAIN = re.compile(r"(?:\.{1,2}/)*[^\W_][\w.@/-]*")
Piece = tuple[int, int, str]
"""A part of a text, from a character to behind another, and what to write there."""
Paths = str | list[str]
"""The path of a file that a key names, or those of several."""
_NOT_A_TEXT = frozenset(("null", "~", ""))


def edited(
    text: str, file: str, changes: Mapping[str, LeaderChange], paths: Mapping[str, Paths], table: str | None
) -> str:
    """The text with other values in the rows of leaders, by id, and in keys of the document.

    The rows are the list behind the key `table`, or the document itself if it is None. Raises `UsageError`
    where the text is written in a way that can't be changed in place.
    """
    root = layout(text)
    editor = _Editor(text, root)
    for key, path in paths.items():
        node = root.child(key)
        if node is not None:
            several = isinstance(path, list)
            editor.replace(node, f"[{', '.join(map(quoted, path))}]" if several else quoted(str(path)))
    rows = root if table is None else root.child(table)
    if changes and rows is not None:
        rows = rows.target or rows
        for row in rows.children:
            change = changes.get(_id(row) or "")
            if change is not None:
                editor.change(row, change)
    after = editor.text()
    _verify(text, after, file, changes, paths, table)
    return after


def rewritten(text: str, file: str, pieces: Iterable[Piece]) -> str:
    """The text with its pieces; raises `UsageError` where it can't be read any more."""
    after, findings = _put_together(text, sorted(pieces)), Findings()
    parse(after, file, findings)
    if findings.items:
        raise UsageError(tr("{file} is written in a way that can't be changed in place", file=file))
    return after


def _put_together(text: str, pieces: Iterable[Piece]) -> str:
    out, at = [], 0
    for start, end, piece in sorted(pieces, key=lambda p: p[:2]):
        out += [text[at:start], piece]
        at = end
    return "".join([*out, text[at:]])


def quoted(value: str) -> str:
    """A text as a YAML scalar: plain where that can't be misread."""
    plain = _PLAIN.fullmatch(value) and value not in _NOT_A_TEXT
    return value if plain else json.dumps(value, ensure_ascii=False)


def changed_row(row: Map, change: LeaderChange) -> None:
    """Make the change in a row's tree: what the row has to say afterwards."""
    for name, entries in change.entries.items():
        held = Map(START)
        held.update({**_map(row.get(name)), **entries})
        row[name] = held
    for name, items in change.items.items():
        done, before = Seq(START), row.get(name)
        done += [*(before if isinstance(before, Seq) else ()), *items]
        row[name] = done
    for name, keys in change.gone.items():
        left = Map(START)
        left.update({k: v for k, v in _map(row.get(name)).items() if k not in keys})
        row[name] = left
    for name, number in change.numbers.items():
        row[name] = number
    for name in change.emptied:
        if name in row:
            row[name] = None


def _map(value: Tree) -> Map:
    return value if isinstance(value, Map) else Map(START)


def _verify(
    before: str,
    after: str,
    file: str,
    changes: Mapping[str, LeaderChange],
    paths: Mapping[str, Paths],
    table: str | None,
) -> None:
    findings = Findings()
    wanted, found = parse(before, file, Findings()), parse(after, file, findings)
    if isinstance(wanted, Map):
        for key, path in paths.items():
            if key in wanted:
                wanted[key] = _as_tree(path)
    rows = wanted.get(table) if table is not None and isinstance(wanted, Map) else wanted
    for row in rows if isinstance(rows, Seq) and changes else ():
        if isinstance(row, Map) and (change := changes.get(str(row.get("id")))):
            changed_row(row, change)
    if findings.items or found != wanted:
        raise UsageError(
            tr(
                "{file} is written in a way that can't be changed in place: write its rows as"
                " {example}, or its leaders as a CSV table",
                file=file,
                example="- {id: L1, skills: {a: 1}}",
            )
        )


def _as_tree(path: Paths) -> Tree:
    if isinstance(path, str):
        return path
    several = Seq(START)
    several += path
    return several


def _id(row: Node) -> str | None:
    node = row.child("id") if row.kind == "map" else None
    return node.value if node is not None else None


class _Editor:
    """Collects the pieces of a text that are replaced."""

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._root = root
        self._pieces: list[Piece] = []
        self._lost: set[int] = set()
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def text(self) -> str:
        """The text with all pieces replaced; aliases of what is gone are written out."""
        if self._lost:
            spans = [(start, end) for start, end, _ in self._pieces]
            for node in _walk(self._root):
                if node.kind == "alias" and id(node.target) in self._lost and node.target is not None:
                    inside = any(start <= node.start and node.end <= end for start, end in spans)
                    if not inside:
                        self._pieces.append((node.start, node.end, self._flow(node.target)))
        return _put_together(self._text, self._pieces)

    def change(self, row: Node, change: LeaderChange) -> None:
        """Make a change in a row."""
        new: list[tuple[str, str]] = []
        for name, entries in change.entries.items():
            new += self._map(row, name, entries)
        for name, items in change.items.items():
            new += self._list(row, name, items)
        for name, keys in change.gone.items():
            self._take_away(row, name, keys)
        for name, number in change.numbers.items():
            node = row.child(name)
            if node is None:
                new.append((name, number))
            else:
                self.replace(node, number)
        for name in change.emptied:
            if (node := row.child(name)) is not None:
                self.replace(node, "~")
        self._add(row, [f"{key}: {value}" for key, value in new])

    def replace(self, node: Node, new: str) -> None:
        """Rewrite a value."""
        if node.start == node.end:
            new = f" {new}"  # behind the colon
        elif node.kind in ("map", "seq") and not node.flow:
            new = f"  {new}"  # a list may stand below its key without being indented
        end = node.end
        if self._text[node.start : end].endswith("\n"):
            new += self._newline
        self._pieces.append((node.start, end, new))
        self._lost |= {id(inner) for inner in _walk(node) if inner.anchored}

    def _map(self, row: Node, key: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """Set entries of a map in place; what has to be added to the row where it has none."""
        node = row.child(key)
        entries = [f"{quoted(k)}: {v}" for k, v in values.items()]
        if node is None:
            return [(key, "{" + ", ".join(entries) + "}")]
        if node.kind != "map" or node.anchored:
            kept = self._entries(node, without=values)
            self.replace(node, "{" + ", ".join([*kept, *entries]) + "}")
            return []
        for name, value in values.items():
            if (inner := node.child(name)) is not None:
                self.replace(inner, value)
        self._add(node, [e for (k, e) in zip(values, entries, strict=True) if node.child(k) is None])
        return []

    def _list(self, row: Node, key: str, items: tuple[str, ...]) -> list[tuple[str, str]]:
        """Append to a list in place; what has to be added to the row where it has none."""
        node, texts = row.child(key), [quoted(item) for item in items]
        if node is None:
            return [(key, "[" + ", ".join(texts) + "]")]
        if node.kind != "seq" or node.anchored:
            held = (node.target or node).children
            self.replace(node, "[" + ", ".join([*map(self._flow, held), *texts]) + "]")
        elif node.flow:
            self._add(node, texts)
        else:
            last = node.children[-1]
            dash = self._text.rindex("-", 0, last.start)
            indent = " " * (dash - self._text.rfind("\n", 0, dash) - 1)
            self._lines(last, [f"{indent}- {text}" for text in texts])
        return []

    def _take_away(self, row: Node, key: str, names: tuple[str, ...]) -> None:
        """Take entries out of a map."""
        node = row.child(key)
        if node is None:
            return
        keys = node.children[::2]
        if node.kind != "map" or node.anchored or all(k.value in names for k in keys):
            self.replace(node, "{" + ", ".join(self._entries(node, without=dict.fromkeys(names))) + "}")
            return
        stays = [n for n, inner in enumerate(keys) if inner.value not in names]
        for n, inner in enumerate(keys):
            if n in stays:
                continue
            value = node.children[2 * n + 1]
            self._lost |= {id(x) for x in (*_walk(inner), *_walk(value)) if x.anchored}
            if n > stays[-1]:
                continue
            start, end = inner.start, keys[n + 1].start
            if not node.flow:
                start = self._text.rfind("\n", 0, start) + 1
                end = self._text.find("\n", value.end) + 1
            self._pieces.append((start, end, ""))
        if stays[-1] + 1 < len(keys):  # from behind the last that stays
            kept, last = node.children[2 * stays[-1] + 1], node.children[-1]
            ends = (kept.end, last.end) if node.flow else (self._line_end(kept), self._line_end(last))
            self._pieces.append((*ends, ""))

    def _add(self, node: Node, entries: list[str]) -> None:
        """Add entries at the end of a map or a list in flow style, or of a map in block style."""
        if not entries:
            return
        if not node.flow:
            first, last = node.children[0], node.children[-1]
            indent = " " * (first.start - self._text.rfind("\n", 0, first.start) - 1)
            self._lines(last, [indent + entry for entry in entries])
        elif node.children:
            last = node.children[-1]
            is_set = any(start == last.start for start, _, _ in self._pieces[-8:])
            empty = " ~" if node.kind == "map" and last.start == last.end and not is_set else ""
            self._pieces.append((last.end, last.end, f"{empty}, " + ", ".join(entries)))
        else:
            self._pieces.append((node.end - 1, node.end - 1, ", ".join(entries)))

    def _lines(self, last: Node, lines: list[str]) -> None:
        """Insert lines below the one on which a node ends."""
        text = self._newline.join(lines)
        if last.start < last.end and self._text[last.end - 1] == "\n":
            self._pieces.append((last.end, last.end, text + self._newline))
            return
        at = self._line_end(last)
        self._pieces.append((at, at, self._newline + text))

    def _line_end(self, node: Node) -> int:
        """Where the line ends on which a node does, before its line break."""
        end = self._text.find("\n", node.end)
        end = len(self._text) if end < 0 else end
        return end - 1 if self._text[end - 1 : end] == "\r" and end > node.end else end

    def _entries(self, node: Node, without: Mapping[str, object]) -> list[str]:
        held = (node.target or node).children
        pairs = zip(held[::2], held[1::2], strict=True)
        return [f"{self._flow(k)}: {self._flow(v)}" for k, v in pairs if k.value not in without]

    def _flow(self, node: Node) -> str:
        """A value in flow style, without anchors and aliases."""
        node = node.target or node
        if node.kind == "map":
            return "{" + ", ".join(self._entries(node, without={})) + "}"
        if node.kind == "seq":
            return "[" + ", ".join(map(self._flow, node.children)) + "]"
        return "~" if node.value is None else quoted(node.value)


def _walk(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        yield (inner := stack.pop())
        stack += inner.children
