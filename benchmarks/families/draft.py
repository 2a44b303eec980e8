"""The people of a drawn roster: branches, curriculum, roles, leaders."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from benchmarks.families.shape import Shape, share, span
from benchmarks.roster import world
from benchmarks.roster.rows import merged
from benchmarks.roster.state import OfferingTemplate, OwnValues
from cadreplan.instance import (
    Branch,
    DayRange,
    Leader,
    Lecturer,
    Location,
    Module,
    Role,
    Session,
    Site,
    Skill,
    SkillGap,
    lineage,
)

_OWN_LIMITS: tuple[tuple[int | None, int | None, int | None], ...] = (
    (1, None, None),
    (2, None, None),
    (None, 6, None),
    (None, None, 1),
)
_PEOPLE = (2, 2, 2, 3, 5)
"""People of a row that stands for several."""
_POINTS = (-1000, -300, 300, 500, 1000, 2000)
"""What a wish is worth."""
LECTURER_KINDS = (
    "committee-secretary",
    "discipline-secretary",
    "organization-head",
    "congress-delegate",
    "university-lecturer",
    "school-lecturer",
)


@dataclass
class Draft:
    """What has been drawn so far; every step adds its part."""

    shape: Shape
    n_leaders: int
    n_sessions: int
    random: Random
    skills: list[Skill] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    first_level: list[int] = field(default_factory=list)
    outlets: list[int] = field(default_factory=list)
    home: list[int] = field(default_factory=list)
    """The outlet of each leader."""
    sites: list[Site] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    templates: list[OfferingTemplate] = field(default_factory=list)
    n_explicit: int = 0
    lecturers: list[Lecturer] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)
    held: list[tuple[tuple[int, int], ...]] = field(default_factory=list)
    own: list[OwnValues] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weeks = span(self.random, self.shape.weeks)
        self.n_days = 7 * self.weeks - 2  # to a Friday

    def some(self, of: tuple[float, float]) -> float:
        """A share of a range, for this roster."""
        return share(self.random, of)


def add_curriculum(draft: Draft) -> None:
    """Skills, modules in layers of prerequisites, and roles that need no more than is taught."""
    random, shape = draft.random, draft.shape
    n_skills = span(random, shape.skills)
    for k in range(n_skills):
        draft.skills.append(
            Skill(f"k{k + 1:02}", f"skill {k + 1}", k % len(world.ABILITIES), random.choice((1, 1, 2)))
        )
    n_modules = max(span(random, shape.modules), 1 + shape.chain)
    layer = _layers(random, n_modules, shape.chain, draft.some(shape.chained))
    order = random.sample(range(n_skills), n_skills)
    for m in range(n_modules):
        taught = {order[m % n_skills]: random.choice((2, 2, 3))}  # every skill in turn
        for k in random.sample(range(n_skills), random.choice(shape.teaches) - 1):
            taught.setdefault(k, random.choice((1, 2, 2, 3)))
        before = [j for j in range(m) if layer[j] == layer[m] - 1]
        requires = random.sample(before, min(len(before), random.choice((1, 1, 2)))) if before else []
        draft.modules.append(
            Module(
                id=f"m{m + 1:02}",
                name=f"module {m + 1}",
                hours=random.choice(shape.module_hours),
                form=random.choice(("lecture", "tutorial", "exchange")),
                method=random.choice(world.METHODS),
                core=random.random() < 0.7,
                teaches=tuple(sorted(taught.items())),
                requires=tuple((j,) for j in sorted(requires)),
                lecturers=tuple(random.sample(LECTURER_KINDS, 3)) if shape.lecturers[1] else (),
            )
        )
    highest = Counter[int]()
    for module in draft.modules:
        for k, level in module.teaches:
            highest[k] = max(highest[k], level)
    for r in range(span(random, shape.roles)):
        wanted = random.sample(sorted(highest), min(len(highest), span(random, shape.needs)))
        needs = ((k, min(highest[k], random.choice((1, 2, 2, 3)))) for k in sorted(wanted))
        draft.roles.append(Role(f"r{r + 1}", f"role {r + 1}", tuple(needs)))


def _layers(random: Random, n: int, chain: int, chained: float) -> list[int]:
    """For each module how many stand before it at most; rising, so that what is required comes first."""
    if not chain:
        return [0] * n
    deeper = max(chain, round(chained * n))
    return [0] * (n - deeper) + sorted(
        [*range(1, chain + 1), *random.choices(range(1, chain + 1), k=deeper - chain)]
    )


def add_branches(draft: Draft) -> None:
    """A tree of the depth drawn, outlets of sizes drawn; some outlets hang a level or two higher."""
    random, shape = draft.random, draft.shape
    sizes: list[int] = []
    while sum(sizes) < draft.n_leaders:
        low, high = math.log(shape.outlet[0]), math.log(shape.outlet[1])
        sizes.append(min(round(math.exp(random.uniform(low, high))), draft.n_leaders - sum(sizes)))
    depth = span(random, shape.depth)
    draft.branches.append(Branch("hq", "head office", None, world.PROVINCES[0][2]))
    levels = [[0]]
    for level in range(1, depth):
        n = max(len(levels[-1]), round(len(sizes) ** (level / depth)))
        if level == 1 and shape.country:
            n = min(n, len(world.PROVINCES))
        levels.append([_branch(draft, parent, level) for parent in _dealt(random, levels[-1], n)])
    for parent in _dealt(random, levels[-1], len(sizes)):
        higher = depth > 2 and random.random() < 0.1
        above = draft.branches[parent].parent or 0 if higher else parent
        draft.outlets.append(_branch(draft, above, depth))
    draft.first_level = [b for b, branch in enumerate(draft.branches) if branch.parent == 0]
    draft.home = [b for b, n in zip(draft.outlets, sizes, strict=True) for _ in range(n)]
    random.shuffle(draft.home)


def _dealt(random: Random, parents: list[int], n: int) -> list[int]:
    """A parent for each of `n` children: each has one at least, and some have more than others."""
    weights = [random.uniform(0.5, 2) for _ in parents]
    return [*parents[:n], *random.choices(parents, weights, k=max(0, n - len(parents)))]


def _branch(draft: Draft, parent: int, level: int) -> int:
    """Add a branch below another and give its number."""
    b = len(draft.branches)
    above = draft.branches[parent]
    n = sum(branch.parent == parent for branch in draft.branches)
    if level == 1 and draft.shape.country:
        place = world.PROVINCES[n % len(world.PROVINCES)][2]
    else:
        assert above.location is not None
        place = nearby(draft.random, above.location, 3.0 / level)
    id_ = f"b{n + 1}" if parent == 0 else f"{above.id}-{n + 1}"
    draft.branches.append(Branch(id_, f"branch {id_[1:]}", parent, place))
    return b


def nearby(random: Random, place: Location, degrees: float) -> Location:
    """A place at most so many degrees off in latitude and in longitude."""
    return (
        round(place[0] + random.uniform(-degrees, degrees), 2),
        round(place[1] + random.uniform(-degrees, degrees), 2),
    )


def add_leaders(draft: Draft) -> None:
    """One row a leader: role, levels held, absences, shifts, headcount, limits. Wishes come with sessions."""
    random, shape = draft.random, draft.shape
    several, limited = draft.some(shape.several), draft.some(shape.own_limits)
    shifts = span(random, shape.shifts)
    priority = {b: random.choice(shape.priorities) for b in draft.first_level}
    basics = [m for m, module in enumerate(draft.modules) if not module.requires]
    for i, home in enumerate(draft.home):
        role = random.randrange(len(draft.roles))
        held = {k: random.choice(shape.levels_held) for k, _ in draft.roles[role].needs}
        gaps = tuple(
            SkillGap(k, need, draft.skills[k].weight) for k, need in draft.roles[role].needs if held[k] < need
        )
        own = random.choice(_OWN_LIMITS) if random.random() < limited else (None, None, None)
        branch = draft.branches[home]
        line = lineage(draft.branches, home)
        top = line[-2] if len(line) > 1 else 0
        draft.leaders.append(
            Leader(
                id=f"L{i + 1:05}",
                name=random.choice(world.SURNAMES) + "".join(random.choices(world.GIVEN, k=2)),
                branch=home,
                role=role,
                gaps=gaps,
                completed=frozenset(random.sample(basics, min(len(basics), random.choice(shape.completed)))),
                location=branch.location,
                unavailable=_absent(draft, shifts),
                priority=priority.get(top, 1),
                headcount=random.choice(_PEOPLE) if random.random() < several else 1,
                max_sessions=shape.max_sessions if own[0] is None else own[0],
                max_days=shape.max_days if own[1] is None else own[1],
                max_trips=shape.max_trips if own[2] is None else own[2],
            )
        )
        draft.held.append(tuple((k, level) for k, level in sorted(held.items()) if level))
        draft.own.append(OwnValues(*own))


def _absent(draft: Draft, shifts: int) -> tuple[DayRange, ...]:
    """Days a leader can't go: some stretches, and the weeks of its shift."""
    random, last = draft.random, draft.n_days - 1
    ranges: list[DayRange] = []
    for _ in range(random.choice(draft.shape.absences)):
        first = random.randrange(draft.n_days)
        ranges.append((first, min(last, first + random.randint(1, 12) - 1)))
    if shifts:
        turn = random.randrange(shifts)
        ranges += [(7 * w, min(last, 7 * w + 6)) for w in range(turn, draft.weeks, shifts)]
    return merged(ranges)


def add_absence_limits(draft: Draft) -> None:
    """How many people of a branch may be away on one day; the root is unlimited."""
    random, shape = draft.random, draft.shape
    below = Counter[int]()
    for leader in draft.leaders:
        for b in lineage(draft.branches, leader.branch):
            below[b] += leader.headcount
    outlets = set(draft.outlets)
    above = None if shape.away_above is None else draft.some(shape.away_above)
    for b, branch in enumerate(draft.branches):
        most = None
        if b in outlets:
            most = max(span(random, shape.away), round(below[b] * draft.some(shape.away_share)))
        elif b and above is not None:
            most = max(2, round(above * below[b]))
        draft.branches[b] = replace(branch, max_away=most)


def add_wishes(draft: Draft) -> None:
    """Points for some sessions, and sometimes for a site, of the leaders who have wishes."""
    random, wishing = draft.random, draft.some(draft.shape.wishes)
    explicit = range(draft.n_explicit)
    for i, leader in enumerate(draft.leaders):
        if random.random() >= wishing:
            continue
        some = sorted(random.sample(explicit, min(len(explicit), random.randint(2, 6))))
        sessions = tuple((s, random.choice(_POINTS)) for s in some)
        site = random.randrange(len(draft.sites))
        sites = ((site, random.choice(_POINTS)),) if random.random() < 0.3 else ()
        draft.leaders[i] = replace(leader, prefers_sessions=sessions, prefers_sites=sites)
