"""What the check knows of norms and of waiting: hours and sessions in a window, and who is left out.

A module's hours lie evenly on the days of its session. What falls on the days up to any day is rounded down,
so that years, one after the other, get whole hours that add up to all of them. A session counts where its
last day lies in the window.
"""

from __future__ import annotations

from cadreplan.instance import Instance, Leader, Owed
from cadreplan.solution import Solution


def missing_to_norms(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> int:
    """Hours and sessions that a leader who attends these sessions lacks, over all norms that apply."""
    return sum(
        max(0, owed.wanted - owed.credited - _attended(instance, owed, sessions)) for owed in leader.owes
    )


def _attended(instance: Instance, owed: Owed, sessions: tuple[int, ...]) -> int:
    norm = instance.norms[owed.norm]
    if norm.counts_sessions:
        return sum(1 for s in sessions if owed.first <= instance.sessions[s].days[-1] <= owed.last)
    held: dict[int, int] = {}
    for s in sessions:
        days = instance.sessions[s].days
        before = sum(1 for day in days if day < owed.first)
        until = sum(1 for day in days if day <= owed.last)
        for m in instance.sessions[s].modules:
            hours = instance.modules[m].hours
            part = hours * until // len(days) - hours * before // len(days)
            held[m] = max(part, held.get(m, 0))  # a module counts once
    return sum(held.values())


def is_left_out(leader: Leader, sessions: tuple[int, ...]) -> bool:
    """Whether somebody with a skill gap attends nothing."""
    return bool(leader.gaps) and not sessions and not leader.left


def waiting(leader: Leader, sessions: tuple[int, ...]) -> int:
    """(waited + 1)^2 of who is left out again, 0 of anybody else."""
    return (leader.waited + 1) ** 2 if is_left_out(leader, sessions) else 0


def left_out(instance: Instance, solution: Solution) -> int | None:
    """Leaders with a skill gap who have waited as long as the guarantee says and attend nothing.

    None where the policy guarantees nothing.
    """
    least = instance.policy.guarantee
    if least is None:
        return None
    return sum(
        leader.waited >= least and is_left_out(leader, solution.chosen[i])
        for i, leader in enumerate(instance.leaders)
    )


def charged(instance: Instance, solution: Solution) -> int:
    """Points that a solve takes off for those who attend nothing, to keep a guarantee."""
    return sum(leader.promise for i, leader in enumerate(instance.leaders) if not solution.chosen[i])
