"""Working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cadreplan.documents.calendar import WorkingDays
from cadreplan.documents.roster_spec import CalendarSpec
from cadreplan.documents.types import DateRange


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
