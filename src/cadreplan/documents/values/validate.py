"""Trees to specs: pydantic checks a row at a time, and its errors become findings (`mistakes`)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.rows import Row, Table
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.types import Id
from cadreplan.documents.schema.unbroken import held, unbroken
from cadreplan.documents.tree import Map, Seq
from cadreplan.documents.values.mistakes import report, report_key, report_missing, report_unknown
from cadreplan.language import tr

S = TypeVar("S", bound=Spec)
_ID: TypeAdapter[str] = TypeAdapter(Id)


def read_rows(spec: type[S], name: str, file: str, tree: Seq, findings: Findings) -> Table[S]:
    """The rows of a list, each checked on its own."""
    rows: list[Row[S]] = []
    whole = True
    for item, mark in zip(tree, tree.marks, strict=True):
        if not isinstance(item, Map):
            message = tr("found {found}, expected a row of {table}: a map", found=shown(item), table=name)
            findings.error(file, mark, "wrong-type", message)
            whole = False
            continue
        id_ = item.get("id")
        known = id_ if isinstance(id_, str) else None
        id_mark = mark if known is None else item.value_mark("id")
        rows.append(Row(file, known, id_mark, item, read_spec(spec, file, item, findings)))
        whole = whole and known is not None
    return Table(name, tuple(rows), whole)


def read_entries(spec: type[S], name: str, file: str, tree: Map, findings: Findings) -> Table[S]:
    """The entries of a map from ids, each checked on its own."""
    rows: list[Row[S]] = []
    marks = iter(tree.marks)
    for (id_, value), key_mark, mark in zip(tree.items(), marks, marks, strict=True):
        try:
            unbroken(_ID.validate_python, id_)
        except ValidationError as error:
            report_key(error.errors(include_url=False)[0], file, id_, key_mark, findings)
        if value is None:  # an entry with nothing behind it: its required keys are missing
            value = Map(mark)  # noqa: PLW2901
        if isinstance(value, Map):
            rows.append(Row(file, id_, key_mark, value, read_spec(spec, file, value, findings)))
        else:
            message = tr(
                "found {found}, expected a map with the keys of {table}", found=shown(value), table=name
            )
            findings.error(file, mark, "wrong-type", message)
            rows.append(Row(file, id_, key_mark, Map(mark), None))
    return Table(name, tuple(rows))


def read_spec(spec: type[S], file: str, tree: Map, findings: Findings) -> S | None:
    """The spec of a map; None, with findings, where anything in it is wrong."""
    try:
        return unbroken(spec.model_validate, tree)
    except ValidationError as error:
        report(error, spec, file, tree, findings)
        return None


def read_fields(
    spec: type[Spec], names: Collection[str], file: str, tree: Map, findings: Findings
) -> dict[str, Any]:
    """Those of the named fields that are written and right, or have a default; the others are findings."""
    values: dict[str, Any] = {}
    for name in names:
        field, value = spec.model_fields[name], tree.get(name)
        if value is None:
            if field.is_required():
                report_missing(spec, (name,), file, tree, findings)
            else:
                values[name] = field.get_default(call_default_factory=True)
            continue
        try:
            values[name] = unbroken(_adapter(spec, name).validate_python, value)
        except ValidationError as error:
            report(error, spec, file, tree, findings, (name,))
    return values


def unknown_keys(spec: type[Spec], file: str, tree: Map, findings: Findings) -> None:
    """A finding for every key that the spec doesn't have."""
    for key in tree:
        if key not in spec.keys:
            report_unknown(spec, (key,), file, tree, findings)


@lru_cache
def _adapter(spec: type[Spec], name: str) -> TypeAdapter[Any]:
    field = spec.model_fields[name]
    with held():
        return TypeAdapter(cast("Any", Annotated[field.annotation, field]))
