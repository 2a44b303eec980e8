"""One complete problem, and what follows from it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from cadreplan.cohorts import Mix, Tie
from cadreplan.distance import one_way_km
from cadreplan.instance.entities import (
    Ability,
    Branch,
    Leader,
    Lecturer,
    Limit,
    Location,
    Module,
    Norm,
    Offering,
    Owed,
    Past,
    Policy,
    Role,
    Session,
    Site,
    Skill,
    Tally,
    lineage,
)
from cadreplan.instance.validation import validate


@dataclass(frozen=True)
class Instance:
    """One complete problem. Raises `ValueError` where an index refers to nothing, or a number can't be."""

    title: str
    start: date
    n_days: int
    abilities: tuple[Ability, ...]
    skills: tuple[Skill, ...]
    modules: tuple[Module, ...]
    roles: tuple[Role, ...]
    sites: tuple[Site, ...]
    branches: tuple[Branch, ...]
    sessions: tuple[Session, ...]
    offerings: tuple[Offering, ...]
    lecturers: tuple[Lecturer, ...]
    leaders: tuple[Leader, ...]
    policy: Policy
    limits: tuple[Limit, ...] = ()
    """On candidates that run. No roster has them: a solve learns them from programmes."""
    tallies: tuple[Tally, ...] = ()
    """No roster has them: the `columns` engine makes them of `mix` and ties."""
    past: Past | None = None
    """No roster has it: a plan that is made again does."""
    met: tuple[tuple[int, ...], ...] = ()
    """Leaders who sat in one discussion group in an earlier rotation, group by group, by the history."""
    mix: tuple[Mix, ...] = ()
    ties: tuple[Tie, ...] = ()
    norms: tuple[Norm, ...] = ()

    def __post_init__(self) -> None:
        validate(self)

    def beds_on(self, site: int, day: int) -> int | None:
        """People who may be on trips to a site on a day; None: any number."""
        beds = self.sites[site].beds
        return beds if beds is None or self.past is None else max(beds, self.past.beds.get((site, day), 0))

    def away_on(self, branch: int, day: int) -> int | None:
        """People of a branch and those below it who may be away on a day; None: any number."""
        most = self.branches[branch].max_away
        return most if most is None or self.past is None else max(most, self.past.away.get((branch, day), 0))

    def price_of_idleness(self, leader: Leader) -> int:
        """Points that a leader costs who attends nothing."""
        if not leader.gaps or leader.left:
            return leader.promise
        return leader.promise + self.policy.weights.wait * (leader.waited + 1) ** 2

    def tied_on(self, tie: int, day: int) -> int:
        """Leaders of a tie who may be away on a day."""
        return 1 if self.past is None else max(1, self.past.tied.get((tie, day), 0))

    def date_of(self, day: int) -> date:
        """The calendar date of a day number."""
        return self.start + timedelta(days=day)

    def trip_km(self, leader: Leader, site: int) -> int:
        """Distance of one trip, both ways, in whole kilometres; 0 where a location is missing."""
        return self._way(leader, site)[0]

    def is_local(self, leader: Leader, site: int) -> bool:
        """Whether a leader sleeps at home when at a site: both locations are known, and it is near enough."""
        return self.policy.local_km > 0 and self._way(leader, site)[1]

    def _way(self, leader: Leader, site: int) -> tuple[int, bool]:
        """Kilometres both ways, and whether one way is at most `local_km`."""
        key = (leader.location, site)
        way = self._ways.get(key)
        if way is None:
            km = one_way_km(leader.location, self.sites[site].location)
            way = (0, False) if km is None else (round(2 * km), km <= self.policy.local_km)
            self._ways[key] = way
        return way

    def counted(self, owed: Owed) -> tuple[int, ...]:
        """What each session counts for a norm in its window: hours, or 1 where it ends in it.

        The hours of a session that reaches out of the window are spread evenly over its days.
        """
        by_hours = not self.norms[owed.norm].counts_sessions
        key = (by_hours, owed.first, owed.last)
        found = self._counted.get(key)
        if found is None:
            one = self._hours_within if by_hours else self._ends_within
            found = tuple(one(s, owed.first, owed.last) for s in range(len(self.sessions)))
            self._counted[key] = found
        return found

    def attended(self, owed: Owed, sessions: Collection[int]) -> int:
        """What sessions of a leader count for a norm in its window, all together."""
        counted = self.counted(owed)
        total = sum(counted[s] for s in sessions)
        return (
            total
            if self.norms[owed.norm].counts_sessions
            else total - self.repeated(sessions, owed.first, owed.last)
        )

    def repeated(self, sessions: Collection[int], first: int, last: int) -> int:
        """Hours from a day to another that sessions have too many: each module counts once, the most of it.

        What is planned shares no module; what has begun, of a plan for another roster, may.
        """
        held = [m for s in sessions for m in self.sessions[s].modules] if len(sessions) > 1 else []
        if len(held) == len(set(held)):
            return 0
        total, most = 0, dict.fromkeys(held, 0)
        for s in sessions:
            for m in set(self.sessions[s].modules):
                hours = self.hours_until(s, (m,), last) - self.hours_until(s, (m,), first - 1)
                most[m] = max(hours, most[m])
                total += hours
        return total - sum(most.values())

    def hours_until(self, s: int, modules: Collection[int], day: int) -> int:
        """Study hours of some modules of a session up to a day; each module's lie evenly on its days."""
        days = self.sessions[s].days
        n = bisect_right(days, day)
        return sum(self.modules[m].hours * n // len(days) for m in modules)

    def _hours_within(self, s: int, first: int, last: int) -> int:
        modules = set(self.sessions[s].modules)
        return self.hours_until(s, modules, last) - self.hours_until(s, modules, first - 1)

    def _ends_within(self, s: int, first: int, last: int) -> int:
        return int(first <= self.sessions[s].last_day <= last)

    @cached_property
    def _counted(self) -> dict[tuple[bool, int, int], tuple[int, ...]]:
        return {}

    def candidates_of(self, offering: int) -> Iterator[int]:
        """Indices of the candidate sessions an offering was expanded to."""
        return (s for s, session in enumerate(self.sessions) if session.offering == offering)

    @cached_property
    def _ways(self) -> dict[tuple[Location | None, int], tuple[int, bool]]:
        return {}

    @cached_property
    def lineages(self) -> tuple[tuple[int, ...], ...]:
        """For each branch itself, its parent, and so on up to a root."""
        return tuple(lineage(self.branches, b) for b in range(len(self.branches)))

    @cached_property
    def session_by_id(self) -> dict[str, int]:
        return {session.id: s for s, session in enumerate(self.sessions)}

    @cached_property
    def leader_by_id(self) -> dict[str, int]:
        return {leader.id: i for i, leader in enumerate(self.leaders)}

    @cached_property
    def levels_taught(self) -> tuple[dict[int, int], ...]:
        """For each session: skill → highest level that one of its modules reaches."""
        taught: list[dict[int, int]] = []
        for session in self.sessions:
            levels: dict[int, int] = {}
            for m in session.modules:
                for skill, level in self.modules[m].teaches:
                    levels[skill] = max(level, levels.get(skill, level))
            taught.append(levels)
        return tuple(taught)

    def largest_group(self, session: Session) -> int | None:
        """The most people that all modules of a session can be taught to; None: no limit."""
        most = (self.modules[m].max_seats for m in session.modules)
        return min((n for n in most if n is not None), default=None)

    def within(self, module: int, modules: Sequence[int]) -> list[list[int]]:
        """What a module requires of the `modules` of its session: for each entry those of it there."""
        entries = ([r for r in entry if r in modules] for entry in self.modules[module].requires)
        return [held for held in entries if held and module not in held]

    @cached_property
    def required(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each session the entries of its modules' `requires` that it doesn't meet itself, each once.

        None for frozen ones, which are tested on nothing.
        """
        return tuple(
            tuple(
                sorted(
                    {
                        tuple(sorted(set(entry)))
                        for m in session.modules
                        for entry in self.modules[m].requires
                        if not session.frozen and set(entry).isdisjoint(session.modules)
                    }
                )
            )
            for session in self.sessions
        )

    @cached_property
    def givers(self) -> tuple[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], ...]:
        """For each session the entries of `required`, each with the sessions that can meet it.

        They have one of its modules and none of the session's own (nobody attends a module twice), and end
        before the session begins.
        """
        holding: dict[int, list[int]] = {m: [] for m in range(len(self.modules))}
        for t, session in enumerate(self.sessions):
            for m in session.modules:
                holding[m].append(t)
        return tuple(
            tuple((entry, self._in_time(s, {t for m in entry for t in holding[m]})) for entry in required)
            for s, required in enumerate(self.required)
        )

    def _in_time(self, s: int, sessions: set[int]) -> tuple[int, ...]:
        first, own = self.sessions[s].first_day, self.sessions[s].modules
        return tuple(
            t
            for t in sorted(sessions)
            if self.sessions[t].last_day < first and not set(own) & set(self.sessions[t].modules)
        )
