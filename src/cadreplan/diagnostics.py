"""Findings in input documents: values with a place, collected and sorted, never raised one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cadreplan.language import tr

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding.

    `file` is the path as the user wrote it (or as the referring document resolves it); `line` and `column`
    start at 1 and point at the offending value, for a missing key at its mapping. `rule` is the id of an
    input rule in kebab-case. `message` says what was found and what was expected; `hint` how to fix it.
    """

    file: str
    line: int
    column: int
    severity: Severity
    rule: str
    message: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def told(self) -> str:
        """The message, and how to fix it where that is known."""
        return tr("{message} ({hint})", message=self.message, hint=self.hint) if self.hint else self.message


def sorted_unique(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """All findings once, by file, line and column; same place, rule and message count as one."""
    return sorted({(d.file, d.line, d.column, d.rule, d.message): d for d in sorted(diagnostics)}.values())
