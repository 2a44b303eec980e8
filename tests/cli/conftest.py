"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.base import Cli, example


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line, run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_WORKSPACE", "CADREPLAN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Cli(capsys)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan of the example, beside its roster."""
    return example(tmp_path)
