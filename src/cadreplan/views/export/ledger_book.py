"""The ledger as a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time

import xlsxwriter

from cadreplan.insight.ledger import Ledger
from cadreplan.views.export.sheet import Book
from cadreplan.views.export.table_sheet import table_sheet
from cadreplan.views.ledger import Called, tables


def as_workbook(found: Ledger, names: Called, unit: Mapping[str, str], title: str, day: date) -> bytes:
    """The three tables, a sheet each, as .xlsx."""
    stream = io.BytesIO()
    document = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    document.set_properties({"title": title, "created": datetime.combine(day, time())})
    book = Book(document, title)
    for table in tables(found, names, unit):
        table_sheet(book, table)
    document.close()
    return stream.getvalue()
