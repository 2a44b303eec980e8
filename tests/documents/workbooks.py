"""Workbooks to read: made by a well-known writer, or part by part where no writer would make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter

Row = Sequence[object]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def written(
    sheets: Mapping[str, Sequence[Row]], finish: Callable[[xlsxwriter.Workbook], None] | None = None
) -> bytes:
    """A workbook with these rows; `finish` may do more to it before it is closed."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write(r, c, value)
    if finish is not None:
        finish(book)
    book.close()
    return stream.getvalue()


def packed(sheet: str | bytes, *, compress: int = zipfile.ZIP_DEFLATED, **parts: str | bytes) -> bytes:
    """A workbook of one sheet 人员 with this XML; `parts` replace or add others by their names in `PARTS`."""
    stream = io.BytesIO()
    texts: dict[str, str | bytes] = {
        "_rels/.rels": _links("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="人员" sheetId="1" r:id="rId0"/>'
            "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _links("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    texts |= {PARTS[name]: text for name, text in parts.items()}
    with zipfile.ZipFile(stream, "w", compress) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return stream.getvalue()


PARTS = {
    "root": "_rels/.rels",
    "book": "xl/workbook.xml",
    "links": "xl/_rels/workbook.xml.rels",
    "strings": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
}


def _links(*kinds_and_targets: str) -> str:
    pairs = zip(kinds_and_targets[::2], kinds_and_targets[1::2], strict=True)
    rows = "".join(
        f'<Relationship Id="rId{i}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(pairs)
    )
    return f'<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


WITH_STRINGS_AND_STYLES = _links(
    "worksheet", "worksheets/sheet1.xml", "sharedStrings", "sharedStrings.xml", "styles", "styles.xml"
)
WITH_STRINGS = _links("worksheet", "worksheets/sheet1.xml", "sharedStrings", "sharedStrings.xml")


def sheet_xml(*cells: str, after: str = "") -> str:
    """A sheet with a header and one row of these cells' XML."""
    header = "".join(
        f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("编号", "支部", "岗位", "优先级")
    )
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{header}</row><row r="2">{"".join(cells)}</row>'
        f"</sheetData>{after}</worksheet>"
    )


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
