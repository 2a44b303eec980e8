"""YAML text to a tree with positions, from libyaml's events.

The events are walked without recursion, so that no nesting can exhaust the stack. Nothing is typed here:
`012`, `NO` and `1:30` stay text. A plain empty scalar, `~` and `null` are "nothing written". Tags, merge
keys, several documents and keys that are no scalars have no meaning in these documents and are findings.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from cadreplan.documents.findings import Findings, full_width_hint, shown
from cadreplan.documents.tree import START, Map, Mark, Seq, Tree, line_and_column, mark_of
from cadreplan.language import tr

MAX_DEPTH = 64
MAX_NODES = 5_000_000
"""Keys, values, lists and maps of a document: a roster of 20,000 leaders has 500,000."""
MAX_EXPANDED_NODES = 1_000_000
"""Nodes that all aliases of a document may stand for."""

_NOTHING = frozenset(("", "~", "null"))
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@contextmanager
def gc_paused() -> Iterator[None]:
    """Keep the cycle collector from walking a growing tree again and again; the tree has no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def parse(text: str, file: str, findings: Findings) -> Map | Seq | None:
    """The root of the one document in `text`; None, with a finding, where reading had to stop."""
    builder = _Builder(file, findings)
    try:
        with gc_paused():
            return builder.build(yaml.CSafeLoader(text).get_event)
    except _StopError as stop:
        findings.error(file, stop.mark, stop.rule, stop.message, stop.hint)
    except yaml.reader.ReaderError:
        _unprintable(text, file, findings)
    except yaml.MarkedYAMLError as error:
        _syntax(error, text, file, findings)
    return None


class _StopError(Exception):
    """Reading can't go on."""

    def __init__(self, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.mark, self.rule, self.message, self.hint = mark, rule, message, hint


class _Builder:
    """Builds one tree from one stream of events."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._anchors: dict[str, tuple[Tree, int]] = {}
        self._expanded = 0

    def build(self, get_event: Callable[[], Any]) -> Map | Seq:
        """Read all events up to the end of the stream."""
        get_event()  # the start of the stream
        event = get_event()
        if type(event) is yaml.StreamEndEvent:
            raise _StopError(START, "syntax", tr("the file is empty, expected a document"))
        root = self._document(get_event)
        event = get_event()
        if type(event) is not yaml.StreamEndEvent:
            raise _StopError(
                _start(event),
                "several-documents",
                tr("a second document begins here, expected one document in a file"),
                tr("move it to a file of its own"),
            )
        return root

    def _document(self, get_event: Callable[[], Any]) -> Map | Seq:  # noqa: PLR0912, PLR0915 (one tight loop)
        scalar, alias, map_start, seq_start = (
            yaml.ScalarEvent,
            yaml.AliasEvent,
            yaml.MappingStartEvent,
            yaml.SequenceStartEvent,
        )
        holder = Seq(START)  # takes the root as its only item
        top: Map | Seq = holder
        in_map, key, key_mark = False, None, 0
        stack: list[tuple[Map | Seq, bool, str | None, Mark, str | None, int]] = []
        nodes = 0
        while True:
            event = get_event()
            kind = type(event)
            value: Tree
            if kind is scalar:
                start = event.start_mark
                mark = (start.line + 1) << 32 | (start.column + 1)
                text = event.value
                nodes += 1
                if nodes > MAX_NODES:
                    message = tr("found more than {n:,} values, here", n=MAX_NODES)
                    raise _StopError(mark, "too-large", message)
                if event.tag is not None or event.anchor is not None:
                    self._tag(event)
                if in_map and key is None:
                    key, key_mark = text, mark
                    if event.anchor is not None:
                        self._anchors[event.anchor] = (text, 1)
                    if text == "<<" and event.implicit[0]:
                        raise _StopError(
                            mark,
                            "merge-key",
                            tr("found the merge key '<<', which these documents don't have"),
                            tr("write the entries out, or use an alias for a whole value"),
                        )
                    continue
                value = None if text in _NOTHING and event.implicit[0] else text
                if event.anchor is not None:
                    self._anchors[event.anchor] = (value, 1)
            elif kind is map_start or kind is seq_start:
                mark = _start(event)
                nodes += 1
                if event.tag is not None:
                    self._tag(event)
                if in_map and key is None:
                    message = tr("found a map or a list as a key, expected text before the ':'")
                    raise _StopError(mark, "wrong-type", message)
                if len(stack) >= MAX_DEPTH:
                    message = tr("nested deeper than {n} levels, expected fewer than ten", n=MAX_DEPTH)
                    raise _StopError(mark, "too-deep", message)
                stack.append((top, in_map, key, key_mark, event.anchor, nodes))
                in_map, key = kind is map_start, None
                top = Map(mark) if in_map else Seq(mark)
                continue
            elif kind is alias:
                mark = _start(event)
                value, size = self._expand(event.anchor, mark)
                nodes += size
                if in_map and key is None:
                    if not isinstance(value, str):
                        raise _StopError(mark, "wrong-type", tr("found an alias of no text as a key"))
                    key, key_mark = value, mark
                    continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value, mark = top, top.mark
                top, in_map, key, key_mark, anchor, before = stack.pop()
                if anchor is not None:
                    self._anchors[anchor] = (value, nodes - before + 1)
            else:  # the end of the document
                root = holder[0]
                if isinstance(root, Map | Seq):
                    return root
                message = tr("found {value} as the whole document, expected a map", value=shown(root))
                raise _StopError(holder.marks[0], "wrong-type", message)
            if isinstance(top, Seq):
                top.append(value)
                top.marks.append(mark)
            else:
                assert key is not None
                if key in top:
                    self._duplicate(top, key, key_mark)
                else:
                    top[key] = value
                    top.marks += (key_mark, mark)
                key = None

    def _expand(self, anchor: str, mark: Mark) -> tuple[Tree, int]:
        if anchor not in self._anchors:
            message = tr(
                "alias *{name} stands for nothing: no complete value before it has &{name}", name=anchor
            )
            raise _StopError(mark, "syntax", message)
        value, size = self._anchors[anchor]
        self._expanded += size
        if self._expanded > MAX_EXPANDED_NODES:
            message = tr("aliases expand to more than {n:,} nodes here", n=MAX_EXPANDED_NODES)
            raise _StopError(mark, "alias-expansion", message)
        return value, size

    def _tag(self, event: Any) -> None:
        if event.tag is not None:
            self._findings.error(
                self._file,
                _start(event),
                "yaml-tag",
                tr("found the tag {tag}, expected a value without one", tag=shown(event.tag)),
                tr("remove the tag: the type of a value comes from its field"),
            )

    def _duplicate(self, top: Map | Seq, key: str, mark: Mark) -> None:
        assert isinstance(top, Map)
        line, column = line_and_column(top.key_mark(key))
        self._findings.error(
            self._file,
            mark,
            "duplicate-key",
            tr(
                "found the key {key} again, expected it once: the first is at {line}:{column}",
                key=shown(key),
                line=line,
                column=column,
            ),
            tr("remove one of the two"),
        )


class Node:
    """Where a value stands in its text, from its first character to behind its last, in characters.

    `children` of a map are its keys and values in turn. `target` is what an alias stands for. A list or map
    in block style ends with its last child; what nothing is written for begins and ends behind its colon.
    """

    __slots__ = ("anchored", "children", "end", "flow", "kind", "start", "target", "value")

    def __init__(
        self, kind: str, start: int, end: int, *, flow: bool = False, anchored: bool = False
    ) -> None:
        self.kind, self.start, self.end, self.flow, self.anchored = kind, start, end, flow, anchored
        self.value: str | None = None
        self.children: list[Node] = []
        self.target: Node | None = None

    def child(self, key: str) -> Node | None:
        """The value of a key of a map; None where it has none."""
        keys = self.children[::2]
        return next((self.children[2 * k + 1] for k, node in enumerate(keys) if node.value == key), None)


def layout(text: str) -> Node:
    """Where everything in a text stands; `parse` has found nothing wrong with the text."""
    get_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    root = Node("seq", 0, 0)
    top = root
    stack: list[Node] = []
    anchors: dict[Any, Node] = {}
    with gc_paused():
        while type(event := get_event()) is not yaml.StreamEndEvent:
            kind, anchor = type(event), getattr(event, "anchor", None)
            if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                top.end = event.end_mark.index if top.flow or not top.children else top.children[-1].end
                top = stack.pop()
                continue
            start, end = event.start_mark.index, event.end_mark.index
            if kind is yaml.ScalarEvent:
                node = Node("scalar", start, end, anchored=anchor is not None)
                node.value = None if event.value in _NOTHING and event.implicit[0] else event.value
            elif kind is yaml.AliasEvent:
                node = Node("alias", start, end)
                node.target = anchors[anchor]
                node.value = node.target.value
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                name = "map" if kind is yaml.MappingStartEvent else "seq"
                node = Node(name, start, end, flow=bool(event.flow_style), anchored=anchor is not None)
            else:
                continue
            top.children.append(node)
            if kind is not yaml.AliasEvent and anchor is not None:
                anchors[anchor] = node
            if node.kind in ("map", "seq"):
                stack.append(top)
                top = node
    return root.children[0]


def _start(event: Any) -> Mark:
    return mark_of(event.start_mark.line + 1, event.start_mark.column + 1)


def _unprintable(text: str, file: str, findings: Findings) -> None:
    """libyaml gives a byte offset for these; the position is looked up in the text itself."""
    found = _NOT_PRINTABLE.search(text)
    at = found.start() if found else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    if found:
        message = tr("found U+{code:04X}, which YAML doesn't allow", code=ord(text[at]))
    else:
        message = tr("found a character, which YAML doesn't allow")
    findings.error(file, mark_of(line, column), "syntax", message, tr("remove it"))


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str, findings: Findings) -> None:
    place = error.problem_mark or error.context_mark
    line, column = (place.line, place.column) if place else (0, 0)
    first = min(line, error.context_mark.line) if error.context_mark else line
    lines = text.split("\n")
    written = "\n".join(lines[first : line + 1][:3])
    if (
        first and ":" not in lines[first - 1]
    ):  # a line that was to be `key: value` is why this one can't be read
        written = lines[first - 1] + "\n" + written
    hint = _syntax_hint(written, f"{error.problem} {error.context}")
    findings.error(file, mark_of(line + 1, column + 1), "syntax", _syntax_message(error), hint)


def _syntax_message(error: yaml.MarkedYAMLError) -> str:
    if not error.problem:
        return tr("this can't be read as YAML")
    problem = tr(error.problem)
    if not error.context:
        return problem
    context, begun = tr(error.context), error.context_mark
    if begun is None:
        return tr("{problem} {context}", problem=problem, context=context)
    return tr(
        "{problem} {context} (begun at {line}:{column})",
        problem=problem,
        context=context,
        line=begun.line + 1,
        column=begun.column + 1,
    )


def _syntax_hint(written: str, problem: str) -> str:
    wide = full_width_hint(written)
    if wide:
        return wide
    if "\t" in written or "tab" in problem:
        return tr("indent with spaces: YAML takes no tabs there")
    if "mapping values are not allowed" in problem:
        return tr("check the indentation, or quote a text that has ': ' in it")
    return ""
