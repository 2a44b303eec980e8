"""`cadreplan browse` where it can't run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.cli.base import Cli


def test_without_a_terminal_it_names_what_works_there(cli: Cli, plan: Path) -> None:
    ran = cli("browse", "plan.json")
    assert (ran.code, ran.out) == (2, "")
    assert "browse needs a terminal; `cadreplan show`" in ran.err


def test_without_textual_it_says_how_to_get_it(cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadreplan.extras.find_spec", lambda name: None)
    assert importlib.util.find_spec("textual") is not None
    ran = cli("browse", "plan.json")
    assert ran.code == 2
    assert "pip install 'cadreplan[tui]'" in ran.err
