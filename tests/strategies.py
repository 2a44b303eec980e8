"""Random instances for property tests: small, tight, and with every hard rule and every term in play."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Norm,
    Offering,
    Owed,
    Policy,
    Role,
    Room,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)

METHODS = ("lecture", "seminar", "experiential", "simulation")
START = date(2026, 3, 2)
N_DAYS = 14

PLACES = (None, (39.9, 116.4), (31.8, 119.9), (26.6, 114.2))
LOCAL_KM = (0, 0, 50, 900)
"""Nobody is local, those in the place itself, and those of the second and third place at each other's too."""


@st.composite
def instances(
    draw: st.DrawFn,
    *,
    max_leaders: int = 8,
    max_sessions: int = 8,
    pins: bool = True,
    rooms: bool = True,
    promises: bool = False,
) -> Instance:
    """A valid instance. With `pins`, pinned sessions may contradict each other or the leader's own rules.

    Only with `promises` are seats promised to some: that is how a guarantee is put to the engines alone.
    """
    n_skills = draw(st.integers(1, 4))
    skills = tuple(Skill(f"K{k}", f"技能{k}", 0, draw(st.integers(0, 3))) for k in range(n_skills))
    modules = _modules(draw, n_skills)
    sites = tuple(_site(draw, k, rooms=rooms) for k in range(draw(st.integers(1, 3))))
    branches = _branches(draw)
    offerings = tuple(
        Offering(f"O{k}", draw(st.none() | st.integers(0, 2))) for k in range(draw(st.integers(0, 2)))
    )
    n_sessions = draw(st.integers(1, max_sessions))
    sessions = tuple(_session(draw, k, modules, sites, branches, offerings) for k in range(n_sessions))
    policy = draw(policies())
    pins = pins and draw(st.sampled_from((False, False, True)))
    n_leaders = draw(st.integers(1, max_leaders))
    leaders = tuple(
        _leader(draw, k, n_skills, modules, sites, branches, sessions, pins=pins) for k in range(n_leaders)
    )
    if promises:
        promise = st.sampled_from((0, 0, 0, 800, 10**7))
        leaders = tuple(replace(leader, promise=draw(promise)) for leader in leaders)
    return Instance(
        title="drawn",
        start=START,
        n_days=N_DAYS,
        abilities=(Ability("A", "能力"),),
        skills=skills,
        modules=modules,
        roles=(Role("R0", "岗位0", ()), Role("R1", "岗位1", ())),
        sites=sites,
        branches=branches,
        sessions=sessions,
        offerings=offerings,
        lecturers=(),
        leaders=leaders,
        policy=policy,
        norms=(Norm("N0", "学时"), Norm("N1", "班次", counts_sessions=True)),
    )


@st.composite
def cohorts(draw: st.DrawFn, *, max_leaders: int = 8, max_sessions: int = 8, pins: bool = True) -> Instance:
    """An instance with tags, entries of `mix` for classes, soft and hard, and ties."""
    base = instances(max_leaders=max_leaders, max_sessions=max_sessions, pins=pins)
    return with_cohorts(draw, draw(base))


def with_cohorts(draw: st.DrawFn, instance: Instance) -> Instance:
    """The instance with tags, `mix` and ties."""
    leaders = tuple(
        replace(leader, tags=tuple((tag, value) for tag in ("sex", "band") if (value := draw(_VALUES))))
        for leader in instance.leaders
    )
    ties = (
        tuple(
            Tie(tuple(sorted(who)), "apart", draw(st.sampled_from(("day", "class"))))
            for who in draw(
                st.lists(st.sets(st.integers(0, len(leaders) - 1), min_size=2, max_size=3), max_size=2)
            )
        )
        if len(leaders) > 1
        else ()
    )
    mix = tuple(_entry(draw, len(instance.sessions)) for _ in range(draw(st.sampled_from((1, 2, 0)))))
    weights = replace(instance.policy.weights, mix=draw(st.sampled_from((0, 5, 700))))
    policy = replace(instance.policy, weights=weights)
    return replace(instance, leaders=leaders, ties=ties, mix=mix, policy=policy)


_VALUES = st.none() | st.sampled_from(("f", "f", "m"))
_AMOUNTS = (
    st.none()
    | st.builds(Amount, st.integers(0, 3), st.just(False))
    | st.builds(Amount, st.sampled_from((0, 20, 34, 50, 67, 100)), st.just(True))
)


def _entry(draw: st.DrawFn, n_sessions: int) -> Mix:
    tag = draw(st.sampled_from(("sex", "sex", "band", "branch", "branch:1", "role")))
    values = {"branch": "B0", "branch:1": "B1", "role": "R0"}
    named = draw(st.none() | st.sets(st.integers(0, n_sessions - 1), min_size=1))
    return Mix(
        tag,
        "class",
        draw(st.none() | st.just(values.get(tag, "f"))),
        at_least=draw(_AMOUNTS),
        at_most=draw(_AMOUNTS),
        sessions=None if named is None else tuple(sorted(named)),
        hard=draw(st.sampled_from((True, False))),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    often = st.booleans()
    weights = Weights(
        gap=draw(st.sampled_from((10, 1000, 10000))),
        km=draw(st.integers(0, 2)),
        day=draw(st.sampled_from((0, 1, 50))),
        hour=draw(st.sampled_from((0, 0, 3, 40))),
        open=draw(st.integers(0, 2)),
        underfill=draw(st.sampled_from((0, 10, 1000))),
        norm=draw(st.sampled_from((0, 0, 7, 300, 4000))),
        wait=draw(st.sampled_from((0, 0, 90, 2500))),
    )
    return Policy(
        transfer_days=draw(st.integers(0, 2)),
        stay_gap=draw(st.integers(0, 3)),
        min_hours=draw(st.sampled_from((0, 0, 8, 16))),
        core_share=draw(st.sampled_from((Fraction(1, 3), Fraction(3, 5)))) if draw(often) else None,
        min_methods=draw(st.sampled_from((0, 0, 2, 3))),
        weights=weights,
        local_km=draw(st.sampled_from(LOCAL_KM)),
    )


def _modules(draw: st.DrawFn, n_skills: int) -> tuple[Module, ...]:
    modules: list[Module] = []
    for k in range(draw(st.integers(1, 6))):
        taught = draw(
            st.dictionaries(st.integers(0, n_skills - 1), st.integers(1, 3), min_size=1, max_size=2)
        )
        modules.append(
            Module(
                id=f"M{k}",
                name=f"课程{k}",
                hours=draw(st.sampled_from((2, 4, 8))),
                form="lecture",
                method=draw(st.sampled_from(METHODS)),
                core=draw(st.booleans()),
                teaches=tuple(sorted(taught.items())),
                requires=_requires(draw, k) if k else (),
            )
        )
    return tuple(modules)


def _requires(draw: st.DrawFn, k: int) -> tuple[tuple[int, ...], ...]:
    """Up to two entries, most of them of one module."""
    entry = st.sets(st.integers(0, k - 1), min_size=1, max_size=2).map(lambda e: tuple(sorted(e)))
    return tuple(sorted(draw(st.sets(entry, max_size=draw(st.sampled_from((1, 1, 2)))))))


def _site(draw: st.DrawFn, k: int, *, rooms: bool) -> Site:
    sizes = draw(st.none() | st.lists(st.integers(1, 6), min_size=2, max_size=3)) if rooms else None
    return Site(
        id=f"P{k}",
        name=f"地点{k}",
        kind="base",
        location=draw(st.sampled_from(PLACES)),
        beds=draw(st.none() | st.integers(1, 6)),
        rooms=None if sizes is None else tuple(Room(f"P{k}R{r}", seats) for r, seats in enumerate(sizes)),
    )


def _branches(draw: st.DrawFn) -> tuple[Branch, ...]:
    branches: list[Branch] = []
    for k in range(draw(st.integers(1, 4))):
        parent = draw(st.integers(0, k - 1)) if k else None
        most = draw(st.none() | st.integers(1, 5))
        branches.append(Branch(f"B{k}", f"支部{k}", parent, draw(st.sampled_from(PLACES)), most))
    return tuple(branches)


def _session(
    draw: st.DrawFn,
    k: int,
    modules: tuple[Module, ...],
    sites: tuple[Site, ...],
    branches: tuple[Branch, ...],
    offerings: tuple[Offering, ...],
) -> Session:
    held = draw(st.sets(st.integers(0, len(modules) - 1), min_size=1, max_size=2))
    days = draw(st.sets(st.integers(-1, N_DAYS), min_size=1, max_size=2))
    if draw(st.booleans()):
        days = set(range(min(days), min(min(days) + draw(st.integers(1, 4)), N_DAYS + 1)))
    candidate = draw(st.sampled_from((False, False, True)))
    seats = draw(st.integers(1, 6))
    offering = draw(st.none() | st.integers(0, len(offerings) - 1)) if candidate and offerings else None
    branch_ids = st.integers(0, len(branches) - 1)
    quotas = draw(st.dictionaries(branch_ids, st.integers(0, 4), max_size=1))
    audience = draw(st.none() | st.none() | st.sets(branch_ids, min_size=1, max_size=2))
    roles = draw(st.none() | st.none() | st.just((1,)))
    return Session(
        id=f"S{k}",
        site=draw(st.integers(0, len(sites) - 1)),
        modules=tuple(sorted(held)),
        days=tuple(sorted(days)),
        seats=seats,
        min_seats=draw(st.integers(0, 3)),
        candidate=candidate,
        cost=draw(st.sampled_from((0, 100, 5000))) if candidate else 0,
        branches=None if audience is None else tuple(sorted(audience)),
        roles=roles,
        quotas=tuple(sorted(quotas.items())),
        offering=offering,
    )


def _leader(
    draw: st.DrawFn,
    k: int,
    n_skills: int,
    modules: tuple[Module, ...],
    sites: tuple[Site, ...],
    branches: tuple[Branch, ...],
    sessions: tuple[Session, ...],
    *,
    pins: bool,
) -> Leader:
    wanted = draw(st.sets(st.integers(0, n_skills - 1), max_size=3))
    gaps = tuple(SkillGap(s, draw(st.integers(0, 3)), draw(st.integers(0, 3))) for s in sorted(wanted))
    session_idx, site_idx = st.integers(0, len(sessions) - 1), st.integers(0, len(sites) - 1)
    points = st.sampled_from((-300, 0, 40, 700))
    ranges = st.tuples(st.integers(0, N_DAYS - 1), st.integers(0, 6)).map(lambda r: (r[0], r[0] + r[1]))
    branch = draw(st.integers(0, len(branches) - 1))
    chance = draw(st.integers(0, 5))
    pinned = draw(st.sets(session_idx, min_size=1, max_size=2)) if pins and chance == 0 else set()
    excluded = draw(st.sets(session_idx, max_size=1)) if chance == 1 else set()
    some = st.none() | st.none() | st.integers(1, 3)
    days = draw(st.none() | st.none() | st.integers(1, 8))
    leader = Leader(
        id=f"L{k}",
        name=f"学员{k}",
        branch=branch,
        role=draw(st.none() | st.integers(0, 1)),
        gaps=gaps,
        completed=frozenset(draw(st.sets(st.integers(0, len(modules) - 1), max_size=2))),
        location=draw(st.just(branches[branch].location) | st.sampled_from(PLACES)),
        available=draw(st.none() | st.none() | st.lists(ranges, min_size=1, max_size=2).map(tuple)),
        unavailable=draw(st.just(()) | st.lists(ranges, max_size=1).map(tuple)),
        priority=draw(st.sampled_from((1, 1, 2, 3))),
        headcount=draw(st.sampled_from((1, 1, 1, 2, 3))),
        max_sessions=draw(some),
        max_days=days,
        max_trips=draw(some),
        pinned=tuple(sorted(pinned)),
        excluded=tuple(sorted(excluded)),
        owes=_owes(draw),
        waited=draw(st.sampled_from((0, 0, 1, 3))),
    )
    if draw(st.booleans()):
        by_session = draw(st.dictionaries(session_idx, points, max_size=3))
        by_site = draw(st.dictionaries(site_idx, points, max_size=1))
        leader = replace(
            leader,
            prefers_sessions=tuple(sorted(by_session.items())),
            prefers_sites=tuple(sorted(by_site.items())),
        )
    return leader


def _owes(draw: st.DrawFn) -> tuple[Owed, ...]:
    """Up to two norms, in windows that have the whole horizon, a part of it, or no day of it."""
    first, last = st.sampled_from((-60, 0, 4, 9)), st.sampled_from((-9, 3, 8, 12, 300))
    owed = []
    for norm, most in ((0, 24), (1, 3)):
        if draw(st.sampled_from((False, False, True))):
            wanted, credited = draw(st.integers(1, most)), draw(st.integers(0, most // 2))
            owed.append(Owed(norm, wanted, credited, *sorted((draw(first), draw(last)))))
    return tuple(owed)


@st.composite
def ladders(draw: st.DrawFn, *, max_leaders: int = 8, max_sessions: int = 8, pins: bool = True) -> Instance:
    """An instance in which modules build on each other and leaders want what the higher ones teach."""
    instance = draw(instances(max_leaders=max_leaders, max_sessions=max_sessions, pins=pins))
    modules = []
    for k, module in enumerate(instance.modules):
        requires = ((k - 1,),) if k and draw(st.booleans()) else _requires(draw, k) if k else ()
        modules.append(replace(module, teaches=((0, 1 + k),), requires=requires))
    leaders = []
    for leader in instance.leaders:
        level = draw(st.integers(1, len(modules)))
        gaps = (SkillGap(0, level, draw(st.integers(0, 3))),)
        completed = leader.completed if draw(st.booleans()) else frozenset[int]()
        leaders.append(replace(leader, gaps=gaps, completed=completed))
    return replace(instance, modules=tuple(modules), leaders=tuple(leaders))
