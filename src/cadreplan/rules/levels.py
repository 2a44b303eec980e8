"""Levels held: which end within the horizon, and days of earning that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.lapse import lapses
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.tree import Map
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule


@rule("level-lapses", "warning", "a level held lapses within the horizon")
def level_lapses(document: RosterDocument) -> Iterator[Found]:
    """A level was earned so long ago that it ends before the last day of the horizon.

    A skill with `valid` months lasts so long after the day on which its level was `earned`. From then on the
    level counts as 0: where the role needs it, it is a skill gap again, and attending what teaches it renews
    it. Said once, in the rotation in which a level ends; levels that ended before are gaps without a word.
    Where the level was renewed elsewhere in the meantime, write that day.

    Wrong:

        skills:
          meetings: {name: 三会一课, ability: duty, weight: 2, valid: 24}
          review: {name: 民主评议, ability: duty}
        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {meetings: 2}, earned: {meetings: 2024-05-08}}

    Right:

        skills:
          meetings: {name: 三会一课, ability: duty, weight: 2, valid: 24}
          review: {name: 民主评议, ability: duty}
        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {meetings: 2}, earned: {meetings: 2025-05-08}}
    """
    horizon, valid = document.horizon, document.valid_months
    if horizon is None or not valid:
        return
    for row, leader in document.leaders.valid():
        for lapse in lapses(leader, valid) if leader.earned else ():
            if horizon.start <= lapse.last < horizon.end:
                message = tr(
                    "earned: found {day} for {skill}, whose level {level} lasts {months} months, to {last}:"
                    " from then on it isn't held",
                    day=lapse.earned.isoformat(),
                    skill=shown(lapse.skill),
                    level=lapse.level,
                    months=lapse.months,
                    last=lapse.last.isoformat(),
                )
                yield at(row, ("earned", lapse.skill), message)


@rule("earned-without-level", "warning", "a day of earning, and no level that was earned")
def earned_without_level(document: RosterDocument) -> Iterator[Found]:
    """`earned` has the day of a skill in which the leader holds no level.

    The day says when the level in `skills` was earned; without one it does nothing.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {review: 1}, earned: {meetings: 2025-05-08}}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {meetings: 1}, earned: {meetings: 2025-05-08}}
    """
    for row, leader in document.leaders.valid():
        for skill in leader.earned:
            if not leader.skills.get(skill):
                message = tr(
                    "earned: found the day of {skill}, expected a level of it in `skills`", skill=shown(skill)
                )
                days = row.tree.get("earned")
                mark = days.key_mark(skill) if isinstance(days, Map) else row.id_mark
                yield Found(row.file, mark, message, tr("write the level, or take the day out"))


@rule("earned-later", "warning", "a level was earned after the horizon")
def earned_later(document: RosterDocument) -> Iterator[Found]:
    """The day on which a level was earned lies behind the last day of the horizon.

    The roster says what is held now. Often a year is mistyped, and the level would last too long.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {meetings: 2}, earned: {meetings: 2062-05-08}}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, skills: {meetings: 2}, earned: {meetings: 2026-02-05}}
    """
    horizon = document.horizon
    if horizon is None:
        return
    for row, leader in document.leaders.valid():
        for skill, day in leader.earned.items():
            if day > horizon.end:
                message = tr(
                    "earned: found {day} for {skill}, expected {last} or before, the last day of the horizon",
                    day=day.isoformat(),
                    skill=shown(skill),
                    last=horizon.end.isoformat(),
                )
                yield at(row, ("earned", skill), message)


ROSTER_RULES = (earned_without_level, earned_later)
WHOLE_RULES = (level_lapses,)
