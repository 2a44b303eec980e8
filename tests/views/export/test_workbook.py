"""The workbook, read back by another library: all facts are in it, all texts are texts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from html import escape

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from cadreplan.language import Language, using
from cadreplan.views.export import people
from cadreplan.views.export.branch_sheet import MOST
from cadreplan.views.export.workbook import workbook
from cadreplan.views.season import Season
from tests.views.export.base import HOSTILE, hostile, season, taught
from tests.views.small import instance, plan


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells(book: Workbook, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_sheets_in_both_languages() -> None:
    assert opened(workbook(season())).sheetnames == [
        "Overview",
        "Timetable",
        "Session by session",
        "Sessions",
        "Cohorts",
        "Assignments",
        "Leaders",
        "Open skill gaps",
        "Sites",
        "Rooms",
        "Branches",
        "总行",
        "东部分行",
        "西部分行",
    ]
    with using(Language.ZH):
        made = workbook(season())
    assert opened(made).sheetnames[:4] == ["总览", "课表", "班次手册", "班次"]


@pytest.mark.parametrize("language", list(Language))
def test_one_row_for_each_assignment(language: Language) -> None:
    with using(language):
        table = people.assignments(season())
        found = cells(opened(workbook(season())), table.title)
    assert found[0] == [column.label for column in table.columns]
    assert [(row[0], row[6]) for row in found[1:]] == [(row[0], row[6]) for row in table.rows]


def test_tables_have_frozen_headers_filters_and_print_on_a4() -> None:
    for sheet in opened(workbook(taught())).worksheets[3:]:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows


def test_widths_count_chinese_as_two() -> None:
    sheet = opened(workbook(season()))["Sessions"]
    assert sheet.column_dimensions["B"].width >= 2 * len("总行党校") + 2


def test_a_plan_with_a_programme_has_sheets_of_it() -> None:
    book = opened(workbook(taught()))
    assert {"Programme", "Lecturers", "Modules without a lecturer", "Rooms"} <= set(book.sheetnames)
    found = cells(book, "Programme")
    assert [(row[0], row[3], row[4], row[5]) for row in found[1:]] == [
        ("S1", "am", "理论概论", "陈思远"),
        ("S1", "pm", "理论概论", "陈思远"),
        ("S2", "am", "三会一课规范", "沈若兰"),
        ("S3", "am", "民主评议实务", "nobody"),
        ("S5", "pm", "三会一课规范", "沈若兰"),
    ]
    assert [row[2].date() for row in found[1:3]] == [date(2026, 3, 2), date(2026, 3, 3)]  # type: ignore[attr-defined]


def test_a_session_is_printed_with_programme_and_cohort_on_its_own_page() -> None:
    sheet = opened(workbook(taught()))["Session by session"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    nothing = (None,) * 6
    assert rows[:10] == [
        ("S1  理论概论", *nothing),
        ("03-02 – 03-03    总行党校    room A101    理论概论 (8 h)    people 3", *nothing),
        (None, *nothing),
        ("day", "half day", "module", "lecturer", *nothing[3:]),
        ("Mon 03-02", "am", "理论概论", "陈思远", *nothing[3:]),
        ("Tue 03-03", "pm", "理论概论", "陈思远", *nothing[3:]),
        (None, *nothing),
        ("leader no.", "name", "branch", "post", "people", "skill gaps closed", "signature"),
        ("L2", "高晓峰", "东部分行", "支部书记", 2, "理论学习", None),
        ("L1", "林海燕", "东部分行 苏州支行", "支部书记", 1, "理论学习", None),
    ]
    starts = [row[0] for row in rows].index("S2  三会一课规范")
    assert next(page.id for page in sheet.row_breaks.brk) == starts
    assert sheet.page_setup.paperSize == 9


def test_timetable_has_a_cell_for_each_session_that_is_held() -> None:
    book = opened(workbook(season()))
    texts = [str(value).split("\n") for row in cells(book, "Timetable")[3:] for value in row[1:] if value]
    assert sorted(lines[0] for lines in texts) == ["S1", "S2", "S3", "S3", "S5"]  # S3 is held in two weeks
    assert ["S1", "03-02 – 03-03", "3/3  A101"] in texts
    colours = {
        str(c.value)[:2]: c.fill.fgColor.rgb for row in book["Timetable"].iter_rows(min_row=4) for c in row
    }
    assert len({colours[s] for s in ("S1", "S2", "S3", "S5")}) == 4


def test_a_branch_has_its_trips_and_what_stays_open() -> None:
    found = cells(opened(workbook(season())), "西部分行")
    assert found[1][0] == f"people 1 · skill gaps closed 1 of 2 (50 %) · days away 4 · km {season().km(2):,}"
    assert found[4][:4] == ["L3", "周明远", "西部分行", ""]
    assert found[4][7:] == [
        "常州分校",
        season().km(2),
        "S3 (民主评议实务)",
        "民主评议",
        "三会一课: too many of the branch would be away",
    ]
    assert cells(opened(workbook(season())), "总行")[4][7] == "stays at home"


def test_what_is_empty_in_a_row_has_its_rule_as_well() -> None:
    with using(Language.ZH):
        sheet = opened(workbook(season()))["西部分行"]
    assert {cell.border.bottom.style for cell in sheet[5]} == {"thin"}
    assert sheet["J5"].value == "S3（民主评议实务）"


def test_more_branches_than_anybody_leafs_through_have_no_sheets() -> None:
    problem = instance()
    more = tuple(replace(problem.branches[3], id=f"B{k}", parent=0) for k in range(MOST))
    people = tuple(replace(problem.leaders[3], id=f"X{k}", branch=4 + k) for k in range(MOST))
    big = replace(problem, branches=(*problem.branches, *more), leaders=(*problem.leaders, *people))
    assert len(opened(workbook(Season.of(big, plan()))).sheetnames) == 11


def test_the_same_plan_gives_the_same_bytes() -> None:
    with using(Language.ZH):
        assert workbook(season()) == workbook(season())


@pytest.mark.parametrize("name", HOSTILE)
def test_no_formula_or_link_comes_from_data(name: str) -> None:
    data = workbook(hostile(name))
    book = opened(data)
    for sheet in book.worksheets:
        assert all(
            cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row
        )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for part in parts.namelist():
            text = parts.read(part).decode("utf-8", "strict")
            assert "<f>" not in text, part
            assert 'TargetMode="External"' not in text, part
    leader = book["Leaders"]["B2"].value
    assert leader.replace("_x005F_", "_") == "".join(
        c if c.isprintable() else " " if c.isspace() else "?" for c in name
    )


def test_a_title_is_no_code_in_a_footer() -> None:
    for title, footer in (
        ("&L&A[Red]", "&L&&L&&A[Red]&C&A&R&P / &N"),
        ("&" * 400, f"&L{'&&' * 100}&C&A&R&P / &N"),
    ):
        data = workbook(hostile(title))
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert f"<oddFooter>{escape(footer)}</oddFooter>" in sheet


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        (("a/b", "a\\b", "A?B"), ["a b", "a b (2)", "A B (3)"]),
        (("History", "'", "王" * 40), ["History (2)", "-", "王" * 31]),
        (("Overview", "overview", "[x]"), ["Overview (2)", "overview (3)", "x"]),
    ],
)
def test_sheet_names_are_made_possible_and_differ(names: tuple[str, str, str], sheets: list[str]) -> None:
    problem = instance()
    b = problem.branches
    renamed = replace(
        problem,
        branches=(
            replace(b[0], name=names[0]),
            replace(b[1], name=names[1]),
            b[2],
            replace(b[3], name=names[2]),
        ),
    )
    assert opened(workbook(Season.of(renamed, plan()))).sheetnames[-3:] == sheets
