"""Levels that were earned on a day and last some months: what is still held at the end of a horizon."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from cadreplan.documents.schema.tables import LeaderSpec

_MONTHS = 12


class Lapse(NamedTuple):
    """A level held in a skill, `earned` on a day, lasting `months` months: it counts to its `last` day."""

    skill: str
    level: int
    earned: date
    months: int
    last: date


def last_day(earned: date, months: int) -> date:
    """The same day that many months later, or that month's last where it has no such day.

    From the last day of August six months lead to the last of February. A day beyond the calendar's last
    year is the calendar's last.
    """
    years, month = divmod(earned.month - 1 + months, _MONTHS)
    year = earned.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(earned.day, monthrange(year, month + 1)[1]))


def lapses(leader: LeaderSpec, valid: Mapping[str, int]) -> Iterator[Lapse]:
    """Each level held that ends some day. `valid` are the months that skills last, of those that end."""
    for skill, earned in leader.earned.items():
        if skill in valid and (level := leader.skills.get(skill, 0)):
            yield Lapse(skill, level, earned, valid[skill], last_day(earned, valid[skill]))


def lapsed(leader: LeaderSpec, valid: Mapping[str, int], until: date) -> Mapping[str, Lapse]:
    """By skill, the levels of a leader that don't count any more on a day."""
    if not valid or not leader.earned:
        return {}
    return {lapse.skill: lapse for lapse in lapses(leader, valid) if lapse.last < until}


def held(leader: LeaderSpec, valid: Mapping[str, int], until: date) -> Mapping[str, int]:
    """The levels of a leader that still count on a day; what has lapsed by then counts as 0."""
    gone = lapsed(leader, valid, until)
    return (
        {skill: level for skill, level in leader.skills.items() if skill not in gone}
        if gone
        else leader.skills
    )
