"""`cadreplan explain`."""

from __future__ import annotations

import json
from pathlib import Path

from cadreplan.documents.plan import read_plan
from tests.cli.base import Cli


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
