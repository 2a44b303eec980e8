"""`cadreplan bottlenecks`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadreplan.insight import bottlenecks
from tests.cli.base import Cli


def test_a_first_time_says_why_it_takes_long(cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bottlenecks, "needs_compiling", lambda: True)
    assert "not all is compiled for this machine yet" in cli("bottlenecks", "plan.json", "--verify", "0").err


def test_changes_are_tried_and_limits_priced(cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bottlenecks, "needs_compiling", lambda: False)
    ran = cli("bottlenecks", "plan.json", "--verify", "3")
    assert (ran.code, ran.err) == (0, "")
    assert "came out" in ran.out
    assert "What holds the plan back" in ran.out
    document = json.loads(cli("bottlenecks", "plan.json", "--verify", "2", "--format", "json").out)
    assert document["ceiling"] >= document["worth"]
    tried = [change["verified"] for change in document["changes"] if change["verified"] is not None]
    assert len(tried) + len(document["brought_nothing"]) == 2
    worths = [limit["worth"] for limit in document["limits"]]
    assert worths == sorted(worths, reverse=True)
