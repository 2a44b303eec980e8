"""Who is in which session of a solution: what a programme of it needs to know."""

from __future__ import annotations

from collections import Counter

from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution


def closed_by(instance: Instance, leader: Leader, s: int) -> list[int]:
    """Positions in `leader.gaps` that session s closes."""
    taught = instance.levels_taught[s]
    return [g for g, gap in enumerate(leader.gaps) if taught.get(gap.skill, gap.level - 1) >= gap.level]


def attended(solution: Solution) -> frozenset[int]:
    """Sessions with somebody in them: nobody else needs a lecturer."""
    return frozenset(s for chosen in solution.chosen for s in chosen)


def movable(instance: Instance) -> frozenset[int]:
    """Candidates that needn't run: nobody is pinned to them."""
    pinned = {s for leader in instance.leaders for s in leader.pinned}
    return frozenset(s for s, session in enumerate(instance.sessions) if session.candidate) - pinned


def worth_of(instance: Instance, solution: Solution) -> Counter[int]:
    """Session → points of the skill gaps it closes, without what it costs.

    Of a stepping stone, which closes none, those of what it leads up to.
    """
    found: Counter[int] = Counter()
    for leader, chosen in zip(instance.leaders, solution.chosen, strict=True):
        weights: dict[int, int] = {}
        for s in sorted(chosen, key=lambda s: instance.sessions[s].first_day, reverse=True):
            weights[s] = sum(leader.gaps[g].weight for g in closed_by(instance, leader, s)) or sum(
                weights[t]
                for t in weights
                if any(s in givers and leader.completed.isdisjoint(e) for e, givers in instance.givers[t])
            )
            found[s] += instance.policy.weights.gap * leader.priority * weights[s]
    return found


def without(solution: Solution, sessions: frozenset[int]) -> Solution:
    """`solution` with these candidates closed and their people at home."""
    chosen = tuple(tuple(s for s in own if s not in sessions) for own in solution.chosen)
    rooms = {s: r for s, r in solution.rooms.items() if s not in sessions}
    return Solution(chosen, solution.running - sessions, rooms)


def resting(
    instance: Instance, solution: Solution, untaught: frozenset[tuple[int, int]]
) -> dict[int, list[int]]:
    """Leader → positions of the skill gaps that are closed by modules alone which nobody teaches.

    `untaught` are pairs of a session and a module.
    """
    found: dict[int, list[int]] = {}
    affected = {s for s, _ in untaught}
    for i, chosen in enumerate(solution.chosen):
        if affected.isdisjoint(chosen):
            continue
        taught: dict[int, int] = {}
        for s in chosen:
            for m in instance.sessions[s].modules:
                if (s, m) not in untaught:
                    for skill, level in instance.modules[m].teaches:
                        taught[skill] = max(level, taught.get(skill, level))
        leader = instance.leaders[i]
        closed = {g for s in chosen for g in closed_by(instance, leader, s)}
        lost = [
            g
            for g in sorted(closed)
            if taught.get(leader.gaps[g].skill, leader.gaps[g].level - 1) < leader.gaps[g].level
        ]
        if lost:
            found[i] = lost
    return found
