"""The 2019 workshop-tour data as a roster: families choose among 100 days with 125 to 300 people each.

The original is `family_data.csv` of the Kaggle competition "Santa's Workshop Tour 2019": columns `family_id`,
`choice_0` to `choice_9` (days before Christmas, 1 to 100) and `n_people`. Every family gets one day; a day
that is not the first choice costs what the competition's rules say; its other term, the accounting penalty,
is left out. So the cost of a plan is `ATTENDING x families - objective`.

    python -m benchmarks.public.workshop_tour family_data.csv -o DIR
    python -m benchmarks.public.workshop_tour --synthetic 1 -o DIR
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.draw import Drawn
from benchmarks.roster.files import write
from benchmarks.roster.state import OwnValues
from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Policy,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)

DAYS = 100
MIN_PEOPLE, MAX_PEOPLE = 125, 300
CHOICES = 10
ATTENDING = 4000
"""Points for a family that comes: more than any day costs a family of eight (3,972)."""

_CHRISTMAS_EVE = date(2019, 12, 24)
"""Day 1; day 100 is the first of the horizon."""
_FIXED = (0, 50, 50, 100, 200, 200, 300, 300, 400, 500)
_PER_PERSON = (0, 0, 9, 9, 9, 18, 18, 36, 36, 36 + 199)
_SIZES = (0, 0, 14, 22, 28, 17, 10, 6, 3)
"""Weights of family sizes 0 to 8 in the synthetic data; on average 4.2 people, as in the original."""


@dataclass(frozen=True, slots=True)
class Family:
    """`choices` are days before Christmas, the dearest first."""

    id: str
    choices: tuple[int, ...]
    people: int


def cost(family: Family, day: int) -> int:
    """What it costs to give a family a day."""
    if day not in family.choices:
        return 500 + (36 + 398) * family.people
    k = family.choices.index(day)
    return _FIXED[k] + _PER_PERSON[k] * family.people


def read(path: Path) -> list[Family]:
    """The families of the original file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Family(
                f"F{row['family_id']}",
                tuple(int(row[f"choice_{k}"]) for k in range(CHOICES)),
                int(row["n_people"]),
            )
            for row in csv.DictReader(file)
        ]


def synthetic(seed: int, families: int = 5000) -> list[Family]:
    """Families with wishes crowded on some weekdays and towards Christmas, as in the original."""
    random = Random(seed)
    appeal = [(3.0 if day % 7 in (2, 3, 4) else 1.0) * (1 + 3 / (1 + day / 5)) for day in range(1, DAYS + 1)]
    found: list[Family] = []
    for f in range(families):
        choices: list[int] = []
        while len(choices) < CHOICES:
            day = random.choices(range(1, DAYS + 1), appeal)[0]
            if day not in choices:
                choices.append(day)
        found.append(Family(f"F{f}", tuple(choices), random.choices(range(9), _SIZES)[0]))
    return found


def people_a_day(families: int) -> tuple[int, int]:
    """Fewest and most people of a day that leave so many families the room the original's 5,000 have."""
    largest = len(_SIZES) - 1
    return round(MIN_PEOPLE * families / 5000), max(largest, round(MAX_PEOPLE * families / 5000))


def roster(
    families: list[Family], title: str, *, people: tuple[int, int] = (MIN_PEOPLE, MAX_PEOPLE)
) -> Drawn:
    """One-day sessions with 125 people as underfill and 300 seats; a family is a leader with a headcount.

    The preference for the site charges the price of an unwished day, those for the sessions give it back but
    for what the wished day costs.
    """
    sessions = tuple(
        Session(f"D{day:03}", 0, (0,), (DAYS - day,), people[1], min_seats=people[0])
        for day in range(DAYS, 0, -1)
    )
    leaders: list[Leader] = []
    for family in families:
        unwished = cost(family, 0)
        wishes = sorted((DAYS - day, unwished - cost(family, day)) for day in family.choices)
        leaders.append(
            Leader(
                family.id,
                family.id,
                0,
                gaps=(SkillGap(0, 1, 1),),
                headcount=family.people,
                max_sessions=1,
                prefers_sessions=tuple(wishes),
                prefers_sites=((0, -unwished),),
            )
        )
    instance = Instance(
        title=title,
        start=date.fromordinal(_CHRISTMAS_EVE.toordinal() - DAYS + 1),
        n_days=DAYS,
        abilities=(Ability("visit", "Visit"),),
        skills=(Skill("visit", "Visit", 0, 1),),
        modules=(Module("tour", "Tour", 4, "lecture", "experiential", True, ((0, 1),)),),
        roles=(),
        sites=(Site("workshop", "Workshop", "practice-base"),),
        branches=(Branch("families", "Families", None),),
        sessions=sessions,
        offerings=(),
        lecturers=(),
        leaders=tuple(leaders),
        policy=Policy(stay_gap=0, weights=Weights(gap=ATTENDING, km=0, day=0, underfill=1000)),
    )
    n = len(leaders)
    return Drawn(instance, (None,) * n, (OwnValues(),) * n, (), DAYS, limits=(1, None, None))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the roster and say where."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.public.workshop_tour")
    parser.add_argument("data", nargs="?", type=Path, help="family_data.csv of the competition")
    parser.add_argument("--synthetic", type=int, metavar="SEED", help="draw a stand-in of the same shape")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    if (given.data is None) == (given.synthetic is None):
        parser.error("give either the data or --synthetic")
    if given.data is None:
        drawn = roster(synthetic(given.synthetic), f"Synthetic workshop tour, seed {given.synthetic}")
    else:
        drawn = roster(read(given.data), "Workshop tour 2019")
    print(write(drawn, given.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
