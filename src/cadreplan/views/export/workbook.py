"""One workbook: overview with charts, timetable, sessions to print, tables, a sheet for each branch.

Every text is written as text, after `plain`: nothing in the data can become a formula, a link or a piece of
a header. The same plan gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, time

import xlsxwriter

from cadreplan.documents.yaml.reader import gc_paused
from cadreplan.language import tr
from cadreplan.views.export import groups, held, people, places, teaching
from cadreplan.views.export.branch_sheet import branch_sheets
from cadreplan.views.export.group_sheets import group_sheets
from cadreplan.views.export.overview_sheet import overview_sheet
from cadreplan.views.export.session_sheet import session_sheet
from cadreplan.views.export.sheet import Book
from cadreplan.views.export.table_sheet import table_sheet
from cadreplan.views.export.timetable_sheet import timetable_sheet
from cadreplan.views.season import Season
from cadreplan.views.table import Table
from cadreplan.views.wording import plain

TABLES: tuple[Callable[[Season], Table], ...] = (
    held.cohorts,
    groups.groups,
    teaching.programme,
    teaching.lecturers,
    teaching.journeys,
    people.assignments,
    people.leaders,
    people.open_gaps,
    teaching.unstaffed,
    places.sites,
    places.rooms,
    places.branches,
)
"""The tables with a sheet of their own after overview, timetable and sessions."""


def workbook(season: Season) -> bytes:
    """The plan as an .xlsx file."""
    with gc_paused():  # millions of cells, none of which holds another
        return _workbook(season)


def _workbook(season: Season) -> bytes:
    stream = io.BytesIO()
    document = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    day = datetime.combine(season.instance.start, time())
    title = plain(season.instance.title)
    document.set_properties({"title": title, "created": day})
    book = Book(document, title)
    sessions = held.sessions(season)
    overview_sheet(book, season)
    timetable_sheet(book, season)
    session_sheet(book, season)
    group_sheets(book, season)
    table_sheet(book, sessions, ("status", frozenset((tr("confirmed"), tr("candidate, opened")))))
    for table in _tables(season):
        table_sheet(book, table)
    branch_sheets(book, season)
    document.close()
    return stream.getvalue()


def _tables(season: Season) -> Sequence[Table]:
    made = [make(season) for make in TABLES]
    return [table for table in made if table.rows]
