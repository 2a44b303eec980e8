"""Candidates that no plan needs, left out before an engine sees them; and candidates that are alike.

Let P be any plan of the instance in which a candidate c runs, c being pinned by nobody. Three cases are safe:

*It cannot run.* Whoever attends c can do so alone as far as seats, the largest room, beds, dates, audience,
limits, skill gaps and what c may be a stepping stone to go, and on a day of c all of them are away from their
branches. So at most `reach` people attend, where reach folds the sum over a branch and those below it, capped
by its `max_away` and by the quota c has for it, up to the roots, and caps that by c's seats, the site's
largest room, and its beds with those who sleep at home. Where reach < min_seats, no plan has c running. The
same where its offering may have no run at all, or where on one of its days as many confirmed sessions as the
site has rooms are held there: these always run and take a room.

*It would be empty.* Where reach = 0, c running has nobody in it. P without c keeps every rule (c took a room,
a run of its offering and its weight in every limit, and gave nothing), and is worth weights.open x cost more.
So where that is not negative, a best plan without c exists.

*Leaving out what cannot run changes nothing else.* The plans of the smaller instance are exactly those plans
of the whole one in which the candidates left out do not run; the worth of a plan does not mention candidates
that do not run. Hence every plan found is a plan, and every bound a bound.

Not left out: candidates that look worse than another one, on an earlier date, nearer by or larger. A leader's
dates, prerequisites and other trips, and the beds, rooms and absence limits of single days may each make just
that one the better one; what holds for all of them holds for twins only.

*Twins.* Two candidates with the same offering, site, days, modules, seats, minimum, cost, audience and
quotas, named by no leader's wishes, pins or exclusions, by no limit, and by the same entries of `mix`, can
change names in any plan, with people, room and all. So some best plan runs the second only if it runs the
first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from cadreplan.engines.interface import Listener
from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance, Leader, Location
from cadreplan.solution import Solution

_Bools = npt.NDArray[np.bool_]
_I64 = npt.NDArray[np.int64]
_MANY = 1 << 40


@dataclass(frozen=True)
class Reduced:
    """`instance` has sessions `kept` (ascending) of a whole instance with `n_sessions` of them."""

    instance: Instance
    kept: tuple[int, ...]
    n_sessions: int

    def restore(self, solution: Solution) -> Solution:
        """A solution of the smaller instance as one of the whole instance."""
        return Solution(
            tuple(tuple(self.kept[s] for s in chosen) for chosen in solution.chosen),
            frozenset(self.kept[s] for s in solution.running),
            {self.kept[s]: r for s, r in solution.rooms.items()},
        )

    def reduce(self, solution: Solution) -> Solution | None:
        """A solution of the whole instance as one of the smaller; None where it runs what was left out."""
        at = {s: k for k, s in enumerate(self.kept)}
        if not solution.running <= at.keys():
            return None
        return Solution(
            tuple(tuple(at[s] for s in chosen) for chosen in solution.chosen),
            frozenset(at[s] for s in solution.running),
            {at[s]: r for s, r in solution.rooms.items() if s in at},
        )


class Restoring:
    """Passes what is found for a smaller instance on to the listener of the whole one."""

    def __init__(self, listener: Listener, reduced: Reduced) -> None:
        self.bound, self.phase, self.should_stop = listener.bound, listener.phase, listener.should_stop
        self._listener, self._reduced = listener, reduced

    def solution(self, solution: Solution) -> None:
        """Hand on a solution, with the sessions of the whole instance."""
        self._listener.solution(self._reduced.restore(solution))


def leave_out(instance: Instance) -> Reduced:
    """The instance without the candidates that no plan needs, as the module's text proves."""
    gone = useless(instance)
    return only(instance, (s for s in range(len(instance.sessions)) if s not in gone))


def only(instance: Instance, sessions: Iterator[int]) -> Reduced:
    """The instance with these sessions alone; what leaders say of others is left out (but pins must stay)."""
    kept = tuple(sorted(sessions))
    if len(kept) == len(instance.sessions):
        return Reduced(instance, kept, len(kept))
    at = {s: k for k, s in enumerate(kept)}
    leaders = tuple(leader.renumbered(at) for leader in instance.leaders)
    limits = tuple(
        replace(limit, terms=tuple((at[s], weight) for s, weight in limit.terms if s in at))
        for limit in instance.limits
    )
    sessions_kept = tuple(instance.sessions[s] for s in kept)
    mix = tuple(entry.renumbered(at) for entry in instance.mix)
    tallies = tuple(
        tally
        if tally.sessions is None
        else replace(tally, sessions=tuple(at[s] for s in tally.sessions if s in at))
        for tally in instance.tallies
    )
    smaller = replace(
        instance, sessions=sessions_kept, leaders=leaders, limits=limits, mix=mix, tallies=tallies
    )
    return Reduced(smaller, kept, len(instance.sessions))


def useless(instance: Instance) -> set[int]:
    """Candidates that cannot run, or that only an empty class could be held of."""
    if not any(session.candidate for session in instance.sessions):
        return set()
    pinned = {s for leader in instance.leaders for s in leader.pinned}
    people = _reach(instance)
    full = _days_without_rooms(instance)
    lighter = {s for limit in instance.limits for s, weight in limit.terms if weight < 0}
    found = set()
    for s, session in enumerate(instance.sessions):
        if not session.candidate or s in pinned:
            continue
        most = None if session.offering is None else instance.offerings[session.offering].max_runs
        empty = people[s] == 0 and instance.policy.weights.open * session.cost >= 0 and s not in lighter
        if (
            people[s] < session.min_seats
            or empty
            or most == 0
            or any((session.site, d) in full for d in session.days)
        ):
            found.add(s)
    return found


def twins(instance: Instance) -> list[tuple[int, ...]]:
    """Candidates that are alike, in groups of two or more, ascending."""
    named = {
        s
        for leader in instance.leaders
        for s in (*leader.pinned, *leader.excluded, *(s for s, _ in leader.prefers_sessions))
    }
    named |= {s for limit in instance.limits for s, _ in limit.terms}
    groups: dict[object, list[int]] = {}
    for s, session in enumerate(instance.sessions):
        if session.candidate and s not in named:
            mixed = tuple(m for m, entry in enumerate(instance.mix) if s in (entry.sessions or ()))
            groups.setdefault((replace(session, id=""), mixed), []).append(s)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _days_without_rooms(instance: Instance) -> set[tuple[int, int]]:
    """(site, day) on which the confirmed sessions take all rooms."""
    held = Counter[tuple[int, int]]()
    for session in instance.sessions:
        if not session.candidate and session.needs_room:
            held.update((session.site, day) for day in set(session.days))
    full = set()
    for (p, day), n in held.items():
        rooms = instance.sites[p].rooms
        if rooms is not None and n >= len(rooms):
            full.add((p, day))
    return full


def _reach(instance: Instance) -> _I64:
    """People who can attend each session at most, all at once."""
    sessions, branches = instance.sessions, instance.branches
    seats = np.array([_seats(instance, s) for s in range(len(sessions))], np.int64)
    beds = np.array([_beds(instance, s) for s in range(len(sessions))], np.int64)
    at_home = np.zeros(len(sessions), np.int64)
    people = np.zeros((len(branches), len(sessions)), np.int64)
    alone = Alone(instance)
    for leader in instance.leaders:
        local = alone.at_home(leader)
        can = alone.sessions(leader) & (leader.headcount <= seats) & (local | (leader.headcount <= beds))
        people[leader.branch] += leader.headcount * can
        at_home += leader.headcount * (can & local)
    quota = np.full(people.shape, _MANY, np.int64)
    for s, session in enumerate(sessions):
        for b, n in session.quotas:
            quota[b, s] = min(quota[b, s], n)
    total = np.zeros(len(sessions), np.int64)
    for b in sorted(range(len(branches)), key=lambda b: -len(instance.lineages[b])):
        most, parent = branches[b].max_away, branches[b].parent
        capped = np.minimum(np.minimum(people[b], quota[b]), _MANY if most is None else most)
        if parent is None:
            total += capped
        else:
            people[parent] += capped
    held: _I64 = np.minimum(seats, beds + at_home)
    return np.minimum(total, held)


def _seats(instance: Instance, s: int) -> int:
    session, site = instance.sessions[s], instance.sites[instance.sessions[s].site]
    room = _MANY if site.rooms is None else max((room.seats for room in site.rooms), default=0)
    return min(session.seats, room)


def _beds(instance: Instance, s: int) -> int:
    beds = instance.sites[instance.sessions[s].site].beds
    return _MANY if beds is None else beds


class Alone:
    """Which sessions a leader can attend as far as the session alone tells."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        sessions, n_days = instance.sessions, instance.n_days
        self.level = np.full((len(sessions), len(instance.skills)), -1, np.int64)
        for s, taught in enumerate(instance.levels_taught):
            for skill, level in taught.items():
                self.level[s, skill] = level
        self.length = np.array([len(session.days) for session in sessions], np.int64)
        self.inside = np.array([s.first_day >= 0 and s.last_day < n_days for s in sessions], np.bool_)
        self.on_day = np.zeros((n_days, len(sessions)), np.bool_)
        for s, session in enumerate(sessions):
            if self.inside[s]:
                self.on_day[list(session.days), s] = True
        self.requiring = any(instance.required)
        self.open_to = cache(self._open_to)
        self.may_go = cache(self._may_go)
        self._near: dict[Location | None, _Bools] = {}

    def sessions(self, leader: Leader) -> _Bools:
        """Sessions that close a skill gap, are pinned or lead up to such a one, are open to the leader, and
        lie on days allowed."""
        useful = np.zeros(len(self.length), np.bool_)
        for gap in leader.gaps:
            taught = self.level[:, gap.skill]
            useful |= (taught >= 0) & (taught >= gap.level)
        if leader.pinned:
            useful[list(leader.pinned)] = True
        allowed = self.open_to(leader.branch, leader.role) & self.may_go(leader.available, leader.unavailable)
        if leader.max_days is not None:
            allowed &= self.length <= leader.max_days
        if leader.excluded:
            allowed[list(leader.excluded)] = False
        if leader.max_sessions == 0:
            allowed[:] = False
        if leader.max_trips == 0:
            allowed &= self.at_home(leader)
        useful &= allowed
        if self.requiring:
            own = np.flatnonzero(useful).tolist()
            useful[list(lead_up(self.instance, leader, own, lambda s: bool(allowed[s])))] = True
        return useful

    def at_home(self, leader: Leader) -> _Bools:
        """Sessions near enough for a leader to sleep at home."""
        near = self._near.get(leader.location)
        if near is None:
            local = [self.instance.is_local(leader, p) for p in range(len(self.instance.sites))]
            near = np.array([local[s.site] for s in self.instance.sessions], np.bool_)
            self._near[leader.location] = near
        return near

    def _open_to(self, branch: int, role: int | None) -> _Bools:
        lineage = set(self.instance.lineages[branch])
        return np.array(
            [
                (s.branches is None or not lineage.isdisjoint(s.branches))
                and (s.roles is None or role in s.roles)
                for s in self.instance.sessions
            ],
            np.bool_,
        )

    def _may_go(
        self, available: tuple[tuple[int, int], ...] | None, unavailable: tuple[tuple[int, int], ...]
    ) -> _Bools:
        bad = np.zeros(self.instance.n_days, np.bool_)
        if available is not None:
            bad[:] = True
            for first, last in available:
                bad[max(0, first) : max(0, last + 1)] = False
        for first, last in unavailable:
            bad[max(0, first) : max(0, last + 1)] = True
        met: _Bools = np.logical_or.reduce(self.on_day[bad], axis=0)
        return np.logical_and(self.inside, np.logical_not(met))
