"""`cadreplan compare`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli

_PINNED = "leaders.L5.pinned=S5 policy.core_share=1"
"""Nothing in that session is core."""


def test_plans_stand_side_by_side(cli: Cli, plan: Path) -> None:
    found = read_plan(plan)
    other = replace(found, roster=replace(found.roster, sha256="1" * 64), open_gaps=())
    plan.with_name("other.json").write_text(other.to_json(), encoding="utf-8")
    ran = cli("compare", "plan.json", "other.json")
    assert ran.code == 0
    assert "different rosters" in ran.err
    line = next(line for line in ran.out.splitlines() if "open skill gaps" in line)
    assert line.split()[-2:] == [str(len(found.open_gaps)), "0"]
    document = json.loads(cli("compare", "plan.json", "other.json", "--format", "json").out)
    assert not document["same_roster"]
    assert [entry["open_gaps"] for entry in document["plans"]] == [len(found.open_gaps), 0]
    rows = cli("compare", "plan.json", "other.json", "--format", "csv").out.splitlines()
    assert rows[0] == "figure,plan.json,other.json"
    assert f"open_gaps,{len(found.open_gaps)},0" in rows


def test_one_plan_is_nothing_to_compare(cli: Cli, plan: Path) -> None:
    ran = cli("compare", "plan.json")
    assert ran.code == 2
    assert "two plans or more" in ran.err


def test_what_ifs_of_a_roster_are_solved_and_compared(cli: Cli, plan: Path) -> None:
    ran = cli(
        *("compare", "roster.yaml", "--what-if", "policy.max_sessions=1", "--what-if", _PINNED),
        *("--what-if", "policy.max_days=12 policy.max_trips=4"),
        *("--time-limit", "3s", "--workers", "1", "--format", "json", "-o", "."),
    )
    assert ran.code == 0, ran.err
    plans = json.loads(ran.out)["plans"]
    assert [entry["plan"] for entry in plans] == [
        "as it is",
        "policy.max_sessions=1",
        "policy.max_days=12 policy.max_trips=4",
    ]
    assert plans[1]["objective"] < plans[0]["objective"]
    assert plans[2]["settings"] == "policy.max_days=12 policy.max_trips=4"
    assert f"{_PINNED}: no plan can satisfy all of" in ran.err
    kept = sorted(path.name for path in plan.parent.glob("what-if-*.json"))
    assert kept == ["what-if-0.json", "what-if-1.json", "what-if-3.json"]
    assert cli("check", "what-if-1.json").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("roster.yaml", "roster.yaml", "--what-if", "a=1"), "--what-if: name one roster, not 2"),
        (("roster.yaml", "--what-if", ""), "says nothing, or what another one says"),
        (
            ("roster.yaml", "--what-if", "policy.max_days=5", "--what-if", "policy.max_days=5"),
            "or what another one says",
        ),
        (("plan.json", "plan.json", "--seed", "3"), "--seed: only with --what-if"),
        (("roster.yaml", "--what-if", "a='1"), "a quote is open to the end"),
        (("roster.yaml", "--what-if", "a=1", "-o", "nowhere"), "there is no folder nowhere"),
        (("roster.yaml", "--what-if", "sites.XX.beds=1"), "sites has no 'XX'"),
        (("plan.json", "plan.json", "--time-limit", "3s"), "--time-limit: only with --what-if"),
        (("plan.json", "plan.json", "--scheduler", "tcp://h:1"), "--scheduler: only with --what-if"),
    ],
)
def test_what_cannot_be_asked_is_told(cli: Cli, plan: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = cli("compare", *arguments)
    assert ran.code == 2
    assert words in ran.err
