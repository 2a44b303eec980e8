"""Violations of plans as findings, for the formats in which findings of inputs are written."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cadreplan.diagnostics import Diagnostic
from cadreplan.rules.base import Rule
from cadreplan.verification.report import Violation
from cadreplan.views.wording import RULES

PLAN_RULES = {id_: Rule(id_, "error", text, f"{text}.") for id_, text in RULES.items()}
"""The rules of plans as those of inputs are: their ids have no hyphen, so that none is one of both."""


def plan_findings(file: str, text: str, violations: Iterable[Violation]) -> list[Diagnostic]:
    """A finding for each violation, on the first line of the plan's text that names what it is about."""
    places: dict[str, tuple[int, int]] = {}
    lines = text.splitlines()
    found = []
    for violation in violations:
        if violation.where not in places:
            places[violation.where] = _place(lines, violation.where)
        line, column = places[violation.where]
        message = f"{violation.where}: {violation.message}"
        found.append(Diagnostic(file, line, column, "error", violation.rule, message))
    return sorted(found)


def _place(lines: list[str], name: str) -> tuple[int, int]:
    """Line and column, from 1, of a name in JSON."""
    quoted = json.dumps(name, ensure_ascii=False)
    for number, line in enumerate(lines, 1):
        at = line.find(quoted)
        if at >= 0:
            return number, at + 1
    return 1, 1
