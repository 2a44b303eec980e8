"""What is taught, when and where: packages of modules, sessions, offerings and their candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from benchmarks.roster.state import START, OfferingTemplate, Season, State
from cadreplan.instance import DayRange, Session, Site

_START_WEEKDAYS = {1: (0, 1, 2, 3, 4), 2: (0, 1, 2, 3), 3: (0, 1, 2), 4: (0, 1), 5: (0,)}
"""Weekdays a session of so many days may start on, to end by Friday."""


def add_packages(state: State) -> None:
    """Sets of one to three modules that are given together; every module is in at least one."""
    n = min(90, max(30, state.n_sessions // 5))
    order = list(range(len(state.modules)))
    state.random.shuffle(order)
    while len(state.packages) < n:
        size = state.random.choices((1, 2, 3), (3, 5, 2))[0]
        new = bool(order)
        chosen: set[int] = set()
        while len(chosen) < size:
            chosen.add(order.pop() if order else state.random.randrange(len(state.modules)))
        package = tuple(sorted(chosen))
        if package not in state.packages and (
            new or _balanced(state, package) or state.random.random() < 0.2
        ):
            state.packages.append(package)
    for package in state.packages:
        levels: dict[int, int] = {}
        for m in package:
            for skill, level in state.modules[m].teaches:
                levels[skill] = max(level, levels.get(skill, 0))
        state.taught.append(levels)


def _balanced(state: State, package: tuple[int, ...]) -> bool:
    """Whether a leader may attend the package alone under the standards."""
    held = [state.modules[m] for m in package]
    core = sum(m.hours for m in held if m.core)
    methods = len({m.method for m in held})
    return 4 * core >= sum(m.hours for m in held) and methods >= min(2, len(held))


def add_sessions(state: State) -> None:
    """Explicit sessions first, then those that offerings expand to, in the loader's order."""
    random = state.random
    if state.season is not None:
        expanded = _season(state, state.season)
        state.n_explicit, state.n_sessions = state.n_sessions, state.n_sessions + len(expanded)
    else:
        expanded = _offerings(state, state.n_sessions // 10) if state.all else []
        state.n_explicit = state.n_sessions - len(expanded)
    for k in range(state.n_explicit):
        p = k % len(state.packages) if k < len(state.packages) else random.randrange(len(state.packages))
        site = _site_of_session(state)
        candidate = state.all and state.season is None and k >= len(state.packages) and random.random() < 0.06
        session = Session(
            id=f"S{k + 1:04}",
            site=site,
            modules=state.packages[p],
            days=_days(state, _length(state, p), site),
            seats=0,
            candidate=candidate,
            branches=_audience(state, site),
            roles=_audience_roles(state) if state.all else None,
        )
        state.sessions.append(session)
        state.package_of.append(p)
    for p, session in expanded:
        state.sessions.append(session)
        state.package_of.append(p)


def _site_of_session(state: State) -> int:
    if state.random.random() < 0.55:
        return state.random.randrange(state.n_national)
    province = state.random.choices(range(state.n_provinces), state.province_weights)[0]
    return state.n_national + province


def _length(state: State, package: int) -> int:
    """Days: enough for the half days its modules fill, often a day or two more for study and practice."""
    slots = sum(state.modules[m].slots for m in state.packages[package])
    need = -(-slots // 2)
    if not state.all:
        return max(need, state.random.choice((3, 4, 5)))
    return min(5, need + state.random.choices((0, 1, 2), (4, 4, 2))[0])


def _days(state: State, length: int, site: int) -> tuple[int, ...]:
    """Working days in one week; where all rules are on, sometimes with a free day or in two weeks."""
    random = state.random
    closed = {day for first, last in state.closed.get(site, ()) for day in range(first, last + 1)}
    while True:
        weekday = random.choice(_START_WEEKDAYS[length]) if state.all else 0
        first = 7 * random.randrange(state.weeks) + weekday
        days = list(range(first, first + length))
        kind = random.random() if state.all else 1.0
        if kind < 0.06 and length in (2, 4) and first + 7 + length <= state.n_days:
            half = length // 2
            days = [*range(first, first + half), *range(first + 7, first + 7 + half)]
        elif kind < 0.12 and length == 2 and weekday <= 2:
            days = [first, first + 2]
        if not closed & set(days):
            return tuple(days)


def _audience(state: State, site: int) -> tuple[int, ...] | None:
    """National sites are for all; most sessions of a provincial school are for two or three provinces."""
    if not state.all or site < state.n_national or state.random.random() < 0.3:
        return None
    own = site - state.n_national
    n = min(state.n_provinces - 1, state.random.choice((0, 1, 2)))
    others = state.random.sample([p for p in range(state.n_provinces) if p != own], n)
    return tuple(sorted(state.province_branches[p] for p in (own, *others)))


def _audience_roles(state: State) -> tuple[int, ...] | None:
    if state.random.random() < 0.9:
        return None
    return tuple(sorted(state.random.sample(range(len(state.roles)), 4)))


def _offerings(state: State, wanted: int) -> list[tuple[int, Session]]:
    """Offerings that expand to about `wanted` candidates (never more), in order of site and start."""
    random = state.random
    expanded: list[tuple[int, Session]] = []
    for o in range(wanted):
        p = random.randrange(len(state.packages))
        length = _length(state, p)
        sites = tuple(sorted(random.sample(range(state.n_national), random.choice((1, 2)))))
        if random.random() < 0.3:
            first = 7 * random.randrange(state.weeks - 3)
            every = (first, first + 7 * random.choice((1, 2)) + 3)
            starts = tuple(range(first, every[1] + 1, 7))
        else:
            every = None
            starts = tuple(sorted(7 * w for w in random.sample(range(state.weeks), random.choice((2, 3)))))
        template = OfferingTemplate(
            f"O{o + 1:02}",
            sites,
            state.packages[p],
            length,
            starts,
            every,
            0,
            0,
            0,
            random.choice((1, 2, 2, None)),
        )
        runs = expand(template, o, state.sites, state.closed, state.n_days)
        if len(expanded) + len(runs) > wanted:
            break
        state.templates.append(template)
        expanded += [(p, session) for session in runs]
    return expanded


def _season(state: State, season: Season) -> list[tuple[int, Session]]:
    """One offering a package, each on every Monday at its sites, with a few runs at most."""
    random = state.random
    expanded: list[tuple[int, Session]] = []
    for o in range(season.offerings):
        p = o if o < len(state.packages) else random.randrange(len(state.packages))
        sites = tuple(sorted(random.sample(range(len(state.sites)), min(season.sites, len(state.sites)))))
        starts = tuple(range(0, state.n_days, 7))
        template = OfferingTemplate(
            f"O{o + 1:02}",
            sites,
            state.packages[p],
            _length(state, p),
            starts,
            (0, state.n_days - 1),
            0,
            0,
            0,
            random.choice((2, 3, 4, 6)),
        )
        state.templates.append(template)
        expanded += [(p, session) for session in expand(template, o, state.sites, state.closed, state.n_days)]
    return expanded


def expand(
    template: OfferingTemplate,
    offering: int,
    sites: Sequence[Site],
    closed_days: Mapping[int, tuple[DayRange, ...]],
    n_days: int,
) -> list[Session]:
    """The candidates of an offering, as the loader makes them, without holidays."""
    runs: list[Session] = []
    for site in template.sites:
        closed = {day for a, b in closed_days.get(site, ()) for day in range(a, b + 1)}
        for start in template.starts:
            days = working_days(start, template.days)
            if closed & set(days) or days[-1] >= n_days:
                continue
            runs.append(
                Session(
                    id=f"{template.id}@{sites[site].id}@{(START + timedelta(days=start)).isoformat()}",
                    site=site,
                    modules=template.modules,
                    days=days,
                    seats=template.seats,
                    min_seats=template.min_seats,
                    candidate=True,
                    cost=template.cost,
                    branches=template.branches,
                    roles=template.roles,
                    quotas=template.quotas,
                    offering=offering,
                )
            )
    return runs


def working_days(start: int, n: int) -> tuple[int, ...]:
    """The first `n` days from Monday to Friday from a day on."""
    return tuple(day for day in range(start, start + 7 * n) if day % 7 < 5)[:n]
