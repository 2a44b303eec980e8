"""What the generators write reads back as the instance they drew, with no finding but shortages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from benchmarks import peer, run
from benchmarks.draw import Drawn, draw
from benchmarks.public import course_allocation, workshop_tour
from benchmarks.roster.files import write
from cadreplan.loading.load import load_roster
from cadreplan.rules.registry import DEMAND_RULES

ROSTERS: dict[str, Callable[[], Drawn]] = {
    **{f"all-{seed}": partial(draw, 400, 120, seed) for seed in range(4)},
    "core": lambda: draw(300, 80, 1, rules="core"),
    "large": lambda: draw(4000, 300, 9),
    "tiny": lambda: draw(1, 1, 1),
    "courses": lambda: course_allocation.roster(course_allocation.synthetic(1), "Synthetic courses"),
    "tour": lambda: workshop_tour.roster(workshop_tour.synthetic(1), "Synthetic workshop tour"),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_files_read_as_the_drawn_instance(name: str, tmp_path: Path) -> None:
    drawn = ROSTERS[name]()
    loaded = load_roster(write(drawn, tmp_path))
    drawn_so = {"room-seats", "same-name", *(rule.id for rule in DEMAND_RULES)}
    assert {found.rule for found in loaded.warnings} <= drawn_so
    assert loaded.instance == drawn.instance


def test_a_case_is_run_and_verified(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    arguments = ["--set", "smoke", "--methods", "highs", "first-come", "priority", "--workers", "1"]
    assert run.main([*arguments, "--work", str(tmp_path / "work"), "-o", str(page)]) == 0
    assert page.read_text(encoding="utf-8").count("| kept |") == 3
    assert page.with_suffix(".svg").exists()
    assert (tmp_path / "work" / "60x30" / "highs.log").exists()


def test_a_peer_without_a_plan_says_so(tmp_path: Path) -> None:
    roster = write(draw(1000, 150, 1), tmp_path)
    result = tmp_path / "result.json"
    assert peer.main(["scip", str(roster), "--time-limit", "0.001", "-o", str(result)]) == 4
    assert not result.exists()
