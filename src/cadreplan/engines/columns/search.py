"""The search for one leader: the best set of items at given costs, exactly.

Branching is on the first undecided skill gap (or pin): which item closes it, or that it stays open. A node's
bound comes from a table over sets of skill gaps that knows costs, sessions and trips and forgets
only which items clash: for k sessions and t trips left,

    f(k, t, open) = max( f(k, t, open - g),  max over classes c with g in c:
                         points(c and open) - cost(c) + f(k - sessions(c), t - trips(c), open - c) )

with g the first skill gap of `open`. Most leaders end at the root: the table's own choice has no clash. A
chosen item whose prerequisite is missing is followed by the choice of who provides it. When all skill gaps are decided, items that close nothing more are added where they bring points themselves or where
standards or a broken stretch ask for them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.arrays import I32, I64, MAX_SESSIONS, Compiled
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import kernel

NEVER = -(1 << 60)
"""Worth of what is impossible; costs of `-NEVER` mark blocked items."""
TABLE_BITS = 10
TABLE_SIZE = 1 << 15
PAIR_CLASSES = 300


class Scratch(NamedTuple):
    """Working memory of one search; `found_*` hold its answer, best first."""

    cost: I64
    table: I64
    worth: I64
    cls_cost: I64
    cls_mask: I64
    cls_sessions: I64
    cls_trips: I64
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
    most_cls = int(np.diff(items.cls_ptr).max(initial=0)) + PAIR_CLASSES + 1
    return Scratch(
        np.zeros(most, np.int64),
        np.zeros(TABLE_SIZE, np.int64),
        np.zeros(1 << TABLE_BITS, np.int64),
        np.zeros(most_cls, np.int64),
        np.zeros(most_cls, np.int64),
        np.zeros(most_cls, np.int64),
        np.zeros(most_cls, np.int64),
        np.zeros((64, most_cls), np.int32),
        np.zeros(64, np.int32),
        np.zeros(64, np.int64),
        np.zeros((2 * MAX_SESSIONS + 80, most + 1), np.int32),
        np.zeros((2 * MAX_SESSIONS + 80, most + 1), np.int64),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros(2 * MAX_SESSIONS + 80, np.int32),
        np.zeros((2 * MAX_SESSIONS + 80, 8), np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int32),
        np.zeros((wanted, MAX_SESSIONS), np.int32),
    )


@kernel
def clash(a: int, b: int, c: Compiled, items: Items) -> bool:
    """Whether two items cannot be in one plan."""
    s_ = c.sessions
    for p in range(items.sess_ptr[a], items.sess_ptr[a + 1]):
        for q in range(items.sess_ptr[b], items.sess_ptr[b + 1]):
            if s_.conflict[items.sess[p], items.sess[q]] or s_.link[items.sess[p], items.sess[q]]:
                return True
    return _falls_into(a, b, c, items) or _falls_into(b, a, c, items)


@kernel
def _falls_into(a: int, b: int, c: Compiled, items: Items) -> bool:
    """Whether a day of item b falls into a bridged stretch of item a."""
    s_ = c.sessions
    for k in range(items.idle_ptr[a], items.idle_ptr[a + 1]):
        if items.idle_broken[k]:
            continue
        for q in range(items.sess_ptr[b], items.sess_ptr[b + 1]):
            s = items.sess[q]
            for d in range(s_.day_ptr[s], s_.day_ptr[s + 1]):
                if items.idle_first[k] <= s_.day[d] <= items.idle_last[k]:
                    return True
    return False


@kernel
def _standards(chosen: I32, n: int, c: Compiled, items: Items) -> bool:
    """Broken stretches and standards of a complete set of items."""
    s_, p_ = c.sessions, c.policies
    hours = core = methods = modules = 0
    for a in range(n):
        j = chosen[a]
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            hours += s_.hours[s]
            core += s_.core[s]
            methods |= s_.methods[s]
            modules += s_.n_modules[s]
        if items.need[j]:
            for k in range(items.idle_ptr[j], items.idle_ptr[j + 1]):
                if not items.idle_broken[k]:
                    continue
                met = False
                for b in range(n):
                    if items.site[chosen[b]] == items.site[j]:
                        continue
                    for q2 in range(items.sess_ptr[chosen[b]], items.sess_ptr[chosen[b] + 1]):
                        t = items.sess[q2]
                        for d in range(s_.day_ptr[t], s_.day_ptr[t + 1]):
                            met = met or items.idle_first[k] <= s_.day[d] <= items.idle_last[k]
                if not met:
                    return False
    if p_.core_den > 0 and core * p_.core_den < p_.core_num * hours:
        return False
    n_methods = 0
    while methods:
        methods &= methods - 1
        n_methods += 1
    return n_methods >= min(p_.min_methods, modules)


@kernel
def _missing(i: int, chosen: I32, n: int, c: Compiled, items: Items) -> tuple[int, int]:
    """A prerequisite not yet met, as (module, first day it must be over before), or (-1, 0)."""
    s_, l_ = c.sessions, c.leaders
    for a in range(n):
        j = chosen[a]
        if not items.need[j]:
            continue
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                met = l_.done[i, s_.req[r]]
                for b in range(n):
                    if not met:
                        met = _provides(chosen[b], s_.req[r], s_.first[s], c, items)
                if not met:
                    return np.int64(s_.req[r]), np.int64(s_.first[s])
    return np.int64(-1), np.int64(0)


@kernel
def _provides(j: int, module: int, before: int, c: Compiled, items: Items) -> bool:
    """Whether an item has a session with the module that is over before the day."""
    s_ = c.sessions
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        t = items.sess[q]
        if s_.last[t] < before:
            for m in range(s_.mod_ptr[t], s_.mod_ptr[t + 1]):
                if s_.mod[m] == module:
                    return True
    return False


@kernel
def _points(mask: int, i: int, n_bits: int, items: Items, w: Scratch) -> int:
    if n_bits <= TABLE_BITS:
        return w.worth[mask]
    total = np.int64(0)
    for g in range(n_bits):
        if (mask >> g) & 1:
            total += items.bit_points[items.bit_ptr[i] + g] * w.share[63]
    return total


@kernel
def _extra(k: int, t: int, bonus: int, all_bonus: int) -> int:
    """Most that items can add which close nothing."""
    return min(bonus * min(k, t), all_bonus) if bonus > 0 else np.int64(0)


@kernel
def _pair_classes(i: int, n_cls: int, c: Compiled, items: Items, w: Scratch) -> int:
    """Classes of items that lack a module, each taken together with an item that provides it."""
    i0, i1 = items.ptr[i], items.ptr[i + 1]
    fixed = n_cls
    for a in range(i1 - i0):
        j = i0 + a
        module = items.lack[j]
        if module < 0 or w.cost[a] >= -NEVER:
            continue
        before = np.int64(0)
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            for r in range(c.sessions.req_ptr[s], c.sessions.req_ptr[s + 1]):
                if c.sessions.req[r] == module:
                    before = max(before, np.int64(c.sessions.first[s]))
        for a2 in range(i1 - i0):
            j2 = i0 + a2
            if a2 == a or w.cost[a2] >= -NEVER or not _provides(j2, module, before, c, items):
                continue
            mask = items.mask[j] | items.mask[j2]
            sessions = items.sess_ptr[j + 1] - items.sess_ptr[j] + items.sess_ptr[j2 + 1] - items.sess_ptr[j2]
            trips = items.trip_ptr[j + 1] - items.trip_ptr[j] + items.trip_ptr[j2 + 1] - items.trip_ptr[j2]
            cost = w.cost[a] + w.cost[a2]
            q = fixed
            while q < n_cls and (
                w.cls_mask[q] != mask or w.cls_sessions[q] != sessions or w.cls_trips[q] != trips
            ):
                q += 1
            if q < n_cls and w.cls_cost[q] <= cost:
                continue
            if clash(j, j2, c, items):
                continue
            if q == n_cls:
                if n_cls - fixed >= PAIR_CLASSES:
                    return -1
                w.cls_mask[q], w.cls_sessions[q], w.cls_trips[q] = mask, sessions, trips
                n_cls += 1
            w.cls_cost[q] = cost
    return n_cls


@kernel
def _fill_table(
    i: int,
    items: Items,
    k_dim: int,
    t_dim: int,
    bonus: int,
    all_bonus: int,
    k_max: int,
    t_max: int,
    n_cls: int,
    w: Scratch,
) -> None:
    b0 = items.bit_ptr[i]
    n_bits = items.bit_ptr[i + 1] - b0
    scale = w.share[63]
    w.worth[0] = 0
    for mask in range(1, 1 << n_bits):
        low = 0
        while not (mask >> low) & 1:
            low += 1
        w.worth[mask] = w.worth[mask & (mask - 1)] + items.bit_points[b0 + low] * scale
    forced = (1 << items.n_pins[i]) - 1
    for g in range(n_bits):
        w.by_bit_n[g] = 0
    for q in range(n_cls):
        mask = w.cls_mask[q]
        if w.cls_cost[q] >= -NEVER or (w.worth[mask] <= w.cls_cost[q] and not mask & forced):
            continue
        for g in range(n_bits):
            if (mask >> g) & 1:
                w.by_bit[g, w.by_bit_n[g]] = q
                w.by_bit_n[g] += 1
    for k in range(k_dim):
        for t in range(t_dim):
            k_left = k if k_dim > 1 else k_max
            t_left = t if t_dim > 1 else t_max
            base = (k * t_dim + t) << n_bits
            w.table[base] = _extra(k_left, t_left, bonus, all_bonus)
            for left in range(1, 1 << n_bits):
                low = 0
                while not (left >> low) & 1:
                    low += 1
                best = np.int64(NEVER) if low < items.n_pins[i] else w.table[base + (left & (left - 1))]
                for x in range(w.by_bit_n[low]):
                    q = w.by_bit[low, x]
                    k2 = k - w.cls_sessions[q] if k_dim > 1 else 0
                    t2 = t - w.cls_trips[q] if t_dim > 1 else 0
                    if k2 < 0 or t2 < 0:
                        continue
                    mask = w.cls_mask[q]
                    value = (
                        w.worth[mask & left]
                        - w.cls_cost[q]
                        + w.table[((k2 * t_dim + t2) << n_bits) + (left & ~mask)]
                    )
                    best = max(best, value)
                w.table[base + left] = best


@kernel
def _bound(
    left: int,
    k: int,
    t: int,
    n_bits: int,
    k_dim: int,
    t_dim: int,
    tabled: bool,
    bonus: int,
    all_bonus: int,
    w: Scratch,
) -> int:
    """Most that the rest can add with `k` sessions and `t` trips left and the skill gaps `left` undecided."""
    if tabled:
        k2 = min(k, k_dim - 1)
        t2 = min(t, t_dim - 1)
        return w.table[((k2 * t_dim + t2) << n_bits) + left]
    total = _extra(k, t, bonus, all_bonus)
    for g in range(n_bits):
        if (left >> g) & 1:
            total += w.share[g]
    return total


@kernel
def _record(value: int, chosen: I32, n: int, w: Scratch) -> None:
    """Keep the set if it is among the best and new."""
    code = np.int64(0)
    for a in range(n):
        x = np.int64(chosen[a] + 1) * np.int64(-7046029254386353131)
        code += x ^ (x >> 29)
    wanted = len(w.found_value)
    for r in range(wanted):
        if w.found_value[r] == value and w.found_hash[r] == code:
            return
    r = wanted - 1
    if value <= w.found_value[r]:
        return
    while r > 0 and w.found_value[r - 1] < value:
        w.found_value[r] = w.found_value[r - 1]
        w.found_hash[r] = w.found_hash[r - 1]
        w.found_n[r] = w.found_n[r - 1]
        w.found[r] = w.found[r - 1]
        r -= 1
    w.found_value[r] = value
    w.found_hash[r] = code
    w.found_n[r] = n
    w.found[r, :n] = chosen[:n]


@kernel
def search(i: int, c: Compiled, items: Items, scale: int, node_limit: int, w: Scratch) -> tuple[int, int]:
    """Best sets for leader i at `w.cost` (by item, scaled; `-NEVER` blocked) into `w.found_*`.

    Returns an upper bound on the worth of any set (NEVER: there is none), which is the best set's worth where the
    search ended within `node_limit`, and the number of nodes.
    """
    l_, p_, s_ = c.leaders, c.policies, c.sessions
    i0, i1 = items.ptr[i], items.ptr[i + 1]
    n_items = i1 - i0
    b0 = items.bit_ptr[i]
    n_bits = items.bit_ptr[i + 1] - b0
    forced = (np.int64(1) << items.n_pins[i]) - 1
    k_max, t_max = np.int64(l_.max_sessions[i]), np.int64(l_.max_trips[i])
    hour = np.int64(p_.hour) * scale if p_.min_hours > 0 else np.int64(0)
    w.share[63] = scale
    wanted = len(w.found_value)
    w.found_value[:] = NEVER
    w.found_hash[:] = 0
    w.found_n[:] = 0
    n_cls = np.int64(items.cls_ptr[i + 1] - items.cls_ptr[i])
    for q in range(n_cls):
        w.cls_cost[q] = -NEVER
        w.cls_mask[q] = items.cls_mask[items.cls_ptr[i] + q]
        w.cls_sessions[q] = items.cls_sessions[items.cls_ptr[i] + q]
        w.cls_trips[q] = items.cls_trips[items.cls_ptr[i] + q]
    lacking = False
    bonus = all_bonus = np.int64(0)
    for a in range(n_items):
        if w.cost[a] >= -NEVER:
            continue
        if hour > 0:
            for q in range(items.sess_ptr[i0 + a], items.sess_ptr[i0 + a + 1]):
                w.cost[a] -= hour * s_.hours[items.sess[q]]
        q = items.cls[i0 + a]
        if items.lack[i0 + a] >= 0 and n_bits <= TABLE_BITS:
            lacking = True
        else:
            w.cls_cost[q] = min(w.cls_cost[q], w.cost[a])
        if w.cost[a] < 0:
            bonus = max(bonus, -w.cost[a])
            all_bonus -= w.cost[a]
    if lacking:
        paired = _pair_classes(i, n_cls, c, items, w)
        if paired >= 0:
            n_cls = np.int64(paired)
        else:
            for a in range(n_items):
                if w.cost[a] < -NEVER:
                    q = items.cls[i0 + a]
                    w.cls_cost[q] = min(w.cls_cost[q], w.cost[a])
    k_dim = k_max + 1 if k_max < n_bits else np.int64(1)
    t_dim = t_max + 1 if t_max < n_bits else np.int64(1)
    tabled = n_bits <= TABLE_BITS
    if tabled and (k_dim * t_dim) << n_bits > TABLE_SIZE:
        t_dim = np.int64(1)
    if tabled and k_dim << n_bits > TABLE_SIZE:
        k_dim = np.int64(1)
    if tabled:
        _fill_table(i, items, k_dim, t_dim, bonus, all_bonus, k_max, t_max, n_cls, w)
    else:
        for g in range(n_bits):
            w.share[g] = 0
        for q in range(items.cls_ptr[i + 1] - items.cls_ptr[i]):
            cost, mask = w.cls_cost[q], items.cls_mask[items.cls_ptr[i] + q]
            if cost >= -NEVER:
                continue
            total = _points(mask, i, n_bits, items, w)
            first = True
            for g in range(n_bits):
                if (mask >> g) & 1:
                    own = items.bit_points[b0 + g] * scale
                    if cost < 0:  # the bonus goes to the first bit
                        part = own - cost if first else own
                    elif total > 0:
                        part = own - np.int64(np.float64(own) / np.float64(total) * np.float64(cost)) + 2
                        part = min(own, part + own // (np.int64(1) << 40))
                    else:
                        part = np.int64(0)
                    first = False
                    w.share[g] = max(w.share[g], part)
    everything = (np.int64(1) << n_bits) - 1
    floor = -hour * p_.min_hours
    top = floor + _bound(everything, k_max, t_max, n_bits, k_dim, t_dim, tabled, bonus, all_bonus, w)
    if top < NEVER // 2:
        return np.int64(NEVER), 0
    if forced == 0:
        w.found_value[0] = floor
    nodes = 0
    clipped = items.cut[i] != 0
    depth = 0
    # state: undecided, left open, worth, sessions left, trips left, days left, items chosen, last free item + 1
    st = w.state
    st[0, 0], st[0, 1], st[0, 2] = everything, 0, floor
    st[0, 3], st[0, 4], st[0, 5], st[0, 6], st[0, 7] = k_max, t_max, l_.max_days[i], 0, 0
    fresh = True
    while depth >= 0:
        left, shut, worth = st[depth, 0], st[depth, 1], st[depth, 2]
        n = st[depth, 6]
        if fresh:
            fresh = False
            nodes += 1
            if nodes > node_limit:
                clipped = True
                break
            w.cand_n[depth] = 0
            threshold = w.found_value[wanted - 1]
            bit = np.int64(0)
            start = np.int64(0)
            module, before = _missing(i, w.chosen, n, c, items)
            w.cand_module[depth] = module
            if module >= 0:
                bit = np.int64(-1)
            elif left:
                while not (left >> bit) & 1:
                    bit += 1
                if bit >= items.n_pins[i]:
                    value = worth + _bound(
                        left & (left - 1),
                        st[depth, 3],
                        st[depth, 4],
                        n_bits,
                        k_dim,
                        t_dim,
                        tabled,
                        bonus,
                        all_bonus,
                        w,
                    )
                    if value > threshold:
                        w.cand[depth, 0] = -1
                        w.score[depth, 0] = value
                        w.cand_n[depth] = 1
            else:
                good = _standards(w.chosen, n, c, items)
                if good:
                    value = worth
                    if hour > 0:
                        hours = np.int64(0)
                        for a in range(n):
                            for q in range(items.sess_ptr[w.chosen[a]], items.sess_ptr[w.chosen[a] + 1]):
                                hours += s_.hours[items.sess[q]]
                        value -= hour * max(np.int64(0), hours - p_.min_hours)
                    _record(value, w.chosen, n, w)
                    threshold = w.found_value[wanted - 1]
                start = st[depth, 7]
                if good and bonus == 0 and wanted == 1:
                    depth -= 1
                    continue
            for a in range(start, n_items):
                j = i0 + a
                mask = items.mask[j]
                if mask & shut or w.cost[a] >= -NEVER:
                    continue
                if module >= 0:
                    if not _provides(j, module, before, c, items):
                        continue
                elif left and not (mask >> bit) & 1:
                    continue
                size = items.sess_ptr[j + 1] - items.sess_ptr[j]
                trips = items.trip_ptr[j + 1] - items.trip_ptr[j]
                if size > st[depth, 3] or trips > st[depth, 4] or items.days[j] > st[depth, 5]:
                    continue
                value = (
                    worth
                    + _points(mask & left, i, n_bits, items, w)
                    - w.cost[a]
                    + _bound(
                        left & ~mask,
                        st[depth, 3] - size,
                        st[depth, 4] - trips,
                        n_bits,
                        k_dim,
                        t_dim,
                        tabled,
                        bonus,
                        all_bonus,
                        w,
                    )
                )
                if value > threshold:
                    w.cand[depth, w.cand_n[depth]] = a
                    w.score[depth, w.cand_n[depth]] = value
                    w.cand_n[depth] += 1
        # the best candidate that goes with what is chosen
        best = -1
        for x in range(w.cand_n[depth]):
            if best < 0 or w.score[depth, x] > w.score[depth, best]:
                best = x
        if best < 0 or w.score[depth, best] <= w.found_value[wanted - 1]:
            depth -= 1
            continue
        a = np.int64(w.cand[depth, best])
        w.cand_n[depth] -= 1
        w.cand[depth, best] = w.cand[depth, w.cand_n[depth]]
        w.score[depth, best] = w.score[depth, w.cand_n[depth]]
        if a < 0:
            low = left & -left
            st[depth + 1] = st[depth]
            st[depth + 1, 0] = left ^ low
            st[depth + 1, 1] = shut | low
        else:
            j = i0 + a
            bad = False
            for x in range(n):
                if clash(j, w.chosen[x], c, items):
                    bad = True
                    break
            if bad:
                continue
            size = items.sess_ptr[j + 1] - items.sess_ptr[j]
            if k_max - st[depth, 3] + size > MAX_SESSIONS:
                clipped = True
                continue
            mask = items.mask[j]
            w.chosen[n] = j
            st[depth + 1] = st[depth]
            st[depth + 1, 0] = left & ~mask
            st[depth + 1, 2] = worth + _points(mask & left, i, n_bits, items, w) - w.cost[a]
            st[depth + 1, 3] -= size
            st[depth + 1, 4] -= items.trip_ptr[j + 1] - items.trip_ptr[j]
            st[depth + 1, 5] -= items.days[j]
            st[depth + 1, 6] = n + 1
            if left == 0 and w.cand_module[depth] < 0:
                st[depth + 1, 7] = a + 1
        depth += 1
        fresh = True
    return (top if clipped else w.found_value[0]), nodes
