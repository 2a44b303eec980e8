"""`record` and `history` as they are typed: what they write, refuse and say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.reading.plan import read_plan
from cadreplan.loading.load import load_roster
from tests.cli.base import Cli, example, some_plan
from tests.documents.workbooks import written


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The example of `init` with a plan, and results in which everybody came."""
    path = example(tmp_path)
    rows = [f"{leader},{session},attended" for leader, session in read_plan(path).assignments]
    (tmp_path / "results.csv").write_text("\n".join(["leader,session,result", *rows]), encoding="utf-8")
    return path


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_next_roster_and_its_history_are_written(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    before = _files(folder)
    history = str(folder / "history.csv")
    results, output = str(folder / "results.csv"), str(folder / "next.yaml")
    ran = cli("record", str(plan), results, "-o", output, "--history", history)
    assert ran.code == 0, ran.err
    assert "seats used" in ran.out
    assert set(_files(folder)) - set(before) == {"next.yaml", "history.csv"}
    assert before.items() <= _files(folder).items()
    text, old = Path(output).read_text(encoding="utf-8"), before["roster.yaml"].decode()
    assert text.count("#") == old.count("#") > 5
    assert cli("validate", output).code == 0
    assert cli("solve", output, "-q", "-o", str(folder / "plan2.json")).code == 0
    told = cli("history", history, output)
    assert told.code == 0
    assert "Open skill gaps" in told.out
    assert "马骏驰" in told.out


def test_recording_again_changes_nothing_and_corrections_are_refused(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    line = ("record", str(plan), str(folder / "results.csv"), "-o", str(folder / "next.yaml"))
    line = (*line, "--history", str(folder / "history.csv"))
    assert cli(*line).code == 0
    before = _files(folder)
    ran = cli(*line)
    assert ran.code == 0
    assert "has these facts already" in ran.err
    assert _files(folder) == before
    (folder / "results.csv").write_text("leader,session,result\n", encoding="utf-8")
    ran = cli(*line)
    assert ran.code == 2
    assert "has this plan already" in ran.err
    assert _files(folder) == {**before, "results.csv": b"leader,session,result\n"}
    assert cli(*line, "--rotation", "again").code == 2


def test_another_rotation_of_the_same_name_is_refused(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    results, history = str(folder / "results.csv"), str(folder / "history.csv")
    assert cli("record", str(plan), results, "-o", str(folder / "n.yaml"), "--history", history).code == 0
    other = folder / "other.json"
    other.write_text(some_plan(load_roster(folder / "n.yaml")).to_json(), encoding="utf-8")
    line = ("record", str(other), results, "--walk-ins", "-o", str(folder / "n2.yaml"), "--history", history)
    (folder / "results.csv").write_text("leader,session\n", encoding="utf-8")
    ran = cli(*line)
    assert ran.code == 2
    assert "of another plan already" in ran.err
    assert cli(*line, "--rotation", "autumn").code == 0
    told = json.loads(cli("history", history, "--format", "json").out)
    assert [one["name"] for one in told["rotations"]][1:] == ["autumn"]


def test_findings_stop_it_before_anything_is_written(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    (folder / "results.csv").write_text("leader,session\nL1,S77\nL77,S1\n", encoding="utf-8")
    before = _files(folder)
    ran = cli("record", str(plan), str(folder / "results.csv"), "-o", str(folder / "next.yaml"))
    assert ran.code == 1
    assert "results.csv:2:2: error" in ran.err
    assert "results.csv:3:1: error" in ran.err
    assert _files(folder) == before


@pytest.mark.parametrize("name", ["curriculum.yaml", "plan.json", "results.csv", "-", "next.json"])
def test_no_input_is_written_over(cli: Cli, plan: Path, name: str) -> None:
    folder = plan.parent
    before = _files(folder)
    output = name if name == "-" else str(folder / name)
    assert cli("record", str(plan), str(folder / "results.csv"), "-o", output, "--force").code == 2
    assert _files(folder) == before


def test_the_roster_itself_is_changed_only_with_force_and_once(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    line = ("record", str(plan), str(folder / "results.csv"), "-o", str(folder / "roster.yaml"))
    before = _files(folder)
    ran = cli(*line)
    assert ran.code == 2
    assert "--force" in ran.err
    assert _files(folder) == before
    assert cli(*line, "--force").code == 0
    after = _files(folder)
    assert after != before
    ran = cli(*line, "--force")
    assert ran.code == 2
    assert "has changed since the plan was made" in ran.err
    assert _files(folder) == after


def test_people_of_a_history_who_are_not_in_the_roster_are_told_of(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    history = folder / "history.csv"
    line = ("record", str(plan), str(folder / "results.csv"), "--history", str(history))
    assert cli(*line, "-o", str(folder / "next.yaml")).code == 0
    text = history.read_text(encoding="utf-8-sig")
    history.write_text(text.replace(",L1,", ",001,"), encoding="utf-8")
    ran = cli("history", str(history), str(folder / "next.yaml"))
    assert ran.code == 0
    assert "the roster lacks 1 leader of the last rotation in" in ran.err
    assert ": 001." in ran.err
    ran = cli(*line, "--rotation", "autumn", "-o", str(folder / "next.yaml"))
    assert "the roster lacks 1 leader" in ran.err
    assert "the roster lacks" not in cli("history", str(history)).err


def test_what_was_exported_is_read_back(cli: Cli, plan: Path) -> None:
    """The table and the sheets that `export` wrote, in both languages, with a column added."""
    folder = plan.parent
    pairs = read_plan(plan).assignments
    for lang, title, mark in (("zh", "考勤", "迟到"), ("en", "Attendance", "late")):
        out = folder / lang
        assert cli("export", str(plan), "--to", "csv", "--lang", lang, "-o", str(out)).code == 0
        for name in ("assignments.csv", "cohorts.csv"):
            rows = list(csv.reader((out / name).read_text(encoding="utf-8-sig").splitlines()))
            added = [[*rows[0], title], *([*row, mark] for row in rows[1:])]
            path = folder / f"{lang}-{name}"
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(added)
            _all_came(cli, plan, str(path), len(pairs))
        book = folder / f"{lang}.xlsx"
        assert cli("export", str(plan), "--to", "xlsx", "--lang", lang, "-o", str(book)).code == 0
        for sheet in {"zh": ("班次名单", "参训安排"), "en": ("Cohorts", "Assignments")}[lang]:
            _all_came(cli, plan, f"{book}#{sheet}", len(pairs))
        whole = openpyxl.load_workbook(book)  # all its other sheets are none of attendance
        cohorts = whole["班次名单" if lang == "zh" else "Cohorts"]
        column = cohorts.max_column + 1
        for row in range(1, cohorts.max_row + 1):
            cohorts.cell(row, column).value = title if row == 1 else mark
        whole.save(book)
        _all_came(cli, plan, str(book), len(pairs))


def test_attendance_is_exported_filled_in_and_recorded(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    pairs = read_plan(plan).assignments
    one, each = folder / "all.xlsx", folder / "each"
    assert cli("export", str(plan), "--to", "attendance", "-o", str(one), "--lang", "zh").code == 0
    ran = cli("export", str(plan), "--to", "attendance", "--by", "site", "-o", str(each))
    assert ran.code == 0, ran.err
    assert {path.suffix for path in each.iterdir()} == {".xlsx"}
    for paths in ([one], sorted(each.iterdir())):
        for path in paths:
            book = openpyxl.load_workbook(path)
            for sheet in book:
                for row in sheet.iter_rows(min_row=5):
                    if row[0].value:
                        row[6].value = "√"
            book.save(path)
        ran = cli("record", str(plan), *map(str, paths), "-o", str(folder / "n.yaml"), "--format", "json")
        assert ran.code == 0, ran.err
        seats = [seat["result"] for x in json.loads(ran.out)["leaders"] for seat in x["sessions"]]
        assert seats == ["attended"] * len(pairs)


def _all_came(cli: Cli, plan: Path, results: str, n: int) -> None:
    output = ("-o", str(plan.parent / "n.yaml"), "--format", "json", "--lang", "en")
    ran = cli("record", str(plan), results, *output)
    assert ran.code == 0, ran.err
    assert ran.err.count("columns not read") == 1
    seats = [seat["result"] for one in json.loads(ran.out)["leaders"] for seat in one["sessions"]]
    assert seats == ["attended"] * n


def test_several_tables_are_recorded_at_once(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    for leader, session in read_plan(plan).assignments:
        with (folder / f"{session}.csv").open("a", encoding="utf-8") as stream:
            if not stream.tell():
                stream.write("编号,考勤\n")
            stream.write(f"{leader},出勤\n")
    tables = sorted({str(folder / f"{session}.csv") for _, session in read_plan(plan).assignments})
    ran = cli("record", str(plan), *tables, "-o", str(folder / "n.yaml"), "--format", "json")
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["assumed"] == 0
    assert sum(len(one["sessions"]) for one in said["leaders"]) == len(read_plan(plan).assignments)


def test_a_table_in_its_place_is_changed_with_the_roster(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    _with_table(folder, "leaders.csv", b"id,branch,role\r\nL1,HQ,secretary\r\n")
    (folder / "results.csv").write_text("leader,session\n", encoding="utf-8")
    roster = (folder / "roster.yaml").read_bytes()
    line = ("record", str(plan), str(folder / "results.csv"), "--force", "-o", str(folder / "roster.yaml"))
    assert cli(*line).code == 0
    assert (folder / "roster.yaml").read_bytes() == roster
    assert (
        folder / "leaders.csv"
    ).read_bytes() == b"id,branch,role,priority,waited\r\nL1,HQ,secretary,2,1\r\n"


def test_a_workbook_given_is_a_workbook_written(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    rows = [
        ["编号", "支部", "岗位", "姓名"],
        ["001", "HQ", "secretary", "林, 海"],
        ["1", "HQ", "member", "周"],
    ]
    _with_table(folder, "people.xlsx#人员", written({"说明": [["请勿改动"]], "人员": rows}))
    (folder / "results.xlsx").write_bytes(written({"结果": [["人员", "班次"]]}))
    ran = cli("record", str(plan), str(folder / "results.xlsx"), "-o", str(folder / "next.yaml"))
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(folder / "next-leaders.xlsx")
    assert book.sheetnames == ["说明", "人员"]
    assert [list(row) for row in book["人员"].values] == [
        ["编号", "支部", "岗位", "姓名", "优先级", "轮空次数"],
        ["001", "HQ", "secretary", "林, 海", 2, 1],
        ["1", "HQ", "member", "周", 2, 1],
    ]
    assert "next-leaders.xlsx#人员" in (folder / "next.yaml").read_text(encoding="utf-8")
    after = load_roster(folder / "next.yaml").instance.leaders
    assert [(one.id, one.priority) for one in after] == [("001", 2), ("1", 2)]
    roster = (folder / "roster.yaml").read_bytes()
    line = ("record", str(plan), str(folder / "results.xlsx"), "--force", "-o", str(folder / "roster.yaml"))
    assert cli(*line).code == 0
    assert (folder / "roster.yaml").read_bytes() == roster
    assert (folder / "people.xlsx").read_bytes() == (folder / "next-leaders.xlsx").read_bytes()


def _with_table(folder: Path, name: str, data: bytes) -> None:
    path = folder / "roster.yaml"
    head, _, rest = path.read_text(encoding="utf-8").partition("leaders:\n")
    path.write_text(f"{head}leaders: {name}\n# Points{rest.partition('# Points')[2]}", encoding="utf-8")
    (folder / name.partition("#")[0]).write_bytes(data)
    (folder / "plan.json").write_text(some_plan(load_roster(path)).to_json(), encoding="utf-8")


def test_settings_of_a_plan_do_not_get_into_the_next_roster(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    roster, output = folder / "roster.yaml", folder / "next.yaml"
    what_if = ("leaders.*.priority=4", "policy.max_days=9")
    plan.write_text(some_plan(load_roster(roster, settings=what_if)).to_json(), encoding="utf-8")
    text = plan.read_text(encoding="utf-8")
    text = text.replace('"files"', f'"settings": {json.dumps(what_if)}, "files"', 1)
    plan.write_text(text, encoding="utf-8")
    (folder / "results.csv").write_text("leader,session\n", encoding="utf-8")
    assert cli("record", str(plan), str(folder / "results.csv"), "-o", str(output)).code == 0
    priorities = [one.priority for one in load_roster(output).instance.leaders]
    assert priorities == [one.priority + 1 for one in load_roster(roster).instance.leaders]
    assert "max_days: 9" not in output.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [
        ("9999-01-01..9999-06-30", "expected a day of the years 1900 to 2999"),
        ("2027-06-30..2027-03-01", "expected an end on or after the start, 2027-06-30"),
        ("spring", "expected a date or a range of dates as YYYY-MM-DD..YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_with_the_next_horizon_is_said(
    cli: Cli, plan: Path, horizon: str, expected: str
) -> None:
    ran = cli("record", str(plan), str(plan.parent / "results.csv"), "--next", horizon)
    assert ran.code == 2
    assert f"--next: found '{horizon}', {expected}" in " ".join(ran.err.split())


def test_what_a_history_does_not_know_is_named(cli: Cli, plan: Path) -> None:
    folder = plan.parent
    history = str(folder / "history.csv")
    line = (
        "record",
        str(plan),
        str(folder / "results.csv"),
        "-o",
        str(folder / "n.yaml"),
        "--format",
        "json",
    )
    ran = cli(*line, "--history", history)
    assert ran.code == 0
    assert {"files", "unheard", "assumed", "leaders"} == json.loads(ran.out).keys()
    ran = cli("history", history, "--leader", "L66")
    assert ran.code == 2
    assert f"--leader: found 'L66', expected one that is in {history}; did you mean 'L6'?" in ran.err
    ran = cli("history", history, "--module", "")
    assert f"--module: found nothing, expected one that is in {history}" in ran.err
    ran = cli("history", history, "--leader", "L6", "--module", "T1", "--format", "json")
    told = json.loads(ran.out)
    assert {gap["leader"] for gap in told["gaps"]} <= {"L6"}
    assert [effect["module"] for effect in told["effects"]] == ["T1"]
    (folder / "bad.csv").write_text("a,b\n", encoding="utf-8")
    ran = cli("history", str(folder / "bad.csv"))
    assert ran.code == 1
    assert "expected the columns of a history" in ran.err
    assert cli("history", str(folder / "none.csv")).code == 2
