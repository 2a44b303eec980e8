"""Reduced cost fixing of one leader's stays: blocked are those in no set worth more than one that was found.

What can come before a stay and what can come after it are bounded by tables that know the skill gaps alone
(fixing by bidirectional bounds: Irnich, Desaulniers, Desrosiers and Hadjar 2010). Tables that know more are
filled for what is left, and nodes look at that alone.
"""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import Compiled
from cadreplan.engines.columns.pricing.completion_bounds import (
    NEVER,
    Scratch,
    completion_bound,
    fill_completion_bounds,
    note_alike,
    points,
)
from cadreplan.engines.columns.pricing.stays import ALIKE_ELSEWHERE, Stays
from cadreplan.engines.columns.pricing.table_shape import bare
from cadreplan.engines.jit import inner


@inner
def fix_stays(
    i: int, scale: int, without: int, threshold: int, c: Compiled, stays: Stays, w: Scratch
) -> None:
    """Block those of leader i's stays that are in no set worth more than `threshold`, scaled.

    The empty set is worth `without`, and what stays earn of what is owed is their `w.credit`.
    """
    l_, m = c.leaders, stays.timing
    i0, n_begins = stays.ptr[i], m.n_begins[i]
    n_stays, n_bits = stays.ptr[i + 1] - i0, stays.bit_ptr[i + 1] - stays.bit_ptr[i]
    owes = l_.owed_ptr[i] < l_.owed_ptr[i + 1]
    k_max, t_max, d_max = int(l_.max_sessions[i]), int(l_.max_trips[i]), int(l_.max_days[i])
    y = bare(n_bits)
    note_alike(i, ALIKE_ELSEWHERE, c, stays, w)
    fill_completion_bounds(i, k_max, t_max, d_max, n_bits, scale, y, c, stays, w)
    low, once = (1 << y.bits) - 1, stays.once[i]
    before = (n_begins + 1) * y.layer  # from here on, by day, most that comes before it and leaves a set
    for at in range(before, 2 * before):
        w.table[at] = NEVER
    w.table[before + w.entry[low]] = 0
    x = 0
    for day in range(n_begins):
        here = before + day * y.layer
        while x < n_stays and m.begin[i0 + m.turn[i0 + x]] == day:
            first, x = x, w.until[x]
            if w.least[first] >= -NEVER:
                continue
            j = i0 + m.turn[i0 + first]
            mask, after = stays.mask[j], int(m.after[j])
            own = points(mask & ~low, i, n_bits, scale, stays, w) + w.own[first]
            later = before + after * y.layer
            most = NEVER
            for left in range(low + 1):
                value = w.table[here + w.entry[left]]
                if value <= NEVER // 2 or mask & low & once & ~left:
                    continue
                value += own + w.worth[mask & left]
                rest = left & ~mask
                at = later + w.entry[rest]
                w.table[at] = max(w.table[at], value)
                most = max(most, value + completion_bound(after, rest, 0, 0, 0, 0, 0, y, w))
            for z in range(first, x):
                a = m.turn[i0 + z]
                if w.cost[a] < -NEVER:
                    brings = w.credit[a] - w.cost[a] if owes else -w.cost[a]
                    if without + most - w.own[first] + brings <= threshold:
                        w.cost[a] = -NEVER
        for at in range(here, here + y.layer):
            w.table[at + y.layer] = max(w.table[at + y.layer], w.table[at])
