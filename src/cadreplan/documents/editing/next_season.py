"""What becomes different in a roster's own text and tables when it is prepared for another season.

The horizon is another one, offerings start as many weeks later, and there are no sessions yet: they are for
the planner to write. People, places and rules stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan.documents.editing import fixed_cells as fixed_workbook
from cadreplan.documents.editing.tables import HEADERS, changed_text
from cadreplan.documents.editing.workbook import with_texts
from cadreplan.documents.editing.yaml import Piece, quoted, rewritten
from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.season import settings_in
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import EverySpec, OfferingSpec, SessionSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.documents.tables.header import header_of
from cadreplan.documents.tables.reader import csv_rows
from cadreplan.documents.tree import line_and_column
from cadreplan.documents.workbook.book import read_sheet
from cadreplan.documents.yaml.reader import Node, layout
from cadreplan.errors import UsageError
from cadreplan.language import tr

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Season:
    """The next season: its horizon, its title (None: as before), and the days by which offerings move."""

    horizon: DateRange
    title: str | None
    shift: timedelta


def season_after(before: DateRange, horizon: DateRange, title: str | None = None) -> Season:
    """The season that follows another; raises `UsageError` where it begins before that has ended.

    Offerings move by whole weeks, so that Mondays stay Mondays: by the fewest that bring the first day of the
    old horizon into the new one.
    """
    if horizon.start <= before.end:
        message = tr(
            "the next season begins on {start}, expected a day after {end}, the last of this one",
            start=horizon.start.isoformat(),
            end=before.end.isoformat(),
        )
        raise UsageError(message)
    days = (horizon.start - before.start).days
    return Season(horizon, title, timedelta(days=-(-days // _WEEK) * _WEEK))


def moved_roster(text: str, file: str, season: Season, offerings: Iterable[Row[OfferingSpec]]) -> str:
    """The text of a roster for another season, with what stands in it of sessions and offerings."""
    root = layout(text)
    horizon = f"{season.horizon.start.isoformat()}..{season.horizon.end.isoformat()}"
    pieces = [_put(text, node, horizon) for node in (root.child("horizon"),) if node is not None]
    title = root.child("title")
    if season.title is not None and title is not None:
        pieces.append(_put(text, title, quoted(season.title)))
    elif season.title is not None:
        key = next(node for node in root.children[::2] if node.value == "horizon")
        pieces.append((key.start, key.start, f"title: {quoted(season.title)}\n"))
    sessions = root.child("sessions")
    if sessions is not None and _is_rows(sessions):
        pieces.append(_put(text, sessions, "[]"))
    rows = root.child("offerings")
    if rows is not None and _is_rows(rows):
        pieces += _starts(text, rows, season, offerings)
    return rewritten(text, file, pieces)


def moved_rows(text: str, file: str, season: Season, offerings: Iterable[Row[OfferingSpec]]) -> str:
    """The text of a YAML table of offerings for another season."""
    return rewritten(text, file, _starts(text, layout(text), season, offerings))


def moved_cells(offerings: Iterable[Row[OfferingSpec]], season: Season) -> dict[tuple[int, int], str]:
    """The cells of a flat table of offerings that change, by row and column from 1."""
    cells = {}
    for row in offerings:
        if row.spec is not None and (starts := _later(row.spec, season.shift)) is not None:
            (line, _), (_, column) = line_and_column(row.tree.mark), line_and_column(row.mark("starts"))
            items = [f"{k}:{v}" for k, v in starts.items()] if isinstance(starts, dict) else starts
            cells[line, column] = "; ".join(items)
    return cells


def emptied_csv(data: bytes, encoding: str | None) -> bytes:
    """The bytes of a CSV table of sessions with its header, and what stands above that, alone."""
    return changed_text(data, encoding, _emptied)


def _emptied(text: str) -> str:
    rows = list(csv_rows(text, HEADERS, "", Findings()))
    found = header_of(rows, SessionSpec, None)
    behind = [number for number, _ in rows if found is None or number > found[0]]
    lines = text.splitlines(keepends=True)
    return "".join(lines[: behind[0] - 1] if behind else lines)


def emptied_sheet(data: bytes, file: str, sheet: str) -> bytes:
    """The bytes of a workbook whose sheet of sessions has nothing below its header any more."""
    rows = read_sheet(data, sheet).rows
    found = header_of(rows, SessionSpec, None)
    cells = {
        (number, column): ""
        for number, row in rows
        for column, text in enumerate(row, 1)
        if found is not None and number > found[0] and text
    }
    return fixed_workbook.with_cells(data, file, sheet, cells)


def moved_head(data: bytes, file: str, paths: Mapping[str, str], season: Season | None = None) -> bytes:
    """The bytes of a season's workbook whose settings name other files, and another horizon and title.

    Raises `UsageError` where it has no row for a title that is asked for.
    """
    sheet, rows = settings_in(data)
    values = {key: path for key, path in paths.items() if key in rows}
    if season is not None:
        values["horizon"] = f"{season.horizon.start.isoformat()}..{season.horizon.end.isoformat()}"
        if season.title is not None:
            values["title"] = season.title
        if values.keys() - rows.keys():
            message = tr(
                "{file} has no row title (轮训名称) in its sheet {sheet}: add it", file=file, sheet=sheet
            )
            raise UsageError(message)
    return with_texts(data, sheet, {rows[key]: {1: text} for key, text in values.items()}) if values else data


def _is_rows(node: Node) -> bool:
    """Whether a table stands in the roster itself, and isn't a path or a list of them."""
    return node.kind == "seq" and all(row.kind != "scalar" for row in node.children)


def _later(spec: OfferingSpec, shift: timedelta) -> list[str] | dict[str, str] | None:
    """The starts of an offering that many days later; None where it says no day."""
    if not isinstance(spec.starts, EverySpec):
        return [_text(day, shift) for day in spec.starts]
    bounds = {"from": spec.starts.from_, "to": spec.starts.to}
    days = {key: _text(day, shift) for key, day in bounds.items() if day is not None}
    return {"every": spec.starts.every} | days if days else None


def _text(day: date, shift: timedelta) -> str:
    return (day + shift).isoformat()


def _starts(text: str, rows: Node, season: Season, offerings: Iterable[Row[OfferingSpec]]) -> list[Piece]:
    specs: dict[str, Spec] = {row.id: row.spec for row in offerings if row.id and row.spec}
    pieces = []
    for row in (rows.target or rows).children:
        id_ = row.child("id") if row.kind == "map" else None
        node = row.child("starts") if row.kind == "map" else None
        spec = specs.get(id_.value or "") if id_ is not None else None
        if node is not None and isinstance(spec, OfferingSpec):
            starts = _later(spec, season.shift)
            if isinstance(starts, dict):
                pieces.append(_put(text, node, "{" + ", ".join(f"{k}: {v}" for k, v in starts.items()) + "}"))
            elif starts is not None:
                pieces.append(_put(text, node, "[" + ", ".join(starts) + "]"))
    return pieces


def _put(text: str, node: Node, new: str) -> Piece:
    """The piece that writes a value again; what stands in several lines may begin below its key."""
    if node.start == node.end or (node.kind in ("map", "seq") and not node.flow):
        new = f" {new}"
    if text[node.start : node.end].endswith("\n"):
        new += "\r\n" if text[: node.end].endswith("\r\n") else "\n"
    return node.start, node.end, new
