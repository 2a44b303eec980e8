"""What a plan is worth: every term of the objective, one weight at a time."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from cadreplan.instance import Norm, Owed, Weights
from cadreplan.plan import Terms
from cadreplan.verification.layout import Trip, trips_of
from tests.check.base import FREE, Build

BEIJING, CHANGZHOU = (39.9, 116.4), (31.8, 119.95)


def _build(**weights: int) -> Build:
    return Build(weights=replace(FREE, **weights))


# --- gaps -----------------------------------------------------------------------------------------------


def test_a_closed_gap_is_worth_weight_times_priority_times_its_own_weight() -> None:
    build = _build(gap=100).session("S1", 1).leader("L1", gaps="kS1:1:7", priority=3)
    assert build.report("L1: S1").terms == Terms(gaps=100 * 3 * 7)
    assert build.report().terms == Terms()


def test_a_gap_counts_once_however_often_it_is_closed() -> None:
    build = _build(gap=100).module("M", teaches="k:1").module("N", teaches="k:2")
    build.session("S1", 1, modules="M").session("S2", 8, modules="N").leader("L1", gaps="k:1:7")
    assert build.report("L1: S1 S2").terms.gaps == 700


def test_only_gaps_that_are_closed_to_the_needed_level_count() -> None:
    build = _build(gap=100).module("M", teaches="k:1 x:2").session("S1", 1, modules="M")
    assert build.leader("L1", gaps="k:2:7 x:2:1").report("L1: S1").terms.gaps == 100


def test_headcount_does_not_multiply_points() -> None:
    build = _build(gap=100, km=1, day=10).site("P", at=BEIJING).session("S1", 1)
    one = build.leader("L1", at=CHANGZHOU).report("L1: S1").terms
    assert build.leader("L1", at=CHANGZHOU, headcount=5).report("L1: S1").terms == one


# --- prefers --------------------------------------------------------------------------------------------


def test_wishes_for_a_session_and_for_its_site_add_up_for_every_assignment() -> None:
    build = _build().site("Q").session("S1", 1).session("S2", 2).session("S3", 8, at="Q")
    build.leader("L1", prefers={"S1": 5, "S3": -40, "P": 100})
    assert build.report("L1: S1 S2").terms == Terms(prefers=5 + 100 + 100)
    assert build.report("L1: S3").terms == Terms(prefers=-40)


# --- km and days ----------------------------------------------------------------------------------------


def _trips(first: tuple[tuple[str, int], ...], stay_gap: int) -> list[Trip]:
    build = Build(stay_gap=stay_gap).site("Q")
    for k, (site, day) in enumerate(first):
        build.session(f"S{k}", day, at=site)
    (leader,) = build.leader("L1").instance.leaders
    return trips_of(build.instance, leader, tuple(range(len(first))))


def test_days_at_one_site_make_one_trip_up_to_the_stay_gap() -> None:
    assert _trips((("P", 1), ("P", 4)), 2) == [Trip(0, 1, 4)]
    assert _trips((("P", 1), ("P", 5)), 2) == [Trip(0, 1, 1), Trip(0, 5, 5)]


def test_with_no_stay_gap_only_days_in_a_row_make_one_trip() -> None:
    assert _trips((("P", 1), ("P", 2), ("P", 4)), 0) == [Trip(0, 1, 2), Trip(0, 4, 4)]


def test_to_another_site_and_back_is_three_trips() -> None:
    assert _trips((("P", 1), ("Q", 2), ("P", 3)), 9) == [Trip(0, 1, 1), Trip(1, 2, 2), Trip(0, 3, 3)]


def test_a_session_in_between_bridges_two_trips() -> None:
    assert _trips((("P", 1), ("P", 7)), 2) == [Trip(0, 1, 1), Trip(0, 7, 7)]
    assert _trips((("P", 1), ("P", 7), ("P", 4)), 2) == [Trip(0, 1, 7)]


def test_days_of_one_session_far_apart_are_several_trips() -> None:
    build = Build(stay_gap=2).session("S1", (1, 2, 9)).leader("L1")
    assert trips_of(build.instance, build.instance.leaders[0], (0,)) == [Trip(0, 1, 2), Trip(0, 9, 9)]


def test_days_away_are_charged_with_the_idle_ones() -> None:
    build = _build(day=50).session("S1", 1).session("S2", 4).session("S3", 20).leader("L1")
    assert build.report("L1: S1 S2 S3").terms == Terms(days=-50 * 5)


def test_the_distance_of_a_trip_is_twice_the_way_rounded_once() -> None:
    """A degree along a meridian is pi / 180 x 6371.0088 = 111.1951 km; both ways 222.3902."""
    build = _build(km=3).site("P", at=(1.0, 0.0)).session("S1", 1)
    assert build.leader("L1", at=(0.0, 0.0)).report("L1: S1").terms == Terms(km=-3 * 222)
    build.site("P", at=(0.0021, 0.0))  # 0.2335 km, both ways 0.467: rounding each way would do as well
    assert build.report("L1: S1").terms.km == 0
    build.site("P", at=(0.0031, 0.0))  # 0.3447 km, both ways 0.689: rounding one way would give 0
    assert build.report("L1: S1").terms.km == -3


def test_every_trip_is_charged_and_every_site_its_own_distance() -> None:
    build = _build(km=1).site("P", at=(1.0, 0.0)).site("Q", at=(0.0, 2.0))
    build.session("S1", 1).session("S2", 2).session("S3", 9).session("S4", 20, at="Q")
    build.leader("L1", at=(0.0, 0.0))
    assert build.report("L1: S1 S2").terms.km == -222
    assert build.report("L1: S1 S3").terms.km == -444
    assert build.report("L1: S1 S4").terms.km == -(222 + 445)


def test_where_a_place_is_unknown_the_distance_is_nothing() -> None:
    build = _build(km=1).site("Q", at=BEIJING).session("S1", 1).session("S2", 9, at="Q")
    assert build.leader("L1", at=CHANGZHOU).report("L1: S1").terms.km == 0
    assert build.leader("L1").report("L1: S2").terms.km == 0


# --- open -----------------------------------------------------------------------------------------------


def test_running_candidates_are_paid_whether_full_or_empty() -> None:
    build = _build(open=2).session("S1", 1, candidate=True, cost=300).session("S2", 2, cost=900)
    build.session("S3", 3, candidate=True, cost=5)
    assert build.report(running="S1").terms == Terms(open=-600)
    assert build.report(running="S1 S3").terms == Terms(open=-610)
    assert build.report(running="S2").terms == Terms()  # confirmed: it runs anyway, and costs nothing
    assert build.report().terms == Terms()


# --- underfill ------------------------------------------------------------------------------------------


def test_people_missing_to_the_minimum_of_confirmed_sessions_are_charged() -> None:
    build = _build(underfill=10).session("S1", 1, min_seats=3)
    build.leader("L1", headcount=2).leader("L2", headcount=2)
    assert build.report().terms == Terms(underfill=-30)
    assert build.report("L1: S1, L2: ").terms == Terms(underfill=-10)
    assert build.report("L1: S1, L2: S1").terms == Terms()


def test_people_missing_to_the_minimum_of_candidates_are_not_charged() -> None:
    build = _build(underfill=10).session("S1", 1, min_seats=3, candidate=True)
    assert build.report().terms == Terms()
    assert build.report(running="S1").terms == Terms()


# --- hours ----------------------------------------------------------------------------------------------


def test_study_hours_missing_are_charged_for_every_leader() -> None:
    build = _build(hour=5).module("M", hours=6).session("S1", 1, modules="M").leader("L1").leader("L2")
    build.min_hours = 8
    assert build.report().terms == Terms(hours=-5 * 16)
    assert build.report("L1: S1, L2: ").terms == Terms(hours=-5 * (2 + 8))


def test_more_hours_than_wanted_are_worth_nothing() -> None:
    build = _build(hour=5).module("M", hours=9).session("S1", 1, modules="M").leader("L1")
    build.min_hours = 8
    assert build.report("L1: S1").terms == Terms()


def test_hours_count_a_module_once() -> None:
    build = _build(hour=1).module("M", hours=6).session("S1", 1, modules="M").session("S2", 8, modules="M")
    build.leader("L1").min_hours = 20
    assert build.report("L1: S1 S2").terms.hours == -14


# --- together -------------------------------------------------------------------------------------------


def test_the_worth_is_the_sum_of_the_terms() -> None:
    build = _build(gap=1000, day=50, hour=3, open=1, underfill=10)
    build.session("S1", 1, candidate=True, cost=20).session("S2", 9, min_seats=2)
    build.leader("L1", prefers={"P": 4}).min_hours = 10
    terms = build.report("L1: S1", running="S1").terms
    assert terms == Terms(gaps=1000, prefers=4, days=-50, open=-20, underfill=-20, hours=-18)
    assert terms.total == 1000 + 4 - 50 - 20 - 20 - 18


@pytest.mark.parametrize("weight", [f.name for f in fields(Weights)])
def test_no_weight_touches_another_term(weight: str) -> None:
    term = {"gap": "gaps", "day": "days", "hour": "hours"}.get(weight, weight)
    build = _build(**{weight: 1}).site("P", at=BEIJING).session("S1", 1, candidate=True, cost=7)
    build.norms = [Norm("N", "N")]
    build.session("S2", 2, min_seats=5).leader("L1", at=CHANGZHOU, owes=(Owed(0, 90, 0, 0, 300),))
    build.leader("L2", gaps="kS1:1:1").min_hours = 40
    build.mix("sex", "f", at_least="1")
    terms = build.report("L1: S1 S2, L2: ", running="S1").terms
    assert {f.name for f in fields(Terms) if getattr(terms, f.name)} == {term}
