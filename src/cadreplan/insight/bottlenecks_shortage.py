"""Skill gaps that no seat, bed or absence can cure, however a leader's sessions are chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from cadreplan.insight.grid import blocks
from cadreplan.insight.obstacles import Step
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance


@dataclass(frozen=True, slots=True)
class Shortage:
    """`people` of first-level branch `region` who lack a skill for one `reason`: no session teaches it to
    their level (`no-session`), is open to them (`audience`), or is held when they may be away (`dates`)."""

    skill: int
    region: int
    reason: str
    people: int


def shortages(state: PlanState) -> list[Shortage]:
    """Open skill gaps of which every session that would close it is barred to the leader by the data alone.

    Of several reasons the one that the leader gets farthest with counts. Most people first.
    """
    instance, sieve = state.instance, Sieve(state)
    regions = first_level(instance)
    count: Counter[tuple[int, int, str]] = Counter()
    for rows in blocks(range(len(instance.leaders))):
        barred = sieve.barred(rows)
        for r, i in enumerate(rows.tolist()):
            leader = instance.leaders[i]
            for g in state.open_positions(i):
                gap = leader.gaps[g]
                closers = sieve.closers(gap)
                step = Step(int(np.max(barred[r, closers], initial=Step.NO_SESSION)))
                if step <= Step.DATES:
                    count[gap.skill, regions[leader.branch], step.code] += leader.headcount
    return sorted(
        (Shortage(skill, region, reason, n) for (skill, region, reason), n in count.items()),
        key=lambda x: (-x.people, x.skill, x.region, x.reason),
    )


def first_level(instance: Instance) -> list[int]:
    """For each branch the one below the root that it belongs to; where there are several roots, the root."""
    roots = {line[-1] for line in instance.lineages}
    level = 2 if len(roots) == 1 else 1
    return [line[-min(level, len(line))] for line in instance.lineages]
