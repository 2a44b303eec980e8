"""`# cadreplan: ignore[rule-id]` at the end of a line: findings on that line that are not to be shown.

The YAML reader drops comments, so the lines that have findings are looked at in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cadreplan.diagnostics import Diagnostic

_COMMENT = re.compile(r"(?:^|\s)#")
_IGNORE = re.compile(r"\bcadreplan:\s*ignore\[([^\[\]]*)\]")
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What YAML counts as one."""


def not_ignored(found: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[Diagnostic]:
    """The findings whose line has no comment that names their rule; `texts` are the YAML files by name."""
    lines: dict[str, list[str]] = {}
    kept: list[Diagnostic] = []
    for finding in found:
        text = texts.get(finding.file, "")
        if finding.file not in lines:
            lines[finding.file] = _LINE_BREAK.split(text) if "cadreplan: ignore[" in text else []
        of_file = lines[finding.file]
        line = of_file[finding.line - 1] if finding.line <= len(of_file) else ""
        if finding.rule not in _ignored(line):
            kept.append(finding)
    return kept


@lru_cache(maxsize=1024)
def _ignored(line: str) -> frozenset[str]:
    begin = _COMMENT.search(line)
    named = _IGNORE.findall(line, begin.end()) if begin else []
    return frozenset(id_.strip() for ids in named for id_ in ids.split(","))
