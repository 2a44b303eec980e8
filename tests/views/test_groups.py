"""Where discussion groups are seen: the screen of a session, tables, the workbook, the page and calendars."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from cadreplan.language import Language, using
from cadreplan.verification.plans import check_plan
from cadreplan.views.csv_files import csv_files
from cadreplan.views.export.calendars import Hours, calendars
from cadreplan.views.export.events import By, events
from cadreplan.views.export.page import pages
from cadreplan.views.export.revisions import revise
from cadreplan.views.export.tables import all_tables
from cadreplan.views.export.workbook import workbook
from cadreplan.views.screen.people import session_screen
from tests.views.export.base import HOSTILE, grouped, season
from tests.views.small import drawn


def _calendars(by: By) -> dict[str, str]:
    """The calendars of the season by the name of their owner, unfolded."""
    made = grouped()
    found = calendars(revise([], events(made, by)), made.instance.start, Hours())
    return {name.removesuffix(".ics"): data.decode().replace("\r\n ", "") for name, data in found.items()}


def _rows(data: bytes, sheet: str) -> list[list[object]]:
    values = openpyxl.load_workbook(io.BytesIO(data))[sheet].values
    return [[cell for cell in row if cell is not None] for row in values if any(row)]


def test_the_season_of_these_tests_says_of_its_groups_what_is_right() -> None:
    made = grouped()
    wrong = {(v.rule, v.where) for v in check_plan(made.instance, made.plan).violations}
    assert not wrong & {("groups", "S1"), ("stated", "grouping")}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            Language.EN,
            [
                "Groups  2 groups · proven: none mix better",
                "          people  gender  branch, level 1",
                " Group 1       1  f 1     东部分行 1",
                " Group 2       2  m 2     东部分行 2",
                " Group 1  林海燕",
                " Group 2  高晓峰 ×2",
            ],
        ),
        (
            Language.ZH,
            [
                "分组  2个组 · 已证明：没有更好的搭配",
                "        人数  gender  第1级支部",
                " 第1组     1  f 1     东部分行 1",
                " 第2组     2  m 2     东部分行 2",
                " 第1组  林海燕",
                " 第2组  高晓峰 ×2",
            ],
        ),
    ],
)
def test_a_session_shows_its_groups_with_what_each_mixes(language: Language, expected: list[str]) -> None:
    with using(language):
        lines = drawn(session_screen(grouped(), 0, 100, 20), 100)
    first = lines.index(expected[0])
    assert [line for line in lines[first : first + 8] if line] == expected


def test_a_session_that_is_not_divided_shows_none() -> None:
    assert not any("roup" in line for line in drawn(session_screen(season(), 0, 100, 20), 100))
    assert "Table cards" not in openpyxl.load_workbook(io.BytesIO(workbook(season()))).sheetnames
    assert "groups.csv" not in csv_files(all_tables(season()))


def test_the_table_of_groups_has_a_row_a_leader_with_the_tags() -> None:
    rows = list(
        csv.DictReader(io.StringIO(csv_files(all_tables(grouped()))["groups.csv"].decode("utf-8-sig")))
    )
    told = [(row["session"], row["group"], row["leader no."], row["people"], row["gender"]) for row in rows]
    assert told == [("S1", "1", "L1", "1", "f"), ("S1", "2", "L2", "2", "m")]


@pytest.mark.parametrize(
    ("language", "lists", "cards", "place"),
    [
        (Language.EN, "Group lists", "Table cards", "总行党校 · A101 · 03-02 – 03-03"),
        (Language.ZH, "分组名单", "桌签", "总行党校 · A101 · 3月2日–3日"),
    ],
)
def test_the_workbook_has_a_list_of_each_group_and_a_card_for_its_table(
    language: Language, lists: str, cards: str, place: str
) -> None:
    with using(language):
        book = workbook(grouped())
    numbers = ("第1组", "第2组") if language is Language.ZH else ("Group 1", "Group 2")
    assert _rows(book, cards) == [
        [numbers[0]],
        [f"S1 · {place}"],
        ["林海燕", "苏州支行"],
        [numbers[1]],
        [f"S1 · {place}"],
        ["高晓峰 ×2", "东部分行"],
    ]
    found = _rows(book, lists)
    assert [row[0] for row in found if row[0] in numbers] == list(numbers)
    assert [row[:2] for row in found if row[0] in ("L1", "L2")] == [["L1", "林海燕"], ["L2", "高晓峰"]]
    assert any("f 1" in str(cell) for row in found for cell in row)


def test_what_a_group_mixes_is_told_in_lines_as_wide_as_its_list() -> None:
    with using(Language.ZH):
        sheet = openpyxl.load_workbook(io.BytesIO(workbook(grouped())))["分组名单"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "第1组")
    assert sheet.cell(row, 2).value == "1人 · gender：f 1 · 第1级支部：东部分行 1"
    assert f"B{row}:E{row}" in {merged.coord for merged in sheet.merged_cells.ranges}


def test_the_page_of_a_session_names_the_group_of_each() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(grouped())))["Session by session"]
    rows = list(sheet.values)
    head = next(row for row in rows if "signature" in row)
    assert head[7] == "group"
    sitting = {row[0]: row[7] for row in rows if row[7] and row is not head}
    assert sitting == {"L1": "Group 1", "L2": "Group 2"}


def test_each_group_has_its_card_on_a_page_of_its_own() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(grouped())))["Table cards"]
    first = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("Group")]
    assert [page.id for page in sheet.row_breaks.brk] == [row - 1 for row in first[1:]]


def test_the_page_has_the_groups_of_a_session() -> None:
    page = pages(grouped(), "page.html")["page.html"].decode()
    assert '<th scope="row">Group 1</th><td class="n">1</td><td>f 1</td>' in page
    assert "<td>高晓峰 ×2</td>" in page
    assert "Group 1" not in pages(season(), "page.html")["page.html"].decode()


def test_a_calendar_tells_everybody_their_group_and_a_site_all_of_them() -> None:
    own = _calendars(By.LEADER)
    assert r"\ndiscussion group 1\n" in own["L1"]
    assert r"\ndiscussion group 2\n" in own["L2"]
    assert "discussion group" not in own["L3"]
    assert r"\ndiscussion group 1: 林海燕\ndiscussion group 2: 高晓峰 ×2" in _calendars(By.SITE)["BJ"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_formula_or_markup_comes_from_names_in_groups(name: str) -> None:
    made = grouped(name)
    book = openpyxl.load_workbook(io.BytesIO(workbook(made)))
    for sheet in ("Group lists", "Table cards", "Discussion groups"):
        assert all(cell.data_type != "f" for row in book[sheet].rows for cell in row)
        assert all(cell.hyperlink is None for row in book[sheet].rows for cell in row)
    assert "<script>alert" not in pages(made, "page.html")["page.html"].decode()
    assert drawn(session_screen(made, 0, 100, 20), 100)
