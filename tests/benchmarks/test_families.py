"""Every family draws rosters that read as they were drawn, are the same for a seed, and can be solved."""

from __future__ import annotations

import filecmp
from pathlib import Path
from typing import Literal

import pytest

from benchmarks.families.registry import FAMILIES
from benchmarks.roster.files import FILES, write
from cadreplan import api
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

LEADERS, SESSIONS = 60, 20
_BY_COLUMNS = ("national", "national-full", "province", "factories", "open")
"""Families solved by `columns` here, the others by `exact`."""


@pytest.mark.parametrize("seed", [1, 1001])
@pytest.mark.parametrize("family", FAMILIES)
def test_files_read_as_the_drawn_instance(family: str, seed: int, tmp_path: Path) -> None:
    drawn = FAMILIES[family].draw(LEADERS, SESSIONS, seed)
    assert load_roster(write(drawn, tmp_path)).instance == drawn.instance
    assert len(drawn.instance.leaders) == LEADERS


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_bytes(family: str, tmp_path: Path) -> None:
    for folder, seed in (("a", 7), ("b", 7), ("c", 8)):
        write(FAMILIES[family].draw(LEADERS, SESSIONS, seed), tmp_path / folder)
    assert filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", FILES, shallow=False)[1:] == ([], [])
    assert "leaders.csv" in filecmp.cmpfiles(tmp_path / "a", tmp_path / "c", FILES, shallow=False)[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_plan_is_found_for_every_family(family: str) -> None:
    instance = FAMILIES[family].draw(LEADERS, SESSIONS, 1).instance
    engine: Literal["columns", "exact"] = "columns" if family in _BY_COLUMNS else "exact"
    plan = api.solve(
        instance, engine=engine, work_limit=0.2, time_limit=20, gap=0.05, workers=1, programme=False
    )
    assert api.check(plan, instance).ok
    assert plan.solver.objective <= plan.solver.bound
    if not all(session.candidate for session in instance.sessions):
        assert plan.solver.objective > check(instance, Solution(((),) * LEADERS)).terms.total


def _shares(instance: Instance) -> dict[str, float]:
    sessions, leaders = instance.sessions, instance.leaders
    return {
        "candidates": sum(s.candidate for s in sessions) / len(sessions),
        "quotas": sum(bool(s.quotas) for s in sessions) / len(sessions),
        "roles": sum(s.roles is not None for s in sessions) / len(sessions),
        "rooms": sum(site.rooms is not None for site in instance.sites) / len(instance.sites),
        "several": sum(leader.headcount > 1 for leader in leaders) / len(leaders),
        "wishes": sum(bool(leader.prefers_sessions) for leader in leaders) / len(leaders),
        "depth": max(len(line) for line in instance.lineages) - 1,
        "days": max(len(session.days) for session in sessions),
        "longest chain": max(_before(instance, m) for m in range(len(instance.modules))),
    }


def _before(instance: Instance, module: int) -> int:
    """Modules one before another ahead of a module."""
    required = instance.modules[module].requires
    return max((1 + min(_before(instance, r) for r in entry) for entry in required), default=0)


def test_families_are_what_they_say() -> None:
    drawn = {id_: FAMILIES[id_].draw(600, 100, 5).instance for id_ in FAMILIES}
    shares = {id_: _shares(instance) for id_, instance in drawn.items()}
    assert 0.2 < shares["national"]["candidates"] < 0.45
    assert shares["national-full"]["candidates"] > 0.8
    assert shares["national-full"]["rooms"] > 0.9
    assert drawn["national-full"].lecturers
    assert shares["province"]["quotas"] > 0.6
    assert shares["province"]["longest chain"] == 3
    assert shares["province"]["depth"] == 3
    assert shares["factories"]["rooms"] == 1
    assert all(leader.unavailable for leader in drawn["factories"].leaders)
    assert shares["open"]["candidates"] == 1
    assert shares["open"]["roles"] > 0.4
    assert len(drawn["open"].sessions) >= 600
    assert shares["year"]["days"] == 10
    assert shares["year"]["depth"] >= 4
    assert drawn["year"].n_days > 340
    assert shares["month"]["days"] == 1
    assert shares["month"]["several"] > 0.1
    assert shares["month"]["wishes"] > 0.5
    assert all(5 <= session.seats <= 12 for session in drawn["month"].sessions)


@pytest.mark.parametrize(("family", "most"), [("national", 3), ("province", 1)])
def test_outlets_spare_few(family: str, most: int) -> None:
    instance = FAMILIES[family].draw(600, 100, 5).instance
    outlets = {leader.branch for leader in instance.leaders}
    assert all(1 <= (instance.branches[b].max_away or 0) <= most for b in outlets)
