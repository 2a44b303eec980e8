"""Reasons for open skill gaps are true, and what is worth adding is added."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.insight.grid import blocks
from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import Step, first_obstacle, obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.reasons import open_gaps
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance, SkillGap
from cadreplan.messages.saying import say
from cadreplan.solution import Solution
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
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


RULES = ("useful", "audience", "dates", "prerequisite", "limits", "standards", "shared", "worth")


@st.composite
def situations(draw: st.DrawFn, *, max_leaders: int = 5, max_sessions: int = 7) -> tuple[Instance, Solution]:
    """An instance, often with rules relaxed so that much can be assigned, and a solution that keeps them all.

    Candidates are opened and additions made whether they are worth it or not.
    """
    instance = draw(instances(max_leaders=max_leaders, max_sessions=max_sessions, pins=False))
    for rule in RULES:
        if draw(st.booleans()):
            instance = _relaxed(instance, rule)
    solution = bare_solution(instance)
    assume(solution is not None)
    assert solution is not None
    random = Random(draw(st.integers(0, 2**32)))
    for s, session in enumerate(instance.sessions):
        rooms = instance.sites[session.site].rooms
        if session.candidate and rooms is None and random.random() < 0.7:
            solution = replace(solution, running=solution.running | {s})
    pairs = [
        (i, s)
        for i, leader in enumerate(instance.leaders)
        for s in {s for gap in leader.gaps for s in _closers(instance, gap.skill, gap.level)}
    ]
    random.shuffle(pairs)
    for i, s in pairs[: random.randint(0, len(pairs))]:
        wider = _with(solution, i, s)
        if {v.rule for v in check(instance, wider).violations} <= {"candidate"}:
            solution = wider
    for s in sorted(solution.running):
        if any(v.where == instance.sessions[s].id for v in check(instance, solution).violations):
            solution = _closing(solution, s)
    assume(check(instance, solution).ok)
    return instance, solution


def _relaxed(instance: Instance, rule: str) -> Instance:
    """The instance with one kind of rule out of the way."""
    sessions, leaders, policy = instance.sessions, instance.leaders, instance.policy
    if rule == "audience":
        sessions = tuple(replace(s, branches=None, roles=None) for s in sessions)
    elif rule == "dates":
        leaders = tuple(replace(leader, available=None, unavailable=()) for leader in leaders)
    elif rule == "useful":
        gaps = tuple(SkillGap(skill, 0, 1) for skill in range(len(instance.skills)))
        leaders = tuple(replace(leader, gaps=gaps) for leader in leaders)
    elif rule == "prerequisite":
        everything = frozenset(range(len(instance.modules)))
        leaders = tuple(replace(leader, completed=everything) for leader in leaders)
    elif rule == "limits":
        leaders = tuple(
            replace(leader, max_sessions=None, max_days=None, max_trips=None) for leader in leaders
        )
    elif rule == "standards":
        policy = replace(policy, core_share=None, min_methods=0)
    elif rule == "shared":
        sessions = tuple(replace(s, seats=s.seats + 4, quotas=()) for s in sessions)
        branches = tuple(replace(b, max_away=None) for b in instance.branches)
        return replace(instance, sessions=sessions, branches=branches)
    else:
        policy = replace(policy, weights=replace(policy.weights, gap=10**6))
    return replace(instance, sessions=sessions, leaders=leaders, policy=policy)


def _closing(solution: Solution, s: int) -> Solution:
    chosen = tuple(tuple(t for t in held if t != s) for held in solution.chosen)
    return replace(solution, chosen=chosen, running=solution.running - {s})


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
    return codes | ({"not-worth"} if after.value <= before.value else set())


@settings(max_examples=examples(120), **QUICK)
@given(situations())
def test_the_obstacles_are_the_rules_that_an_addition_breaks(case: tuple[Instance, Solution]) -> None:
    instance, solution = case
    state = PlanState(instance, solution)
    sieve = Sieve(state)
    (rows,) = blocks(range(len(instance.leaders)))
    reach, promises = sieve.reach(rows), sieve.promises(rows)
    for i, skill, level in _open(instance, solution):
        for s in _closers(instance, skill, level):
            found = obstacles(state, i, s)
            assert {obstacle.code for obstacle in found} == _broken(instance, solution, i, s)
            assert [obstacle.step for obstacle in found] == sorted(obstacle.step for obstacle in found)
            first = first_obstacle(state, i, s)
            assert (first and say(first.told)) == (say(found[0].told) if found else None)
            # the sieve stops nothing that may pass, and promises no less than there is
            step = Step.NONE if first is None else first.step
            assert step <= reach[i, s]
            assert step < Step.NOT_WORTH or state.gain(i, s) <= promises[i, s]


@settings(max_examples=examples(120), **QUICK)
@given(situations())
def test_every_open_skill_gap_has_the_reason_that_gets_farthest(case: tuple[Instance, Solution]) -> None:
    instance, solution = case[0], improve(*case)
    state = PlanState(instance, solution)
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
        if farthest is Step.PREREQUISITE:  # or what stands before an earlier session that has what lacks
            assert entry.reason in {step.code for step in Step if step >= Step.PREREQUISITE}
        else:
            assert entry.reason == farthest.code
        named = [
            first for first in firsts if first is not None and say(entry.detail).startswith(say(first.told))
        ]
        assert any(first.step == farthest for first in named)


@settings(max_examples=examples(120), **QUICK)
@given(situations())
def test_improving_keeps_all_rules_and_leaves_nothing_worth_adding(case: tuple[Instance, Solution]) -> None:
    instance, solution = case
    better = improve(instance, solution)
    report = check(instance, better)
    assert report.violations == ()
    assert report.value >= check(instance, solution).value
    assert better == improve(instance, solution)
    assert all(set(old) <= set(new) for old, new in zip(solution.chosen, better.chosen, strict=True))
    for i, leader in enumerate(instance.leaders):
        closing = {s for gap in leader.gaps for s in _closers(instance, gap.skill, gap.level)}
        for s in closing - set(better.chosen[i]):
            assert _broken(instance, better, i, s), (leader.id, instance.sessions[s].id)


@settings(max_examples=examples(60), **QUICK)
@given(instances(max_leaders=4, max_sessions=5))
def test_an_optimum_cannot_be_improved(instance: Instance) -> None:
    best = optimum(instance)
    assume(best is not None)
    assert best is not None
    better = improve(instance, best[1])
    report = check(instance, better)
    assert report.violations == ()
    assert report.value == best[0]
