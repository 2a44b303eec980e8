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


ONE_SEAT = """\
cadreplan: 1
kind: roster
curriculum: curriculum.yaml
horizon: 2026-03-02..2026-04-24
sites: [{id: P, kind: party-school}]
branches: [{id: HQ}]
sessions:
  - {id: S1, site: P, modules: [T1], dates: [2026-03-09], seats: 1}
  - {id: S2, site: P, modules: [T1], dates: [2026-03-16], seats: 1}
leaders:
  - {id: L1, branch: HQ, role: member, waited: 1}
  - {id: L2, branch: HQ, role: member}
policy: {guarantee: 1}
"""


def test_a_promise_that_a_change_breaks_is_told(cli: Cli, plan: Path) -> None:
    """L1 loses the session that is cancelled; L2 stays where L1 could be."""
    roster = plan.with_name("one.yaml")
    roster.write_text(ONE_SEAT, encoding="utf-8")
    assert cli("solve", "one.yaml", "-q", "--no-programme", "-o", "one.json").code == 0
    had = dict(read_plan(plan.with_name("one.json")).assignments)
    ran = cli("replan", "one.json", "-q", "--set", f"sessions.{had['L1']}=", "-o", "two.json")
    assert ran.code == 0
    said = " ".join(ran.out.split())
    assert "0 of 1 have one; proven if no more people move: none leaves out fewer than 1" in said


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
