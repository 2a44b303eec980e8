"""A roster made ready for the next season: horizon and offerings moved, no sessions, people kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.next_roster import next_files
from cadreplan.documents.editing.next_season import season_after
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.schema.tables import EverySpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.errors import UsageError
from cadreplan.language import Language, using
from cadreplan.loading.load import find_problems, load_roster, read_roster_file
from cadreplan.views.export.season_book import season_book
from tests.documents.workbooks import written as workbook
from tests.rules.base import Files, overlaid, written

AUTUMN = DateRange(date(2026, 9, 1), date(2026, 12, 31))
SHIFT = 189
"""From Monday 2026-03-02 to 2026-09-01 are 183 days: 27 weeks."""
STARTS = ["2026-03-09", "2026-03-16"]
LATER = (date(2026, 9, 14), date(2026, 9, 21))
OFFER = "{id: O1, sites: [BJ], modules: [M-LAW, M-CASE], days: 2, seats: 9, starts: [2026-03-09, 2026-03-16]}"
WEEKLY = (
    "{id: O2, sites: [BJ], modules: [M-LAW], days: 1, seats: 9, starts: {every: monday, from: 2026-04-06}}"
)
ALWAYS = "{id: O3, sites: [BJ], modules: [M-LAW], days: 1, seats: 9, starts: {every: monday}}"
INLINE = f"offerings:\n  - {OFFER}  # twice\n  - {WEEKLY}\n  - {ALWAYS}\n"
TABLE = [
    ["编号", "开班地点", "课程", "天数", "名额", "开班日"],
    ["O1", "BJ", "M-LAW; M-CASE", "2", "9", "2026年3月9日、2026/3/16"],
    ["O2", "BJ", "M-LAW", "1", "9", "every:monday; from:2026-04-06"],
    ["O3", "BJ", "M-LAW", "1", "9", "每周一"],
]
SESSIONS = [
    ["春季班次", "", "", "", ""],
    ["编号", "地点", "课程", "日期", "名额"],
    ["S1", "BJ", "M-LAW; M-CASE", "2026-03-09..2026-03-10", "10"],
]


def moved(
    folder: Path, files: Files, output: str = "next.yaml", title: str | None = None
) -> tuple[list[str], RosterDocument]:
    roster = read_roster_file(written(folder, files))
    assert roster.horizon is not None
    season = season_after(roster.horizon, AUTUMN, title)
    change = {"L1": LeaderChange(waited=1)}
    new = next_files(roster, change, folder / output, season=season)
    for path, data in new.items():
        path.write_bytes(data)
    assert not [d for d in find_problems([folder / output]) if d.severity == "error"]
    return sorted(path.name for path in new), read_roster_file(folder / output)


def assert_moved(roster: RosterDocument) -> None:
    assert roster.horizon == AUTUMN
    assert roster.sessions.rows == ()
    starts = {spec.id: spec.starts for _, spec in roster.offerings.valid()}
    assert starts["O1"] == LATER
    weekly, always = starts["O2"], starts["O3"]
    assert isinstance(weekly, EverySpec)
    assert (weekly.every, weekly.from_, weekly.to) == ("monday", date(2026, 10, 12), None)
    assert always == EverySpec(every="monday")
    assert {spec.id: spec.waited for _, spec in roster.leaders.valid()} == {"L1": 1}


def _csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode("gb18030")


def test_a_roster_of_its_own_is_moved_where_it_stands(tmp_path: Path) -> None:
    names, roster = moved(tmp_path, overlaid(INLINE))
    assert names == ["next.yaml"]
    assert_moved(roster)
    text = (tmp_path / "next.yaml").read_text(encoding="utf-8")
    assert "# twice" in text
    assert "title: 春季轮训\n" in text


def test_rows_in_block_style_are_moved_too(tmp_path: Path) -> None:
    block = OFFER.replace("starts: [2026-03-09, 2026-03-16]", "").strip("{}, ").split(", ")
    offer = "\n    ".join(x for x in block if "modules" not in x and "M-CASE" not in x)
    text = (
        f"offerings:\n  - {offer}\n    modules: [M-LAW, M-CASE]\n    starts:\n    - 2026-03-09\n"
        f"    - 2026-03-16\n  - {WEEKLY}\n  - {ALWAYS}\n"
    )
    assert_moved(moved(tmp_path, overlaid(text))[1])


def test_tables_are_written_beside_the_next_roster(tmp_path: Path) -> None:
    leaders = "编号,支部,岗位\nL1,HQ,secretary\n"
    piece = "sessions: sessions.csv\nofferings: offerings.csv\nleaders: leaders.csv\n"
    files = overlaid(piece) | {
        "sessions.csv": _csv(SESSIONS), "offerings.csv": _csv(TABLE), "leaders.csv": leaders
    }  # fmt: skip
    names, roster = moved(tmp_path, files)
    assert names == ["next-leaders.csv", "next-offerings.csv", "next-sessions.csv", "next.yaml"]
    assert_moved(roster)
    assert (tmp_path / "next-sessions.csv").read_bytes() == _csv(SESSIONS[:2])
    assert (tmp_path / "sessions.csv").read_bytes() == _csv(SESSIONS), "the old one stays"


def test_tables_in_yaml_files_are_written_likewise(tmp_path: Path) -> None:
    piece = "sessions: s.yaml\nofferings: o.yaml\n"
    files = overlaid(piece) | {
        "s.yaml": "- {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09], seats: 9}\n",
        "o.yaml": INLINE.partition("\n")[2],
    }
    names, roster = moved(tmp_path, files)
    assert names == ["next-offerings.yaml", "next-sessions.yaml", "next.yaml"]
    assert_moved(roster)


def test_a_workbook_stays_one_and_all_its_sheets_are_the_new_ones(tmp_path: Path) -> None:
    sheets = {
        "人员": [["编号", "支部", "岗位"], ["L1", "HQ", "secretary"]],
        "班次": SESSIONS,
        "备选": TABLE,
        "支部": [["编号", "姓名"], ["HQ", "总行"]],
    }
    piece = "".join(
        f"{key}: all.xlsx#{sheet}\n"
        for key, sheet in zip(("leaders", "sessions", "offerings", "branches"), sheets, strict=True)
    )
    names, roster = moved(tmp_path, overlaid(piece) | {"all.xlsx": workbook(sheets)})
    assert names == ["next-leaders.xlsx", "next.yaml"]
    assert_moved(roster)
    text = (tmp_path / "next.yaml").read_text(encoding="utf-8")
    assert text.count("next-leaders.xlsx#") == 4
    book = openpyxl.load_workbook(tmp_path / "next-leaders.xlsx")
    rows = [[cell for cell in row if cell] for row in book["班次"].values]
    assert [row for row in rows if row] == [["春季班次"], SESSIONS[1]]


def test_tables_in_their_place_are_changed_there(tmp_path: Path) -> None:
    files = overlaid("sessions: sessions.csv\nofferings: offerings.csv\n") | {
        "sessions.csv": _csv(SESSIONS),
        "offerings.csv": _csv(TABLE),
    }
    names, roster = moved(tmp_path, files, "roster.yaml")
    assert names == ["offerings.csv", "roster.yaml", "sessions.csv"]
    assert_moved(roster)


@pytest.mark.parametrize("written_title", [True, False])
def test_a_title_is_that_of_the_next_season(written_title: bool, tmp_path: Path) -> None:
    files = overlaid(INLINE)
    if not written_title:
        files["roster.yaml"] = str(files["roster.yaml"]).replace("title: 春季轮训\n", "")
    _, roster = moved(tmp_path, files, title="秋季: 轮训")
    assert roster.title == "秋季: 轮训"
    assert_moved(roster)


def test_a_season_begins_after_the_one_before() -> None:
    before = DateRange(date(2026, 3, 2), date(2026, 6, 26))
    assert season_after(before, AUTUMN).shift.days == SHIFT
    assert season_after(before, DateRange(date(2026, 6, 27), date(2026, 7, 1))).shift.days % 7 == 0
    with pytest.raises(UsageError, match="expected a day after 2026-06-26"):
        season_after(before, DateRange(date(2026, 6, 26), date(2026, 7, 1)))


@pytest.mark.parametrize("language", list(Language))
def test_a_season_in_a_workbook_has_the_same_next_one_as_in_yaml(language: Language, tmp_path: Path) -> None:
    roster = read_roster_file(written(tmp_path, overlaid(INLINE)))
    assert roster.horizon is not None
    with using(language):
        (tmp_path / "season.xlsx").write_bytes(season_book(roster))
    season = season_after(roster.horizon, AUTUMN, "秋季轮训")
    change = {"L1": LeaderChange(skills={"meetings": 2}, completed=("M-LAW",), waited=1)}
    for name in ("roster.yaml", "season.xlsx"):
        new = next_files(read_roster_file(tmp_path / name), change, tmp_path / f"next-{name}", season=season)
        assert [path.name for path in new] == [f"next-{name}"]
        (tmp_path / f"next-{name}").write_bytes(*new.values())
    assert_moved(read_roster_file(tmp_path / "next-season.xlsx"))
    after = load_roster(tmp_path / "next-season.xlsx").instance
    assert after == load_roster(tmp_path / "next-roster.yaml").instance
    assert after.title == "秋季轮训"


def _season_with_settings(folder: Path, rows: list[list[str]]) -> RosterDocument:
    """A season in a workbook of few sheets, whose curriculum is a file of its own."""
    written(folder, overlaid(""))
    sheets = {
        "政策": [["起止日期", "2026-03-02..2026-06-26"], ["课程体系文件", "curriculum.yaml"], *rows],
        "人员": [["编号", "支部", "岗位"], ["L1", "HQ", "secretary"]],
        "支部": [["编号"], ["HQ"]],
        "地点": [["编号"], ["BJ"]],
    }
    (folder / "season.xlsx").write_bytes(workbook(sheets))
    return read_roster_file(folder / "season.xlsx")


def test_a_workbook_without_a_row_for_the_title_says_so(tmp_path: Path) -> None:
    roster = _season_with_settings(tmp_path, [])
    assert roster.horizon is not None
    season = season_after(roster.horizon, AUTUMN, "秋季轮训")
    with pytest.raises(UsageError, match="no row title"):
        next_files(roster, {}, tmp_path / "next.xlsx", season=season)


def test_a_workbook_in_another_folder_finds_its_files(tmp_path: Path) -> None:
    roster = _season_with_settings(tmp_path, [["轮训名称"]])
    (tmp_path / "autumn").mkdir()
    [(path, data)] = next_files(roster, {}, tmp_path / "autumn" / "season.xlsx").items()
    path.write_bytes(data)
    assert load_roster(path).instance.leaders[0].id == "L1"
