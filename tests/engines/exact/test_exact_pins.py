"""Pins: kept where they can be, proven and named where they can't, and no pin named without need."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from cadreplan.engines.exact.contradiction import contradiction
from cadreplan.engines.exact.engine import solve
from cadreplan.engines.exact.model import pins_of
from cadreplan.engines.exact.pins import keep_pins
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.check.base import Build
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.strategies import cohorts, instances

_quiet = settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))


@_quiet
@given(instances(max_leaders=5, max_sessions=6))
def test_pins_first_finds_a_plan_or_proves_that_there_is_none(instance: Instance) -> None:
    assume(any(leader.pinned for leader in instance.leaders))
    proven = optimum(instance)
    try:
        start = keep_pins(instance, EngineOptions())
    except ContradictionError:
        assert proven is None
        return
    assert start is not None
    assert {v.rule for v in check(instance, start).violations} <= {"candidate"}


@_quiet
@given(cohorts(max_leaders=5, max_sessions=5))
def test_pins_first_keeps_ties_and_leaves_to_others_what_only_they_can_bring(instance: Instance) -> None:
    """Ties name leaders without pins, and a class may need more people of a value than the pinned ones."""
    assume(any(leader.pinned for leader in instance.leaders))
    try:
        start = keep_pins(instance, EngineOptions())
    except ContradictionError:
        assert optimum(instance) is None
        return
    assert start is not None
    assert {v.rule for v in check(instance, start).violations} <= {"candidate", "mix"}


def test_pins_first_is_no_contradiction_where_the_other_brings_what_a_class_must_have() -> None:
    build = Build().session("S1", (1,)).leader("L1", tags="gender:f").leader("L2", pinned="S1")
    instance = build.mix("gender", "f", at_least="1", hard=True).tie("L1 L2", "day").instance
    start = keep_pins(instance, EngineOptions())
    assert start is not None
    assert start.chosen == ((), (0,))


@_quiet
@given(instances(max_leaders=5, max_sessions=6))
def test_no_pin_is_named_without_need(instance: Instance) -> None:
    pins = pins_of(instance)
    assume(len(pins) > 1)
    assume(optimum(instance) is None)
    assume(optimum(_with(instance, [])) is not None)
    facts = contradiction(instance, EngineOptions())
    assert facts is not None
    named = [pin for pin in pins if _fact(instance, pin) in facts]
    assert named
    assert optimum(_with(instance, named)) is None
    for pin in named:
        assert optimum(_with(instance, [other for other in named if other != pin])) is not None


def test_a_contradiction_names_the_seats(two_pinned: Instance) -> None:
    with pytest.raises(ContradictionError) as caught:
        solve(two_pinned, EngineOptions(), Recorder())
    assert caught.value.facts == (
        "leader L0 is pinned to S0",
        "leader L1 is pinned to S0",
        "session S0 has 1 seat for these 2 people",
    )


@pytest.fixture
def two_pinned() -> Instance:
    from tests.solving.small import small_instance

    instance = small_instance(leaders=3, seats=1)
    return replace(
        instance,
        leaders=tuple(
            replace(leader, pinned=(0,)) if i < 2 else leader for i, leader in enumerate(instance.leaders)
        ),
    )


def _fact(instance: Instance, pin: tuple[int, int]) -> str:
    return f"leader {instance.leaders[pin[0]].id} is pinned to {instance.sessions[pin[1]].id}"


def _with(instance: Instance, pins: list[tuple[int, int]]) -> Instance:
    return replace(
        instance,
        leaders=tuple(
            replace(leader, pinned=tuple(s for j, s in pins if j == i))
            for i, leader in enumerate(instance.leaders)
        ),
    )
