"""Replanning: what still fits stays, what is frozen stays, and moving people has its price."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.insight.replan import Replanning, default_move_cost, prepare, reasons, settled
from cadreplan.instance import Instance, SkillGap
from cadreplan.messages.saying import say
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from cadreplan.solving import SolveOptions, solve
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.insight.plans import document
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=examples(60), **QUICK)
@given(situations())
def test_on_an_unchanged_roster_everything_stays(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    occupied = frozenset(s for s in solution.running if any(s in chosen for chosen in solution.chosen))
    assume(occupied == solution.running)
    found = prepare(instance, document(instance, solution))
    assert not found.dropped
    assert found.start is not None
    assert (found.start.chosen, found.start.running) == (solution.chosen, solution.running)


@settings(max_examples=examples(80), **QUICK)
@given(situations(), st.data())
def test_what_stays_keeps_all_rules_and_the_rest_has_a_reason(
    situation: tuple[Instance, Solution], data: st.DataObject
) -> None:
    instance, solution = situation
    old = document(instance, solution)
    changed = _changed(instance, data)
    freeze = data.draw(st.none() | st.integers(0, 14))
    found = prepare(changed, old, freeze_before=freeze)
    assume(found.start is not None)
    assert found.start is not None
    assert check(found.original, found.start).ok
    assert check(found.instance, found.start).ok, "frozen pins must be kept by the start"
    stays = {
        (found.original.leaders[i].id, found.original.sessions[s].id)
        for i, chosen in enumerate(found.start.chosen)
        for s in chosen
    }
    assert stays | found.dropped.keys() == set(old.assignments)
    assert not stays & found.dropped.keys()


def _changed(instance: Instance, data: st.DataObject) -> Instance:
    """One leader gone, a session of fewer seats, and somebody unavailable."""
    leaders = list(instance.leaders)
    k = data.draw(st.integers(0, len(leaders) - 1))
    leaders[k] = replace(leaders[k], unavailable=((3, 6),))
    if len(leaders) > 1:
        del leaders[data.draw(st.integers(0, len(leaders) - 1))]
    sessions = list(instance.sessions)
    s = data.draw(st.integers(0, len(sessions) - 1))
    sessions[s] = replace(sessions[s], seats=1, min_seats=min(1, sessions[s].min_seats))
    return replace(instance, leaders=tuple(leaders), sessions=tuple(sessions))


@settings(max_examples=examples(15), **QUICK)
@given(situations(max_leaders=4, max_sessions=5), st.sampled_from((0, 50, 20_000)), st.data())
def test_the_bound_is_one_for_plans_that_move_no_more_people(
    situation: tuple[Instance, Solution], cost: int, data: st.DataObject
) -> None:
    instance, solution = situation
    old = document(instance, solution)
    changed = _changed(instance, data)
    problem = prepare(changed, old, move_cost=cost)
    best = optimum(problem.instance)
    assume(best is not None)
    assert best is not None
    plan = settled(problem, document(problem.instance, best[1]))
    assert check_plan(changed, plan).ok
    assert plan.solver.bound == plan.solver.objective
    anyone = optimum(changed)
    assert anyone is not None
    kept = len(set(old.assignments) & set(plan.assignments))
    assert best[0] == plan.solver.objective + cost * kept
    better = len(set(old.assignments) & set(document(changed, anyone[1]).assignments))
    assert anyone[0] <= plan.solver.bound or better < kept


@pytest.mark.parametrize("engine", ["exact", "columns"])
def test_nobody_moves_for_comfort(engine: Literal["exact", "columns"]) -> None:
    """A leader who would rather have the other session keeps the one that is planned."""
    before = small_instance(leaders=2, seats=1, sessions=2)
    old = _solved(before)
    first = dict(old.assignments)["L0"]
    other = 1 - before.session_by_id[first]
    wish = replace(before.leaders[0], prefers_sessions=((other, 3000),))
    after = replace(before, leaders=(wish, before.leaders[1]))
    assert _replanned(prepare(after, old), engine).assignments == old.assignments
    assert _replanned(prepare(after, old, move_cost=0), engine).assignments != old.assignments
    assert default_move_cost(after) == 10_001


def test_a_newcomer_takes_a_free_seat_but_nobody_elses() -> None:
    before = small_instance(leaders=3, seats=2, sessions=2)
    old = _solved(before)
    newcomer = replace(before.leaders[0], id="N", gaps=(SkillGap(0, 1, 3),))
    after = replace(before, leaders=(*before.leaders, newcomer))
    new = _replanned(prepare(after, old))
    assert set(old.assignments) < set(new.assignments)
    assert "N" in dict(new.assignments)


def test_what_begins_before_the_freeze_stays_as_it_was() -> None:
    """A seat that is free in a frozen session isn't given away, and whoever had one keeps it."""
    before = small_instance(leaders=2, seats=2, sessions=2)
    chosen = Solution(((0,), (1,)))
    old = document(before, chosen)
    third = replace(before.leaders[0], id="N")
    after = replace(before, leaders=(*before.leaders, third))
    freeze = before.sessions[1].first_day
    problem = prepare(after, old, freeze_before=freeze, move_cost=0)
    assert problem.n_frozen == 1
    assert dict(_replanned(problem).assignments) == {"L0": "S0", "L1": "S1", "N": "S1"}


def test_every_move_has_a_reason() -> None:
    before = small_instance(leaders=3, seats=3, sessions=2)
    old = document(before, Solution(((0,), (0,), (0,))))
    fewer = replace(before.sessions[0], seats=2)
    after = replace(before, sessions=(fewer, before.sessions[1]), leaders=before.leaders[1:])
    cramped = replace(after, sessions=(replace(fewer, seats=1), before.sessions[1]))
    new = _replanned(prepare(cramped, old))
    why = reasons(prepare(cramped, old), old, new)
    assert say(why["L0", "S0"]) == "L0 has left the roster"
    (moved,) = (say(told) for (leader, _), told in why.items() if leader != "L0")
    assert moved == "S0 has 1 seat, 1 of them taken"
    cancelled = replace(after, sessions=after.sessions[1:])
    empty = _replanned(prepare(cancelled, old))
    assert set(map(say, reasons(prepare(cancelled, old), old, empty).values())) == {
        "L0 has left the roster",
        "S0 is cancelled",
    }


def _solved(instance: Instance) -> Plan:
    return solve(instance, SolveOptions("exact", workers=1, programme=False))


def _replanned(problem: Replanning, engine: Literal["exact", "columns"] = "exact") -> Plan:
    plan = settled(problem, solve(problem.instance, SolveOptions(engine, workers=1), start=problem.start))
    assert not resolve(problem.original, plan)[1]
    return plan
