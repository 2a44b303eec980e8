"""Rows of a flat table that are none of its entries: sums, and lines of who filled it in."""

from __future__ import annotations

from collections.abc import Sequence

from cadreplan.documents.findings import Findings, shown
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.types import is_id
from cadreplan.documents.tree import Map, mark_of
from cadreplan.documents.values.words import FOOTERS, TOTALS
from cadreplan.language import tr

_BEGINNINGS = frozenset("合小总汇共累平人名学填制审复负联经签盖备说注AaGgSsTt")


def kind_of(cells: Sequence[str]) -> str:
    """`total` for what looks like a sum, `note` for a line below a table, `notes` if it has more cells."""
    first = cells[0].strip() if cells else ""
    if not first:
        first = next((text for cell in cells if (text := cell.strip())), "")
    if not first or first[0] not in _BEGINNINGS:
        return ""
    if TOTALS.fullmatch(first):
        return "total"
    if not FOOTERS.fullmatch(first):
        return ""
    return "note" if len({text for cell in cells if (text := cell.strip())}) == 1 else "notes"


def is_entry(row: Map, spec: type[Spec], has_name: bool) -> bool:
    """Whether a row has all that an entry must have, its id in the form of one, and a name if others have."""
    id_ = row.get("id")
    return (
        (not has_name or bool(row.get("name")))
        and (not isinstance(id_, str) or is_id(id_))
        and all(row.get(key) for key, name in spec.keys.items() if spec.model_fields[name].is_required())
    )


def warn(
    number: int, cells: Sequence[str], *, kind: str, is_read: bool, file: str, findings: Findings
) -> None:
    """Say that a row looks like none of the table's, and what is done with it."""
    column, first = next((k, text) for k, cell in enumerate(cells, 1) if (text := cell.strip()))
    row = shown(first)
    if is_read:
        message = tr("found {row}, a row that looks like a total, and read it like any other", row=row)
        hint = tr("take it out of the table, unless it is one of its rows")
    elif kind == "total":
        message = tr("found {row}, a row that looks like a total, and passed it over", row=row)
        hint = tr("take it out of the table")
    elif kind == "header":
        message = tr("found the header again, and passed it over")
        hint = tr("take it out of the table")
    else:
        message = tr("found {row}, a line that is no row of the table, and passed it over", row=row)
        hint = tr("take it out of the table")
    findings.warning(file, mark_of(number, column), "total-row", message, hint)
