"""Advice is followed: what is shown to bring points brings them when the whole plan is made again."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from cadreplan.engines.exact.engine import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.bottlenecks import Bottlenecks, bottlenecks
from cadreplan.insight.explain import Cure, explain
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance, Module
from cadreplan.loading.load import load_roster
from cadreplan.messages.saying import say
from cadreplan.solution import Solution
from cadreplan.solving.around import solve_around
from cadreplan.verification.rules import check
from cadreplan.views.screen.bottlenecks import bottlenecks_screen
from cadreplan.views.screen.theme import THEME
from tests.brute_force import optimum
from tests.check.base import Build
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.insight.plans import document
from tests.strategies import instances, ladders

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}
EXAMPLES = Path(__file__).parents[2] / "examples"

_drawn = st.one_of(instances(max_leaders=4, max_sessions=5), ladders(max_leaders=4, max_sessions=5))


def _followed(instance: Instance, cure: Cure, i: int) -> Instance:
    """The data as the advice says: changed, and the leader pinned where it says so."""
    for fix in cure.fixes:
        instance = fix.apply(instance)
    leaders = list(instance.leaders)
    pins = {*leaders[i].pinned, *(s for fix in cure.fixes for s in fix.pins)}
    leaders[i] = replace(leaders[i], pinned=tuple(sorted(pins)))
    return replace(instance, leaders=tuple(leaders))


@settings(max_examples=examples(30), **QUICK)
@given(_drawn)
def test_a_cure_that_is_followed_brings_what_it_says(instance: Instance) -> None:
    best = optimum(instance)
    if best is None:
        return
    state = PlanState(instance, best[1])
    for i in range(len(instance.leaders)):
        for g in state.open_positions(i)[:1]:
            for cure in explain(state, i, g, solve_around).cures:
                then = optimum(_followed(instance, cure, i))
                assert then is not None
                assert then[0] >= check(_followed(instance, cure, i), best[1]).value + cure.gained


def _shown(instance: Instance, solution: Solution, verified: int = 4) -> Bottlenecks:
    plan = document(instance, solution)
    return bottlenecks(PlanState(instance, solution), plan, solve_around, verified=verified)


@settings(max_examples=examples(25), **QUICK)
@given(_drawn)
def test_a_change_that_was_tried_brings_at_least_what_came_out(instance: Instance) -> None:
    best = optimum(instance)
    if best is None:
        return
    found = _shown(instance, best[1])
    for remedy in found.remedies:
        then = optimum(remedy.proposal.apply(instance))
        assert then is not None
        if remedy.verified is not None:
            assert remedy.verified.gained > 0
            assert then[0] - best[0] >= remedy.verified.gained, say(remedy.proposal.told)
        if remedy.at_most is not None and not any(session.candidate for session in instance.sessions):
            roomless = all(site.rooms is None for site in instance.sites)
            assert not roomless or then[0] - best[0] <= remedy.at_most, say(remedy.proposal.told)


def test_what_brings_nothing_when_tried_is_no_remedy() -> None:
    """Tried by a solver that finds nothing better."""
    instance, solution = _one_seat(), Solution(((0,), ()))
    plan, state = document(instance, solution), PlanState(instance, solution)
    good = bottlenecks(state, plan, solve_around)
    assert len(good.remedies) > 0
    assert good.idle == ()
    found = bottlenecks(state, plan, lambda _, start: (start, True))
    assert found.remedies == ()
    assert sorted(map(say, found.idle)) == sorted(say(remedy.proposal.told) for remedy in good.remedies)
    assert "tried bring nothing" in _printed(instance, found)


def _one_seat() -> Instance:
    build = Build(weights=replace(Build().weights, gap=1000)).module("A", teaches="a:1")
    build.session("S1", 1, modules="A", seats=1)
    return build.leader("L1", gaps="a:1:1").leader("L2", gaps="a:1:1").instance


def _printed(instance: Instance, found: Bottlenecks) -> str:
    console = Console(file=StringIO(), width=100, theme=THEME)
    for part in bottlenecks_screen(instance, found, 100, 10):
        console.print(part)
    written = console.file
    assert isinstance(written, StringIO)
    return " ".join(written.getvalue().split())


def test_no_seat_is_advised_beyond_the_largest_group() -> None:
    build = Build(weights=replace(Build().weights, gap=1000)).module("A", teaches="a:1")
    build.session("S1", 1, modules="A", seats=2)
    for k in range(8):
        build.leader(f"L{k}", gaps="a:1:1")
    free = build.instance

    def limited(most: int | None) -> Instance:
        module: Module = replace(free.modules[0], max_seats=most)
        return replace(free, modules=(module,))

    solution = Solution(((0,), (0,), *((),) * 6))
    texts = {
        most: {say(r.proposal.told) for r in _shown(limited(most), solution).remedies}
        for most in (None, 4, 2)
    }
    assert "5 more seats in S1" in texts[None]
    assert "2 more seats in S1" in texts[4]
    assert not any("more seat" in text for text in texts[2])
    cures = {most: explain(PlanState(limited(most), solution), 2, 0, solve_around).cures for most in (3, 2)}
    assert [say(fix.told) for cure in cures[3] for fix in cure.fixes] == ["one more seat in S1"]
    assert cures[2] == ()


def test_what_was_not_tried_is_shown_as_an_estimate() -> None:
    instance = _one_seat()
    text = _printed(instance, _shown(instance, Solution(((0,), ())), verified=0))
    assert "not tried: estimates and limits, no promises" in text
    assert "at most" in text


@pytest.mark.parametrize("name", ["spring-rotation"])
def test_advice_on_a_bundled_example_is_followed(name: str) -> None:
    instance = load_roster(EXAMPLES / name / "roster.yaml").instance
    worth, solution = _solved(instance)
    state = PlanState(instance, solution)
    gaps = [(i, g) for i in range(len(instance.leaders)) for g in state.open_positions(i)]
    cures = [(i, cure) for i, g in gaps[::9] for cure in explain(state, i, g, solve_around, tried=2).cures]
    assert len(cures) > 3
    most = sorted(cures, key=lambda entry: -entry[1].gained)[:2]
    for i, cure in most:
        assert not cure.free or cure.gained <= 0
        assert _solved(_followed(instance, cure, i))[0] >= worth + cure.gained


def _solved(instance: Instance) -> tuple[int, Solution]:
    recorder = Recorder()
    solve(instance, EngineOptions(), recorder)
    best = recorder.solutions[-1]
    report = check(instance, best)
    assert report.ok
    return report.value, best
