"""Each hint about a file, a table or a cell, followed, makes its finding go and brings no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from cadreplan.cli.init import workbook_of
from cadreplan.diagnostics import Diagnostic
from cadreplan.loading.load import find_problems
from tests.documents.hints_in_source import hints_in
from tests.documents.workbooks import written
from tests.rules.base import CURRICULUM, ROSTER
from tests.rules.test_hints_of_rules import key, said

Files = Mapping[str, str | bytes]

LEADERS = "leaders:\n  - {id: L1, name: 王磊, branch: HQ, role: secretary}\n"
HEAD = "id,name,branch,role"
ROW = "L1,王磊,HQ,secretary"
TABLE = [["id", "name", "branch", "role"], ["L1", "王磊", "HQ", "secretary"]]
SHEETS: dict[str, list[list[str]]] = {
    "政策": [
        ["起止日期", "2026-03-02..2026-06-26"],
        ["工作日历", "无"],
        ["课程体系文件", "curriculum.yaml"],
    ],
    "人员": [["编号", "支部", "岗位"], ["L1", "HQ", "secretary"]],
    "支部": [["编号"], ["HQ"]],
    "地点": [["编号", "类型"], ["BJ", "party-school"]],
    "班次": [
        ["编号", "地点", "课程", "日期", "名额"],
        ["S1", "BJ", "M-LAW; M-CASE", "2026-03-09..2026-03-10", "9"],
    ],
}


def roster(old: str, new: str) -> Files:
    assert old in ROSTER
    return {"roster.yaml": ROSTER.replace(old, new)}


def table(name: str, content: str | bytes) -> Files:
    """A roster whose leaders are in a file of their own."""
    return {"roster.yaml": ROSTER.replace(LEADERS, f"leaders: {name}\n"), name.partition("#")[0]: content}


def rows(*lines: str) -> Files:
    return table("people.csv", "\n".join(lines) + "\n")


def book(cells: list[list[object]]) -> Files:
    return table("people.xlsx", written({"人员": cells}))


def season(**sheets: list[list[str]] | None) -> Files:
    made = {name: rows for name, rows in (SHEETS | sheets).items() if rows is not None}
    return {"season.xlsx": written(made)}


def merged(title: str) -> bytes:
    """People of whom one has branch and role in a cell across both columns."""

    def finish(document: xlsxwriter.Workbook) -> None:
        document.worksheets()[0].merge_range("C2:D2", title)

    return written({"人员": [TABLE[0], ["L1", "王磊", "", ""]]}, finish)


def hidden(is_hidden: bool, n_rows: int) -> bytes:
    def finish(document: xlsxwriter.Workbook) -> None:
        document.worksheets()[0].set_row(2, None, None, {"hidden": is_hidden})

    more = [[f"L{n}", f"周{n}", "HQ", "secretary"] for n in range(2, n_rows + 1)]
    return written({"人员": [*TABLE, *more]}, finish)


def with_formula(is_formula: bool) -> bytes:
    def finish(document: xlsxwriter.Workbook) -> None:
        if is_formula:
            document.worksheets()[0].write_formula("A2", '="L"&1', None, "L1")

    return written({"人员": TABLE}, finish)


ODD = "id,name,branch,role,三会一课,民主评议"
CASES: tuple[tuple[str, Files, tuple[Files, ...]], ...] = (
    # Documents
    (
        "check the indentation, or quote a text that has ': ' in it",
        roster("title: 春季轮训", "title: spring: 2026"),
        (roster("title: 春季轮训", "title: 'spring: 2026'"),),
    ),
    (
        "indent with spaces: YAML takes no tabs there",
        roster("  - {id: HQ", "\t- {id: HQ"),
        ({},),
    ),
    ("remove it", roster("春季轮训", "春季\x07轮训"), ({},)),
    ("remove one of the two", roster("title: 春季轮训", "title: 春季轮训\ntitle: 春"), ({},)),
    (
        "remove the tag: the type of a value comes from its field",
        roster("title: 春", "title: !!str 春"),
        ({},),
    ),
    (
        "write the entries out, or use an alias for a whole value",
        roster("{id: NORTH, name: 北方分行, parent: HQ}", "{<<: {parent: HQ}, id: NORTH, name: 北方分行}"),
        ({},),
    ),
    ("move it to a file of its own", {"roster.yaml": f"{ROSTER}---\ntitle: x\n"}, ({},)),
    ("it can be read as GB18030: save it as UTF-8", {"roster.yaml": ROSTER.encode("gb18030")}, ({},)),
    ("save it as UTF-8", {"roster.yaml": ROSTER.encode() + b"# \xff\xff\n"}, ({},)),
    (
        "a table is read through the roster that names it",
        {"roster.yaml": "- {id: L1, name: 王磊, branch: HQ, role: secretary}\n"},
        (
            {
                "roster.yaml": ROSTER.replace(LEADERS, "leaders: people.yaml\n"),
                "people.yaml": "- {id: L1, name: 王磊, branch: HQ, role: secretary}\n",
            },
        ),
    ),
    ("write it as a list: {example}", roster("modules: [M-LAW, M-CASE]", "modules: M-LAW; M-CASE"), ({},)),
    (
        "write the latitude first, then the longitude",
        roster("[39.9, 116.41]", "[116.41, 39.9]"),
        ({},),
    ),
    ("leave it empty", roster("branch: HQ, role", "branch: HQ, since: 无, role"), ({},)),
    # Tables
    (
        "save the file as UTF-8",
        table("people.csv", f"{HEAD}\n".encode() + b"L1,\xff\xff,HQ,secretary\n"),
        (rows(HEAD, ROW),),
    ),
    ("save it as .xlsx", table("people.xls", written({"人员": TABLE})), (book(TABLE),)),
    (
        "quote a cell that has the delimiter in it",
        rows(HEAD, f"{ROW},x"),
        (rows(HEAD, 'L1,王磊,HQ,"secretary"'),),
    ),
    (
        'a cell with a comma, a quote or a line break is written "like ""this"""',
        rows(HEAD, 'L1,"王"磊,HQ,secretary'),
        (rows(HEAD, 'L1,"王""磊",HQ,secretary'),),
    ),
    (
        "add it, or head the column that has it so",
        rows("id,name,role", "L1,王磊,secretary"),
        (rows(HEAD, ROW),),
    ),
    (
        "put one above it: {names}, and what else it has",
        book([TABLE[1], ["L2", "周", "HQ", "secretary"]]),
        (book(TABLE),),
    ),
    (
        "leave this cell empty",
        rows(f"{HEAD},skills,三会一课", f"{ROW},meetings:1,2"),
        (rows(f"{HEAD},skills,三会一课", f"{ROW},meetings:1,"),),
    ),
    (
        "write √ if it is held, 0 if not",
        rows(ODD, f"{ROW},×,0"),
        (rows(ODD, f"{ROW},√,0"), rows(ODD, f"{ROW},0,0")),
    ),
    ("write the level as a number", rows(ODD, f"{ROW},高,0"), (rows(ODD, f"{ROW},1,0"),)),
    (
        "leave the cell empty where all is implied, or write {empty} for none",
        rows(f"{HEAD},gaps,pinned", f"{ROW},无,S1"),
        (rows(f"{HEAD},gaps,pinned", f"{ROW},,"),),
    ),
    (
        "a {mark} before a header says that it is for people only",
        rows(f"{HEAD},电话", f"{ROW},1"),
        (rows(f"{HEAD},#电话", f"{ROW},1"),),
    ),
    ("take it out of the table", rows(HEAD, ROW, "合计,1,,"), (rows(HEAD, ROW),)),
    (
        "take it out of the table, unless it is one of its rows",
        rows(HEAD, ROW, "合计,周,HQ,secretary"),
        (rows(HEAD, ROW),),
    ),
    (
        "several are called so, write the id of one of them: {ids}",
        {
            "roster.yaml": ROSTER.replace("name: 总行}", "name: 分行}")
            .replace("name: 北方分行", "name: 分行")
            .replace("branch: HQ", "branch: 分行")
        },
        (
            {
                "roster.yaml": ROSTER.replace("name: 总行}", "name: 分行}").replace(
                    "name: 北方分行", "name: 分行"
                )
            },
        ),
    ),
    # Workbooks
    (
        "format the column as text and write {written}",
        book([TABLE[0], [12, "王", "HQ", "secretary"], ["0345", "周", "HQ", "secretary"]]),
        (book([TABLE[0], ["0012", "王", "HQ", "secretary"], ["0345", "周", "HQ", "secretary"]]),),
    ),
    (
        "a number keeps {n} digits and no zeros at its end: format the column as text",
        book([TABLE[0], [1.5, "王", "HQ", "secretary"]]),
        (book([TABLE[0], ["1.50", "王", "HQ", "secretary"]]),),
    ),
    (
        "copy the cells and paste them as values",
        table("people.xlsx", with_formula(True)),
        (table("people.xlsx", with_formula(False)),),
    ),
    (
        "show them and take out what isn't meant, or name another file",
        table("people.xlsx", hidden(True, 3)),
        (table("people.xlsx", hidden(False, 3)), table("people.xlsx", hidden(False, 2))),
    ),
    (
        "write the sheet behind a #, as in {example}",
        table("people.xlsx", written({"甲": TABLE, "乙": TABLE})),
        (table("people.xlsx#甲", written({"甲": TABLE, "乙": TABLE})),),
    ),
    ("unmerge them", table("people.xlsx", merged("HQ")), (book(TABLE),)),
    (
        "open it in a spreadsheet program and save it again",
        table("people.xlsx", written({"人员": TABLE})[:-40]),
        (book(TABLE),),
    ),
    # Seasons
    (
        "write it into the first column, and its value beside it",
        season(政策=SHEETS["政策"][1:]),
        (season(),),
    ),
    ("`cadreplan init --xlsx` writes a workbook that has all of them", season(支部=None), (season(),)),
    (
        "`cadreplan init --xlsx` writes one; a single table is read through a roster that names it",
        {"season.xlsx": written({"人员": SHEETS["人员"]})},
        (season(), book(TABLE)),
    ),
    ("rename or delete one of them", season(leaders=SHEETS["人员"]), (season(),)),
    (
        "leave out the one that isn't meant",
        season(能力=[["编号"], ["duty"]]),
        (season(),),
    ),
)
"""What a hint says, files that have it, beside the usual ones or in their place, and these as it says."""

DRAWN = {
    "write {instead}",
    "did you mean {name}?",
    "did you mean {id} ({name})?",
    " or ",
    "write {day}, if this is a spreadsheet's number for a day",
    "leave it empty where there is no limit, or write 0",
}
FACTS = {
    "fix these first",
    "a plan is no input: use check",
    "a workbook is read as a table of the roster that names it",
    "name the files that `solve` wrote",
    "expected one of: {names}",
    "expected some of: {names}",
    "`record --history` writes one",
    "`cadreplan rule` lists all",
    "cut it into several rosters",
    "save it as .xlsx, without a password",
    "save it again",
    "delete the rows and columns outside the table, and save it again",
    "a spreadsheet makes a date of 3-1: format the column as text and type the ids again",
}
"""Those that are about another command or program, or that other tests follow."""
RESULTS = {
    "head the columns 编号, 班次, 考勤 (leader, session, result), or one with each session's id",
    "add a column 班次 (session), or head a column with each session's id",
    "add a column 考勤 (result), or name the sheet behind a #, as in {example}",
    "an x may mean both: write √ for who came and × for who didn't",
}
"""Those of `record`."""


def test_every_hint_about_files_has_a_case() -> None:
    assert hints_in("documents") - RESULTS == {hint for hint, _, _ in CASES} | DRAWN | FACTS


def findings(folder: Path, files: Files) -> list[Diagnostic]:
    """What is found in a roster, or in a season where the files have one."""
    folder.mkdir()
    for name, content in ({"curriculum.yaml": CURRICULUM, "roster.yaml": ROSTER} | dict(files)).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_problems([folder / ("season.xlsx" if "season.xlsx" in files else "roster.yaml")])


@pytest.mark.parametrize(("hint", "before", "afters"), CASES, ids=[hint for hint, _, _ in CASES])
def test_a_hint_followed_makes_its_finding_go_and_brings_no_other(
    hint: str, before: Files, afters: tuple[Files, ...], tmp_path: Path
) -> None:
    found = findings(tmp_path / "before", before)
    meant = [one for one in found if re.fullmatch(said(hint), one.hint)]
    assert meant, [(d.rule, d.message, d.hint) for d in found]
    for k, after in enumerate(afters):
        left = {key(one) for one in findings(tmp_path / str(k), after)}
        assert not left & {key(one) for one in meant}
        assert left <= {key(one) for one in found}


def test_the_workbook_that_init_writes_is_a_season(tmp_path: Path) -> None:
    (tmp_path / "season.xlsx").write_bytes(
        workbook_of(Path(__file__).parents[2] / "src/cadreplan/templates/en/roster.yaml")
    )
    assert find_problems([tmp_path / "season.xlsx"]) == []
