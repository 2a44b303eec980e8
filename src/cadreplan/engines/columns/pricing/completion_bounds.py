"""The bounds of the search: most that can come from some day on, by what is left to be closed and spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS, Bools, Compiled
from cadreplan.engines.columns.pricing.compatibility import mixed
from cadreplan.engines.columns.pricing.owed import choose_summed, earned, have_of
from cadreplan.engines.columns.pricing.stays import MOST_CLOSED, Stays
from cadreplan.engines.columns.pricing.table_shape import HUGE, TABLE_BITS, TableShape
from cadreplan.engines.jit import inner
from cadreplan.engines.structures import Structure

NEVER = -(1 << 60)
"""Worth of what is impossible; costs of `-NEVER` mark blocked stays."""
NOTHING = -2
"""In place of a first stay: no set was found."""
_DEPTH = MAX_SESSIONS + 2
_SHORT_RUN = 8
"""Entries beside each other that are fewer are raised one by one."""

STATE = 11
"""Entries of a node's state, `Scratch.state`, by the names below."""
LEFT, WORTH, SESSIONS, TRIPS, DAYS, CHOSEN, TURN, GIVEN, FREE, BOUND, MIXED = range(STATE)
"""Skill gaps left to close (bits), scaled worth so far, sessions, trips and days left, stays chosen, the
place in turn from which to go on, modules given (bits), the first stay that is free to be added (-1 while
stays are chosen that are of use), the node's own completion bound, the state of mixing."""


@dataclass(frozen=True, eq=False)
class Scratch(Structure):
    """Working memory of one search; `found_*` hold its answer, best first."""

    cost: I64
    credit: I64
    """By stay, scaled points of what is owed that it earns by itself, of what is `summed`."""
    have: I64
    summed: Bools
    useful: Bools
    """By stay, whether it may be worth taking though it closes nothing more and costs something."""
    table: I64
    entry: I32
    """By set of skill gaps that the table knows, the place of its entry among those of all sets."""
    closers: I32
    """By skill gap that the table knows, how many kinds of stays close it."""
    worth: I64
    until: I32
    """By place in turn where stays that are alike begin, the place after them."""
    least: I64
    """By the same place, what the cheapest of them costs."""
    own: I64
    """By the same place, what the best of them brings, but for skill gaps."""
    shortest: I32
    """By the same place, the days away that the shortest of them takes."""
    then: I32
    """By the same place, the layer of the table that says what may follow."""
    closed: I32
    """By first day, spot, and first days from there on for which it is closed, the layer that knows this."""
    seen: Bools
    """By spot, whether a stay begins there on the day looked at."""
    cand: I32
    score: I64
    cand_n: I32
    chosen: I32
    idle: I32
    state: I64
    found_value: I64
    found_hash: I64
    found_n: I32
    found: I32


def scratch(c: Compiled, stays: Stays, wanted: int) -> Scratch:
    """Memory for searches among `stays` that keep the best `wanted` sets."""
    most = int(np.diff(stays.ptr).max(initial=0)) + 1
    owed = int(np.diff(c.leaders.owed_ptr).max(initial=0))
    begins, spots = (int(x.max(initial=0)) + 1 for x in (stays.timing.n_begins, stays.timing.n_spots))
    return Scratch(
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
        np.zeros(owed, np.int64),
        np.zeros(owed, np.bool_),
        np.zeros(most, np.bool_),
        np.zeros(HUGE, np.int64),
        np.zeros(1 << TABLE_BITS, np.int32),
        np.zeros(TABLE_BITS, np.int32),
        np.zeros(1 << TABLE_BITS, np.int64),
        np.zeros(most, np.int32),
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
        np.zeros(most, np.int32),
        np.zeros(most, np.int32),
        np.zeros((begins, spots, MOST_CLOSED + 1), np.int32),
        np.zeros(spots, np.bool_),
        np.zeros((_DEPTH, 2 * most), np.int32),
        np.zeros((_DEPTH, 2 * most), np.int64),
        np.zeros(_DEPTH, np.int32),
        np.zeros(_DEPTH, np.int32),
        np.zeros(_DEPTH, np.int32),
        np.zeros((_DEPTH, STATE), np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int64),
        np.zeros(wanted, np.int32),
        np.zeros((wanted, MAX_SESSIONS), np.int32),
    )


@inner
def points(mask: int, i: int, n_bits: int, scale: int, stays: Stays, w: Scratch) -> int:
    """Scaled points of a set of skill gaps."""
    total = int(w.worth[mask & ((1 << TABLE_BITS) - 1)])
    for g in range(TABLE_BITS, n_bits):
        if (mask >> g) & 1:
            total += stays.bit_points[stays.bit_ptr[i] + g] * scale
    return total


@inner
def fill_worth(i: int, scale: int, stays: Stays, w: Scratch) -> None:
    """Points of every set of skill gaps that the table knows."""
    b0 = stays.bit_ptr[i]
    w.worth[0] = 0
    for mask in range(1, 1 << min(TABLE_BITS, stays.bit_ptr[i + 1] - b0)):
        low = 0
        while not (mask >> low) & 1:
            low += 1
        w.worth[mask] = w.worth[mask & (mask - 1)] + stays.bit_points[b0 + low] * scale


@inner
def fill_credit(i: int, scale: int, c: Compiled, stays: Stays, w: Scratch) -> None:
    """What stays earn of what is owed to leader i, as far as the table knows of it."""
    choose_summed(i, c, stays, w.summed)
    have_of(i, w.chosen, 0, c, stays, w.have)
    for a in range(stays.ptr[i + 1] - stays.ptr[i]):
        w.credit[a] = scale * earned(i, stays.ptr[i] + a, w.have, w.summed, c, stays)[1]


@inner
def fill_completion_bounds(
    i: int,
    k_max: int,
    t_max: int,
    d_max: int,
    n_all: int,
    scale: int,
    y: TableShape,
    c: Compiled,
    stays: Stays,
    w: Scratch,
) -> None:
    """From the last first day to the first:  f(day, left) = max over stays that begin on it, or none.

    Of stays that are alike the one that is worth most by itself stands for all.
    """
    m = stays.timing
    i0 = stays.ptr[i]
    low = (1 << y.bits) - 1
    forced = ((1 << stays.n_pins[i]) - 1) & low
    n_begins, n_spots = m.n_begins[i], m.n_spots[i]
    number = n_begins + 1
    of_spots = (number + y.closed) * y.layer
    base = n_begins * y.layer
    _fill_entries(i, y.bits, stays, w)
    for x in range(y.layer >> y.bits):
        kept = y.states == 1 or c.mixing.kept[x % y.states]
        for left in range(low + 1):
            w.table[base + (x << y.bits) + w.entry[left]] = NEVER if left & forced or not kept else 0
    x = stays.ptr[i + 1] - i0
    for day in range(n_begins - 1, -1, -1):
        base = day * y.layer
        _copy(base + y.layer, base, y.layer, w)
        closing = y.closed > 0 and _is_closing(day, n_spots, w)
        for spot in range(n_spots):
            w.seen[spot] = False
        while x > 0 and m.begin[i0 + m.turn[i0 + x - 1]] == day:
            x -= 1
            if w.least[x] >= -NEVER:
                continue
            j = i0 + m.turn[i0 + x]
            w.then[x] = m.after[j]
            if y.closed and m.closed[j]:
                w.then[x] = w.closed[m.after[j], m.spot[j], m.closed[j]]
            mask = stays.mask[j]
            closes, once = mask & low, mask & low & stays.once[i]
            own = points(mask & ~low, i, n_all, scale, stays, w) + w.own[x]
            gives, lacks = m.gives[j] & y.modules, m.lacks[j] & y.modules
            single = gives & m.single[i]
            useless = own + w.worth[closes] <= 0 and not mask & forced and not gives & ~single
            if useless and y.states == 1:
                continue
            size = stays.sess_ptr[j + 1] - stays.sess_ptr[j]
            trips, days = stays.trips[j], w.shortest[x]
            if size > k_max or trips > t_max or days > d_max:
                continue
            if y.sessions == 1:
                size = 0
            if y.trips == 1:
                trips = 0
            if y.days == 1:
                days = 0
            later, into = w.then[x] * y.layer, base
            if closing:
                into = of_spots + m.spot[j] * y.layer
                if not w.seen[m.spot[j]]:
                    w.seen[m.spot[j]] = True
                    for at in range(y.layer):
                        w.table[into + at] = NEVER
            for there in range(y.modules + 1):
                if lacks & ~there or single & there:
                    continue
                for state in range(y.states):
                    following = mixed(state, j, c, stays) if y.states > 1 else 0
                    same = y.states == 1 or c.mixing.methods[state] == c.mixing.methods[following]
                    if useless and same:
                        continue
                    advances = gives & ~single != 0 or not same
                    wide = y.days - days
                    for at_k in range((y.sessions - size) * (y.trips - trips) * wide):
                        k = size + at_k // ((y.trips - trips) * wide)
                        t = trips + at_k // wide % (y.trips - trips)
                        d = days + at_k % wide
                        here = into + (_place(there, k, t, d, state, y) << y.bits)
                        rest = _place(there | gives, k - size, t - trips, d - days, following, y)
                        rest = later + (rest << y.bits)
                        _offer(own, closes, once, forced, advances, here, rest, low, w)
        if not closing:
            continue
        for spot in range(n_spots):
            for n in range(1, MOST_CLOSED + 1):
                if w.closed[day, spot, n]:
                    rest = day + 1 if n == 1 else w.closed[day + 1, spot, n - 1]
                    w.closed[day, spot, n] = number
                    _copy(rest * y.layer, number * y.layer, y.layer, w)
                    for other in range(n_spots):
                        if w.seen[other] and other != spot:
                            _most_of(of_spots + other * y.layer, number * y.layer, y.layer, w)
                    number += 1
        for spot in range(n_spots):
            if w.seen[spot]:
                _most_of(of_spots + spot * y.layer, base, y.layer, w)


@inner
def _fill_entries(i: int, n_bits: int, stays: Stays, w: Scratch) -> None:
    """Where the table has its entry for each set of the first skill gaps.

    The fewer stays close a skill gap the nearer are the entries of sets with and without it: what most stays
    leave is a run of entries beside each other.
    """
    m, i0, n_stays = stays.timing, stays.ptr[i], stays.ptr[i + 1] - stays.ptr[i]
    w.closers[:] = 0
    for x in range(n_stays):
        if w.least[x] < -NEVER:
            mask = stays.mask[i0 + m.turn[i0 + x]]
            for g in range(n_bits):
                w.closers[g] += (mask >> g) & 1
    w.entry[0] = 0
    for g in range(n_bits):
        fewer = 0
        for other in range(n_bits):
            if w.closers[other] < w.closers[g] or (w.closers[other] == w.closers[g] and other > g):
                fewer += 1
        for mask in range(1 << g):
            w.entry[mask | (1 << g)] = w.entry[mask] | (1 << fewer)


@inner
def _offer(
    own: int, closes: int, once: int, forced: int, advances: bool, here: int, rest: int, low: int, w: Scratch
) -> None:
    """Raise the entries from `here` on to what a stay brings beside those from `rest` on.

    It brings `own`, and what it `closes` of the skill gaps left, of which `low` has all bits. Those in `once`
    have to be left. A stay that brings nothing counts only where it `advances` otherwise.
    """
    held = int(w.entry[closes])
    run = held & -held if held else low + 1
    others = low & ~held & ~(run - 1)
    closed = closes
    while True:  # each set of what it closes that may still be left
        value = own + w.worth[closed]
        if not once & ~closed and (value > 0 or advances or closed & forced):
            first = here + int(w.entry[closed])
            left = 0
            while True:  # each set of what else may be, a run at a time
                if run < _SHORT_RUN:
                    for x in range(run):
                        at = first + left + x
                        w.table[at] = max(w.table[at], value + w.table[rest + left + x])
                else:
                    _raise(w.table[first + left : first + left + run], w.table[rest + left :], value)
                left = (left - others) & others
                if left == 0:
                    break
        if closed == 0:
            break
        closed = (closed - 1) & closes


@inner
def _raise(entries: I64, others: I64, more: int) -> None:
    """Raise entries to as many others and so much more."""
    for x in range(len(entries)):
        entries[x] = max(entries[x], others[x] + more)


@inner
def _is_closing(day: int, n_spots: int, w: Scratch) -> bool:
    """Whether a site is closed from a first day on, after some stay."""
    for spot in range(n_spots):
        for n in range(1, MOST_CLOSED + 1):
            if w.closed[day, spot, n]:
                return True
    return False


@inner
def _copy(source: int, target: int, n: int, w: Scratch) -> None:
    """Copy n entries of the table."""
    into, of = w.table[target : target + n], w.table[source : source + n]
    for x in range(n):
        into[x] = of[x]


@inner
def _most_of(source: int, target: int, n: int, w: Scratch) -> None:
    """Raise n entries of the table to those of another place."""
    _raise(w.table[target : target + n], w.table[source : source + n], 0)


@inner
def note_closed(i: int, stays: Stays, w: Scratch) -> int:
    """Note which layers sites need that are closed for a while after a stay; how many."""
    m, i0, n = stays.timing, stays.ptr[i], 0
    for day in range(m.n_begins[i] + 1):
        for spot in range(m.n_spots[i]):
            for left in range(MOST_CLOSED + 1):
                w.closed[day, spot, left] = 0
    for a in range(stays.ptr[i + 1] - i0):
        j = i0 + a
        if w.cost[a] >= -NEVER:
            continue
        day, spot, left = m.after[j], m.spot[j], m.closed[j]
        while left > 0 and not w.closed[day, spot, left]:
            w.closed[day, spot, left] = 1
            n, day, left = n + 1, day + 1, left - 1
    return n


@inner
def note_alike(i: int, alike: int, c: Compiled, stays: Stays, w: Scratch) -> None:
    """Note where stays that are so far `alike` end, what the cheapest costs, what the best brings by itself.

    Places in turn where none begin have stays that cost too much.
    """
    m, i0 = stays.timing, stays.ptr[i]
    owes = c.leaders.owed_ptr[i] < c.leaders.owed_ptr[i + 1]
    end = stays.ptr[i + 1] - i0
    least, own, shortest = -NEVER, NEVER, 1 << 20
    for x in range(end - 1, -1, -1):
        a = m.turn[i0 + x]
        if w.cost[a] < -NEVER:
            shortest = min(shortest, stays.days[i0 + a])
            least = min(least, w.cost[a])
            own = max(own, w.credit[a] - w.cost[a] if owes else -w.cost[a])
        w.least[x] = -NEVER
        if m.alike[i0 + x] < alike:
            if least >= -NEVER and end < stays.ptr[i + 1] - i0 and w.least[end] >= -NEVER:
                end = w.until[end]
            w.until[x], w.least[x], w.own[x], w.shortest[x] = end, least, own, shortest
            end, least, own, shortest = x, -NEVER, NEVER, 1 << 20


@inner
def _place(there: int, k: int, t: int, d: int, state: int, y: TableShape) -> int:
    """The place of the entries with these within a layer."""
    return (((there * y.sessions + k) * y.trips + t) * y.days + d) * y.states + state


@inner
def completion_bound(
    layer: int, left: int, k: int, t: int, d: int, there: int, state: int, y: TableShape, w: Scratch
) -> int:
    """Most that stays can add from a layer on to a plan in some state of mixing."""
    k2, t2, d2 = min(k, y.sessions - 1), min(t, y.trips - 1), min(d, y.days - 1)
    at = _place(there & y.modules, k2, t2, d2, min(state, y.states - 1), y) << y.bits
    return int(w.table[layer * y.layer + at + w.entry[left & ((1 << y.bits) - 1)]])
