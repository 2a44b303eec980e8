"""The sentence of every reason, and that it is true: with the one thing changed that it names, it is gone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.reasons import open_gaps
from cadreplan.instance import Weights
from cadreplan.messages.saying import say
from cadreplan.verification.plans import check_plan
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build
from tests.insight.plans import document

GAP = replace(FREE, gap=100)


def _build(**options: object) -> Build:
    return Build(weights=GAP, **options)


def _said(build: Build, attends: str = "", *, running: str = "", rooms: str = "") -> list[str]:
    """`leader skill reason: detail` of every open skill gap, which `check` recomputes."""
    solution = build.solution(attends, running=running, rooms=rooms)
    assert check_plan(build.instance, document(build.instance, solution)).violations == ()
    return [f"{g.leader} {g.skill} {g.reason}: {say(g.detail)}" for g in open_gaps(build.instance, solution)]


def _one(build: Build, attends: str = "", *, running: str = "", rooms: str = "") -> str:
    (said,) = _said(build, attends, running=running, rooms=rooms)
    return said


def test_no_session() -> None:
    build = _build().session("S1", 1).leader("L1", gaps="kS1:2:1 other:1:1")
    assert _said(build) == [
        "L1 kS1 no-session: no session teaches it to level 2, the highest is 1",
        "L1 other no-session: no session teaches it",
    ]


def test_no_sessions_at_all() -> None:
    build = _build().leader("L1", gaps="other:1:1")
    assert improve(build.instance, build.solution()) == build.solution()
    assert _one(build) == "L1 other no-session: no session teaches it"


def test_a_share_of_many_digits() -> None:
    share = Fraction(123456789012345678901, 10**21)
    build = (
        _build(core_share=share)
        .module("M", hours=4, core=False)
        .session("S1", 1, modules="M")
        .session("S2", 8)
    )
    build.leader("L1", gaps="k:1:1 kS2:1:2")
    assert improve(build.instance, build.solution()).chosen == ((0, 1),)


def test_audience() -> None:
    build = _build().branch("C").session("S1", 1, branches="C").leader("L1")
    assert _one(build) == "L1 kS1 audience: S1 is not open to branch B"
    build = _build().session("S1", 1, roles="R").leader("L1", role="Q")
    assert _one(build) == "L1 kS1 audience: S1 is not open to role Q"
    assert _one(build.leader("L1")) == "L1 kS1 audience: S1 is not open to leaders without a role"
    build = _build().session("S1", 1).leader("L1", excluded="S1")
    assert _one(build) == "L1 kS1 audience: the leader is excluded from S1"


def test_dates() -> None:
    build = _build(n_days=9).session("S1", (1, 2)).leader("L1", unavailable=((2, 5),))
    assert _one(build) == "L1 kS1 dates: S1 is held on 2026-03-04, when the leader is unavailable"
    build.leader("L1", available=((0, 1),))
    assert _one(build) == "L1 kS1 dates: S1 is held on 2026-03-04, when the leader is not available"
    build.session("S1", 9, modules="mS1").leader("L1")
    assert _one(build) == "L1 kS1 dates: S1 is held on 2026-03-11, outside the horizon"


def test_dates_of_idle_days() -> None:
    build = _build().session("S1", 1).session("S2", 4).leader("L1", unavailable=((3, 3),))
    assert _one(build, "L1: S1") == (
        "L1 kS2 dates: with S2 the leader would stay away over 2026-03-05, when the leader is unavailable"
    )


def test_prerequisite() -> None:
    build = _build().module("BASE", teaches="x:1").module("HIGH", teaches="y:1", requires="BASE")
    build.session("S1", 5, modules="BASE").session("S2", 5, modules="HIGH").leader("L1", gaps="y:1:1")
    assert _one(build) == (
        "L1 y prerequisite: S2 requires BASE, which the leader has not had before 2026-03-07"
    )


def test_what_stands_before_what_must_come_first_is_the_reason() -> None:
    build = _build().module("BASE", teaches="x:1").module("OTHER", teaches="x:1")
    build.module("HIGH", teaches="y:1", requires="BASE|OTHER")
    build.session("S1", 1, modules="BASE", seats=1).session("S2", 5, modules="HIGH")
    build.leader("L1", gaps="y:1:1").leader("L2", gaps="x:1:1")
    lacks = "S2 requires BASE or OTHER, which the leader has not had before 2026-03-07"
    assert _one(build, "L1: , L2: S1") == f"L1 y seats: {lacks}; S1 has 1 seat, 1 of them taken"
    build.leader("L1", gaps="y:1:1", max_sessions=1).leader("L2", gaps="")
    assert _one(build, "L1: , L2: ").startswith(f"L1 y limits: {lacks}; with S2 it would be 2 sessions")


def test_traded() -> None:
    build = _build(transfer_days=1).site("Q").session("S1", (1, 2)).session("S2", (2, 3)).leader("L1")
    assert _one(build, "L1: S1") == "L1 kS2 traded: S2 meets S1, which is assigned, on 2026-03-04"
    build.session("S2", 3, at="Q", modules="mS2")
    assert _one(build, "L1: S1") == (
        "L1 kS2 traded: between S2 and S1, which is assigned at another site,"
        " lie 0 free days, at least 1 needed"
    )
    build.session("S2", 9, modules="mS1 mS2")
    assert _one(build, "L1: S1") == "L1 kS2 traded: S2 repeats mS1 of S1, which is assigned"


def test_limits() -> None:
    build = _build(stay_gap=0).session("S1", (1, 2)).session("S2", (8, 9))
    assert _one(build.leader("L1", max_sessions=1), "L1: S1") == (
        "L1 kS2 limits: with S2 it would be 2 sessions, at most 1"
    )
    assert _one(build.leader("L1", max_days=3), "L1: S1") == (
        "L1 kS2 limits: with S2 it would be 4 days away, at most 3"
    )
    assert _one(build.leader("L1", max_trips=1), "L1: S1") == (
        "L1 kS2 limits: with S2 it would be 2 trips, at most 1"
    )


def test_standards() -> None:
    build = _build(core_share=Fraction(3, 5)).module("M", hours=4, core=False).session("S1", 1, modules="M")
    assert _one(build.leader("L1", gaps="k:1:1")) == (
        "L1 k standards: with S1, 0 of 4 hours would be core, at least 0.6 of them needed"
    )
    build = _build(min_methods=2).session("S1", 1).session("S2", 8).leader("L1")
    assert _one(build, "L1: S1") == (
        "L1 kS2 standards: with S2 it would be 1 teaching method in 2 modules, at least 2 needed"
    )


def test_candidate() -> None:
    build = _build().session("S1", 1, candidate=True, cost=1500, min_seats=3).leader("L1")
    assert _one(build) == (
        "L1 kS1 candidate: S1 is a candidate that the plan does not open (cost 1,500, minimum 3)"
    )


def test_seats() -> None:
    build = _build().session("S1", 1, seats=2).leader("L1", headcount=2).leader("L2")
    assert _one(build, "L1: S1") == "L2 kS1 seats: S1 has 2 seats, 2 of them taken"
    assert _one(build, "L1: , L2: S1") == "L1 kS1 seats: S1 has 2 seats, 1 of them taken, 2 needed"
    build.session("S1", 1, seats=3, modules="mS1")
    assert improve(build.instance, build.solution("L1: S1")).chosen == ((0,), (0,))


def test_seats_of_a_quota() -> None:
    build = _build().branch("B1", parent="B").session("S1", 1, quotas={"B": 1})
    build.leader("L1").leader("L2", branch="B1")
    assert _one(build, "L1: S1") == "L2 kS1 seats: S1 has 1 seat for branch B, 1 of them taken"


def test_seats_of_a_room() -> None:
    build = _build().site("P", rooms="R1:1").session("S1", 1, seats=5).leader("L1").leader("L2")
    assert _one(build, "L1: S1", rooms="S1:R1") == "L2 kS1 seats: S1 has 1 seat in its room, 1 of them taken"


def test_beds() -> None:
    build = _build().site("P", beds=1).session("S1", (1, 2)).session("S2", (2, 3)).leader("L1").leader("L2")
    said = _said(build, "L1: S1")
    assert "L2 kS2 beds: S2 is at P, which has 1 bed, 1 of them taken on 2026-03-04" in said


def test_branch() -> None:
    build = _build().branch("B", max_away=1).branch("B1", parent="B").session("S1", 1).session("S2", 1)
    build.leader("L1").leader("L2", branch="B1")
    assert (
        "L2 kS2 branch: S2 would take the leader away on 2026-03-03, when 1 of at most 1 people of branch B"
        " are away" in _said(build, "L1: S1")
    )


def test_not_worth() -> None:
    weights = Weights(gap=100, km=1, day=50, hour=2, underfill=10)
    build = Build(weights=weights, min_hours=6).site("P", at=(1.0, 0.0)).session("S1", (1, 2), min_seats=1)
    build.leader("L1", at=(0.0, 0.0), prefers={"P": 3})
    assert _one(build) == (
        "L1 kS1 not-worth: S1 would cost more than it brings: +100 for skill gaps, +3 for wishes,"
        " +10 for people below a minimum, +8 for study hours, -222 for travel, -100 for days away (points)"
    )
    build = Build(weights=replace(FREE, gap=100, day=50)).session("S1", (1, 2)).leader("L1")
    assert _one(build) == (
        "L1 kS1 not-worth: S1 would cost as much as it brings:"
        " +100 for skill gaps, -100 for days away (points)"
    )


def test_the_session_that_gets_farthest_is_named_and_the_others_counted() -> None:
    build = _build().module("M", teaches="k:1").session("S1", 1, modules="M", roles="R")
    build.session("S2", 2, modules="M", seats=0).session("S3", 3, modules="M", candidate=True)
    build.leader("L1", gaps="k:1:1")
    assert _one(build) == (
        "L1 k seats: S2 has 0 seats, 0 of them taken; the 2 others that teach it get no farther"
    )


def test_all_obstacles_come_with_their_witnesses() -> None:
    build = _build().site("P", beds=1).branch("B", max_away=1)
    build.module("BASE", teaches="x:1").module("HIGH", teaches="k:1", requires="BASE")
    build.session("S1", 1, modules="HIGH", seats=1, roles="R").session("S2", 1)
    build.leader("L1", role="R", gaps="k:1:1", completed="BASE").leader("L2", gaps="k:1:1 kS2:1:1")
    build.site("Q").session("Q1", 1, at="Q").leader("L2", gaps="k:1:1 kQ1:1:1")
    state = PlanState(build.instance, build.solution("L1: S1, L2: "))
    found = {obstacle.code: obstacle for obstacle in obstacles(state, 1, 0)}
    assert set(found) == {"audience", "prerequisite", "seats", "beds", "branch"}
    assert found["prerequisite"].entries == ((0,),)
    assert found["seats"].leaders == found["beds"].leaders == found["branch"].leaders == (0,)
    assert (found["beds"].day, found["branch"].day, found["branch"].branch) == (1, 1, 0)
    away = PlanState(
        replace(build.instance, branches=build.branch("B").instance.branches),
        build.solution("L1: S1, L2: Q1"),
    )
    clash = next(obstacle for obstacle in obstacles(away, 1, 0) if obstacle.code == "traded")
    assert (clash.sessions, clash.day) == ((2,), 1)


# --- improve --------------------------------------------------------------------------------------------


def test_the_largest_gain_is_added_first() -> None:
    build = _build().session("S1", 1, seats=1).leader("L1", gaps="kS1:1:1").leader("L2", gaps="kS1:1:2")
    assert improve(build.instance, build.solution()).chosen == ((), (0,))


def test_a_prerequisite_is_added_before_what_requires_it() -> None:
    build = _build().module("BASE", teaches="x:1").module("HIGH", teaches="y:1", requires="BASE")
    build.session("S1", 5, modules="HIGH").session("S2", 2, modules="BASE").leader("L1", gaps="x:1:1 y:1:9")
    assert improve(build.instance, build.solution()).chosen == ((0, 1),)


def test_a_session_closing_nothing_new_is_added_if_a_minimum_is_worth_it() -> None:
    build = (
        Build(weights=replace(FREE, gap=100, underfill=10))
        .module("M", teaches="k:1")
        .module("N", teaches="k:1")
    )
    build.session("S1", 1, modules="M").session("S2", 8, modules="N", min_seats=1).leader("L1", gaps="k:1:1")
    assert improve(build.instance, build.solution("L1: S1")).chosen == ((0, 1),)


def test_a_bed_given_back_is_taken_by_another() -> None:
    """L1 stays at P over days 2 to 4 until a session at Q ends the stay; then L2 can have the bed."""
    build = Build(weights=GAP, stay_gap=9).site("P", beds=1).site("Q").session("S1", 1).session("S2", 5)
    build.session("S3", 2).session("Q4", 4, at="Q", min_seats=0)
    build.leader("L1", gaps="kS1:1:1 kS2:1:1 kQ4:1:1").leader("L2", gaps="kS3:1:5")
    start = build.solution("L1: S1 S2, L2: ")
    assert check(build.instance, start).ok
    assert improve(build.instance, start).chosen == ((0, 1, 3), (2,))


def test_candidates_are_neither_opened_nor_closed() -> None:
    build = _build().session("S1", 1, candidate=True).session("S2", 8, candidate=True).leader("L1")
    better = improve(build.instance, build.solution(running="S2"))
    assert (better.chosen, better.running) == (((1,),), frozenset({1}))


def test_among_many_leaders_everybody_gets_what_there_is() -> None:
    """So many that those who got a session wait for others before they are offered more."""
    build = _build().session("S1", 1).session("S2", 8, seats=900).session("S3", 15, seats=300)
    build.sessions["S1"] = replace(build.sessions["S1"], seats=1100)
    for k in range(1100):
        build.leader(f"L{k}", gaps=f"kS1:1:9 kS2:1:{1 + (k >= 200)} kS3:1:1")
    chosen = improve(build.instance, build.solution()).chosen
    assert [sum(s in held for held in chosen) for s in range(3)] == [1100, 900, 300]
    assert all(1 in held for held in chosen[200:])
