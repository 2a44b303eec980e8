"""The workbook of attendance: what a site fills in, `record` reads."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.findings import Findings
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import read_results
from cadreplan.documents.results.words import RESULTS
from cadreplan.language import Language, tr, using
from cadreplan.views.export import attendance_book as module
from cadreplan.views.export.attendance_book import MARKS, attendance_book
from cadreplan.views.season import Season
from tests.views.export.base import HOSTILE, hostile, season


def filled(data: bytes, path: Path, mark: str) -> Season:
    """The workbook with one mark for everybody who is planned, as a spreadsheet program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows(min_row=5):
            if row[0].value:
                row[6].value = mark
    book.save(path)
    return season()


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("k", range(len(MARKS)))
def test_what_is_filled_in_is_read(lang: Language, k: int, tmp_path: Path) -> None:
    what = season()
    with using(lang):
        mark = tr(MARKS[k])
        filled(attendance_book(what), tmp_path / "a.xlsx", mark)
    findings = Findings()
    found = read_results(tmp_path / "a.xlsx", findings, Known.of(what.instance, what.plan))
    assert findings.items == []
    assert {(row.leader, row.session) for row in found.rows} == set(what.plan.assignments)
    assert len(found.rows) == len(what.plan.assignments)
    assert {row.result for row in found.rows} == {RESULTS[mark]}
    assert all(row.name for row in found.rows)


def test_an_empty_workbook_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(attendance_book(season()))
    findings = Findings()
    assert read_results(tmp_path / "a.xlsx", findings, Known.of(season().instance, season().plan)).rows == ()
    assert findings.items == []


def test_there_is_a_sheet_for_each_session_with_people_and_a_list_of_marks() -> None:
    with using(Language.ZH):
        book = openpyxl.load_workbook(io.BytesIO(attendance_book(season())))
    assert book.sheetnames == ["S1", "S2", "S3"]
    sheet = book["S1"]
    heads = [cell.value for cell in sheet[4]]
    assert heads == ["编号", "姓名", "支部", "岗位", "人数", "班次", "考勤", "签名", "备注"]
    assert sheet["A1"].value.startswith("S1")
    assert [row[0].value for row in sheet.iter_rows(min_row=5) if row[0].value] == ["L2", "L1"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"出席,迟到,请假,缺席,合格"'
    assert str(rule.sqref) == "G5:G11"
    assert sheet["A9"].number_format == "@"  # an id that is written in stays a text


def test_a_site_gets_its_own_sessions() -> None:
    book = openpyxl.load_workbook(io.BytesIO(attendance_book(season(), 1)))
    assert book.sheetnames == ["S3"]


def test_of_many_sessions_those_of_a_site_share_a_sheet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    what = season()
    data = attendance_book(what)
    assert len(openpyxl.load_workbook(io.BytesIO(data)).sheetnames) == 2
    filled(data, tmp_path / "a.xlsx", "absent")
    findings = Findings()
    found = read_results(tmp_path / "a.xlsx", findings, Known.of(what.instance, what.plan))
    assert findings.items == []
    assert {(row.leader, row.session) for row in found.rows} == set(what.plan.assignments)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_texts(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(attendance_book(hostile(name))))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_nobody_and_the_same_bytes() -> None:
    empty = Season.of(season().instance, replace(season().plan, assignments=()))
    assert attendance_book(empty)
    assert attendance_book(season()) == attendance_book(season())
