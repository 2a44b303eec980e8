"""The draw itself: a seeded national roster as an `Instance`, with what only the files show beside it.

Chance comes from `random.Random(seed)` alone, and nothing walks a set of strings, so that the same arguments
give the same roster on every machine.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Literal

from benchmarks import world
from cadreplan.instance import (
    Branch,
    DayRange,
    Instance,
    Leader,
    Location,
    Module,
    Offering,
    Policy,
    Role,
    Room,
    Session,
    Site,
    SkillGap,
    Weights,
)

Rules = Literal["all", "core"]

START = date(2026, 3, 2)
"""A Monday."""
WEEKS = 17
N_DAYS = 7 * WEEKS - 2
"""To a Friday."""

MAX_SESSIONS, MAX_DAYS, MAX_TRIPS = 4, 15, 3
"""The policy's limits."""

_START_WEEKDAYS = {1: (0, 1, 2, 3, 4), 2: (0, 1, 2, 3), 3: (0, 1, 2), 4: (0, 1), 5: (0,)}
"""Weekdays a session of so many days may start on, to end by Friday."""


@dataclass(frozen=True, slots=True)
class OfferingTemplate:
    """What a roster says of an offering (an instance has only candidates); days count from the start."""

    id: str
    sites: tuple[int, ...]
    modules: tuple[int, ...]
    days: int
    starts: tuple[int, ...]
    every: tuple[int, int] | None
    seats: int
    min_seats: int
    cost: int
    max_runs: int | None


@dataclass(frozen=True)
class Drawn:
    """An instance and what only its files show.

    `held` are the skills of each leader as (skill, level) where its skill gaps come from its role, None where
    they are written out. `own_limits` are the limits written for a leader, (sessions, days, trips).
    `offerings` run parallel to `instance.offerings`; `explicit` is the number of leading sessions that are
    written one by one, the others come from offerings. `closed` maps a site to the days it is closed.
    """

    instance: Instance
    held: tuple[tuple[tuple[int, int], ...] | None, ...]
    own_limits: tuple[tuple[int | None, int | None, int | None], ...]
    own_location: tuple[bool, ...]
    offerings: tuple[OfferingTemplate, ...]
    explicit: int
    closed: dict[int, tuple[DayRange, ...]] = field(default_factory=dict)


def draw(leaders: int, sessions: int, seed: int, *, tightness: float = 0.8, rules: Rules = "all") -> Drawn:
    """A roster with `leaders` rows and `sessions` sessions, candidates included.

    `tightness` is the number of seats over the seats wanted if nobody were in another's way. With `rules`
    "core" there are seats, branch limits, overlap, unavailability, limits and travel, and nothing else.
    """
    if leaders < 1 or sessions < 1:
        raise ValueError("at least one leader and one session are needed")
    return _Draw(leaders, sessions, Random(seed), tightness, rules == "all").run(
        f"Benchmark {leaders} x {sessions}, seed {seed}, rules {rules}"
    )


@dataclass(slots=True)
class _Person:
    """A leader before sessions are known to it."""

    branch: int
    province: int
    role: int
    gaps: tuple[SkillGap, ...]
    held: tuple[tuple[int, int], ...] | None
    headcount: int
    completed: frozenset[int]


class _Draw:
    """One draw; the methods run in the order of `run`, each from what the ones before left."""

    def __init__(
        self, leaders: int, sessions: int, random: Random, tightness: float, everything: bool
    ) -> None:
        self.n_leaders, self.n_sessions = leaders, sessions
        self.random, self.tightness, self.all = random, tightness, everything
        self.modules: tuple[Module, ...] = world.modules(prerequisites=everything)
        self.roles: tuple[Role, ...] = world.roles()
        self.n_provinces = min(len(world.PROVINCES), max(6, leaders // 30))
        self.n_national = min(len(world.NATIONAL_SITES), max(4, sessions // 12))
        self.closed: dict[int, tuple[DayRange, ...]] = {}

    def run(self, title: str) -> Drawn:
        self._branches()
        self._sites()
        self._packages()
        self._people()
        self._sessions()
        self._seats()
        self._rooms_and_beds()
        self._absence_caps()
        held, limits, own_location = self._leaders()
        instance = Instance(
            title=title,
            start=START,
            n_days=N_DAYS,
            abilities=world.ABILITIES,
            skills=world.SKILLS,
            modules=self.modules,
            roles=self.roles,
            sites=tuple(self.sites),
            branches=tuple(self.branches),
            sessions=tuple(self.sessions),
            offerings=tuple(Offering(t.id, t.max_runs) for t in self.templates),
            lecturers=(),
            leaders=tuple(self.leaders),
            policy=self.policy,
        )
        return Drawn(
            instance, held, limits, own_location, tuple(self.templates), self.n_explicit, dict(self.closed)
        )

    # --- where people are ----------------------------------------------------------------------------------

    def _branches(self) -> None:
        """Head office, provincial branches, city branches of about 25 leaders."""
        self.branches = [Branch("HQ", "总行", None, (0,), world.PROVINCES[0][2])]
        sizes = [world.PROVINCE_SIZES[id_] for id_, _, _ in world.PROVINCES[: self.n_provinces]]
        self.province_branches: list[int] = []
        self.cities: list[list[int]] = []
        for (id_, name, capital), size in zip(world.PROVINCES, sizes, strict=False):
            self.province_branches.append(len(self.branches))
            self.branches.append(Branch(id_, f"{name}分行", 0, (len(self.branches), 0), capital))
            people = self.n_leaders * size / sum(sizes)
            self.cities.append([])
            for c in range(max(2, round(people / 25))):
                b = len(self.branches)
                self.cities[-1].append(b)
                place = self._near(capital, 1.6)
                lineage = (b, self.province_branches[-1], 0)
                self.branches.append(
                    Branch(f"{id_}-{c + 1:02}", f"{name}{c + 1:02}支行", lineage[1], lineage, place)
                )
        self.province_weights = sizes

    def _near(self, place: Location, degrees: float) -> Location:
        lat, lon = place
        return (
            round(lat + self.random.uniform(-degrees, degrees), 2),
            round(lon + self.random.uniform(-degrees, degrees), 2),
        )

    def _sites(self) -> None:
        self.sites = [
            Site(id_, name, kind, at) for id_, name, kind, at in world.NATIONAL_SITES[: self.n_national]
        ]
        for id_, name, at in world.PROVINCES[: self.n_provinces]:
            self.sites.append(Site(f"school-{id_.lower()}", f"{name}分行党校", "branch-school", at))
        if self.all:
            for s in range(1, len(self.sites), 5):
                first = 7 * self.random.randrange(4, 14)
                self.closed[s] = ((first, first + 4),)

    # --- what is taught ------------------------------------------------------------------------------------

    def _packages(self) -> None:
        """Sets of one to three modules that are given together; every module is in at least one."""
        n = min(90, max(30, self.n_sessions // 5))
        order = list(range(len(self.modules)))
        self.random.shuffle(order)
        self.packages: list[tuple[int, ...]] = []
        while len(self.packages) < n:
            size = self.random.choices((1, 2, 3), (3, 5, 2))[0]
            chosen: set[int] = set()
            while len(chosen) < size:
                chosen.add(order.pop() if order else self.random.randrange(len(self.modules)))
            package = tuple(sorted(chosen))
            if package not in self.packages:
                self.packages.append(package)
        self.taught: list[dict[int, int]] = []
        for package in self.packages:
            levels: dict[int, int] = {}
            for m in package:
                for skill, level in self.modules[m].teaches:
                    levels[skill] = max(level, levels.get(skill, 0))
            self.taught.append(levels)

    # --- who ----------------------------------------------------------------------------------------------

    def _people(self) -> None:
        choose = self.random.choices
        self.people: list[_Person] = []
        for _ in range(self.n_leaders):
            p = choose(range(self.n_provinces), self.province_weights)[0]
            level = choose((0, 1, 2), (3, 12, 85))[0]
            branch = (0, self.province_branches[p], self.random.choice(self.cities[p]))[level]
            role = self.random.randrange(len(self.roles))
            gaps, held = self._skill_gaps(self.roles[role])
            completed = self._completed() if self.all else frozenset()
            headcount = choose((1, 2, 3), (95, 4, 1))[0] if self.all else 1
            self.people.append(_Person(branch, p, role, gaps, held, headcount, completed))

    def _skill_gaps(self, role: Role) -> tuple[tuple[SkillGap, ...], tuple[tuple[int, int], ...] | None]:
        """Two to six skill gaps among the role's needs; one leader in twenty has them written out."""
        random = self.random
        k = random.choices((2, 3, 4, 5, 6), (3, 5, 5, 4, 2))[0]
        if self.all and random.random() < 0.05:
            skills = sorted(random.sample(range(len(world.SKILLS)), k))
            return tuple(SkillGap(s, random.choice((1, 2)), random.randint(1, 4)) for s in skills), None
        missing = set(random.sample(range(len(role.needs)), k))
        held: list[tuple[int, int]] = []
        gaps: list[SkillGap] = []
        for j, (skill, need) in enumerate(role.needs):
            if j in missing:
                level = random.randrange(need)
                gaps.append(SkillGap(skill, need, world.SKILLS[skill].weight))
            else:
                level = random.randint(need, 3)
            if level:
                held.append((skill, level))
        return tuple(gaps), tuple(held)

    def _completed(self) -> frozenset[int]:
        basics = [m for m in range(len(self.modules)) if not self.modules[m].requires]
        return frozenset(self.random.sample(basics, self.random.choices((0, 1, 2, 4), (5, 2, 2, 1))[0]))

    # --- when and where ------------------------------------------------------------------------------------

    def _sessions(self) -> None:
        """Explicit sessions first, then those that offerings expand to, in the loader's order."""
        random = self.random
        self.sessions: list[Session] = []
        self.package_of: list[int] = []
        self.templates: list[OfferingTemplate] = []
        expanded = self._offerings(self.n_sessions // 10) if self.all else []
        self.n_explicit = self.n_sessions - len(expanded)
        for k in range(self.n_explicit):
            p = k % len(self.packages) if k < len(self.packages) else random.randrange(len(self.packages))
            site = self._site_of_session()
            candidate = self.all and k >= len(self.packages) and random.random() < 0.06
            session = Session(
                id=f"S{k + 1:04}",
                site=site,
                modules=self.packages[p],
                days=self._days(self._length(p), site),
                seats=0,
                candidate=candidate,
                branches=self._audience(site),
                roles=self._audience_roles() if self.all else None,
            )
            self.sessions.append(session)
            self.package_of.append(p)
        for p, session in expanded:
            self.sessions.append(session)
            self.package_of.append(p)

    def _site_of_session(self) -> int:
        if self.random.random() < 0.55:
            return self.random.randrange(self.n_national)
        province = self.random.choices(range(self.n_provinces), self.province_weights)[0]
        return self.n_national + province

    def _length(self, package: int) -> int:
        """Days: enough for the half days its modules fill, often a day or two more for study and practice."""
        slots = sum(self.modules[m].slots for m in self.packages[package])
        need = -(-slots // 2)
        if not self.all:
            return max(need, self.random.choice((3, 4, 5)))
        return min(5, need + self.random.choices((0, 1, 2), (4, 4, 2))[0])

    def _days(self, length: int, site: int) -> tuple[int, ...]:
        """Working days in one week; where all rules are on, sometimes with a free day or in two weeks."""
        random = self.random
        closed = {day for first, last in self.closed.get(site, ()) for day in range(first, last + 1)}
        while True:
            weekday = random.choice(_START_WEEKDAYS[length]) if self.all else 0
            first = 7 * random.randrange(WEEKS) + weekday
            days = list(range(first, first + length))
            kind = random.random() if self.all else 1.0
            if kind < 0.06 and length in (2, 4) and first + 7 + length <= N_DAYS:
                half = length // 2
                days = [*range(first, first + half), *range(first + 7, first + 7 + half)]
            elif kind < 0.12 and length == 2 and weekday <= 2:
                days = [first, first + 2]
            if not closed & set(days):
                return tuple(days)

    def _audience(self, site: int) -> tuple[int, ...] | None:
        """National sites are for all; most sessions of a provincial school are for two or three provinces."""
        if not self.all or site < self.n_national or self.random.random() < 0.3:
            return None
        own = site - self.n_national
        n = min(self.n_provinces - 1, self.random.choice((0, 1, 2)))
        others = self.random.sample([p for p in range(self.n_provinces) if p != own], n)
        return tuple(sorted(self.province_branches[p] for p in (own, *others)))

    def _audience_roles(self) -> tuple[int, ...] | None:
        if self.random.random() < 0.9:
            return None
        return tuple(sorted(self.random.sample(range(len(self.roles)), 4)))

    def _offerings(self, wanted: int) -> list[tuple[int, Session]]:
        """Offerings that expand to about `wanted` candidates (never more), in order of site and start."""
        random = self.random
        expanded: list[tuple[int, Session]] = []
        for o in range(wanted):
            p = random.randrange(len(self.packages))
            length = self._length(p)
            sites = tuple(sorted(random.sample(range(self.n_national), random.choice((1, 2)))))
            if random.random() < 0.3:
                first = 7 * random.randrange(WEEKS - 3)
                every = (first, first + 7 * random.choice((1, 2)) + 3)
                starts = tuple(range(first, every[1] + 1, 7))
            else:
                every = None
                starts = tuple(sorted(7 * w for w in random.sample(range(WEEKS), random.choice((2, 3)))))
            template = OfferingTemplate(
                f"O{o + 1:02}",
                sites,
                self.packages[p],
                length,
                starts,
                every,
                0,
                0,
                0,
                random.choice((1, 2, 2, None)),
            )
            runs = self._expand(template, o)
            if len(expanded) + len(runs) > wanted:
                break
            self.templates.append(template)
            expanded += [(p, session) for session in runs]
        return expanded

    def _expand(self, template: OfferingTemplate, offering: int) -> list[Session]:
        """The candidates of an offering: all starts are Mondays and no session is longer than a week."""
        runs: list[Session] = []
        for site in template.sites:
            closed = {day for a, b in self.closed.get(site, ()) for day in range(a, b + 1)}
            for start in template.starts:
                days = tuple(range(start, start + template.days))
                if closed & set(days):
                    continue
                id_ = f"{template.id}@{self.sites[site].id}@{(START + timedelta(days=start)).isoformat()}"
                runs.append(Session(id_, site, template.modules, days, 0, candidate=True, offering=offering))
        return runs

    # --- how many ------------------------------------------------------------------------------------------

    def _seats(self) -> None:
        """Seats by demand and chance; confirmed sessions count whole, candidates half towards tightness."""
        wanted, appeal = self._demand()
        deliveries = Counter(self.package_of)
        mean = sum(appeal) / len(self.sessions)
        shares: list[float] = []
        for s, session in enumerate(self.sessions):
            p = self.package_of[s]
            base = 0.35 * mean + 0.65 * appeal[p] / deliveries[p]
            size = 1.0 if session.branches is None else 0.6
            shares.append(base * size * self.random.uniform(0.7, 1.3))
        counted = sum(
            x / 2 if session.candidate else x for x, session in zip(shares, self.sessions, strict=True)
        )
        factor = self.tightness * wanted / counted if counted else 0.0
        for s, session in enumerate(self.sessions):
            if session.offering is None:
                seats = max(3, round(shares[s] * factor))
                self.sessions[s] = self._with_numbers(session, seats)
        for o, template in enumerate(self.templates):
            own = [s for s, session in enumerate(self.sessions) if session.offering == o]
            seats = max(3, round(sum(shares[s] for s in own) / max(1, len(own)) * factor))
            numbers = self._with_numbers(Session("", 0, (), (0,), 0, candidate=True), seats)
            self.templates[o] = replace(template, seats=seats, min_seats=numbers.min_seats, cost=numbers.cost)
            for s in own:
                self.sessions[s] = replace(
                    self.sessions[s], seats=seats, min_seats=numbers.min_seats, cost=numbers.cost
                )

    def _demand(self) -> tuple[int, list[float]]:
        """People-seats wanted if sessions had no end, and how much of it falls to each package.

        Every leader takes the package that closes most of what is open, until nothing is open or the limit of
        sessions is reached. A package's appeal is its share in the skill gaps it can close.
        """
        closing: dict[tuple[int, int], list[int]] = {}
        wanted, appeal = 0, [0.0] * len(self.packages)
        for person in self.people:
            options: dict[int, int] = defaultdict(int)
            for g, gap in enumerate(person.gaps):
                key = (gap.skill, gap.level)
                if key not in closing:
                    closing[key] = [
                        p for p, levels in enumerate(self.taught) if levels.get(key[0], 0) >= key[1]
                    ]
                for p in closing[key]:
                    options[p] |= 1 << g
                    appeal[p] += person.headcount / len(closing[key])
            left, taken = (1 << len(person.gaps)) - 1, 0
            while left and taken < MAX_SESSIONS:
                best = max((mask & left).bit_count() for mask in options.values()) if options else 0
                if not best:
                    break
                left &= ~next(mask for mask in options.values() if (mask & left).bit_count() == best)
                taken += 1
            wanted += taken * person.headcount
        return wanted, appeal

    def _with_numbers(self, session: Session, seats: int) -> Session:
        random = self.random
        if not self.all:
            return replace(session, seats=seats)
        min_seats, cost = 0, 0
        if session.candidate:
            min_seats, cost = max(1, round(seats * 0.55)), 100 * round(seats * random.uniform(20, 60))
        elif random.random() < 0.12:
            min_seats = max(1, seats // 2)
        quotas: tuple[tuple[int, int], ...] = ()
        if session.id and session.branches is None and random.random() < 0.15:
            some = random.sample(self.province_branches, min(self.n_provinces, random.choice((1, 2, 3))))
            quotas = tuple((b, max(1, round(seats * random.uniform(0.08, 0.2)))) for b in sorted(some))
        return replace(session, seats=seats, min_seats=min_seats, cost=cost, quotas=quotas)

    def _rooms_and_beds(self) -> None:
        """Rooms that hold the confirmed sessions and some of the candidates; beds short of the peak."""
        if not self.all:
            return
        at_site: dict[int, list[int]] = defaultdict(list)
        for s, session in enumerate(self.sessions):
            at_site[session.site].append(s)
        for site in sorted(at_site):
            peak = Counter(day for s in at_site[site] for day in self._trip_days(s))
            if self.random.random() < 0.5:
                for s in at_site[site]:
                    peak.update(dict.fromkeys(self._trip_days(s), self.sessions[s].seats - 1))
                beds = max(4, round(max(peak.values()) * self.random.uniform(0.75, 0.9)))
                self.sites[site] = replace(self.sites[site], beds=beds)
            if self.random.random() < 0.35:
                self.sites[site] = replace(self.sites[site], rooms=self._rooms(site, at_site[site]))

    def _trip_days(self, s: int) -> range:
        return range(self.sessions[s].first_day, self.sessions[s].last_day + 1)

    def _rooms(self, site: int, sessions: list[int]) -> tuple[Room, ...]:
        """Largest sessions first, each in the first room free on its days; one candidate in two adds none."""
        taken: list[set[int]] = []
        seats: list[int] = []
        order = sorted(sessions, key=lambda s: (self.sessions[s].candidate, -self.sessions[s].seats, s))
        for s in order:
            session = self.sessions[s]
            free = next((r for r, days in enumerate(taken) if not days & set(session.days)), None)
            if free is not None:
                taken[free] |= set(session.days)
            elif not session.candidate or self.random.random() < 0.3:
                taken.append(set(session.days))
                seats.append(max(2, round(session.seats * self.random.choice((0.85, 1.0, 1.0)))))
        return tuple(Room(f"{self.sites[site].id}-{r + 1}", n) for r, n in enumerate(seats))

    def _absence_caps(self) -> None:
        """Shares of the people of a branch (and those below it) that may be away on one day."""
        below = Counter[int]()
        for person in self.people:
            for b in self.branches[person.branch].lineage:
                below[b] += person.headcount
        for b, branch in enumerate(self.branches):
            low, high, least = ((0.12, 0.12, 4), (0.14, 0.2, 3), (0.16, 0.3, 3))[len(branch.lineage) - 1]
            share = self.random.uniform(low, high)
            self.branches[b] = replace(branch, max_away=max(least, math.ceil(below[b] * share)))

    # --- the rows of the roster ----------------------------------------------------------------------------

    def _leaders(
        self,
    ) -> tuple[
        tuple[tuple[tuple[int, int], ...] | None, ...],
        tuple[tuple[int | None, int | None, int | None], ...],
        tuple[bool, ...],
    ]:
        self.policy = Policy(
            transfer_days=1 if self.all else 0,
            stay_gap=2 if self.all else 0,
            core_share=Fraction(1, 4) if self.all else None,
            min_methods=2 if self.all else 0,
            weights=Weights(),
        )
        self.leaders: list[Leader] = []
        self.pins = Counter[tuple[str, int]]()
        limits: list[tuple[int | None, int | None, int | None]] = []
        own_location: list[bool] = []
        for i, person in enumerate(self.people):
            leader, own, elsewhere = self._leader(i, person)
            if self.all:
                leader = self._wishes(leader)
            self.leaders.append(leader)
            limits.append(own)
            own_location.append(elsewhere)
        return tuple(person.held for person in self.people), tuple(limits), tuple(own_location)

    def _leader(
        self, i: int, person: _Person
    ) -> tuple[Leader, tuple[int | None, int | None, int | None], bool]:
        random = self.random
        home = self.branches[person.branch].location
        elsewhere = home is not None and random.random() < 0.1
        if elsewhere and home is not None:
            home = self._near(home, 0.5)
        unavailable = sorted(
            self._some_days(2, 12) for _ in range(random.choices((0, 1, 2, 3), (3, 4, 2, 1))[0])
        )
        available = None
        own: tuple[int | None, int | None, int | None] = (None, None, None)
        if self.all:
            if random.random() < 0.03:
                first = random.randrange(N_DAYS // 2)
                available = ((first, min(N_DAYS - 1, first + 60)),)
            if random.random() < 0.15:
                own = random.choice(
                    ((2, None, None), (3, 10, None), (None, 8, 2), (None, None, 2), (5, 20, 4))
                )
        leader = Leader(
            id=f"L{i + 1:05}",
            name=random.choice(world.SURNAMES)
            + "".join(random.choices(world.GIVEN, k=random.choice((1, 2)))),
            branch=person.branch,
            role=person.role,
            gaps=person.gaps,
            completed=person.completed,
            location=home,
            available=available,
            unavailable=tuple(unavailable),
            priority=random.choices((1, 2, 3), (14, 5, 1))[0],
            headcount=person.headcount,
            max_sessions=MAX_SESSIONS if own[0] is None else own[0],
            max_days=MAX_DAYS if own[1] is None else own[1],
            max_trips=MAX_TRIPS if own[2] is None else own[2],
        )
        return leader, own, elsewhere

    def _some_days(self, shortest: int, longest: int) -> DayRange:
        first = self.random.randrange(N_DAYS)
        return first, min(N_DAYS - 1, first + self.random.randint(shortest, longest) - 1)

    def _wishes(self, leader: Leader) -> Leader:
        """Preferences, exclusions, and a few pins that stand alone and leave room for everybody else's."""
        random = self.random
        if random.random() < 0.2:
            some = sorted(random.sample(range(self.n_sessions), min(self.n_sessions, random.randint(1, 3))))
            points = [(s, 100 * random.choice((-10, -3, 3, 5, 10, 20))) for s in some]
            leader = replace(leader, prefers_sessions=tuple(points))
        if random.random() < 0.08:
            site = (random.randrange(len(self.sites)), 100 * random.choice((-20, -5, 5, 10)))
            leader = replace(leader, prefers_sites=(site,))
        if random.random() < 0.02:
            leader = replace(leader, excluded=(random.randrange(self.n_sessions),))
        if random.random() < 0.01:
            s = random.randrange(self.n_explicit)
            if self._pin_is_safe(leader, s):
                self.pins["session", s] += 1
                self.pins["site", self.sessions[s].site] += 1
                for b in self.branches[leader.branch].lineage[:2]:
                    self.pins["branch", b] += 1
                leader = replace(leader, pinned=(s,))
        return leader

    def _pin_is_safe(self, leader: Leader, s: int) -> bool:
        """Whether the session alone is a plan of the leader, whoever else is pinned."""
        session = self.sessions[s]
        modules = [self.modules[m] for m in session.modules]
        had = leader.completed | set(session.modules)
        hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
        methods = len({m.method for m in modules})
        days = set(self._trip_days(s))
        away = {day for first, last in leader.unavailable for day in range(first, last + 1)}
        lineage = set(self.branches[leader.branch].lineage)
        return (
            not session.candidate
            and leader.headcount == 1
            and leader.available is None
            and s not in leader.excluded
            and not days & away
            and len(days) <= min(8, leader.max_days or 0)
            and (session.branches is None or bool(lineage & set(session.branches)))
            and (session.roles is None or leader.role in session.roles)
            and not session.quotas
            and all(r in had for m in modules for r in m.requires)
            and core * 4 >= hours
            and methods >= min(2, len(modules))
            and self.pins["session", s] < 1
            and self.pins["site", session.site] < 2
            and all(self.pins["branch", b] < 1 for b in self.branches[leader.branch].lineage[:2])
        )
