"""Reasons for open skill gaps are true, and what is worth adding is added."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.check import check
from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import Step, first_obstacle, obstacles
from cadreplan.insight.reasons import open_gaps
from cadreplan.insight.sieve import Sieve
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving.simple import empty_solution
from tests.brute_force import optimum
from tests.strategies import instances

CODE_OF_RULE = {
    "seats": "seats",
    "rooms": "seats",
    "candidate": "candidate",
    "beds": "beds",
    "branch": "branch",
    "repeat": "traded",
    "overlap": "traded",
    "dates": "dates",
    "audience": "audience",
    "pins": "audience",
    "prerequisite": "prerequisite",
    "limits": "limits",
    "standards": "standards",
}
"""What a rule that an addition breaks is called as a reason."""

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@st.composite
def situations(draw: st.DrawFn, *, max_leaders: int = 5, max_sessions: int = 7) -> tuple[Instance, Solution]:
    """An instance and a solution that keeps all rules: candidates opened, additions of any worth made."""
    instance = draw(instances(max_leaders=max_leaders, max_sessions=max_sessions, pins=False))
    start = empty_solution(instance)
    assume(start is not None)
    assert start is not None
    solution = start
    for s, session in enumerate(instance.sessions):
        if session.candidate and draw(st.booleans()):
            opened = replace(solution, running=solution.running | {s})
            rooms = instance.sites[session.site].rooms or (None,)
            for r in range(len(rooms)):
                housed = opened if rooms[r] is None else replace(opened, rooms={**solution.rooms, s: r})
                if {v.rule for v in check(instance, housed).violations} <= {"candidate"}:
                    solution = housed
                    break
    pairs = st.tuples(st.integers(0, len(instance.leaders) - 1), st.integers(0, len(instance.sessions) - 1))
    for i, s in draw(st.lists(pairs, max_size=12)):
        wider = _with(solution, i, s)
        if s not in solution.chosen[i] and {v.rule for v in check(instance, wider).violations} <= {
            "candidate"
        }:
            solution = wider
    assume(check(instance, solution).ok)
    return instance, solution


def _with(solution: Solution, i: int, s: int) -> Solution:
    chosen = list(solution.chosen)
    chosen[i] = tuple(sorted({*chosen[i], s}))
    return replace(solution, chosen=tuple(chosen))


def _closers(instance: Instance, skill: int, level: int) -> list[int]:
    return [s for s, taught in enumerate(instance.levels_taught) if taught.get(skill, level - 1) >= level]


def _open(instance: Instance, solution: Solution) -> list[tuple[int, int, int]]:
    """(leader, skill, level) of every open skill gap."""
    return [
        (i, gap.skill, gap.level)
        for i, leader in enumerate(instance.leaders)
        for gap in leader.gaps
        if not set(_closers(instance, gap.skill, gap.level)) & set(solution.chosen[i])
    ]


def _broken(instance: Instance, solution: Solution, i: int, s: int) -> set[str]:
    """The reasons that speak against an addition, found by checking the plan with it."""
    before, after = check(instance, solution), check(instance, _with(solution, i, s))
    codes = {CODE_OF_RULE[violation.rule] for violation in after.violations}
    return codes | ({"not-worth"} if after.terms.total <= before.terms.total else set())


@settings(max_examples=150, **QUICK)
@given(situations())
def test_the_obstacles_are_the_rules_that_an_addition_breaks(case: tuple[Instance, Solution]) -> None:
    instance, solution = case
    state = Standing(instance, solution)
    for i, skill, level in _open(instance, solution):
        for s in _closers(instance, skill, level):
            found = obstacles(state, i, s)
            assert {obstacle.code for obstacle in found} == _broken(instance, solution, i, s)
            assert [obstacle.step for obstacle in found] == sorted(obstacle.step for obstacle in found)
            first = first_obstacle(state, i, s)
            assert (first and first.text) == (found[0].text if found else None)


@settings(max_examples=150, **QUICK)
@given(situations())
def test_every_open_skill_gap_has_the_reason_that_gets_farthest(case: tuple[Instance, Solution]) -> None:
    instance, solution = case[0], improve(*case)
    state = Standing(instance, solution)
    reasons = {(entry.leader, entry.skill): entry for entry in open_gaps(instance, solution)}
    assert len(reasons) == len(open_gaps(instance, solution))
    assert set(reasons) == {
        (instance.leaders[i].id, instance.skills[skill].id) for i, skill, _ in _open(instance, solution)
    }
    for i, skill, level in _open(instance, solution):
        entry = reasons[instance.leaders[i].id, instance.skills[skill].id]
        closers = _closers(instance, skill, level)
        if not closers:
            assert entry.reason == "no-session"
            continue
        firsts = [first_obstacle(state, i, s) for s in closers]
        assert None not in firsts
        farthest = max(first.step for first in firsts if first is not None)
        assert entry.reason == farthest.code
        named = [first for first in firsts if first is not None and entry.detail.startswith(first.text)]
        assert any(first.step == farthest for first in named)


@settings(max_examples=150, **QUICK)
@given(situations())
def test_improving_keeps_all_rules_and_leaves_nothing_worth_adding(case: tuple[Instance, Solution]) -> None:
    instance, solution = case
    better = improve(instance, solution)
    report = check(instance, better)
    assert report.violations == ()
    assert report.terms.total >= check(instance, solution).terms.total
    assert better == improve(instance, solution)
    assert all(set(old) <= set(new) for old, new in zip(solution.chosen, better.chosen, strict=True))
    for i, leader in enumerate(instance.leaders):
        closing = {s for gap in leader.gaps for s in _closers(instance, gap.skill, gap.level)}
        for s in closing - set(better.chosen[i]):
            assert _broken(instance, better, i, s), (leader.id, instance.sessions[s].id)


@settings(max_examples=60, **QUICK)
@given(instances(max_leaders=4, max_sessions=5))
def test_an_optimum_cannot_be_improved(instance: Instance) -> None:
    best = optimum(instance)
    assume(best is not None)
    assert best is not None
    better = improve(instance, best[1])
    report = check(instance, better)
    assert report.violations == ()
    assert report.terms.total == best[0]


@settings(max_examples=150, **QUICK)
@given(situations())
def test_the_sieve_never_stops_what_may_pass(case: tuple[Instance, Solution]) -> None:
    instance, solution = case
    state = Standing(instance, solution)
    sieve = Sieve(state)
    (rows,) = sieve.blocks(range(len(instance.leaders)))
    reach, limits = sieve.reach(rows), sieve.limits(rows)
    for i, skill, level in _open(instance, solution):
        for s in _closers(instance, skill, level):
            first = first_obstacle(state, i, s)
            assert (Step.NONE if first is None else first.step) <= reach[i, s]
            if first is None or first.step >= Step.LIMITS:
                assert state.gain(i, s) <= limits[i, s]
