"""What a search hands back; apart, so that reading it needs no compiler."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.grouping.problem import Groups
from cadreplan.plan import GroupGoals


@dataclass(frozen=True, slots=True)
class Divided:
    """The groups of a class, in rows, what they have, and what no others come before."""

    groups: Groups
    goals: GroupGoals
    bound: GroupGoals
