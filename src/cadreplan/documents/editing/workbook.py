"""Changing a sheet of leaders in its workbook: every other byte of the file's parts stays as it is.

The new cells are put between the old ones in the sheet's XML. So styles, notes, drop-down lists, pictures and
other sheets are kept, whatever program wrote them, and a text stays a text: 001 doesn't become 1.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.fixing import plain_rows
from cadreplan.documents.editing.tables import Edits, edits_of
from cadreplan.documents.findings import Fix, cell_name
from cadreplan.documents.values.labels import SHEETS
from cadreplan.documents.values.names import Names
from cadreplan.documents.workbook.book import part_of, read_sheet
from cadreplan.documents.workbook.sheet import column_of, whole
from cadreplan.errors import UsageError
from cadreplan.language import tr

_CELL = re.compile("[A-Z]+")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_CHAIN = re.compile(rb'<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain\.xml"[^>]*?/>')
_CONTENT, _CALCULATED = "[Content_Types].xml", "calcChain.xml"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def edited_workbook(
    data: bytes,
    file: str,
    sheet: str | None,
    changes: Mapping[str, LeaderChange],
    fixes: Iterable[Fix] = (),
    skills: Names | None = None,
) -> bytes:
    """The bytes of a workbook whose leaders were read without findings, with other values in their rows.

    `sheet` is named as in a roster, `file` as in its findings. By `fixes` cells are read in the plain form,
    and `skills` are those that may head a column of their levels. Raises `UsageError` where the new sheet
    wouldn't be read as it should, as where cells that change are merged.
    """
    likely = ("leaders", SHEETS["leaders"])
    part = part_of(data, sheet, likely)
    table = read_sheet(data, sheet, likely)
    rows = table.rows
    edits = edits_of(list(plain_rows(rows, f"{file}#{table.name}", fixes)), changes, skills)
    made = _spliced(data, part, edits)
    if _texts(read_sheet(made, sheet, likely).rows) != _wanted(rows, edits):
        message = tr(
            "{file} can't be changed in its sheet: unmerge the cells of its leaders, or save the sheet"
            " as CSV",
            file=file,
        )
        raise UsageError(message)
    return made


def with_texts(data: bytes, sheet: str, texts: Mapping[int, Mapping[int, str]]) -> bytes:
    """The bytes of a workbook with other texts in rows that a sheet has: row, from 1 → column, from 0 → text.

    Cells that there aren't yet are put in.
    """
    return _spliced(data, part_of(data, sheet), Edits(texts, 0, frozenset()))


def _spliced(data: bytes, part: str, edits: Edits) -> bytes:
    """The bytes of a workbook with one of its sheets edited."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        xml, lost_formula = _Splicer(old.read(part), edits).run()
        for info in old.infolist():
            if lost_formula and info.filename.endswith(_CALCULATED):
                continue  # the order to calculate in; spreadsheets make it again
            content = xml if info.filename == part else old.read(info)
            if lost_formula and (info.filename == _CONTENT or info.filename.endswith(".rels")):
                content = _CHAIN.sub(b"", content)
            new.writestr(info, content)
    return out.getvalue()


def _texts(rows: list[tuple[int, list[str]]]) -> dict[tuple[int, int], str]:
    return {(n, at): str(text) for n, cells in rows for at, text in enumerate(cells) if text}


def _wanted(rows: list[tuple[int, list[str]]], edits: Edits) -> dict[tuple[int, int], str]:
    texts = _texts(rows)
    for n, cells in edits.cells.items():
        for at, text in cells.items():
            texts.pop((n, at), None)
            if text:
                texts[n, at] = text
    return texts


class _Splicer:
    """Notes, while a sheet's XML is read, what goes in place of which bytes."""

    def __init__(self, xml: bytes, edits: Edits) -> None:
        self._xml, self._edits = xml, edits
        self._pieces: list[tuple[int, int, bytes]] = []
        self._left: dict[int, str] = {}
        self._row, self._column, self._prefix = 0, 0, ""
        self._cell: tuple[int, dict[str, str]] | None = None
        self._style = ""
        self._dimension = 0
        self._has_formula = self._lost_formula = False

    def run(self) -> tuple[bytes, bool]:
        """The new XML, and whether a formula went."""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.Parse(self._xml, True)
        out, at = [], 0
        for begin, end, piece in sorted(self._pieces, key=lambda p: p[:2]):
            out += [self._xml[at:begin], piece]
            at = end
        return b"".join([*out, self._xml[at:]]), self._lost_formula

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        here = self._parser.CurrentByteIndex
        prefix, _, local = name.rpartition(":")
        if local == "row":
            self._row = whole(attributes["r"]) if "r" in attributes else self._row + 1
            self._column, self._style = 0, ""
            self._prefix = f"{prefix}:" if prefix else ""
            self._left = dict(self._edits.cells.get(self._row, {}))
            if self._left:
                tag = self._xml[here : self._after(here)]
                self._pieces.append((here, here + len(tag), _SPANS.sub(b"", tag)))
        elif local == "c":
            found = _CELL.match(attributes.get("r", ""))
            self._column = column_of(found[0]) if found else self._column + 1
            self._cell, self._has_formula = (here, attributes), False
            self._insert(here, self._column - 1)
        elif local == "f":
            self._has_formula = True
        elif local == "dimension":
            self._dimension = here

    def _end(self, name: str) -> None:
        here = self._parser.CurrentByteIndex
        local = name.rpartition(":")[2]
        if local == "c" and self._cell is not None:
            begin, attributes = self._cell
            self._style = attributes.get("s", "")
            text = self._left.pop(self._column - 1, None)
            if text is not None:
                self._lost_formula = self._lost_formula or self._has_formula
                piece = self._made(self._column - 1, text, self._style)
                self._pieces.append((begin, self._closed(begin, here), piece))
            self._cell = None
        elif local == "row":
            self._insert(here, None)
        elif local == "dimension":  # says how far the sheet goes, and may be left out
            self._pieces.append((self._dimension, self._closed(self._dimension, here), b""))

    def _insert(self, here: int, before: int | None) -> None:
        """Put what is left of a row in before a column, or at its end, in the style of the cell before it."""
        for at in sorted(at for at in self._left if before is None or at < before):
            text = self._left.pop(at)
            if text:
                self._pieces.append((here, here, self._made(at, text, self._style)))

    def _made(self, at: int, text: str, style: str) -> bytes:
        p = self._prefix
        head = f'<{p}c r="{cell_name(self._row, at + 1)}"' + (f' s="{style}"' if style else "")
        if not text:
            cell = f"{head}/>"
        elif at in self._edits.numbers and text.isdecimal():
            cell = f"{head}><{p}v>{text}</{p}v></{p}c>"
        else:
            safe = escape(_NOT_XML.sub("?", text))
            cell = f'{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{safe}</{p}t></{p}is></{p}c>'
        return cell.encode("utf-8")

    def _closed(self, begin: int, here: int) -> int:
        """Where the element that begins at `begin` ends: with its end tag, or with its only one."""
        after = self._after(begin)
        return after if self._xml[after - 2 : after] == b"/>" else self._after(here)

    def _after(self, here: int) -> int:
        """Where the tag at `here` ends: those of rows and cells have no > inside."""
        return self._xml.index(b">", here) + 1
