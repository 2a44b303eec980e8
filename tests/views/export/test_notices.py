"""Notices: who goes where and when, as Word documents, from the built-in template or one of the user's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from cadreplan.errors import UsageError
from cadreplan.language import Language, using
from cadreplan.views.export.notice_template import Template, default_template
from cadreplan.views.export.notices import notices
from tests.views.export.base import season


def _text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _template(*cells: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("Dear {{to}}, about {{ title }}")
    row = document.add_table(rows=1, cols=len(cells)).rows[0]
    for cell, text in zip(row.cells, cells, strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _with(part: str, data: bytes | None) -> bytes:
    """A template one part of which is something else, or missing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_template("{{what}}"))) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            if name != part:
                after.writestr(name, before.read(name))
        if data is not None:
            after.writestr(part, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def test_everybody_who_travels_and_every_branch_of_theirs_has_a_notice() -> None:
    made = season()
    files = notices(made)
    travel = [leader.id for i, leader in enumerate(made.instance.leaders) if made.trips[i]]
    people = [Path(name) for name in files if name.startswith("leaders/")]
    assert sorted(path.name.split(" ")[0] for path in people) == sorted(travel)
    first = {
        made.instance.branches[made.first_level[leader.branch]].id
        for i, leader in enumerate(made.instance.leaders)
        if made.trips[i]
    }
    assert {Path(name).name.split(" ")[0] for name in files if name.startswith("branches/")} == first


def test_a_notice_says_what_when_and_where_in_chinese() -> None:
    made = season()
    with using(Language.ZH):
        files = notices(made)
        i = next(i for i, trips in enumerate(made.trips) if trips)
        who = made.instance.leaders[i]
        said = _text(next(data for name, data in files.items() if Path(name).name.startswith(f"{who.id} ")))
        for s in made.solution.chosen[i]:
            assert made.instance.sites[made.instance.sessions[s].site].name in said
            assert made.dates.spans(made.instance.sessions[s].days) in said
    assert f"{who.name}同志：" in said
    assert "{{" not in said


def test_the_table_for_mail_merge_has_a_row_for_everybody_who_travels() -> None:
    made = season()
    files = notices(made)
    rows = list(openpyxl.load_workbook(io.BytesIO(files["mail-merge.xlsx"])).active.values)
    assert len(rows) - 1 == sum(bool(trips) for trips in made.trips)
    named = {row[-1] for row in rows[1:]}
    assert named == {Path(name).name for name in files if name.startswith("leaders/")}


def test_a_template_of_the_users_is_filled_in() -> None:
    made = notices(season(), _template("{{name}}", "{{what}}", "{{when}}"), "mine.docx")
    said = _text(made[next(name for name in made if name.startswith("leaders/"))])
    assert said.startswith("Dear ")
    assert season().instance.title in said
    assert "{{" not in said


def test_a_word_that_was_cut_into_pieces_is_found() -> None:
    """Word cuts a text where its spelling or format changes."""
    document = docx.Document(io.BytesIO(_template("{{what}}")))
    paragraph = document.add_paragraph()
    for piece in ("be {", "{per", "iod}", "} there"):
        paragraph.add_run(piece)
    stream = io.BytesIO()
    document.save(stream)
    filled = Template(stream.getvalue(), "t.docx").filled({"period": "now"}, [{"what": "A"}, {"what": "B"}])
    said = _text(filled)
    assert "be now there" in said
    assert said.endswith("A\nB")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"PK", "no Word document"),
        (_template("{{waht}}"), "found {{waht}}; did you mean 'what'?"),
        (_template("nothing"), "has no row of a table with {{what}}, {{when}}, {{where}} in it"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(UsageError, match=r"t\.docx") as found:
        Template(data, "t.docx")
    assert problem in str(found.value)


_NO_TARGET = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r" Type="t"/></Relationships>'
)


@pytest.mark.parametrize("data", [b"", b"<", b"<a/>", b"\xff\xfe", _NO_TARGET, None])
@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels"])
def test_a_template_whose_package_is_broken_is_no_word_document(part: str, data: bytes | None) -> None:
    with pytest.raises(UsageError, match=r"t\.docx is no Word document"):
        Template(_with(part, data), "t.docx")


@pytest.mark.parametrize("data", [b"", b"<", b"<a", b"\xff\xfe", _NO_TARGET])
@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels"])
def test_a_template_with_a_broken_part_is_refused(part: str, data: bytes) -> None:
    with pytest.raises(UsageError, match=r"t\.docx"):
        Template(_with(part, data), "t.docx")


def test_a_template_that_is_huge_once_unpacked_is_refused() -> None:
    data = _with("word/media/image1.png", bytes(65 * 1024**2))
    assert len(data) < 1024**2
    with pytest.raises(UsageError, match=r"t\.docx: expected 67,108,864 bytes unpacked at most"):
        Template(data, "t.docx")


@pytest.mark.parametrize("language", Language)
def test_the_same_plan_gives_the_same_bytes(language: Language) -> None:
    with using(language):
        assert default_template() == default_template()
        assert notices(season()) == notices(season())
