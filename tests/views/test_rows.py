"""The rows behind the screens: what is counted, in which order, and how it is worded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.language import Language, using
from cadreplan.messages import Message
from cadreplan.plan import OpenGap
from cadreplan.views.people import cohort, itinerary, leaders_below
from cadreplan.views.screen.summary import summary
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    coverage_by_ability,
    emptiest_first,
    fill_counts,
    first_level_rows,
    reason_rows,
    session_rows,
    worth_rows,
)
from cadreplan.views.wording import Dates, first_of, gap, number, printable, runs, seconds, share
from tests.views.small import drawn, instance, plan, season


def test_cohorts_count_people_not_rows() -> None:
    laid = season()
    assert laid.cohorts[0] == [0, 1]
    assert laid.people == [3, 1, 1, 0, 0]


def test_a_skill_gap_is_closed_by_the_first_session_that_teaches_it() -> None:
    assert season().closings == [{0: 0, 1: 1}, {0: 0}, {0: 2}, {}]


def test_people_away_are_counted_for_every_branch_above_them() -> None:
    away = season().away
    assert away[2, 0] == 1  # L1 alone belongs to the sub-branch
    assert away[1, 0] == 3
    assert away[0, 0] == 3
    assert away[1, 2] == 1


def test_idle_days_of_a_trip_take_a_bed() -> None:
    laid = season()  # the session on Friday and Monday keeps its one person there over the weekend
    assert [laid.at_site[1, day] for day in range(3, 9)] == [0, 1, 1, 1, 1, 0]


def test_first_level_is_below_a_single_root() -> None:
    assert season().first_level == (0, 1, 1, 3)


def test_first_level_is_the_roots_where_there_are_several() -> None:
    problem = instance()
    branches = list(problem.branches)
    branches[3] = replace(branches[3], parent=None)
    assert Season.of(replace(problem, branches=tuple(branches)), plan()).first_level == (0, 0, 0, 3)


def test_worth_sums_to_the_objective_and_tells_amounts() -> None:
    laid = season()
    rows = {row.term: row for row in worth_rows(laid)}
    assert sum(row.points for row in rows.values()) == laid.plan.solver.objective
    assert rows["gaps"].amount == "4 of 6"
    assert rows["days"].amount == "9 days"
    assert rows["open"].amount == "0 of 1"
    assert rows["prefers"].points == 14
    assert rows["underfill"].amount == "1 person"


def test_terms_that_play_no_part_are_left_out() -> None:
    problem = instance()
    calm = replace(
        problem,
        leaders=tuple(replace(leader, prefers_sites=()) for leader in problem.leaders),
        sessions=tuple(replace(session, min_seats=0, candidate=False) for session in problem.sessions),
    )
    made = replace(plan(), terms=replace(plan().terms, prefers=0, underfill=0))
    assert [row.term for row in worth_rows(Season.of(calm, made))] == ["gaps", "km", "days"]


def test_coverage_by_ability_in_the_curriculums_order() -> None:
    rows = [(row.id, row.closed, row.total) for row in coverage_by_ability(season())]
    assert rows == [("political", 2, 3), ("duty", 2, 3)]


def test_branches_are_sorted_by_coverage() -> None:
    rows = [(row.id, row.people, row.closed, row.total, row.days) for row in first_level_rows(season())]
    assert rows == [("HQ", 1, 0, 1, 0), ("WEST", 1, 1, 2, 4), ("EAST", 3, 3, 3, 5)]


def test_sessions_that_run_are_listed_emptiest_first() -> None:
    rows = session_rows(season())
    assert [row.id for row in rows] == ["S1", "S2", "S3", "S4", "S5"]
    assert [row.id for row in emptiest_first(rows)] == ["S5", "S3", "S2", "S1"]
    assert fill_counts(rows) == [
        ("full", 1),
        ("half full or more", 1),
        ("less than half full", 1),
        ("empty", 1),
        ("not opened", 1),
    ]


def test_a_session_below_its_minimum_comes_before_emptier_ones() -> None:
    problem = instance()
    sessions = list(problem.sessions)
    sessions[1] = replace(sessions[1], min_seats=2)
    rows = session_rows(Season.of(replace(problem, sessions=tuple(sessions)), plan()))
    assert [row.id for row in emptiest_first(rows)] == ["S5", "S2", "S3", "S1"]
    assert ("below minimum", 1) in fill_counts(rows)


def test_reasons_are_counted_with_the_heaviest_gap_as_the_example() -> None:
    made = plan()
    more = replace(made, open_gaps=(*made.open_gaps, OpenGap("L3", "review", "seats", "lighter")))
    rows = reason_rows(Season.of(instance(), more))
    assert [(row.reason, row.count, row.leader, row.skill) for row in rows] == [
        ("seats", 2, "马骏驰", "理论学习"),
        ("branch", 1, "周明远", "三会一课"),
    ]


def test_nothing_from_a_plan_can_steer_the_terminal() -> None:
    made = replace(plan(), open_gaps=(OpenGap("L9\x1b[31m", "x\x07", "a\nb", "\x1b]0;title\x07"),))
    lines = drawn(summary(Season.of(instance(), made), 80))
    assert any("L9?[31m" in line for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_cohort_is_sorted_by_branch_and_says_what_each_closes() -> None:
    members = cohort(season(), 0)
    assert [(m.id, m.group, m.branch, m.headcount, m.closes) for m in members] == [
        ("L2", "东部分行", "东部分行", 2, ("理论学习",)),
        ("L1", "东部分行", "苏州支行", 1, ("理论学习",)),
    ]


def test_an_itinerary_groups_sessions_into_trips() -> None:
    laid = season()
    trips = itinerary(laid, 0).journeys
    assert [(t.site, t.trip.first, t.trip.last, [stop.id for stop in t.stops]) for t in trips] == [
        ("总行党校", 0, 2, ["S1", "S2"])
    ]
    assert trips[0].stops[1].closes == ("三会一课",)
    assert trips[0].km == laid.instance.trip_km(laid.instance.leaders[0], 0) > 1000


def test_an_itinerary_tells_what_stays_open_and_why() -> None:
    open_ = itinerary(season(), 3).open
    assert [(row.skill, row.level, row.reason) for row in open_] == [("理论学习", 1, "seats")]
    silent = Season.of(instance(), replace(plan(), open_gaps=()))
    assert itinerary(silent, 3).open[0].detail == "the plan doesn't say why"


def test_what_stands_in_the_way_is_told_in_names() -> None:
    first = Message.of("requires", session="S2", modules=[["T1"], ["R1", "X9"]], day="2026-03-04")
    told = Message.of("beds-taken", session="S3", site="CZ", beds=2, taken=2, day="2026-03-06", lacking=first)
    laid = season()
    assert laid.said(told) == (
        "S2 requires 理论概论, 民主评议实务 or X9, which the leader has not had before 2026-03-04;"
        " S3 is at 常州分校, which has 2 beds, 2 of them taken on 2026-03-06"
    )
    assert laid.said("a sentence of CZ") == "a sentence of CZ"
    with using(Language.ZH):
        assert "常州分校" in laid.said(told)


def test_leaders_below_a_branch_by_first_day_away() -> None:
    laid = season()
    assert leaders_below(laid, 0) == [0, 1, 2, 3]
    assert leaders_below(laid, 1) == [0, 1]
    assert leaders_below(laid, 3) == [2]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "-"),
        (0, 9, "0 %"),
        (1, 1000, "1 %"),
        (999, 1000, "99 %"),
        (1000, 1000, "100 %"),
        (1, 3, "33 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (0.0, "0 %"),
        (1e-7, "< 0.001 %"),
        (0.0039, "0.39 %"),
        (0.02, "2 %"),
        (0.096, "9.6 %"),
        (0.0999, "10 %"),
        (0.23, "23 %"),
        (1.5, "150 %"),
    ],
)
def test_a_gap_is_written_with_two_digits(value: float | None, text: str) -> None:
    assert gap(value) == text


def test_small_words() -> None:
    assert number(-1234567) == "-1,234,567"
    assert [seconds(s) for s in (4.21, 9.99, 57.4, 59.7, 125, 3725)] == [
        *("4.2 s", "10.0 s", "57 s", "1:00 min", "2:05 min", "1:02:05 h"),
    ]
    assert first_of(["a", "b", "c"], 2) == "a, b and 1 more"
    assert runs([5, 1, 2, 2, 7]) == [(1, 2), (5, 5), (7, 7)]
    assert printable("总行\x1b") == "总行?"


def test_dates_have_a_year_only_where_it_is_needed() -> None:
    start = instance().start
    assert Dates(start, years=False).spans([0, 1, 4]) == "03-02 – 03-03, 03-06"
    assert Dates(start, years=True).weekday_span(0, 0) == "Mon 2026-03-02"
    assert season().dates.years is False
    assert Season.of(replace(instance(), n_days=400), plan()).dates.years is True
