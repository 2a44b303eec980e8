"""Items: what one leader can do at one site without a trip to another, the bricks of a leader's plan.

Two sessions at one site are *linked* where at most `stay_gap` idle days lie between some of their days. A set
of a leader's sessions falls apart into its link-connected parts, one item each. Trips, days away and points
of an item do not depend on the leader's other items, so a leader's plan is worth the sum of its items (but
for the skill gaps closed twice). Two linked sessions in different items are therefore a conflict: together they are
another item.

One exception: a day at another site ends a trip, also where the leader would have stayed on. An item whose
idle days leave room for that exists once with them as days away and once for each choice of idle stretches
that are *broken*, on the condition that a session elsewhere falls into every broken stretch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.arrays import I32, I64, MAX_SESSIONS, Compiled, pointers
from cadreplan.engines.columns.jit import Crew, kernel

MAX_ITEMS = 6000
"""More for one leader, and only items of one or two sessions are kept (see `Items.cut`)."""
MAX_BITS = 62


class Items(NamedTuple):
    """Items of leader i are `ptr[i]..ptr[i+1]`, and so for its classes, alike in (mask, sessions, trips).

    `mask` has a bit for every skill gap closed; bits are numbered by leader, pins first (`n_pins` of them),
    their points are `bit_points`. `points` are preferences less travel and days. `need` is set where
    another item must be there too: a prerequisite, or a session in a broken stretch. `cut[i]` marks leaders for whom not
    every item was listed.
    """

    ptr: I32
    mask: I64
    points: I64
    days: I32
    site: I32
    need: I32
    cls: I32
    sess_ptr: I32
    sess: I32
    trip_ptr: I32
    trip_first: I32
    trip_last: I32
    idle_ptr: I32
    idle_first: I32
    idle_last: I32
    idle_broken: I32
    cls_ptr: I32
    cls_mask: I64
    cls_sessions: I32
    cls_trips: I32
    bit_ptr: I32
    bit_points: I64
    lack: I32
    n_pins: I32
    cut: I32


def list_items(compiled: Compiled, crew: Crew) -> Items:
    """All items of all leaders: counted first, then written in place."""
    n = len(compiled.leaders.branch)
    counts = np.zeros((n, 6), np.int64)
    level = np.zeros(n, np.int32)
    n_pins = np.diff(compiled.leaders.pin_ptr).astype(np.int32)
    nothing = _allocate(np.zeros((6, 1), np.int32), n_pins, level)
    crew.run(lambda lo, hi: _enumerate(lo, hi, False, compiled, counts, level, nothing), n)
    ptrs = [pointers(counts[:, k]) for k in range(6)]
    if max(int(counts[:, k].sum()) for k in range(6)) >= 1 << 31:
        raise OverflowError("more than 2^31 items")
    items = _allocate(ptrs, n_pins, level)
    crew.run(lambda lo, hi: _enumerate(lo, hi, True, compiled, counts, level, items), n)
    crew.run(lambda lo, hi: _mark_lacks(lo, hi, compiled, items), n)
    return items


def _allocate(ptrs: list[I32] | I32, n_pins: I32, cut: I32) -> Items:
    n_items, n_sess, n_trips, n_idle, n_cls, n_bits = (int(p[-1]) for p in ptrs)

    def i32(k: int) -> I32:
        return np.zeros(k, np.int32)

    def i64(k: int) -> I64:
        return np.zeros(k, np.int64)

    sess_ptr, trip_ptr, idle_ptr = i32(n_items + 1), i32(n_items + 1), i32(n_items + 1)
    sess_ptr[-1], trip_ptr[-1], idle_ptr[-1] = n_sess, n_trips, n_idle
    # the starts of a leader's sessions, trips and idle stretches are kept where its first item will be
    for target, source in ((sess_ptr, ptrs[1]), (trip_ptr, ptrs[2]), (idle_ptr, ptrs[3])):
        if n_items:
            some = np.flatnonzero(np.diff(ptrs[0]))
            target[ptrs[0][some]] = source[some]
    return Items(
        ptrs[0],
        i64(n_items),
        i64(n_items),
        i32(n_items),
        i32(n_items),
        i32(n_items),
        i32(n_items),
        sess_ptr,
        i32(n_sess),
        trip_ptr,
        i32(n_trips),
        i32(n_trips),
        idle_ptr,
        i32(n_idle),
        i32(n_idle),
        i32(n_idle),
        ptrs[4],
        i64(n_cls),
        i32(n_cls),
        i32(n_cls),
        ptrs[5],
        i64(n_bits),
        np.full(n_items, -1, np.int32),
        n_pins,
        cut,
    )


@kernel
def _eligible(i: int, c: Compiled, out: I32) -> int:
    """Sessions the leader may attend, alone or with others, by site and first day; how many."""
    s_, l_, p_ = c.sessions, c.leaders, c.policies
    b, heads = l_.branch[i], l_.heads[i]
    n = 0
    if l_.max_sessions[i] < 1 or l_.max_trips[i] < 1:
        return 0
    for s in range(len(s_.site)):
        pinned = False
        for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
            pinned = pinned or l_.pin[k] == s
        ok = heads <= c.reach[b, s] and c.role_open[l_.role[i], s]
        ok = ok and s_.first[s] >= 0 and s_.last[s] < p_.n_days
        if not ok:
            continue
        useful = pinned
        for g in range(l_.gap_ptr[i], l_.gap_ptr[i + 1]):
            useful = useful or s_.level[s, l_.gap_skill[g]] >= l_.gap_level[g]
        if not useful or s_.day_ptr[s + 1] - s_.day_ptr[s] > l_.max_days[i]:
            continue
        for k in range(l_.out_ptr[i], l_.out_ptr[i + 1]):
            ok = ok and l_.out[k] != s
        for k in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            ok = ok and l_.bad[i, s_.run_last[k] + 1] == l_.bad[i, s_.run_first[k]]
        if not pinned:
            for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
                ok = ok and not s_.conflict[s, l_.pin[k]]
        if ok:
            out[n] = s
            n += 1
    dropped = True
    while dropped:  # a prerequisite that no eligible session can provide in time
        dropped, kept = False, 0
        for a in range(n):
            s, ok = out[a], True
            for k in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                provided = l_.done[i, s_.req[k]]
                for b2 in range(n):
                    t = out[b2]
                    if not provided and s_.last[t] < s_.first[s] and not s_.conflict[s, t]:
                        for q in range(s_.mod_ptr[t], s_.mod_ptr[t + 1]):
                            provided = provided or s_.mod[q] == s_.req[k]
                ok = ok and provided
            if ok:
                out[kept] = s
                kept += 1
            else:
                dropped = True
        n = kept
    for a in range(1, n):  # insertion sort: short lists
        s = out[a]
        k = a - 1
        while k >= 0 and (
            s_.site[out[k]] > s_.site[s] or (s_.site[out[k]] == s_.site[s] and s_.first[out[k]] > s_.first[s])
        ):
            out[k + 1] = out[k]
            k -= 1
        out[k + 1] = s
    return n


@kernel
def _enumerate(lo: int, hi: int, fill: bool, c: Compiled, counts: I64, level: I32, items: Items) -> None:
    """Items of leaders lo..hi: their numbers into `counts`, or with `fill` themselves into `items`."""
    s_, l_ = c.sessions, c.leaders
    m = len(s_.site)
    eligible = np.empty(m, np.int32)
    masks = np.zeros(m, np.int64)
    ext = np.empty((MAX_SESSIONS + 1, m), np.int32)
    ext_n = np.zeros(MAX_SESSIONS + 1, np.int32)
    chosen = np.zeros(MAX_SESSIONS + 1, np.int32)
    used = np.zeros(MAX_SESSIONS + 1, np.int32)
    classes = np.zeros((3, MAX_ITEMS + 1), np.int64)
    at = np.zeros(4, np.int64)
    for i in range(lo, hi):
        n = _eligible(i, c, eligible)
        bits = _number_bits(i, c, eligible, n, masks, items, fill)
        while True:
            at[:] = 0
            if fill:
                at[0] = items.ptr[i]
                if items.ptr[i + 1] > items.ptr[i]:
                    at[1] = items.sess_ptr[at[0]]
                    at[2] = items.trip_ptr[at[0]]
                    at[3] = items.idle_ptr[at[0]]
            start = at.copy()
            n_cls = 0
            most = min(MAX_SESSIONS, l_.max_sessions[i])
            if level[i] & 3:
                most = min(most, 3 - (level[i] & 3))
            full = False
            for root in range(n):
                depth = 0
                chosen[0] = root
                used[0] = s_.day_ptr[eligible[root] + 1] - s_.day_ptr[eligible[root]]
                ext_n[0] = 0
                for u in range(root + 1, n):
                    if s_.link[eligible[root], eligible[u]]:
                        ext[0, ext_n[0]] = u
                        ext_n[0] += 1
                n_cls = _emit(i, fill, c, eligible, n, masks, chosen, 1, at, items, classes, n_cls, level)
                while depth >= 0:
                    if ext_n[depth] == 0 or at[0] - start[0] > MAX_ITEMS:
                        depth -= 1
                        continue
                    ext_n[depth] -= 1
                    w = ext[depth, ext_n[depth]]
                    t = eligible[w]
                    days = used[depth] + s_.day_ptr[t + 1] - s_.day_ptr[t]
                    fits = depth + 1 < most and days <= l_.max_days[i]
                    for k in range(depth + 1):
                        fits = fits and not s_.conflict[t, eligible[chosen[k]]]
                    if not fits:
                        if depth + 1 == MAX_SESSIONS and l_.max_sessions[i] > MAX_SESSIONS:
                            level[i] |= 4
                        continue
                    for k in range(ext_n[depth]):
                        ext[depth + 1, k] = ext[depth, k]
                    ext_n[depth + 1] = ext_n[depth]
                    for u in range(root + 1, n):
                        if u != w and s_.link[t, eligible[u]]:
                            fresh = True
                            for k in range(depth + 1):
                                v = chosen[k]
                                fresh = fresh and u != v and not s_.link[eligible[v], eligible[u]]
                            if fresh:
                                ext[depth + 1, ext_n[depth + 1]] = u
                                ext_n[depth + 1] += 1
                    depth += 1
                    chosen[depth] = w
                    used[depth] = days
                    n_cls = _emit(
                        i, fill, c, eligible, n, masks, chosen, depth + 1, at, items, classes, n_cls, level
                    )
                full = full or at[0] - start[0] > MAX_ITEMS
            if full and level[i] & 3 < 2 and not fill:
                level[i] += 1
                continue
            break
        if not fill:
            for k in range(4):
                counts[i, k] = at[k]
            counts[i, 4] = n_cls
            counts[i, 5] = bits
        else:
            for k in range(n_cls):
                items.cls_mask[items.cls_ptr[i] + k] = classes[0, k]
                items.cls_sessions[items.cls_ptr[i] + k] = classes[1, k]
                items.cls_trips[items.cls_ptr[i] + k] = classes[2, k]


@kernel
def _number_bits(i: int, c: Compiled, eligible: I32, n: int, masks: I64, items: Items, fill: bool) -> int:
    """Number the leader's pins and the skill gaps worth closing, heaviest first; masks of its sessions."""
    s_, l_ = c.sessions, c.leaders
    bits = 0
    for a in range(n):
        masks[a] = 0
    for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
        for a in range(n):
            if eligible[a] == l_.pin[k] and bits < MAX_BITS:
                masks[a] |= np.int64(1) << bits
        if fill:
            items.bit_points[items.bit_ptr[i] + bits] = 0
        bits += 1
    g0, g1 = l_.gap_ptr[i], l_.gap_ptr[i + 1]
    taken = np.zeros(g1 - g0, np.bool_)
    while True:
        best = -1
        for g in range(g0, g1):
            if not taken[g - g0] and (best < 0 or l_.gap_points[g] > l_.gap_points[best]):
                best = g
        if best < 0 or l_.gap_points[best] <= 0:
            return bits
        taken[best - g0] = True
        closable = False
        for a in range(n):
            if s_.level[eligible[a], l_.gap_skill[best]] >= l_.gap_level[best]:
                closable = True
                if bits < MAX_BITS:
                    masks[a] |= np.int64(1) << bits
        if closable:
            if fill:
                items.bit_points[items.bit_ptr[i] + bits] = l_.gap_points[best]
            bits += 1


@kernel
def _emit(
    i: int,
    fill: bool,
    c: Compiled,
    eligible: I32,
    n: int,
    masks: I64,
    chosen: I32,
    size: int,
    at: I64,
    items: Items,
    classes: I64,
    n_cls: int,
    level: I32,
) -> int:
    """Write (or count) the variants of one set of sessions that keep dates and limits; the number of classes."""
    s_, l_, p_ = c.sessions, c.leaders, c.policies
    site = s_.site[eligible[chosen[0]]]
    mask = np.int64(0)
    n_runs = 0
    for k in range(size):
        mask |= masks[chosen[k]]
        s = eligible[chosen[k]]
        n_runs += s_.run_ptr[s + 1] - s_.run_ptr[s]
    first = np.empty(n_runs, np.int32)
    last = np.empty(n_runs, np.int32)
    r = 0
    for k in range(size):
        s = eligible[chosen[k]]
        for q in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            a = r
            while a > 0 and first[a - 1] > s_.run_first[q]:
                first[a] = first[a - 1]
                last[a] = last[a - 1]
                a -= 1
            first[a] = s_.run_first[q]
            last[a] = s_.run_last[q]
            r += 1
    # stretch k lies before run k: 0 none (a new trip), 1 bridged for good, 2 may be broken, 3 must be broken
    kind = np.zeros(n_runs, np.int32)
    n_open = 0
    for k in range(1, n_runs):
        idle = first[k] - last[k - 1] - 1
        if idle == 0:
            kind[k] = 1
        elif idle <= p_.stay_gap:
            allowed = l_.bad[i, first[k]] == l_.bad[i, last[k - 1] + 1]
            kind[k] = 1
            if idle >= 2 * p_.transfer_days + 1 and _breakable(
                c, eligible, n, chosen, size, last[k - 1], first[k]
            ):
                kind[k] = 2 if allowed else 3
                n_open += 1 if allowed else 0
            elif not allowed:
                return n_cls
    if n_open > 8:
        level[i] |= 4
    for variant in range(1 << min(n_open, 8)):
        trips, days, seen, stretches = 1, last[n_runs - 1] - first[0] + 1, 0, 0
        for k in range(1, n_runs):
            idle = first[k] - last[k - 1] - 1
            broken = kind[k] == 3
            if kind[k] == 2:
                broken = (variant >> min(seen, 62)) & 1 == 1
                seen += 1
            if kind[k] == 0 or broken:
                trips += 1
                days -= idle
            if kind[k] > 0 and idle > 0:
                stretches += 1
        if trips > l_.max_trips[i] or days > l_.max_days[i]:
            continue
        cls = 0
        while cls < n_cls and (
            classes[0, cls] != mask or classes[1, cls] != size or classes[2, cls] != trips
        ):
            cls += 1
        if cls == n_cls and n_cls < MAX_ITEMS:
            classes[0, cls] = mask
            classes[1, cls] = size
            classes[2, cls] = trips
            n_cls += 1
        if not fill:
            at[0] += 1
            at[1] += size
            at[2] += trips
            at[3] += stretches
            continue
        j = at[0]
        at[0] += 1
        items.mask[j] = mask
        items.days[j] = days
        items.site[j] = site
        items.cls[j] = cls
        items.sess_ptr[j] = at[1]
        items.trip_ptr[j] = at[2]
        items.idle_ptr[j] = at[3]
        points = -p_.km * c.km[l_.place[i], site] * trips - p_.day * days
        need = False
        for k in range(size):
            s = eligible[chosen[k]]
            items.sess[at[1]] = s
            at[1] += 1
            for q in range(l_.like_ptr[i], l_.like_ptr[i + 1]):
                if l_.like_session[q] == s:
                    points += l_.like_points[q]
            for q in range(l_.place_ptr[i], l_.place_ptr[i + 1]):
                if l_.place_site[q] == site:
                    points += l_.place_points[q]
            for q in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                met = l_.done[i, s_.req[q]]
                for k2 in range(size):
                    t = eligible[chosen[k2]]
                    if s_.last[t] < s_.first[s]:
                        for q2 in range(s_.mod_ptr[t], s_.mod_ptr[t + 1]):
                            met = met or s_.mod[q2] == s_.req[q]
                need = need or not met
        items.points[j] = points
        begin, seen = first[0], 0
        for k in range(1, n_runs + 1):
            ends = k == n_runs
            if not ends:
                idle = first[k] - last[k - 1] - 1
                broken = kind[k] == 3
                if kind[k] == 2:
                    broken = (variant >> min(seen, 62)) & 1 == 1
                    seen += 1
                if kind[k] > 0 and idle > 0:
                    items.idle_first[at[3]] = last[k - 1] + 1
                    items.idle_last[at[3]] = first[k] - 1
                    items.idle_broken[at[3]] = 1 if broken else 0
                    at[3] += 1
                    need = need or broken
                ends = kind[k] == 0 or broken
            if ends:
                items.trip_first[at[2]] = begin
                items.trip_last[at[2]] = last[k - 1]
                at[2] += 1
                if k < n_runs:
                    begin = first[k]
        items.need[j] = 1 if need else 0
    return n_cls


@kernel
def _breakable(c: Compiled, eligible: I32, n: int, chosen: I32, size: int, before: int, after: int) -> bool:
    """Whether an eligible session elsewhere goes with the set and has a day between the two days."""
    s_ = c.sessions
    site = s_.site[eligible[chosen[0]]]
    for u in range(n):
        t = eligible[u]
        if s_.site[t] == site:
            continue
        inside = False
        for k in range(s_.day_ptr[t], s_.day_ptr[t + 1]):
            inside = inside or before < s_.day[k] < after
        for k in range(size):
            inside = inside and not s_.conflict[t, eligible[chosen[k]]]
        if inside:
            return True
    return False


@kernel
def _lacks(i: int, j: int, module: int, c: Compiled, items: Items) -> int:
    """The module of item j that asks for `module` (any, if -1) unmet, as its place in `mod`; -1 for none.

    With `module` -1 the answer is the first prerequisite unmet instead.
    """
    s_, l_ = c.sessions, c.leaders
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
        for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
            met = l_.done[i, s_.req[r]]
            for q2 in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                t = items.sess[q2]
                if s_.last[t] < s_.first[s]:
                    for m in range(s_.mod_ptr[t], s_.mod_ptr[t + 1]):
                        met = met or s_.mod[m] == s_.req[r]
            if not met:
                if module < 0:
                    return np.int64(s_.req[r])
                if s_.req[r] == module:
                    return np.int64(s)
    return np.int64(-1)


@kernel
def _mark_lacks(lo: int, hi: int, c: Compiled, items: Items) -> None:
    """Set `lack` where an item can be counted together with who provides its first unmet prerequisite.

    That is a valid bound if nothing provides for two others: any two items that lack a module clash, and
    no item has two of the modules lacked.
    """
    s_ = c.sessions
    lacked = np.empty(64, np.int64)
    for i in range(lo, hi):
        n = 0
        for j in range(items.ptr[i], items.ptr[i + 1]):
            if items.need[j]:
                p = _lacks(i, j, -1, c, items)
                for k in range(n):
                    if lacked[k] == p:
                        p = np.int64(-1)
                        break
                if p >= 0 and n < 64:
                    lacked[n] = p
                    n += 1
        kept = 0
        for k in range(n):
            p = lacked[k]
            good = True
            first = np.int64(-1)
            for j in range(items.ptr[i], items.ptr[i + 1]):
                has = 0
                for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                    for m in range(s_.mod_ptr[items.sess[q]], s_.mod_ptr[items.sess[q] + 1]):
                        if s_.mod[m] == p:
                            has += 1
                        for k2 in range(kept):
                            if s_.mod[m] == lacked[k2]:
                                has += 1
                good = good and has < 2
                if items.need[j]:
                    s = _lacks(i, j, p, c, items)
                    if s >= 0 and first < 0:
                        first = s
                    elif s >= 0 and s != first:
                        good = good and s_.shares[s, first]
            if good:
                lacked[kept] = p
                kept += 1
        for j in range(items.ptr[i], items.ptr[i + 1]):
            if items.need[j]:
                p = _lacks(i, j, -1, c, items)
                for k in range(kept):
                    if lacked[k] == p:
                        items.lack[j] = p
