"""Two sheets to print of discussion groups: the list of each session, and a card for each table."""

from __future__ import annotations

from typing import Any

from cadreplan.language import tr, tr_n
from cadreplan.views.export.sheet import Book, fit_height, text, write
from cadreplan.views.groups import GroupRow, group_rows, tag_name, tags_of
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, session_rows
from cadreplan.views.table import Kind, Value

MOST = 200
"""Sessions that are printed one by one; those of a larger season are in the table."""

_LIST_WIDTHS = (17, 17, 26, 24, 9)
_KINDS: tuple[Kind, ...] = ("text", "text", "text", "text", "number")
_TITLE = 20
"""Points of a line with the name of a group."""
_CARD_WIDTHS = (34, 44, 34)
_CARD_LINE = 34
"""Points of a line on a card, to be read across a table."""


def group_sheets(book: Book, season: Season) -> None:
    """Add both, sessions by first day; none where no session has groups, or more than `MOST` do."""
    rows = [
        (row, groups)
        for row in session_rows(season)
        if row.runs and (groups := group_rows(season, row.session))
    ]
    if 0 < len(rows) <= MOST:
        _lists(book, season, rows)
        _cards(book, season, rows)


def _lists(book: Book, season: Season, rows: list[tuple[SessionRow, list[GroupRow]]]) -> None:
    sheet = book.sheet(tr("Group lists"))
    for k, size in enumerate(_LIST_WIDTHS):
        sheet.set_column(k, k, size)
    top, breaks = 0, []
    for row, groups in rows:
        breaks.append(top)
        sheet.write_string(top, 0, text(row.id), book.format(bold=True, font_size=16))
        sheet.set_row(top, 24)
        sheet.write_string(top + 1, 0, text(_place(season, row)), book.format(font_color="#5a5f69"))
        top += 2
        for group in groups:
            top = _list(book, sheet, season, row, group, top)
    sheet.set_h_pagebreaks(breaks[1:])


def _list(book: Book, sheet: Any, season: Season, row: SessionRow, group: GroupRow, top: int) -> int:
    """Write one group from row `top` on; returns the row at which the next one begins."""
    told = [
        tr("{what}: {how}", what=tag_name(tag), how=mix)
        for tag, mix in zip(tags_of(season.instance, row.session), group.mixes, strict=True)
        if mix
    ]
    people = tr_n("{n:,} person", "{n:,} people", group.people)
    sheet.write_string(top, 0, text(group.title), book.format(bold=True, font_size=13))
    facts = text(" · ".join((people, *told)))
    sheet.merge_range(
        top, 1, top, len(_LIST_WIDTHS) - 1, facts, book.format(font_color="#5a5f69", text_wrap=True)
    )
    fit_height(sheet, top, [(facts, sum(_LIST_WIDTHS[1:]))], _TITLE)
    heads = (tr("leader no."), tr("name"), tr("branch"), tr("post"), tr("people"))
    for k, head in enumerate(heads):
        sheet.write_string(top + 1, k, head, book.header(_KINDS[k]))
    for r, sitter in enumerate(group.sitters, top + 2):
        values: tuple[Value, ...] = (
            sitter.id,
            sitter.name,
            sitter.branch,
            sitter.role or None,
            sitter.headcount,
        )
        fit_height(sheet, r, list(zip(values, _LIST_WIDTHS, strict=True)))
        for k, value in enumerate(values):
            write(sheet, r, k, value, book.by_kind, book.by_kind["wide"])
    return top + 3 + len(group.sitters)


def _cards(book: Book, season: Season, rows: list[tuple[SessionRow, list[GroupRow]]]) -> None:
    """A page a group, in large print, to stand on its table."""
    sheet = book.sheet(tr("Table cards"))
    for k, size in enumerate(_CARD_WIDTHS):
        sheet.set_column(k, k, size)
    large = book.format(bold=True, font_size=40, align="center")
    quiet = book.format(font_color="#5a5f69", font_size=14, align="center")
    name = book.format(font_size=24, align="center")
    branch = book.format(font_size=14, align="left", font_color="#5a5f69", valign="vcenter")
    top, breaks = 0, []
    for row, groups in rows:
        for group in groups:
            breaks.append(top)
            sheet.merge_range(top, 0, top, 2, "", large)
            sheet.write_string(top, 0, text(group.title), large)
            sheet.set_row(top, 56)
            sheet.merge_range(top + 1, 0, top + 1, 2, "", quiet)
            sheet.write_string(top + 1, 0, text(f"{row.id} · {_place(season, row)}"), quiet)
            top += 3
            for sitter in group.sitters:
                sheet.write_string(top, 1, text(sitter.who), name)
                sheet.write_string(top, 2, text(sitter.branch), branch)
                sheet.set_row(top, _CARD_LINE)
                top += 1
    sheet.set_h_pagebreaks(breaks[1:])


def _place(season: Season, row: SessionRow) -> str:
    return " · ".join(filter(None, (row.site, row.room, season.dates.spans(row.days))))
