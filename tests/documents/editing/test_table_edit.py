"""A CSV table is changed where it stands: cells of changed rows, and nothing else."""

from __future__ import annotations

import codecs

import pytest

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.tables import edited_csv
from cadreplan.errors import UsageError

CHANGE = LeaderChange(skills={"a": 3, "b": 1}, completed=("M1",), closed=("b",), priority=2)


def _after(text: str, encoding: str = "utf-8", change: LeaderChange = CHANGE) -> str:
    return edited_csv(text.encode(encoding), "leaders.csv", {"L1": change}).decode(encoding)


def test_only_cells_of_changed_rows_change() -> None:
    text = (
        "id,name,#note,skills,completed,gaps,priority\n"
        'L2,"x, y",  spaced ,"a:1",M0,,\n'
        'L1,"x, ""y""",  spaced ,"c:1; a:1",M0,"a:2;b:3",1\n'
        "\n"
        "L3,x"
    )
    assert _after(text) == (
        "id,name,#note,skills,completed,gaps,priority\n"
        'L2,"x, y",  spaced ,"a:1",M0,,\n'
        'L1,"x, ""y""",  spaced ,"c:1; a:3; b:1",M0; M1,"a:2",2\n'
        "\n"
        "L3,x"
    )


def test_a_cell_may_have_line_breaks() -> None:
    text = 'id,name,priority\nL0,"a\nb",1\nL1,"a\nb",1\n'
    change = LeaderChange(priority=2)
    assert _after(text, change=change) == 'id,name,priority\nL0,"a\nb",1\nL1,"a\nb",2\n'


def test_columns_that_are_needed_come_last_titled_as_the_others() -> None:
    change = LeaderChange(skills={"a": 1, "b": 2}, priority=2)
    text = "名单,,\r\n编号,支部,#备注\r\nL1,B,x\r\nL2,B\r\n"
    assert _after(text, "gb18030", change) == (
        "名单,,\r\n编号,支部,#备注,技能,优先级\r\nL1,B,x,a:1; b:2,2\r\nL2,B\r\n"
    )


def test_the_delimiter_is_kept_and_quoted_where_a_cell_has_it() -> None:
    change = LeaderChange(skills={"a": 1, "b": 2})
    assert _after("id;branch;skills\nL1;B;a:0\n", change=change) == 'id;branch;skills\nL1;B;"a:1; b:2"\n'


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_encodings_and_byte_order_marks_are_kept(mark: bytes) -> None:
    name = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le"}.get(mark, "utf-16-be")
    data = mark + "编号,支部,优先级\nL1,支,1\n".encode(name)
    after = edited_csv(data, "leaders.csv", {"L1": LeaderChange(priority=2)})
    assert after == mark + "编号,支部,优先级\nL1,支,2\n".encode(name)


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(UsageError, match="lacks"):
        edited_csv(b"id,branch\nL1,B\n", "x.csv", {"L1": LeaderChange(completed=("课",))}, "latin-1")


def test_gaps_that_are_all_closed_stay_none() -> None:
    change = LeaderChange(closed=("a",))
    assert _after("id,branch,gaps\nL1,B,a:1\n", change=change) == "id,branch,gaps\nL1,B,{}\n"
