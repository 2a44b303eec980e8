"""A plan re-solved around a few leaders: they are free, everybody else stays where the plan has them.

The small instance that stands for this has the free leaders, the sessions they could attend with the seats
that are left, and blockers: pinned leaders without a name who take the beds and absences of everybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from cadreplan.check import check
from cadreplan.insight.standing import Standing
from cadreplan.instance import Branch, Instance, Leader, Module, Offering, Session, Site
from cadreplan.solution import Solution


class Solver(Protocol):
    """Improves a solution of a small instance; tells whether the result is proven optimal."""

    def __call__(self, instance: Instance, start: Solution) -> tuple[Solution, bool]: ...


@dataclass(frozen=True)
class Outcome:
    """What came out: the whole plan, what it is worth more, and whether that is proven to be the most."""

    solution: Solution
    gained: int
    proven: bool


def resolved_around(instance: Instance, state: Standing, free: Collection[int], solver: Solver) -> Outcome:
    """The best plan in which only the `free` leaders may have other sessions than they have in `state`.

    Running sessions and rooms stay as they are. `instance` may have looser limits than that of `state`, but
    the same leaders and sessions. A plan that keeps all rules stays one, and is never worth less.
    """
    small = _Small(instance, state, sorted(free))
    start = small.start()
    best, proven = solver(small.instance, start)
    chosen = list(state.chosen)
    for k, i in enumerate(small.free):
        chosen[i] = tuple(sorted(small.sessions[s] for s in best.chosen[k]))
    gained = check(small.instance, best).terms.total - check(small.instance, start).terms.total
    return Outcome(Solution(tuple(chosen), state.running, state.rooms), gained, proven)


class _Small:
    def __init__(self, instance: Instance, state: Standing, free: list[int]) -> None:
        self.free = free
        self._whole, self._state = instance, state
        self._subtract()
        self.sessions = [s for s in range(len(instance.sessions)) if self._wanted(s)]
        index = {s: k for k, s in enumerate(self.sessions)}
        leaders = [self._leader(i, index) for i in free]
        held = [self._session(s) for s in self.sessions]
        sites = [replace(site, rooms=None) for site in instance.sites]
        branches = list(instance.branches)
        self._blockers: list[int] = []
        module = len(instance.modules)
        for where, b, day, heads in self._usage(index):
            place = where
            if b is None:
                branches.append(Branch(f"#{len(branches)}", "", None, (len(branches),)))
            else:
                branches.append(Branch(f"#{len(branches)}", "", None, (len(branches), b)))
                sites.append(Site(f"#{len(sites)}", "", ""))
                place = len(sites) - 1
            held.append(Session(f"#{len(held)}", place, (module,), (day,), heads))
            leaders.append(
                Leader(f"#{len(leaders)}", "", len(branches) - 1, headcount=heads, pinned=(len(held) - 1,))
            )
            self._blockers.append(len(held) - 1)
        block = Module("#", "", 4, "lecture", "lecture", True, ())
        self.instance = replace(
            instance,
            modules=(*instance.modules, block),
            sites=tuple(sites),
            branches=tuple(branches),
            sessions=tuple(held),
            leaders=tuple(leaders),
            offerings=tuple(Offering(o.id) for o in instance.offerings),
        )

    def start(self) -> Solution:
        """What the free leaders have now."""
        index = {s: k for k, s in enumerate(self.sessions)}
        chosen = [tuple(sorted(index[s] for s in self._state.chosen[i])) for i in self.free]
        return Solution((*chosen, *((s,) for s in self._blockers)))

    def _subtract(self) -> None:
        """Count everybody but the free leaders."""
        state, leaders = self._state, self._whole.leaders
        self._people = list(state.people)
        self._quota = state.quota.copy()
        self._at_site = state.at_site.copy()
        self._away = state.away.copy()
        for i in self.free:
            heads = leaders[i].headcount
            for s in state.chosen[i]:
                self._people[s] -= heads
                for b in state.lineage(i):
                    self._quota[s, b] -= heads
            for trip in state.trips[i]:
                for day in trip.days:
                    self._at_site[trip.site, day] -= heads
                    for b in state.capped(i):
                        self._away[b, day] -= heads

    def _wanted(self, s: int) -> bool:
        """Whether a session runs and one of the free leaders has it, or a skill gap it closes."""
        whole, state = self._whole, self._state
        return state.runs(s) and any(
            s in state.chosen[i] or s in whole.leaders[i].pinned or state.closed(whole.leaders[i], s)
            for i in self.free
        )

    def _session(self, s: int) -> Session:
        """The seats that are left; a candidate that runs counts as confirmed, its cost is spent."""
        session, people = self._whole.sessions[s], self._people[s]
        rooms = self._whole.sites[session.site].rooms
        seats = session.seats
        if rooms is not None and s in self._state.rooms:
            seats = min(seats, rooms[self._state.rooms[s]].seats)
        return replace(
            session,
            seats=max(0, seats - people),
            min_seats=0 if session.candidate else max(0, session.min_seats - people),
            quotas=tuple((b, max(0, most - self._quota[s, b])) for b, most in session.quotas),
            candidate=False,
            cost=0,
            offering=None,
        )

    def _leader(self, i: int, index: dict[int, int]) -> Leader:
        """The leader with the indices of the small instance; pinned where a candidate needs its people."""
        leader, sessions = self._whole.leaders[i], self._whole.sessions
        needed = {
            s
            for s in self._state.chosen[i]
            if sessions[s].candidate and self._people[s] < max(1, sessions[s].min_seats)
        }
        return replace(
            leader,
            prefers_sessions=tuple((index[s], p) for s, p in leader.prefers_sessions if s in index),
            pinned=tuple(sorted(index[s] for s in {*leader.pinned, *needed})),
            excluded=tuple(index[s] for s in leader.excluded if s in index),
        )

    def _usage(self, index: dict[int, int]) -> Iterator[tuple[int, int | None, int, int]]:
        """(site, branch or None, day, heads) of beds and absences that are taken by the others.

        Where all the free leaders together find room, nothing needs to be counted.
        """
        sessions, whole = self._whole.sessions, self._whole
        heads = sum(whole.leaders[i].headcount for i in self.free)
        days = {day for s in index for day in sessions[s].days}
        first, last = min(days, default=0), max(days, default=-1)
        places = {sessions[s].site for s in index}
        for (site, day), taken in sorted(self._at_site.items()):
            beds = whole.sites[site].beds
            if beds is not None and site in places and first <= day <= last and 0 < taken > beds - heads:
                yield site, None, day, taken
        capped = {b for i in self.free for b in self._state.capped(i)}
        for (b, day), taken in sorted(self._away.items()):
            most = whole.branches[b].max_away
            if most is not None and b in capped and first <= day <= last and 0 < taken > most - heads:
                yield 0, b, day, taken
