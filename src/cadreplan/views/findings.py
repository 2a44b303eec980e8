"""Findings of input documents as text for pipes and as JSON, and the table of all formats."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cadreplan.diagnostics import Diagnostic
from cadreplan.language import listed, tr, tr_n
from cadreplan.views.github import as_github
from cadreplan.views.places import in_workspace, placed, workspace
from cadreplan.views.wording import counted, number, plain

SHOWN_OF_ONE_RULE = 20
"""Findings of one rule in one file that text shows; the others are counted."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """Findings of one rule in one file that are counted, not shown."""

    file: str
    severity: str
    rule: str
    count: int


def shortened(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic | Omitted]:
    """All findings in their order; after the last of a file, what was left out of it by rule."""
    met: Counter[tuple[str, str, str]] = Counter()
    shown: list[Diagnostic | Omitted] = []
    for k, found in enumerate(diagnostics):
        key = (found.file, found.severity, found.rule)
        met[key] += 1
        if met[key] <= SHOWN_OF_ONE_RULE:
            shown.append(found)
        if k + 1 == len(diagnostics) or diagnostics[k + 1].file != found.file:
            shown += (
                Omitted(*rule, n - SHOWN_OF_ONE_RULE)
                for rule, n in sorted(met.items())
                if rule[0] == found.file and n > SHOWN_OF_ONE_RULE
            )
    return shown


def text(diagnostics: Sequence[Diagnostic]) -> str:
    """One line a finding: `FILE:LINE:COLUMN: error RULE: message (hint)`."""
    lines = []
    for found in shortened(diagnostics):
        if isinstance(found, Omitted):
            lines.append(
                f"{found.file}: {found.severity} {found.rule}: {tr('and {n:,} more', n=found.count)}"
            )
        else:
            place = f"{found.file}:{found.line}:{found.column}"
            lines.append(plain(f"{place}: {found.severity} {found.rule}: {found.told}"))
    return "".join(line + "\n" for line in lines)


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list with every finding and all its fields."""
    return json.dumps([asdict(found) for found in diagnostics], ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Context:
    """What a report may say beside the findings: the documents that were read, and what counts as bad."""

    files: Sequence[str]
    strict: bool
    command: str = "validate"


def _sarif(diagnostics: Sequence[Diagnostic], _: Context) -> str:
    from cadreplan.rules.registry import RULES  # noqa: PLC0415 (the manuals are needed in this format only)
    from cadreplan.views.plan_findings import PLAN_RULES  # noqa: PLC0415
    from cadreplan.views.sarif import as_sarif  # noqa: PLC0415

    return as_sarif(in_workspace(diagnostics), {**RULES, **PLAN_RULES})


def _junit(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    from cadreplan.views.junit import as_junit  # noqa: PLC0415

    root = workspace()
    files = [placed(file, root) for file in context.files]
    return as_junit(in_workspace(diagnostics), files, strict=context.strict, command=context.command)


REPORTERS: dict[str, Callable[[Sequence[Diagnostic], Context], str]] = {
    "text": lambda diagnostics, _: text(diagnostics),
    "json": lambda diagnostics, _: as_json(diagnostics),
    "github": lambda diagnostics, _: as_github(in_workspace(diagnostics)),
    "sarif": _sarif,
    "junit": _junit,
}
"""Format → the whole report as machines read it; on a terminal `text` is drawn by `screen.findings`."""


def totals(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors and 1 warning in 2 files`."""
    if not diagnostics:
        return tr("no findings")
    files = len({found.file for found in diagnostics})
    return tr(
        "{findings} in {files}", findings=_all(diagnostics), files=tr_n("{n:,} file", "{n:,} files", files)
    )


def _all(diagnostics: Sequence[Diagnostic]) -> str:
    errors = sum(found.is_error for found in diagnostics)
    return counted(errors, len(diagnostics) - errors)


def by_rule(diagnostics: Sequence[Diagnostic]) -> str:
    """`3 warnings: 2 seat-shortage, 1 same-name`, the most frequent first."""
    rules = Counter(found.rule for found in diagnostics)
    by_number = listed(
        f"{number(n)} {rule}" for rule, n in sorted(rules.items(), key=lambda r: (-r[1], r[0]))
    )
    return tr("{findings}: {rules}", findings=_all(diagnostics), rules=by_number)
