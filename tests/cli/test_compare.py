"""`cadreplan compare`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli


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
