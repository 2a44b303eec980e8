"""A sheet of leaders changed in its workbook: its cells, and nothing else of the file."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.workbook import edited_workbook
from cadreplan.documents.workbook.book import read_sheet
from cadreplan.errors import UsageError
from tests.documents.workbooks import MAIN, packed, written

RISE = LeaderChange({"theory": 3}, ("T1",), (), 4)
HEAD = ["编号", "姓名", "技能", "备注"]


def edited(data: bytes, **changes: LeaderChange) -> bytes:
    return edited_workbook(data, "people.xlsx", None, {k.removeprefix("x"): v for k, v in changes.items()})


def rows(data: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data))["人员"].values]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_cells_change_where_they_stand_and_ids_stay_texts() -> None:
    data = written(
        {"人员": [HEAD, ["001", "林海燕", "theory:1; ideals:2", "a<b & c"], ["1", "周", None, "x"]]}
    )
    made = edited(data, x001=RISE, x1=LeaderChange({}, (), (), 2))
    assert rows(made) == [
        [*HEAD, "已修", "优先级"],
        ["001", "林海燕", "theory:3; ideals:2", "a<b & c", "T1", 4],
        ["1", "周", None, "x", None, 2],
    ]
    assert edited(data, x001=RISE) == edited(data, x001=RISE)


def test_all_other_parts_and_the_look_of_cells_are_kept() -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("人员")
        as_text = book.add_format({"num_format": "@", "bg_color": "#ffeeaa"})
        sheet.write_string(0, 4, "优先级", book.add_format({"bold": True}))
        sheet.write_string(1, 0, "007", as_text)
        sheet.write_string(1, 2, "theory:1", as_text)
        sheet.write_comment(1, 1, "调岗")
        sheet.data_validation(1, 3, 9, 3, {"validate": "list", "source": ["a", "b"]})
        sheet.set_column(1, 1, 33)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 1, 4)

    data = written({"人员": [HEAD, ["", "林", ""]], "别的": [["=1+1", 3]]}, finish)
    made = edited(data, x007=LeaderChange({"theory": 2}, (), (), 3))
    before, after = parts(data), parts(made)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}
    sheet = openpyxl.load_workbook(io.BytesIO(made))["人员"]
    assert (sheet["C2"].value, sheet["C2"].fill.fgColor.rgb, sheet["C2"].number_format) == (
        "theory:2",
        "FFFFEEAA",
        "@",
    )
    assert (sheet["E2"].value, sheet["A2"].value) == (3, "007")
    assert sheet["B2"].comment.text == "调岗"
    assert sheet.column_dimensions["B"].width > 30
    assert len(sheet.data_validations.dataValidation) == 1


def test_a_cell_that_was_not_there_is_put_between_its_neighbours() -> None:
    data = written({"人员": [HEAD, ["7", "林", None, "后"]]})
    assert rows(edited(data, x7=LeaderChange({"theory": 2})))[1] == ["7", "林", "theory:2", "后"]


def test_a_formula_that_goes_takes_its_place_in_the_order_of_calculation_with_it() -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        book.get_worksheet_by_name("人员").write_formula(1, 2, '="theory:"&1', None, "theory:1")

    data = written({"人员": [HEAD, ["7", "林", None, ""]]}, finish)
    whole = parts(data)
    whole["xl/calcChain.xml"] = b"<calcChain/>"
    whole["[Content_Types].xml"] = whole["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="c"/></Types>'
    )
    links = "xl/_rels/workbook.xml.rels"
    whole[links] = whole[links].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="t/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    made = edited(out.getvalue(), x7=LeaderChange({"theory": 2}))
    assert b"calcChain" not in b"".join(parts(made).values())
    assert rows(made)[1][2] == "theory:2"
    kept = edited(out.getvalue(), x7=LeaderChange(priority=2))
    assert "xl/calcChain.xml" in parts(kept)


def test_merged_cells_are_refused_rather_than_written_where_nobody_sees_it() -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        book.get_worksheet_by_name("人员").merge_range("C2:C3", "theory:1")

    data = written({"人员": [HEAD, ["7", "林", None, ""], ["8", "周", None, ""]]}, finish)
    with pytest.raises(UsageError, match="unmerge"):
        edited(data, x8=LeaderChange({"theory": 2}))


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("numbered", [True, False])
def test_other_ways_to_write_a_sheet(prefix: str, numbered: bool) -> None:
    """With a prefix, without numbers of rows and cells, with cells that have nothing in them."""

    def cell(at: str, text: str) -> str:
        where = f' r="{at}"' if numbered else ""
        inner = f' t="inlineStr"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{prefix}c>'
        return f"<{prefix}c{where}" + (inner if text else "/>")

    def row(n: int, *texts: str) -> str:
        where = f' r="{n}" spans="1:3"' if numbered else ""
        cells = "".join(cell(f"{'ABC'[k]}{n}", text) for k, text in enumerate(texts))
        return f"<{prefix}row{where}>{cells}</{prefix}row>"

    space = f'xmlns:x="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    xml = (
        f'<{prefix}worksheet {space}><{prefix}dimension ref="A1:C2"/><{prefix}sheetData>'
        f"{row(1, '编号', '姓名', '技能')}{row(2, 'L1', '林', '')}{row(3, 'L2', '', 'ideals:1')}"
        f"</{prefix}sheetData></{prefix}worksheet>"
    )
    made = edited(packed(xml), L1=LeaderChange({"theory": 1}, (), (), 5), L2=LeaderChange({"ideals": 2}))
    assert [cells for _, cells in read_sheet(made, None).rows] == [
        ["编号", "姓名", "技能", "优先级"],
        ["L1", "林", "theory:1", "5"],
        ["L2", "", "ideals:2"],
    ]
