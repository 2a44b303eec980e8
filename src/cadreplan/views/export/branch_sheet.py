"""A sheet for each branch of the first level: who goes where and when, how far, what stays open and why."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from cadreplan.language import listed, tr
from cadreplan.views.export.people import by_group, who_cells
from cadreplan.views.export.sheet import Book, fit_height, text, width, write
from cadreplan.views.people import Itinerary, Journey, itinerary
from cadreplan.views.season import Season
from cadreplan.views.summary import BranchRow, first_level_rows
from cadreplan.views.table import Column, Value
from cadreplan.views.wording import reason, share, with_people

MOST = 120
"""Branches that get a sheet each; a book of more would be one that nobody can leaf through."""

_HEADER = 3
"""The row of the header, below name, facts and a blank one."""

_TITLE = 24
"""Height of the name in points; not every spreadsheet makes room for large letters by itself."""


def branch_sheets(book: Book, season: Season) -> None:
    """Add the sheets, branches in the roster's order; none where there are more than `MOST` branches."""
    facts = {row.id: row for row in first_level_rows(season)}
    if len(facts) > MOST:
        return
    members: dict[int, list[int]] = defaultdict(list)
    for i in by_group(season):
        members[season.first_level[season.instance.leaders[i].branch]].append(i)
    for b in sorted(members):
        _branch(book, season, facts[season.instance.branches[b].id], members[b])


def _branch(book: Book, season: Season, facts: BranchRow, leaders: list[int]) -> None:
    sheet = book.sheet(facts.name)
    sheet.write_string(0, 0, text(facts.name), book.format(bold=True, font_size=16))
    sheet.set_row(0, _TITLE)
    said = tr(
        "people {people:,} · skill gaps closed {closed:,} of {total:,} ({share}) · days away {days:,}"
        " · km {km:,}",
        people=facts.people,
        closed=facts.closed,
        total=facts.total,
        share=share(facts.closed, facts.total),
        days=facts.days,
        km=facts.km,
    )
    sheet.write_string(1, 0, said, book.format(font_color="#5a5f69"))
    columns = (
        Column("leader", tr("leader no.")),
        Column("name", tr("name")),
        Column("branch", tr("branch")),
        Column("post", tr("post")),
        Column("from", tr("away from"), "date"),
        Column("to", tr("away to"), "date"),
        Column("days", tr("days"), "number"),
        Column("site", tr("site")),
        Column("km", tr("km both ways"), "number"),
        Column("sessions", tr("sessions")),
        Column("closes", tr("skill gaps closed")),
        Column("open", tr("still open, and why")),
    )
    rows = [row for i in leaders for row in _rows(season, i)]
    _write(book, sheet, columns, rows)


def _write(book: Book, sheet: Any, columns: tuple[Column, ...], rows: list[tuple[Value, ...]]) -> None:
    sizes = [width([row[k] for row in rows], column.label, most=38) for k, column in enumerate(columns)]
    for k, column in enumerate(columns):
        sheet.write_string(_HEADER, k, column.label, book.header(column.kind))
        sheet.set_column(k, k, sizes[k])
    wide = book.by_kind["wide"]
    for r, row in enumerate(rows, _HEADER + 1):
        fit_height(sheet, r, list(zip(row, sizes, strict=True)))
        for k, value in enumerate(row):
            if value is None:
                sheet.write_blank(r, k, None, wide)
            else:
                write(sheet, r, k, value, book.by_kind, wide)
    sheet.freeze_panes(_HEADER + 1, 2)
    sheet.repeat_rows(_HEADER)
    sheet.autofilter(_HEADER, 0, _HEADER + len(rows), len(columns) - 1)


def _rows(season: Season, leader: int) -> list[tuple[Value, ...]]:
    """One row a trip, or one that says that the leader stays at home; what stays open is on the first."""
    plan = itinerary(season, leader)
    who = who_cells(season, leader)
    head = (who[0], _name(season, leader), who[3], who[4])
    trips = [_trip(season, journey) for journey in plan.journeys]
    home = (None, None, None, tr("stays at home"), None, None, None)
    rows = trips or [home]
    return [(*head, *row, _open(plan) if k == 0 else None) for k, row in enumerate(rows)]


def _name(season: Season, leader: int) -> str:
    who = season.instance.leaders[leader]
    return with_people(who.name, who.headcount)


def _trip(season: Season, journey: Journey) -> tuple[Value, ...]:
    trip, instance = journey.trip, season.instance
    sessions = listed(
        stop.name if stop.name != stop.id else tr("{id} ({names})", id=stop.id, names=listed(stop.modules))
        for stop in journey.stops
    )
    closed = listed(skill for stop in journey.stops for skill in stop.closes)
    first, last = instance.date_of(trip.first), instance.date_of(trip.last)
    site = tr("{site} (sleeps at home)", site=journey.site) if trip.at_home else journey.site
    return first, last, len(trip.days), site, journey.km, sessions, closed or None


def _open(plan: Itinerary) -> str | None:
    said = [tr("{what}: {how}", what=gap.skill, how=reason(gap.reason)) for gap in plan.open]
    return tr("; ").join(said) or None
