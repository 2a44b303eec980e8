"""A plan re-solved around a few leaders: they are free, everybody else stays where the plan has them.

The small instance that stands for this has the free leaders, the sessions they could attend with the seats
that are left, and blockers: pinned leaders without a name who take the beds and absences of everybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from cadreplan.check import Report, check
from cadreplan.insight.standing import Standing
from cadreplan.instance import Branch, Instance, Leader, Module, Offering, Session, Site
from cadreplan.solution import Solution


class Solver(Protocol):
    """Improves a solution of a small instance; tells whether the result is proven optimal."""

    def __call__(self, instance: Instance, start: Solution) -> tuple[Solution, bool]: ...


@dataclass(frozen=True)
class Outcome:
    """What came out: the whole plan, its report, and whether nothing better exists with the others fixed."""

    solution: Solution
    report: Report
    proven: bool

    @property
    def worth(self) -> int:
        """Points of the whole plan."""
        return self.report.terms.total


def resolved_around(instance: Instance, solution: Solution, free: Collection[int], solver: Solver) -> Outcome:
    """The best plan in which only the `free` leaders may have other sessions than in `solution`.

    Running sessions and rooms stay as they are. `solution` keeps all rules of `instance`; so does the
    outcome, and it is never worth less.
    """
    small = _Small(instance, solution, sorted(free))
    start = small.start()
    best, proven = solver(small.instance, start)
    chosen = list(solution.chosen)
    for k, i in enumerate(small.free):
        chosen[i] = tuple(sorted(small.sessions[s] for s in best.chosen[k]))
    whole = replace(solution, chosen=tuple(chosen))
    report = check(instance, whole)
    before = check(instance, solution)
    if not report.ok or report.terms.total < before.terms.total:
        return Outcome(solution, before, False)
    return Outcome(whole, report, proven)


class _Small:
    def __init__(self, instance: Instance, solution: Solution, free: list[int]) -> None:
        self.free = free
        nobody = list(solution.chosen)
        for i in free:
            nobody[i] = ()
        self._solution = solution
        self._fixed = Standing(instance, replace(solution, chosen=tuple(nobody)))
        self._whole = instance
        self.sessions = [s for s in range(len(instance.sessions)) if self._wanted(s)]
        index = {s: k for k, s in enumerate(self.sessions)}
        leaders = [self._leader(i, index) for i in free]
        held = [self._session(s) for s in self.sessions]
        sites, branches = list(instance.sites), list(instance.branches)
        sites = [replace(site, rooms=None) for site in sites]
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
        index = {s: k for k, s in enumerate(self.sessions)}
        chosen = [tuple(sorted(index[s] for s in self._solution.chosen[i])) for i in self.free]
        return Solution((*chosen, *((s,) for s in self._blockers)))

    def _wanted(self, s: int) -> bool:
        """Whether a session runs and one of the free leaders has it, or a skill gap it closes."""
        whole, state = self._whole, self._fixed
        return state.runs(s) and any(
            s in self._solution.chosen[i] or s in whole.leaders[i].pinned or state.closed(whole.leaders[i], s)
            for i in self.free
        )

    def _session(self, s: int) -> Session:
        """The seats that are left; a candidate that runs counts as confirmed, its cost is spent."""
        session, state = self._whole.sessions[s], self._fixed
        least = 0 if session.candidate else max(0, session.min_seats - state.people[s])
        quotas = tuple((b, max(0, most - state.quota[s, b])) for b, most in session.quotas)
        seats = max(0, state.capacity[s] - state.people[s])
        return replace(
            session, seats=seats, min_seats=least, quotas=quotas, candidate=False, cost=0, offering=None
        )

    def _leader(self, i: int, index: dict[int, int]) -> Leader:
        """The leader with the indices of the small instance; pinned where a candidate needs its people."""
        leader, state = self._whole.leaders[i], self._fixed
        needed = {
            s
            for s in self._solution.chosen[i]
            if self._whole.sessions[s].candidate
            and state.people[s] < max(1, self._whole.sessions[s].min_seats)
        }
        return replace(
            leader,
            prefers_sessions=tuple((index[s], p) for s, p in leader.prefers_sessions if s in index),
            pinned=tuple(sorted(index[s] for s in {*leader.pinned, *needed})),
            excluded=tuple(index[s] for s in leader.excluded if s in index),
        )

    def _usage(self, index: dict[int, int]) -> Iterator[tuple[int, int | None, int, int]]:
        """(site, branch or None, day, heads) of beds and absences that are taken by the others."""
        whole, state = self._whole, self._fixed
        days = {day for s in index for day in whole.sessions[s].days}
        first, last = min(days, default=0), max(days, default=-1)
        places = {whole.sessions[s].site for s in index}
        for (site, day), heads in sorted(state.at_site.items()):
            if heads and site in places and first <= day <= last:
                yield site, None, day, heads
        capped = {b for i in self.free for b in state.capped(i)}
        for (b, day), heads in sorted(state.away.items()):
            if heads and b in capped and first <= day <= last:
                yield 0, b, day, heads
