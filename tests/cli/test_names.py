"""Ids that a machine made, OFFERING@SITE@START, are shown by names wherever people read."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.reading.plan import read_plan
from cadreplan.loading.load import load_roster
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from cadreplan.views.season import Season
from cadreplan.views.tui.listings import Kind, below, listing
from tests.cli.base import Cli, _document
from tests.rules.base import overlaid, written

MADE = re.compile(r"O\d@BJ@2026-\d\d-\d\d")
OFFERINGS = """\
modules:
  M-LAW: {name: 党章党规, teaches: {meetings: 2}, hours: 8, core: true}
  M-CASE: {name: 案例研讨, teaches: {review: 1}, hours: 4, method: simulation}
  M-MORE: {name: 交流, teaches: {review: 1}, hours: 4}
sessions: []
offerings:
  - {id: O1, sites: [BJ], modules: [M-LAW], days: 1, seats: 9, starts: [2026-03-09, 2026-03-16]}
  - {id: O2, sites: [BJ], modules: [M-LAW, M-CASE, M-MORE], days: 2, seats: 9, starts: [2026-03-23]}
leaders:
  - {id: L1, name: 王磊, branch: HQ, role: secretary}
  - {id: L2, name: 李娜, branch: HQ, role: secretary, unavailable: [2026-03-20..2026-03-31]}
  - {id: L3, name: 周宁, branch: HQ, role: secretary, unavailable: [2026-03-02..2026-04-30]}
"""
LINES = (
    *("show plan.json", "show plan.json --site BJ", "show plan.json --leader L1", "check plan.json"),
    *("show plan.json --week 13", "show plan.json --session O1", "explain plan.json L3", "drill plan.json"),
)


def planned(folder: Path, name: str, chosen: dict[str, tuple[str, ...]]) -> Path:
    """A plan in which leaders attend candidates, which run for it."""
    loaded = load_roster(written(folder, overlaid(OFFERINGS)))
    instance = loaded.instance
    seats = tuple(
        tuple(instance.session_by_id[id_] for id_ in chosen.get(leader.id, ())) for leader in instance.leaders
    )
    decided = Solution(seats, frozenset(s for own in seats for s in own), {})
    report = check(instance, decided)
    assert report.ok
    path = folder / name
    path.write_text(_document(loaded, decided, report).to_json(), encoding="utf-8")
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return planned(tmp_path, "plan.json", {"L1": ("O2@BJ@2026-03-23",), "L2": ("O1@BJ@2026-03-16",)})


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("line", LINES)
def test_no_screen_shows_them(cli: Cli, plan: Path, line: str, lang: str) -> None:
    ran = cli(*line.split(), "--lang", lang)
    assert ran.code == 0
    assert not MADE.search(ran.out)
    assert ran.out.strip()


def test_a_difference_has_names_as_long_as_the_roster_is_there(cli: Cli, plan: Path) -> None:
    planned(plan.parent, "new.json", {"L1": ("O1@BJ@2026-03-09",), "L2": ("O1@BJ@2026-03-09",)})
    ran = cli("diff", "plan.json", "new.json", "--lang", "zh")
    assert "党章党规 · 总行党校 · 3月16日" in ran.out
    assert not MADE.search(ran.out)
    plan.with_name("roster.yaml").unlink()
    assert MADE.search(cli("diff", "plan.json", "new.json", "--lang", "zh").out)


def test_a_session_is_found_by_what_it_is_called(cli: Cli, plan: Path) -> None:
    shown = cli("show", "plan.json", "--session", "O2@BJ@2026-03-23", "--lang", "zh").out
    assert "党章党规等3门 · 总行党校 · 3月23日  O2" in shown
    for name in ("O2", "党章党规等3门 · 总行党校 · 3月23日"):
        assert cli("show", "plan.json", "--session", name, "--lang", "zh").out == shown
    planned(plan.parent, "plan.json", {"L1": ("O1@BJ@2026-03-09",), "L2": ("O1@BJ@2026-03-16",)})
    ran = cli("show", "plan.json", "--session", "O1", "--lang", "zh")
    assert ran.code == 2
    assert "党章党规 · 总行党校 · 3月9日、党章党规 · 总行党校 · 3月16日" in ran.err


def test_no_export_for_people_has_them(cli: Cli, plan: Path) -> None:
    for form in ("xlsx", "html", "ics", "notices", "attendance"):
        assert cli("export", "plan.json", "--to", form, "--lang", "zh").code == 0
    folder = plan.parent
    for path in (folder / "plan.xlsx", folder / "plan-attendance.xlsx"):
        cells = (c.value for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row)
        assert not [text for text in cells if isinstance(text, str) and MADE.search(text)]
    page = (folder / "plan.html").read_text("utf-8")
    assert not MADE.search(re.sub(r"<[^>]*>", "", page))
    for path in folder.glob("plan-ics/*.ics"):
        assert not MADE.search(path.read_text("utf-8").replace("\r\n ", ""))
    letters = [*folder.glob("plan-notices/**/*.docx")]
    assert letters
    for path in letters:
        with zipfile.ZipFile(path) as packed:
            assert not MADE.search(re.sub("<[^>]*>", "", packed.read("word/document.xml").decode()))


def test_lists_with_names_are_recorded(cli: Cli, plan: Path) -> None:
    """The list of a site names the session as the others do; what comes back is read."""
    cli("export", "plan.json", "--to", "attendance", "--lang", "zh")
    path = plan.parent / "plan-attendance.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["党章党规 3月16日", "党章党规等3门 3月23日"]
    for sheet in book:
        sheet["G5"] = "出席"
    book.save(path)
    for lang in ("zh", "en"):
        ran = cli("record", "plan.json", str(path), "-o", f"next-{lang}.yaml", "--lang", lang)
        assert ran.code == 0
        assert not MADE.search(ran.out)
        assert ran.err == ""
        after = load_roster(plan.parent / f"next-{lang}.yaml").instance
        assert [len(leader.completed) for leader in after.leaders] == [3, 1, 0]


def test_candidates_that_are_not_opened_are_filtered_out(cli: Cli, plan: Path) -> None:
    cli("export", "plan.json", "--to", "xlsx", "--lang", "zh")
    sheet = openpyxl.load_workbook(plan.parent / "plan.xlsx")["班次"]
    hidden = [bool(sheet.row_dimensions[row].hidden) for row in range(2, 5)]
    assert hidden == [True, False, False]
    assert sheet["A2"].value == "党章党规 · 总行党校 · 3月9日"


@pytest.mark.parametrize("width", ["50", "60", "80"])
@pytest.mark.parametrize("line", ["explain plan.json L3", "show plan.json --leader L3", "show plan.json"])
def test_no_line_of_a_chinese_screen_begins_with_a_stop(
    cli: Cli, plan: Path, line: str, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    out = cli(*line.split(), "--lang", "zh").out
    lines = [text.strip() for text in out.splitlines()]
    assert [text for text in lines if text[:1] in set("。，、；：？！）")] == []
    assert not [text for text in lines if re.fullmatch(r"[\d-]{4,}", text)]  # a day alone on a line


def test_listings_of_the_browser_have_names(plan: Path) -> None:
    loaded = load_roster(plan.with_name("roster.yaml"))
    season = Season.of(loaded.instance, read_plan(plan))
    listings = [listing(season, kind) for kind in Kind]
    listings += [below(season, Kind.SESSIONS, s) for s in range(len(loaded.instance.sessions))]
    assert any("O1" in str(one) for one in listings)
    assert not [one for one in listings if MADE.search(str(one))]
