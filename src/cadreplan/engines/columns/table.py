"""The bounds of the search: a table over sets of skill gaps that forgets which items clash."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.arrays import I32, I64, MAX_SESSIONS
from cadreplan.engines.columns.items import TRACKED, Items
from cadreplan.engines.columns.jit import kernel

NEVER = -(1 << 60)
"""Worth of what is impossible; costs of `-NEVER` mark blocked items."""
NOTHING = -2
"""In place of a first item: no set was found."""
TABLE_BITS = 10
TABLE_SIZE = 1 << 15


class Scratch(NamedTuple):
    """Working memory of one search; `found_*` hold its answer, best first."""

    cost: I64
    table: I64
    worth: I64
    cls_cost: I64
    useful: I32
    by_bit: I32
    by_bit_n: I32
    share: I64
    cand: I32
    score: I64
    cand_n: I32
    cand_module: I32
    chosen: I32
    state: I64
    found_value: I64
    found_hash: I64
    found_n: I32
    found: I32


def scratch(items: Items, wanted: int) -> Scratch:
    """Memory for searches among `items` that keep the best `wanted` sets."""
    most = int(np.diff(items.ptr).max(initial=0)) + 1
    most_cls = int(np.diff(items.classes.ptr).max(initial=0)) + 1
    return Scratch(
        np.zeros(most, np.int64),
        np.zeros(TABLE_SIZE << TRACKED, np.int64),
        np.zeros(1 << TABLE_BITS, np.int64),
        np.zeros(most_cls, np.int64),
        np.zeros(most_cls, np.int32),
        np.zeros((64, most_cls), np.int32),
        np.zeros(64, np.int32),
        np.zeros(64, np.int64),
        np.zeros((2 * MAX_SESSIONS + 80, most + 1), np.int32),
        np.zeros((2 * MAX_SESSIONS + 80, most + 1), np.int64),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros((2 * MAX_SESSIONS + 80, 9), np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int32),
        np.zeros((wanted, MAX_SESSIONS), np.int32),
    )


@kernel
def points(mask: int, i: int, n_bits: int, items: Items, w: Scratch) -> int:
    if n_bits <= TABLE_BITS:
        return int(w.worth[mask])
    total = 0
    for g in range(n_bits):
        if (mask >> g) & 1:
            total += items.bit_points[items.bit_ptr[i] + g] * w.share[63]
    return total


@kernel
def extra(k: int, t: int, bonus: int, all_bonus: int) -> int:
    """Most that items can add which close nothing."""
    return min(bonus * min(k, t), all_bonus) if bonus > 0 else 0


@kernel
def fill_worth(i: int, items: Items, w: Scratch) -> None:
    """Points of every set of skill gaps."""
    b0 = items.bit_ptr[i]
    w.worth[0] = 0
    for mask in range(1, 1 << (items.bit_ptr[i + 1] - b0)):
        low = 0
        while not (mask >> low) & 1:
            low += 1
        w.worth[mask] = w.worth[mask & (mask - 1)] + items.bit_points[b0 + low] * w.share[63]


@kernel
def fill_table(
    i: int,
    items: Items,
    k_dim: int,
    t_dim: int,
    bonus: int,
    all_bonus: int,
    k_max: int,
    t_max: int,
    there: int,
    followed: int,
    size: int,
    w: Scratch,
) -> None:
    """The table for the time when the modules followed that are in `there` are provided."""
    d = items.classes
    n_bits = items.bit_ptr[i + 1] - items.bit_ptr[i]
    q0 = d.ptr[i]
    origin = there * size
    forced = (1 << items.n_pins[i]) - 1
    n = 0
    for q in range(d.ptr[i + 1] - q0):
        lacks = d.need[q0 + q] & followed & ~there
        if w.cls_cost[q] >= -NEVER or lacks & -lacks != d.by[q0 + q]:
            continue
        mask = d.mask[q0 + q]
        more = d.gives[q0 + q] & followed & ~there
        if w.worth[mask] <= w.cls_cost[q] and not mask & forced and not more:
            continue
        kept = True
        for x in range(n):
            r = w.useful[x]
            if (
                w.cls_cost[r] <= w.cls_cost[q]
                and mask & ~d.mask[q0 + r] == 0
                and more & ~d.gives[q0 + r] == 0
                and d.sessions[q0 + r] <= d.sessions[q0 + q]
                and d.trips[q0 + r] <= d.trips[q0 + q]
            ):
                kept = False
                break
        if kept:
            w.useful[n] = q
            n += 1
    for g in range(n_bits):
        w.by_bit_n[g] = 0
    for x in range(n):
        q = w.useful[x]
        for g in range(n_bits):
            if (d.mask[q0 + q] >> g) & 1:
                w.by_bit[g, w.by_bit_n[g]] = q
                w.by_bit_n[g] += 1
    for k in range(k_dim):
        for t in range(t_dim):
            k_left = k if k_dim > 1 else k_max
            t_left = t if t_dim > 1 else t_max
            base = origin + ((k * t_dim + t) << n_bits)
            w.table[base] = extra(k_left, t_left, bonus, all_bonus)
            for left in range(1, 1 << n_bits):
                low = 0
                while not (left >> low) & 1:
                    low += 1
                best = NEVER if low < items.n_pins[i] else w.table[base + (left & (left - 1))]
                for x in range(w.by_bit_n[low]):
                    q = w.by_bit[low, x]
                    k2 = k - d.sessions[q0 + q] if k_dim > 1 else 0
                    t2 = t - d.trips[q0 + q] if t_dim > 1 else 0
                    if k2 < 0 or t2 < 0:
                        continue
                    mask = d.mask[q0 + q]
                    rest = ((k2 * t_dim + t2) << n_bits) + (left & ~mask)
                    rest += (there | (d.gives[q0 + q] & followed)) * size
                    best = max(best, w.worth[mask & left] - w.cls_cost[q] + w.table[rest])
                w.table[base + left] = best


@kernel
def bound(
    left: int,
    k: int,
    t: int,
    n_bits: int,
    k_dim: int,
    t_dim: int,
    origin: int,
    bonus: int,
    all_bonus: int,
    w: Scratch,
) -> int:
    """Most that the rest can add with `k` sessions and `t` trips left and the skill gaps `left` undecided.

    `origin` is where the table begins, -1 without one.
    """
    if origin >= 0:
        k2 = min(k, k_dim - 1)
        t2 = min(t, t_dim - 1)
        return int(w.table[origin + ((k2 * t_dim + t2) << n_bits) + left])
    total = extra(k, t, bonus, all_bonus)
    for g in range(n_bits):
        if (left >> g) & 1:
            total += w.share[g]
    return total
