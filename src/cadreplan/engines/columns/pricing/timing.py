"""Stays in the order of time: when each begins and ends, and which modules it lacks or gives."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Bools, Compiled
from cadreplan.engines.columns.pricing.compatibility import provides
from cadreplan.engines.columns.pricing.required import close_over, number_entries, working
from cadreplan.engines.columns.pricing.stays import (
    ALIKE,
    ALIKE_ELSEWHERE,
    DIFFERENT,
    FOLLOWED,
    MOST_CLOSED,
    Stays,
    Timing,
)
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.jit import inner, lean

_LOW = (1 << 32) - 1
_COUNTED = 64
"""Modules of a leader among which those to follow are chosen; at least as many as have bits."""


def no_timing() -> Timing:
    """The timing of no stays."""
    return _timing(0, 0)


def _timing(n: int, n_stays: int) -> Timing:
    return Timing(
        np.zeros(n_stays, np.int32),
        np.zeros(n_stays, np.int8),
        np.zeros(n_stays, np.int32),
        np.zeros(n_stays, np.int32),
        np.zeros(n_stays, np.int8),
        np.zeros(n_stays, np.int16),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n_stays, np.int32),
        np.zeros(n_stays, np.int32),
        np.zeros(n, np.int32),
    )


def put_in_order(compiled: Compiled, stays: Stays, threads: ThreadPool) -> Stays:
    """The same stays with their timing."""
    timing = _timing(len(stays.n_pins), len(stays.mask))
    n_days, n_sites = compiled.policies.n_days, int(compiled.sessions.site.max(initial=0)) + 1

    def call(lo: int, hi: int) -> None:
        numbers, rank = np.zeros((4, _COUNTED), np.int64), np.zeros(n_days + 2, np.int32)
        spots, begun = np.zeros(n_sites, np.int32), np.zeros((n_sites, n_days + 2), np.int32)
        must, bit, inside = working(compiled)
        sessions, keys = np.zeros(len(must), np.int32), np.zeros(stays.ptr[hi] - stays.ptr[lo], np.int64)
        _time(lo, hi, compiled, stays, timing, rank, spots, begun)
        _follow(lo, hi, compiled, stays, timing, numbers, sessions, must, bit, inside)
        _digest(lo, hi, compiled, stays, timing, keys)
        for a, b in pairwise((stays.ptr[lo : hi + 1] - stays.ptr[lo]).tolist()):
            keys[a:b].sort()
        _order(lo, hi, compiled, stays, timing, keys)

    threads.run(call, len(stays.n_pins))
    return replace(stays, timing=timing)


@lean
def _time(
    lo: int, hi: int, c: Compiled, stays: Stays, out: Timing, rank: I32, spots: I32, begun: I32
) -> None:
    """Fill in when and where the stays of leaders lo..hi begin and end.

    By day, `rank` is the first days before it. By site, `spots` is its spot; `begun` is by spot and first day
    the last leader, from 1 on, who has a stay that begins there and then.
    """
    n_days, gap = len(rank) - 1, c.policies.stay_gap
    home = c.local.shape[1]
    for i in range(lo, hi):
        i0, i1 = stays.ptr[i], stays.ptr[i + 1]
        rank[:] = 0
        spots[:] = -1
        for j in range(i0, i1):
            rank[_first_trip(j, stays)[0] + 1] = 1
        for d in range(n_days):
            rank[d + 1] += rank[d]
        out.n_begins[i] = rank[n_days]
        for j in range(i0, i1):
            site = c.sessions.site[stays.sess[stays.sess_ptr[j]]]
            if spots[site] < 0:
                spots[site] = out.n_spots[i]
                out.n_spots[i] += 1
            out.spot[j] = spots[site]
            out.begin[j] = rank[_first_trip(j, stays)[0]]
            begun[out.spot[j], out.begin[j]] = i + 1
        for j in range(i0, i1):
            end = _first_trip(j, stays)[1]
            transfer = c.policies.transfer_days
            for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                if c.sessions.frozen[stays.sess[q]]:
                    transfer = 0
            here = rank[min(n_days, end + 1 if stays.site[j] == home else end + gap + 2)]
            out.after[j] = min(here, rank[min(n_days, end + 1 + transfer)])
            while here > out.after[j] and begun[out.spot[j], here - 1] != i + 1:
                here -= 1
            out.closed[j] = min(MOST_CLOSED, here - out.after[j])


@lean
def _follow(
    lo: int,
    hi: int,
    c: Compiled,
    stays: Stays,
    out: Timing,
    numbers: I64,
    sessions: I32,
    must: I64,
    bit: I32,
    inside: Bools,
) -> None:
    """Choose the modules to follow of leaders lo..hi, and fill in which stays lack or give them."""
    follow, single = numbers[0], numbers[1]
    for i in range(lo, hi):
        _require(i, c, stays, sessions, must, bit, inside)
        unfollowed = _choose(i, c, stays, must, bit, follow, numbers[2], numbers[3])
        out.single[i] = _choose_single(i, c, stays, follow, single, numbers[2], numbers[3])
        for j in range(stays.ptr[i], stays.ptr[i + 1]):
            end = _first_trip(j, stays)[1]
            for f in range(FOLLOWED):
                if single[f] >= 0 and _has(j, single[f], c, stays):
                    out.gives[j] |= 1 << f
                if follow[f] < 0:
                    continue
                if _needed_before(i, j, follow[f], end, must, bit, c, stays):
                    out.lacks[j] |= 1 << f
                if provides(j, follow[f], 1 << 30, c, stays):
                    out.gives[j] |= 1 << f
            if unfollowed:
                out.gives[j] |= 1 << FOLLOWED


@lean
def _digest(lo: int, hi: int, c: Compiled, stays: Stays, timing: Timing, keys: I64) -> None:
    """What the stays of leaders lo..hi are put in order by: first day, what they are like, number.

    The first day has 14 bits, what they are like 20, the spot 9, the number 20.
    """
    for i in range(lo, hi):
        for j in range(stays.ptr[i], stays.ptr[i + 1]):
            code = _mixed_in(stays.mask[j] & _LOW, stays.mask[j] >> 32)
            code = _mixed_in(code, timing.after[j] + (stays.trips[j] << 16))
            code = _mixed_in(_mixed_in(code, timing.lacks[j]), timing.gives[j])
            for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                code = _mixed_in(code, c.mixing.kind[stays.sess[q]] + 1)
            here = (int(timing.spot[j]) * (MOST_CLOSED + 1) + int(timing.closed[j])) & ((1 << 9) - 1)
            key = (int(timing.begin[j]) << 29) | ((code & ((1 << 20) - 1)) << 9) | here
            keys[j - stays.ptr[lo]] = (key << 20) | int(j - stays.ptr[i])


@inner
def _mixed_in(code: int, more: int) -> int:
    """32 bits of a digest with one number more; nothing overflows."""
    code = (int(code) * 0x2C1B3C6D + int(more)) & _LOW
    return code ^ (code >> 15)


@lean
def _order(lo: int, hi: int, c: Compiled, stays: Stays, out: Timing, keys: I64) -> None:
    """Put the stays of leaders lo..hi in the order of `keys`, those that are alike beside each other."""
    for i in range(lo, hi):
        i0, i1 = stays.ptr[i], stays.ptr[i + 1]
        for at in range(i0, i1):
            out.turn[at] = keys[at - stays.ptr[lo]] & ((1 << 20) - 1)
            if at > i0:
                out.alike[at] = _likeness(i0 + out.turn[at - 1], i0 + out.turn[at], c, stays, out)


@inner
def _likeness(a: int, b: int, c: Compiled, stays: Stays, timing: Timing) -> int:
    """How far the search could tell two stays of a leader only by cost, days away, and what clashes."""
    a0, b0 = stays.sess_ptr[a], stays.sess_ptr[b]
    size = stays.sess_ptr[a + 1] - a0
    same = size == stays.sess_ptr[b + 1] - b0 and stays.trips[a] == stays.trips[b]
    same = same and stays.mask[a] == stays.mask[b] and timing.begin[a] == timing.begin[b]
    same = same and timing.after[a] == timing.after[b]
    same = same and timing.lacks[a] == timing.lacks[b] and timing.gives[a] == timing.gives[b]
    if not same:
        return DIFFERENT
    for x in range(size):
        if c.mixing.kind[stays.sess[a0 + x]] != c.mixing.kind[stays.sess[b0 + x]]:
            return DIFFERENT
    here = timing.spot[a] == timing.spot[b] and timing.closed[a] == timing.closed[b]
    return ALIKE if here else ALIKE_ELSEWHERE


@inner
def _first_trip(j: int, stays: Stays) -> tuple[int, int]:
    """First and last day of a stay's first trip."""
    q0 = stays.trip_ptr[j]
    for q in range(q0, stays.trip_ptr[j + 1]):
        if stays.trip_first[q] < stays.trip_first[q0]:
            q0 = q
    return int(stays.trip_first[q0]), int(stays.trip_last[q0])


@inner
def _require(i: int, c: Compiled, stays: Stays, sessions: I32, must: I64, bit: I32, inside: Bools) -> None:
    """What must come before each session of leader i's stays, into `must`, by the bits in `bit`."""
    inside[:] = False
    n, requiring = 0, False
    for q in range(stays.sess_ptr[stays.ptr[i]], stays.sess_ptr[stays.ptr[i + 1]]):
        s = stays.sess[q]
        if not inside[s]:
            inside[s] = True
            sessions[n] = s
            n += 1
            requiring = requiring or c.sessions.req_ptr[s + 1] > c.sessions.req_ptr[s]
    bit[:] = -1
    if requiring:
        number_entries(i, sessions, n, c, bit)
        close_over(i, sessions, n, inside, bit, c, must)


@inner
def _choose(
    i: int, c: Compiled, stays: Stays, must: I64, bit: I32, follow: I64, modules: I64, counts: I64
) -> bool:
    """The modules to follow, those that most of the leader's stays lack first; whether there are more."""
    s_ = c.sessions
    n = 0
    more = False
    for entry in range(len(bit)):
        if bit[entry] >= 0:
            modules[n], counts[n] = entry, 0
            n += 1
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        if not stays.need[j] & 1:
            continue
        for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
            s = stays.sess[q]
            for x in range(n):
                counts[x] += must[s] >> bit[modules[x]] & 1
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                more = more or (bit[s_.req[r]] < 0 and not c.leaders.done[i, s_.req[r]])
    for f in range(FOLLOWED):
        best = -1
        for x in range(n):
            if counts[x] > 0 and (best < 0 or counts[x] > counts[best]):
                best = x
        follow[f] = -1
        if best >= 0:
            follow[f] = modules[best]
            counts[best] = 0
    for x in range(n):
        more = more or counts[x] > 0
    return more


@inner
def _choose_single(
    i: int, c: Compiled, stays: Stays, follow: I64, single: I64, modules: I64, counts: I64
) -> int:
    """In places not taken by `follow`, the modules that most sessions of several modules have; their bits.

    Two sessions of one module alone close the same, and nobody would attend both; where there are others
    beside it, a plan could seem to have both.
    """
    s_ = c.sessions
    n = 0
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
            s = stays.sess[q]
            several = s_.mod_ptr[s + 1] - s_.mod_ptr[s] > 1
            for m in range(s_.mod_ptr[s], s_.mod_ptr[s + 1]):
                x = 0
                while x < n and modules[x] != s_.mod[m]:
                    x += 1
                if x == n and n < _COUNTED:
                    modules[n], counts[n] = s_.mod[m], 0
                    n += 1
                if x < _COUNTED:
                    counts[x] += (1 << 20) + 1 if several else 1
    bits = 0
    for f in range(FOLLOWED):
        single[f] = -1
        if follow[f] >= 0:
            continue
        best = -1
        for x in range(n):
            if counts[x] >> 20 and counts[x] & ((1 << 20) - 1) > 1 and (best < 0 or counts[x] > counts[best]):
                best = x
        if best >= 0:
            single[f] = modules[best]
            counts[best] = 0
            bits |= 1 << f
    return bits


@inner
def _has(j: int, module: int, c: Compiled, stays: Stays) -> bool:
    """Whether a stay has a session with the module."""
    s_ = c.sessions
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        s = stays.sess[q]
        for m in range(s_.mod_ptr[s], s_.mod_ptr[s + 1]):
            if s_.mod[m] == module:
                return True
    return False


@inner
def _needed_before(
    i: int, j: int, module: int, end: int, must: I64, bit: I32, c: Compiled, stays: Stays
) -> bool:
    """Whether a session of stay j that begins until day `end` needs the module from another stay."""
    s_ = c.sessions
    if not stays.need[j] & 1 or c.leaders.done[i, module]:
        return False
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        s = stays.sess[q]
        if s_.first[s] > end:
            continue
        if must[s] >> bit[module] & 1 and not provides(j, module, s_.first[s], c, stays):
            return True
    return False
