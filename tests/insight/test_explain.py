"""Explanations and cures are true: each is checked by changing the data and solving again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.check import check
from cadreplan.insight.around import resolved_around
from cadreplan.insight.explain import explain
from cadreplan.insight.fixes import fixes
from cadreplan.insight.obstacles import Step, forbidden, obstacles
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving.around import solve_around
from tests.brute_force import optimum
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=40, **QUICK)
@given(situations(), st.data())
def test_solving_around_some_leaders_is_as_good_as_can_be_with_the_others_fixed(
    situation: tuple[Instance, Solution], data: st.DataObject
) -> None:
    instance, solution = situation
    free = data.draw(st.sets(st.integers(0, len(instance.leaders) - 1), min_size=1))
    outcome = resolved_around(instance, Standing(instance, solution), free, solve_around)
    assert check(instance, outcome.solution).ok
    assert outcome.proven
    assert all(
        outcome.solution.chosen[i] == solution.chosen[i]
        for i in range(len(instance.leaders))
        if i not in free
    )
    best = optimum(_fixed(instance, solution, free))
    assert best is not None
    worth = check(instance, outcome.solution).terms.total
    assert outcome.gained == worth - check(instance, solution).terms.total
    assert outcome.gained >= 0
    assert worth <= best[0]
    as_it_is = not solution.running and all(site.rooms is None for site in instance.sites)
    if as_it_is:
        assert worth == best[0]


def _fixed(instance: Instance, solution: Solution, free: set[int]) -> Instance:
    """The instance in which only `free` leaders have a choice, and that among running sessions."""
    everything = range(len(instance.sessions))
    leaders = []
    for i, (leader, chosen) in enumerate(zip(instance.leaders, solution.chosen, strict=True)):
        idle = [s for s in everything if not solution.runs(instance, s)]
        others = [s for s in everything if s not in chosen]
        excluded = tuple(sorted({*leader.excluded, *(idle if i in free else others)}))
        leaders.append(replace(leader, excluded=excluded, pinned=leader.pinned if i in free else chosen))
    return replace(instance, leaders=tuple(leaders))


@settings(max_examples=120, **QUICK)
@given(situations())
def test_fixes_take_the_obstacles_out_of_the_way(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    state = Standing(instance, solution)
    for i in range(len(instance.leaders)):
        for s in range(len(instance.sessions)):
            if s in state.chosen[i] or not state.closed(instance.leaders[i], s):
                continue
            needed = fixes(state, i, s, [o for o in obstacles(state, i, s) if o.step < Step.NOT_WORTH])
            if not needed:
                continue
            changed = instance
            for fix in needed:
                assert fix.size > 0
                changed = fix.apply(changed)
            assert check(changed, solution).ok
            assert forbidden(Standing(changed, solution), i, s) is None


@settings(max_examples=25, **QUICK)
@given(situations())
def test_a_cure_closes_the_gap_and_gains_what_it_says(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    state = Standing(instance, solution)
    gaps = [(i, g) for i in range(len(instance.leaders)) for g in state.open_positions(i)]
    assume(gaps)
    i, g = gaps[0]
    found = explain(state, i, g, solve_around)
    for cure in found.cures:
        changed = instance
        for fix in cure.fixes:
            changed = fix.apply(changed)
        report = check(changed, cure.solution)
        assert report.ok
        assert g not in Standing(changed, cure.solution).open_positions(i)
        assert cure.session in cure.solution.chosen[i]
        assert cure.gained == report.terms.total - check(changed, solution).terms.total
        assert {
            j
            for j in range(len(instance.leaders))
            if j != i and cure.solution.chosen[j] != solution.chosen[j]
        } == set(cure.changed)


def test_a_full_session_names_its_holders_and_one_more_seat_cures() -> None:
    instance = small_instance(leaders=3, seats=2)
    solution = Solution(((0,), (0,), ()))
    found = explain(Standing(instance, solution), 2, 0, solve_around)
    (way,) = found.ways
    (hurdle,) = way.hurdles
    assert hurdle.obstacle.code == "seats"
    assert [(h.leader, h.worth) for h in hurdle.holders] == [(0, 9950), (1, 9950)]
    (cure,) = found.cures
    assert [fix.text for fix in cure.fixes] == ["one more seat in S0"]
    assert (cure.gained, cure.changed, cure.proven) == (9950, (), True)
