"""What a set of stays earns of what its leader is owed in hours and sessions, see `compiled.owing`."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, I64, Bools, Compiled
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
def have_of(i: int, chosen: I32, n: int, c: Compiled, stays: Stays, have: I64) -> None:
    """What n stays have of everything that is owed to leader i, at most the whole, into `have`."""
    l_ = c.leaders
    k0 = l_.owed_ptr[i]
    for k in range(k0, l_.owed_ptr[i + 1]):
        together = 0
        for a in range(n):
            together += counts(chosen[a], l_.owed_row[k], c, stays)
        have[k - k0] = min(l_.owed_missing[k], together)


@inner
def still_owed(i: int, have: I64, summed: Bools, c: Compiled) -> int:
    """Points of what is missing of what is not `summed`."""
    l_, total = c.leaders, 0
    k0 = l_.owed_ptr[i]
    for k in range(k0, l_.owed_ptr[i + 1]):
        if not summed[k - k0]:
            total += l_.owed_points[k] * (l_.owed_missing[k] - have[k - k0])
    return int(total)


@inner
def earned(i: int, j: int, have: I64, summed: Bools, c: Compiled, stays: Stays) -> tuple[int, int]:
    """Points of what is owed that stay j earns beside what they have: of all, and of what is `summed`."""
    l_, total, part = c.leaders, 0, 0
    k0 = l_.owed_ptr[i]
    for k in range(k0, l_.owed_ptr[i + 1]):
        more = l_.owed_missing[k] - have[k - k0]
        if more > 0:
            points = l_.owed_points[k] * min(more, counts(j, l_.owed_row[k], c, stays))
            total += points
            if summed[k - k0]:
                part += points
    return total, part


@inner
def choose_summed(i: int, c: Compiled, stays: Stays, summed: Bools) -> None:
    """Note of what is owed to leader i whether stays are counted one by one in completion bounds.

    That is close where no two of them earn the whole; else nearly all of it is earned by a good set.
    """
    l_ = c.leaders
    k0 = l_.owed_ptr[i]
    for k in range(k0, l_.owed_ptr[i + 1]):
        most = 0
        for j in range(stays.ptr[i], stays.ptr[i + 1]):
            most = max(most, counts(j, l_.owed_row[k], c, stays))
        summed[k - k0] = 2 * most <= l_.owed_missing[k]


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
