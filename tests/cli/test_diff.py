"""`cadreplan diff`."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli


@pytest.fixture
def other(plan: Path) -> str:
    """The same plan, but the first leader gives up a session."""
    found = read_plan(plan)
    (leader, _), *rest = found.assignments
    changed = replace(found, assignments=tuple(rest), terms=replace(found.terms, gaps=found.terms.gaps - 10))
    plan.with_name("other.json").write_text(changed.to_json(), encoding="utf-8")
    return leader


def test_people_sessions_and_worth_are_shown(cli: Cli, plan: Path, other: str) -> None:
    ran = cli("diff", "plan.json", "other.json", "--roster", "roster.yaml")
    assert (ran.code, ran.err) == (0, "")
    for text in ("1 leader lost", "1 session refilled", "-10 points", other, "skill gaps closed"):
        assert text in ran.out


def test_exit_code_says_whether_anything_changes(cli: Cli, plan: Path, other: str) -> None:
    assert cli("diff", "plan.json", "other.json", "--exit-code").code == 1
    ran = cli("diff", "plan.json", "plan.json", "--exit-code")
    assert ran.code == 0
    assert "nobody moves" in ran.out


def test_machines_get_all_of_it(cli: Cli, plan: Path, other: str) -> None:
    document = json.loads(cli("diff", "plan.json", "other.json", "--format", "json").out)
    assert document["objective"]["difference"] == -10
    assert [(row["leader"], row["kind"]) for row in document["leaders"]] == [(other, "lost")]
    (row,) = csv.DictReader(io.StringIO(cli("diff", "plan.json", "other.json", "--format", "csv").out))
    assert (row["leader"], row["change"], row["gets"]) == (other, "lost", "")


def test_a_plan_that_is_none_is_said(cli: Cli, plan: Path) -> None:
    ran = cli("diff", "plan.json", "roster.yaml")
    assert ran.code == 1
    assert "roster.yaml:" in ran.err
    assert cli("diff", "plan.json", "nothing.json").code == 2
