"""Attendance to be filled in: a workbook with a sheet for each session, which `record` reads as it is.

Everybody who is planned stands in it with id and name, the mark is chosen from a list, and there is room for
a signature. So it can be printed and signed, or filled in on a screen.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

import xlsxwriter

from cadreplan.language import later, listed, tr
from cadreplan.views.export.sheet import Book, text
from cadreplan.views.people import cohort
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, session_rows
from cadreplan.views.table import Kind
from cadreplan.views.wording import plain

MOST = 200
"""Sessions with a sheet of their own; of more than that in a workbook, those of a site share one."""

MARKS = (later("present"), later("late"), later("excused"), later("absent"), later("passed"))
"""What is offered for the mark, `cadreplan.documents.results.words` in the reader's language."""

_SPARE = 5
"""Empty lines below the people of a session, for those who come without a seat."""

_WIDTHS = (14, 16, 26, 22, 8, 16, 12, 18, 26)
_KINDS: tuple[Kind, ...] = ("text", "text", "text", "text", "number", "text", "text", "text", "text")
_SESSION, _MARK = 5, 6
_HEIGHT = 22


def attendance_book(season: Season, site: int | None = None) -> bytes:
    """The workbook of all sessions that people have seats in, or of those at one site, as .xlsx."""
    stream = io.BytesIO()
    document = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    title = plain(season.instance.title)
    day = datetime.combine(season.instance.start, time())
    document.set_properties({"title": title, "created": day})
    book = Book(document, title)
    rows = [row for row in held(season) if site is None or season.instance.sessions[row.session].site == site]
    by_site: defaultdict[int, list[SessionRow]] = defaultdict(list)
    for row in rows:
        by_site[season.instance.sessions[row.session].site].append(row)
    for _, own in sorted(by_site.items()):
        if len(rows) > MOST:
            _sheet(book, season, own[0].site, own[0].site, own, spare=0)
            continue
        for row in own:
            names = listed(map(plain, season.module_names(row.session)))
            title = names if row.name != row.id else f"{row.id}  {names}"
            short = f"{plain(season.short_name(row.session))} {season.dates.day(row.first)}"
            name = short if row.name != row.id else row.id
            _sheet(book, season, name, title, [row], spare=_SPARE)
    if not rows:
        book.sheet(tr("Attendance"))
    document.close()
    return stream.getvalue()


def held(season: Season) -> list[SessionRow]:
    """The sessions that people have seats in, by first day."""
    return [row for row in session_rows(season) if row.runs and season.cohorts[row.session]]


def _sheet(
    book: Book, season: Season, name: str, title: str, sessions: Sequence[SessionRow], spare: int
) -> None:
    """One sheet to be filled in, with `spare` empty lines."""
    sheet = book.sheet(name)
    for k, size in enumerate(_WIDTHS):
        sheet.set_column(k, k, size)
    first = sessions[0]
    longest = max(len(row.name.encode("gb18030", "replace")) for row in sessions)
    sheet.set_column(_SESSION, _SESSION, max(_WIDTHS[_SESSION], longest + 2))
    where = [first.site, first.room, season.dates.spans(first.days)] if spare else []
    quiet = book.format(font_color="#5a5f69")
    sheet.write_string(0, 0, text(title), book.format(bold=True, font_size=16))
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, text(" · ".join(filter(None, where))), quiet)
    guide = tr("choose a mark for everybody: who has none counts as absent, or the session as not held")
    sheet.write_string(2, 0, guide, quiet)
    heads = (
        tr("leader no."),
        tr("name"),
        tr("branch"),
        tr("post"),
        tr("people"),
        tr("session"),
        tr("attendance"),
        tr("signature"),
        tr("note"),
    )
    for k, head in enumerate(heads):
        sheet.write_string(3, k, head, book.header(_KINDS[k]))
    lines = [*_lines(season, sessions), *[("", "", "", "", None, first.name)] * spare]
    for at, line in enumerate(lines, 4):
        _line(book, sheet, at, line)
    sheet.data_validation(
        4,
        _MARK,
        3 + len(lines),
        _MARK,
        {
            "validate": "list",
            "source": [tr(mark) for mark in MARKS],
            "error_type": "warning",
            "error_message": tr("this isn't one of the marks"),
        },
    )
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(3)


_Line = tuple[str, str, str, str, int | None, str]


def _lines(season: Season, sessions: Iterable[SessionRow]) -> Iterable[_Line]:
    for row in sessions:
        for who in cohort(season, row.session):
            branch = who.branch if who.branch == who.group else f"{who.group} {who.branch}"
            yield who.id, who.name, branch, who.role, who.headcount, row.name


def _line(book: Book, sheet: Any, at: int, line: _Line) -> None:
    """A row with frames to write in; an id that is typed in stays a text."""
    frame = {"border": 1, "border_color": "#b8bec6", "valign": "vcenter"}
    framed = book.format(**frame, align="left", indent=1, num_format="@")
    number = book.format(**frame, num_format="0_)")
    sheet.set_row(at, _HEIGHT)
    for k in range(len(_WIDTHS)):
        value = line[k] if k < len(line) else ""
        if isinstance(value, int):
            sheet.write_number(at, k, value, number)
        elif value:
            sheet.write_string(at, k, text(value), framed)
        else:
            sheet.write_blank(at, k, None, framed)
