"""Norms, waiting and the guarantee: what is missing in a window, who is left out, what a plan says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.instance import Instance, Norm, Owed
from cadreplan.plan import Guarantee, OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.solution import Solution
from cadreplan.verification.plans import check_plan
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build

HOURS, TIMES = Norm("yearly", "集中培训"), Norm("once", "任职培训", counts_sessions=True)
ALWAYS = (-60, 300)


def _build(*owed: Owed, **weights: int) -> Build:
    """L1 owes this; S1 on day 1 has 4 hours, S2 on days 5 to 8 has 6."""
    build = Build(weights=replace(FREE, **weights), norms=[HOURS, TIMES])
    build.module("M2", teaches="k:1", hours=6).session("S1", 1).session("S2", (5, 6, 7, 8), modules="M2")
    return build.leader("L1", owes=owed)


# --- norms ----------------------------------------------------------------------------------------------


def test_hours_missing_to_a_norm_are_charged() -> None:
    build = _build(Owed(0, 20, 3, *ALWAYS), norm=5)
    assert build.report().terms == Terms(norm=-5 * 17)
    assert build.report("L1: S1").terms == Terms(norm=-5 * 13)
    assert build.report("L1: S1 S2").terms == Terms(norm=-5 * 7)


def test_hours_beyond_a_norm_are_worth_nothing() -> None:
    assert _build(Owed(0, 20, 10, *ALWAYS), norm=5).report("L1: S1 S2").terms == Terms()
    assert _build(Owed(0, 20, 9, *ALWAYS), norm=5).report("L1: S1 S2").terms == Terms(norm=-5)
    assert _build(Owed(0, 20, 25, *ALWAYS), norm=5).report().terms == Terms()


def test_hours_count_on_the_days_of_the_window_alone() -> None:
    """A day of S2 has an hour and a half; what falls on the days up to any is rounded down."""
    one = "L1: S2"
    assert _build(Owed(0, 20, 0, 5, 8), norm=1).report(one).terms.norm == -(20 - 6)
    assert _build(Owed(0, 20, 0, 6, 30), norm=1).report(one).terms.norm == -(20 - 5)
    assert _build(Owed(0, 20, 0, -9, 5), norm=1).report(one).terms.norm == -(20 - 1)
    assert _build(Owed(0, 20, 0, 9, 30), norm=1).report(one).terms.norm == -20


def test_hours_of_neighbouring_windows_add_up_to_all() -> None:
    for last in range(4, 9):
        build = _build(Owed(0, 20, 0, -9, last), Owed(0, 20, 0, last + 1, 99), norm=1)
        assert build.report("L1: S2").terms.norm == -(40 - 6)


def test_sessions_count_where_they_end_in_the_window() -> None:
    for window, missing in (((1, 8), 0), ((1, 7), 1), ((2, 8), 1), ((9, 20), 2)):
        build = _build(Owed(1, 2, 0, *window), norm=7)
        assert build.report("L1: S1 S2").terms.norm == -7 * missing


def test_every_norm_that_applies_is_charged() -> None:
    build = _build(Owed(0, 20, 0, *ALWAYS), Owed(1, 2, 0, *ALWAYS), norm=1)
    assert build.report("L1: S1").terms.norm == -(16 + 1)


def test_hours_of_a_norm_count_a_module_once() -> None:
    build = Build(weights=replace(FREE, norm=1), norms=[HOURS]).module("M", teaches="k:1", hours=8)
    build.session("S1", 1, modules="M").session("S2", 4, modules="M")
    assert build.leader("L1", owes=(Owed(0, 20, 0, *ALWAYS),)).report("L1: S1 S2").terms.norm == -12


# --- waiting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("waited", [0, 1, 4])
def test_who_is_left_out_is_charged_by_the_square_of_the_time_waited(waited: int) -> None:
    build = Build(weights=replace(FREE, wait=3)).session("S1", 1).leader("L1", waited=waited)
    assert build.report().terms == Terms(wait=-3 * (waited + 1) ** 2)
    assert build.report("L1: S1").terms == Terms()


def test_who_has_no_skill_gap_or_has_left_does_not_wait() -> None:
    build = Build(weights=replace(FREE, wait=3)).session("S1", 1)
    build.leader("L1", gaps="", waited=4).leader("L2", waited=4, left=True)
    assert build.report().terms == Terms()


def test_headcount_does_not_multiply_waiting() -> None:
    build = Build(weights=replace(FREE, wait=3)).session("S1", 1).leader("L1", headcount=5)
    assert build.report().terms == Terms(wait=-3)


# --- the guarantee --------------------------------------------------------------------------------------


def _promised(least: int | None) -> Build:
    build = Build(weights=replace(FREE, gap=10), guarantee=least).session("S1", 1, seats=2)
    build.leader("L1", waited=1).leader("L2", waited=2).leader("L3", waited=3)
    return build.leader("L4", waited=9, gaps="")


def test_left_out_are_those_who_waited_as_long_as_the_guarantee_says() -> None:
    assert [_promised(n).report().left_out for n in (1, 2, 3, 4)] == [3, 2, 1, 0]
    assert _promised(2).report("L1: S1, L2: S1, L3: , L4: ").left_out == 1
    assert _promised(None).report().left_out is None


def test_a_promise_is_taken_off_the_value_and_not_off_the_worth() -> None:
    build = Build(weights=replace(FREE, gap=10)).session("S1", 1)
    build.leader("L1", promise=700).leader("L2", promise=40)
    report = build.report("L1: S1, L2: ")
    assert (report.terms.total, report.charge, report.value) == (10, 40, -30)


def _stated(change: dict[str, object], status: str = "optimal", bound: int = 20) -> list[str]:
    """What the check says of a plan of `_promised(2)` that leaves L1 out."""
    instance: Instance = _promised(2).instance
    solution = Solution(((), (0,), (0,), ()))
    terms = check(instance, solution).terms
    right = Guarantee(2, 0, 0)
    plan = Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", status, 20, bound, (bound - 20) / bound, 1.0, 0, 1, "0"),  # type: ignore[arg-type]
        terms,
        (("L2", "S1"), ("L3", "S1")),
        (PlannedSession("S1", True),),
        (OpenGap("L1", "kS1", "seats", "…"),),
        guarantee=None if change == {"absent": True} else replace(right, **change),  # type: ignore[arg-type]
    )
    return [v.message for v in check_plan(instance, plan).violations]


def test_what_a_plan_states_of_its_guarantee_is_recounted() -> None:
    assert _stated({}) == []
    assert _stated({"without": 20, "without_bound": 30}) == []
    assert _stated({"left_out": 1, "least": 1}) == ["1 stated as left out, recounted 0"]
    assert "the policy has 2" in _stated({"waited": 3})[0]
    assert "fewer than the least of 1" in " ".join(_stated({"least": 1}))
    assert "below a plan worth 25" in _stated({"without": 25, "without_bound": 24})[0]
    assert "nothing is stated" in _stated({"absent": True})[0]


def test_a_plan_is_optimal_only_where_the_fewest_are_proven() -> None:
    instance = _promised(1).instance
    plan = Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "optimal", 20, 20, 0.0, 1.0, 0, 1, "0"),
        Terms(gaps=20),
        (("L2", "S1"), ("L3", "S1")),
        (PlannedSession("S1", True),),
        (OpenGap("L1", "kS1", "seats", "…"),),
        guarantee=Guarantee(1, 1, 1),
    )
    assert check_plan(instance, plan).ok
    rough = replace(plan, guarantee=Guarantee(1, 1, 0))
    assert [v.where for v in check_plan(instance, rough).violations] == ["status"]
