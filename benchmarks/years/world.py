"""People, posts and sessions of the study, and how they change from season to season.

All draws are by seed, season and person, so that every policy meets the same people, the same changes and the
same absences.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.roster.world import GIVEN, SURNAMES

FIRST_YEAR = 2026
SKILLS = 12
ROLES = {
    "secretary": (0, 1, 2, 3, 4, 5),
    "organiser": (0, 1, 4, 6, 7),
    "clerk": (0, 2, 8, 9),
    "member": (0, 10, 11),
}
"""Post → the skills it needs, each to level 2."""
SHARE_OF_ROLES = (("secretary", 0.25), ("organiser", 0.2), ("clerk", 0.2), ("member", 0.35))
LASTING = {1: 24, 4: 36, 8: 24, 10: 36}
"""Skill → months for which it lasts."""
HOURS = 8
MODULES_A_SESSION = 4
SEATS = 40
LEAVE, CHANGE_POST = 0.03, 0.04
"""Shares of people who leave, or take another post, from one season to the next; as many join as leave."""
ABSENT, MISSING = 0.04, 0.03
"""Shares of seats whose people don't come, or miss a quarter of the hours."""
HELD_AT_FIRST = 0.5
"""Chance that somebody holds a skill of their post when the study begins."""

CURRICULUM = "\n".join(
    [
        "cadreplan: 1",
        "kind: curriculum",
        "title: Study of five years",
        "abilities: {duty: {name: 履职能力}}",
        "skills:",
        *(
            f"  K{k}: {{ability: duty, weight: {1 + k % 3}"
            + (f", valid: {LASTING[k]}" if k in LASTING else "")
            + "}"
            for k in range(SKILLS)
        ),
        "modules:",
        *(f"  M{k}: {{teaches: {{K{k}: 2}}, hours: {HOURS}}}" for k in range(SKILLS)),
        "roles:",
        *(
            f"  {role}: {{needs: {{{', '.join(f'K{k}: 2' for k in skills)}}}}}"
            for role, skills in ROLES.items()
        ),
        "norms:",
        "  members: {hours: 32, roles: [member]}",
        "  secretaries: {hours: 56, roles: [secretary]}",
        "  newcomers: {sessions: 1, within: 183}",
        "  everybody: {sessions: 1, years: 5}",
        "",
    ]
)
"""The first three are as the bundled curriculum quotes them; `everybody` is a house rule."""


@dataclass(frozen=True)
class Person:
    """A row of leaders as a study changes it: what a roster says of one person, in texts."""

    id: str
    name: str
    branch: str
    role: str
    since: str


def horizon(season: int) -> tuple[date, date]:
    """Spring from March to June, autumn from September to December."""
    year = FIRST_YEAR + season // 2
    if season % 2:
        return date(year, 9, 1), date(year, 12, 20)
    return date(year, 3, 1), date(year, 6, 30)


def branches(leaders: int) -> list[str]:
    """One for every 40 leaders."""
    return [f"B{b + 1:03}" for b in range(max(1, leaders // 40))]


def person(seed: int, number: int, season: int, leaders: int) -> Person:
    """The person who joins as so manieth, in a season; those of season 0 have been there for years."""
    rng = random.Random(f"{seed}/person/{number}")
    role = rng.choices([r for r, _ in SHARE_OF_ROLES], [share for _, share in SHARE_OF_ROLES])[0]
    since = horizon(season)[0] - timedelta(
        days=rng.randrange(400, 3000) if season == 0 else rng.randrange(1, 60)
    )
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    return Person(f"P{number:06}", name, rng.choice(branches(leaders)), role, since.isoformat())


def skills_at_first(seed: int, who: Person) -> dict[str, str]:
    """The skills that somebody holds when the study begins, with the days on which they were earned."""
    rng = random.Random(f"{seed}/skills/{who.id}")
    start = horizon(0)[0]
    return {
        f"K{k}": (start - timedelta(days=rng.randrange(30, 900))).isoformat()
        for k in ROLES[who.role]
        if rng.random() < HELD_AT_FIRST
    }


def sessions(seed: int, season: int, leaders: int, share: float) -> Iterator[list[str]]:
    """Rows of sessions with seats for a share of the leaders: what one post needs, four modules each."""
    rng = random.Random(f"{seed}/sessions/{season}")
    first, last = horizon(season)
    weeks = ((last - first).days - 7) // 7
    monday = first + timedelta(days=-first.weekday() % 7)
    for n in range(max(1, round(leaders * share / SEATS))):
        role = rng.choices([r for r, _ in SHARE_OF_ROLES], [part for _, part in SHARE_OF_ROLES])[0]
        own = list(ROLES[role])
        others = [k for k in range(SKILLS) if k not in own]
        chosen = rng.sample(own, min(len(own), MODULES_A_SESSION))
        chosen += rng.sample(others, MODULES_A_SESSION - len(chosen))
        start = monday + timedelta(weeks=rng.randrange(weeks))
        end = start + timedelta(days=MODULES_A_SESSION * HOURS // 8 - 1)
        modules = "; ".join(f"M{k}" for k in sorted(chosen))
        yield [f"S{season:02}-{n + 1:03}", "CENTRE", modules, f"{start}..{end}", str(SEATS)]


def fate(seed: int, season: int, who: str) -> str:
    """What becomes of somebody behind a season: they `leave`, get another `post`, or `stay`."""
    draw = random.Random(f"{seed}/fate/{season}/{who}").random()
    return "leave" if draw < LEAVE else "post" if draw < LEAVE + CHANGE_POST else "stay"


def other_role(seed: int, season: int, who: str, role: str) -> str:
    """The post that somebody takes in place of theirs."""
    return random.Random(f"{seed}/post/{season}/{who}").choice([r for r in ROLES if r != role])


def attended(seed: int, season: int, who: str, session: str) -> tuple[str, int]:
    """What comes of a seat: the mark, and the hours missed."""
    draw = random.Random(f"{seed}/seat/{season}/{who}/{session}").random()
    if draw < ABSENT:
        return "absent", 0
    return "attended", MODULES_A_SESSION * HOURS // 4 if draw < ABSENT + MISSING else 0
