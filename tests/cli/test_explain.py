"""`cadreplan explain`."""

from __future__ import annotations

import json
from pathlib import Path

from cadreplan.documents.reading.plan import read_plan
from cadreplan.loading.load import load_roster
from tests.cli.base import Cli, some_plan
from tests.rules.base import overlaid, written


def test_an_open_gap_is_explained_session_by_session(cli: Cli, plan: Path) -> None:
    gap = read_plan(plan).open_gaps[0]
    ran = cli("explain", "plan.json", gap.leader)
    assert (ran.code, ran.err) == (0, "")
    assert gap.skill in ran.out
    assert "would close it" in ran.out
    document = json.loads(cli("explain", "plan.json", gap.leader, gap.skill, "--format", "json").out)
    assert [(entry["leader"], entry["skill"]) for entry in document] == [(gap.leader, gap.skill)]


def test_names_are_suggested_and_closed_gaps_are_said(cli: Cli, plan: Path) -> None:
    gap = read_plan(plan).open_gaps[0]
    assert "did you mean" in cli("explain", "plan.json", gap.leader + "1").err
    assert "did you mean" in cli("explain", "plan.json", gap.leader, gap.skill + "s").err
    closed = next(
        leader
        for leader in (f"L{k}" for k in range(1, 9))
        if not any(g.leader == leader for g in read_plan(plan).open_gaps)
    )
    ran = cli("explain", "plan.json", closed)
    assert ran.code == 0
    assert "no open skill gap" in ran.err


LAPSED = """\
skills:
  meetings: {name: 三会一课, ability: duty, weight: 2, valid: 24}
  review: {name: 民主评议, ability: duty}
leaders:
  - {id: L1, branch: HQ, role: secretary, skills: {meetings: 2}, earned: {meetings: 2024-05-08},
     excluded: [S1]}
"""


def test_a_gap_that_comes_from_a_lapse_says_which_level_it_was_and_until_when(
    cli: Cli, tmp_path: Path
) -> None:
    path = written(tmp_path, overlaid(LAPSED))
    (tmp_path / "plan.json").write_text(some_plan(load_roster(path)).to_json(), encoding="utf-8")
    said = "level 2 was earned on 2024-05-08, lasts 24 months (`valid`) and counted to 2026-05-08"
    assert cli("explain", "plan.json", "L1").out.count(said) == 1
    assert said in " ".join(cli("show", "plan.json", "--leader", "L1").out.split())
    found = json.loads(cli("explain", "plan.json", "L1", "--format", "json").out)
    lapsed = {"level": 2, "earned": "2024-05-08", "valid": 24, "last": "2026-05-08"}
    assert [entry.get("lapsed") for entry in found] == [lapsed, None]
