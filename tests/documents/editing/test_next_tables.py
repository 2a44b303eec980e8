"""The next roster of tables that are kept as people keep them: several files, habits, a column a skill."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.next_roster import next_files
from cadreplan.loading.load import read_roster_file
from tests.documents.workbooks import written as workbook
from tests.rules.base import Files, overlaid, written

CHANGES = {
    "L1": LeaderChange(skills={"meetings": 2}, completed=("M-LAW",)),
    "L2": LeaderChange(skills={"meetings": 1, "review": 1}),
}


def next_leaders(
    folder: Path, files: Files, output: str = "next.yaml"
) -> tuple[list[str], dict[str, object]]:
    """The files that are written, and the skills and modules of every leader afterwards."""
    roster = read_roster_file(written(folder, files))
    new = next_files(roster, CHANGES, folder / output)
    for path, data in new.items():
        path.write_bytes(data)
    after = read_roster_file(folder / output)
    held = {row.id or "": (spec.skills, spec.completed) for row, spec in after.leaders.valid()}
    return [path.name for path in new], dict(held)


EXPECTED = {
    "L1": ({"meetings": 2, "review": 1}, ("M-CASE", "M-LAW")),
    "L2": ({"meetings": 1, "review": 1}, ()),
}
NORTH = "编号,支部,岗位,技能,已修\nL1,总行,支部书记,三会一课：1、民主评议：1,M-CASE、\n"
SOUTH = "编号,部门,岗位,三会一课,民主评议\nL2,HQ,secretary,-,\n"


def test_every_file_has_its_next_one(tmp_path: Path) -> None:
    files = overlaid("leaders: [north.csv, south.csv]\n") | {"north.csv": NORTH, "south.csv": SOUTH}
    names, held = next_leaders(tmp_path, files)
    assert names == ["next-leaders-1.csv", "next-leaders-2.csv", "next.yaml"]
    assert held == EXPECTED
    assert "leaders: [next-leaders-1.csv, next-leaders-2.csv]" in (tmp_path / "next.yaml").read_text("utf-8")
    assert (tmp_path / "next-leaders-2.csv").read_text("utf-8").splitlines()[1] == "L2,HQ,secretary,1,1"


def test_files_are_changed_in_their_place(tmp_path: Path) -> None:
    files = overlaid("leaders: '*th.csv'\n") | {"north.csv": NORTH, "south.csv": SOUTH}
    names, held = next_leaders(tmp_path, files, "roster.yaml")
    assert names == ["north.csv", "south.csv", "roster.yaml"]
    assert held == EXPECTED


def test_a_sheet_with_habits_and_skills_across(tmp_path: Path) -> None:
    rows = [
        ("2026年名单",),
        ("工号", "部门", "岗位", "三会一课", "民主评议", "已修"),
        ("L1", "总行", "支部书记", 1, "√", "M-CASE"),
        ("L2", "HQ", "secretary", "-", None, "无"),
        ("合计", None, None, 2),
    ]
    files = overlaid("leaders: people.xlsx\n") | {"people.xlsx": workbook({"人员": rows})}
    names, held = next_leaders(tmp_path, files)
    assert names == ["next-leaders.xlsx", "next.yaml"]
    assert held == EXPECTED


@pytest.mark.parametrize("output", ["next.yaml", "roster.yaml"])
def test_sheets_of_one_workbook_stay_in_one(output: str, tmp_path: Path) -> None:
    north = [
        ("编号", "支部", "岗位", "技能", "已修"),
        ("L1", "总行", "支部书记", "meetings:1; review:1", "M-CASE"),
    ]
    south = [("编号", "部门", "岗位", "三会一课", "民主评议"), ("L2", "HQ", "secretary", "-", None)]
    files = overlaid("leaders: ['people.xlsx#north', 'people.xlsx#south']\n") | {
        "people.xlsx": workbook({"north": north, "south": south})
    }
    names, held = next_leaders(tmp_path, files, output)
    assert names == ["people.xlsx" if output == "roster.yaml" else "next-leaders.xlsx", output]
    assert held == EXPECTED


@pytest.mark.parametrize("table", ["sites", "branches"])
def test_lists_of_other_files_are_found_from_another_folder(table: str, tmp_path: Path) -> None:
    (tmp_path / "next").mkdir()
    text = {"sites": "编号,名称\nBJ,党校\n", "branches": "编号,名称\nHQ,总行\nNORTH,北方\n"}[table]
    files = overlaid(f"{table}: [t.csv]\ncurriculum: curriculum.yaml\n") | {"t.csv": text}
    _, held = next_leaders(tmp_path, files, "next/roster.yaml")
    assert "L1" in held
    assert f"{table}: [../t.csv]" in (tmp_path / "next" / "roster.yaml").read_text("utf-8")
