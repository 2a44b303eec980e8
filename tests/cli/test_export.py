"""`cadreplan export`: files of every format, in their place, in the reader's language, and nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import vobject

from cadreplan.documents.reading.plan import read_plan
from cadreplan.goals import Goals
from cadreplan.loading.load import load_roster
from cadreplan.plan import ProgrammeEntry, ProgrammeInfo
from tests.cli.base import Cli


@pytest.fixture
def taught(plan: Path) -> Path:
    """`taught.json`, a plan of `staffed.yaml` in which T1 teaches a half day; `bare.json` has none."""
    staffed = plan.with_name("staffed.yaml")
    lecturers = "lecturers:\n  - {id: T1, name: 陈思远, kind: school-lecturer}\n"
    staffed.write_text(
        plan.with_name("roster.yaml").read_text(encoding="utf-8") + lecturers, encoding="utf-8"
    )
    bare = replace(read_plan(plan), roster=load_roster(staffed).reference)
    plan.with_name("bare.json").write_text(bare.to_json(), encoding="utf-8")
    half_day = ProgrammeEntry("T1", "2026-03-09", "am", "T1")
    sessions = tuple(replace(s, programme=(half_day,) if s.id == "S1" else ()) for s in bare.sessions)
    made = replace(bare, sessions=sessions, programme=ProgrammeInfo("feasible", Goals(), (0, 0, 0, 0, 0, 0)))
    plan.with_name("taught.json").write_text(made.to_json(), encoding="utf-8")
    return plan.with_name("taught.json")


def changed(plan: Path, name: str, *drop: str) -> Path:
    """The same plan without the assignments to some sessions, beside it."""
    made = read_plan(plan)
    kept = tuple(pair for pair in made.assignments if pair[1] not in drop)
    path = plan.with_name(name)
    path.write_text(replace(made, assignments=kept).to_json(), encoding="utf-8")
    return path


def events(folder: Path) -> dict[str, tuple[int, str]]:
    """Identity → sequence and status of all events in a folder of calendars."""
    return {
        e.uid.value: (int(e.sequence.value), e.status.value)
        for path in folder.glob("*.ics")
        for e in vobject.readOne(path.read_text(encoding="utf-8")).vevent_list
    }


@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("xlsx", "plan.xlsx"),
        ("csv", "plan-csv"),
        ("ics", "plan-ics"),
        ("html", "plan.html"),
        ("attendance", "plan-attendance.xlsx"),
    ],
)
def test_files_go_beside_the_plan_or_where_one_says(cli: Cli, plan: Path, to: str, place: str) -> None:
    before = {path.name for path in plan.parent.iterdir()}
    ran = cli("export", "plan.json", "--to", to)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"written to {place}")
    assert {path.name for path in plan.parent.iterdir()} - before == {place}
    assert cli("export", "plan.json", "--to", to, "-o", "other").code == 0
    files = [sorted(f.name for f in Path(p).iterdir()) if Path(p).is_dir() else [] for p in (place, "other")]
    assert files[0] == files[1]


def test_language_is_given_or_the_locales(cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for lang, options, sheet in (
        ("zh_CN.UTF-8", (), "总览"),
        ("en_GB.UTF-8", (), "Overview"),
        ("en_GB.UTF-8", ("--lang", "zh"), "总览"),
    ):
        monkeypatch.setenv("LANG", lang)
        assert cli("export", "plan.json", "--to", "xlsx", *options).code == 0
        assert openpyxl.load_workbook("plan.xlsx").sheetnames[0] == sheet


def test_csv_in_another_encoding(cli: Cli, plan: Path) -> None:
    assert cli("export", "plan.json", "--to", "csv", "--lang", "zh", "--encoding", "gb18030").code == 0
    text = Path("plan-csv/leaders.csv").read_bytes().decode("gb18030")
    assert next(csv.reader(io.StringIO(text)))[:2] == ["编号", "姓名"]


def test_calendars_of_sites_with_other_hours(cli: Cli, plan: Path) -> None:
    assert cli("export", "plan.json", "--to", "ics", "--by", "site", "--hours", "9:00-16:30").code == 0
    assert {path.name for path in Path("plan-ics").iterdir()} == {"BASE.ics", "SCHOOL.ics"}
    assert "T163000" in Path("plan-ics/BASE.ics").read_text(encoding="utf-8")


def test_a_new_plan_raises_numbers_and_cancels_what_is_gone_once(cli: Cli, plan: Path) -> None:
    gone = read_plan(plan).assignments[0][1]
    changed(plan, "new.json", gone)
    assert cli("export", "plan.json", "--to", "ics", "-o", "first").code == 0
    assert cli("export", "new.json", "--to", "ics", "--previous", "plan.json", "-o", "second").code == 0
    both = ("--previous", "plan.json", "--previous", "new.json")
    assert cli("export", "new.json", "--to", "ics", *both, "-o", "third").code == 0
    first, second, third = (events(Path(folder)) for folder in ("first", "second", "third"))
    off = {uid for uid, (_, status) in second.items() if status == "CANCELLED"}
    assert off
    assert second.keys() == first.keys()
    assert all(second[uid][0] == 1 for uid in off)
    assert {status for _, status in third.values()} == {"CONFIRMED"}
    assert third.keys() == first.keys() - off


def test_a_plan_solved_anew_goes_on_for_what_was_sent_but_no_other_programme_does(
    cli: Cli, plan: Path
) -> None:
    text = plan.with_name("roster.yaml").read_text(encoding="utf-8")
    sent, anew = (replace(read_plan(plan), lineage=digit * 32) for digit in "ab")
    plan.write_text(sent.to_json(), encoding="utf-8")
    plan.with_name("anew.json").write_text(anew.to_json(), encoding="utf-8")
    assert cli("export", "plan.json", "--to", "ics", "-o", "first").code == 0
    line = ("anew.json", "--to", "ics", "--previous", "plan.json")
    assert cli("export", *line, "-o", "second").code == 0
    assert events(Path("first")) == events(Path("second"))
    assert cli("export", "anew.json", "--to", "ics", "-o", "own").code == 0
    assert events(Path("own")).keys().isdisjoint(events(Path("first")))
    title = load_roster(plan.with_name("roster.yaml")).instance.title
    plan.with_name("other.yaml").write_text(text.replace(title, "Another"), encoding="utf-8")
    ran = cli("export", *line, "--roster", "other.yaml", "-o", "third")
    assert ran.code == 2
    assert "--previous plan.json is of another programme" in ran.err
    assert not Path("third").exists()


def test_people_who_have_left_the_roster_are_told_of(cli: Cli, plan: Path) -> None:
    made = read_plan(plan)
    gone = replace(made, assignments=(("L77", "S1"), *made.assignments))
    plan.with_name("gone.json").write_text(gone.to_json(), encoding="utf-8")
    ran = cli("export", "plan.json", "--to", "ics", "--previous", "gone.json")
    assert ran.code == 0
    assert "the roster of gone.json has lost sessions or people of that plan" in ran.err


def test_a_previous_plan_whose_roster_has_changed_counts_as_changed(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(roster.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    ran = cli("export", "plan.json", "--to", "ics", "--previous", "plan.json")
    assert ran.code == 0
    assert "the roster of plan.json has changed since: every event counts as changed" in ran.err
    assert {number for number, _ in events(Path("plan-ics")).values()} == {1}


def test_a_lecturers_calendar_has_real_half_days(cli: Cli, taught: Path) -> None:
    assert cli("export", taught.name, "--to", "ics", "--by", "lecturer").code == 0
    (file,) = Path(f"{taught.stem}-ics").iterdir()
    assert file.name == "T1 陈思远.ics"
    assert "T083000" in file.read_text(encoding="utf-8")
    hours = "8:00-11:30，13:30-17:00"
    assert cli("export", taught.name, "--to", "ics", "--by", "lecturer", "--hours", hours).code == 0
    assert "T113000" in file.read_text(encoding="utf-8")


def test_without_a_programme_no_lecturer_has_a_calendar(cli: Cli, plan: Path, taught: Path) -> None:
    for file, said in (
        (plan.name, "lists no lecturers"),
        ("bare.json", "has no programme of half days"),
    ):
        ran = cli("export", file, "--to", "ics", "--by", "lecturer")
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert "--programme" in ran.err
    ran = cli("export", taught.name, "--to", "ics", "--by", "lecturer", "--previous", "bare.json")
    assert ran.code == 0
    assert "bare.json has no programme: no lecturer was sent a calendar of it" in ran.err


def test_a_plan_in_which_nobody_goes_anywhere_has_no_calendars(cli: Cli, plan: Path) -> None:
    changed(plan, "empty.json", "S1", "S2", "S3", "S4", "S5")
    ran = cli("export", "empty.json", "--to", "ics")
    assert (ran.code, ran.out) == (0, "nothing to write: no calendar has an event\n")
    assert not Path("empty-ics").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "xlsx", "--by", "site"), "--by goes with --to ics, not with --to xlsx"),
        (("--to", "attendance", "--by", "leader"), "--by goes with --to ics"),
        (("--to", "ics", "--encoding", "utf-8"), "--encoding goes with --to csv"),
        (("--to", "ics", "--organizer", "nobody"), "--organizer nobody is no e-mail address"),
        (("--to", "html", "--previous", "plan.json"), "--previous goes with --to ics"),
        (("--to", "ics", "--hours", "9-17"), "write 8:30-17:30"),
        (("--to", "ics", "--hours", "17:30-8:30"), "write 8:30-17:30"),
        (("--to", "ics", "--hours", "8:30-24:30"), "write 8:30-17:30"),
        (("--to", "ics", "--hours", "13:00-17:30"), "or 8:30-12:00,14:00-17:30"),
        (("--to", "ics", "--hours", "8:30-25:00,14:00-17:30"), "or 8:30-12:00,14:00-17:30"),
        (("--to", "xlsx", "-o", "plan.json"), "plan.json is read by this export"),
        (("--to", "html", "-o", "roster.yaml"), "roster.yaml is read by this export"),
        (("--to", "xlsx", "-o", "curriculum.yaml"), "curriculum.yaml is read by this export"),
        (("--to", "xlsx", "-o", "no/where.xlsx"), "there is no folder no"),
        (("--to", "xlsx", "-o", "."), "is a folder"),
        (("--to", "csv", "-o", "plan.json"), "plan.json is a file: name a folder"),
        (("--to", "ics", "--previous", "no.json"), "no.json"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    cli: Cli, plan: Path, options: tuple[str, ...], said: str
) -> None:
    before = {path.name: path.read_bytes() for path in plan.parent.iterdir()}
    ran = cli("export", "plan.json", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert {path.name: path.read_bytes() for path in plan.parent.iterdir()} == before


def test_calendars_never_mix_with_older_ones(cli: Cli, plan: Path) -> None:
    assert cli("export", "plan.json", "--to", "ics").code == 0
    assert cli("export", "plan.json", "--to", "ics").code == 0  # the same ones are replaced
    ran = cli("export", "plan.json", "--to", "ics", "--by", "site")
    assert ran.code == 2
    assert "other .ics files, such as L" in ran.err


def test_a_roster_that_is_not_the_plans_is_said(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(roster.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    ran = cli("export", "plan.json", "--to", "html")
    assert ran.code == 0
    assert "isn't the one this plan was made from" in ran.err
