"""What a set of stays earns of what its leader is owed in hours and sessions, see `compiled.owing`."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, Compiled
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner


@inner
def counts(j: int, row: int, c: Compiled, stays: Stays) -> int:
    """What stay j counts for in a window."""
    total = 0
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        total += c.counted[row, stays.sess[q]]
    return total


@inner
def owed_without(i: int, c: Compiled) -> int:
    """Points that leader i loses for what is owed if there are no stays."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        total += l_.owed_points[k] * l_.owed_missing[k]
    return total


@inner
def earned(i: int, j: int, c: Compiled, stays: Stays) -> int:
    """Points of what is owed to leader i that stay j earns back at most."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        total += l_.owed_points[k] * min(l_.owed_cap[k], counts(j, l_.owed_row[k], c, stays))
    return total


@inner
def given_back(i: int, chosen: I32, n: int, c: Compiled, stays: Stays) -> int:
    """Points that n stays have earned back one by one, but don't together."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        together = one_by_one = 0
        for a in range(n):
            counted = counts(chosen[a], l_.owed_row[k], c, stays)
            together += counted
            one_by_one += min(l_.owed_cap[k], counted)
        total += l_.owed_points[k] * (one_by_one - min(l_.owed_missing[k], together))
    return total


@inner
def lost(i: int, column: I32, c: Compiled, stays: Stays) -> int:
    """Points that leader i loses for what is owed with the stays of a column, or for having none."""
    l_, total = c.leaders, 0
    for k in range(l_.owed_ptr[i], l_.owed_ptr[i + 1]):
        together = 0
        for a in range(len(column)):
            if column[a] < 0:
                break
            together += counts(column[a], l_.owed_row[k], c, stays)
        total += l_.owed_points[k] * max(0, l_.owed_missing[k] - together)
    if len(column) == 0 or column[0] < 0:
        total += l_.idle[i]
    return total
