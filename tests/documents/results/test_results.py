"""Tables of results: what sites write is read, whatever the form, and nothing is guessed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cadreplan.documents.findings import Findings
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import ResultRow, Results, read_results
from cadreplan.documents.results.words import RESULTS, meaning_of, result_of, says_nothing
from tests.documents.workbooks import written

KNOWN = Known(
    frozenset({"001", "002", "003"}),
    frozenset({"S1", "S2", "S3"}),
    {"消防基础": ("S1",), "巡检": ("S2", "S3"), "2026-03-09": ("S1",), "2026-03-11": ("S2",)},
    2026,
)


def read(folder: Path, rows: list[list[str]], name: str = "r.csv") -> tuple[Results, Findings]:
    path = folder / name
    if name.endswith(".xlsx"):
        path.write_bytes(written({"Sheet1": rows}))
    else:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    findings = Findings()
    return read_results(path, findings, KNOWN), findings


def said(rows: tuple[ResultRow, ...]) -> list[tuple[str, str, str, str]]:
    return [(row.leader, row.name, row.session, row.result) for row in rows]


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
def test_ids_and_names_stand_side_by_side_and_other_columns_are_passed_over(
    name: str, tmp_path: Path
) -> None:
    rows = [
        ["春季轮训签到表"],
        ["序号", "编号", "姓名", "支部", "班次", "开始", "考勤", "#备用"],
        ["1", "001", "林海燕", "东", "S1", "2026-03-09", "√", "?"],
        ["2", "002", "高晓峰", "东", "S1", "2026-03-09", "请假（病）", ""],
        ["合计", "", "", "", "", "", "1", ""],
    ]
    found, findings = read(tmp_path, rows, name)
    assert findings.items == []
    assert said(found.rows) == [("001", "林海燕", "S1", "attended"), ("002", "高晓峰", "S1", "absent")]
    assert list(found.passed.values()) == [("开始",)]


def test_what_numbers_the_rows_is_no_id_where_names_stand_beside(tmp_path: Path) -> None:
    rows = [["编号", "姓名", "班次", "考勤"], ["7", "林海燕", "S1", "出勤"], ["8", "周明远", "S1", "未到"]]
    found, findings = read(tmp_path, rows)
    assert findings.items == []
    assert [(row.leader, row.result) for row in found.rows] == [("林海燕", "attended"), ("周明远", "absent")]


def test_of_two_columns_of_ids_the_one_that_has_them_is_read(tmp_path: Path) -> None:
    rows = [["编号", "工号", "班次"], ["1", "003", "S1"], ["2", "001", "S1"]]
    found, _ = read(tmp_path, rows)
    assert [row.leader for row in found.rows] == ["003", "001"]


def test_lost_zeros_stay_ids_that_are_not_known(tmp_path: Path) -> None:
    found, _ = read(tmp_path, [["编号", "姓名", "班次"], ["1", "林海燕", "S1"]])
    assert said(found.rows) == [("1", "林海燕", "S1", "attended")]


@pytest.mark.parametrize(
    ("headers", "sessions"),
    [
        (["S1", "S2"], [("S1",), ("S2",)]),
        (["S1 消防基础", "S2（上午）"], [("S1",), ("S2",)]),
        (["消防基础", "巡检"], [("S1",), ("S2", "S3")]),
        (["2026-03-09", "3月11日"], [("S1",), ("S2",)]),
        (["3/9", "2026年3月11日"], [("S1",), ("S2",)]),
    ],
)
def test_sessions_may_stand_across(
    headers: list[str], sessions: list[tuple[str, ...]], tmp_path: Path
) -> None:
    rows = [
        ["工号", "姓名", *headers, "备注"],
        ["001", "林海燕", "1", "", ""],
        ["002", "高晓峰", "-", "缺席", "病"],
        ["003", "周明远", "0", "是", ""],
    ]
    found, findings = read(tmp_path, rows)
    assert findings.items == []
    assert [(row.leader, row.sessions, row.result) for row in found.rows] == [
        ("001", sessions[0], "attended"),
        ("002", sessions[1], "absent"),
        ("003", sessions[0], "absent"),
        ("003", sessions[1], "attended"),
    ]
    assert all(row.across for row in found.rows)


def test_a_sheet_may_be_about_one_session(tmp_path: Path) -> None:
    rows = [["姓名", "考勤"], ["林海燕", "√"]]
    assert said(read(tmp_path, rows, "S2.csv")[0].rows) == [("林海燕", "", "S2", "attended")]
    titled = [["S3 巡检 签到表", ""], *rows]
    assert said(read(tmp_path, titled)[0].rows) == [("林海燕", "", "S3 巡检 签到表", "attended")]
    found, findings = read(tmp_path, rows)
    assert found.rows == ()
    assert [(item.rule, item.line) for item in findings.items] == [("table-header", 1)]


def test_an_empty_mark_says_nothing_and_a_list_without_marks_says_who_came(tmp_path: Path) -> None:
    rows = [["编号", "班次", "考勤", "等级"], ["001", "S1", "", ""], ["002", "S1", "", "1"]]
    found, _ = read(tmp_path, rows)
    assert [(row.leader, row.result, row.levels) for row in found.rows] == [("002", "attended", 1)]
    found, _ = read(tmp_path, [row[:2] for row in rows])
    assert [row.result for row in found.rows] == ["attended", "attended"]


def test_an_apostrophe_before_what_looks_like_a_formula_is_taken_off(tmp_path: Path) -> None:
    found, _ = read(tmp_path, [["编号", "班次"], ["'@7", "S1"]])
    assert found.rows[0].leader == "@7"


@pytest.mark.parametrize(
    ("header", "meant"),
    [("resut", "result"), ("考勤结", "考勤"), ("sesion", "session")],
)
def test_a_title_that_is_nearly_right_is_refused_and_another_one_suggested(
    header: str, meant: str, tmp_path: Path
) -> None:
    rest = ["班次"] if meant != "session" else ["考勤"]
    found, findings = read(tmp_path, [["编号", *rest, header], ["001", "S1", "√"]])
    assert found.rows == ()
    (item,) = findings.items
    assert (item.rule, item.line, item.column) == ("unknown-key", 1, 3)
    assert meant in item.hint
    assert f"'{header}'" not in item.hint


def test_marks_that_may_mean_both_are_refused(tmp_path: Path) -> None:
    _, findings = read(tmp_path, [["编号", "班次", "考勤"], ["001", "S1", "x"], ["002", "S1", "半天"]])
    assert [(item.line, item.column, item.rule) for item in findings.items] == [
        (2, 3, "wrong-value"),
        (3, 3, "wrong-value"),
    ]
    assert "×" in findings.items[0].hint


def test_of_a_workbook_with_several_sheets_those_with_marks_are_read(tmp_path: Path) -> None:
    marks = {
        "S1": [["S1"], ["编号", "姓名", "考勤"], ["001", "林海燕", "√"]],
        "S2": [["编号", "班次", "考勤"], ["001", "S2", "迟到"]],
        "名单": [["编号", "班次"], ["003", "S3"]],
        "说明": [["请在考勤一栏打√"]],
    }
    path = tmp_path / "all.xlsx"
    path.write_bytes(written(marks))
    findings = Findings()
    found = read_results(path, findings, KNOWN)
    assert findings.items == []
    assert [(row.leader, row.sessions, row.result) for row in found.rows] == [
        ("001", ("S1",), "attended"),
        ("001", ("S2",), "attended"),
    ]
    slip = {**marks, "S3": [["编号", "班次", "考勤结"], ["002", "S3", "√"]]}
    path.write_bytes(written(slip))
    read_results(path, findings, KNOWN)
    assert [(item.rule, item.line, item.column) for item in findings.items] == [("unknown-key", 1, 3)]
    findings = Findings()
    path.write_bytes(written({"名单": marks["名单"], "说明": marks["说明"]}))
    read_results(path, findings, KNOWN)
    (item,) = findings.items
    assert item.rule == "table-sheet"
    assert "all.xlsx#名单" in item.hint


def test_every_mark_is_read_in_any_width_and_case() -> None:
    for mark, result in RESULTS.items():
        assert result_of(f" {mark.upper()} ") == result
        assert not says_nothing(mark)
    assert result_of("ｙｅｓ") == "attended"
    assert meaning_of("编 号*") == "id"
    assert meaning_of("考勤（打√）") == "result"
    assert meaning_of("地点") is None
    assert says_nothing(" —— ")
