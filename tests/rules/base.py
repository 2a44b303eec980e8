"""A small valid curriculum and roster; a test lays a piece of a document over it, section by section."""

from __future__ import annotations

import re
from pathlib import Path

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.schema.curriculum import CurriculumSpec
from cadreplan.loading.load import find_problems
from cadreplan.rules.registry import DEMAND_RULES, WHOLE_RULES

CURRICULUM = """\
cadreplan: 1
kind: curriculum
title: 基层党支部书记核心课程
abilities:
  duty: {name: 履职能力}
skills:
  meetings: {name: 三会一课, ability: duty, weight: 2}
  review: {name: 民主评议, ability: duty}
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
  M-CASE: {teaches: {review: 1}, hours: 4, method: simulation}
roles:
  secretary: {name: 支部书记, needs: {meetings: 2, review: 1}}
"""

ROSTER = """\
cadreplan: 1
kind: roster
title: 春季轮训
curriculum: curriculum.yaml
horizon: 2026-03-02..2026-06-26
calendar: none
sites:
  - {id: BJ, name: 总行党校, kind: party-school, location: [39.9, 116.41], beds: 40}
branches:
  - {id: HQ, name: 总行}
  - {id: NORTH, name: 北方分行, parent: HQ}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}
leaders:
  - {id: L1, name: 王磊, branch: HQ, role: secretary}
"""

_SECTION = re.compile(r"(?m)^(?=[^\s#-])")
_ONLY_CURRICULUM = set(CurriculumSpec.keys) - {"cadreplan", "kind", "title"}

Files = dict[str, str | bytes]


def overlaid(piece: str) -> Files:
    """The base with the top-level sections of `piece` put in, each in the document that has it."""
    curriculum, roster = _sections(CURRICULUM), _sections(ROSTER)
    for key, text in _sections(piece).items():
        document = curriculum if key in _ONLY_CURRICULUM else roster
        document.pop(key, None)
        document[key] = text
    return {"curriculum.yaml": "".join(curriculum.values()), "roster.yaml": "".join(roster.values())}


def _sections(text: str) -> dict[str, str]:
    sections: dict[str, str] = {}
    for part in _SECTION.split(text):
        if part.strip():
            key = part.partition(":")[0]
            sections[key] = sections.get(key, "") + (part if part.endswith("\n") else part + "\n")
    return sections


def written(folder: Path, files: Files) -> Path:
    """Write files and return the path of the roster."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder / "roster.yaml"


AS_A_WHOLE = {rule.id for rule in (*WHOLE_RULES, *DEMAND_RULES)}


def problems_of(
    folder: Path, piece: str = "", *, whole: bool = False, **tables: str | bytes
) -> list[Diagnostic]:
    """The findings of the base with a piece laid over it, and tables `name="text"` as `name.csv`.

    Findings about documents as a whole are left out unless asked for: a piece rarely has seats for everybody.
    """
    files = overlaid(piece) | {f"{name}.csv": text for name, text in tables.items()}
    return [d for d in find_problems([written(folder, files)]) if whole or d.rule not in AS_A_WHOLE]


def of_rule(found: list[Diagnostic], rule: str) -> list[Diagnostic]:
    return [d for d in found if d.rule == rule]


def rules_of(found: list[Diagnostic]) -> list[str]:
    return [d.rule for d in found]


def pointed(found: Diagnostic) -> str:
    """What is written where a finding in a YAML file points."""
    return Path(found.file).read_text(encoding="utf-8").split("\n")[found.line - 1][found.column - 1 :]
