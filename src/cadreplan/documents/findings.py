"""Collecting findings while files are read, and saying what was found in few words."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.tree import Map, Mark, Seq, line_and_column

_SHOWN = 40
_SUGGESTIONS = 200


class Findings:
    """Diagnostics in the order they are met; readers add to it and go on."""

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []
        self.texts: dict[str, str] = {}
        """The text of every YAML file that was read, for the comments in it."""

    def error(self, file: str, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        line, column = line_and_column(mark)
        self.items.append(Diagnostic(file, line, column, "error", rule, message, hint))

    @property
    def has_errors(self) -> bool:
        return any(item.is_error for item in self.items)


def shown(value: object) -> str:
    """A value as it is named in a message: quoted, escaped, and cut after 40 characters."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Map | dict):
        return "a map"
    if isinstance(value, Seq | list):
        return "a list"
    text = str(value)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + "'"


_FULL_WIDTH = dict(zip("：，；［］｛｝【】０１２３４５６７８９－", ":,;[]{}[]0123456789-", strict=True))


def full_width_hint(text: str) -> str:
    """What to write instead, if a text has punctuation or digits of a Chinese keyboard; else nothing."""
    wide = [f"'{_FULL_WIDTH[c]}' instead of '{c}'" for c in dict.fromkeys(text) if c in _FULL_WIDTH]
    return f"write {', '.join(wide[:4])}" if wide else ""


class Nearest:
    """Suggests the nearest known name, "did you mean 'x'?"; bounded, so that many findings stay quick."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known: Collection[str] = tuple(known)
        self._asked: dict[str, str] = {}

    def hint(self, name: str) -> str:
        if name not in self._asked:
            if len(self._asked) >= _SUGGESTIONS:
                return ""
            close = difflib.get_close_matches(name[:100], self._known, n=1)
            self._asked[name] = f"did you mean {shown(close[0])}?" if close else ""
        return self._asked[name]
