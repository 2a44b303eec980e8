"""Findings as SARIF 2.1.0, which code-scanning services read; rules come with their manuals."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cadreplan.diagnostics import Diagnostic
from cadreplan.language import later, tr
from cadreplan.rules.base import Rule
from cadreplan.views.manual import pieces, said

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
"""What GitHub asks for; it is never fetched."""


def as_sarif(diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule]) -> str:
    """One run with every finding, and those rules that have one."""
    used = sorted({found.rule for found in diagnostics})
    index = {id_: i for i, id_ in enumerate(used)}
    driver = {
        "name": "cadreplan",
        "semanticVersion": version("cadreplan"),
        "rules": [_rule(rules[id_]) for id_ in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, index[found.rule]) for found in diagnostics],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    manual = said(rule.manual)
    headings = {tr("Wrong:"), tr("Right:")}
    prose = (tr(piece.text) for piece in pieces(rule.manual) if not piece.verbatim)
    what = next((text for text in prose if text not in headings), tr(rule.title))
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": tr(rule.title)},
        "fullDescription": {"text": what},
        "help": {"text": manual, "markdown": _markdown(manual)},
        "defaultConfiguration": {"level": rule.level},
        "properties": {"problem.severity": rule.level},
    }


def _markdown(manual: str) -> str:
    """Indented examples are code in Markdown as they are; a heading of an example is set off."""
    headings = "|".join(re.escape(tr(text)) for text in (later("Wrong:"), later("Right:")))
    return re.sub(rf"(?m)^({headings})$", lambda found: f"**{found[1][:-1]}**", manual)


def _result(found: Diagnostic, rule_index: int) -> dict[str, Any]:
    location = {
        "artifactLocation": {"uri": _uri(found.file)},
        "region": {"startLine": found.line, "startColumn": found.column},
    }
    return {
        "ruleId": found.rule,
        "ruleIndex": rule_index,
        "level": found.severity,
        "message": {"text": found.told},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    """A path as a URI: relative to the workspace, as code scanning wants it, else `file:`."""
    if file == "-":
        return "stdin"
    uri = quote(os.fsencode(PurePath(file).as_posix()))
    return f"file://{uri}" if PurePath(file).is_absolute() else uri
