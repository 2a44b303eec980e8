"""`cadreplan replan`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli


def test_a_cancelled_session_moves_those_who_had_it_only(cli: Cli, plan: Path) -> None:
    assert cli("solve", "roster.yaml", "-q", "-o", "old.json").code == 0
    old = read_plan(plan.with_name("old.json"))
    session = "S4"  # nothing requires what it teaches
    ran = cli("replan", "old.json", "-q", "--set", f"sessions.{session}=", "-o", "next.json")
    assert (ran.code, ran.err) == (0, "")
    assert f"{session} is cancelled" in ran.out
    assert "written to next.json" in ran.out
    new = read_plan(plan.with_name("next.json"))
    assert old.lineage
    assert new.lineage == old.lineage
    assert {pair for pair in old.assignments if pair[1] != session} <= set(new.assignments)
    checked = cli("check", "next.json")
    assert checked.code == 0, checked.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--freeze-before", "April"), "expected a date as 2026-04-01"),
        (("-o", "plan.json"), "plan.json is the old plan"),
        (("-o", "roster.yaml"), "is an input of this roster"),
        (("--roster", "nowhere.yaml"), "name it with --roster"),
    ],
)
def test_wrong_use_is_said_before_the_work(cli: Cli, plan: Path, options: tuple[str, ...], said: str) -> None:
    ran = cli("replan", "plan.json", "-q", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
