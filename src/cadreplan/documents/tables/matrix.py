"""Levels in a table of leaders with a column a skill: people down, skills across."""

from __future__ import annotations

from collections.abc import Mapping

from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.tree import Map, Mark
from cadreplan.documents.values import days as days_written
from cadreplan.documents.values.plain import narrow, number_of
from cadreplan.documents.values.words import BLANK, NO_TICKS, NONE, TICKS
from cadreplan.language import tr

Needs = Mapping[str, Mapping[str, int]]
"""Role → skill → level needed."""

_NO_LEVEL = BLANK | NONE | NO_TICKS | {"0", "", "×"}
_ANY_SIGN = "×"
"""The sign for "times", which some take for a tick and some for none."""


class Matrix:
    """Puts the levels of one table into its rows."""

    def __init__(self, needs: Needs, file: str, findings: Findings) -> None:
        self._needs = needs
        self._file = file
        self._findings = findings
        self._read: dict[str, tuple[str, str | None]] = {}

    def put(self, row: Map, cells: list[tuple[str, str, str, Mark]]) -> None:
        """Put levels into a row that has its other values: each with skill, header, text and place."""
        role = row.get("role")
        needs = self._needs.get(role, {}) if isinstance(role, str) else {}
        for skill, header, text, mark in cells:
            if text not in self._read:
                self._read[text] = _level_and_day(text)
            level, day = self._read[text]
            if not level:
                continue
            if level == "?":
                message = tr(
                    "{field}: found {cell}, expected a level, √, a day or nothing",
                    field=header,
                    cell=shown(text),
                )
                hint = (
                    tr("write √ if it is held, 0 if not")
                    if text == _ANY_SIGN
                    else tr("write the level as a number")
                )
                self._findings.error(self._file, mark, "wrong-value", message, hint)
                continue
            held = row.get("skills")
            if not isinstance(held, Map):
                held = Map(mark)
                row.add("skills", held, mark, mark)
            if skill in held:
                message = tr(
                    "{field}: found the level of a skill that the same row has already", field=header
                )
                self._findings.error(self._file, mark, "duplicate-key", message, tr("leave this cell empty"))
                continue
            held.add(skill, str(needs.get(skill, 1)) if level == "√" else level, mark, mark)
            if day is not None and "earned" in LeaderSpec.keys:
                earned = row.get("earned")
                if not isinstance(earned, Map):
                    earned = Map(mark)
                    row.add("earned", earned, mark, mark)
                earned.add(skill, day, mark, mark)


def _level_and_day(text: str) -> tuple[str, str | None]:
    """The level that a cell says, `√` for that of the role, `?` for none that is known; and its day."""
    said = narrow(text).casefold()
    if text == _ANY_SIGN:
        return "?", None
    if said in _NO_LEVEL:
        return "", None
    if said in TICKS:
        return "√", None
    level = number_of(text, "级")
    if level is not None and len(level) <= 3:
        return level, None
    found = days_written.spans(text)
    if found and len(found) == 1 and found[0][0] == found[0][1]:
        return "√", str(found[0][0])
    return "?", None
