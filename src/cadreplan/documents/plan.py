"""Reading a plan: JSON to `cadreplan.plan.Plan`, with a finding for everything that is wrong with it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cadreplan.diagnostics import sorted_unique
from cadreplan.documents.files import Source, UnreadableError, read_source, utf8_text
from cadreplan.documents.findings import Findings
from cadreplan.documents.plan_spec import PlanSpec
from cadreplan.documents.tree import START, Map, mark_of
from cadreplan.documents.validate import report
from cadreplan.documents.yaml import gc_paused, parse
from cadreplan.errors import InputError, UsageError
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, Terms


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises `InputError` with all findings if it is wrong, `UsageError` if the file can't be read. Whether the
    plan keeps the rules, and belongs to its roster, is for `cadreplan.check` to say.
    """
    findings = Findings()
    try:
        source = read_source(str(path))
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    with gc_paused():
        spec = _spec(source, findings)
    if spec is None or findings.has_errors:
        raise InputError(sorted_unique(findings.items))
    return _plan(spec)


def _spec(source: Source, findings: Findings) -> PlanSpec | None:
    text = utf8_text(source, findings)
    data = None if text is None else _json(text, source.file, findings)
    if text is None or data is None:
        return None
    try:
        spec = PlanSpec.model_validate(data)
    except ValidationError as error:
        report(error, PlanSpec, source.file, _positions(text, source.file), findings)
        return None
    for position, session in enumerate(spec.sessions):
        if session.programme:
            mark = _programme_mark(text, source.file, position)
            message = f"programme: found {len(session.programme)} half days, expected none in this version"
            findings.error(source.file, mark, "plan-programme", message, "remove `programme`")
            break
    return spec


class _JsonError(Exception):
    """What Python's reader takes, but JSON or a plan doesn't have."""


def _json(text: str, file: str, findings: Findings) -> Any | None:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        mark = mark_of(error.lineno, error.colno)
        findings.error(file, mark, "syntax", f"this can't be read as JSON: {error.msg}")
    except RecursionError:
        findings.error(
            file, START, "too-deep", "nested deeper than JSON can be read, expected fewer than ten"
        )
    except _JsonError as error:
        if not _duplicates(text, file, findings):
            findings.error(file, _constant_mark(text), "syntax", str(error))
    except ValueError as error:  # an integer of thousands of digits
        findings.error(file, START, "syntax", f"this can't be read as JSON: {error}")
    return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _JsonError("found a key twice in one map, expected it once")
    return found


def _no_constant(name: str) -> Any:
    raise _JsonError(f"found {name}, which JSON doesn't have, expected a number")


def _duplicates(text: str, file: str, findings: Findings) -> bool:
    """Add the findings of duplicate keys, for which the YAML reader knows the places."""
    inner = Findings()
    parse(text, file, inner)
    found = [item for item in inner.items if item.rule == "duplicate-key"]
    findings.items += found
    return bool(found)


def _constant_mark(text: str) -> int:
    found = re.search(r"(?<![\w\"])-?(NaN|Infinity)\b", text)
    at = found.start() if found else 0
    return mark_of(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _positions(text: str, file: str) -> Map:
    """The same text read as YAML, for the places of its values; empty where it can't be."""
    tree = parse(text, file, Findings())
    return tree if isinstance(tree, Map) else Map(START)


def _programme_mark(text: str, file: str, position: int) -> int:
    sessions = _positions(text, file).get("sessions")
    session = sessions[position] if isinstance(sessions, list) else None
    return session.value_mark("programme") if isinstance(session, Map) else START


def _plan(spec: PlanSpec) -> Plan:
    solver, terms = spec.solver, spec.terms
    return Plan(
        roster=RosterRef(
            spec.roster.path, spec.roster.sha256, dict(spec.roster.files), tuple(spec.roster.settings)
        ),
        solver=SolverInfo(
            engine=solver.engine,
            status=solver.status,
            objective=solver.objective,
            bound=solver.bound,
            gap=solver.gap,
            seconds=solver.seconds,
            seed=solver.seed,
            workers=solver.workers,
            version=solver.version,
            ended=solver.ended,
            why=solver.why,
        ),
        terms=Terms(
            gaps=terms.gaps,
            prefers=terms.prefers,
            km=terms.km,
            days=terms.days,
            open=terms.open,
            underfill=terms.underfill,
            hours=terms.hours,
        ),
        assignments=tuple((row.leader, row.session) for row in spec.assignments),
        sessions=tuple(PlannedSession(row.id, row.runs, row.room) for row in spec.sessions),
        open_gaps=tuple(OpenGap(row.leader, row.skill, row.reason, row.detail) for row in spec.open_gaps),
    )
