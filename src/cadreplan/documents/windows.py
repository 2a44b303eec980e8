"""The days that count for a norm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cadreplan.documents.types import DateRange

if TYPE_CHECKING:
    from cadreplan.documents.curriculum_spec import NormSpec


def window_of(norm: NormSpec, since: date | None, horizon: DateRange) -> DateRange | None:
    """The days whose hours or sessions count for a norm; None where nothing is known of its beginning."""
    if norm.within is None:
        last = horizon.end.year
        return DateRange(date(max(date.min.year, last - (norm.years or 1) + 1), 1, 1), date(last, 12, 31))
    if since is None or norm.within > (date.max - since).days:
        return None
    return DateRange(since, since + timedelta(days=norm.within))
