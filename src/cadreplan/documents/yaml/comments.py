"""`# cadreplan: ignore[rule-id]` at the end of a line: findings on that line that are not to be shown.

On the line of a roster that names a table file it counts for all of that table, whose own lines have no
comments. The YAML reader drops comments, so lines that have one are looked at in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.findings import Nearest, shown
from cadreplan.language import tr

UNKNOWN, UNUSED = "unknown-ignore", "unused-ignore"

_COMMENT = re.compile(r"(?:^|\s)#")
_IGNORE = re.compile(r"\bcadreplan:\s*ignore\[([^\[\]]*)\]")
_MARK = "ignore["
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What YAML counts as one."""

NamedAt = tuple[str, int, str]
"""Where a roster names a table file: its own file, the line, and the sheet, if any."""


@dataclass(frozen=True, slots=True)
class _Ignore:
    file: str
    line: int
    column: int
    rule: str


class Ignores:
    """All such comments of some files; `named` has the lines that name each table file."""

    def __init__(self, texts: Mapping[str, str], named: Mapping[str, Sequence[NamedAt]]) -> None:
        self._named = named
        self._used: set[tuple[str, int, str]] = set()
        self._all = [one for file, text in sorted(texts.items()) for one in _ignores(file, text)]
        self._there = {(one.file, one.line, one.rule) for one in self._all}

    def left(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that no comment names."""
        if not self._there:
            return list(found)
        kept = []
        for one in found:
            places = [(one.file, one.line, one.rule)]
            places += (
                (file, line, one.rule)
                for file, line, sheet in self._named.get(one.file, ())
                if not sheet or one.message.startswith(f"{sheet}!")
            )
            hit = [place for place in places if place in self._there]
            self._used.update(hit)
            if not hit:
                kept.append(one)
        return kept

    def useless(self, rules: Iterable[str], judged: Callable[[str, str], bool]) -> Iterator[Diagnostic]:
        """A finding for each that names no rule, or a rule that found nothing there.

        `judged` says of a file and a rule whether it was applied, so that nothing found says something.
        """
        known = set(rules)
        nearest = Nearest(sorted(known))
        for one in self._all:
            place = (one.file, one.line, one.column)
            if one.rule not in known:
                hint = nearest.hint(one.rule) or tr("`cadreplan rule` lists all")
                message = tr("there is no rule {rule} to ignore", rule=shown(one.rule))
                yield Diagnostic(*place, "warning", UNKNOWN, message, hint)
            elif (
                one.rule not in (UNKNOWN, UNUSED)
                and (one.file, one.line, one.rule) not in self._used
                and judged(one.file, one.rule)
            ):
                message = tr("{rule} finds nothing here that could be ignored", rule=one.rule)
                yield Diagnostic(*place, "warning", UNUSED, message, tr("take it out of the comment"))


def _ignores(file: str, text: str) -> Iterator[_Ignore]:
    if _MARK not in text:
        return
    for number, line in enumerate(_LINE_BREAK.split(text), 1):
        if _MARK in line:
            for column, rule in _ignored(line):
                yield _Ignore(file, number, column, rule)


@lru_cache(maxsize=1024)
def _ignored(line: str) -> tuple[tuple[int, str], ...]:
    """Column and id of every rule that the comment of a line names."""
    begin = _COMMENT.search(line)
    if not begin:
        return ()
    found = []
    for match in _IGNORE.finditer(line, begin.end()):
        at = match.start(1)
        for part in match[1].split(","):
            id_ = part.strip()
            found.append((at + (part.index(id_) if id_ else 0) + 1, id_))
            at += len(part) + 1
    return tuple(found)
