"""A bound or a proof that a plan refutes ends the solve as a bug: nothing is bent to fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

import cadreplan.solving.staffing as staffing_module
from cadreplan.engines.choose import ENGINES
from cadreplan.errors import RefutedBoundError
from cadreplan.insight import bottlenecks_fixes
from cadreplan.insight.around import Outcome
from cadreplan.insight.bottlenecks_fixes import proposals, verify
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import Prices, prices_of
from cadreplan.instance import Instance, Lecturer
from cadreplan.solution import Solution
from cadreplan.solving import SolveOptions, solve
from cadreplan.solving.around import solve_around
from cadreplan.solving.finish import Assigned
from cadreplan.solving.simple import bare_solution
from cadreplan.solving.staffing import Staffing
from cadreplan.verification.rules import check
from tests.solving.small import small_instance

_OPTIONS = SolveOptions(engine="exact", workers=1)


@pytest.fixture
def instance() -> Instance:
    return small_instance(leaders=2, seats=1, sessions=2)


@pytest.fixture
def empty(instance: Instance) -> Solution:
    found = bare_solution(instance)
    assert found is not None
    return found


def test_a_small_instance_is_proven_only_where_bound_and_worth_meet(
    instance: Instance, empty: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    best, proven = solve_around(instance, empty)
    assert proven
    assert check(instance, best).terms.total > 0
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:lying")
    with pytest.raises(RefutedBoundError, match="above the bound of -1000000000"):
        solve_around(instance, empty)


def test_no_contradiction_is_believed_where_a_plan_is_known(
    instance: Instance, empty: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:despairing")
    with pytest.raises(RefutedBoundError, match="states that there is no plan \\(nothing fits\\)"):
        solve_around(instance, empty)
    with pytest.raises(RefutedBoundError, match="states that there is no plan \\(nothing fits\\)"):
        solve(instance, _OPTIONS)


def test_a_refuted_bound_of_the_solver_process_ends_the_solve(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecturer = Lecturer("T", "T", "tutor")
    monkeypatch.setattr(staffing_module, "_DRAFT", "tests.solving.stand_ins:refuted")
    with pytest.raises(RefutedBoundError, match="two is less than one"):
        solve(replace(instance, lecturers=(lecturer,)), _OPTIONS)


def test_an_assignment_above_the_bound_of_its_own_round_is_a_bug(instance: Instance) -> None:
    best, _ = solve_around(instance, Solution(((), ())))
    worth = check(instance, best).terms.total
    staffing = Staffing(instance, _OPTIONS, 0.0, None, lambda *_: None, lambda: True)
    assert staffing.run(Assigned(best, worth, "proven", "exact")).worth == worth
    with pytest.raises(RefutedBoundError, match=f"worth {worth} points is above the bound of {worth - 1}"):
        staffing.run(Assigned(best, worth - 1, "proven", "exact"))


def test_prices_that_prove_less_than_the_plan_are_a_bug(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    best, _ = solve_around(instance, Solution(((), ())))
    state = PlanState(instance, best)
    assert prices_of(state).ceiling >= prices_of(state).worth
    monkeypatch.setattr("cadreplan.engines.columns.pricing.pricer.PricingPass.points", -1)
    with pytest.raises(RefutedBoundError, match="above the bound of -1 that its prices prove"):
        prices_of(state)


def test_a_change_that_is_proven_to_bring_less_than_nothing_is_a_bug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = small_instance(leaders=2, seats=1)
    state = PlanState(instance, Solution(((0,), ())))
    prices: Prices = prices_of(state)
    change = proposals(state, prices)[0]
    solution = state.solution()
    outcomes = iter((Outcome(solution, 5, True), Outcome(solution, 4, True)))
    monkeypatch.setattr(bottlenecks_fixes, "resolved_around", lambda *_, **__: next(outcomes))
    with pytest.raises(RefutedBoundError, match="4 points are stated as the most, but 5 are"):
        verify(state, change, prices, solve_around)
    unproven = iter((Outcome(solution, 5, True), Outcome(solution, 4, False)))
    monkeypatch.setattr(bottlenecks_fixes, "resolved_around", lambda *_, **__: next(unproven))
    assert verify(state, change, prices, solve_around).gained == 0
