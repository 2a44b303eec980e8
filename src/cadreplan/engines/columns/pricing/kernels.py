"""What one leader's sets of items are worth at given prices: the kernels of a pricing pass.

Points are multiplied by SCALE and prices are whole numbers on that scale, so no rounding can spoil a bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Compiled
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, NOTHING, Scratch
from cadreplan.engines.columns.pricing.owed import lost
from cadreplan.engines.columns.pricing.search import search
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.engines.jit import inner, lean

NODE_LIMIT = 100_000
HASTY = 300
"""Nodes a leader in a pass that need not prove much."""
LONGER = 5_000
"""Nodes a leader in the stage between hasty and exact pricing; more fill the largest tables (`search`)."""


class Tolls(NamedTuple):
    """What leaders are charged by name for candidates, scaled: those of leader i are `ptr[i]..ptr[i+1]`.

    A candidate that runs is credited with all tolls for it, so that bounds stay valid (see `lifting`).
    """

    ptr: I32
    session: I32
    amount: I64


def no_tolls(n: int) -> Tolls:
    """No tolls for n leaders."""
    return Tolls(np.zeros(n + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


@inner
def item_costs(
    i: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int, tolls: Tolls, cost: I64
) -> None:
    """Scaled costs of leader i's items: prices and tolls paid less own points."""
    b = c.leaders.branch[i]
    heads = c.leaders.heads[i]
    for j in range(items.ptr[i], items.ptr[i + 1]):
        paid = heads * _paid(j, b, items, session, day, bed)
        for t in range(tolls.ptr[i], tolls.ptr[i + 1]):
            for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                if items.sess[q] == tolls.session[t]:
                    paid += tolls.amount[t]
        cost[j - items.ptr[i]] = paid - items.points[j] * scale


@lean
def price_leaders(
    lo: int,
    hi: int,
    who: I32,
    c: Compiled,
    items: Items,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    tolls: Tolls,
    node_limit: int,
    w: Scratch,
    upper: I64,
    value: I64,
    count: I32,
    found: I32,
    nodes: I64,
) -> None:
    for x in range(lo, hi):
        i = who[x]
        item_costs(i, c, items, session, day, bed, scale, tolls, w.cost)
        upper[x], nodes[x] = search(i, c, items, scale, node_limit, w)
        for r in range(len(w.found_value)):
            value[x, r] = w.found_value[r]
            count[x, r] = w.found_n[r]
            for a in range(w.found_n[r]):
                found[x, r, a] = w.found[r, a]
            if w.found_value[r] <= NEVER // 2:
                found[x, r, 0] = NOTHING
        if items.cut[i] and upper[x] > -(1 << 59):
            upper[x] = max(upper[x], relaxed_bound(i, c, items, session, day, bed, scale))


@inner
def column_points(i: int, column: I32, c: Compiled, items: Items) -> int:
    """What a set of items is worth to leader i, in points."""
    mask = 0
    total = 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        mask |= items.mask[j]
        total += items.points[j]
    for g in range(items.bit_ptr[i + 1] - items.bit_ptr[i]):
        if (mask >> g) & 1:
            total += items.bit_points[items.bit_ptr[i] + g]
    return int(total - lost(i, column, c, items))


@lean
def worth_of_columns(
    columns: I32, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int, out: I64
) -> None:
    for i in range(len(columns)):
        points = column_points(i, columns[i], c, items)
        out[i] = column_worth(i, columns[i], points, c, items, session, day, bed, scale)


@inner
def column_worth(
    i: int, column: I32, points: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int
) -> int:
    """Scaled worth of a set of items of leader i at prices, `points` being its own."""
    b, paid = c.leaders.branch[i], 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        paid += _paid(j, b, items, session, day, bed)
    return int(points * scale - c.leaders.heads[i] * paid)


@inner
def _paid(j: int, b: int, items: Items, session: I64, day: I64, bed: I64) -> int:
    """Prices that one of branch b pays for item j."""
    paid = 0
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        paid += session[b, items.sess[q]]
    p = items.site[j]
    for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
        lo, hi = items.trip_first[q], items.trip_last[q] + 1
        paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
    return paid


@inner
def relaxed_bound(i: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int) -> int:
    """A bound for a leader whose items are not all listed: each skill gap apart, no kilometres, no idle days.

    A session's cost is charged once, to the skill gap it is least harmful to: nowhere. So this is the sum
    of all closable skill gaps and of what sessions bring beyond their cost.
    """
    s_, p_ = c.sessions, c.policies
    b, heads = c.leaders.branch[i], c.leaders.heads[i]
    total = 0
    for g in range(items.bit_ptr[i], items.bit_ptr[i + 1]):
        total += items.bit_points[g] * scale
    for j in range(items.ptr[i], items.ptr[i + 1]):
        if items.sess_ptr[j + 1] - items.sess_ptr[j] > 1:
            continue
        s, p = items.sess[items.sess_ptr[j]], items.site[j]
        paid = session[b, s]
        n_days = 0
        for k in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            lo, hi = s_.run_first[k], s_.run_last[k] + 1
            n_days += hi - lo
            paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
        trips = items.trip_ptr[j + 1] - items.trip_ptr[j]
        own = (
            items.points[j] + p_.km * c.km[c.leaders.place[i], p] * trips + p_.day * (items.days[j] - n_days)
        )
        total += max(0, own * scale - heads * paid)
    return total


@lean
def use_of_columns(who: I32, found: I32, c: Compiled, items: Items, people: I64, away: I64, bed: I64) -> None:
    for x in range(len(who)):
        i = who[x]
        b, heads = c.leaders.branch[i], c.leaders.heads[i]
        for a in range(found.shape[1]):
            j = found[x, a]
            if j < 0:
                break
            p = items.site[j]
            for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                people[b, items.sess[q]] += heads
            for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
                away[b, items.trip_first[q]] += heads
                away[b, items.trip_last[q] + 1] -= heads
                bed[p, items.trip_first[q]] += heads
                bed[p, items.trip_last[q] + 1] -= heads
