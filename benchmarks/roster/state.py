"""What a draw has so far. Every step reads what the ones before left here and adds its own part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.roster import world
from cadreplan.instance import (
    Branch,
    DayRange,
    Leader,
    Lecturer,
    Module,
    Policy,
    Role,
    Session,
    Site,
    SkillGap,
)

START = date(2026, 3, 2)
"""A Monday."""
WEEKS = 17
"""Unless a season says otherwise."""

MAX_SESSIONS, MAX_DAYS, MAX_TRIPS = 4, 15, 3
"""The policy's limits."""


@dataclass(frozen=True, slots=True)
class OfferingTemplate:
    """What a roster says of an offering (an instance has only its candidates); days count from the start."""

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
    branches: tuple[int, ...] | None = None
    roles: tuple[int, ...] | None = None
    quotas: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Person:
    """A leader before sessions are known to it; `held` is None where the skill gaps are written out."""

    branch: int
    province: int
    role: int
    gaps: tuple[SkillGap, ...]
    held: tuple[tuple[int, int], ...] | None
    headcount: int
    completed: frozenset[int]


@dataclass(frozen=True, slots=True)
class OwnValues:
    """What a leader's row says itself: limits other than the policy's, a home other than the branch's."""

    max_sessions: int | None = None
    max_days: int | None = None
    max_trips: int | None = None
    home: bool = False


@dataclass(frozen=True, slots=True)
class Season:
    """A season that is to be designed: so many offerings at `sites` places each, on every Monday of so many
    `weeks`; `lecturers` in all."""

    offerings: int
    sites: int
    weeks: int = WEEKS
    lecturers: int = 0


@dataclass
class State:
    """`all` is False where only seats, branch limits, overlap, absence, limits and travel are wanted."""

    n_leaders: int
    n_sessions: int
    random: Random
    tightness: float
    all: bool
    season: Season | None = None
    lecturers: list[Lecturer] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    province_branches: list[int] = field(default_factory=list)
    cities: list[list[int]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    closed: dict[int, tuple[DayRange, ...]] = field(default_factory=dict)
    packages: list[tuple[int, ...]] = field(default_factory=list)
    taught: list[dict[int, int]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    package_of: list[int] = field(default_factory=list)
    templates: list[OfferingTemplate] = field(default_factory=list)
    n_explicit: int = 0
    leaders: list[Leader] = field(default_factory=list)
    own: list[OwnValues] = field(default_factory=list)
    pins: Counter[tuple[str, int]] = field(default_factory=Counter)
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        self.weeks: int = WEEKS if self.season is None else self.season.weeks
        self.n_days: int = 7 * self.weeks - 2  # to a Friday
        self.modules: tuple[Module, ...] = world.modules(prerequisites=self.all)
        self.roles: tuple[Role, ...] = world.roles()
        self.n_provinces = min(len(world.PROVINCES), max(6, self.n_leaders // 30))
        self.n_national = min(len(world.NATIONAL_SITES), max(4, self.n_sessions // 12))
        self.province_weights = [
            world.PROVINCE_SIZES[id_] for id_, _, _ in world.PROVINCES[: self.n_provinces]
        ]
