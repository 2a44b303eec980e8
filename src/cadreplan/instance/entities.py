"""What a problem is made of: people, sessions, places, what is taught, and what holds for all of them.

Entities refer to each other by their index in the tuples of `Instance`. Days are integers counted from the
first day of the horizon (day 0); days before it are negative. Points, kilometres, hours, seats and people are
integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

Location = tuple[float, float]
"""Latitude and longitude in degrees."""

DayRange = tuple[int, int]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What the training builds; reports are grouped by it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Skill:
    """`weight` is the default weight of a skill gap in this skill."""

    id: str
    name: str
    ability: int
    weight: int


@dataclass(frozen=True, slots=True)
class Module:
    """`teaches` holds (skill, level reached), `max_seats` is the largest group it can be taught to.

    `requires` holds what is to be completed earlier: entries of one module, or of several of which one is
    enough.
    """

    id: str
    name: str
    hours: int
    form: str
    method: str
    core: bool
    teaches: tuple[tuple[int, int], ...]
    requires: tuple[tuple[int, ...], ...] = ()
    lecturers: tuple[str, ...] = ()
    max_seats: int | None = None

    @property
    def slots(self) -> int:
        """Half days filled: one for every 4 hours begun."""
        return -(-self.hours // 4)


@dataclass(frozen=True, slots=True)
class Role:
    """`needs` holds (skill, level needed)."""

    id: str
    name: str
    needs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """What rules ask of people whatever their skill gaps: study hours, or sessions if it `counts_sessions`.

    How much, of whom and when is in what leaders owe.
    """

    id: str
    name: str
    counts_sessions: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A norm as it applies to one leader: from day `first` to day `last`, `credited` was done before.

    Hours or sessions, as the norm counts. The window may begin long before the horizon and end after it.
    """

    norm: int
    wanted: int
    credited: int
    first: int
    last: int

    @property
    def missing(self) -> int:
        """What is missing before anything is attended."""
        return max(0, self.wanted - self.credited)


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a site."""

    id: str
    seats: int


@dataclass(frozen=True, slots=True)
class Site:
    """`beds` is None where unlimited; `rooms` is None where rooms are unlimited."""

    id: str
    name: str
    kind: str
    location: Location | None = None
    beds: int | None = None
    rooms: tuple[Room, ...] | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """`max_away` None is unlimited. `Instance.lineages` has the branches above it.

    `counts` holds (tally, weight of one person) for its own leaders, not for those of branches below it. No
    roster has any: the `columns` engine says with them what it can't say with branches alone.
    """

    id: str
    name: str
    parent: int | None
    location: Location | None = None
    max_away: int | None = None
    counts: tuple[tuple[int, int], ...] = ()


def lineage(branches: Sequence[Branch], b: int) -> tuple[int, ...]:
    """A branch itself, its parent, and so on up to a root."""
    line = [b]
    while (above := branches[line[-1]].parent) is not None:
        line.append(above)
    return tuple(line)


@dataclass(frozen=True, slots=True)
class Session:
    """One delivery at one site.

    `days` are sorted and distinct. `branches` and `roles` say who may attend (None: all; a branch includes
    those below it). `quotas` holds (branch, seats at most for it and those below it). `groups` are the
    fewest and most people in one discussion group (None: no groups). `offering` is the
    offering a candidate was expanded from, if any. A `frozen` session began before a plan was made again: who
    attends it is settled, and so is its `room` (None: it needs none any more).
    """

    id: str
    site: int
    modules: tuple[int, ...]
    days: tuple[int, ...]
    seats: int
    min_seats: int = 0
    candidate: bool = False
    cost: int = 0
    branches: tuple[int, ...] | None = None
    roles: tuple[int, ...] | None = None
    quotas: tuple[tuple[int, int], ...] = ()
    offering: int | None = None
    frozen: bool = False
    room: int | None = None
    groups: tuple[int, int] | None = None

    @property
    def needs_room(self) -> bool:
        """Whether it takes a room where its site lists rooms."""
        return not self.frozen or self.room is not None

    @property
    def first_day(self) -> int:
        return self.days[0]

    @property
    def last_day(self) -> int:
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class Offering:
    """A template that was expanded to candidates; `max_runs` None is unlimited."""

    id: str
    max_runs: int | None = None


@dataclass(frozen=True, slots=True)
class Lecturer:
    """`modules` None: all that its kind may teach; `available` None: always; `max_slots` in half days."""

    id: str
    name: str
    kind: str
    modules: tuple[int, ...] | None = None
    available: tuple[DayRange, ...] | None = None
    max_slots: int | None = None
    site: int | None = None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A level that was held: `earned` on a day, it lasts `months`, to its `last` day."""

    level: int
    earned: date
    months: int
    last: date


@dataclass(frozen=True, slots=True)
class SkillGap:
    """A skill to be closed: by any module that teaches it to at least `level`.

    `lapsed` is the level that was held in it and doesn't count any more.
    """

    skill: int
    level: int
    weight: int
    lapsed: Lapsed | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """One row of the roster: `headcount` people who travel together.

    `available` None means the whole horizon. Limits are None where unlimited; the policy's defaults are
    already filled in. `location` is the branch's where the leader has none. `prefers_sessions` and
    `prefers_sites` hold (index, points added for each assigned session). `tags` hold (tag, value), one of
    each tag, as they are written. `owes` are the norms that apply; `waited` counts the rotations in a row
    without any session. No roster has a `promise`: points that a solve which keeps a guarantee takes off
    where nothing is attended. Who has `left` the roster is here for frozen sessions alone.
    """

    id: str
    name: str
    branch: int
    role: int | None = None
    gaps: tuple[SkillGap, ...] = ()
    completed: frozenset[int] = frozenset()
    location: Location | None = None
    available: tuple[DayRange, ...] | None = None
    unavailable: tuple[DayRange, ...] = ()
    priority: int = 1
    headcount: int = 1
    max_sessions: int | None = None
    max_days: int | None = None
    max_trips: int | None = None
    prefers_sessions: tuple[tuple[int, int], ...] = ()
    prefers_sites: tuple[tuple[int, int], ...] = ()
    pinned: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    left: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    owes: tuple[Owed, ...] = ()
    waited: int = 0
    promise: int = 0

    def renumbered(self, at: Mapping[int, int]) -> Leader:
        """The leader where session s is `at[s]`: what is said of others is gone, but pins must be there."""
        return replace(
            self,
            prefers_sessions=tuple((at[s], points) for s, points in self.prefers_sessions if s in at),
            pinned=tuple(at[s] for s in self.pinned),
            excluded=tuple(at[s] for s in self.excluded if s in at),
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """Points per unit of each term of the objective."""

    gap: int = 10000
    km: int = 1
    day: int = 50
    hour: int = 0
    open: int = 1
    underfill: int = 1000
    mix: int = 0
    norm: int = 0
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for every leader. `core_share` None and `min_methods` 0 switch the standards off.

    `groups` are the tags that discussion groups mix, with what two people of one value in a group count.
    Leaders sleep at home where a site is at most `local_km` away, one way; 0: nobody does.
    Who has waited for `guarantee` rotations or more comes first; None: nobody does.
    """

    transfer_days: int = 0
    stay_gap: int = 2
    min_hours: int = 0
    core_share: Fraction | None = None
    min_methods: int = 0
    weights: Weights = field(default_factory=Weights)
    local_km: int = 0
    guarantee: int | None = None
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """Candidates that run weigh at most `most` together; `terms` hold (session, weight)."""

    terms: tuple[tuple[int, int], ...]
    most: int

    def keeps(self, running: frozenset[int]) -> bool:
        """Whether these candidates may run."""
        return sum(weight for s, weight in self.terms if s in running) <= self.most


@dataclass(frozen=True, slots=True)
class Tally:
    """People who attend a session of `sessions`, or (None) who are away on a day, weigh `most` at most.

    What one person weighs their branch tells (`Branch.counts`), and running takes `run` more off `most`.
    Each `unit` beyond it is a person missing or too many, who costs `points`; None: there may be none. At
    most so many are `beyond`. With unit 0 nothing may be, and no weight is negative: a limit as of seats.
    """

    sessions: tuple[int, ...] | None
    most: int
    unit: int = 0
    points: int | None = None
    beyond: int = 0
    run: int = 0


Lesson = tuple[int, int | None]
"""Module and lecturer of a half day; None: nobody."""


@dataclass(frozen=True)
class Past:
    """What a plan is made after.

    `lessons` are the half days of the plan before: session → half day (`2 x day`, plus 1 for pm) → lesson.
    Those of frozen sessions stay. `beds` by (site, day) and `away` by (branch, day) are people whom frozen
    sessions keep there alone, `tied` by (tie, day) leaders of it: where that is more than the limit, it is
    the limit. `groups` are the leaders of each discussion group of the plan before, by session.
    """

    lessons: Mapping[int, Mapping[int, Lesson]] = field(default_factory=dict)
    beds: Mapping[tuple[int, int], int] = field(default_factory=dict)
    away: Mapping[tuple[int, int], int] = field(default_factory=dict)
    tied: Mapping[tuple[int, int], int] = field(default_factory=dict)
    groups: Mapping[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
