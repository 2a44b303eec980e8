"""What is held where and when: sites, sessions, offerings, rooms, beds, lecturers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from benchmarks.families.draft import LECTURER_KINDS, Draft, nearby
from benchmarks.families.shape import span
from benchmarks.roster import world
from benchmarks.roster.season import rooms_for
from benchmarks.roster.sessions import expand, working_days
from benchmarks.roster.state import OfferingTemplate
from cadreplan.instance import Lecturer, Room, Session, Site

_GAPS_A_SESSION = 1.7
"""Skill gaps that a session closes, where seats are shared out."""
_UNDERFILL = 0.1
"""Confirmed sessions that want half their seats taken."""


def add_sites(draft: Draft) -> None:
    """Sites for everybody, and one for each first-level branch where there are regional sessions."""
    random, shape = draft.random, draft.shape
    middle = draft.branches[0].location
    assert middle is not None
    for s in range(span(random, shape.sites)):
        _, _, kind, at = world.NATIONAL_SITES[s % len(world.NATIONAL_SITES)]
        place = nearby(random, at if shape.country else middle, 2.0)
        draft.sites.append(Site(f"site-{s + 1}", f"site {s + 1}", kind, place))
    if shape.regional[1]:
        for b in draft.first_level:
            branch = draft.branches[b]
            draft.sites.append(
                Site(f"school-{branch.id}", f"school of {branch.name}", "branch-school", branch.location)
            )


def add_sessions(draft: Draft) -> None:
    """Sessions written one by one, then the candidates of offerings."""
    random, shape = draft.random, draft.shape
    mean = _mean_seats(draft)
    draft.n_explicit = 0 if shape.offered is not None else draft.n_sessions
    n_common = len(draft.sites) - (len(draft.first_level) if shape.regional[1] else 0)
    second, regional = draft.some(shape.second_module), draft.some(shape.regional)
    candidates, quotas = draft.some(shape.candidates), draft.some(shape.quotas)
    by_branch, by_role = draft.some(shape.branch_audience), draft.some(shape.role_audience)
    for j in range(draft.n_explicit):
        modules = _modules(draft, j, second)
        if n_common < len(draft.sites) and random.random() < regional:
            site = random.randrange(n_common, len(draft.sites))
        else:
            site = random.randrange(n_common)
        seats = _seats(draft, mean * random.uniform(0.5, 1.5))
        session = Session(f"S{j + 1:04}", site, modules, _days(draft, modules), seats)
        if random.random() < candidates:
            least, cost = max(1, round(seats * random.uniform(0.3, 0.6))), random.choice(shape.costs)
            session = replace(session, candidate=True, min_seats=least, cost=cost)
        elif random.random() < _UNDERFILL:
            session = replace(session, min_seats=seats // 2)
        branches, roles = _audience(draft, by_branch, by_role)
        session = replace(
            session, branches=branches, roles=roles, quotas=_quotas(draft, seats, branches, quotas)
        )
        draft.sessions.append(session)
    _add_offerings(draft, mean, by_branch, by_role, quotas)


def _mean_seats(draft: Draft) -> float:
    """Seats a session has on average, by what leaders want and how much of that there is to be."""
    most = draft.shape.max_sessions
    wanted = 0.0
    for leader in draft.leaders:
        sessions = len(leader.gaps) / _GAPS_A_SESSION
        wanted += leader.headcount * (sessions if most is None else min(most, sessions))
    return draft.some(draft.shape.tightness) * wanted / draft.n_sessions


def _seats(draft: Draft, wanted: float) -> int:
    low, high = draft.shape.seats
    return min(high, max(low, round(wanted)))


def _modules(draft: Draft, j: int, second: float) -> tuple[int, ...]:
    """Each module twice before chance chooses; short ones often with another one."""
    n = len(draft.modules)
    first = j % n if j < 2 * n else draft.random.randrange(n)
    chosen = [first]
    if _length(draft, chosen) <= 2 and draft.random.random() < second:
        other = draft.random.randrange(n)
        if other != first and _length(draft, [first, other]) <= draft.shape.longest:
            chosen.append(other)
    return tuple(chosen)


def _length(draft: Draft, modules: Iterable[int]) -> int:
    """Days that hold the half days of modules."""
    return -(-sum(draft.modules[m].slots for m in modules) // 2)


def _days(draft: Draft, modules: tuple[int, ...]) -> tuple[int, ...]:
    """Working days in a row: within a week, or from a Monday on."""
    length = _length(draft, modules)
    weeks = -(-length // 5)
    week = draft.random.randrange(max(1, draft.weeks - weeks + 1))
    weekday = draft.random.randrange(6 - length) if weeks == 1 else 0
    return working_days(7 * week + weekday, length)


def _audience(
    draft: Draft, by_branch: float, by_role: float
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Branches and roles a session is open to; None: all."""
    random, branches, roles = draft.random, None, None
    if random.random() < by_branch and len(draft.first_level) > 2:
        n = random.randint(1, max(1, len(draft.first_level) // 3))
        branches = tuple(sorted(random.sample(draft.first_level, n)))
    if random.random() < by_role and len(draft.roles) > 1:
        roles = tuple(
            sorted(random.sample(range(len(draft.roles)), random.randint(1, len(draft.roles) // 2)))
        )
    return branches, roles


def _quotas(
    draft: Draft, seats: int, branches: tuple[int, ...] | None, share: float
) -> tuple[tuple[int, int], ...]:
    """Most seats for most of the branches that a session is open to."""
    random = draft.random
    if random.random() >= share:
        return ()
    some = [b for b in branches or draft.first_level if random.random() < 0.8]
    return tuple((b, max(1, round(seats * random.uniform(*draft.shape.quota_each)))) for b in some)


def _add_offerings(draft: Draft, mean: float, by_branch: float, by_role: float, quotas: float) -> None:
    """Offerings on every Monday at some sites, and the candidates they expand to."""
    random, shape = draft.random, draft.shape
    n = 0 if shape.offerings is None else span(random, shape.offerings)
    wanted = 0 if shape.offered is None else round(draft.some(shape.offered) * draft.n_sessions)
    starts = tuple(range(0, draft.n_days, 7))
    o = 0
    while o < n or len(draft.sessions) < wanted:
        modules = _modules(draft, o, draft.some(shape.second_module))
        sites = min(len(draft.sites), span(random, shape.offering_sites))
        seats = _seats(draft, mean * random.uniform(0.8, 1.2))
        branches, roles = _audience(draft, by_branch, by_role)
        template = OfferingTemplate(
            id=f"O{o + 1:03}",
            sites=tuple(sorted(random.sample(range(len(draft.sites)), sites))),
            modules=modules,
            days=_length(draft, modules),
            starts=starts,
            every=(0, draft.n_days - 1),
            seats=seats,
            min_seats=max(1, round(seats * random.uniform(0.3, 0.6))),
            cost=random.choice(shape.costs),
            max_runs=random.choice(shape.max_runs),
            branches=branches,
            roles=roles,
            quotas=_quotas(draft, seats, branches, quotas),
        )
        draft.templates.append(template)
        draft.sessions += expand(template, o, draft.sites, {}, draft.n_days)
        o += 1


def add_rooms_and_beds(draft: Draft) -> None:
    """Rooms for all confirmed sessions and some more; beds short of the seats on the fullest day."""
    random, shape = draft.random, draft.shape
    with_rooms, with_beds = draft.some(shape.rooms), draft.some(shape.beds)
    at_site: dict[int, list[Session]] = defaultdict(list)
    for session in draft.sessions:
        at_site[session.site].append(session)
    for s in sorted(at_site):
        confirmed = [session for session in at_site[s] if not session.candidate]
        usual = max(session.seats for session in at_site[s])
        if random.random() < with_rooms:
            seats = [max(2, round(n * random.choice((0.85, 1.0, 1.0)))) for n in rooms_for(confirmed)]
            more = max(span(random, shape.rooms_more), not seats)
            seats += [max(2, round(usual * random.uniform(0.7, 1.0))) for _ in range(more)]
            rooms = tuple(Room(f"{draft.sites[s].id}-{r + 1}", n) for r, n in enumerate(seats))
            draft.sites[s] = replace(draft.sites[s], rooms=rooms)
        if random.random() < with_beds:
            peak = Counter({0: usual})
            for session in confirmed:
                peak.update(dict.fromkeys(range(session.first_day, session.last_day + 1), session.seats))
            beds = max(5, round(max(peak.values()) * random.uniform(*shape.beds_of_peak)))
            draft.sites[s] = replace(draft.sites[s], beds=beds)


def add_lecturers(draft: Draft) -> None:
    """Lecturers of all kinds; every third is bound to a site, every fourth comes later in the season."""
    for t in range(span(draft.random, draft.shape.lecturers)):
        later = t % 4 == 1
        draft.lecturers.append(
            Lecturer(
                id=f"T{t + 1:03}",
                name=draft.random.choice(world.SURNAMES) + draft.random.choice(world.GIVEN),
                kind=LECTURER_KINDS[t % len(LECTURER_KINDS)],
                available=((7 * (t % 5), draft.n_days - 1),) if later else None,
                max_slots=60,
                site=t % len(draft.sites) if t % 3 == 0 else None,
            )
        )
