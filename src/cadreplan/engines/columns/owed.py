"""What leaders are owed in hours and sessions, and what an empty plan costs: terms of one leader's own plan.

`min_hours` and every norm that applies are an *owed* of a leader: so many points for each hour (or session)
missing of what is wanted in a window. Points lost for what is missing without any item are the leader's
floor; an item earns back what it counts for, at most the whole (`cap`), and a set of items gives back what
they count for together beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.begun import hours_short, short_of
from cadreplan.engines.columns.jit import inner
from cadreplan.instance import Instance

if TYPE_CHECKING:
    from cadreplan.engines.columns.arrays import Compiled
    from cadreplan.engines.columns.items import Items

_NO_CAP = 1 << 40
"""Hours beyond `min_hours` are given back by the set alone: capped by item, searches that are cut short would
end with other plans."""


@dataclass(frozen=True)
class Owing:
    """What leader i is owed is `ptr[i]..ptr[i+1]`: a row of `counted` (what each session counts), how much is
    missing, how much of it one item may earn back, points for each.
    """

    ptr: NDArray[np.int32]
    row: NDArray[np.int32]
    missing: NDArray[np.int64]
    cap: NDArray[np.int64]
    points: NDArray[np.int64]
    counted: NDArray[np.int64]


def owing_of(instance: Instance) -> Owing:
    """What the leaders of an instance are owed."""
    policy, weights = instance.policy, instance.policy.weights
    rows: dict[tuple[int, ...], int] = {}
    hours = tuple(sum(instance.modules[m].hours for m in s.modules) for s in instance.sessions)
    owed: list[list[tuple[int, int, int, int]]] = []
    for leader in instance.leaders:
        own = []
        if policy.min_hours > 0 and weights.hour > 0:
            row = rows.setdefault(hours, len(rows))
            own.append((row, hours_short(instance, leader), _NO_CAP, weights.hour))
        for norm in leader.owes if weights.norm > 0 else ():
            missing = short_of(instance, leader, norm)
            if missing:
                row = rows.setdefault(instance.counted(norm), len(rows))
                own.append((row, missing, missing, weights.norm))
        owed.append(own)
    flat = np.array([entry for own in owed for entry in own], np.int64).reshape(-1, 4)
    return Owing(
        np.concatenate(([0], np.cumsum([len(own) for own in owed]))).astype(np.int32),
        flat[:, 0].astype(np.int32),
        np.ascontiguousarray(flat[:, 1]),
        np.ascontiguousarray(flat[:, 2]),
        np.ascontiguousarray(flat[:, 3]),
        np.array(list(rows), np.int64).reshape(len(rows), len(instance.sessions)),
    )


@inner
def counts(j: int, row: int, c: Compiled, items: Items) -> int:
    """What item j counts for in a window."""
    total = 0
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        total += c.counted[row, items.sess[q]]
    return total


@inner
def owed_without(i: int, c: Compiled) -> int:
    """Points that leader i loses for what is owed if there are no items."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        total += l_.owed_points[k] * l_.owed_missing[k]
    return total


@inner
def earned(i: int, j: int, c: Compiled, items: Items) -> int:
    """Points of what is owed to leader i that item j earns back at most."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        total += l_.owed_points[k] * min(l_.owed_cap[k], counts(j, l_.owed_row[k], c, items))
    return total


@inner
def given_back(i: int, chosen: NDArray[np.int32], n: int, c: Compiled, items: Items) -> int:
    """Points that n items have earned back one by one, but don't together."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        together = one_by_one = 0
        for a in range(n):
            counted = counts(chosen[a], l_.owed_row[k], c, items)
            together += counted
            one_by_one += min(l_.owed_cap[k], counted)
        total += l_.owed_points[k] * (one_by_one - min(l_.owed_missing[k], together))
    return total


@inner
def lost(i: int, column: NDArray[np.int32], c: Compiled, items: Items) -> int:
    """Points that leader i loses for what is owed with the items of a column, or for having none."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        together = 0
        for a in range(len(column)):
            if column[a] < 0:
                break
            together += counts(column[a], l_.owed_row[k], c, items)
        total += l_.owed_points[k] * max(0, l_.owed_missing[k] - together)
    if len(column) == 0 or column[0] < 0:
        total += l_.idle[i]
    return total
