"""Cells of a sheet rewritten in the workbook itself: formats, other cells and sheets stay as they are.

Only the elements of those cells are replaced in the sheet's XML; every other byte of it, and every other
part of the archive, is copied.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from cadreplan.documents.workbook.book import part_of
from cadreplan.documents.workbook.package import Attributes
from cadreplan.documents.workbook.sheet import column_of, whole
from cadreplan.errors import UsageError
from cadreplan.language import tr

_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!(?i:utf-?8|us-ascii)[\"'])")


def with_cells(data: bytes, file: str, sheet: str, cells: Mapping[tuple[int, int], str | int]) -> bytes:
    """The workbook, which has been read, with other texts or numbers in cells, by row and column from 1.

    Cells that are merged into another, which alone is written, are left. Raises `UsageError` where the sheet
    is written in a way that can't be changed in place.
    """
    part = part_of(data, sheet)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        new.comment = old.comment
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, _changed(content, file, cells) if info.filename == part else content)
    return stream.getvalue()


def _changed(xml: bytes, file: str, cells: Mapping[tuple[int, int], str | int]) -> bytes:
    """The XML of a sheet with some of its cells replaced."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")) or _OTHER_ENCODING.search(xml[:200]):
        raise UsageError(tr("{file}: a sheet that isn't in UTF-8 can't be changed in place", file=file))
    finder = _Finder(cells)
    parser = expat.ParserCreate()
    parser.StartElementHandler = finder.start
    parser.EndElementHandler = finder.end
    finder.parser = parser
    parser.Parse(xml, True)
    out, at = [], 0
    for first, behind, text in finder.pieces:
        out += [xml[at:first], text.encode()]
        at = xml.index(b">", behind) + 1
    return b"".join([*out, xml[at:]])


class _Finder:
    """Finds where the elements of cells begin and end, in bytes."""

    parser: expat.XMLParserType

    def __init__(self, cells: Mapping[tuple[int, int], str | int]) -> None:
        self.pieces: list[tuple[int, int, str]] = []
        self._cells = cells
        self._row = self._column = 0
        self._open: tuple[int, str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        prefix, _, local = name.rpartition(":")
        if local == "row":
            self._row = whole(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif local == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = column_of(letters) if letters else self._column + 1
            text = self._cells.get((self._row, self._column))
            if text is not None:
                self._open = (self.parser.CurrentByteIndex, _element(prefix, attributes, text))

    def end(self, name: str) -> None:
        if self._open is not None and name.rpartition(":")[2] == "c":
            first, text = self._open
            self.pieces.append((first, self.parser.CurrentByteIndex, text))
            self._open = None


def _element(prefix: str, attributes: Attributes, text: str | int) -> str:
    """A cell with a text or number in it, and the format that it had."""
    colon = f"{prefix}:" if prefix else ""
    kept = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if key in ("r", "s"))
    if isinstance(text, int):
        return f"<{colon}c{kept}><{colon}v>{text}</{colon}v></{colon}c>"
    if not text:
        return f"<{colon}c{kept}/>"
    content = f'<{colon}is><{colon}t xml:space="preserve">{escape(text)}</{colon}t></{colon}is>'
    return f'<{colon}c{kept} t="inlineStr">{content}</{colon}c>'
