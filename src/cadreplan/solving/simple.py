"""A bound and a solution that need no solver: what anybody can check, and what is there at worst."""

from __future__ import annotations

from collections import defaultdict

from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution
from cadreplan.verification.rules import check


def simple_bound(instance: Instance) -> int:
    """An upper bound on any plan's worth: what each leader could reach if nobody else were there.

    All skill gaps that some open session closes, and all positive preferences of such sessions and of those
    that lead up to them; every cost is counted as 0. Raises nothing, takes time linear in leaders times
    distinct gaps.
    """
    return sum(reaches(instance))


def reaches(instance: Instance) -> list[int]:
    """What each leader could reach in points if nobody else were there, see `simple_bound`."""
    closers: dict[tuple[int, int], list[int]] = {}
    return [_reach(instance, leader, closers) for leader in instance.leaders]


def _reach(instance: Instance, leader: Leader, closers: dict[tuple[int, int], list[int]]) -> int:
    lineage = set(instance.lineages[leader.branch])
    pinned, excluded = set(leader.pinned), set(leader.excluded)
    may: dict[int, bool] = {}
    useful = set(pinned)
    points = 0
    for gap in leader.gaps:
        key = (gap.skill, gap.level)
        if key not in closers:
            closers[key] = [
                s
                for s, taught in enumerate(instance.levels_taught)
                if gap.skill in taught and taught[gap.skill] >= gap.level
            ]
        reachable = False
        for s in closers[key]:
            if s not in may:
                session = instance.sessions[s]
                may[s] = (
                    s not in excluded
                    and session.seats >= leader.headcount
                    and (session.branches is None or not lineage.isdisjoint(session.branches))
                    and (session.roles is None or leader.role in session.roles)
                )
            if may[s]:
                reachable = True
                useful.add(s)
        if reachable or pinned:
            points += gap.weight
    if leader.prefers_sessions or leader.prefers_sites:
        useful |= lead_up(instance, leader, useful)
    worth = instance.policy.weights.gap * leader.priority * points
    for s, value in leader.prefers_sessions:
        if value > 0 and s in useful:
            worth += value
    for site, value in leader.prefers_sites:
        if value > 0:
            worth += value * sum(instance.sessions[s].site == site for s in useful)
    return worth


def bare_solution(instance: Instance) -> Solution | None:
    """Nobody attends anything but what is pinned; None where that keeps not all rules.

    What runs takes the smallest room that is large enough and free on all its days, the first and longest
    first.
    """
    chosen = tuple(tuple(sorted(leader.pinned)) for leader in instance.leaders)
    people: dict[int, int] = defaultdict(int)
    for leader, sessions in zip(instance.leaders, chosen, strict=True):
        for s in sessions:
            people[s] += leader.headcount
    running = frozenset(s for s in people if instance.sessions[s].candidate)
    rooms: dict[int, int] = {}
    taken: dict[tuple[int, int], set[int]] = defaultdict(set)
    held = [s for s, session in enumerate(instance.sessions) if not session.candidate or s in running]
    for s in sorted(
        held,
        key=lambda s: (
            instance.sessions[s].room is None,
            instance.sessions[s].first_day,
            -len(instance.sessions[s].days),
        ),
    ):
        session = instance.sessions[s]
        choice = instance.sites[session.site].rooms
        if choice is None or not session.needs_room:
            continue
        fixed = session.room
        for r in sorted(range(len(choice)), key=lambda r: choice[r].seats) if fixed is None else (fixed,):
            large = choice[r].seats >= people.get(s, 0)
            if large and taken[session.site, r].isdisjoint(session.days):
                rooms[s] = r
                taken[session.site, r].update(session.days)
                break
    solution = Solution(chosen, running, rooms)
    return solution if check(instance, solution).ok else None
