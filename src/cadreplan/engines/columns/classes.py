"""Sorting a leader's items into the classes that the table of the search knows, and pairing them.

An item that lacks a prerequisite is worth nothing alone. Where the module is followed, the table counts the
item only where the module is there already, or together with an item that provides it.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import I32, I64, Compiled, pointers
from cadreplan.engines.columns.items import TRACKED, Classes, Items
from cadreplan.engines.columns.jit import Crew, kernel
from cadreplan.engines.columns.together import clash, provides

_MAX_CLASSES = 1000
_MAX_PAIRS = 20_000


def no_classes() -> Classes:
    """Classes of no items."""
    none = np.zeros(0, np.int32)
    return Classes(none, np.zeros(0, np.int64), none, none, none, none, none, none, none, none, none)


def classify(compiled: Compiled, items: Items, crew: Crew) -> Items:
    """The same items with their classes: counted first, then written in place."""
    n, n_items = len(items.n_pins), len(items.mask)
    follow = np.full((n, TRACKED), -1, np.int32)
    counts = np.zeros(n, np.int64)
    pairs = np.zeros(n_items, np.int64)
    nothing = no_classes()
    crew.run(lambda lo, hi: _classify(lo, hi, False, compiled, items, follow, counts, pairs, nothing), n)
    ptr, pair_ptr = pointers(counts), pointers(pairs)
    k, n_pairs = int(ptr[-1]), int(pair_ptr[-1])
    i32 = np.int32
    classes = Classes(
        ptr,
        np.zeros(k, np.int64),
        np.zeros(k, i32),
        np.zeros(k, i32),
        np.zeros(k, i32),
        np.zeros(k, i32),
        np.zeros(k, i32),
        np.zeros(n_items, i32),
        pair_ptr,
        np.zeros(n_pairs, i32),
        np.zeros(n_pairs, i32),
    )
    crew.run(lambda lo, hi: _classify(lo, hi, True, compiled, items, follow, counts, pairs, classes), n)
    return items._replace(classes=classes)


@kernel
def _classify(
    lo: int,
    hi: int,
    fill: bool,
    c: Compiled,
    items: Items,
    follow: I32,
    counts: I64,
    pairs: I64,
    out: Classes,
) -> None:
    """Count the classes of leaders lo..hi and the pairs of their items, or with `fill` write them."""
    keys = np.zeros((_MAX_CLASSES, 6), np.int64)
    key = np.zeros(6, np.int64)
    for i in range(lo, hi):
        i0, i1 = items.ptr[i], items.ptr[i + 1]
        if not fill:
            _choose(i, c, items, follow)
        while True:
            n_cls = 0
            n_pairs = 0
            for j in range(i0, i1):
                need = gives = 0
                for f in range(follow.shape[1]):
                    if follow[i, f] >= 0:
                        need |= (1 << f) if _needed_before(i, j, follow[i, f], c, items) >= 0 else 0
                        gives |= (1 << f) if _has(j, follow[i, f], c, items) else 0
                key[0], key[1] = items.mask[j], items.sess_ptr[j + 1] - items.sess_ptr[j]
                key[2], key[3] = items.trip_ptr[j + 1] - items.trip_ptr[j], need
                key[4], key[5] = 0, gives
                q = _class_of(key, keys, n_cls)
                n_cls = max(n_cls, q + 1)
                if fill:
                    out.of[j] = q
                at = out.pair_ptr[j] if fill else 0
                start = at
                for f in range(follow.shape[1]):
                    if not (need >> f) & 1:
                        continue
                    before = _needed_before(i, j, follow[i, f], c, items)
                    for k in range(i0, i1):
                        if k == j or not provides(k, follow[i, f], before, c, items) or clash(j, k, c, items):
                            continue
                        more = gives
                        for g in range(follow.shape[1]):
                            if follow[i, g] >= 0 and _has(k, follow[i, g], c, items):
                                more |= 1 << g
                        key[0] = items.mask[j] | items.mask[k]
                        key[1] = items.sess_ptr[j + 1] - items.sess_ptr[j]
                        key[1] += items.sess_ptr[k + 1] - items.sess_ptr[k]
                        key[2] = items.trip_ptr[j + 1] - items.trip_ptr[j]
                        key[2] += items.trip_ptr[k + 1] - items.trip_ptr[k]
                        key[3], key[4], key[5] = need, 1 << f, more
                        q = _class_of(key, keys, n_cls)
                        n_cls = max(n_cls, q + 1)
                        if fill:
                            out.pair_with[at] = k
                            out.pair_of[at] = q
                        at += 1
                if not fill:
                    pairs[j] = at - start
                n_pairs += at - start
            if not fill and follow[i, 0] >= 0 and (n_cls >= _MAX_CLASSES or n_pairs > _MAX_PAIRS):
                follow[i, :] = -1
                continue
            if n_cls >= _MAX_CLASSES:
                items.cut[i] |= 4  # classes may be mixed up
            break
        counts[i] = n_cls
        if fill:
            for q in range(n_cls):
                p = out.ptr[i] + q
                out.mask[p], out.sessions[p], out.trips[p] = keys[q, 0], keys[q, 1], keys[q, 2]
                out.need[p], out.by[p], out.gives[p] = keys[q, 3], keys[q, 4], keys[q, 5]


@kernel
def _class_of(key: I64, keys: I64, n: int) -> int:
    """Where the key is among the first `n` keys, put at their end if it is new and there is room."""
    for q in range(n):
        same = True
        for k in range(len(key)):
            same = same and keys[q, k] == key[k]
        if same:
            return q
    if n == len(keys):
        return n - 1
    keys[n] = key
    return n


@kernel
def _choose(i: int, c: Compiled, items: Items, follow: I32) -> None:
    """The modules to follow: those that most of the leader's items lack."""
    s_ = c.sessions
    modules = np.empty(64, np.int64)
    counts = np.zeros(64, np.int64)
    n = 0
    for j in range(items.ptr[i], items.ptr[i + 1]):
        if not items.need[j]:
            continue
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                if _needed_before(i, j, s_.req[r], c, items) < 0:
                    continue
                x = 0
                while x < n and modules[x] != s_.req[r]:
                    x += 1
                if x == n and n < 64:
                    modules[n] = s_.req[r]
                    n += 1
                if x < 64:
                    counts[x] += 1
    for f in range(follow.shape[1]):
        best = -1
        for x in range(n):
            if counts[x] > 0 and (best < 0 or counts[x] > counts[best]):
                best = x
        if best >= 0:
            follow[i, f] = modules[best]
            counts[best] = 0


@kernel
def _needed_before(i: int, j: int, module: int, c: Compiled, items: Items) -> int:
    """The first day before which item j needs another item to be over that has the module; -1 if never."""
    s_ = c.sessions
    day = -1
    if not items.need[j] or c.leaders.done[i, module]:
        return day
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
        for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
            if s_.req[r] == module and not provides(j, module, s_.first[s], c, items):
                day = s_.first[s] if day < 0 else min(day, s_.first[s])
    return day


@kernel
def _has(j: int, module: int, c: Compiled, items: Items) -> bool:
    """Whether a session of the item has the module."""
    return provides(j, module, 1 << 30, c, items)
