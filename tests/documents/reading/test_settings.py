"""Settings of a what-if: put in by path before validation, wrong ones refused with the nearest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.cli.init import example_files
from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import InputError, UsageError
from cadreplan.loading.load import LoadedRoster, load_roster
from cadreplan.origin import differences
from cadreplan.verification.plans import check_plan
from tests.cli.base import some_plan


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    for name, text in example_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "roster.yaml"


def _with(roster: Path, *settings: str) -> LoadedRoster:
    return load_roster(roster, settings=settings)


def test_a_row_a_policy_and_a_map_are_set(roster: Path) -> None:
    instance = _with(
        roster, "sites.SCHOOL.beds=7", "policy.max_days=3", "policy.weights.km=9", "leaders.L6.prefers.S1=5"
    ).instance
    assert next(site.beds for site in instance.sites if site.id == "SCHOOL") == 7
    assert instance.policy.weights.km == 9
    leader = instance.leaders[instance.leader_by_id["L6"]]
    assert leader.max_days == 3
    assert leader.prefers_sessions == ((instance.session_by_id["S1"], 5),)


def test_a_star_sets_every_row_and_the_last_setting_counts(roster: Path) -> None:
    leaders = _with(roster, "leaders.*.priority=2", "leaders.L6.priority=3").instance.leaders
    assert {leader.id: leader.priority for leader in leaders} == {
        leader.id: 3 if leader.id == "L6" else 2 for leader in leaders
    }


def test_nothing_behind_the_sign_takes_a_value_away(roster: Path) -> None:
    limited = _with(roster, "sites.SCHOOL.beds=7", "sites.SCHOOL.beds=").instance
    assert next(site.beds for site in limited.sites if site.id == "SCHOOL") is None


def test_a_row_is_taken_away(roster: Path) -> None:
    instance = _with(roster, "leaders.L6=").instance
    assert "L6" not in instance.leader_by_id
    assert len(instance.leaders) == len(_with(roster).instance.leaders) - 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("sites.SCHOOL.beds", "write PATH=VALUE"),
        ("sits.SCHOOL.beds=7", "did you mean 'sites'"),
        ("sites.SCHOL.beds=7", "did you mean 'SCHOOL'"),
        ("sites.SCHOOL=7", "name a field as well"),
        ("sites.SCHOOL.bed=7", "did you mean 'beds'"),
        ("sites.SCHOOL.beds=many", "expected a whole number"),
        ("policy.max_day=7", "did you mean 'max_days'"),
        ("policy.weights.kms=7", "did you mean 'km'"),
        ("calendar=FR", "expected none or CN"),
        ("sessions.O@P@2026-03-02.seats=3", "through its offering: offerings.O.FIELD=VALUE"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(roster: Path, setting: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        _with(roster, setting)
    assert setting in str(raised.value)
    assert said in str(raised.value)


def test_rules_hold_for_what_is_set_and_findings_keep_their_place(roster: Path) -> None:
    with pytest.raises(InputError) as raised:
        _with(roster, "sessions.S1.site=NOWHERE")
    (found,) = (d for d in raised.value.diagnostics if d.is_error)
    line = roster.read_text(encoding="utf-8").splitlines()[found.line - 1]
    assert "S1" in line


def test_a_plan_says_what_was_set_and_is_checked_with_it(roster: Path) -> None:
    loaded = _with(roster, "leaders.*.max_sessions=1")
    plan = some_plan(loaded)
    assert [violation.message for violation in differences(plan, loaded)] == [
        "the plan was made with no --set"
    ]
    path = roster.with_name("plan.json")
    stated = replace(plan, roster=replace(plan.roster, settings=loaded.settings))
    path.write_text(stated.to_json(), encoding="utf-8")
    again = read_plan(path)
    assert again.roster.settings == ("leaders.*.max_sessions=1",)
    assert not differences(again, loaded)
    assert check_plan(loaded.instance, again).ok
