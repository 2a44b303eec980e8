"""Items in the order of time: when each begins and ends, and which modules it lacks or gives."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import I64, Compiled
from cadreplan.engines.columns.items import FOLLOWED, Items, Timing
from cadreplan.engines.columns.jit import Crew, kernel
from cadreplan.engines.columns.together import provides


def no_timing() -> Timing:
    """The timing of no items."""
    none = np.zeros(0, np.int32)
    return Timing(none, none, none, none, none, none, none)


def put_in_order(compiled: Compiled, items: Items, crew: Crew) -> Items:
    """The same items with their timing."""
    n, n_items = len(items.n_pins), len(items.mask)
    timing = Timing(
        np.zeros(n_items, np.int32),
        np.zeros(n_items, np.int32),
        np.zeros(n_items, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n_items, np.int32),
        np.zeros(n_items, np.int32),
        np.zeros(n, np.int32),
    )
    crew.run(lambda lo, hi: _order(lo, hi, compiled, items, timing), n)
    return items._replace(timing=timing)


@kernel
def _order(lo: int, hi: int, c: Compiled, items: Items, out: Timing) -> None:
    """Fill in the timing of the items of leaders lo..hi."""
    follow, single = np.empty(FOLLOWED, np.int64), np.empty(FOLLOWED, np.int64)
    for i in range(lo, hi):
        i0, i1 = items.ptr[i], items.ptr[i + 1]
        n = i1 - i0
        begin, end = np.zeros(n, np.int32), np.zeros(n, np.int32)
        for a in range(n):
            q0 = items.trip_ptr[i0 + a]
            begin[a], end[a] = items.trip_first[q0], items.trip_last[q0]
            for q in range(q0, items.trip_ptr[i0 + a + 1]):
                if items.trip_first[q] < begin[a]:
                    begin[a], end[a] = items.trip_first[q], items.trip_last[q]
        turn = np.argsort(begin, kind="mergesort")
        days = np.unique(begin)
        out.n_begins[i] = len(days)
        unfollowed = _choose(i, c, items, follow)
        out.single[i] = _choose_single(i, c, items, follow, single)
        for x in range(n):
            a = turn[x]
            j = i0 + a
            out.turn[i0 + x] = a
            out.begin[j] = np.searchsorted(days, begin[a])
            out.after[j] = np.searchsorted(days, end[a], side="right")
            for f in range(FOLLOWED):
                if single[f] >= 0 and _has(j, single[f], c, items):
                    out.gives[j] |= 1 << f
                if follow[f] < 0:
                    continue
                if _needed_before(i, j, follow[f], end[a], c, items):
                    out.lacks[j] |= 1 << f
                if provides(j, follow[f], 1 << 30, c, items):
                    out.gives[j] |= 1 << f
            if unfollowed:
                out.gives[j] |= 1 << FOLLOWED


@kernel
def _choose(i: int, c: Compiled, items: Items, follow: I64) -> bool:
    """The modules to follow, those that most of the leader's items lack first; whether there are more."""
    s_ = c.sessions
    modules = np.empty(64, np.int64)
    counts = np.zeros(64, np.int64)
    n = 0
    i0 = items.ptr[i]
    more = False
    for j in range(i0, items.ptr[i + 1]):
        if not items.need[j] & 1:
            continue
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                if c.leaders.done[i, s_.req[r]]:
                    continue
                x = 0
                while x < n and modules[x] != s_.req[r]:
                    x += 1
                if x == n and n < 64:
                    modules[n] = s_.req[r]
                    n += 1
                if x < 64:
                    counts[x] += 1
                more = more or x == 64
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


@kernel
def _choose_single(i: int, c: Compiled, items: Items, follow: I64, single: I64) -> int:
    """In places not taken by `follow`, the modules that most sessions of several modules have; their bits.

    Two sessions of one module alone close the same, and nobody would attend both; where there are others
    beside it, a plan could seem to have both.
    """
    s_ = c.sessions
    modules = np.empty(64, np.int64)
    counts = np.zeros(64, np.int64)
    n = 0
    for j in range(items.ptr[i], items.ptr[i + 1]):
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            several = s_.mod_ptr[s + 1] - s_.mod_ptr[s] > 1
            for m in range(s_.mod_ptr[s], s_.mod_ptr[s + 1]):
                x = 0
                while x < n and modules[x] != s_.mod[m]:
                    x += 1
                if x == n and n < 64:
                    modules[n] = s_.mod[m]
                    n += 1
                if x < 64:
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


@kernel
def _has(j: int, module: int, c: Compiled, items: Items) -> bool:
    """Whether an item has a session with the module."""
    s_ = c.sessions
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
        for m in range(s_.mod_ptr[s], s_.mod_ptr[s + 1]):
            if s_.mod[m] == module:
                return True
    return False


@kernel
def _needed_before(i: int, j: int, module: int, end: int, c: Compiled, items: Items) -> bool:
    """Whether a session of item j that begins until day `end` needs the module from another item."""
    s_ = c.sessions
    if not items.need[j] & 1 or c.leaders.done[i, module]:
        return False
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
        if s_.first[s] > end:
            continue
        for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
            if s_.req[r] == module and not provides(j, module, s_.first[s], c, items):
                return True
    return False
