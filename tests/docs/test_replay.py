"""The replay of a season in the planner's page is what the program says today, and its plans are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import replay


def test_the_replay_is_current_and_its_plans_are_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CADREPLAN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    assert replay.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_that_differs_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "planner.md"
    page.write_text(f"before\n{replay.BEGIN}\nold\n\n{replay.END}after\n", encoding="utf-8")
    monkeypatch.setattr(replay, "PAGE", page)
    monkeypatch.setattr(replay, "section", lambda *, solve: "new\n")
    assert replay.main(["--check"]) == 1
    assert "old" in page.read_text(encoding="utf-8")
    assert replay.main([]) == 0
    assert page.read_text(encoding="utf-8") == f"before\n{replay.BEGIN}\nnew\n\n{replay.END}after\n"
    assert replay.main(["--check"]) == 0
