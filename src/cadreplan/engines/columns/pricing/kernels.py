"""What one leader's sets of stays are worth at given prices: the kernels of a pricing pass.

Points are multiplied by SCALE and prices are whole numbers on that scale, so no rounding can spoil a bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Bools, Compiled
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, NOTHING, Scratch
from cadreplan.engines.columns.pricing.owed import lost
from cadreplan.engines.columns.pricing.search import search
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner, lean
from cadreplan.engines.structures import Structure

UNKNOWN = 1 << 60
"""In place of a bound: more sets may be worth as much as those found."""


@dataclass(frozen=True, eq=False)
class Multipliers(Structure):
    """What leaders are charged by name for candidates, scaled: those of leader i are `ptr[i]..ptr[i+1]`.

    A candidate that runs is credited with all multipliers for it, so that bounds stay valid (see
    `choices.cut_strengthening`).
    """

    ptr: I32
    session: I32
    amount: I64


def no_multipliers(n: int) -> Multipliers:
    """No multipliers for n leaders."""
    return Multipliers(np.zeros(n + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


@inner
def stay_costs(
    i: int,
    c: Compiled,
    stays: Stays,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    multipliers: Multipliers,
    cost: I64,
) -> None:
    """Scaled costs of leader i's stays: prices and multipliers paid less own points."""
    b = c.leaders.branch[i]
    heads = c.leaders.heads[i]
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        paid = heads * _paid(j, b, stays, session, day, bed)
        for t in range(multipliers.ptr[i], multipliers.ptr[i + 1]):
            for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                if stays.sess[q] == multipliers.session[t]:
                    paid += multipliers.amount[t]
        cost[j - stays.ptr[i]] = paid - stays.points[j] * scale


@lean
def price_leaders(
    lo: int,
    hi: int,
    who: I32,
    c: Compiled,
    stays: Stays,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    multipliers: Multipliers,
    node_limit: int,
    least: I64,
    wanted_in: Bools,
    w: Scratch,
    upper: I64,
    value: I64,
    count: I32,
    found: I32,
    nodes: I64,
) -> None:
    for x in range(lo, hi):
        i = who[x]
        stay_costs(i, c, stays, session, day, bed, scale, multipliers, w.cost)
        every = len(least) > 0
        if every:
            _note_useful(i, c, stays, wanted_in, w)
        upper[x], nodes[x], cut = search(i, c, stays, scale, node_limit, least[x] if every else NEVER, w)
        if every:
            _drop_unused(least[x], w)
            upper[x] = UNKNOWN if cut else NEVER
        for r in range(len(w.found_value)):
            value[x, r] = w.found_value[r]
            count[x, r] = w.found_n[r]
            for a in range(w.found_n[r]):
                found[x, r, a] = w.found[r, a]
            if w.found_value[r] <= NEVER // 2:
                found[x, r, 0] = NOTHING
        if not every and stays.cut[i] and upper[x] > -(1 << 59):
            upper[x] = max(upper[x], relaxed_bound(i, c, stays, session, day, bed, scale))


@inner
def _note_useful(i: int, c: Compiled, stays: Stays, wanted_in: Bools, w: Scratch) -> None:
    """Note which stays of leader i may be worth their price to a whole plan though they close nothing more.

    Any that bring points of their own, or people to sessions that want them, or hours that are owed.
    """
    owes = c.leaders.owed_ptr[i] < c.leaders.owed_ptr[i + 1]
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        useful = owes or stays.points[j] > 0
        for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
            useful = useful or wanted_in[stays.sess[q]]
        w.useful[j - stays.ptr[i]] = useful


@inner
def _drop_unused(least: int, w: Scratch) -> None:
    """Places in which no set was found hold none."""
    for r in range(len(w.found_value)):
        if w.found_value[r] <= least:
            w.found_value[r] = NEVER
            w.found_n[r] = 0


@inner
def column_points(i: int, column: I32, c: Compiled, stays: Stays) -> int:
    """What a set of stays is worth to leader i, in points."""
    mask = 0
    total = 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        mask |= stays.mask[j]
        total += stays.points[j]
    return int(total + points_of_gaps(i, mask, stays) - lost(i, column, c, stays))


@inner
def points_of_gaps(i: int, mask: int, stays: Stays) -> int:
    """Points of a set of leader i's skill gaps."""
    points = 0
    for g in range(stays.bit_ptr[i + 1] - stays.bit_ptr[i]):
        if (mask >> g) & 1:
            points += stays.bit_points[stays.bit_ptr[i] + g]
    return points


@lean
def worth_of_columns(
    columns: I32, c: Compiled, stays: Stays, session: I64, day: I64, bed: I64, scale: int, out: I64
) -> None:
    for i in range(len(columns)):
        points = column_points(i, columns[i], c, stays)
        out[i] = column_worth(i, columns[i], points, c, stays, session, day, bed, scale)


@inner
def column_worth(
    i: int, column: I32, points: int, c: Compiled, stays: Stays, session: I64, day: I64, bed: I64, scale: int
) -> int:
    """Scaled worth of a set of stays of leader i at prices, `points` being its own."""
    b, paid = c.leaders.branch[i], 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        paid += _paid(j, b, stays, session, day, bed)
    return int(points * scale - c.leaders.heads[i] * paid)


@inner
def _paid(j: int, b: int, stays: Stays, session: I64, day: I64, bed: I64) -> int:
    """Prices that one of branch b pays for stay j."""
    paid = 0
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        paid += session[b, stays.sess[q]]
    p = stays.site[j]
    for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
        lo, hi = stays.trip_first[q], stays.trip_last[q] + 1
        paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
    return paid


@inner
def relaxed_bound(i: int, c: Compiled, stays: Stays, session: I64, day: I64, bed: I64, scale: int) -> int:
    """A bound for a leader whose stays are not all listed: each skill gap apart, no kilometres, no idle days.

    A session's cost is charged once, to the skill gap it is least harmful to: nowhere. So this is the sum
    of all closable skill gaps and of what sessions bring beyond their cost.
    """
    s_, p_ = c.sessions, c.policies
    b, heads = c.leaders.branch[i], c.leaders.heads[i]
    total = 0
    for g in range(stays.bit_ptr[i], stays.bit_ptr[i + 1]):
        total += stays.bit_points[g] * scale
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        if stays.sess_ptr[j + 1] - stays.sess_ptr[j] > 1:
            continue
        s, p = stays.sess[stays.sess_ptr[j]], stays.site[j]
        paid = session[b, s]
        n_days = 0
        for k in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            lo, hi = s_.run_first[k], s_.run_last[k] + 1
            n_days += hi - lo
            paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
        trips = stays.trip_ptr[j + 1] - stays.trip_ptr[j]
        own = (
            stays.points[j] + p_.km * c.km[c.leaders.place[i], p] * trips + p_.day * (stays.days[j] - n_days)
        )
        total += max(0, own * scale - heads * paid)
    return total


@lean
def use_of_columns(who: I32, found: I32, c: Compiled, stays: Stays, people: I64, away: I64, bed: I64) -> None:
    for x in range(len(who)):
        i = who[x]
        b, heads = c.leaders.branch[i], c.leaders.heads[i]
        for a in range(found.shape[1]):
            j = found[x, a]
            if j < 0:
                break
            p = stays.site[j]
            for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                people[b, stays.sess[q]] += heads
            for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
                away[b, stays.trip_first[q]] += heads
                away[b, stays.trip_last[q] + 1] -= heads
                bed[p, stays.trip_first[q]] += heads
                bed[p, stays.trip_last[q] + 1] -= heads
