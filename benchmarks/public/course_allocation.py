"""Course-allocation data as a roster: people wish for sections of courses that meet in weekly slots.

Published data sets of this kind come as tables; two of them, in CSV, are read here:

- sections: `section, course, slots, seats`, where `slots` are the weekly meeting times, any text, as `a; b`
- wishes: `person, section, points`, one row a wish; `points` are what the assignment is worth

Nobody gets two sections of a course or two with a common slot, nor more than `--most` sections. The sum of
points is maximised, which is the objective of the roster as well. A slot becomes a day of its own, and
every week has one day for each slot, so that two sections share a day just if they share a slot.

    python -m benchmarks.public.course_allocation sections.csv wishes.csv --most 5 -o DIR
    python -m benchmarks.public.course_allocation --synthetic 1 -o DIR
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

_START = date(2026, 3, 2)
_WEEKS = 4
"""Weeks of the roster; every week is the same, so their number does not matter."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a course with its weekly slots."""

    id: str
    course: str
    slots: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Data:
    """`wishes` maps a person to the points of each section wished for; `most` is the limit of sections."""

    sections: tuple[Section, ...]
    wishes: dict[str, dict[str, int]]
    most: int


def read(sections: Path, wishes: Path, most: int) -> Data:
    """The data of two tables in CSV."""
    with sections.open(encoding="utf-8", newline="") as file:
        found = tuple(
            Section(
                row["section"],
                row["course"],
                tuple(slot.strip() for slot in row["slots"].split(";")),
                int(row["seats"]),
            )
            for row in csv.DictReader(file)
        )
    points: dict[str, dict[str, int]] = {}
    with wishes.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            points.setdefault(row["person"], {})[row["section"]] = int(row["points"])
    return Data(found, points, most)


def synthetic(seed: int, *, people: int = 700, courses: int = 32, most: int = 5) -> Data:
    """Three sections a course on ten slots, some of two slots; seats for four fifths of what is wanted."""
    random = Random(seed)
    slots = [f"{day}-{half}" for day in ("mon", "tue", "wed", "thu", "fri") for half in ("am", "pm")]
    appeal = {f"C{c + 1:02}": random.uniform(0.4, 1.6) for c in range(courses)}
    total = 0.8 * people * most
    sections: list[Section] = []
    for course, weight in appeal.items():
        for k in range(3):
            share = weight**0.5 * random.uniform(0.7, 1.3) / 3
            seats = max(5, round(total * share / courses))
            chosen = tuple(sorted(random.sample(slots, random.choice((1, 1, 2)))))
            sections.append(Section(f"{course}-{k + 1}", course, chosen, seats))
    wishes: dict[str, dict[str, int]] = {}
    for p in range(people):
        wished: dict[str, int] = {}
        worth = {course: random.uniform(10, 100) * weight for course, weight in appeal.items()}
        for course in sorted(worth, key=lambda c: -worth[c])[: random.randint(7, 12)]:
            own = [s for s in sections if s.course == course]
            for section in random.sample(own, random.randint(1, 3)):
                wished[section.id] = max(1, round(worth[course] + random.uniform(-8, 8)))
        wishes[f"P{p + 1:03}"] = wished
    return Data(tuple(sections), wishes, most)


def roster(data: Data, title: str) -> Drawn:
    """A section is a session of one module, its course; skill gaps are worth nothing, wishes everything."""
    courses = sorted({section.course for section in data.sections})
    slots = sorted({slot for section in data.sections for slot in section.slots})
    course_idx = {course: c for c, course in enumerate(courses)}
    section_idx = {section.id: s for s, section in enumerate(data.sections)}
    sessions = tuple(
        Session(
            section.id,
            0,
            (course_idx[section.course],),
            tuple(
                sorted(
                    week * len(slots) + slots.index(slot) for slot in section.slots for week in range(_WEEKS)
                )
            ),
            section.seats,
        )
        for section in data.sections
    )
    leaders: list[Leader] = []
    for person, wished in data.wishes.items():
        wanted = {course_idx[data.sections[section_idx[s]].course] for s in wished}
        gaps = tuple(SkillGap(c, 1, 1) for c in sorted(wanted))
        unwished = [
            section_idx[section.id]
            for section in data.sections
            if course_idx[section.course] in wanted and section.id not in wished
        ]
        leaders.append(
            Leader(
                person,
                person,
                0,
                gaps=gaps,
                max_sessions=data.most,
                prefers_sessions=tuple(sorted((section_idx[s], points) for s, points in wished.items())),
                excluded=tuple(sorted(unwished)),
            )
        )
    instance = Instance(
        title=title,
        start=_START,
        n_days=_WEEKS * len(slots),
        abilities=(Ability("study", "Study"),),
        skills=tuple(Skill(course, course, 0, 1) for course in courses),
        modules=tuple(
            Module(course, course, 4, "lecture", "lecture", True, ((c, 1),))
            for c, course in enumerate(courses)
        ),
        roles=(),
        sites=(Site("campus", "Campus", "party-school"),),
        branches=(Branch("people", "People", None),),
        sessions=sessions,
        offerings=(),
        lecturers=(),
        leaders=tuple(leaders),
        policy=Policy(stay_gap=0, weights=Weights(gap=0, km=0, day=0, underfill=0)),
    )
    n = len(leaders)
    return Drawn(instance, (None,) * n, (OwnValues(),) * n, (), len(sessions), limits=(data.most, None, None))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the roster and say where."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.public.course_allocation")
    parser.add_argument("data", nargs="*", type=Path, help="sections.csv and wishes.csv")
    parser.add_argument("--most", type=int, default=5, help="sections a person may have (default 5)")
    parser.add_argument("--synthetic", type=int, metavar="SEED", help="draw a stand-in: 700 x 96")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    if len(given.data) != (2 if given.synthetic is None else 0):
        parser.error("give either the two tables or --synthetic")
    if given.synthetic is None:
        drawn = roster(read(given.data[0], given.data[1], given.most), "Course allocation")
    else:
        data = synthetic(given.synthetic, most=given.most)
        drawn = roster(data, f"Synthetic course allocation, seed {given.synthetic}")
    print(write(drawn, given.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
