"""The half days of a plan as rows: of a session, of a lecturer, and of a site's rooms in a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cadreplan.messages.saying import with_code
from cadreplan.plan import ProgrammeEntry, Slot
from cadreplan.views.naming import by_name
from cadreplan.views.season import Season
from cadreplan.views.timetable import Week


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half day of a session; `lecturer` is the index of one, or None with the `reason` why nobody."""

    session: int
    day: int
    slot: Slot
    module_id: str
    module: str
    method: str
    core: bool
    lecturer: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What a lecturer teaches in one session: half days in order, and the names of the modules."""

    session: int
    half_days: tuple[HalfDay, ...]
    modules: tuple[str, ...]

    @property
    def days(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(h.day for h in self.half_days))


def half_days(season: Season) -> list[HalfDay]:
    """Every half day of the plan in time; names that the roster doesn't have stay as they are."""
    instance = season.instance
    modules = {module.id: module for module in instance.modules}
    lecturers = {who.id: k for k, who in enumerate(instance.lecturers)}
    found = []
    for planned in season.plan.sessions:
        s = instance.session_by_id.get(planned.id)
        for entry in planned.programme if s is not None else ():
            module = modules.get(entry.module)
            day = _day(season, entry)
            if s is None or day is None:
                continue
            found.append(
                HalfDay(
                    s,
                    day,
                    entry.slot,
                    entry.module,
                    entry.module if module is None else module.name,
                    "" if module is None else module.method,
                    module is not None and module.core,
                    None if entry.lecturer is None else lecturers.get(entry.lecturer),
                    with_code(by_name(entry.reason, season.instance)),
                )
            )
    return sorted(found, key=lambda h: (h.day, h.slot, h.session))


def _day(season: Season, entry: ProgrammeEntry) -> int | None:
    try:
        return (date.fromisoformat(entry.date) - season.instance.start).days
    except ValueError:
        return None


def by_session(season: Season) -> dict[int, list[HalfDay]]:
    """Session → its half days in time; sessions without a programme are left out."""
    found: dict[int, list[HalfDay]] = defaultdict(list)
    for h in half_days(season):
        found[h.session].append(h)
    return dict(found)


def by_lecturer(season: Season) -> dict[int, list[HalfDay]]:
    """Lecturer → the half days they teach in time; those who teach nothing are left out."""
    found: dict[int, list[HalfDay]] = defaultdict(list)
    for h in half_days(season):
        if h.lecturer is not None:
            found[h.lecturer].append(h)
    return dict(found)


def of_session(season: Season, session: int) -> list[HalfDay]:
    """The half days of one session in time."""
    return by_session(season).get(session, [])


def visits(season: Season, lecturer: int) -> list[Visit]:
    """The sessions a lecturer teaches in, in time."""
    return visits_of(by_lecturer(season).get(lecturer, []))


def visits_of(taught: Iterable[HalfDay]) -> list[Visit]:
    """The same, of the half days that a lecturer teaches."""
    own: dict[int, list[HalfDay]] = defaultdict(list)
    for h in taught:
        own[h.session].append(h)
    return [Visit(s, tuple(held), tuple(dict.fromkeys(h.module for h in held))) for s, held in own.items()]


def loads(season: Season) -> dict[int, int]:
    """Lecturer → half days taught, everybody on the roster included."""
    found = dict.fromkeys(range(len(season.instance.lecturers)), 0)
    for h in half_days(season):
        if h.lecturer is not None:
            found[h.lecturer] += 1
    return found


def room_grid(season: Season, site: int, week: Week) -> Iterator[tuple[str, dict[tuple[int, str], HalfDay]]]:
    """(room, (day, slot) → half day) of a week: a row for each room, or session where rooms aren't given."""
    days = set(week.days)
    here = [
        h for h in half_days(season) if season.instance.sessions[h.session].site == site and h.day in days
    ]
    rows = sorted(here, key=lambda h: (_row(season, h.session), h.day, h.slot))
    for label, held in groupby(rows, key=lambda h: _row(season, h.session)):
        yield label, {(h.day, h.slot): h for h in held}


def _row(season: Season, session: int) -> str:
    return season.room(session) or season.instance.sessions[session].id


def lecturer_name(season: Season, half_day: HalfDay) -> str:
    """The name of who teaches it; a dash where nobody does."""
    return "-" if half_day.lecturer is None else season.instance.lecturers[half_day.lecturer].name
