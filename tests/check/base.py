"""A builder of instances that are small enough to read in one line, and solutions written as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.instance import (
    Ability,
    Branch,
    DayRange,
    Instance,
    Leader,
    Location,
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
from cadreplan.solution import Solution
from cadreplan.verification.report import Report
from cadreplan.verification.rules import check

FREE = Weights(gap=0, km=0, day=0, hour=0, open=0, underfill=0)
"""Nothing is worth anything; a test of a term sets the one weight it is about."""


@dataclass
class Build:
    """Things are added by id and named by id; lists of ids are text separated by blanks.

    There is a site `P` and a branch `B` to begin with. A session without modules gets one of its own, `mS1`
    for session `S1`, which teaches a skill of its own, `kS1`, in 4 core hours by lecture. A leader without
    skill gaps gets one in every skill. Days count from Monday, 2 March 2026.
    """

    n_days: int = 28
    transfer_days: int = 0
    stay_gap: int = 2
    min_hours: int = 0
    core_share: Fraction | None = None
    min_methods: int = 0
    weights: Weights = FREE
    local_km: int = 0
    skills: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=lambda: ["R", "Q"])
    modules: dict[str, Module] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    leaders: dict[str, Leader] = field(default_factory=dict)
    norms: list[Norm] = field(default_factory=list)
    guarantee: int | None = None
    mixes: list[Mix] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site("P")
        self.branch("B")

    def site(
        self, name: str, *, beds: int | None = None, rooms: str | None = None, at: Location | None = None
    ) -> Build:
        """`rooms` are given as `R1:10 R2:5`."""
        held = None
        if rooms is not None:
            held = tuple(Room(r.split(":")[0], int(r.split(":")[1])) for r in rooms.split())
        self.sites[name] = Site(name, name, "base", at, beds, held)
        return self

    def branch(
        self, name: str, *, parent: str | None = None, max_away: int | None = None, at: Location | None = None
    ) -> Build:
        order = [*self.branches, name] if name not in self.branches else list(self.branches)
        up = None if parent is None else order.index(parent)
        self.branches[name] = Branch(name, name, up, at, max_away)
        return self

    def module(
        self,
        name: str,
        *,
        teaches: str | None = None,
        hours: int = 4,
        method: str = "lecture",
        core: bool = True,
        requires: str = "",
    ) -> Build:
        """`teaches` is given as `skill:level skill:level`; the default is a skill of the module's own.

        `requires` is given as `M1 M2|M3`: of M2 and M3 one is enough.
        """
        pairs = [pair.split(":") for pair in (f"k{name[1:]}:1" if teaches is None else teaches).split()]
        taught = tuple((self._skill(skill), int(level)) for skill, level in pairs)
        needed = tuple(
            tuple(list(self.modules).index(m) for m in entry.split("|")) for entry in requires.split()
        )
        self.modules[name] = Module(name, name, hours, "lecture", method, core, taught, needed)
        return self

    def session(
        self,
        name: str,
        days: int | tuple[int, ...],
        *,
        at: str = "P",
        modules: str = "",
        seats: int = 99,
        min_seats: int = 0,
        candidate: bool = False,
        cost: int = 0,
        branches: str | None = None,
        roles: str | None = None,
        quotas: dict[str, int] | None = None,
        offering: str | None = None,
    ) -> Build:
        if not modules:
            modules = f"m{name}"
            self.module(modules)
        self.sessions[name] = Session(
            id=name,
            site=list(self.sites).index(at),
            modules=tuple(sorted(list(self.modules).index(m) for m in modules.split())),
            days=(days,) if isinstance(days, int) else days,
            seats=seats,
            min_seats=min_seats,
            candidate=candidate,
            cost=cost,
            branches=None if branches is None else self._branches(branches),
            roles=None if roles is None else tuple(self.roles.index(r) for r in roles.split()),
            quotas=tuple(sorted((self._branches(b)[0], most) for b, most in (quotas or {}).items())),
            offering=None if offering is None else list(self.offerings).index(offering),
        )
        return self

    def offering(self, name: str, max_runs: int | None) -> Build:
        self.offerings[name] = Offering(name, max_runs)
        return self

    def leader(
        self,
        name: str,
        *,
        branch: str = "B",
        role: str | None = None,
        gaps: str | None = None,
        completed: str = "",
        at: Location | None = None,
        available: tuple[DayRange, ...] | None = None,
        unavailable: tuple[DayRange, ...] = (),
        priority: int = 1,
        headcount: int = 1,
        max_sessions: int | None = None,
        max_days: int | None = None,
        max_trips: int | None = None,
        prefers: dict[str, int] | None = None,
        pinned: str = "",
        excluded: str = "",
        owes: tuple[Owed, ...] = (),
        waited: int = 0,
        promise: int = 0,
        left: bool = False,
        tags: str = "",
    ) -> Build:
        """`gaps` are given as `skill:level:weight`, the default is every skill that is taught so far.

        `tags` are given as `tag:value tag:value`.
        """
        text = " ".join(f"{skill}:1:1" for skill in self.skills) if gaps is None else gaps
        wanted = [entry.split(":") for entry in text.split()]
        sessions, sites = list(self.sessions), list(self.sites)
        wishes = prefers or {}
        self.leaders[name] = Leader(
            id=name,
            name=name,
            branch=self._branches(branch)[0],
            role=None if role is None else self.roles.index(role),
            gaps=tuple(
                SkillGap(self._skill(skill), int(level), int(weight)) for skill, level, weight in wanted
            ),
            completed=frozenset(list(self.modules).index(m) for m in completed.split()),
            location=at,
            available=available,
            unavailable=unavailable,
            priority=priority,
            headcount=headcount,
            max_sessions=max_sessions,
            max_days=max_days,
            max_trips=max_trips,
            prefers_sessions=tuple((sessions.index(x), v) for x, v in wishes.items() if x in sessions),
            prefers_sites=tuple((sites.index(x), v) for x, v in wishes.items() if x in sites),
            pinned=tuple(sorted(sessions.index(s) for s in pinned.split())),
            excluded=tuple(sorted(sessions.index(s) for s in excluded.split())),
            owes=owes,
            waited=waited,
            promise=promise,
            left=left,
            tags=tuple((tag, value) for tag, value in (entry.split(":") for entry in tags.split())),
        )
        return self

    def mix(
        self,
        tag: str,
        value: str | None = None,
        *,
        at_least: str = "",
        at_most: str = "",
        sessions: str | None = None,
        hard: bool = False,
    ) -> Build:
        """An entry for classes; amounts are given as `3` or `20%`."""
        named = None if sessions is None else tuple(list(self.sessions).index(s) for s in sessions.split())
        self.mixes.append(
            Mix(tag, "class", value, _amount(at_least), _amount(at_most), sessions=named, hard=hard)
        )
        return self

    def tie(self, leaders: str, each: Literal["day", "class", "group"]) -> Build:
        """Leaders, who have been added, to be kept apart."""
        self.ties.append(Tie(tuple(list(self.leaders).index(i) for i in leaders.split()), "apart", each))
        return self

    @property
    def instance(self) -> Instance:
        return Instance(
            title="built",
            start=date(2026, 3, 2),
            n_days=self.n_days,
            abilities=(Ability("A", "A"),),
            skills=tuple(Skill(name, name, 0, 1) for name in self.skills),
            modules=tuple(self.modules.values()),
            roles=tuple(Role(name, name, ()) for name in self.roles),
            sites=tuple(self.sites.values()),
            branches=tuple(self.branches.values()),
            sessions=tuple(self.sessions.values()),
            offerings=tuple(self.offerings.values()),
            lecturers=(),
            leaders=tuple(self.leaders.values()),
            policy=Policy(
                self.transfer_days,
                self.stay_gap,
                self.min_hours,
                self.core_share,
                self.min_methods,
                self.weights,
                guarantee=self.guarantee,
                local_km=self.local_km,
            ),
            norms=tuple(self.norms),
            mix=tuple(self.mixes),
            ties=tuple(self.ties),
        )

    def solution(self, attends: str = "", *, running: str = "", rooms: str = "") -> Solution:
        """`attends` is given as `L1: S1 S2, L2: S1`, `rooms` as `S1:R1 S2:R2`."""
        sessions = list(self.sessions)
        chosen = dict.fromkeys(self.leaders, ()) | {
            leader.strip(): tuple(sorted(sessions.index(s) for s in held.split()))
            for leader, held in (entry.split(":") for entry in attends.split(",") if entry)
        }
        assert list(chosen) == list(self.leaders)
        placed = {}
        for entry in rooms.split():
            s, room = sessions.index(entry.split(":")[0]), entry.split(":")[1]
            held = self.instance.sites[self.instance.sessions[s].site].rooms or ()
            placed[s] = [r.id for r in held].index(room)
        return Solution(tuple(chosen.values()), frozenset(sessions.index(s) for s in running.split()), placed)

    def report(self, attends: str = "", *, running: str = "", rooms: str = "") -> Report:
        return check(self.instance, self.solution(attends, running=running, rooms=rooms))

    def breaks(self, attends: str = "", *, running: str = "", rooms: str = "") -> list[str]:
        """The broken rules as `rule where`, each once, sorted."""
        violations = self.report(attends, running=running, rooms=rooms).violations
        return sorted({f"{v.rule} {v.where}" for v in violations})

    def _skill(self, name: str) -> int:
        if name not in self.skills:
            self.skills.append(name)
        return self.skills.index(name)

    def _branches(self, names: str) -> tuple[int, ...]:
        return tuple(sorted(list(self.branches).index(b) for b in names.split()))


def _amount(text: str) -> Amount | None:
    return Amount(int(text.rstrip("%")), text.endswith("%")) if text else None
