"""Tables as people keep them: headers, extra columns, totals, hidden rows, skills matrices, several files."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from cadreplan.diagnostics import Diagnostic
from cadreplan.instance import Leader
from cadreplan.loading.load import find_fixes, find_problems, load_roster
from tests.documents.workbooks import packed, sheet_xml, text_cell, written
from tests.rules.base import AS_A_WHOLE, Files, overlaid
from tests.rules.base import written as write_files

OFFERINGS = "编号,开班地点,课程,天数,开班日,名额\nO,XX,M-LAW,1,2026-03-09,1\n"
CSV = "leaders: leaders.csv\n"
BOOK = "leaders: people.xlsx\n"


def found_in(folder: Path, piece: str, **files: str | bytes) -> list[Diagnostic]:
    found = find_problems([write_files(folder, _files(piece, files))])
    return [d for d in found if d.rule not in AS_A_WHOLE]


def leaders_in(folder: Path, piece: str, **files: str | bytes) -> tuple[Leader, ...]:
    return load_roster(write_files(folder, _files(piece, files))).instance.leaders


def _files(piece: str, files: dict[str, str | bytes]) -> Files:
    return overlaid(piece) | {f"{k}.{'csv' if isinstance(v, str) else 'xlsx'}": v for k, v in files.items()}


def said(found: list[Diagnostic]) -> list[tuple[str, str, int, int]]:
    return [(d.severity, d.rule, d.line, d.column) for d in found]


def levels(leader: Leader) -> dict[int, int]:
    """Skill → level that is missing."""
    return {gap.skill: gap.level for gap in leader.gaps}


# --- headers ------------------------------------------------------------------------------------------------


def test_usual_headers_are_known(tmp_path: Path) -> None:
    [leader] = leaders_in(tmp_path, CSV, leaders="工号,姓名,部门,职务\n007,王磊,总行,支部书记\n")
    assert (leader.id, leader.name, leader.branch, leader.role) == ("007", "王磊", 0, 0)


def test_the_label_goes_before_other_headers(tmp_path: Path) -> None:
    found = found_in(tmp_path, CSV, leaders="编号,工号,支部,部门,岗位\nL1,7,HQ,财务,secretary\n")
    assert said(found) == [("warning", "extra-column", 1, 2)]
    assert "'工号', '部门'" in found[0].message


def test_two_columns_that_could_be_the_same_field_are_an_error(tmp_path: Path) -> None:
    found = found_in(tmp_path, CSV, leaders="编号,部门,所属支部,岗位\nL1,HQ,HQ,secretary\n")
    assert said(found) == [("error", "duplicate-key", 1, 3)]


def test_extra_columns_are_passed_over_with_one_warning(tmp_path: Path) -> None:
    text = "序号,编号,姓名,姓名拼音,支部,岗位,电话,备注\n1,L1,王磊,wang lei,HQ,secretary,139,；\n"
    found = found_in(tmp_path, CSV, leaders=text)
    assert said(found) == [("warning", "extra-column", 1, 1)]
    assert "'序号', '姓名拼音', '电话', '备注'" in found[0].message


@pytest.mark.parametrize(("header", "meant"), [("岗位名", "岗位"), ("rol", "role"), ("优先级别", "优先级")])
def test_a_header_close_to_one_is_an_error(header: str, meant: str, tmp_path: Path) -> None:
    [found] = found_in(tmp_path, CSV, leaders=f"编号,支部,短板,{header}\nL1,HQ,review:1,\n")
    assert (found.rule, found.hint) == ("unknown-key", f"did you mean '{meant}'?")


def test_a_word_is_never_suggested_for_itself(tmp_path: Path) -> None:
    text = "编号,地点,课程,天数,开班日,名额,支部\nO1,BJ,M-LAW,1,2026-03-09,5,总行\n"
    assert found_in(tmp_path, "offerings: offerings.csv\n", offerings=text) == []


def test_a_missing_column_is_said_once(tmp_path: Path) -> None:
    found = found_in(tmp_path, CSV, leaders="编号,姓名,岗位\nL1,甲,secretary\nL2,乙,secretary\n")
    assert said(found) == [("error", "missing-key", 1, 1)]
    assert found[0].message.startswith("found no column '支部'")


def test_an_empty_cell_is_named_by_its_header(tmp_path: Path) -> None:
    [found] = found_in(tmp_path, CSV, leaders="编号,所属支部,岗位\nL1,,secretary\n")
    assert said([found]) == [("error", "missing-key", 2, 2)]
    assert found.message.startswith("所属支部: found nothing")


@pytest.mark.parametrize(
    ("piece", "table", "text", "start"),
    [
        ("sites: t.csv\n", "t", "编号,坐标\nBJ,91; 116\n", "坐标: found '91'"),
        ("branches: t.csv\n", "t", "编号,最多离岗*\nHQ,\nNORTH,多\n", "最多离岗: found '多'"),
        ("lecturers: t.csv\n", "t", "编号,类型,最多半天\nT1,x,多\n", "最多半天: found '多'"),
        ("offerings: t.csv\n", "t", OFFERINGS, "开班地点: found 'XX'"),
        (CSV, "leaders", "编号,部门,岗位\nL1,XX,secretary\n", "部门: found 'XX'"),
    ],
)  # fmt: skip
def test_messages_name_the_header_as_written(
    piece: str, table: str, text: str, start: str, tmp_path: Path
) -> None:
    [found] = [d for d in found_in(tmp_path, piece, **{table: text}) if d.is_error]
    assert found.message.startswith(start)


def test_a_header_of_two_rows_with_groups_and_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["2026年报名表"],
        ["序号", "基本信息", None, None, None, "培训情况"],
        [None, "工号", "姓名", "部门", "岗位", "技能", "已修"],
        [1, "L1", "王磊", "总行", "支部书记", "三会一课:1", "M-CASE"],
        ["合计", None, "1人"],
        ["填表人：人力资源部"],
    ):
        sheet.append(row)
    for cells in ("A1:G1", "A2:A3", "B2:E2", "F2:G2", "A6:G6"):
        sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    found = found_in(tmp_path, BOOK, people=stream.getvalue())
    assert said(found) == [
        ("warning", "extra-column", 3, 1),
        ("warning", "total-row", 5, 1),
        ("warning", "total-row", 6, 1),
    ]
    [leader] = leaders_in(tmp_path, BOOK, people=stream.getvalue())
    assert (leader.id, leader.branch, leader.role, len(leader.completed)) == ("L1", 0, 0, 1)


def test_a_header_of_two_rows_where_the_upper_one_has_fields(tmp_path: Path) -> None:
    text = "编号,支部,岗位,技能,\n,,,三会一课,民主评议\nL1,HQ,secretary,1,√\n"
    [leader] = leaders_in(tmp_path, CSV, leaders=text)
    assert levels(leader) == {0: 2}


def test_a_name_that_is_close_is_suggested_by_its_id(tmp_path: Path) -> None:
    [found] = found_in(tmp_path, CSV, leaders="编号,支部,岗位\nL1,北方份行,secretary\n")
    assert (found.rule, found.hint) == ("unknown-reference", "did you mean 'NORTH' (北方分行)?")


@pytest.mark.parametrize(
    "header",
    ["三会一课", "三会一课等级", "技能：三会一课", "技能.meetings", "meetings_level", "Meetings Level"],
)
def test_a_skill_heads_a_column_with_a_word_or_two_around_it(header: str, tmp_path: Path) -> None:
    [leader] = leaders_in(tmp_path, CSV, leaders=f"编号,支部,岗位,{header}\nL1,HQ,secretary,2\n")
    assert levels(leader) == {1: 1}


@pytest.mark.parametrize("header", ["三会一刻", "三会一课掌握情况", "meeting5", "民主评仪"])
def test_a_header_that_is_nearly_a_skill_is_an_error(header: str, tmp_path: Path) -> None:
    """Its levels would be lost, and nobody reads a warning of columns that are passed over."""
    [found] = found_in(tmp_path, CSV, leaders=f"编号,支部,岗位,{header}\nL1,HQ,secretary,1\n")
    assert (found.rule, found.severity, found.column) == ("unknown-key", "error", 4)
    assert "did you mean" in found.hint
    [found] = found_in(tmp_path, CSV, leaders="编号,支部,岗位,备注\nL1,HQ,secretary,1\n")
    assert found.rule == "extra-column"


# --- rows that are none, and rows that nobody sees ----------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "合计,,,2",
        "小 计：,,,2",
        "Total,,,2",
        ",总计,,",
        "共计2人,,,2",
        "平均,,,1.5",
        "人数合计,,,2",
        "制表人：王磊,,,",
        "制表人：王磊,审核人：李,日期：3月9日,2人",
        "编号,支部,岗位,人数",
    ],
)
def test_sums_and_lines_below_are_passed_over_with_a_warning(row: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, CSV, leaders=f"编号,支部,岗位,人数\nL1,HQ,secretary,1\n{row}\n")
    assert [(d.severity, d.rule, d.line) for d in found] == [("warning", "total-row", 3)]
    assert "passed it over" in found[0].message


def test_what_is_passed_over_is_not_rewritten(tmp_path: Path) -> None:
    text = "编号,支部,岗位,人数\nL1,HQ,secretary,1\n合计,,,2人\n"
    assert find_fixes([write_files(tmp_path, _files(CSV, {"leaders": text}))]) == []


def test_a_table_without_a_header_is_said_to_have_none(tmp_path: Path) -> None:
    rows = [["001", "王磊", "总行", "支部书记"], ["002", "李雷", "总行", "支部书记"]]
    [found] = found_in(tmp_path, BOOK, people=written({"人员": rows}))
    assert (found.rule, found.line) == ("table-header", 1)
    assert found.hint == "put one above it: id, branch, and what else it has"


def test_a_row_that_has_all_it_needs_is_read_even_if_it_looks_like_a_sum(tmp_path: Path) -> None:
    text = "编号,支部,岗位\nL1,HQ,secretary\n合计,HQ,secretary\n"
    found = found_in(tmp_path, CSV, leaders=text)
    assert said(found) == [("warning", "total-row", 3, 1)]
    assert "read it like any other" in found[0].message
    assert [leader.id for leader in leaders_in(tmp_path, CSV, leaders=text)] == ["L1", "合计"]


def test_sums_by_branch_are_no_people(tmp_path: Path) -> None:
    text = "编号,姓名,支部,人数\nL1,王磊,HQ,1\n小计,,HQ,1\nL2,李雷,NORTH,1\n小计,,NORTH,1\n"
    assert said(found_in(tmp_path, CSV, leaders=text)) == [
        ("warning", "total-row", 3, 1),
        ("warning", "total-row", 5, 1),
    ]


def test_columns_with_nothing_in_them_need_no_header(tmp_path: Path) -> None:
    rows = [
        ["说明"],
        [None, None, "编号", "支部", "岗位", None, "备注"],
        [None, None, "L1", "HQ", "secretary"],
    ]
    assert said(found_in(tmp_path, BOOK, people=written({"人员": rows}))) == [
        ("warning", "extra-column", 2, 7)
    ]
    rows[2] = [None, "x", "L1", "HQ", "secretary"]
    [found, _] = found_in(tmp_path, BOOK, people=written({"人员": rows}))
    assert (found.rule, found.line, found.column) == ("table-header", 2, 2)


def test_a_person_with_a_note_in_front_is_read(tmp_path: Path) -> None:
    text = "备注,编号,支部,岗位\n注：新任,L1,HQ,secretary\n"
    assert said(found_in(tmp_path, CSV, leaders=text)) == [("warning", "extra-column", 1, 1)]
    assert [leader.id for leader in leaders_in(tmp_path, CSV, leaders=text)] == ["L1"]


def test_totals_that_the_workbook_declares_are_known(tmp_path: Path) -> None:
    def finish(book: object) -> None:
        sheet = book.get_worksheet_by_name("人员")  # type: ignore[attr-defined]
        columns = [{"header": "编号", "total_string": "平均"}, *({"header": h} for h in ("支部", "岗位"))]
        columns.append({"header": "人数", "total_function": "average"})
        sheet.add_table(0, 0, 2, 3, {"total_row": True, "columns": columns})

    rows = [("编号", "支部", "岗位", "人数"), ("L1", "HQ", "secretary", 1)]
    found = found_in(tmp_path, BOOK, people=written({"人员": rows}, finish))
    assert said(found) == [("warning", "total-row", 3, 1)]


def test_a_line_across_all_columns_is_no_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    people = [["L1", "HQ", "secretary"], ["L2", "HQ", "secretary"]]
    for row in (["编号", "支部", "岗位"], ["一、机关"], people[0], ["二、支行"], people[1]):
        book.active.append(row)
    for cells in ("A2:C2", "A4:C4"):
        book.active.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    found = found_in(tmp_path, BOOK, people=stream.getvalue())
    assert said(found) == [("warning", "total-row", 2, 1), ("warning", "total-row", 4, 1)]
    assert len(leaders_in(tmp_path, BOOK, people=stream.getvalue())) == 2


def test_rows_without_height_are_hidden(tmp_path: Path) -> None:
    row = sheet_xml(*(text_cell(f"{c}2", t) for c, t in zip("ABC", ("L1", "HQ", "secretary"), strict=True)))
    flat = row.replace('<row r="2">', '<row r="2" ht="0" customHeight="1">')
    assert found_in(tmp_path, BOOK, people=packed(row)) == []
    assert [d.rule for d in found_in(tmp_path, BOOK, people=packed(flat))] == ["hidden-rows"]


def test_hidden_rows_and_columns_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人员"
    for row in (["编号", "支部", "岗位"], *([f"L{i}", "HQ", "secretary"] for i in range(1, 6))):
        sheet.append(row)
    for number in (4, 5, 6):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["C"].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    found = found_in(tmp_path, BOOK, people=stream.getvalue())
    assert said(found) == [("warning", "hidden-rows", 1, 3), ("warning", "hidden-rows", 4, 1)]
    assert "columns hidden, and read them all the same: 岗位" in found[0].message
    assert "3 of 5 rows hidden, and" in found[1].message
    sheet.auto_filter.ref = "A1:C6"
    sheet.auto_filter.add_filter_column(1, ["HQ"])
    book.save(stream := io.BytesIO())
    assert "hidden by a filter" in found_in(tmp_path, BOOK, people=stream.getvalue())[1].message


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_no_second_one(state: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "花名册"
    book.active.append(["编号", "支部", "岗位"])
    book.active.append(["L1", "HQ", "secretary"])
    book.create_sheet("下拉").sheet_state = state
    stream = io.BytesIO()
    book.save(stream)
    assert found_in(tmp_path, BOOK, people=stream.getvalue()) == []
    [found] = found_in(tmp_path, 'leaders: "people.xlsx#下拉"\n', people=stream.getvalue())
    assert found.rule == "table-header"


# --- a column a skill ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ("2", {1: 1}),
        ("1", {0: 2, 1: 1}),
        *((tick, {1: 1}) for tick in ("√", "x", "X", "是", "✓", "2026/3/9", "2级")),
        *((none, {0: 2, 1: 1}) for none in ("", "-", "无", "N/A", "0", "否", "—")),
    ],
)
def test_a_matrix_has_levels_ticks_and_days(cell: str, missing: dict[int, int], tmp_path: Path) -> None:
    text = f"编号,三会一课,支部,岗位,review\nL1,{cell},HQ,支部书记,\n"
    assert levels(leaders_in(tmp_path, CSV, leaders=text)[0]) == missing


def test_a_tick_without_a_role_is_level_1(tmp_path: Path) -> None:
    from cadreplan.loading.load import read_roster_file

    text = "编号,支部,短板,meetings,review\nL1,HQ,review:1,√,2025-12-01\n"
    [row] = read_roster_file(write_files(tmp_path, _files(CSV, {"leaders": text}))).leaders.rows
    assert row.spec is not None
    assert row.spec.skills == {"meetings": 1, "review": 1}
    assert {skill: str(day) for skill, day in row.spec.earned.items()} == {"review": "2025-12-01"}


def test_dates_and_booleans_of_a_workbook_in_a_matrix(tmp_path: Path) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    book.active.append(["编号", "支部", "岗位", "三会一课", "民主评议"])
    book.active.append(["L1", "HQ", "secretary", date(2026, 1, 5), True])
    stream = io.BytesIO()
    book.save(stream)
    assert leaders_in(tmp_path, BOOK, people=stream.getvalue())[0].gaps == ()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("L1,HQ,secretary,meetings:1,2,", "duplicate-key"),
        ("L1,HQ,secretary,,熟练,", "wrong-value"),
        ("L1,HQ,secretary,,×,", "wrong-value"),
        ("L1,HQ,secretary,,101,", "wrong-value"),
        ("L1,HQ,secretary,,1.5,", "wrong-value"),
    ],
)
def test_what_a_matrix_can_not_mean_is_an_error_at_its_cell(row: str, rule: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, CSV, leaders=f"编号,支部,岗位,技能,三会一课,民主评议\n{row}\n")
    assert said(found) == [("error", rule, 2, 5)]


def test_a_name_that_two_skills_have_heads_no_column(tmp_path: Path) -> None:
    skills = "skills:\n  meetings: {name: 同名, ability: duty}\n  review: {name: 同名, ability: duty}\n"
    found = found_in(tmp_path, CSV + skills, leaders="编号,支部,岗位,同名\nL1,HQ,secretary,1\n")
    assert ("warning", "extra-column", 1, 4) in said(found)


# --- several files ------------------------------------------------------------------------------------------

NORTH = "编号,支部,岗位\nL1,NORTH,secretary\n"
SOUTH = "id,branch,role\nL2,HQ,支部书记\n"


@pytest.mark.parametrize(
    "written_as", ["[north.csv, south.csv]", "['*th.csv']", "'*th.csv'", "[north.csv, '*.csv']"]
)
def test_a_table_from_several_files(written_as: str, tmp_path: Path) -> None:
    found = leaders_in(tmp_path, f"leaders: {written_as}\n", north=NORTH, south=SOUTH)
    assert [leader.id for leader in found] == ["L1", "L2"]


def test_files_of_every_kind_and_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("- {id: L3, branch: HQ, role: secretary}\n", "utf-8")
    (tmp_path / "~$people.csv").write_text("locked", "utf-8")
    book = written({"说明": [("x",)], "北": [("编号", "支部", "岗位"), ("L1", "HQ", "secretary")]})
    piece = "leaders: ['people.xlsx#北', '*.csv', more.yaml]\n"
    assert [leader.id for leader in leaders_in(tmp_path, piece, people=book, south=SOUTH)] == [
        "L1",
        "L2",
        "L3",
    ]


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    [found] = found_in(tmp_path, "leaders: [north.csv, south.csv]\n", north=NORTH, south=NORTH)
    assert (Path(found.file).name, found.rule, found.line) == ("south.csv", "duplicate-id", 2)
    assert found.hint.endswith("north.csv, line 2")


@pytest.mark.parametrize(
    ("written_as", "rule", "column"),
    [
        ("[north.csv, none.csv]", "unreadable-file", 22),
        ("['x*.csv']", "unreadable-file", 11),
        ("[north.csv, north.xls]", "table-format", 22),
    ],
)
def test_a_file_that_is_not_there_is_found_where_it_is_named(
    written_as: str, rule: str, column: int, tmp_path: Path
) -> None:
    [found] = found_in(tmp_path, f"leaders: {written_as}\n", north=NORTH)
    assert (Path(found.file).name, found.rule, found.column) == ("roster.yaml", rule, column)


def test_settings_are_for_all_files(tmp_path: Path) -> None:
    roster = write_files(
        tmp_path, _files("leaders: [north.csv, south.csv]\n", {"north": NORTH, "south": SOUTH})
    )
    loaded = load_roster(roster, settings=["leaders.L2.priority=3", "leaders.*.max_days=4", "leaders.L1="])
    assert [(leader.id, leader.priority, leader.max_days) for leader in loaded.instance.leaders] == [
        ("L2", 3, 4)
    ]


def test_branches_of_several_files_name_their_parents(tmp_path: Path) -> None:
    piece = "branches: [a.csv, b.csv]\n"
    found = found_in(tmp_path, piece, a="编号,名称,上级\nNORTH,北方,总行\n", b="编号,名称,上级\nHQ,总行,无\n")
    assert found == []
