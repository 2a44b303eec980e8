"""`cadreplan init --xlsx`: a season as one workbook, filled in by people and taken by every command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cadreplan.language import Language
from cadreplan.loading.load import find_problems, load_roster
from tests.cli.base import Cli, some_plan

BOOK = "season.xlsx"


def _column(sheet: openpyxl.worksheet.worksheet.Worksheet, header: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).rstrip("*") == header)


@pytest.mark.parametrize("language", Language)
def test_the_workbook_is_the_same_example_as_yaml(cli: Cli, tmp_path: Path, language: Language) -> None:
    assert cli("init", "book", "--xlsx", "--lang", language.value).code == 0
    assert cli("init", "plain").code == 0
    assert {path.name for path in (tmp_path / "book").iterdir()} == {BOOK}
    assert find_problems([f"book/{BOOK}"]) == []
    in_book = load_roster(Path("book") / BOOK).instance
    assert in_book == load_roster(Path("plain/roster.yaml")).instance


def test_the_same_bytes_are_written_twice(cli: Cli, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        cli("init", folder, "--xlsx")
    assert (tmp_path / "a" / BOOK).read_bytes() == (tmp_path / "b" / BOOK).read_bytes()


def test_nothing_is_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(b"mine")
    ran = cli("init", ".", "--xlsx")
    assert ran.code == 2
    assert (tmp_path / BOOK).read_bytes() == b"mine"


def test_from_needs_a_workbook_to_write(cli: Cli) -> None:
    assert "--from goes with --xlsx" in cli("init", "demo", "--from", "roster.yaml").err


def test_a_roster_of_ones_own_becomes_a_workbook(cli: Cli) -> None:
    cli("init", "mine")
    roster = Path("mine/roster.yaml")
    roster.write_text(
        roster.read_text(encoding="utf-8").replace("max_days: 5", "max_days: 3"), encoding="utf-8"
    )
    assert cli("init", ".", "--xlsx", "--from", str(roster)).code == 0
    assert load_roster(Path(BOOK)).instance == load_roster(roster).instance


def test_what_people_change_in_a_spreadsheet_is_read(cli: Cli) -> None:
    """Rows are changed and added as a person would, by name, and the file is saved by another program."""
    cli("init", ".", "--xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(BOOK)
    people, sessions = book["人员"], book["班次"]
    people.cell(3, _column(people, "岗位"), "支部书记")
    new = {
        "编号": "0042",
        "姓名": "郑晓燕",
        "支部": "东部分行",
        "岗位": "支部委员",
        "已修": "T1、三会一课规范",
    }
    for header, value in (new | {"优先级": 3}).items():
        people.cell(10, _column(people, header), value)
    sessions.cell(7, _column(sessions, "开始"), datetime(2026, 4, 20))
    sessions.cell(7, _column(sessions, "结束"), datetime(2026, 4, 22))
    book["政策"]["B2"] = "春季第二轮"
    book.save(BOOK)
    assert [found for found in find_problems([BOOK]) if found.is_error] == []
    instance = load_roster(Path(BOOK)).instance
    added = instance.leaders[-1]
    assert (added.id, added.name, added.priority, len(added.completed)) == ("0042", "郑晓燕", 3, 2)
    assert instance.branches[added.branch].id == "EAST"
    assert instance.leaders[1].role == instance.leaders[0].role
    assert len(instance.sessions[-1].days) == 3
    assert instance.title == "春季第二轮"


@pytest.mark.parametrize(
    ("language", "people", "lists", "branch"),
    [("en", "leaders", "lists", "branch"), ("zh", "人员", "列表", "支部")],
)
def test_names_and_ids_of_the_workbook_are_offered(
    cli: Cli, language: str, people: str, lists: str, branch: str
) -> None:
    cli("init", ".", "--xlsx", "--lang", language)
    book = openpyxl.load_workbook(BOOK)
    sheet = book[people]
    letter = sheet.cell(1, _column(sheet, branch)).column_letter
    rule = next(r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith(f"{letter}2:"))
    assert (rule.type, rule.formula1[:8]) == ("list", "OFFSET('")
    assert f"'{lists}'!$A$2" in rule.formula1
    offered = openpyxl.load_workbook(BOOK, data_only=True)[lists]
    assert [offered.cell(r, 1).value for r in range(2, 8)] == [
        "总行",
        "东部分行",
        "西部分行",
        "HQ",
        "EAST",
        "WEST",
    ]


def test_every_column_is_explained_and_has_a_comment(cli: Cli) -> None:
    cli("init", ".", "--xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(BOOK)
    people = ("人员", "支部", "地点", "班次", "备选", "师资", "结构", "关系")
    tables = (*people, "能力", "技能", "课程", "岗位", "规定")
    assert book.sheetnames == ["说明", *people, "政策", *tables[len(people) :], "列表"]
    explained = {row[:2] for row in book["说明"].iter_rows(values_only=True) if row[0] in tables}
    headed = {(name, cell.value.rstrip("*")) for name in tables for cell in book[name][1]}
    assert explained == headed
    assert all(cell.comment is not None for name in tables for cell in book[name][1])
    # no header and no explanation is left in English
    assert [label for _, label in headed if label.isascii()] == []
    assert [row[0] for row in book["政策"].iter_rows(values_only=True) if str(row[0]).isascii()] == []


def test_a_wrong_cell_is_named_by_workbook_sheet_and_cell(cli: Cli) -> None:
    cli("init", ".", "--xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(BOOK)
    book["人员"]["C4"] = "EATS"
    book["政策"]["B3"] = "2026-03-02..2026-02-24"
    book["课程"]["C3"] = "theorie:2"
    book.save(BOOK)
    ran = cli("validate", BOOK)
    assert ran.code == 1
    lines = ran.out.splitlines()
    expected = (
        f"{BOOK}:4:3: error unknown-reference: 人员!C4: 支部: found 'EATS', expected the id of a branch"
    )
    assert any(line.startswith(expected) for line in lines)
    assert any(line.startswith(f"{BOOK}:3:2: error wrong-value: 政策!B3: 起止日期: found") for line in lines)
    assert any(
        f"{BOOK}:3:3: error unknown-reference: 课程!C3:" in line and "theorie" in line for line in lines
    )


def test_validate_fix_rewrites_cells_of_every_sheet(cli: Cli) -> None:
    cli("init", ".", "--xlsx", "--lang", "zh")
    plain = load_roster(Path(BOOK)).instance
    book = openpyxl.load_workbook(BOOK)
    book["人员"]["C4"] = "东部分行"
    book["课程"]["C3"] = "理论学习：2"
    book["政策"]["B3"] = "2026年3月2日至4月24日"
    book.save(BOOK)
    diff = cli("validate", BOOK, "--diff")
    assert "-人员!C4: 东部分行\n+人员!C4: EAST\n" in diff.out
    assert "+课程!C3: theory:2\n" in diff.out
    assert "+政策!B3: 2026-03-02..2026-04-24\n" in diff.out
    cli("validate", BOOK, "--fix")
    fixed = openpyxl.load_workbook(BOOK)
    assert (fixed["人员"]["C4"].value, fixed["课程"]["C3"].value) == ("EAST", "theory:2")
    assert load_roster(Path(BOOK)).instance == plain


def test_a_folder_is_walked_for_workbooks_that_are_seasons(cli: Cli) -> None:
    cli("init", "a", "--xlsx")
    openpyxl.Workbook().save("a/table.xlsx")
    ran = cli("validate", ".", "--format", "json")
    assert (ran.code, ran.out.strip()) == (0, "[]")


def test_a_plan_of_a_workbook_is_checked_and_recorded_into_a_workbook(cli: Cli, tmp_path: Path) -> None:
    cli("init", ".", "--xlsx", "--lang", "zh")
    plan = some_plan(load_roster(Path(BOOK)))
    Path("plan.json").write_text(plan.to_json(), encoding="utf-8")
    assert cli("check", "plan.json").code == 0
    leader, session = plan.assignments[0]
    Path("results.csv").write_text(f"leader,session,result\n{leader},{session},passed\n", encoding="utf-8")
    wrong = cli("record", "plan.json", "results.csv", "-o", "next.yaml")
    assert (wrong.code, "so the next one ends in .xlsx" in wrong.err) == (2, True)
    assert cli("record", "plan.json", "results.csv").code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        BOOK,
        "plan.json",
        "results.csv",
        "roster-next.xlsx",
    }
    before, after = (load_roster(Path(name)).instance for name in (BOOK, "roster-next.xlsx"))
    learnt = next(k for k, one in enumerate(before.leaders) if one.id == leader)
    assert len(after.leaders[learnt].completed) > len(before.leaders[learnt].completed)
    assert after.sessions == before.sessions
