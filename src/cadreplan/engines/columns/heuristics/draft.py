"""A plan under construction: who holds which stays, and what is left of every row.

Capacities are whole: a stay fits a leader if every row it uses has room for the leader's headcount. Within
one leader's plan no row is used twice (sessions are distinct, days are disjoint), so stays can be tested
one by one and the exact search then does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import UNLIMITED, RowIndex
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner

KEEP_MINIMUM = 1 << 44
"""Scaled points for not leaving a running candidate below its minimum: more than any leader's worth."""


@dataclass
class Draft:
    """`column` (n, width) are the stays held; `left` is what remains by row; `people` by session.

    `minimum` and `reward` by session: each head below the minimum is worth `reward` scaled points.
    `chosen` is the mode of each block, -1 for those of underfill.
    """

    column: I32
    left: I64
    people: I64
    minimum: I64
    reward: I64
    chosen: I32
    running: Bools

    def copy(self) -> Draft:
        return Draft(
            self.column.copy(),
            self.left.copy(),
            self.people.copy(),
            self.minimum,
            self.reward.copy(),
            self.chosen.copy(),
            self.running.copy(),
        )


def residual(draft: Draft, rhs: I64) -> F64:
    """What a draft leaves of the right-hand sides."""
    return np.where(rhs < UNLIMITED // 2, draft.left, rhs).astype(np.float64)


@inner
def _tallied(b: int, s: int, d: int, heads: int, left: I64, y: RowIndex) -> bool:
    """Whether the limits among tallies have room for people of branch b in session s, or (s: -1) on day d."""
    for k in range(y.tally_ptr[b], y.tally_ptr[b + 1]):
        w = y.tally_of[k]
        r = y.tally_at[w, s] if s >= 0 else y.tally_day[w]
        if r >= 0 and s < 0:
            r += d
        if r >= 0 and y.unit[r - y.tally0] == 0 and left[r] < heads * y.tally_weight[k]:
            return False
    return True


@inner
def fits(
    i: int,
    j: int,
    left: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> bool:
    """Whether every row that stay j of leader i uses has room for them."""
    heads = c.leaders.heads[i]
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        s = stays.sess[q]
        if left[s] < heads:
            return False
        b = c.leaders.branch[i]
        while b >= 0:
            if y.quota_at[b, s] >= 0 and left[y.quota_at[b, s]] < heads:
                return False
            b = y.parent[b]
        if not _tallied(c.leaders.branch[i], s, -1, heads, left, y):
            return False
    for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
        for d in range(stays.trip_first[q], stays.trip_last[q] + 1):
            if left[y.bed0 + stays.site[j] * y.n_days + d] < heads or not _tallied(
                c.leaders.branch[i], -1, d, heads, left, y
            ):
                return False
            b = c.leaders.branch[i]
            while b >= 0:
                if left[y.away0 + b * y.n_days + d] < heads:
                    return False
                b = y.parent[b]
    return True


@inner
def apply(
    i: int,
    j: int,
    sign: int,
    left: I64,
    people: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> None:
    """Take what stay j of leader i uses off what is left, or (`sign` -1) give it back."""
    heads = c.leaders.heads[i] * sign
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        s = stays.sess[q]
        left[s] -= heads
        left[y.n_sessions + s] += heads
        people[s] += heads
        b = c.leaders.branch[i]
        while b >= 0:
            if y.quota_at[b, s] >= 0:
                left[y.quota_at[b, s]] -= heads
            b = y.parent[b]
        b = c.leaders.branch[i]
        for k in range(y.tally_ptr[b], y.tally_ptr[b + 1]):
            r = y.tally_at[y.tally_of[k], s]
            if r >= 0:
                left[r] -= heads * y.tally_weight[k]
    for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
        for d in range(stays.trip_first[q], stays.trip_last[q] + 1):
            left[y.bed0 + stays.site[j] * y.n_days + d] -= heads
            b = c.leaders.branch[i]
            for k in range(y.tally_ptr[b], y.tally_ptr[b + 1]):
                r = y.tally_day[y.tally_of[k]]
                if r >= 0:
                    left[r + d] -= heads * y.tally_weight[k]
            while b >= 0:
                left[y.away0 + b * y.n_days + d] -= heads
                b = y.parent[b]


@inner
def charge(i: int, s: int, left: I64, c: Compiled, y: RowIndex) -> int:
    """Scaled points that `mix` costs more (or less) when leader i attends session s as well."""
    b, heads = c.leaders.branch[i], c.leaders.heads[i]
    more = 0
    for k in range(y.tally_ptr[b], y.tally_ptr[b + 1]):
        r = y.tally_at[y.tally_of[k], s]
        if r < 0:
            continue
        unit = y.unit[r - y.tally0]
        if unit > 0:
            before = max(0, -left[r])
            after = max(0, heads * y.tally_weight[k] - left[r])
            more += y.price[r - y.tally0] * ((after + unit - 1) // unit - (before + unit - 1) // unit)
    return more
