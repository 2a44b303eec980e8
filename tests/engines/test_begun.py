"""What has begun may hold one module twice: it counts once in the check, both engines and their bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import ModuleType

import pytest

from cadreplan.engines.columns import solve as columns
from cadreplan.engines.exact import engine as exact
from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance, Norm, Owed
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.check.base import FREE, Build
from tests.engines.recorder import Recorder


def _season(build: Build, *owed: Owed, shared: str = "mM") -> Instance:
    """S1 and S2 have begun and L1 attended both; S2 has the module of S1, or another. S3 may follow: for
    500 points of travel it brings 8 hours. Each has 8 hours.
    """
    build.norms = [Norm("yearly", "学时"), Norm("times", "班次", counts_sessions=True)]
    for name in ("mM", "mN", "mO"):
        build.module(name, hours=8)
    build.session("S1", (1, 2), modules="mM").session("S2", (5, 6), modules=shared)
    build.session("S3", (10,), modules="mO")
    build.leader("L1", gaps="kM:1:1 kO:1:1", pinned="S1 S2", owes=owed, prefers={"S3": -500})
    instance = build.instance
    sessions = tuple(replace(s, frozen=s.id != "S3") for s in instance.sessions)
    return replace(instance, sessions=sessions)


CASES = {
    "hours": (Owed(0, 20, 0, -60, 300),),
    "half credited": (Owed(0, 20, 4, -60, 300),),
    "all credited": (Owed(0, 20, 12, -60, 300),),
    "one more than that": (Owed(0, 21, 12, -60, 300),),
    "a part of the window": (Owed(0, 20, 0, 2, 5),),
    "sessions": (Owed(1, 3, 0, -60, 300),),
    "both": (Owed(0, 18, 0, -60, 300), Owed(1, 3, 1, -60, 300)),
}


@pytest.mark.parametrize("engine", [exact, columns], ids=["exact", "columns"])
@pytest.mark.parametrize("owed", list(CASES.values()), ids=list(CASES))
@pytest.mark.parametrize("shared", ["mM", "mN"])
def test_a_module_that_was_had_twice_counts_once(
    engine: ModuleType, owed: tuple[Owed, ...], shared: str
) -> None:
    instance = _season(Build(weights=replace(FREE, norm=100)), *owed, shared=shared)
    _same_everywhere(engine, instance)


@pytest.mark.parametrize("engine", [exact, columns], ids=["exact", "columns"])
@pytest.mark.parametrize("least", [8, 12, 13, 14, 16, 21, 22])
def test_and_so_for_the_study_hours_wanted_of_everybody(engine: ModuleType, least: int) -> None:
    """S3 is worth its way where more than 5 hours are missing: at 14 and not at 13."""
    instance = _season(Build(weights=replace(FREE, hour=100), min_hours=least))
    chosen = _same_everywhere(engine, instance)
    assert (2 in chosen) == (least >= 14) or least == 13


@pytest.mark.parametrize("engine", [exact, columns], ids=["exact", "columns"])
@pytest.mark.parametrize("core", ["", "mM", "mO"])
@pytest.mark.parametrize("share", ["0.3", "0.4", "0.5", "0.6", "0.7"])
def test_and_so_for_the_share_of_core_hours(engine: ModuleType, core: str, share: str) -> None:
    """With S3 half of the hours are core: 8 of 16, not 8 or 16 of 24."""
    build = Build(core_share=Fraction(share))
    instance = _twice_begun(build, dict.fromkeys(("mM", "mO"), "lecture"), core)
    chosen = _same_everywhere(engine, instance, _BEGUN)
    assert (2 in chosen) == (bool(core) and Fraction(share) <= Fraction(1, 2))


@pytest.mark.parametrize("engine", [exact, columns], ids=["exact", "columns"])
@pytest.mark.parametrize(("least", "other"), [(2, "seminar"), (3, "seminar"), (2, "lecture")])
def test_and_so_for_teaching_methods(engine: ModuleType, least: int, other: str) -> None:
    """With S3 there are two modules, not three: two methods are all that can be asked of them."""
    instance = _twice_begun(Build(min_methods=least), {"mM": "lecture", "mO": other}, "mM mO")
    assert (2 in _same_everywhere(engine, instance, _BEGUN)) == (other == "seminar")


_BEGUN = Solution(((0, 1),), frozenset(), {})


def _twice_begun(build: Build, methods: dict[str, str], core: str) -> Instance:
    """S1 and S2 have begun, both of module mM and attended by L1; S3 of mO may follow. All have 8 hours."""
    for name, method in methods.items():
        build.module(name, hours=8, method=method, core=name in core.split())
    build.session("S1", (1, 2), modules="mM").session("S2", (5, 6), modules="mM")
    build.session("S3", (10,), modules="mO")
    build.leader("L1", gaps="kM:1:1 kO:1:1", pinned="S1 S2", prefers={"S3": 1})
    instance = build.instance
    return replace(instance, sessions=tuple(replace(s, frozen=s.id != "S3") for s in instance.sessions))


def _same_everywhere(engine: ModuleType, instance: Instance, past: Solution | None = None) -> tuple[int, ...]:
    proven = optimum(instance, past)
    assert proven is not None
    recorder = Recorder()
    engine.solve(instance, EngineOptions(), recorder)
    best = recorder.solutions[-1]
    assert check(instance, best).value == proven[0]
    assert min(recorder.bounds) == proven[0]
    return best.chosen[0]


def test_a_plan_laid_out_for_questions_misses_as_much_as_the_check_says() -> None:
    for owed in CASES.values():
        instance = _season(Build(weights=replace(FREE, norm=100)), *owed)
        for chosen in ((0,), (0, 1), (0, 1, 2)):
            solution = Solution((chosen,), frozenset(), {})
            modules = {m for s in chosen for m in instance.sessions[s].modules}
            assert PlanState(instance, solution).studies(chosen).hours == 8 * len(modules)
            missing = PlanState(instance, solution).missing_to_norms(0, chosen)
            assert check(instance, solution).terms.norm == -100 * missing
