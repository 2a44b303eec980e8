"""What a set of items earns of what its leader is owed in hours and sessions, see `compiled.owing`."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, Compiled
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.engines.jit import inner


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
def given_back(i: int, chosen: I32, n: int, c: Compiled, items: Items) -> int:
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
def lost(i: int, column: I32, c: Compiled, items: Items) -> int:
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
