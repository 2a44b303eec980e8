"""`cadreplan show` and `cadreplan check` on a plan beside its roster."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), "Timetable"),
        (("--site", "SCHOOL"), "市党校"),
        (("--site", "教育基地"), "BASE"),
        (("--session", "S2"), "Cohort"),
        (("--leader", "L6"), "马骏驰"),
        (("--leader", "马骏驰"), "L6"),
        (("--branch", "east"), "东部分行"),
        (("--week", "11"), "Week 11"),
        (("--week", "2026-03-10"), "Week 11"),
        (("--site", "SCHOOL", "--week", "W13"), "W13"),
        (("--branch", "HQ", "--week", "13"), "W13"),
        (("--pictures",), "Days away"),
    ],
)
def test_show(cli: Cli, plan: Path, options: tuple[str, ...], shown: str) -> None:
    ran = cli("show", "plan.json", *options)
    assert (ran.code, ran.err) == (0, "")
    assert shown in ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--leader", "L66"), "did you mean L6 马骏驰"),
        (("--site", "SCHOL"), "did you mean SCHOOL 市党校?"),
        (("--session", "S9"), "there is no session 'S9'"),
        (("--lecturer", "T1"), "there is no lecturer at all"),
        (("--week", "44"), "week 44 is not in the plan"),
        (("--week", "sometime"), "is no week"),
        (("--site", "SCHOOL", "--leader", "L6"), "one thing at a time: --site or --leader"),
        (("--pictures", "--week", "11"), "--pictures shows the whole season"),
        (("--leader", "L6", "--week", "11"), "--week goes with --site or --branch"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(
    cli: Cli, plan: Path, options: tuple[str, ...], said: str
) -> None:
    ran = cli("show", "plan.json", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_limit(cli: Cli, plan: Path) -> None:
    assert "4 more sessions: --limit N" in cli("show", "plan.json", "--limit", "1").out
    assert cli("show", "plan.json", "--limit", "0").code == 2


def test_a_right_plan(cli: Cli, plan: Path) -> None:
    ran = cli("check", "plan.json")
    assert (ran.code, ran.err) == (0, "")
    assert "keeps every rule" in ran.out
    assert "differs" not in ran.out


def test_a_right_plan_as_json(cli: Cli, plan: Path) -> None:
    ran = cli("check", "plan.json", "--format", "json")
    assert ran.code == 0
    said = json.loads(ran.out)
    assert said["ok"] is True
    assert said["violations"] == []
    assert said["objective"]["stated"] == said["objective"]["recomputed"]
    assert set(said["terms"]) == {"gaps", "prefers", "km", "days", "open", "underfill", "hours"}


def test_a_changed_roster_is_a_violation(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(roster.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    ran = cli("check", "plan.json")
    assert ran.code == 1
    assert "roster.yaml  the roster has changed since the plan was made" in ran.out
    shown = cli("show", "plan.json")
    assert shown.code == 0
    assert "isn't the one this plan was made from" in shown.err


def test_a_changed_curriculum_is_a_violation(cli: Cli, plan: Path) -> None:
    curriculum = plan.parent / "curriculum.yaml"
    curriculum.write_text(curriculum.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    said = json.loads(cli("check", "plan.json", "--format", "json").out)
    assert [(v["rule"], v["where"]) for v in said["violations"]] == [("roster", "curriculum.yaml")]


def test_files_that_came_or_went_are_violations(cli: Cli, plan: Path) -> None:
    made = read_plan(plan)
    other = replace(made, roster=replace(made.roster, files={"gone.csv": "0" * 64}))
    plan.write_text(other.to_json(), encoding="utf-8")
    said = json.loads(cli("check", "plan.json", "--format", "json").out)
    assert [(v["where"], v["message"].split(",")[0]) for v in said["violations"]] == [
        ("curriculum.yaml", "is read by the roster"),
        ("gone.csv", "was read when the plan was made"),
    ]


def test_broken_rules_are_shown_with_who_and_where(cli: Cli, plan: Path) -> None:
    made = read_plan(plan)
    everybody = tuple(sorted({*made.assignments, *((f"L{k}", "S4") for k in range(1, 9))}))
    plan.write_text(replace(made, assignments=everybody).to_json(), encoding="utf-8")
    ran = cli("check", "plan.json")
    assert ran.code == 1
    assert " S4  8 people in 3 seats" in ran.out
    assert " BASE 教育基地  8 people in 4 beds on 2026-04-02" in ran.out
    assert "differs" in ran.out


def test_a_roster_with_errors_is_reported_like_validate(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(
        roster.read_text(encoding="utf-8").replace("branch: HQ,", "branch: HX,"), encoding="utf-8"
    )
    for command in ("check", "show"):
        ran = cli(command, "plan.json")
        assert (ran.code, ran.out) == (1, "")
        assert "roster.yaml:" in ran.err
        assert "unknown-reference" in ran.err


def test_a_plan_that_is_none_is_reported(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"cadreplan": 1, "kind": "plan"', encoding="utf-8")
    ran = cli("check", "plan.json")
    assert (ran.code, ran.out) == (1, "")
    assert "plan.json:1:" in ran.err


def test_a_roster_in_another_place(cli: Cli, plan: Path) -> None:
    elsewhere = plan.parent / "elsewhere"
    elsewhere.mkdir()
    plan.rename(elsewhere / "plan.json")
    ran = cli("check", "elsewhere/plan.json")
    assert ran.code == 2
    assert "is not at elsewhere/roster.yaml: name it with --roster" in ran.err
    assert cli("check", "elsewhere/plan.json", "--roster", "roster.yaml").code == 0


def test_check_imports_no_solver(plan: Path) -> None:
    from tests.cli.base import apart

    ran = apart("check", "plan.json", folder=plan.parent, PYTHONPROFILEIMPORTTIME="1")
    assert ran.returncode == 0
    imported = {line.rsplit(b"|")[-1].strip() for line in ran.stderr.splitlines() if b"|" in line}
    assert b"cadreplan.verification.rules" in imported
    assert not {name for name in imported if name.split(b".")[0] in (b"ortools", b"numba")}


@pytest.fixture
def wrong(plan: Path) -> Path:
    """A plan that gives its first seat to somebody whom nobody knows."""
    path = plan.with_name("wrong.json")
    made = read_plan(plan)
    path.write_text(replace(made, assignments=(("NOBODY", "S1"), *made.assignments)).to_json(), "utf-8")
    return path


def test_several_plans_are_checked_at_once(cli: Cli, plan: Path, wrong: Path) -> None:
    assert cli("check", "plan.json", "plan.json").code == 0
    ran = cli("check", "plan.json", "wrong.json", "--lang", "en")
    assert ran.code == 1
    assert "1 of 2 plans are right" in ran.err
    assert "NOBODY" in ran.out
    said = json.loads(cli("check", "plan.json", "wrong.json", "--format", "json").out)
    assert [(one["plan"], one["ok"]) for one in said] == [("plan.json", True), ("wrong.json", False)]


def test_a_plan_that_cannot_be_read_stops_no_other(cli: Cli, plan: Path) -> None:
    plan.with_name("broken.json").write_text("{", "utf-8")
    ran = cli("check", "broken.json", "plan.json", "--format", "json")
    assert ran.code == 1
    assert [one["plan"] for one in json.loads(ran.out)] == ["plan.json"]
    assert "broken.json:1:" in ran.err


def test_a_plan_that_is_not_there_stops_no_other(cli: Cli, plan: Path) -> None:
    ran = cli("check", "gone.json", "plan.json", "--format", "json", "--lang", "en")
    assert ran.code == 2
    assert [one["plan"] for one in json.loads(ran.out)] == ["plan.json"]
    assert "gone.json" in ran.err
    junit = cli("check", "gone.json", "plan.json", "--format", "junit")
    assert junit.code == 2
    assert 'name="plan.json" tests="1" failures="0"' in junit.out
    assert 'name="gone.json"' not in junit.out


def test_violations_are_written_where_the_plan_has_them(cli: Cli, wrong: Path) -> None:
    line = next(n for n, text in enumerate(wrong.read_text("utf-8").splitlines(), 1) if "NOBODY" in text)
    ran = cli("check", "plan.json", "wrong.json", "--format", "github")
    assert ran.code == 1
    assert f"line={line}," in ran.out
    assert "title=reference" in ran.out
    log = json.loads(cli("check", "wrong.json", "--format", "sarif").out)
    (rule,) = [one for one in log["runs"][0]["tool"]["driver"]["rules"] if one["id"] == "reference"]
    assert rule["shortDescription"]["text"] == "every id in the plan is in the roster, once"
    junit = cli("check", "plan.json", "wrong.json", "--format", "junit").out
    assert 'name="cadreplan check"' in junit
    assert 'name="plan.json" tests="1" failures="0"' in junit


def test_what_is_wrong_with_a_plan_file_is_written_in_the_same_formats(cli: Cli, plan: Path) -> None:
    plan.with_name("broken.json").write_text("{", "utf-8")
    ran = cli("check", "plan.json", "broken.json", "--format", "github")
    assert ran.code == 1
    assert "title=syntax" in ran.out


def test_the_plan_before_goes_with_one_plan(cli: Cli, plan: Path) -> None:
    ran = cli("check", "plan.json", "plan.json", "--after", "plan.json", "--lang", "en")
    assert (ran.code, "--after goes with one plan" in ran.err) == (2, True)
