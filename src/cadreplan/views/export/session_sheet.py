"""A sheet to print and hand out: each session on a page of its own, with its programme and its cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from cadreplan.language import listed, tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.sheet import Book, fit_height, text, write
from cadreplan.views.groups import group_rows
from cadreplan.views.people import Member, cohort, sleeps
from cadreplan.views.programme import HalfDay, by_session
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, session_rows
from cadreplan.views.table import Kind, Value
from cadreplan.views.wording import slot_name

MOST = 200
"""Sessions that are printed one by one; those of a larger season are in the tables."""

_WIDTHS = (15, 14, 28, 20, 8, 34, 18, 12, 12)
"""In characters; the last two are for the group, where there are groups, and where some sleep at home."""
_KINDS: tuple[Kind, ...] = ("text", "text", "text", "text", "number", "text", "text", "text", "text")
_SIGNED = (17, 24)
"""Least and usual height in points of a line that somebody signs in."""
_PAGE = 600
"""Points of lines that a page has room for, wide as the sheet is."""


def session_sheet(book: Book, season: Season) -> None:
    """Add the sheet, attended sessions by first day; none where there are none, or more than `MOST`."""
    rows = [row for row in session_rows(season) if row.runs and season.cohorts[row.session]]
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
    people = cohort(season, row.session)
    more = [*_more(season, row.session, people)]
    widths = _WIDTHS[: 7 + len(more)]
    modules = season.instance.sessions[row.session].modules
    taught = listed(
        tr(
            "{module} ({hours} h)",
            module=season.instance.modules[m].name,
            hours=season.instance.modules[m].hours,
        )
        for m in modules
    )
    title = listed(season.module_names(row.session))
    if season.name(row.session) == row.id:
        title = f"{row.id}  {title}"
    head = book.format(bold=True, font_size=16, text_wrap=True)
    sheet.merge_range(top, 0, top, len(widths) - 1, text(title), head)
    sheet.set_row(top, 24 * max(1, -(-cell_len(title) // (sum(widths) * 5 // 8))))
    room = tr("room {room}", room=row.room) if row.room else ""
    facts = (season.dates.spans(row.days), row.site, room, taught, tr("people {n:,}", n=row.people))
    place = text("    ".join(filter(None, facts)))
    quiet = book.format(font_color="#5a5f69", text_wrap=True)
    sheet.merge_range(top + 1, 0, top + 1, len(widths) - 1, place, quiet)
    fit_height(sheet, top + 1, [(place, sum(widths))])
    top += 3
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
        tr("signature"),
        *(head for head, _ in more),
    )
    members = [(*_member(m), *(said[m.leader] for _, said in more)) for m in people]
    left = _PAGE - 24 - 15 * (3 + (len(held) + 2 if held else 0))
    line = max(_SIGNED[0], min(_SIGNED[1], left // max(1, len(members))))
    return _block(book, sheet, heads, members, top, least=line) + 1


def _block(
    book: Book, sheet: Any, heads: Sequence[str], rows: Sequence[tuple[Value, ...]], top: int, least: int = 0
) -> int:
    """Write a table from row `top` on, its lines `least` points high; returns where the next may begin."""
    for k, head in enumerate(heads):
        sheet.write_string(top, k, head, book.header(_KINDS[k]))
    for r, row in enumerate(rows, top + 1):
        fit_height(sheet, r, list(zip(row, _WIDTHS, strict=False)), least)
        for k in range(len(heads)):
            value = row[k] if k < len(row) else None
            if value is None:
                sheet.write_blank(r, k, None, book.by_kind["text"])
            else:
                write(sheet, r, k, value, book.by_kind, book.by_kind["wide"])
    return top + len(rows) + 2


def _half_day(season: Season, half_day: HalfDay) -> tuple[Value, ...]:
    who = lecturer_of(season, half_day)
    return season.dates.weekday(half_day.day), slot_name(half_day.slot), half_day.module, who


def _more(
    season: Season, session: int, people: Sequence[Member]
) -> Iterator[tuple[str, Mapping[int, Value]]]:
    """The columns that only some sessions have: the head, and what it says of each leader."""
    groups = group_rows(season, session)
    if groups:
        yield tr("group"), {sitter.leader: group.title for group in groups for sitter in group.sitters}
    if season.instance.policy.local_km:
        yield tr("sleeps"), {member.leader: sleeps(member.at_home) or None for member in people}


def _member(member: Member) -> tuple[Value, ...]:
    branch = member.branch if member.branch == member.group else f"{member.group} {member.branch}"
    closes = listed(member.closes) or None
    return member.id, member.name, branch, member.role or None, member.headcount, closes, None
