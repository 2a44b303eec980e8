"""What stays of a plan whose sessions build on each other."""

from __future__ import annotations

from dataclasses import replace

from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.staying import Stays, what_stays
from cadreplan.instance import Instance
from cadreplan.messages.saying import say
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from tests.check.base import Build
from tests.insight.plans import document


def _chain() -> Instance:
    """L1 needs what S3 teaches; S1 leads up to S2, and that to S3."""
    build = Build().module("A", teaches="k:1").module("B", teaches="k:2", requires="A")
    build.module("C", teaches="k:3", requires="B")
    build.session("S1", 1, modules="A").session("S2", 8, modules="B").session("S3", 15, modules="C")
    return build.leader("L1", gaps="k:3:1").instance


def _stays(instance: Instance, old: Plan) -> Stays:
    there = tuple(s for s in (0, 1, 2) if s < len(instance.sessions))
    return what_stays(instance, instance, old, Solution((there,)))


def test_stepping_stones_stay_with_what_they_lead_up_to() -> None:
    instance = _chain()
    found = _stays(instance, document(instance, Solution(((0, 1, 2),))))
    assert found.solution == Solution(((0, 1, 2),))
    assert found.dropped == {}


def test_a_stepping_stone_goes_where_what_it_leads_up_to_is_cancelled() -> None:
    instance = _chain()
    old = document(instance, Solution(((0, 1, 2),)))
    found = _stays(replace(instance, sessions=instance.sessions[:2]), old)
    assert found.solution == Solution(((),))
    assert say(found.dropped["L1", "S1"]) == "S1 closes no skill gap of the leader any more"


def test_a_chain_of_stepping_stones_goes_where_its_end_can_not_be_attended() -> None:
    instance = _chain()
    old = document(instance, Solution(((0, 1, 2),)))
    away = replace(instance.leaders[0], unavailable=((15, 15),))
    found = _stays(replace(instance, leaders=(away,)), old)
    assert found.solution == Solution(((),))
    assert say(found.dropped["L1", "S1"]) == "S1 leads up to no session of the leader any more"


def test_giving_up_a_session_takes_what_rests_on_it_and_what_led_up_to_it() -> None:
    state = PlanState(_chain(), Solution(((0, 1, 2),)))
    assert state.left(0, {1}) == ()
    assert state.left(0, set()) == (0, 1, 2)
    assert state.idle(0, {0, 1}) == {0, 1}
