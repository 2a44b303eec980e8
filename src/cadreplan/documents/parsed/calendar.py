"""Working days: Monday to Friday or a country's calendar, corrected by the roster's own lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from cadreplan.documents.schema.roster import CalendarSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.language import tr

_ONE_DAY = timedelta(days=1)


class WorkingDays:
    """Which days are working days. The roster's own lists come first, then the country's, then the weekday.

    A year that the country's calendar doesn't know falls back to Monday to Friday (`unknown_years`).
    """

    def __init__(self, spec: CalendarSpec) -> None:
        self._spec = spec
        self._of_country = _chinese if spec.country == "CN" else _weekday

    def __contains__(self, day: date) -> bool:
        if _in(day, self._spec.workdays):
            return True
        return not _in(day, self._spec.holidays) and self._of_country(day)

    def first(self, start: date, n: int, last: date) -> tuple[date, ...] | None:
        """The first `n` working days from `start` on; None if they don't end by `last`."""
        days: list[date] = []
        day = start
        while len(days) < n:
            if day > last:
                return None
            if day in self:
                days.append(day)
            day += _ONE_DAY
        return tuple(days)

    def holiday(self, day: date) -> str:
        """The name of the public holiday on a day, a plain weekend being none; empty if there is none."""
        if _in(day, self._spec.workdays):
            return ""
        if _in(day, self._spec.holidays):
            return tr("a holiday of the roster's calendar")
        return _chinese_holiday(day) if self._spec.country == "CN" else ""

    def unknown_years(self, horizon: DateRange) -> list[int]:
        """Years of the horizon that neither the country's calendar nor the roster's own lists know."""
        if self._spec.country != "CN":
            return []
        own = (*self._spec.holidays, *self._spec.workdays)
        listed = {year for span in own for year in range(span.start.year, span.end.year + 1)}
        years = range(horizon.start.year, horizon.end.year + 1)
        return [year for year in years if year not in listed and not _is_known(year)]


def _in(day: date, ranges: Iterable[DateRange]) -> bool:
    return any(span.start <= day <= span.end for span in ranges)


def _weekday(day: date) -> bool:
    return day.weekday() < 5


def _chinese(day: date) -> bool:
    is_workday = _chinese_calendar()
    try:
        return is_workday(day)
    except NotImplementedError:  # what it raises for a year that hasn't been announced
        return _weekday(day)


def _chinese_holiday(day: date) -> str:
    from chinese_calendar import get_holiday_detail  # noqa: PLC0415

    try:
        is_holiday, name = get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return tr(str(name)) if is_holiday and name else ""


def _is_known(year: int) -> bool:
    try:
        _chinese_calendar()(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _chinese_calendar() -> Callable[[date], bool]:
    """Imported only where a roster asks for it: validating a curriculum doesn't need it."""
    from chinese_calendar import is_workday  # noqa: PLC0415

    return is_workday  # type: ignore[no-any-return]  # the package has no types
