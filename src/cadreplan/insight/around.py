"""A plan re-solved around a few leaders: they are free, everybody else stays where the plan has them.

The small instance that stands for this has the free leaders, the sessions they could attend with the seats
that are left, and blockers: pinned leaders without a name who take the beds and absences of everybody else,
one for each stretch of days on which as many are left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Protocol

from cadreplan.engines.stones import lead_up
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Branch, Instance, Leader, Module, Offering, Session, Site
from cadreplan.solution import Solution
from cadreplan.verification.rules import check


class Solver(Protocol):
    """Improves a solution of a small instance; tells whether the result is proven optimal."""

    def __call__(self, instance: Instance, start: Solution) -> tuple[Solution, bool]: ...


@dataclass(frozen=True)
class Outcome:
    """What came out: the whole plan, what it is worth more, and whether that is proven to be the most."""

    solution: Solution
    gained: int
    proven: bool


def resolved_around(
    instance: Instance,
    state: PlanState,
    free: Collection[int],
    solver: Solver,
    *,
    doors: Mapping[int, int | None] = MappingProxyType({}),
) -> Outcome:
    """The best plan in which only the `free` leaders may have other sessions than they have in `state`.

    Running sessions and rooms stay as they are, but that the candidates `doors`, which don't run, may be
    opened, in the room given for each (None: it needs none). `instance` may have looser limits than that of
    `state`, but the same leaders and sessions. A plan that keeps all rules stays one and is never worth less.
    """
    small = _Small(instance, state, sorted(free), doors)
    start = small.start()
    best, proven = solver(small.instance, start)
    chosen = list(state.chosen)
    for k, i in enumerate(small.free):
        chosen[i] = tuple(sorted(small.sessions[s] for s in best.chosen[k]))
    opened = {small.sessions[k] for k in best.running}
    gained = check(small.instance, best).value - check(small.instance, start).value
    rooms = {**state.rooms, **{s: room for s, room in doors.items() if s in opened and room is not None}}
    found = Solution(tuple(chosen), state.running | opened, rooms)
    if instance.ties or instance.mix:  # which the small instance doesn't have
        return _with_cohorts(instance, state.solution(), found, proven)
    return Outcome(found, gained, proven)


def _with_cohorts(instance: Instance, before: Solution, found: Solution, proven: bool) -> Outcome:
    """What was found if it keeps ties and `mix` and is worth more with them; else the plan as it was."""
    report, now = check(instance, found), check(instance, before)
    gained = report.terms.total - now.terms.total
    if not report.ok or gained < 0:
        return Outcome(before, 0, proven=False)
    return Outcome(found, gained, proven and not instance.policy.weights.mix)


@dataclass
class _Demand:
    """Who could use something, and on which days."""

    leaders: set[int] = field(default_factory=set)
    days: set[int] = field(default_factory=set)

    def add(self, i: int, days: set[int]) -> None:
        self.leaders.add(i)
        self.days |= days


class _Small:
    def __init__(
        self, instance: Instance, state: PlanState, free: list[int], doors: Mapping[int, int | None]
    ) -> None:
        self.free = free
        self._whole, self._state, self._doors = instance, state, doors
        self._subtract()
        self._wants = {i: self._wanted(i) for i in free}
        self.sessions = sorted(set().union(*self._wants.values()))
        index = {s: k for k, s in enumerate(self.sessions)}
        leaders = [self._leader(i, index) for i in free]
        held = [self._session(s) for s in self.sessions]
        sites = [replace(site, rooms=None) for site in instance.sites]
        branches = list(instance.branches)
        self._blockers: list[int] = []
        module = len(instance.modules)
        for where, b, days, heads in self._usage():
            place = where
            branches.append(Branch(f"#{len(branches)}", "", b))
            if b is not None:
                sites.append(Site(f"#{len(sites)}", "", ""))
                place = len(sites) - 1
            held.append(Session(f"#{len(held)}", place, (module,), days, heads))
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
            mix=(),
            ties=(),
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
        self._in_beds = state.in_beds.copy()
        self._away = state.away.copy()
        for i in self.free:
            heads = leaders[i].headcount
            for s in state.chosen[i]:
                self._people[s] -= heads
                for b in state.lineage(i):
                    self._quota[s, b] -= heads
            for trip in state.trips[i]:
                for day in trip.days:
                    if not trip.at_home:
                        self._in_beds[trip.site, day] -= heads
                    for b in state.capped(i):
                        self._away[b, day] -= heads

    def _wanted(self, i: int) -> set[int]:
        """Sessions that run and that a free leader has or might want: of use, or leading up to such a one."""
        whole, state, leader = self._whole, self._state, self._whole.leaders[i]
        useful = {
            s
            for s in range(len(whole.sessions))
            if (s in state.chosen[i] or s in leader.pinned or state.closed(leader, s)) and self._held(s)
        }
        return useful | lead_up(whole, leader, useful, self._held)

    def _held(self, s: int) -> bool:
        return self._state.runs(s) or s in self._doors

    def _session(self, s: int) -> Session:
        """The seats that are left; a candidate that runs counts as confirmed, its cost is spent."""
        session, people = self._whole.sessions[s], self._people[s]
        rooms = self._whole.sites[session.site].rooms
        room = self._doors.get(s, self._state.rooms.get(s))
        seats = session.seats
        if rooms is not None and room is not None:
            seats = min(seats, rooms[room].seats)
        if s in self._doors:
            return replace(session, seats=seats, offering=None)
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
        chosen = self._state.chosen[i]
        needed = {
            s for s in chosen if sessions[s].candidate and self._people[s] < max(1, sessions[s].min_seats)
        }
        # in the whole instance these are no pins: a stepping stone needs what it leads up to
        steps = [s for s in needed if s not in leader.pinned and not self._state.closed(leader, s)]
        while steps:
            t = steps.pop()
            for s in chosen:
                if s not in needed and any(t in givers for _, givers in self._whole.givers[s]):
                    needed.add(s)
                    steps.append(s)
        return replace(leader, pinned=tuple(sorted({*leader.pinned, *needed}))).renumbered(index)

    def _usage(self) -> Iterator[tuple[int, int | None, tuple[int, ...], int]]:
        """(site, branch or None, days, heads) of beds and absences that are taken by the others.

        Where all the free leaders together find room, nothing needs to be counted; days on which none of them
        can be away may be counted or not.
        """
        whole, sessions = self._whole, self._whole.sessions
        at_site: dict[int, _Demand] = defaultdict(_Demand)
        of_branch: dict[int, _Demand] = defaultdict(_Demand)
        for i in self.free:
            by_site: dict[int, set[int]] = defaultdict(set)
            for s in self._wants[i]:
                by_site[sessions[s].site].update(sessions[s].days)
            for site, days in by_site.items():
                bridged = self._bridged(days)
                if not whole.is_local(whole.leaders[i], site):
                    at_site[site].add(i, bridged)
                for b in self._state.capped(i):
                    of_branch[b].add(i, bridged)
        for site, demand in sorted(at_site.items()):
            beds = whole.sites[site].beds
            if beds is not None:
                for stretch, heads in self._stretches(site, beds, demand, self._in_beds, Counter()):
                    yield site, None, stretch, heads
        counted: Counter[tuple[int, int]] = Counter()  # for branches below, so for those above them too
        for b, demand in sorted(of_branch.items(), key=lambda one: (-len(whole.lineages[one[0]]), one[0])):
            most = whole.branches[b].max_away
            if most is not None:
                for stretch, heads in self._stretches(b, most, demand, self._away, counted):
                    for above in whole.lineages[b][1:]:
                        counted.update(dict.fromkeys(((above, day) for day in stretch), heads))
                    yield 0, b, stretch, heads

    def _bridged(self, days: set[int]) -> set[int]:
        """Days on which a trip to sessions on `days` may be."""
        order, gap = sorted(days), self._whole.policy.stay_gap
        bridged = [range(a, b) for a, b in pairwise(order) if b - a <= gap + 1]
        return days.union(*bridged)

    def _stretches(
        self,
        key: int,
        most: int,
        demand: _Demand,
        taken: Counter[tuple[int, int]],
        counted: Counter[tuple[int, int]],
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Days in a row, but for days that don't matter, with as many taken; only where it could bind.

        Those that are `counted` already are left out.
        """
        wanted = sum(self._whole.leaders[i].headcount for i in demand.leaders)
        heads = [(day, taken[key, day], counted[key, day]) for day in sorted(demand.days)]
        for (n, known), stretch in groupby(heads, lambda entry: entry[1:]):
            if 0 < n > most - wanted and n > known:
                yield tuple(day for day, _, _ in stretch), n - known
