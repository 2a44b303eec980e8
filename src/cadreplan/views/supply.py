"""What a season takes: candidates opened, lecturers' load, rooms, and the standards of what is held."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cadreplan.insight.attendance import attended, resting
from cadreplan.views.programme import HalfDay, half_days, loads
from cadreplan.views.season import Season


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """An offering, or a `single` candidate of none: how many run, and what they cost and hold.

    `most` is what it may run (None: no limit but its candidates).
    """

    id: str
    opened: int
    candidates: int
    most: int | None
    people: int
    seats: int
    points: int
    sites: tuple[str, ...]
    single: bool


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A lecturer's half days; `most` None: no limit."""

    lecturer: int
    half_days: int
    most: int | None
    sessions: int
    sites: int


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A site's rooms: `days` of a room taken, of `possible` on the days when the site has sessions.

    `at_once` are the most rooms taken on one day, `people` and `seats` those of the rooms taken, day by day.
    """

    site: str
    rooms: int
    at_once: int
    days: int
    possible: int
    people: int
    seats: int


@dataclass(frozen=True, slots=True)
class StandardRow:
    """Study hours of some sessions, of which `core`, and by teaching method, most hours first."""

    name: str
    sessions: int
    hours: int
    core: int
    methods: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Untaught:
    """Half days without a lecturer, the sessions they are in, and the closed skill gaps that rest on them."""

    half_days: tuple[HalfDay, ...]
    sessions: int
    gaps: int
    people: int


def opened_rows(season: Season) -> list[OpenedRow]:
    """Offerings in their order, then each other candidate; nothing where there are none."""
    instance = season.instance
    groups: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for s, session in enumerate(instance.sessions):
        if session.candidate:
            offering = session.offering
            groups[offering is None, s if offering is None else offering].append(s)
    rows = []
    for (single, n), members in sorted(groups.items()):
        held = [s for s in members if season.runs(s)]
        sites = dict.fromkeys(instance.sites[instance.sessions[s].site].name for s in held)
        rows.append(
            OpenedRow(
                instance.sessions[n].id if single else instance.offerings[n].id,
                len(held),
                len(members),
                None if single else instance.offerings[n].max_runs,
                sum(season.people[s] for s in held),
                sum(instance.sessions[s].seats for s in held),
                instance.policy.weights.open * sum(instance.sessions[s].cost for s in held),
                tuple(sites),
                single,
            )
        )
    return rows


def load_rows(season: Season) -> list[LoadRow]:
    """Everybody on the roster, the heaviest load first: of what they may teach, then in half days."""
    instance = season.instance
    visited: dict[int, set[int]] = defaultdict(set)
    for h in half_days(season):
        if h.lecturer is not None:
            visited[h.lecturer].add(h.session)
    rows = [
        LoadRow(
            k,
            n,
            instance.lecturers[k].max_slots,
            len(visited[k]),
            len({instance.sessions[s].site for s in visited[k]}),
        )
        for k, n in loads(season).items()
    ]
    return sorted(rows, key=lambda row: (-row.half_days, -(row.half_days / (row.most or 1e9)), row.lecturer))


def room_rows(season: Season) -> list[RoomRow]:
    """Sites that list rooms and have sessions, the fullest first."""
    instance = season.instance
    taken: dict[int, Counter[int]] = defaultdict(Counter)
    people: Counter[int] = Counter()
    seats: Counter[int] = Counter()
    for s, r in season.solution.rooms.items():
        session = instance.sessions[s]
        rooms = instance.sites[session.site].rooms
        if rooms is None or not season.runs(s):
            continue
        taken[session.site].update(session.days)
        people[session.site] += len(session.days) * season.people[s]
        seats[session.site] += len(session.days) * rooms[r].seats
    rows = []
    for p, by_day in taken.items():
        n = len(instance.sites[p].rooms or ())
        rows.append(
            RoomRow(
                instance.sites[p].name,
                n,
                max(by_day.values()),
                by_day.total(),
                n * len(by_day),
                people[p],
                seats[p],
            )
        )
    return sorted(rows, key=lambda row: (-row.days / row.possible, row.site))


def standard_rows(season: Season) -> list[StandardRow]:
    """All that is held and attended, then by ability: a module counts for each ability it teaches."""
    instance = season.instance
    held = sorted(s for s in attended(season.solution) if season.runs(s))
    rows = [_standard(season, "", held, None)] if held else []
    abilities: dict[int, set[int]] = defaultdict(set)
    for m, module in enumerate(instance.modules):
        for skill, _ in module.teaches:
            abilities[instance.skills[skill].ability].add(m)
    for a, ability in enumerate(instance.abilities):
        of_ability = [s for s in held if not abilities[a].isdisjoint(instance.sessions[s].modules)]
        if of_ability:
            rows.append(_standard(season, ability.name, of_ability, abilities[a]))
    return rows


def standard_of(season: Season, session: int) -> StandardRow:
    """One session's."""
    return _standard(season, season.instance.sessions[session].id, [session], None)


def _standard(
    season: Season, name: str, sessions: Iterable[int], modules: Collection[int] | None
) -> StandardRow:
    instance = season.instance
    hours = core = n = 0
    methods: Counter[str] = Counter()
    for s in sessions:
        n += 1
        for m in instance.sessions[s].modules:
            if modules is None or m in modules:
                module = instance.modules[m]
                hours += module.hours
                core += module.hours * module.core
                methods[module.method] += module.hours
    by_hours = sorted(methods.items(), key=lambda item: (-item[1], item[0]))
    return StandardRow(name, n, hours, core, tuple(by_hours))


def untaught(season: Season) -> Untaught:
    """What nobody teaches, and what it means for the people there."""
    missing = tuple(h for h in half_days(season) if h.lecturer is None)
    modules = {module.id: m for m, module in enumerate(season.instance.modules)}
    lessons = frozenset((h.session, modules[h.module_id]) for h in missing if h.module_id in modules)
    lost = resting(season.instance, season.solution, lessons)
    return Untaught(
        missing,
        len({h.session for h in missing}),
        sum(map(len, lost.values())),
        sum(season.instance.leaders[i].headcount for i in lost),
    )
