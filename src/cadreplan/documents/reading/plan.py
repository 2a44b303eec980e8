"""Reading a plan: JSON to `cadreplan.plan.Plan`, with a finding for everything that is wrong with it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from cadreplan.diagnostics import sorted_unique
from cadreplan.documents.files import Source, UnreadableError, read_source, utf8_text
from cadreplan.documents.findings import Findings
from cadreplan.documents.schema.plan import (
    GroupingSpec,
    MessageSpec,
    PlanSpec,
    ProgrammeItemSpec,
    ProgrammeSpec,
)
from cadreplan.documents.schema.unbroken import unbroken
from cadreplan.documents.tree import START, Map, mark_at, mark_of
from cadreplan.documents.values.mistakes import report
from cadreplan.documents.yaml.reader import MAX_NODES, gc_paused, parse
from cadreplan.errors import InputError, UsageError
from cadreplan.goals import Goals, GroupGoals
from cadreplan.language import tr
from cadreplan.messages import Said
from cadreplan.messages.figures import of_json, wrongs
from cadreplan.messages.texts import ENGINES, HALF_DAYS, OBSTACLES
from cadreplan.plan import (
    Attendee,
    GroupingInfo,
    Guarantee,
    Kept,
    OpenGap,
    Plan,
    PlannedSession,
    ProgrammeEntry,
    ProgrammeInfo,
    RosterRef,
    SolverInfo,
    StaffLimit,
    Teacher,
    Terms,
)

_MOST_SIGNS = 2 * MAX_NODES
"""Commas, colons and brackets of a plan: its values, and those in sentences."""
_LONGEST = 4000
"""Days of a range at most: an error of typing takes no memory."""


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """The plan in a file.

    Raises `InputError` with all findings if it is wrong, `UsageError` if the file can't be read. Whether the
    plan keeps the rules, and belongs to its roster, is for `cadreplan.check` to say.
    """
    findings = Findings()
    try:
        source = read_source(os.fspath(path))
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    spec = None
    with gc_paused(), findings.bounded():
        spec = _spec(source, findings)
    if spec is None or findings.has_errors:
        raise InputError(sorted_unique(findings.items))
    return _plan(spec)


def _spec(source: Source, findings: Findings) -> PlanSpec | None:
    text = utf8_text(source, findings)
    data = None if text is None else _json(text, source.file, findings)
    if text is None or data is None:
        return None
    if isinstance(data, dict) and not data.keys() & {"kind", "assignments"}:
        message = tr("this is no plan: the key 'kind' is missing, expected plan")
        findings.error(source.file, START, "missing-key", message, tr("name the files that `solve` wrote"))
        return None
    try:
        spec = unbroken(PlanSpec.model_validate, data)
    except ValidationError as error:
        report(error, PlanSpec, source.file, _positions(text, source.file), findings)
        return None
    wrong = [
        ((*place, *path), what)
        for place, told, codes in _messages(spec)
        for path, what in wrongs(told.written, codes)
    ]
    tree = _positions(text, source.file) if wrong else Map(START)
    for path, what in wrong:
        findings.error(source.file, mark_at(tree, path), "wrong-value", what)
    return spec


_Place = tuple[str | int, ...]


def _messages(spec: PlanSpec) -> Iterator[tuple[_Place, MessageSpec, Collection[str]]]:
    """Where messages are, and the codes they may have there."""
    if isinstance(spec.solver.why, MessageSpec):
        yield ("solver", "why"), spec.solver.why, ENGINES
    for k, gap in enumerate(spec.open_gaps):
        if isinstance(gap.detail, MessageSpec):
            yield ("open_gaps", k, "detail"), gap.detail, OBSTACLES
    for k, session in enumerate(spec.sessions):
        for j, half_day in enumerate(session.programme or ()):
            if isinstance(half_day.reason, MessageSpec):
                yield ("sessions", k, "programme", j, "reason"), half_day.reason, HALF_DAYS


def _said(told: MessageSpec | str) -> Said:
    return of_json(told.written) if isinstance(told, MessageSpec) else told


class _JsonError(Exception):
    """What Python's reader takes, but JSON or a plan doesn't have."""


def _json(text: str, file: str, findings: Findings) -> Any | None:
    if sum(map(text.count, ",:[{")) > _MOST_SIGNS:  # before they take a gigabyte
        findings.error(file, START, "too-large", tr("found more than {n:,} values, here", n=MAX_NODES))
        return None
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        if "\\ud" in text or "\\uD" in text:
            _no_surrogates(data)
    except json.JSONDecodeError as error:
        mark = mark_of(error.lineno, error.colno)
        findings.error(file, mark, "syntax", tr("this can't be read as JSON: {why}", why=tr(error.msg)))
    except RecursionError:
        message = tr("nested deeper than JSON can be read, expected fewer than ten")
        findings.error(file, START, "too-deep", message)
    except _JsonError as error:
        if not _duplicates(text, file, findings):
            findings.error(file, _constant_mark(text), "syntax", str(error))
    except ValueError as error:  # an integer of thousands of digits
        findings.error(file, START, "syntax", tr("this can't be read as JSON: {why}", why=error))
    else:
        return data
    return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _JsonError(tr("found a key twice in one map, expected it once"))
    return found


def _no_surrogates(value: Any) -> None:
    """Raise where a text has half a character: it could be written nowhere."""
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.keys()
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                raise _JsonError(tr("found half a character (a lone surrogate), expected text")) from None


def _no_constant(name: str) -> Any:
    raise _JsonError(tr("found {name}, which JSON doesn't have, expected a number", name=name))


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


def _plan(spec: PlanSpec) -> Plan:
    return Plan(
        roster=RosterRef(
            spec.roster.path, spec.roster.sha256, dict(spec.roster.files), tuple(spec.roster.settings)
        ),
        solver=SolverInfo(**spec.solver.model_dump(exclude={"why"}), why=_said(spec.solver.why)),
        terms=Terms(**spec.terms.model_dump()),
        assignments=tuple((row.leader, row.session) for row in spec.assignments),
        sessions=tuple(
            PlannedSession(
                row.id,
                row.runs,
                row.room,
                _half_days(row.programme or ()),
                row.site or "",
                _dates(row.dates),
                tuple(row.modules),
                tuple(map(tuple, row.groups)),
            )
            for row in spec.sessions
        ),
        open_gaps=tuple(
            OpenGap(row.leader, row.skill, row.reason, _said(row.detail)) for row in spec.open_gaps
        ),
        programme=_programme(spec.programme),
        grouping=_grouping(spec.grouping),
        frozen_before=spec.frozen_before,
        kept=None if spec.kept is None else Kept(**spec.kept.model_dump()),
        people=tuple(Attendee(row.id, row.name, row.branch, row.headcount) for row in spec.people),
        lecturers=tuple(Teacher(row.id, row.name, row.kind) for row in spec.lecturers),
        lineage=spec.lineage,
        guarantee=None if spec.guarantee is None else Guarantee(**spec.guarantee.model_dump()),
    )


def _dates(texts: Sequence[str]) -> tuple[str, ...]:
    """The days of ranges; what is no date, or a range that ends before it begins, is left out."""
    days: set[date] = set()
    for text in texts:
        first, _, last = text.partition("..")
        try:
            begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            continue
        days.update(begin + timedelta(days=n) for n in range(min((end - begin).days + 1, _LONGEST)))
    return tuple(day.isoformat() for day in sorted(days))


def _half_days(items: Sequence[ProgrammeItemSpec]) -> tuple[ProgrammeEntry, ...]:
    return tuple(
        ProgrammeEntry(
            item.module,
            item.date,
            item.slot,
            item.lecturer,
            None if item.reason is None else _said(item.reason),
        )
        for item in items
    )


def _grouping(spec: GroupingSpec | None) -> GroupingInfo | None:
    if spec is None:
        return None
    ties, outside, mix, *rest = spec.bound
    moved, like, met = rest if len(rest) == 3 else [0, *rest]
    return GroupingInfo(
        spec.status,
        GroupGoals(**spec.goals.model_dump()),
        (ties, outside, mix, moved, like, met),
        spec.ended,
    )


def _programme(spec: ProgrammeSpec | None) -> ProgrammeInfo | None:
    if spec is None:
        return None
    staffed, *rest = spec.bound
    differing, mornings, methods, journeys, changes = rest if len(rest) == 5 else [0, *rest]
    return ProgrammeInfo(
        spec.status,
        Goals(**spec.goals.model_dump()),
        (staffed, differing, mornings, methods, journeys, changes),
        spec.ended,
        tuple(StaffLimit(dict(limit.half_days), limit.most) for limit in spec.limits),
        spec.ceiling,
    )
