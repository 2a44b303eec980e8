"""The search for one leader: the best set of items at given costs, exactly.

Branching is on the first undecided skill gap (or pin): which item closes it, or that it stays open. A node's
bound comes from a table over sets of skill gaps that knows costs, sessions and trips and forgets
only which items clash: for k sessions and t trips left,

    f(k, t, open) = max( f(k, t, open - g),  max over classes c with g in c:
                         points(c and open) - cost(c) + f(k - sessions(c), t - trips(c), open - c) )

with g the first skill gap of `open`. Most leaders end at the root: the table's own choice has no clash. A
chosen item whose prerequisite is missing is followed by the choice of who provides it. When all skill gaps
are decided, items that close nothing more are added where they bring points themselves or where standards
or a broken stretch ask for them.
"""

from __future__ import annotations

from cadreplan.engines.columns.arrays import I32, MAX_SESSIONS, Compiled
from cadreplan.engines.columns.items import TRACKED, Items
from cadreplan.engines.columns.jit import kernel
from cadreplan.engines.columns.table import (
    NEVER,
    TABLE_BITS,
    TABLE_SIZE,
    Scratch,
    bound,
    fill_table,
    fill_worth,
    points,
)
from cadreplan.engines.columns.together import clash, missing, provides, standards


@kernel
def _record(value: int, chosen: I32, n: int, w: Scratch) -> None:
    """Keep the set if it is among the best and new."""
    code = 0
    for a in range(n):
        x = int(chosen[a] + 1) * -7046029254386353131
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

    Returns an upper bound on the worth of any set (NEVER: there is none), which is the best set's worth
    where the search ended within `node_limit`, and the number of nodes.
    """
    l_, p_, s_ = c.leaders, c.policies, c.sessions
    i0, i1 = items.ptr[i], items.ptr[i + 1]
    n_items = i1 - i0
    b0 = items.bit_ptr[i]
    n_bits = items.bit_ptr[i + 1] - b0
    forced = (1 << items.n_pins[i]) - 1
    k_max, t_max = int(l_.max_sessions[i]), int(l_.max_trips[i])
    hour = int(p_.hour) * scale if p_.min_hours > 0 else 0
    w.share[63] = scale
    wanted = len(w.found_value)
    w.found_value[:] = NEVER
    w.found_hash[:] = 0
    w.found_n[:] = 0
    d = items.classes
    q0 = d.ptr[i]
    n_cls = d.ptr[i + 1] - q0
    w.cls_cost[:n_cls] = -NEVER
    bonus = all_bonus = 0
    for a in range(n_items):
        if w.cost[a] >= -NEVER:
            continue
        if hour > 0:
            for q in range(items.sess_ptr[i0 + a], items.sess_ptr[i0 + a + 1]):
                w.cost[a] -= hour * s_.hours[items.sess[q]]
        q = d.of[i0 + a]
        w.cls_cost[q] = min(w.cls_cost[q], w.cost[a])
        if w.cost[a] < 0:
            bonus = max(bonus, -w.cost[a])
            all_bonus -= w.cost[a]
    k_dim = k_max + 1 if k_max < n_bits else 1
    t_dim = t_max + 1 if t_max < n_bits else 1
    tabled = n_bits <= TABLE_BITS
    if tabled and (k_dim * t_dim) << n_bits > TABLE_SIZE:
        t_dim = 1
    if tabled and k_dim << n_bits > TABLE_SIZE:
        k_dim = 1
    table_size = (k_dim * t_dim) << n_bits
    followed = 0  # modules that items lack
    if tabled:
        for a in range(n_items):
            if w.cost[a] >= -NEVER:
                continue
            followed |= d.need[q0 + d.of[i0 + a]]
            for x in range(d.pair_ptr[i0 + a], d.pair_ptr[i0 + a + 1]):
                a2 = d.pair_with[x] - i0
                if w.cost[a2] < -NEVER:
                    q = d.pair_of[x]
                    w.cls_cost[q] = min(w.cls_cost[q], w.cost[a] + w.cost[a2])
        fill_worth(i, items, w)
        for there in range((1 << TRACKED) - 1, -1, -1):
            if there & ~followed == 0:
                fill_table(
                    i, items, k_dim, t_dim, bonus, all_bonus, k_max, t_max, there, followed, table_size, w
                )
    else:
        for g in range(n_bits):
            w.share[g] = 0
        for q in range(n_cls):
            cost, mask = w.cls_cost[q], d.mask[q0 + q]
            if cost >= -NEVER:
                continue
            total = points(mask, i, n_bits, items, w)
            first = True
            for g in range(n_bits):
                if (mask >> g) & 1:
                    own = items.bit_points[b0 + g] * scale
                    if cost < 0:  # the bonus goes to the first bit
                        part = own - cost if first else own
                    elif total > 0:
                        part = own - int(own / total * cost) + 2
                        part = min(own, part + own // (1 << 40))
                    else:
                        part = 0
                    first = False
                    w.share[g] = max(w.share[g], part)
    everything = (1 << n_bits) - 1
    floor = -hour * p_.min_hours
    top = floor + bound(
        everything, k_max, t_max, n_bits, k_dim, t_dim, 0 if tabled else -1, bonus, all_bonus, w
    )
    if top < NEVER // 2:
        return NEVER, 0
    if forced == 0:
        w.found_value[0] = floor
    nodes = 0
    clipped = items.cut[i] != 0
    depth = 0
    # state: undecided, left open, worth, sessions, trips and days left, items chosen, last free item + 1,
    # modules followed that are provided
    st = w.state
    st[0, 0], st[0, 1], st[0, 2] = everything, 0, floor
    st[0, 3], st[0, 4], st[0, 5], st[0, 6], st[0, 7] = k_max, t_max, l_.max_days[i], 0, 0
    st[0, 8] = 0
    fresh = True
    while depth >= 0:
        left, shut, worth = st[depth, 0], st[depth, 1], st[depth, 2]
        there = st[depth, 8]
        origin = there * table_size if tabled else -1
        n = st[depth, 6]
        if fresh:
            fresh = False
            nodes += 1
            if nodes > node_limit:
                clipped = True
                break
            w.cand_n[depth] = 0
            threshold = w.found_value[wanted - 1]
            bit = 0
            start = 0
            module, before = missing(i, w.chosen, n, c, items)
            w.cand_module[depth] = module
            if module >= 0:
                bit = -1
            elif left:
                while not (left >> bit) & 1:
                    bit += 1
                if bit >= items.n_pins[i]:
                    value = worth + bound(
                        left & (left - 1),
                        st[depth, 3],
                        st[depth, 4],
                        n_bits,
                        k_dim,
                        t_dim,
                        origin,
                        bonus,
                        all_bonus,
                        w,
                    )
                    if value > threshold:
                        w.cand[depth, 0] = -1
                        w.score[depth, 0] = value
                        w.cand_n[depth] = 1
            else:
                good = standards(w.chosen, n, c, items)
                if good:
                    value = worth
                    if hour > 0:
                        hours = 0
                        for a in range(n):
                            for q in range(items.sess_ptr[w.chosen[a]], items.sess_ptr[w.chosen[a] + 1]):
                                hours += s_.hours[items.sess[q]]
                        value -= hour * max(0, hours - p_.min_hours)
                    _record(value, w.chosen, n, w)
                    threshold = w.found_value[wanted - 1]
                start = st[depth, 7]
                if good and bonus == 0:
                    depth -= 1
                    continue
            for a in range(start, n_items):
                j = i0 + a
                mask = items.mask[j]
                if mask & shut or w.cost[a] >= -NEVER:
                    continue
                if module >= 0:
                    if not provides(j, module, before, c, items):
                        continue
                elif left and not (mask >> bit) & 1:
                    continue
                size = items.sess_ptr[j + 1] - items.sess_ptr[j]
                trips = items.trip_ptr[j + 1] - items.trip_ptr[j]
                if size > st[depth, 3] or trips > st[depth, 4] or items.days[j] > st[depth, 5]:
                    continue
                gives = d.gives[q0 + d.of[a + i0]] & followed
                lacks = d.need[q0 + d.of[a + i0]] & followed & ~there
                if lacks and tabled:
                    value = NEVER
                    for x in range(d.pair_ptr[j], d.pair_ptr[j + 1]):
                        q = q0 + d.pair_of[x]
                        if d.by[q] != lacks & -lacks or w.cost[d.pair_with[x] - i0] >= -NEVER:
                            continue
                        k_left, t_left = st[depth, 3] - d.sessions[q], st[depth, 4] - d.trips[q]
                        if k_left < 0 or t_left < 0:
                            continue
                        both = d.mask[q]
                        value = max(
                            value,
                            points(both & left, i, n_bits, items, w)
                            - w.cost[d.pair_with[x] - i0]
                            + bound(
                                left & ~both,
                                k_left,
                                t_left,
                                n_bits,
                                k_dim,
                                t_dim,
                                (there | (d.gives[q] & followed)) * table_size,
                                bonus,
                                all_bonus,
                                w,
                            ),
                        )
                    value += worth - w.cost[a]
                else:
                    value = (
                        worth
                        + points(mask & left, i, n_bits, items, w)
                        - w.cost[a]
                        + bound(
                            left & ~mask,
                            st[depth, 3] - size,
                            st[depth, 4] - trips,
                            n_bits,
                            k_dim,
                            t_dim,
                            (there | gives) * table_size if tabled else -1,
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
        a = int(w.cand[depth, best])
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
            st[depth + 1, 2] = worth + points(mask & left, i, n_bits, items, w) - w.cost[a]
            st[depth + 1, 3] -= size
            st[depth + 1, 4] -= items.trip_ptr[j + 1] - items.trip_ptr[j]
            st[depth + 1, 5] -= items.days[j]
            st[depth + 1, 6] = n + 1
            st[depth + 1, 8] |= d.gives[q0 + d.of[j]] & followed
            if left == 0 and w.cand_module[depth] < 0:
                st[depth + 1, 7] = a + 1
        depth += 1
        fresh = True
    return (top if clipped else w.found_value[0]), nodes
