"""The template of notices: a Word document with `{{words}}` in it, the built-in one or one of the user's.

Words in the text are replaced; a row of a table with one of a line's words in it is repeated for each line.
The rest of the document, headers, letterheads and pictures included, is copied.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from cadreplan.documents.findings import Nearest
from cadreplan.errors import UsageError
from cadreplan.language import Language, current, listed, tr

WORDS = ("to", "title", "body", "period")
"""What a notice is about: to whom, the rotation, the sentence before the table, the days of the rotation."""
LINE_WORDS = ("name", "id", "branch", "post", "people", "what", "when", "where", "room", "away")
"""What a line says: who, what is taught, when, where, in which room, from when to when they are away."""

_WORD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_PART = "word/document.xml"
_DAY = (2026, 1, 1, 0, 0, 0)
"""The date of all parts: the same plan gives the same bytes."""
_LARGEST = 64 * 1024**2
"""Bytes that a template may have once it is unpacked."""
_BROKEN = (zipfile.BadZipFile, zlib.error, AttributeError, KeyError, TypeError, ValueError)
"""What reading broken parts ends in, besides what the libraries call an error of theirs."""
_HEADINGS, _TEXT = {"zh": "SimHei", "en": "Arial"}, {"zh": "FangSong", "en": "Arial"}


class Template:
    """A document to be filled in again and again."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises `UsageError` where it is no Word document, or has words that a notice hasn't."""
        from docx import Document  # noqa: PLC0415 (0.2 s, for notices only)
        from docx.opc.exceptions import OpcError  # noqa: PLC0415
        from lxml.etree import LxmlError  # noqa: PLC0415

        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.infolist()
                if sum(info.file_size for info in members) > _LARGEST:
                    message = tr("{file}: expected {n:,} bytes unpacked at most", file=name, n=_LARGEST)
                    raise UsageError(message)
                self._parts = {info.filename: archive.read(info) for info in members}
            self._root = Document(io.BytesIO(data)).element
        except (OpcError, LxmlError, *_BROKEN) as error:
            raise UsageError(tr("{file} is no Word document (.docx)", file=name)) from error
        self._check(name)

    def filled(self, words: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> bytes:
        """The document with its words replaced and a row for each line."""
        from lxml import etree  # noqa: PLC0415

        root = deepcopy(self._root)
        for row in [row for row in _found(root, "tr") if self._of_line(row)]:
            for line in lines:
                copy = deepcopy(row)
                _fill(copy, {**words, **line})
                row.addprevious(copy)
            row.getparent().remove(row)
        _fill(root, {**words, **dict.fromkeys(LINE_WORDS, "")})
        made = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return _packed(self._parts | {_PART: made})

    def _check(self, name: str) -> None:
        known = (*WORDS, *LINE_WORDS)
        words = [word for paragraph in _found(self._root, "p") for word in _WORD.findall(_text(paragraph))]
        for word in words:
            if word not in known:
                hint = Nearest(known).hint(word) or tr("expected one of: {names}", names=listed(known))
                message = tr("{file}: found {word}; {hint}", file=name, word="{{" + word + "}}", hint=hint)
                raise UsageError(message)
        if not any(self._of_line(row) for row in _found(self._root, "tr")):
            some = listed("{{" + word + "}}" for word in ("what", "when", "where"))
            raise UsageError(tr("{file} has no row of a table with {words} in it", file=name, words=some))

    def _of_line(self, row: Any) -> bool:
        """Whether a row of a table is one that is repeated: it, and no row inside it, has words of a line."""
        if any(True for _ in _found(row, "tr")):
            return False
        return any(word in LINE_WORDS for p in _found(row, "p") for word in _WORD.findall(_text(p)))


def default_template() -> bytes:
    """The built-in template in the reader's language."""
    from docx import Document  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    spoken = current().value
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    style = document.styles["Normal"]
    style.font.size = Pt(14 if spoken == Language.ZH else 11)
    _set_font(style, _TEXT[spoken])
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(tr("Notice of training: {title}", title="{{title}}"))
    run.font.size = Pt(20)
    _set_font(run, _HEADINGS[spoken])
    document.add_paragraph(tr("{to}:", to="{{to}}"))
    body = document.add_paragraph("{{body}}")
    body.paragraph_format.first_line_indent = Pt(28 if spoken == Language.ZH else 0)
    heads = (tr("name"), tr("branch"), tr("what is taught"), tr("when"), tr("where"), tr("away"))
    words = ("{{name}}", "{{branch}}", "{{what}}", "{{when}}", "{{where}} {{room}}", "{{away}}")
    widths = (2.1, 2.6, 4.6, 2.2, 2.4, 2.3)
    table = document.add_table(rows=2, cols=len(heads))
    table.style = document.styles["Table Grid"]
    table.autofit = False
    for k, (title, word) in enumerate(zip(heads, words, strict=True)):
        for row, text in enumerate((title, word)):
            cell = table.cell(row, k)
            cell.width = Cm(widths[k])
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.font.bold = Pt(10.5), row == 0
    document.add_paragraph()
    document.add_paragraph(tr("Please be there in time. Who can't come says so beforehand, and why."))
    document.add_paragraph(tr("Contact: ______________    Telephone: ______________"))
    for text in (tr("(organiser, seal)"), tr("____-__-__")):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return _packed({info.filename: archive.read(info) for info in archive.infolist()})


def _set_font(owner: Any, name: str) -> None:
    """The font of a style or run, for Chinese characters as well."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    owner.font.name = name
    owner.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _found(element: Any, tag: str) -> list[Any]:
    from docx.oxml.ns import qn  # noqa: PLC0415

    return [found for found in element.iter(qn(f"w:{tag}")) if found is not element]


def _text(paragraph: Any) -> str:
    return "".join(piece.text or "" for piece in _found(paragraph, "t"))


def _fill(element: Any, words: Mapping[str, str]) -> None:
    """Replace the words of all paragraphs; Word may have cut one into pieces, so the first takes all."""
    for paragraph in _found(element, "p"):
        pieces = _found(paragraph, "t")
        text = "".join(piece.text or "" for piece in pieces)
        if "{{" not in text:
            continue
        for piece in pieces:
            piece.text = ""
        pieces[0].text = _WORD.sub(lambda found: words.get(found[1], ""), text).rstrip()


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()
