"""What leaders are owed in hours and sessions, and what an empty plan costs: terms of one leader's own plan.

`min_hours` and every norm that applies are an *owed* of a leader: some points for each hour (or session)
missing of what is wanted in a window. Points lost for what is missing without any stay are the leader's
floor; stays earn back what they count for together, at most the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.begun import hours_short, short_of
from cadreplan.instance import Instance


@dataclass(frozen=True)
class Owing:
    """What leader i is owed is `ptr[i]..ptr[i+1]`: a row of `counted` (what each session counts), how much is
    missing, points for each.
    """

    ptr: NDArray[np.int32]
    row: NDArray[np.int32]
    missing: NDArray[np.int64]
    points: NDArray[np.int64]
    counted: NDArray[np.int64]


def owing_of(instance: Instance) -> Owing:
    """What the leaders of an instance are owed."""
    policy, weights = instance.policy, instance.policy.weights
    rows: dict[tuple[int, ...], int] = {}
    hours = tuple(sum(instance.modules[m].hours for m in s.modules) for s in instance.sessions)
    owed: list[list[tuple[int, int, int]]] = []
    for leader in instance.leaders:
        own = []
        if policy.min_hours > 0 and weights.hour > 0:
            row = rows.setdefault(hours, len(rows))
            own.append((row, hours_short(instance, leader), weights.hour))
        for norm in leader.owes if weights.norm > 0 else ():
            missing = short_of(instance, leader, norm)
            if missing:
                row = rows.setdefault(instance.counted(norm), len(rows))
                own.append((row, missing, weights.norm))
        owed.append(own)
    flat = np.array([entry for own in owed for entry in own], np.int64).reshape(-1, 3)
    return Owing(
        np.concatenate(([0], np.cumsum([len(own) for own in owed]))).astype(np.int32),
        flat[:, 0].astype(np.int32),
        np.ascontiguousarray(flat[:, 1]),
        np.ascontiguousarray(flat[:, 2]),
        np.array(list(rows), np.int64).reshape(len(rows), len(instance.sessions)),
    )
