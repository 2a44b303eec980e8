"""The study of five years at a small size, with a plan that anybody can make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cadreplan
from benchmarks.years import __main__ as study
from benchmarks.years import report, world
from benchmarks.years.season import Measured
from cadreplan.loading.load import find_problems, load_roster
from cadreplan.plan import Plan
from tests.cli.base import some_plan

SMALL = ("--leaders", "12", "--seasons", "2", "--seconds", "1")


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Plans that take what fits, and the rosters they were made of."""
    rosters: list[Path] = []

    def solve(path: Path, **_: Any) -> Plan:
        rosters.append(path)
        return some_plan(load_roster(path))

    monkeypatch.setattr(cadreplan, "solve", solve)
    return rosters


def test_a_study_goes_on_where_it_ended(
    solved: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = (*SMALL, "--out", str(tmp_path / "runs"), "-o", str(tmp_path / "page.md"))
    assert study.main(line) == 0
    assert len(solved) == 8
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| skill gaps closed |" in page
    assert (tmp_path / "page.svg").exists()
    (tmp_path / "runs" / "wait" / "01" / "measured.json").unlink()
    before = page
    assert study.main(line) == 0
    assert len(solved) == 8, "the plan of that season is there"
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == before
    with pytest.raises(SystemExit, match="other numbers"):
        study.main((*line, "--seed", "2"))
    capsys.readouterr()


def test_every_season_is_a_sound_roster_of_the_one_before(solved: list[Path], tmp_path: Path) -> None:
    study.main((*SMALL, "--out", str(tmp_path)))
    for season in range(2):
        path = tmp_path / "priority" / f"{season:02}" / "roster.yaml"
        assert not [d for d in find_problems([path]) if d.severity == "error"]
        instance = load_roster(path).instance
        assert (instance.start, instance.date_of(instance.n_days - 1)) == world.horizon(season)
        assert len(instance.leaders) == 12
    measured = json.loads((tmp_path / "priority" / "01" / "measured.json").read_text(encoding="utf-8"))
    assert measured["left_out"] == len(measured["streaks"])
    assert measured["again"] == sum(n >= 2 for n in measured["streaks"].values())


def test_policies_part_by_their_plans_alone(solved: list[Path], tmp_path: Path) -> None:
    """With plans that look at no policy, all measure the same but for the bound."""
    study.main((*SMALL, "--out", str(tmp_path)))
    runs = []
    for name in ("priority", "wait", "guarantee", "norms"):
        measured = json.loads((tmp_path / name / "01" / "measured.json").read_text(encoding="utf-8"))
        runs.append(measured | {"bound_gap": None})
    assert all(run == runs[0] for run in runs)


def test_worth_given_up_is_what_is_missing_to_the_best() -> None:
    def one(worth: int) -> list[Measured]:
        return [Measured(0, 10, 9, 5, 4, 2, 3, 7, 8, worth, 0.0, {"n": 1}, {"n": 4})]

    lines = report.table({"priority": one(200), "wait": one(190)}).splitlines()
    assert "| worth given up | 0.00 % | 5.00 % |" in lines
    assert "| norm n met, where due | 25.0 % of 4 | 25.0 % of 4 |" in lines
