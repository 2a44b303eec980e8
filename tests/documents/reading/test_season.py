"""A season in one workbook is the roster that its YAML is; what is wrong with its sheets is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.reading.season_head import head_fields
from cadreplan.documents.values.labels import CURRICULUM_SHEETS, HEAD_LABELS, LIST_SHEETS, SHEETS
from cadreplan.language import Language, using
from cadreplan.loading.load import find_problems, load_roster, read_roster_file
from cadreplan.views.export.season_book import season_book
from cadreplan.views.export.season_columns import columns_of
from tests.documents.workbooks import Row, written

ROOT = Path(__file__).resolve().parents[3]
ROSTERS = sorted((ROOT / "examples").glob("*/roster.yaml"))

Sheets = Mapping[str, Sequence[Row]]

SEASON: Sheets = {
    "政策": [
        ("项目", "值"),
        ("轮训名称", "春训"),
        ("起止日期", "2026-03-02..2026-03-27"),
        ("权重：短板", 500),
    ],
    "能力": [("编号", "名称"), ("duty", "履职能力")],
    "技能": [("编号", "名称", "能力"), ("rules", "规矩", "履职能力"), ("talk", "谈心", "duty")],
    "课程": [
        ("编号", "名称", "教授技能", "学时", "先修", "主课"),
        ("A1", "甲", "规矩:1", 4, None, "是"),
        ("A2", "乙", "规矩:1", 4, None, None),
        ("B", "丙", "谈心:2", 8, "甲 或 A2", None),
    ],
    "岗位": [("编号", "名称", "所需技能"), ("head", "书记", "规矩：1；谈心：2")],
    "地点": [("编号", "名称"), ("S", "党校")],
    "支部": [("编号", "名称"), ("HQ", "总部")],
    "班次": [("编号", "地点", "课程", "日期", "名额"), ("K1", "党校", "A1", "2026-03-09", 5)],
    "人员": [("编号", "姓名", "支部", "岗位"), ("L1", "林海燕", "总部", "书记")],
}


def _problems(tmp_path: Path, sheets: Sheets) -> list[Diagnostic]:
    (tmp_path / "season.xlsx").write_bytes(written(sheets))
    return find_problems([tmp_path / "season.xlsx"])


def _errors(tmp_path: Path, sheets: Sheets) -> list[tuple[str, str]]:
    return [(found.rule, found.message) for found in _problems(tmp_path, sheets) if found.is_error]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("roster", ROSTERS, ids=lambda path: path.parent.name)
def test_every_example_is_the_same_instance_as_a_workbook(
    tmp_path: Path, roster: Path, language: Language
) -> None:
    with using(language):
        data = season_book(read_roster_file(roster))
    (tmp_path / "season.xlsx").write_bytes(data)
    loaded = load_roster(tmp_path / "season.xlsx")
    assert loaded.instance == load_roster(roster).instance
    assert loaded.files == {}


def test_names_in_place_of_ids_and_one_of_several_modules(tmp_path: Path) -> None:
    (tmp_path / "season.xlsx").write_bytes(written(SEASON))
    instance = load_roster(tmp_path / "season.xlsx").instance
    assert instance.title == "春训"
    assert instance.policy.weights.gap == 500
    assert instance.modules[2].requires == ((0, 1),)
    assert [module.core for module in instance.modules] == [True, False, False]
    assert instance.leaders[0].role == 0
    assert instance.roles[0].needs == ((0, 1), (1, 2))


def test_a_gap_has_its_level_behind_its_weight(tmp_path: Path) -> None:
    people = [("编号", "支部", "短板"), ("L1", "HQ", "谈心:3@2; rules:1"), ("L2", "HQ", "talk:@1")]
    (tmp_path / "season.xlsx").write_bytes(written({**SEASON, "人员": people}))
    one, other = load_roster(tmp_path / "season.xlsx").instance.leaders
    assert [(gap.skill, gap.level, gap.weight) for gap in one.gaps] == [(1, 2, 3), (0, 1, 1)]
    assert [(gap.skill, gap.level, gap.weight) for gap in other.gaps] == [(1, 1, 1)]


def test_lists_without_ids_and_norms_are_sheets(tmp_path: Path) -> None:
    people = [("编号", "支部", "岗位", "标签.性别"), ("L1", "HQ", "head", "f"), ("L2", "HQ", "head", "m")]
    sheets = {
        **SEASON,
        "人员": people,
        "结构": [("统计项", "取值", "范围", "至少"), ("性别", "f", "班", "20%")],
        "关系": [("人员", "类型", "范围"), ("L1、L2", "分开", "同一天")],
        "规定": [("编号", "学时", "年数", "面向岗位"), ("year", 56, 1, "书记")],
    }
    (tmp_path / "season.xlsx").write_bytes(written(sheets))
    roster = read_roster_file(tmp_path / "season.xlsx")
    (mix,), (tie,) = (row.spec for row in roster.mix.rows), (row.spec for row in roster.ties.rows)
    assert mix is not None
    assert tie is not None
    assert (mix.tag, mix.value, mix.each) == ("性别", "f", "class")
    assert (tie.leaders, tie.kind, tie.each) == (("L1", "L2"), "apart", "day")
    assert roster.curriculum is not None
    (norm,) = (spec for _, spec in roster.curriculum.norms.valid())
    assert (norm.hours, norm.roles) == (56, ("head",))
    sheets["关系"] = [("人员", "类型", "范围"), ("L1、L9", "分开", "同一天")]
    assert any("关系!A2: 人员: " in message for _, message in _errors(tmp_path, sheets))


def test_a_calendar_with_days_of_its_own(tmp_path: Path) -> None:
    head = [*SEASON["政策"], ("工作日历", "中国"), ("另放假日期", "2026-03-09"), ("另上班日期", "2026-03-14")]
    (tmp_path / "season.xlsx").write_bytes(written({**SEASON, "政策": head}))
    roster = read_roster_file(tmp_path / "season.xlsx")
    assert roster.calendar is not None
    assert roster.calendar.country == "CN"
    assert [str(span.start) for span in roster.calendar.holidays] == ["2026-03-09"]


def test_a_curriculum_in_a_file_of_its_own(tmp_path: Path) -> None:
    with_curriculum = {name: rows for name, rows in SEASON.items() if name not in CURRICULUM_SHEETS.values()}
    head = [*SEASON["政策"], ("课程体系文件", "courses.xlsx")]
    courses = {name: SEASON[name] for name in CURRICULUM_SHEETS.values() if name in SEASON}
    (tmp_path / "courses.xlsx").write_bytes(written({"政策": [("课程体系名称", "课程")], **courses}))
    (tmp_path / "season.xlsx").write_bytes(written({**with_curriculum, "政策": head}))
    loaded = load_roster(tmp_path / "season.xlsx")
    assert list(loaded.files) == ["courses.xlsx"]
    curriculum = read_roster_file(tmp_path / "season.xlsx").curriculum
    assert curriculum is not None
    assert curriculum.title == "课程"
    assert find_problems([tmp_path / "courses.xlsx"]) == []
    both = _errors(tmp_path, {**SEASON, "政策": head})
    assert both[0][0] == "table-sheet"
    assert "expected one of the two" in both[0][1]


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        ({"人员": None}, "missing-key", "found no sheet '人员' (who is trained), expected one"),
        ({"技能": None}, "missing-key", "found no sheet '技能'"),
        ({"政策": [("轮训名称", "春训")]}, "missing-key", "found no row '起止日期'"),
        (
            {"政策": [(), ("起止日期", None)]},
            "missing-key",
            "政策!B2: 起止日期: found nothing, expected a value",
        ),
        ({"政策": [(), ("起止日", "2026-03-02")]}, "unknown-key", "政策!A2: found the row '起止日'"),
        ({"政策": [*SEASON["政策"], ("horizon", "2026-03-02")]}, "duplicate-key", "政策!A5: found the row"),
        ({"政策": [*SEASON["政策"], ("每人学时", "多")]}, "wrong-value", "政策!B5: 每人学时: found '多'"),
        (
            {"人员名": SEASON["人员"], "人员": None},
            "table-sheet",
            "found the sheet '人员名', which is called like",
        ),
        ({"leaders": SEASON["人员"]}, "table-sheet", "found two sheets for one table"),
        ({"技能": [*SEASON["技能"], ("talk", "谈心二", "duty")]}, "duplicate-id", "技能!A4: "),
        ({"课程": [(), ("编号", "学时"), ("A1", 4)]}, "missing-key", "课程!A2: found no column '教授技能'"),
        (
            {"课程": [("编号", "教授技能", "学时"), (None, "规矩:1", 4)]},
            "missing-key",
            "课程!A2: 编号: found nothing",
        ),
        (
            {"课程": [("编号", "教授技能", "学时"), ("A1", "规矩:1", "四")]},
            "wrong-value",
            "课程!C2: 学时: found '四'",
        ),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said_of_it(
    tmp_path: Path, change: Mapping[str, Sequence[Row] | None], rule: str, message: str
) -> None:
    assert _errors(tmp_path, SEASON) == []
    sheets = {name: rows for name, rows in {**SEASON, **change}.items() if rows is not None}
    found = [text for name, text in _errors(tmp_path, sheets) if name == rule]
    assert any(text.startswith(message) for text in found), found


def test_a_workbook_without_the_sheet_of_settings_is_no_roster(tmp_path: Path) -> None:
    sheets = {name: rows for name, rows in SEASON.items() if name != "政策"}
    assert [rule for rule, _ in _errors(tmp_path, sheets)] == ["table-sheet"]


def test_sheets_and_rows_of_ones_own_are_passed_over_with_a_warning(tmp_path: Path) -> None:
    found = _problems(
        tmp_path, {**SEASON, "会议记录": [("x",)], "政策": [*SEASON["政策"], ("经办人员", "周")]}
    )
    assert [one.severity for one in found if one.rule == "extra-column"] == ["warning"] * 2
    assert not any(one.is_error for one in found)


def test_every_field_has_a_label_in_chinese() -> None:
    with using(Language.ZH):
        labels = {(t, c.label) for t in SHEETS | LIST_SHEETS | CURRICULUM_SHEETS for c in columns_of(t)}
    assert [label for label in labels if label[1].isascii()] == []
    assert head_fields().keys() <= set(HEAD_LABELS.values())


@pytest.mark.parametrize("cell", ["branch:1:2; role:1", "branch:1：2，role：1", "branch:1 : 2; role: 1"])
def test_a_branch_below_the_root_is_a_key_with_a_colon(cell: str, tmp_path: Path) -> None:
    (tmp_path / "season.xlsx").write_bytes(written(SEASON | {"政策": [*SEASON["政策"], ("分组混编", cell)]}))
    policy = read_roster_file(tmp_path / "season.xlsx").policy
    assert policy is not None
    assert dict(policy.groups) == {"branch:1": 2, "role": 1}


@pytest.mark.parametrize("name", ["season.xls", "season.et", "season.XLS"])
def test_an_older_workbook_is_told_to_be_saved_as_a_new_one(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    [found] = find_problems([tmp_path / name])
    assert found.rule == "table-workbook"
    assert ".xlsx" in found.hint


@pytest.mark.parametrize("name", ["班词", "三月的班"])
def test_a_sheet_with_the_columns_of_a_missing_table_is_no_sheet_of_ones_own(
    name: str, tmp_path: Path
) -> None:
    """Its sessions would be lost with a warning among others."""
    renamed = {name if sheet == "班次" else sheet: rows for sheet, rows in SEASON.items()}
    [(rule, message)] = _errors(tmp_path, renamed)
    assert rule == "table-sheet"
    assert name in message
    [found] = [one for one in _problems(tmp_path, renamed) if one.is_error]
    assert found.hint == "did you mean '班次'?"
    copied = SEASON | {"班次旧": SEASON["班次"], "通讯录": [("编号", "姓名", "电话"), ("L1", "甲", "1")]}
    assert _errors(tmp_path, copied) == []
