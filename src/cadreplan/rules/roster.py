"""The roster's own dates: horizon and calendar."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.parsed.roster import MAX_HORIZON_DAYS, RosterDocument
from cadreplan.documents.tree import Map
from cadreplan.language import tr
from cadreplan.rules.base import Found, rule


@rule("horizon-length", "error", "the horizon is longer than ten years")
def horizon_length(document: RosterDocument) -> Iterator[Found]:
    """The horizon has more than 3,660 days.

    A rotation is planned for months. A longer horizon is a slip of the pen in a year.

    Wrong:

        horizon: 2026-03-02..2062-06-26

    Right:

        horizon: 2026-03-02..2026-06-26
    """
    horizon = document.horizon
    if horizon is not None and horizon.n_days > MAX_HORIZON_DAYS:
        message = tr(
            "horizon: found {n:,} days, expected {most:,} at most", n=horizon.n_days, most=MAX_HORIZON_DAYS
        )
        yield Found(document.file, document.mark("horizon"), message, tr("check its years"))


@rule("calendar-contradiction", "error", "a day is listed as a holiday and as a working day")
def calendar_contradiction(document: RosterDocument) -> Iterator[Found]:
    """The roster's own calendar has a day in `holidays` and in `workdays`.

    Wrong:

        calendar: {country: none, holidays: [2026-05-01..2026-05-05], workdays: [2026-05-05]}

    Right:

        calendar: {country: none, holidays: [2026-05-01..2026-05-04], workdays: [2026-05-05]}
    """
    if document.calendar is None:
        return
    for position, workday in enumerate(document.calendar.workdays):
        for holiday in document.calendar.holidays:
            if workday.overlaps(holiday):
                day = max(workday.start, holiday.start)
                message = tr(
                    "workdays: found {day}, which `holidays` has too, expected it in one of the two", day=day
                )
                yield Found(document.file, document.mark("calendar", "workdays", position), message)
                break


@rule("calendar-year", "warning", "the holidays of a year are not known")
def calendar_year(document: RosterDocument) -> Iterator[Found]:
    """The horizon reaches into a year whose public holidays aren't known.

    They are announced late in the year before. Until then Monday to Friday count as working days; give the
    holidays and make-up working days of that year in the roster itself.

    Wrong:

        horizon: 2031-03-03..2031-06-27
        calendar: CN
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2031-03-10..2031-03-11], seats: 10}

    Right:

        horizon: 2031-03-03..2031-06-27
        calendar: {country: CN, holidays: [2031-05-01..2031-05-05], workdays: [2031-04-27]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2031-03-10..2031-03-11], seats: 10}
    """
    if document.working_days is None or document.horizon is None:
        return
    for year in document.working_days.unknown_years(document.horizon):
        is_map = isinstance(document.tree.get("calendar"), Map)
        yield Found(
            document.file,
            document.mark("calendar", "country") if is_map else document.mark("calendar"),
            tr(
                "calendar: the holidays of {year} are not known, Monday to Friday count as working days",
                year=year,
            ),
            tr("give `holidays` and `workdays` of that year"),
        )


ROSTER_RULES = (horizon_length, calendar_contradiction, calendar_year)
