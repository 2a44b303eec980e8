"""Study hours of a session by calendar year, and what a rotation adds to what norms credit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan.documents.reading.history import Fact
from cadreplan.documents.schema.curriculum import NormSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.instance import Instance


@dataclass(frozen=True, slots=True)
class Studied:
    """Hours of one session that fall into one calendar year; `day` is the last of its days in it."""

    session: str
    day: date
    hours: int
    is_end: bool
    """Whether the session ends in this year: it is counted once, then."""


def hours_in(
    instance: Instance, s: int, modules: Collection[int], first: int, last: int, missed: int = 0
) -> int:
    """Study hours of some modules of a session from a day to another, without those missed.

    The hours of each module lie evenly on the session's days, and so do those missed on all hours. They are
    rounded down up to each day, so that parts which lie side by side add up to the whole.
    """
    hours = sum(instance.modules[m].hours for m in modules)

    def until(day: int) -> int:
        return instance.hours_until(s, modules, day) * max(0, hours - missed) // max(1, hours)

    return until(last) - until(first - 1)


def studied(instance: Instance, s: int, modules: Collection[int], missed: int = 0) -> list[Studied]:
    """The hours of some modules of a session, without those missed, by calendar year."""
    days = instance.sessions[s].days
    found = []
    for year in range(instance.date_of(days[0]).year, instance.date_of(days[-1]).year + 1):
        first, last = ((day - instance.start).days for day in (date(year, 1, 1), date(year, 12, 31)))
        own = [day for day in days if first <= day <= last]
        if own:
            hours = hours_in(instance, s, modules, first, last, missed)
            found.append(
                Studied(instance.sessions[s].id, instance.date_of(own[-1]), hours, own[-1] == days[-1])
            )
    return found


def amount(norm: NormSpec, done: Iterable[Studied], window: DateRange) -> int:
    """Hours, or sessions, that lie in a window."""
    inside = [one for one in done if window.start <= one.day <= window.end]
    return sum(one.hours for one in inside) if norm.hours else sum(one.is_end for one in inside)


def done_in(facts: Iterable[Fact]) -> dict[str, list[Studied]]:
    """What a history tells that leaders did, by their ids."""
    found: dict[str, list[Studied]] = {}
    for fact in facts:
        if fact.fact == "hours":
            done = Studied(fact.session, date.fromisoformat(fact.date), fact.after or 0, fact.before is None)
            found.setdefault(fact.leader, []).append(done)
    return found


@dataclass(frozen=True, slots=True)
class Credit:
    """What a leader's row credits for a norm from now on. What of it lies before the window isn't known if
    `is_old`: there was no history to tell."""

    norm: str
    amount: int
    is_old: bool = False


def credit(
    norm_id: str,
    norm: NormSpec,
    since: date | None,
    credited: int,
    new: Sequence[Studied],
    before: Sequence[Studied] | None,
    season: DateRange,
    following: DateRange,
) -> Credit | None:
    """What is credited for the horizon `following`, after a rotation with the horizon `season`.

    `credited` was so far, `new` is what the rotation adds, `before` what a history knows of earlier ones, if
    there is any. None where nothing is known of the norm's window.
    """
    old, window = norm.window(since, season), norm.window(since, following)
    if old is None or window is None:
        return None
    added = amount(norm, new, window)
    if old.start >= window.start:
        return Credit(norm_id, credited + added)
    if window.start > old.end or not credited:
        return Credit(norm_id, added)
    if before is None:
        return Credit(norm_id, credited + added, is_old=True)
    gone = amount(norm, before, DateRange(old.start, window.start - timedelta(days=1)))
    return Credit(norm_id, max(0, credited - gone) + added)
