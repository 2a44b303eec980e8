"""Days against the calendar and the horizon: public holidays, and ranges in which nothing can happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cadreplan.documents.parsed.roster import MAX_HORIZON_DAYS, RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import EverySpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule
from cadreplan.rules.sites import span_text


@rule("public-holiday", "warning", "a session is held on a public holiday")
def public_holiday(document: RosterDocument) -> Iterator[Found]:
    """A session has a day that the roster's calendar has as a public holiday.

    Plain weekends are not meant: many sessions are held on them. An offering takes working days only.

    Wrong:

        calendar: CN
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-04-30..2026-05-01], seats: 10}

    Right:

        calendar: CN
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-04-29..2026-04-30], seats: 10}
    """
    calendar, horizon = document.working_days, document.horizon
    if calendar is None or horizon is None:
        return
    for row, session in document.sessions.valid():
        for position, span in enumerate(session.ranges):
            first = max(span.start, horizon.start).toordinal()
            last = min(span.end, horizon.end, date.fromordinal(first + 366)).toordinal()
            for day in map(date.fromordinal, range(first, last + 1)):
                if name := calendar.holiday(day):
                    path = ("dates", position) if session.dates is not None else ("start",)
                    message = tr("found {day}, a public holiday ({name})", day=day, name=name)
                    hint = tr("hold it on other days, or list the day under `workdays`")
                    yield at(row, path, message, hint)
                    break


@rule("available-range", "warning", "days on which somebody is available lie outside the horizon")
def available_range(document: RosterDocument) -> Iterator[Found]:
    """A range of somebody's `available`, or an offering's `from` or `to`, is outside the horizon.

    Usually the year is that of another rotation. `unavailable` and `closed` may hold other times too: lists
    of leave and of works are kept for longer.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, available: [2026-03-02..2026-03-31, 2025-04-01..2025-04-30]}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, available: [2026-03-02..2026-03-31, 2026-04-01..2026-04-30]}
    """
    horizon = document.horizon
    if horizon is None:
        return
    rows: list[tuple[Row[Spec], Sequence[DateRange]]] = [
        (row, spec.available)
        for table in (document.leaders, document.lecturers)
        for row, spec in table.valid()
        if spec.available is not None
    ]
    for row, ranges in rows:
        for position, span in enumerate(ranges):
            if not span.overlaps(horizon):
                message = _outside("available", span_text(span), horizon)
                yield at(row, ("available", position), message, tr("check its year"))
    for offering_row, offering in document.offerings.valid():
        starts = offering.starts
        if not isinstance(starts, EverySpec):
            continue
        for key, day in (("from", starts.from_), ("to", starts.to)):
            if day is not None and not horizon.start <= day <= horizon.end:
                message = _outside(key, str(day), horizon)
                yield at(offering_row, ("starts", key), message, tr("check its year, or leave it out"))


def _outside(field: str, found: str, horizon: DateRange) -> str:
    return tr(
        "{field}: found {days}, outside the horizon {horizon}",
        field=field,
        days=found,
        horizon=span_text(horizon),
    )


@rule("never-available", "warning", "somebody has no day in the horizon on which they are available")
def never_available(document: RosterDocument) -> Iterator[Found]:
    """A leader's `available` and `unavailable`, or a lecturer's `available`, leave no day of the horizon.

    They can't attend, or teach, anything.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, unavailable: [2026-03-01..2026-06-30]}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, unavailable: [2026-03-01..2026-03-07]}
    """
    horizon = document.horizon
    if horizon is None or horizon.n_days > MAX_HORIZON_DAYS:
        return
    judged: dict[tuple[Sequence[DateRange] | None, Sequence[DateRange]], bool] = {}
    for row, leader in document.leaders.valid():
        if leader.available is None and not leader.unavailable:
            continue
        key = (leader.available, leader.unavailable)
        if key not in judged:
            judged[key] = _has_a_day(horizon, *key)
        if not judged[key]:
            path = "unavailable" if leader.unavailable else "available"
            message = tr(
                "{field}: found no day of the horizon {horizon} that is left",
                field=path,
                horizon=span_text(horizon),
            )
            yield at(row, (path,), message, tr("check the dates, or take the row out"))
    for lecturer_row, lecturer in document.lecturers.valid():
        if lecturer.available is not None and not _has_a_day(horizon, lecturer.available, ()):
            message = tr("available: found no day of the horizon {horizon}", horizon=span_text(horizon))
            hint = tr("check the dates, or take the row out")
            yield at(lecturer_row, ("available",), message, hint)


def _has_a_day(
    horizon: DateRange, available: Sequence[DateRange] | None, not_on: Sequence[DateRange]
) -> bool:
    """Whether a day of the horizon is in some range of `available` (None: all) and in none of the others."""
    shut = sorted(not_on)
    for span in (horizon,) if available is None else available:
        day, last = max(span.start, horizon.start), min(span.end, horizon.end)
        for closed in shut:
            if closed.start <= day <= closed.end:
                if closed.end >= last:
                    day = date.max
                    break
                day = date.fromordinal(closed.end.toordinal() + 1)
        if day <= last:
            return True
    return False


ROSTER_RULES = (public_holiday, available_range, never_available)
