"""What holds a plan back: prices bound what a change can bring, and what was tried is true."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from cadreplan.insight.bottlenecks import bottlenecks
from cadreplan.insight.bottlenecks_fixes import proposals, verify
from cadreplan.insight.bottlenecks_shortage import shortages
from cadreplan.insight.obstacles import Step, obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import prices_of
from cadreplan.instance import Instance
from cadreplan.messages.saying import say
from cadreplan.solution import Solution
from cadreplan.solving.around import solve_around
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.insight.plans import document
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=examples(25), **QUICK)
@given(situations())
def test_no_plan_with_the_same_sessions_is_worth_more_than_prices_say(
    situation: tuple[Instance, Solution],
) -> None:
    instance, solution = situation
    state = PlanState(instance, solution)
    prices = prices_of(state)
    assert prices.worth == check(instance, solution).value
    assert prices.ceiling >= _best(instance, solution)
    for proposal in proposals(state, prices):
        if proposal.price is not None:
            most = math.ceil(prices.ceiling + proposal.units * proposal.price)
            assert _best(proposal.apply(instance), solution) <= most, say(proposal.told)


def _best(instance: Instance, solution: Solution) -> int:
    """The most that any plan with these running sessions in these rooms is worth."""
    state = PlanState(instance, solution)
    sessions = tuple(
        replace(x, candidate=False, offering=None, min_seats=0 if x.candidate else x.min_seats, cost=0)
        if state.runs(s)
        else x
        for s, x in enumerate(instance.sessions)
    )
    sessions = tuple(replace(x, seats=state.capacity[s]) for s, x in enumerate(sessions))
    idle = {s for s in range(len(sessions)) if not state.runs(s)}
    leaders = tuple(replace(x, excluded=tuple({*x.excluded, *idle})) for x in instance.leaders)
    sites = tuple(replace(site, rooms=None) for site in instance.sites)
    best = optimum(replace(instance, sessions=sessions, leaders=leaders, sites=sites))
    assert best is not None
    return best[0] - instance.policy.weights.open * sum(instance.sessions[s].cost for s in solution.running)


@settings(max_examples=examples(25), **QUICK)
@given(situations(max_leaders=4, max_sessions=5))
def test_what_came_out_is_the_difference_between_the_best_with_and_without(
    situation: tuple[Instance, Solution],
) -> None:
    instance, solution = situation
    instance = replace(instance, sites=tuple(replace(site, rooms=None) for site in instance.sites))
    solution = replace(solution, rooms={})
    if solution.running:
        return
    state = PlanState(instance, solution)
    prices = prices_of(state)
    for proposal in proposals(state, prices)[:3]:
        changed = proposal.apply(instance)
        found = verify(state, proposal, prices, solve_around)
        assert found.proven
        opened = {proposal.door[0]} if proposal.door else set()
        before = optimum(_only(instance, solution, set(found.free), set()))
        after = optimum(_only(changed, solution, set(found.free), opened))
        assert before is not None
        assert after is not None
        assert found.without == before[0] - prices.worth
        assert found.gained == after[0] - before[0], say(proposal.told)
        assert found.at_most is None or found.gained <= found.at_most


def _only(instance: Instance, solution: Solution, free: set[int], opened: set[int]) -> Instance:
    """The instance in which only `free` leaders have a choice, among what runs and what may be opened."""
    sessions = range(len(instance.sessions))
    idle = {s for s in sessions if instance.sessions[s].candidate} - opened
    leaders = []
    for i, (leader, chosen) in enumerate(zip(instance.leaders, solution.chosen, strict=True)):
        barred = idle if i in free else set(sessions) - set(chosen)
        pinned = leader.pinned if i in free else chosen
        leaders.append(replace(leader, excluded=tuple({*leader.excluded, *barred}), pinned=pinned))
    return replace(instance, leaders=tuple(leaders))


@settings(max_examples=examples(60), **QUICK)
@given(situations())
def test_what_no_seat_can_cure_is_barred_by_the_data(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    state = PlanState(instance, solution)
    nobody = PlanState(
        instance, Solution(tuple(() for _ in instance.leaders), solution.running, solution.rooms)
    )
    barred = 0
    for i, leader in enumerate(instance.leaders):
        for g in state.open_positions(i):
            gap = leader.gaps[g]
            closers = [
                s for s, taught in enumerate(instance.levels_taught) if taught.get(gap.skill, -1) >= gap.level
            ]
            firsts = [min((o.step for o in obstacles(nobody, i, s)), default=Step.NONE) for s in closers]
            barred += leader.headcount * all(first <= Step.DATES for first in firsts)
    assert sum(x.people for x in shortages(state)) == barred


def test_one_more_seat_is_worth_what_it_brings() -> None:
    instance = small_instance(leaders=4, seats=2)
    solution = Solution(((0,), (0,), (), ()))
    found = bottlenecks(PlanState(instance, solution), document(instance, solution), solve_around)
    (limit,) = found.limits
    assert (limit.kind, limit.item, round(limit.worth)) == ("seats", 0, 9950)
    by_kind = {remedy.proposal.kind: remedy for remedy in found.remedies}
    assert set(by_kind) == {"seats", "run"}
    for kind, text in (("seats", "5 more seats in S0"), ("run", "one more run of S0 at 常州, 2026-03-03")):
        what = by_kind[kind].verified
        assert say(by_kind[kind].proposal.told).startswith(text)
        assert what is not None
        assert (what.gained, what.closed, what.moved, what.proven) == (19900, 2, (), True)


def test_a_plan_that_lacks_nothing_has_no_bottleneck() -> None:
    instance = small_instance(leaders=2, seats=2)
    solution = Solution(((0,), (0,)))
    found = bottlenecks(PlanState(instance, solution), document(instance, solution), solve_around)
    assert (found.limits, found.remedies, found.shortages) == ((), (), ())
