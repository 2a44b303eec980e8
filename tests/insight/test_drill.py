"""Drills: what a cancelled session costs is what solving again without it says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings

from cadreplan.insight.drill import drill
from cadreplan.insight.obstacles import forbidden
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving import SolveOptions, solve, solve_around
from tests.draws import examples
from tests.insight.plans import document
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance


def test_those_who_find_a_seat_elsewhere_are_reseated_and_the_others_miss_out() -> None:
    instance = small_instance(leaders=3, seats=2, sessions=2)
    plan = document(instance, Solution(((0,), (0,), (1,))))
    found = {d.session: d for d in drill(instance, plan, solve_around)}
    cancelled = found[0].cancelled
    assert cancelled is not None
    assert (len(cancelled.reseated), len(cancelled.missing), cancelled.lost) == (1, 1, 9950)
    assert found[0].at_stake == 2 * 9950
    other = replace(instance, sessions=(instance.sessions[1],))
    best = solve(other, SolveOptions("exact", workers=1, programme=False)).solver.objective
    assert best == plan.solver.objective - cancelled.lost


def test_standbys_are_those_whom_only_the_seats_keep_out() -> None:
    instance = small_instance(leaders=4, seats=2)
    away = replace(instance.leaders[3], unavailable=((0, 9),))
    instance = replace(instance, leaders=(*instance.leaders[:3], away))
    (found,) = drill(instance, document(instance, Solution(((0,), (0,), (), ()))), solve_around)
    assert found.standby == (2,)
    assert found.cancelled is not None
    assert found.cancelled.missing == (0, 1)


def test_only_as_many_as_asked_for_are_tried() -> None:
    instance = small_instance(leaders=2, seats=1, sessions=2)
    found = drill(instance, document(instance, Solution(((0,), (1,)))), solve_around, verified=1)
    assert [d.cancelled is None for d in found] == [False, True]


def test_the_estimate_counts_who_finds_a_free_seat() -> None:
    instance = small_instance(leaders=3, seats=2, sessions=2)
    plan = document(instance, Solution(((0,), (0,), (1,))))
    found = {d.session: d for d in drill(instance, plan, solve_around, verified=0)}
    assert (found[0].at_stake, found[0].estimated) == (2 * 9950, 9950)
    assert (found[1].at_stake, found[1].estimated) == (9950, 9950)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(situations())
def test_no_more_is_found_elsewhere_than_the_estimate_says(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    pairs = [(i, s) for i, chosen in enumerate(solution.chosen) for s in chosen]
    assume(pairs)
    worth = Sieve(PlanState(instance, solution)).elsewhere(pairs)
    for r, (i, s) in enumerate(pairs):
        chosen = list(solution.chosen)
        chosen[i] = tuple(t for t in chosen[i] if t != s)
        without = PlanState(instance, replace(solution, chosen=tuple(chosen)))
        for t in range(len(instance.sessions)):
            if t == s or t in chosen[i] or not without.closed(instance.leaders[i], t):
                continue
            if forbidden(without, i, t) is None:
                assert max(0.0, worth[r, t]) >= without.gain(i, t)
