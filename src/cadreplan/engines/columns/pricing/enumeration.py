"""Listing every leader's stays: eligible sessions, linked sets of them, bits for pins and skill gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS, Bools, Compiled
from cadreplan.engines.columns.compiled.lists import pointers
from cadreplan.engines.columns.pricing.broken_stays import emit
from cadreplan.engines.columns.pricing.compatibility import of_use
from cadreplan.engines.columns.pricing.required import at_once, close_over, n_of, number_entries, working
from cadreplan.engines.columns.pricing.stays import MAX_BITS, MAX_STAYS, Stays
from cadreplan.engines.columns.pricing.timing import no_timing, put_in_order
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.jit import inner, is_cached, lean
from cadreplan.engines.structures import Structure
from cadreplan.language import tr


def enumerate_stays(compiled: Compiled, threads: ThreadPool) -> Stays:
    """All stays of all leaders: counted first, then written in place."""
    n = len(compiled.leaders.branch)
    counts = np.zeros((n, 5), np.int64)
    nothing = no_stays(compiled)
    n_pins, level = nothing.n_pins, nothing.cut

    def enumerate_(fill: bool, into: Stays) -> None:
        threads.run(
            lambda lo, hi: _enumerate(lo, hi, fill, compiled, counts, level, into, _working(compiled)), n
        )

    enumerate_(False, nothing)
    ptrs = [pointers(counts[:, k]) for k in range(5)]
    if max(int(counts[:, k].sum()) for k in range(5)) >= 1 << 31:
        raise OverflowError("more than 2^31 stays")
    stays = _allocate(ptrs, n_pins, level)
    enumerate_(True, stays)
    return put_in_order(compiled, stays, threads)


def no_stays(compiled: Compiled) -> Stays:
    """Stays of leaders who can do nothing."""
    n = len(compiled.leaders.branch)
    n_pins = np.diff(compiled.leaders.pin_ptr).astype(np.int32)
    return _allocate(np.zeros((5, n + 1), np.int32), n_pins, np.zeros(n, np.int32))


def phase_of_enumeration() -> str:
    """What is done while stays are listed for the first time: on a new machine it is mostly compiling."""
    if is_cached():
        return tr("listing what each leader can do")
    return tr("compiling the search kernels (once on this machine, about 20 seconds)")


def _allocate(ptrs: list[I32] | I32, n_pins: I32, cut: I32) -> Stays:
    n_stays, n_sess, n_trips, n_idle, n_bits = (int(p[-1]) for p in ptrs)

    def i32(k: int) -> I32:
        return np.zeros(k, np.int32)

    def i64(k: int) -> I64:
        return np.zeros(k, np.int64)

    sess_ptr, trip_ptr, idle_ptr = i32(n_stays + 1), i32(n_stays + 1), i32(n_stays + 1)
    sess_ptr[-1], trip_ptr[-1], idle_ptr[-1] = n_sess, n_trips, n_idle
    # the starts of a leader's sessions, trips and idle stretches are kept where its first stay will be
    for target, source in ((sess_ptr, ptrs[1]), (trip_ptr, ptrs[2]), (idle_ptr, ptrs[3])):
        if n_stays:
            some = np.flatnonzero(np.diff(ptrs[0]))
            target[ptrs[0][some]] = source[some]
    return Stays(
        ptrs[0],
        i64(n_stays),
        i64(n_stays),
        i32(n_stays),
        i32(n_stays),
        i32(n_stays),
        i32(n_stays),
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
        i64(n_bits),
        n_pins,
        i64(len(n_pins)),
        cut,
        no_timing(),
    )


@dataclass(frozen=True, eq=False)
class _Working(Structure):
    """Working memory: by session, by entry of what is required, by depth of a set and session, by depth, by
    run, by skill gap."""

    eligible: I32
    masks: I64
    inside: Bools
    seen: Bools
    must: I64
    bit: I32
    ext: I32
    ext_n: I32
    chosen: I32
    used: I32
    own: I32
    runs: I32
    taken: Bools
    at: I64


def _working(compiled: Compiled) -> _Working:
    m, depth = len(compiled.sessions.site), MAX_SESSIONS + 1
    runs = int(np.diff(compiled.sessions.run_ptr).max(initial=0))
    must, bit, inside = working(compiled)
    return _Working(
        np.zeros(m, np.int32),
        np.zeros(m, np.int64),
        inside,
        np.zeros(m, np.bool_),
        must,
        bit,
        np.zeros((depth, m), np.int32),
        np.zeros(depth, np.int32),
        np.zeros(depth, np.int32),
        np.zeros(depth, np.int32),
        np.zeros(depth, np.int32),
        np.zeros((3, depth * runs), np.int32),
        np.zeros(int(np.diff(compiled.leaders.gap_ptr).max(initial=0)), np.bool_),
        np.zeros(4, np.int64),
    )


@inner
def _may(i: int, s: int, c: Compiled) -> bool:
    """Whether leader i may attend session s, alone or with others, be it of use or not."""
    s_, l_ = c.sessions, c.leaders
    ok = l_.heads[i] <= c.reach[l_.branch[i], s] and c.role_open[l_.role[i], s]
    if not c.local[l_.place[i], s_.site[s]]:
        ok = ok and l_.max_trips[i] >= 1 and (s_.frozen[s] or l_.heads[i] <= c.beds[s_.site[s]])
    ok = ok and s_.first[s] >= 0 and s_.last[s] < c.policies.n_days
    if not ok or s_.day_ptr[s + 1] - s_.day_ptr[s] > l_.max_days[i]:
        return False
    for k in range(l_.out_ptr[i], l_.out_ptr[i + 1]):
        ok = ok and l_.out[k] != s
    for k in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
        ok = ok and l_.bad[i, s_.run_last[k] + 1] == l_.bad[i, s_.run_first[k]]
    clashes = False
    for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
        if l_.pin[k] == s:
            return bool(ok)
        clashes = clashes or s_.conflict[s, l_.pin[k]]
    return bool(ok and not clashes)


@inner
def _eligible(i: int, c: Compiled, out: I32, memory: _Working) -> int:
    """Sessions that leader i may attend and that may be of use, by site and first day; how many."""
    s_, l_ = c.sessions, c.leaders
    n = 0
    if l_.max_sessions[i] < 1:
        return 0
    requiring = False
    for s in range(len(s_.site)):
        if of_use(i, s, c) and _may(i, s, c):
            out[n] = s
            n += 1
            requiring = requiring or s_.req_ptr[s + 1] > s_.req_ptr[s]
    if requiring:
        n = _with_stones(i, c, out, n, memory)
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


@inner
def _with_stones(i: int, c: Compiled, out: I32, n: int, memory: _Working) -> int:
    """To n sessions of use by themselves add what may lead up to them, and leave out what is out of reach."""
    s_ = c.sessions
    inside, seen = memory.inside, memory.seen
    for s in range(len(s_.site)):
        inside[s] = seen[s] = False
    for a in range(n):
        inside[out[a]] = seen[out[a]] = True
    a = 0
    while a < n:
        for k in range(s_.req_ptr[out[a]], s_.req_ptr[out[a] + 1]):
            if not c.leaders.done[i, s_.req[k]]:
                for q in range(s_.give_ptr[k], s_.give_ptr[k + 1]):
                    t = s_.give[q]
                    if not seen[t]:
                        seen[t] = True
                        if _may(i, t, c):
                            out[n] = t
                            inside[t] = True
                            n += 1
        a += 1
    number_entries(i, out, n, c, memory.bit)
    each = at_once(out, n, c, memory.bit)
    before = n + 1
    while n < before:
        before = n
        n = _in_reach(i, c, out, n, each, memory)
    return n


@inner
def _in_reach(i: int, c: Compiled, out: I32, n: int, each: int, memory: _Working) -> int:
    """Leave out of n sessions those that nothing can lead up to, or only more than a leader may have, and
    stones that lead nowhere; how many are left. A session meets `each` entries at most."""
    s_, inside, seen = c.sessions, memory.inside, memory.seen
    close_over(i, out, n, inside, memory.bit, c, memory.must)
    for s in range(len(s_.site)):
        seen[s] = False
    for a in range(n):
        s = out[a]
        ok = (n_of(memory.must[s]) + each - 1) // each < c.leaders.max_sessions[i]
        for k in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
            provided = c.leaders.done[i, s_.req[k]]
            if not provided:
                for q in range(s_.give_ptr[k], s_.give_ptr[k + 1]):
                    provided = provided or inside[s_.give[q]]
                    seen[s_.give[q]] = True
            ok = ok and provided
        inside[s] = ok
    kept = 0
    for a in range(n):
        s = out[a]
        inside[s] = inside[s] and (seen[s] or of_use(i, s, c))
        if inside[s]:
            out[kept] = s
            kept += 1
    return kept


@lean
def _enumerate(
    lo: int, hi: int, fill: bool, c: Compiled, counts: I64, level: I32, stays: Stays, memory: _Working
) -> None:
    """Stays of leaders lo..hi: their numbers into `counts`, or with `fill` themselves into `stays`."""
    s_, l_ = c.sessions, c.leaders
    eligible, masks, at = memory.eligible, memory.masks, memory.at
    ext, ext_n, chosen, used = memory.ext, memory.ext_n, memory.chosen, memory.used
    for i in range(lo, hi):
        n = _eligible(i, c, eligible, memory)
        bits = _number_bits(i, c, eligible, n, masks, stays, fill, memory.taken)
        if fill:
            stays.once[i] = _closed_once(c, eligible, n, masks, bits)
        while True:
            at[0] = at[1] = at[2] = at[3] = 0
            if fill:
                at[0] = stays.ptr[i]
                if stays.ptr[i + 1] > stays.ptr[i]:
                    at[1] = stays.sess_ptr[at[0]]
                    at[2] = stays.trip_ptr[at[0]]
                    at[3] = stays.idle_ptr[at[0]]
            start = at[0]
            most = min(MAX_SESSIONS, l_.max_sessions[i])
            if level[i] & 3:
                most = min(most, 3 - (level[i] & 3))
            full = False
            for root in range(n):
                depth = 0
                chosen[0] = root
                used[0] = s_.day_ptr[eligible[root] + 1] - s_.day_ptr[eligible[root]]
                ext_n[0] = 0
                at_home = c.local[l_.place[i], s_.site[eligible[root]]]
                for u in range(root + 1, n):
                    if not at_home and s_.link[eligible[root], eligible[u]]:
                        ext[0, ext_n[0]] = u
                        ext_n[0] += 1
                emit(i, fill, c, eligible, n, masks, chosen, 1, at, stays, level, memory.own, memory.runs)
                while depth >= 0:
                    if ext_n[depth] == 0 or at[0] - start > MAX_STAYS:
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
                    emit(
                        i,
                        fill,
                        c,
                        eligible,
                        n,
                        masks,
                        chosen,
                        depth + 1,
                        at,
                        stays,
                        level,
                        memory.own,
                        memory.runs,
                    )
                full = full or at[0] - start > MAX_STAYS
            if full and level[i] & 3 < 2 and not fill:
                level[i] += 1
                continue
            break
        if not fill:
            for k in range(4):
                counts[i, k] = at[k]
            counts[i, 4] = bits


@inner
def _number_bits(
    i: int, c: Compiled, eligible: I32, n: int, masks: I64, stays: Stays, fill: bool, taken: Bools
) -> int:
    """Number the leader's pins and closable skill gaps, heaviest first; masks of its sessions.

    Skill gaps that bring no points are numbered as well, if there is room: some are closed only once.
    """
    s_, l_ = c.sessions, c.leaders
    bits = 0
    for a in range(n):
        masks[a] = 0
    for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
        for a in range(n):
            if eligible[a] == l_.pin[k] and bits < MAX_BITS:
                masks[a] |= 1 << bits
        if fill:
            stays.bit_points[stays.bit_ptr[i] + bits] = 0
        bits += 1
    g0, g1 = l_.gap_ptr[i], l_.gap_ptr[i + 1]
    for g in range(g1 - g0):
        taken[g] = False
    while True:
        best = -1
        for g in range(g0, g1):
            if not taken[g - g0] and (best < 0 or l_.gap_points[g] > l_.gap_points[best]):
                best = g
        if best < 0 or (l_.gap_points[best] <= 0 and bits >= MAX_BITS):
            return bits
        taken[best - g0] = True
        closable = False
        for a in range(n):
            if s_.level[eligible[a], l_.gap_skill[best]] >= l_.gap_level[best]:
                closable = True
                if bits < MAX_BITS:
                    masks[a] |= 1 << bits
        if closable:
            if fill:
                stays.bit_points[stays.bit_ptr[i] + bits] = l_.gap_points[best]
            bits += 1


@inner
def _closed_once(c: Compiled, eligible: I32, n: int, masks: I64, bits: int) -> int:
    """The skill gaps and pins that no two sessions can close together, as they all clash."""
    once = (1 << min(bits, MAX_BITS)) - 1
    for a in range(n):
        for b in range(a):
            if not c.sessions.conflict[eligible[a], eligible[b]]:
                once &= ~(masks[a] & masks[b])
    return once
