"""What a page shows of the programme: the half days of a session, and what each lecturer teaches where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cadreplan.instance import Lecturer
from cadreplan.language import tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.teaching import why_nobody
from cadreplan.views.programme import HalfDay, by_lecturer, visits_of
from cadreplan.views.season import Season
from cadreplan.views.wording import kind, slot_name


@dataclass(frozen=True, slots=True)
class Lesson:
    """A half day of a session; `lecturer` is the index of one, or None with `why` nobody teaches."""

    half_day: str
    module: str
    core: bool
    lecturer: int | None
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a session with its half days."""

    day: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """What a lecturer teaches in one session, from the first day to the last."""

    session: int
    id: str
    days: str
    site: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A lecturer with load and journey; `index` is the one in the instance, `most` half days at most."""

    index: int
    id: str
    name: str
    kind: str
    taught: int
    most: int | None
    stops: tuple[Stop, ...]


def days(season: Season, held: Sequence[HalfDay]) -> tuple[Day, ...]:
    """The half days of a session by day."""
    return tuple(
        Day(season.dates.weekday(day), tuple(_lesson(season, h) for h in lessons))
        for day, lessons in groupby(held, key=lambda h: h.day)
    )


def _lesson(season: Season, half_day: HalfDay) -> Lesson:
    return Lesson(
        slot_name(half_day.slot),
        half_day.module,
        half_day.core,
        half_day.lecturer,
        lecturer_of(season, half_day),
        why_nobody(half_day),
    )


def teachers(season: Season) -> list[Teacher]:
    """All lecturers where there is a programme, those who teach most first; none without one."""
    if season.plan.programme is None:
        return []
    taught = by_lecturer(season)
    found = [_teacher(season, k, who, taught.get(k, [])) for k, who in enumerate(season.instance.lecturers)]
    return sorted(found, key=lambda teacher: (-teacher.taught, teacher.index))


def _teacher(season: Season, k: int, who: Lecturer, taught: list[HalfDay]) -> Teacher:
    instance = season.instance
    stops = tuple(
        Stop(
            visit.session,
            season.name(visit.session),
            season.dates.span(visit.days[0], visit.days[-1]),
            instance.sites[instance.sessions[visit.session].site].name,
            visit.modules,
        )
        for visit in visits_of(taught)
    )
    return Teacher(k, who.id, who.name, kind(who.kind), len(taught), who.max_slots, stops)


def load(teacher: Teacher) -> str:
    """Half days taught, of those there may be."""
    if teacher.most is None:
        return f"{teacher.taught:,}"
    return tr("{part:,} of {all:,}", part=teacher.taught, all=teacher.most)
