"""Who is left out, and who could have had the seat of somebody who waited less."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.insight.fairness import could_take, envies, envies_of, left_out
from cadreplan.insight.improve import improve
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.rules import check
from tests.check.base import Build
from tests.draws import examples
from tests.strategies import cohorts, instances


def _build() -> Build:
    """One seat in S1, held by L1, who never waited."""
    build = Build().session("S1", 1, seats=1)
    return build.leader("L1").leader("L2", waited=1).leader("L3", waited=3)


def test_left_out_are_those_with_a_gap_and_no_session_who_waited_longest_first() -> None:
    build = _build().leader("L4", gaps="", waited=9)
    assert left_out(build.instance, build.solution("L1: S1, L2: , L3: , L4: ")) == [2, 1]


def test_who_waited_longer_envies_the_seat_of_who_waited_less() -> None:
    build = _build()
    instance = build.instance
    pairs = envies(instance, build.solution("L1: S1, L2: , L3: ")).pairs
    assert [(envy.leader, envy.other) for envy in pairs] == [(2, 0), (1, 0)]
    pairs = envies(instance, build.solution("L1: , L2: S1, L3: ")).pairs
    assert [(envy.leader, envy.other) for envy in pairs] == [(2, 1)], "L1 waited less than L2"
    assert envies(instance, build.solution("L1: , L2: , L3: S1")).pairs == ()


def test_nobody_envies_what_a_rule_keeps_them_from() -> None:
    build = Build().session("S1", 1, seats=1).leader("L1").leader("L2", waited=1, unavailable=((0, 3),))
    assert envies(build.instance, build.solution("L1: S1, L2: ")).pairs == ()
    build = Build().session("S1", 1, seats=1).leader("L1", pinned="S1").leader("L2", waited=1)
    assert envies(build.instance, build.solution("L1: S1, L2: ")).pairs == ()
    build = Build().session("S1", 1, seats=2, min_seats=2, candidate=True)
    build.leader("L1", headcount=2).leader("L2", waited=1)
    solution = build.solution("L1: S1, L2: ", running="S1")
    assert envies(build.instance, solution).pairs == (), "S1 would be below its minimum"


def test_days_at_home_do_not_make_room_for_one_trip_more() -> None:
    """Without S2, which S4 near home requires too, the stay at Q falls into two trips; one is allowed."""
    for most, wanted in ((1, 0), (2, 1)):
        build = Build(stay_gap=0, local_km=50).site("P", at=(0.0, 0.0)).site("Q", at=(5.0, 0.0))
        for k in (1, 2, 3, 4):
            build.module(f"m{k}", requires="m2" if k == 4 else "")
            build.session(f"S{k}", k if k < 4 else 9, at="P" if k == 4 else "Q", modules=f"m{k}", seats=1)
        build.leader("L1", at=(0.0, 0.0), max_trips=most)
        build.leader("L2", at=(0.0, 0.0), waited=1, gaps="k2:1:1")
        solution = build.solution("L1: S1 S2 S3 S4, L2: ")
        assert build.breaks("L1: S1 S2 S3 S4, L2: ") == []
        assert len(envies(build.instance, solution).pairs) == wanted


def test_a_free_seat_is_nobodys_to_envy() -> None:
    build = Build().session("S1", 1, seats=2).leader("L1").leader("L2", waited=1)
    assert envies(build.instance, build.solution("L1: S1, L2: ")).pairs == ()


def test_one_person_is_told_whose_seat_would_close_a_gap() -> None:
    build = _build()
    state = PlanState(build.instance, build.solution("L1: S1, L2: , L3: "))
    assert [(envy.other, envy.session) for envy in envies_of(state, 2, 0)] == [(0, 0)]
    assert envies_of(state, 0, 0) == []


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(instances(pins=False), cohorts()))
def test_who_takes_a_seat_keeps_every_rule(instance: Instance) -> None:
    empty = bare_solution(instance)
    assume(empty is not None)
    assert empty is not None
    solution = improve(instance, empty)
    for envy in envies(instance, solution).pairs:
        assert not solution.chosen[envy.leader]
        assert instance.leaders[envy.leader].waited > instance.leaders[envy.other].waited
        state = PlanState(instance, solution)
        assert could_take(state, envy.leader, envy.session, envy.other)
        assert state.solution() == replace(solution), "trying changes nothing"
        chosen = list(solution.chosen)
        chosen[envy.other] = state.left(envy.other, {envy.session})
        chosen[envy.leader] = (envy.session,)
        assert check(instance, Solution(tuple(chosen), solution.running, solution.rooms)).ok
