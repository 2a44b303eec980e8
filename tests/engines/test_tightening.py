"""A constraint more never makes the proven optimum larger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cadreplan.engines.columns.solve import solve_all as columns
from cadreplan.engines.exact.engine import solve as exact
from cadreplan.engines.interface import EngineOptions
from cadreplan.engines.stones import lead_up
from cadreplan.errors import ContradictionError
from cadreplan.insight.bottlenecks_fixes import proposals, verify
from cadreplan.insight.explain import explain
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import prices_of
from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution
from cadreplan.solving.around import solve_around
from cadreplan.verification.layout import closed_by
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.check.base import Build
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.strategies import instances, ladders

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def _proven(instance: Instance) -> tuple[int, Solution] | None:
    """The optimum as `exact` proves it, None where pins leave no plan."""
    recorder = Recorder()
    try:
        exact(instance, EngineOptions(), recorder)
    except ContradictionError:
        return None
    best = recorder.solutions[-1]
    worth = check(instance, best).value
    assert worth == min(recorder.bounds)
    return worth, best


def _with_leader(instance: Instance, i: int, leader: Leader) -> Instance:
    leaders = list(instance.leaders)
    leaders[i] = leader
    return replace(instance, leaders=tuple(leaders))


@st.composite
def tightened(draw: st.DrawFn) -> tuple[Instance, Instance]:
    """An instance, and the same with one to three constraints more."""
    kwargs = {"max_leaders": 5, "max_sessions": 7}
    before = draw(st.one_of(instances(**kwargs), ladders(**kwargs)))
    after = before
    for _ in range(draw(st.integers(1, 3))):
        after = draw(st.sampled_from((_pin, _pin, _exclude, _fewer_seats, _fewer_sessions, _away)))(
            draw, after
        )
    return before, after


def _who(draw: st.DrawFn, instance: Instance) -> tuple[int, Leader]:
    i = draw(st.integers(0, len(instance.leaders) - 1))
    return i, instance.leaders[i]


def _pin(draw: st.DrawFn, instance: Instance) -> Instance:
    """Mostly to what may be useful anyway."""
    i, leader = _who(draw, instance)
    closing = {s for s in range(len(instance.sessions)) if closed_by(instance, leader, s)}
    useful = sorted(closing | lead_up(instance, leader, closing))
    some = useful if useful and draw(st.integers(0, 9)) else list(range(len(instance.sessions)))
    pinned = {*leader.pinned, draw(st.sampled_from(some))}
    return _with_leader(instance, i, replace(leader, pinned=tuple(sorted(pinned))))


def _exclude(draw: st.DrawFn, instance: Instance) -> Instance:
    i, leader = _who(draw, instance)
    excluded = {*leader.excluded, draw(st.integers(0, len(instance.sessions) - 1))}
    return _with_leader(instance, i, replace(leader, excluded=tuple(sorted(excluded))))


def _fewer_seats(draw: st.DrawFn, instance: Instance) -> Instance:
    s = draw(st.integers(0, len(instance.sessions) - 1))
    sessions = list(instance.sessions)
    sessions[s] = replace(sessions[s], seats=draw(st.integers(0, sessions[s].seats)))
    return replace(instance, sessions=tuple(sessions))


def _fewer_sessions(draw: st.DrawFn, instance: Instance) -> Instance:
    i, leader = _who(draw, instance)
    most = draw(st.integers(0, 3 if leader.max_sessions is None else leader.max_sessions))
    return _with_leader(instance, i, replace(leader, max_sessions=most))


def _away(draw: st.DrawFn, instance: Instance) -> Instance:
    i, leader = _who(draw, instance)
    day = draw(st.integers(0, instance.n_days - 1))
    return _with_leader(instance, i, replace(leader, unavailable=(*leader.unavailable, (day, day))))


def _only_useful(instance: Instance, solution: Solution) -> bool:
    """Whether a plan breaks `useful` and nothing else."""
    return {violation.rule for violation in check(instance, solution).violations} == {"useful"}


def _stepping_stone() -> tuple[Instance, Instance]:
    """The second level needs the first, which nobody lacks; and the same with a pin to the first."""
    build = Build(weights=replace(Build().weights, gap=1000))
    build.module("A", teaches="k:1").module("B", teaches="k:2", requires="A")
    build.session("S1", 1, modules="A").session("S2", 8, modules="B").leader("L1", gaps="k:2:1")
    instance = build.instance
    return instance, _with_leader(instance, 0, replace(instance.leaders[0], pinned=(0,)))


@settings(max_examples=examples(250), **QUICK)
@given(tightened())
@example(_stepping_stone())
def test_the_proven_optimum_never_rises_with_a_constraint_more(pair: tuple[Instance, Instance]) -> None:
    """A pin also excuses its session, and what leads up to it, from `useful`: only that may bring more."""
    before, after = (_proven(instance) for instance in pair)
    if after is None:
        return
    if before is None or after[0] > before[0]:
        assert pair[0].leaders != pair[1].leaders
        assert _only_useful(pair[0], after[1])


@settings(max_examples=examples(40), **QUICK)
@given(tightened())
@example(_stepping_stone())
def test_no_bound_is_below_the_optimum_with_a_constraint_more(pair: tuple[Instance, Instance]) -> None:
    after = _proven(pair[1])
    if after is None or not check(pair[0], after[1]).ok:
        return
    recorder = Recorder()
    columns(pair[0], EngineOptions(work_limit=0.2), recorder)
    assert min(recorder.bounds) >= after[0]


@settings(max_examples=examples(60), **QUICK)
@given(st.one_of(instances(max_leaders=4, max_sessions=6), ladders(max_leaders=4, max_sessions=6)))
def test_what_changes_no_data_brings_the_best_plan_nothing(instance: Instance) -> None:
    best = _proven(instance)
    if best is None:
        return
    state = PlanState(instance, best[1])
    for i in range(len(instance.leaders)):
        for g in state.open_positions(i)[:1]:
            for cure in explain(state, i, g, solve_around).cures:
                if all(fix.apply(instance) is instance for fix in cure.fixes):
                    assert cure.gained <= 0
                    assert check(instance, cure.solution).ok
    weights = instance.policy.weights
    if min(weights.gap, weights.km, weights.day, weights.hour, weights.open, weights.underfill) < 0:
        return
    prices = prices_of(state)
    for proposal in proposals(state, prices):
        if proposal.apply(instance) is instance:
            assert verify(state, proposal, prices, solve_around).gained == 0, proposal.text


@pytest.mark.parametrize("engine", [exact, columns])
def test_a_stepping_stone_is_taken_without_a_pin(engine: object) -> None:
    free, pinned = _stepping_stone()
    assert optimum(free) == optimum(pinned)
    recorder = Recorder()
    engine(free, EngineOptions(work_limit=0.2), recorder)  # type: ignore[operator]
    assert recorder.solutions[-1].chosen == ((0, 1),)
