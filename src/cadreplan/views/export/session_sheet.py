"""A sheet to print and hand out: each session on a page of its own, with its programme and its cohort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cadreplan.language import listed, tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.sheet import Book, fit_height, text, write
from cadreplan.views.export.table import Kind, Value
from cadreplan.views.people import Member, cohort, sleeps
from cadreplan.views.programme import HalfDay, by_session
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, session_rows
from cadreplan.views.wording import slot_name

MOST = 200
"""Sessions that are printed one by one; those of a larger season are in the tables."""

_WIDTHS = (17, 16, 26, 26, 9, 40, 12)
"""In characters; the last column is there only where some sleep at home."""
_KINDS: tuple[Kind, ...] = ("text", "text", "text", "text", "number", "text", "text")


def session_sheet(book: Book, season: Season) -> None:
    """Add the sheet, sessions by first day; none where no session or more than `MOST` are held."""
    rows = [row for row in session_rows(season) if row.runs]
    if not 0 < len(rows) <= MOST:
        return
    sheet = book.sheet(tr("Session by session"))
    for k, size in enumerate(_WIDTHS):
        sheet.set_column(k, k, size)
    programme = by_session(season)
    top, breaks = 0, []
    for row in rows:
        breaks.append(top)
        top = _session(book, sheet, season, row, programme.get(row.session, []), top)
    sheet.set_h_pagebreaks(breaks[1:])


def _session(
    book: Book, sheet: Any, season: Season, row: SessionRow, held: Sequence[HalfDay], top: int
) -> int:
    """Write one session from row `top` on; returns the row at which the next one begins."""
    sheet.write_string(top, 0, text(row.id), book.format(bold=True, font_size=16))
    sheet.set_row(top, 24)
    place = " · ".join(filter(None, (row.site, row.room, season.dates.spans(row.days))))
    sheet.write_string(top + 1, 0, text(place), book.format(font_color="#5a5f69"))
    top += 2
    if held:
        days = (tr("day"), tr("half day"), tr("module"), tr("lecturer"))
        top = _block(book, sheet, days, [_half_day(season, h) for h in held], top)
    heads: tuple[str, ...] = (
        tr("leader no."),
        tr("name"),
        tr("branch"),
        tr("post"),
        tr("people"),
        tr("skill gaps closed"),
    )
    members = [_member(m) for m in cohort(season, row.session)]
    if season.instance.policy.local_km:
        heads = (*heads, tr("sleeps"))
    return _block(book, sheet, heads, [member[: len(heads)] for member in members], top) + 1


def _block(book: Book, sheet: Any, heads: Sequence[str], rows: Sequence[tuple[Value, ...]], top: int) -> int:
    for k, head in enumerate(heads):
        sheet.write_string(top, k, head, book.header(_KINDS[k]))
    for r, row in enumerate(rows, top + 1):
        fit_height(sheet, r, list(zip(row, _WIDTHS, strict=False)))
        for k, value in enumerate(row):
            write(sheet, r, k, value, book.by_kind, book.by_kind["wide"])
    return top + len(rows) + 2


def _half_day(season: Season, half_day: HalfDay) -> tuple[Value, ...]:
    who = lecturer_of(season, half_day)
    return season.dates.weekday(half_day.day), slot_name(half_day.slot), half_day.module, who


def _member(member: Member) -> tuple[Value, ...]:
    branch = member.branch if member.branch == member.group else f"{member.group} {member.branch}"
    closes = listed(member.closes) or None
    where = sleeps(member.at_home) or None
    return member.id, member.name, branch, member.role or None, member.headcount, closes, where
