"""`cadreplan drill`."""

from __future__ import annotations

import json
from pathlib import Path

from cadreplan.documents.reading.plan import read_plan
from tests.cli.base import Cli


def test_the_worst_sessions_are_tried(cli: Cli, plan: Path) -> None:
    ran = cli("drill", "plan.json")
    assert (ran.code, ran.err) == (0, "")
    assert "re-seated" in ran.out
    held = {session for _, session in read_plan(plan).assignments}
    document = json.loads(cli("drill", "plan.json", "--try", "2", "--format", "json").out)
    assert {entry["session"] for entry in document} == held
    assert sum(entry["cancelled"] is not None for entry in document) == 2
