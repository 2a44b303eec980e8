"""What pydantic finds wrong, as findings at the offending values, with hints how to mend them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cadreplan.documents.findings import Findings, Headed, Nearest, shown
from cadreplan.documents.schema.cohorts import LIST_SPECS
from cadreplan.documents.schema.curriculum import ENTRY_SPECS, FLAT_SPECS
from cadreplan.documents.schema.spec import BAD_SHAPE, TAG, Spec, inside
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.schema.types import CHOICES, LATITUDE, SAID
from cadreplan.documents.tree import Map, Mark, Seq, Tree, line_and_column, mark_at, mark_of, value_at
from cadreplan.documents.values.days import Span
from cadreplan.documents.values.hints import (
    DURATIONS,
    choice_hint,
    day_hint,
    duration_hint,
    id_hint,
    list_hint,
    number_hint,
    one_day_hint,
    says_nothing,
    share_hint,
)
from cadreplan.documents.values.labels import CURRICULUM_SHEETS, SHEETS
from cadreplan.documents.values.names import CURRICULUM_LINKS, ROSTER_LINKS, Names
from cadreplan.documents.values.words import in_words
from cadreplan.language import later, listed, one_of, tr, tr_n

_KEY = "[key]"
_SHAPES = {
    "model_type": later("expected a map"),
    "dict_type": later("expected a map"),
    "list_type": later("expected a list"),
    "tuple_type": later("expected a list"),
}
_JSON_TYPES = {
    "string_type": later("expected a valid string"),
    "int_type": later("expected a valid integer"),
    "bool_type": later("expected a valid boolean"),
    "float_type": later("expected a valid number"),
    "finite_number": later("expected a finite number"),
    "greater_than_equal": later("expected greater than or equal to {ge}"),
    "less_than_equal": later("expected less than or equal to {le}"),
    "string_pattern_mismatch": later("expected a text of the pattern {pattern}"),
    "string_too_short": later("expected a text of {min_length} or more characters"),
    "string_too_long": later("expected a text of {max_length} characters at most"),
    "literal_error": later("expected {expected}"),
}
"""Pydantic's errors about the values of a plan, whose types are JSON's."""


def report(
    error: ValidationError,
    spec: type[Spec],
    file: str,
    tree: Map,
    findings: Findings,
    prefix: tuple[str, ...] = (),
) -> None:
    for detail in error.errors(include_url=False):
        path = (*prefix, *(s for s in detail["loc"] if not (isinstance(s, str) and s.startswith(TAG))))
        kind = detail["type"]
        if kind == "missing":
            report_missing(spec, path, file, tree, findings)
        elif kind == "extra_forbidden":
            report_unknown(spec, path, file, tree, findings)
        elif path and path[-1] == _KEY:
            *to, key = path[:-1]
            holder = value_at(tree, to)
            mark = holder.key_mark(str(key)) if isinstance(holder, Map) else mark_at(tree, to)
            report_key(detail, file, str(key), mark, findings, _names_for(spec, path, findings))
        else:
            _wrong(detail, path, spec, file, tree, findings)


def report_key(
    detail: ErrorDetails, file: str, key: str, mark: Mark, findings: Findings, names: Names | None = None
) -> None:
    message = tr("found the key {key}, {expected}", key=shown(key), expected=expectation(detail))
    findings.error(file, mark, "wrong-value", message, id_hint(key, names))


def _wrong(
    detail: ErrorDetails,
    path: tuple[str | int, ...],
    spec: type[Spec],
    file: str,
    tree: Map,
    findings: Findings,
) -> None:
    value, kind = detail["input"], detail["type"]
    if kind in ("too_short", "too_long"):
        limit = detail["ctx"]["min_length" if kind == "too_short" else "max_length"]
        if kind == "too_short" and len(value) >= limit:
            return  # its wrong items have their own findings
        found = tr_n("{n} item", "{n} items", len(value))
        expected = tr("expected {n}", n=limit) if kind == "too_long" else tr("expected {n} or more", n=limit)
    else:
        expected, found = expectation(detail, str(path[-1]) if path else ""), shown(value)
    is_shape = (
        kind in _SHAPES or kind in (BAD_SHAPE, "too_short", "too_long") or isinstance(value, dict | list)
    )
    rule = "wrong-type" if is_shape else "wrong-value"
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    if name is None:
        message = tr("found {found}, {expected}", found=found, expected=expected)
    else:
        message = tr("{field}: found {found}, {expected}", field=name, found=found, expected=expected)
    findings.error(
        file,
        mark_at(tree, path),
        rule,
        message,
        _value_hint(detail, spec, path, value, tree, findings),
    )


def expectation(detail: ErrorDetails, field: str = "") -> str:
    """What a field takes, as "expected a whole number, 0 or more"."""
    context = dict(detail.get("ctx", {}))
    if CHOICES in context:
        return tr("expected {choices}", choices=one_of([in_words(field, word) for word in context[CHOICES]]))
    kind = detail["type"]
    if kind == "literal_error":
        context["expected"] = str(context["expected"]).replace(" or ", tr(" or "))
    said = context.pop(SAID, None) or _SHAPES.get(kind) or _JSON_TYPES.get(kind)
    if said is not None:
        return tr(said, **context)
    return tr(detail["msg"].replace("Input should be", "expected"))


def _value_hint(
    detail: ErrorDetails,
    spec: type[Spec],
    path: tuple[str | int, ...],
    value: Any,
    tree: Map,
    findings: Findings,
) -> str:
    if not isinstance(value, str):
        return ""
    context, said = detail.get("ctx", {}), detail["msg"]
    if choices := context.get(CHOICES):
        return choice_hint(str(path[-1]) if path else "", value, choices)
    if detail["type"] in ("list_type", "tuple_type") or (detail["type"] == BAD_SHAPE and "list" in said):
        return list_hint(value)
    if LATITUDE in said and _is_swapped(value_at(tree, path[:-1])):
        return tr("write the latitude first, then the longitude")
    horizon = None if path and path[0] in _EARLIER else findings.horizon
    for sort, hint in _HINTS.items():
        if sort in said:
            counts_time = bool(path) and path[-1] in DURATIONS and not says_nothing(value)
            hinted = duration_hint(str(path[-1]), value) if counts_time else hint(value, horizon)
            return hinted or _empty_hint(spec, path, value)
    found = ""
    if " id" in said or "a kind" in said:
        is_item = bool(path) and isinstance(path[-1], int)
        found = id_hint(value, _names_for(spec, path, findings), many=is_item)
    return found or _empty_hint(spec, path, value)


def _names_for(spec: type[Spec], path: Sequence[str | int], findings: Findings) -> Names | None:
    """The names of what a field refers to; None where it refers to nothing, or that isn't known."""
    every = (*ROW_SPECS.items(), *LIST_SPECS.items(), *ENTRY_SPECS.items(), *FLAT_SPECS.items())
    table = next((name for name, row in every if row is spec), "")
    sort = (ROSTER_LINKS | CURRICULUM_LINKS).get(table, {}).get(str(path[0]) if path else "")
    return findings.names.get(sort or "")


_HINTS: dict[str, Callable[[str, Span | None], str]] = {
    "a range of dates": day_hint,
    "a date": one_day_hint,
    "whole number": lambda value, _: number_hint(value),
    "share": lambda value, _: share_hint(value),
    "true or false": lambda value, _: choice_hint("core", value, ("true", "false")),
}
"""What an expectation has in it, and what then tells how to fix a value."""


_EARLIER = frozenset(("since", "earned"))
"""Fields with days that are before the horizon, as a rule: it doesn't tell their year."""


def _is_swapped(location: Tree) -> bool:
    """Whether a longitude and a latitude stand where a latitude and a longitude should."""
    try:
        first, second = map(float, location or ())  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return 90 < abs(first) <= 180 and abs(second) <= 90


_EITHER_OR = frozenset(("dates", "start", "end"))
"""Fields that a row may do without only if it has others."""


def _empty_hint(spec: type[Spec], path: tuple[str | int, ...], value: Any) -> str:
    """What to do with a dash or a word for nothing, where the field may be empty."""
    field = spec.model_fields.get(str(path[0])) if path else None
    if field is None or field.is_required() or path[0] in _EITHER_OR or not says_nothing(value):
        return ""
    if field.default is None and int in get_args(field.annotation):
        return tr("leave it empty where there is no limit, or write 0")
    return tr("leave it empty")


def report_missing(
    spec: type[Spec], path: tuple[str | int, ...], file: str, tree: Map, findings: Findings
) -> None:
    *to, key = path
    holder = value_at(tree, to)
    if isinstance(key, int):  # an item of a list of fixed length
        name = next((step for step in reversed(to) if isinstance(step, str)), "list")
        n_items = len(holder) if isinstance(holder, Seq) else 0
        message = tr(
            "{field}: found {found}, {expected}",
            field=name,
            found=tr_n("{n} item", "{n} items", n_items),
            expected=tr("expected {n} or more", n=n_items + 1),
        )
        findings.error(file, mark_at(tree, to), "wrong-type", message)
        return
    written = isinstance(holder, Map) and key in holder
    field = spec.model_fields.get(str(key)) if not to else None
    what = field.description if field else None
    if file in findings.headers and field is not None:
        _empty(file, str(key), tr(what or ""), tree, findings)
        return
    name = shown(key)
    if what:
        meaning = tr(what)
        if written:
            message = tr("the key {key} ({meaning}) has nothing behind it", key=name, meaning=meaning)
        else:
            message = tr("the key {key} ({meaning}) is missing", key=name, meaning=meaning)
    elif written:
        message = tr("the key {key} has nothing behind it", key=name)
    else:
        message = tr("the key {key} is missing", key=name)
    findings.error(file, mark_at(tree, path), "missing-key", message)


def _empty(file: str, key: str, meaning: str, row: Map, findings: Findings) -> None:
    """A row of a flat table has nothing in a column, or the table has no such column: said once."""
    header = findings.headers[file]
    if header.in_rows:
        _no_setting(file, key, meaning, header, findings)
        return
    line, _ = line_and_column(row.mark)
    if key in header.columns:
        column, title = header.columns[key]
        message = tr("{field}: found nothing, expected a value ({meaning})", field=title, meaning=meaning)
        findings.error(file, mark_of(line, column), "missing-key", message)
    else:
        title = header.titles[key]
        message = tr(
            "found no column {column} ({meaning}), expected one", column=shown(title), meaning=meaning
        )
        hint = tr("add it, or head the column that has it so")
        findings.error(file, mark_of(header.line, 1), "missing-key", message, hint)


def _no_setting(file: str, key: str, meaning: str, header: Headed, findings: Findings) -> None:
    """A workbook with a season lacks a sheet, or its sheet of settings one that it must have."""
    title, hint = header.titles.get(key, key), ""
    mark = mark_of(header.line, 1)
    if key in header.columns:
        mark = mark_of(header.columns[key][0], 2)
        message = tr("{field}: found nothing, expected a value ({meaning})", field=title, meaning=meaning)
    elif key in SHEETS or key in CURRICULUM_SHEETS:
        message = tr("found no sheet {sheet} ({meaning}), expected one", sheet=shown(title), meaning=meaning)
        hint = tr("`cadreplan init --xlsx` writes a workbook that has all of them")
    else:
        message = tr("found no row {row} ({meaning}), expected one", row=shown(title), meaning=meaning)
        hint = tr("write it into the first column, and its value beside it")
    findings.error(file, mark, "missing-key", message, hint)


def report_unknown(
    spec: type[Spec], path: tuple[str | int, ...], file: str, tree: Map, findings: Findings
) -> None:
    *to, key = path
    holder = value_at(tree, to)
    keys = nested_keys(spec, to)
    findings.error(
        file,
        holder.key_mark(str(key)) if isinstance(holder, Map) else mark_at(tree, path),
        "unknown-key",
        tr("found the key {key}, expected one of: {keys}", key=shown(key), keys=listed(keys)),
        Nearest(keys).hint(str(key)),
    )


def nested_keys(spec: type[Spec], path: Sequence[str | int]) -> list[str]:
    """The keys of the spec that a path leads to."""
    for step in path:
        name = spec.keys.get(str(step))
        parts = inside(spec.model_fields[name].annotation) if name else ()
        spec = next((part for part in parts if isinstance(part, type) and issubclass(part, Spec)), spec)
    return list(spec.keys)
