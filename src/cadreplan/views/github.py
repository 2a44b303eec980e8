"""Findings as annotations of a GitHub Actions step: at most ten, the worst first, and how many more."""

from __future__ import annotations

from collections.abc import Sequence

from cadreplan.diagnostics import Diagnostic
from cadreplan.language import tr
from cadreplan.views.wording import counted, printable

MOST_ANNOTATIONS = 10
"""GitHub shows no more of one step."""


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """A workflow command a finding, errors before warnings; then a plain line with the number left out."""
    worst_first = sorted(diagnostics, key=lambda found: not found.is_error)
    lines = [_annotation(found) for found in worst_first[:MOST_ANNOTATIONS]]
    left_out = worst_first[MOST_ANNOTATIONS:]
    if left_out:
        n_errors = sum(found.is_error for found in left_out)
        left = counted(n_errors, len(left_out) - n_errors)
        lines.append(tr("and {findings} more, in the order of the files with --format text", findings=left))
    return "".join(line + "\n" for line in lines)


def _annotation(found: Diagnostic) -> str:
    place = {"file": found.file} if found.file != "-" else {}
    fields = {**place, "line": str(found.line), "col": str(found.column), "title": found.rule}
    properties = ",".join(f"{key}={_property(value)}" for key, value in fields.items())
    return f"::{found.severity} {properties}::{_data(found.told)}"


def _data(text: str) -> str:
    """Escaped as the runner unescapes it; a line break would end the command."""
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
