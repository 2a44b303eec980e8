"""The plain form in CSV tables, workbooks and YAML: all else as it was, and the same instance after it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cadreplan.cli.init import workbook_of
from cadreplan.language import Language, using
from cadreplan.loading.load import find_fixes, find_problems, load_roster
from tests.rules.base import AS_A_WHOLE, overlaid, written

TEMPLATES = Path(__file__).parents[3] / "src" / "cadreplan" / "templates"
LEADERS = (
    '编号,姓名,支部,岗位,技能,#备注,已修,不可用\r\n'
    'L1,"王, 磊",总行,支部书记,三会一课：1,"a ""b""",无,2026/3/9、2026/3/12\r\n'
    "L2,李娜,HQ,secretary,review:1,  x ,M-CASE,2026-03-09\r\n"
)  # fmt: skip
FIXED = (
    '编号,姓名,支部,岗位,技能,#备注,已修,不可用\r\n'
    'L1,"王, 磊",HQ,secretary,meetings:1,"a ""b""",,2026-03-09; 2026-03-12\r\n'
    "L2,李娜,HQ,secretary,review:1,  x ,M-CASE,2026-03-09\r\n"
)  # fmt: skip


def applied(roster: Path) -> int:
    files = find_fixes([roster])
    for file in files:
        file.path.write_bytes(file.data)
    return sum(file.n_changes for file in files)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_cells_of_a_csv_table_and_nothing_else(encoding: str, tmp_path: Path) -> None:
    roster = written(tmp_path, overlaid("leaders: leaders.csv\n") | {"leaders.csv": LEADERS.encode(encoding)})
    before = load_roster(roster).instance
    assert applied(roster) == 5
    assert (tmp_path / "leaders.csv").read_bytes() == FIXED.encode(encoding)
    assert load_roster(roster).instance == before
    assert applied(roster) == 0


def test_semicolons_between_cells_and_line_breaks_in_them(tmp_path: Path) -> None:
    text = '编号;支部;岗位;已修\nL1;HQ;"支部\n书记";"M-LAW，M-CASE"\nL2;总行;secretary;M-LAW\n'
    roster = written(tmp_path, overlaid("leaders: leaders.csv\n") | {"leaders.csv": text})
    before = load_roster(roster).instance
    applied(roster)
    after = '编号;支部;岗位;已修\nL1;HQ;"secretary";"M-LAW; M-CASE"\nL2;HQ;secretary;M-LAW\n'
    assert (tmp_path / "leaders.csv").read_text("utf-8") == after
    assert load_roster(roster).instance == before


def test_what_is_not_clear_is_not_touched(tmp_path: Path) -> None:
    text = "编号,支部,岗位,短板,不可用,优先级\nL1,总部,secretary,无,3月9日,高\n"
    roster = written(tmp_path, overlaid("leaders: leaders.csv\n") | {"leaders.csv": text})
    assert find_fixes([roster]) == []
    assert {d.column for d in find_problems([roster]) if d.is_error} == {2, 4, 5, 6}


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    red = book.add_format({"font_color": "red", "bold": True})
    sheet, other = book.add_worksheet("人员"), book.add_worksheet("别的")
    rows = (
        ("编号", "支部", "岗位", "人数", "已修", "不可用"),
        ("L1", "总行", "支部书记", "1人", "M-LAW、M-CASE", "2026/3/9、2026/3/12"),
    )
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            sheet.write_string(r, c, text, red if (r, c) == (1, 1) else None)
    sheet.write_string(2, 0, "L2")
    sheet.merge_range("B3:B4", "总行")
    sheet.write_string(3, 0, "L3")
    for r in (2, 3):
        sheet.write_string(r, 2, "secretary")
    sheet.data_validation("C2:C9", {"validate": "list", "source": ["secretary"]})
    other.write_formula("A1", "=1+1", None, 2)
    book.close()
    return stream.getvalue()


def test_cells_of_a_workbook_keep_their_format_and_all_other_parts(tmp_path: Path) -> None:
    data = workbook()
    roster = written(tmp_path, overlaid('leaders: "people.xlsx#人员"\n') | {"people.xlsx": data})
    before = load_roster(roster).instance
    assert applied(roster) >= 5
    after = (tmp_path / "people.xlsx").read_bytes()
    assert load_roster(roster).instance == before
    assert find_fixes([roster]) == []
    sheet = openpyxl.load_workbook(io.BytesIO(after))["人员"]
    assert [cell.value for cell in sheet[2]][:5] == ["L1", "HQ", "secretary", 1, "M-LAW; M-CASE"]
    assert sheet["B2"].font.b
    assert sheet["B3"].value == "HQ"
    assert len(sheet.merged_cells.ranges) == len(sheet.data_validations.dataValidation) == 1
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml"}


def test_formulas_are_left(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "支部", "岗位"])
    book.active.append(["L1", '="总"&"行"', "支部书记"])
    stream = io.BytesIO()
    book.save(stream)
    roster = written(tmp_path, overlaid("leaders: people.xlsx\n") | {"people.xlsx": stream.getvalue()})
    [file] = find_fixes([roster])
    assert file.n_changes == 1
    assert openpyxl.load_workbook(io.BytesIO(file.data)).active["B2"].value == '="总"&"行"'


def test_values_of_documents_are_rewritten_where_they_stand(tmp_path: Path) -> None:
    piece = """\
horizon: 2026/3/2..2026/6/26
sessions: # 班次
  - {id: S1, site: bj, modules: [m-law, "M-CASE"], dates: [2026/3/9-10], seats: 9人, status: 已定} # one
leaders:
  - id: L1   # 书记
    branch: 总行
    role: 支部书记
    skills: {三会一课: 1级}
    unavailable: ["2026/4/1、2026/4/3"]
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, core: 是}
  M-CASE: {teaches: {review: 1}, hours: 4, method: 模拟}
"""
    roster = written(tmp_path, overlaid(piece))
    assert any(d.is_error for d in find_problems([roster]))
    applied(roster)
    assert [d for d in find_problems([roster]) if d.rule not in AS_A_WHOLE] == []
    text = roster.read_text("utf-8")
    assert '  - {id: S1, site: BJ, modules: [M-LAW, "M-CASE"], dates: [2026-03-09..2026-03-10],' in text
    assert "seats: 9, status: confirmed} # one" in text
    assert "    skills: {meetings: 1}\n    unavailable: [2026-04-01, 2026-04-03]" in text
    assert "core: true}" in (tmp_path / "curriculum.yaml").read_text("utf-8")
    assert find_fixes([roster]) == []


def test_a_yaml_table_is_rewritten(tmp_path: Path) -> None:
    files = overlaid("leaders: leaders.yaml\n") | {
        "leaders.yaml": "# 人员\n- {id: L1, branch: 总行, role: 支部书记}\n"
    }
    roster = written(tmp_path, files)
    applied(roster)
    assert (tmp_path / "leaders.yaml").read_text(
        "utf-8"
    ) == "# 人员\n- {id: L1, branch: HQ, role: secretary}\n"


def test_what_the_lists_of_a_season_offer_stays(tmp_path: Path) -> None:
    """是 and 研讨 are chosen from lists: nobody looks for them under another word afterwards."""
    with using(Language.ZH):
        data = workbook_of(TEMPLATES / "zh" / "roster.yaml")
    season = tmp_path / "season.xlsx"
    season.write_bytes(data)
    assert find_fixes([season]) == []
    before = load_roster(season).instance
    book = openpyxl.load_workbook(season)
    book["人员"]["C2"], book["人员"]["D3"], book["课程"]["F3"] = "总行", "支部委员", "研讨"
    book["班次"]["I3"], book["班次"]["I4"] = "确定", "ＣＯＮＦＩＲＭＥＤ"
    book["班次"]["C3"], book["班次"]["G3"], book["政策"]["B3"] = (
        "M2、发展党员实务",
        "4人",
        "2026年3月2日至4月24日",
    )
    book.save(season)
    [file] = find_fixes([season])
    rewritten = [line for line in file.diff if line.startswith("+") and "!" in line]
    assert rewritten == [
        "+人员!C2: HQ\n",
        "+人员!D3: member\n",
        "+班次!C3: M2; ADMIT\n",
        "+班次!G3: 4\n",
        "+班次!I3: 已定\n",
        "+班次!I4: confirmed\n",
        "+政策!B3: 2026-03-02..2026-04-24\n",
    ]
    season.write_bytes(file.data)
    assert openpyxl.load_workbook(season)["班次"]["G3"].value == 4
    assert load_roster(season).instance == before
    assert find_fixes([season]) == []
