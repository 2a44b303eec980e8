"""Offerings to candidate sessions: one for every site and start that can be held (format.md, "offering")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan.documents.parsed.calendar import WorkingDays
from cadreplan.documents.schema.tables import EverySpec, OfferingSpec, SiteSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.language import tr

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Run:
    """One site and start of an offering; `dropped` says why it can't be held, empty if it can."""

    offering: str
    site: str
    start: date
    days: tuple[date, ...]
    dropped: str = ""

    @property
    def id(self) -> str:
        return f"{self.offering}@{self.site}@{self.start}"


def starts_of(offering: OfferingSpec, horizon: DateRange) -> tuple[date, ...]:
    """The starts an offering names, as they are written, or every such weekday within its limits."""
    starts = offering.starts
    if not isinstance(starts, EverySpec):
        return starts
    first = starts.from_ or horizon.start
    last = starts.to or horizon.end
    # Outside the horizon every start is dropped: there is no need to walk there.
    first, last = max(first, horizon.start), min(last, horizon.end)
    first += timedelta(days=(_WEEKDAYS.index(starts.every) - first.weekday()) % 7)
    n = (last - first).days // 7 + 1
    return tuple(first + timedelta(weeks=week) for week in range(max(0, n)))


def runs_of(
    offering: OfferingSpec, site: SiteSpec, calendar: WorkingDays, horizon: DateRange
) -> Iterator[Run]:
    """All runs of an offering at a site, with those that are dropped."""
    for start in starts_of(offering, horizon):
        yield _run(offering, site, start, calendar, horizon)


def _run(
    offering: OfferingSpec, site: SiteSpec, start: date, calendar: WorkingDays, horizon: DateRange
) -> Run:
    if not horizon.start <= start <= horizon.end:
        return Run(offering.id, site.id, start, (), tr("the start is outside the horizon"))
    if start not in calendar:
        return Run(offering.id, site.id, start, (), tr("the start is no working day"))
    days = calendar.first(start, offering.days, horizon.end)
    if days is None:
        return Run(offering.id, site.id, start, (), tr("its days leave the horizon"))
    shut = next((d for d in days if any(c.start <= d <= c.end for c in site.closed)), None)
    if shut is not None:
        return Run(offering.id, site.id, start, days, tr("the site is closed on {day}", day=shut))
    return Run(offering.id, site.id, start, days)
