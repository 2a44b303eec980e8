"""Working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cadreplan.documents.parsed.calendar import WorkingDays
from cadreplan.documents.schema.roster import CalendarSpec
from cadreplan.documents.schema.types import DateRange


def days(**spec: Any) -> WorkingDays:
    return WorkingDays(CalendarSpec.model_validate(spec))


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("none", date(2026, 3, 6), True),
        ("none", date(2026, 3, 7), False),
        ("none", date(2026, 5, 1), True),
        ("CN", date(2026, 5, 1), False),  # Labour Day, a Friday
        ("CN", date(2026, 5, 9), True),  # a Saturday made up for it
        ("CN", date(2026, 5, 6), True),
        ("CN", date(2026, 3, 8), False),
    ],
)
def test_country(country: str, day: date, works: bool) -> None:
    assert (day in days(country=country)) is works


def test_own_lists_come_before_the_country() -> None:
    own = days(
        country="CN", holidays=["2026-05-09", "2026-06-01..2026-06-02"], workdays=["2026-05-01", "2026-06-02"]
    )
    assert date(2026, 5, 9) not in own
    assert date(2026, 5, 1) in own
    assert date(2026, 6, 1) not in own
    assert date(2026, 6, 2) in own


def test_unknown_year_falls_back_to_weekdays() -> None:
    far = days(country="CN")
    assert date(2031, 5, 1) in far
    assert date(2031, 5, 3) not in far
    assert far.unknown_years(DateRange(date(2026, 12, 1), date(2028, 1, 31))) == [2027, 2028]
    assert days(country="none").unknown_years(DateRange(date(2031, 1, 1), date(2031, 2, 1))) == []


def test_first_working_days() -> None:
    labour = days(country="CN")
    last = date(2026, 6, 26)
    assert labour.first(date(2026, 4, 30), 3, last) == (date(2026, 4, 30), date(2026, 5, 6), date(2026, 5, 7))
    assert labour.first(date(2026, 6, 18), 2, last) == (date(2026, 6, 18), date(2026, 6, 22))  # Dragon Boat
    assert days().first(date(2026, 6, 25), 2, last) == (date(2026, 6, 25), date(2026, 6, 26))
    assert days().first(date(2026, 6, 26), 2, last) is None


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 30), True),
        (date(2026, 5, 1), False),
        (date(2026, 5, 5), False),
        (date(2026, 5, 6), True),
        (date(2026, 5, 8), True),
        (date(2026, 5, 9), True),  # made up, a Saturday
        (date(2026, 5, 10), False),
    ],
)
def test_holidays_and_make_up_days_begin_and_end_where_they_are_announced(day: date, works: bool) -> None:
    assert (day in days(country="CN")) is works
    assert (day in days(country="none")) is (day.weekday() < 5)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 2), True),
        (date(2026, 6, 3), False),
        (date(2026, 6, 5), False),
        (date(2026, 6, 6), True),  # a Saturday
        (date(2026, 6, 7), True),  # a Sunday
        (date(2026, 6, 8), True),
    ],
)
def test_own_lists_hold_from_their_first_to_their_last_day(day: date, works: bool) -> None:
    own = {"holidays": ["2026-06-03..2026-06-05"], "workdays": ["2026-06-06..2026-06-07"]}
    assert (day in days(country="none", **own)) is works
    assert (day in days(country="CN", **own)) is works


def test_a_year_of_ones_own_lists_is_known() -> None:
    horizon = DateRange(date(2031, 3, 1), date(2032, 2, 28))
    assert days(country="CN").unknown_years(horizon) == [2031, 2032]
    listed = days(country="CN", holidays=["2031-05-01..2031-05-05"], workdays=["2031-05-10"])
    assert listed.unknown_years(horizon) == [2032]
    assert date(2031, 5, 5) not in listed
    assert date(2031, 5, 6) in listed
    assert date(2031, 5, 10) in listed  # a Saturday
    assert date(2031, 5, 11) not in listed


def test_days_in_a_row_step_over_holidays_and_onto_make_up_days() -> None:
    last = date(2026, 6, 26)
    labour = days(country="CN")
    assert labour.first(date(2026, 5, 8), 3, last) == (date(2026, 5, 8), date(2026, 5, 9), date(2026, 5, 11))
    assert days(country="none").first(date(2026, 5, 8), 2, last) == (date(2026, 5, 8), date(2026, 5, 11))
