"""Weeks, lanes and rows of the timetables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cadreplan.errors import UsageError
from cadreplan.views.season import Season
from cadreplan.views.timetable import (
    beds_row,
    branch_rows,
    find_week,
    lanes,
    leader_rows,
    site_row,
    site_rows,
    used_days,
    weeks,
)
from tests.views.small import instance, season


def test_weeks_cover_the_horizon_from_monday() -> None:
    found = weeks(instance(), ())
    assert [week.label for week in found] == ["W10", "W11", "W12", "W13"]
    assert found[0].days == (0, 1, 2, 3, 4)


def test_a_horizon_that_begins_on_wednesday_begins_in_that_week() -> None:
    found = weeks(replace(instance(), start=date(2026, 3, 4), n_days=3), ())
    assert [(week.monday, week.days) for week in found] == [(-2, (-2, -1, 0, 1, 2))]


def test_saturdays_and_sundays_are_shown_only_where_used() -> None:
    found = weeks(instance(), {5, 13})
    assert [week.days for week in found[:2]] == [(0, 1, 2, 3, 4, 5), (7, 8, 9, 10, 11, 13)]
    assert len(found[2].days) == 5


def test_days_outside_the_horizon_are_shown_too() -> None:
    found = weeks(instance(), {-3, 40})
    assert found[0].monday == -7
    assert found[-1].monday == 35


@pytest.mark.parametrize("text", ["11", "W11", "w11", "2026-03-11", "2026-03-15"])
def test_a_week_is_found_by_number_and_by_date(text: str) -> None:
    assert find_week(weeks(instance(), ()), instance(), text).monday == 7


@pytest.mark.parametrize("text", ["9", "2026-04-30", "soon", ""])
def test_a_week_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="week"):
        find_week(weeks(instance(), ()), instance(), text)


def test_lanes_keep_spans_apart_and_are_as_few_as_possible() -> None:
    assert lanes([(0, 2), (1, 1), (2, 3), (3, 4), (4, 4)]) == [0, 1, 1, 0, 1]
    assert lanes([(0, 0), (1, 1)]) == [0, 0]


def test_sites_show_the_sessions_that_run() -> None:
    rows = site_rows(season())
    assert [(row.label, [bar.title for bar in row.bars]) for row in rows] == [
        ("总行党校", ["S1", "S2", "S5"]),
        ("常州分校", ["S3"]),
    ]
    assert rows[0].bars[0].detail == "A101"
    assert used_days(season()) == {0, 1, 2, 4, 7, 18}


def test_sites_of_one_week_only() -> None:
    assert [row.label for row in site_rows(season(), range(14, 21))] == ["总行党校"]


def test_overlapping_sessions_of_a_site_take_two_lanes() -> None:
    problem = instance()
    sessions = list(problem.sessions)
    sessions[1] = replace(sessions[1], days=(1, 2))
    row = site_row(Season.of(replace(problem, sessions=tuple(sessions)), season().plan), 0)
    assert [(bar.title, bar.lane) for bar in row.bars] == [("S1", 0), ("S2", 1), ("S5", 0)]
    assert row.lanes == 2


def test_beds_by_day() -> None:
    row = beds_row(season(), 0)
    assert row.people == {0: 3, 1: 3, 2: 1}
    assert row.limit == 3


def test_a_branch_comes_before_those_below_it_that_anybody_leaves() -> None:
    rows = branch_rows(season(), 0)
    assert [(row.label, row.indent, row.limit) for row in rows] == [
        ("总行", 0, None),
        ("东部分行", 1, 3),
        ("西部分行", 1, 1),
    ]
    assert branch_rows(season(), 2)[0].people == {0: 1, 1: 1, 2: 1}


def test_trips_of_leaders_are_bars_named_after_their_site() -> None:
    rows = leader_rows(season(), [0, 2])
    assert rows[0].label == "林海燕 L1"
    assert [(bar.title, bar.days) for bar in rows[1].bars] == [("CZ", (4, 5, 6, 7))]
