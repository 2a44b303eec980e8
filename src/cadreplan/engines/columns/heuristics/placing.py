"""A plan under construction: who holds which items, what is left of every row, re-placing leaders.

Capacities are whole: an item fits a leader if every row it uses has his headcount left. Within one leader's
plan no row is used twice (sessions are distinct, days are disjoint), so items can be tested one by one and
the exact search then does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Layout
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.compiled.tallies import LEAVE
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, Scratch, scratch
from cadreplan.engines.columns.pricing.kernels import column_points
from cadreplan.engines.columns.pricing.owed import lost
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.search import search
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.engines.jit import inner, lean

KEEP_MINIMUM = 1 << 44
"""Scaled points for not leaving a running candidate below its minimum: more than any leader's worth."""
_AT_ONCE = 2000


@dataclass
class Draft:
    """`column` (n, width) are the items held; `left` is what remains by row; `people` by session.

    `minimum` and `reward` by session: each head below the minimum is worth `reward` scaled points.
    `chosen` is the configuration of each block, -1 for those of underfill.
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


class Placer:
    """Builds and mends drafts for one instance."""

    def __init__(self, pricer: Pricer, width: int) -> None:
        self.pricer, self.width = pricer, width
        self.work = scratch(pricer.items, 1)

    def empty(self, chosen: I32, minimum: I64, underfill: int, candidate: Bools) -> Draft:
        """A draft in which nobody goes anywhere, with one configuration for each block of choice."""
        rows = self.pricer.rows
        by_block = np.full(rows.n_blocks, -1, np.int32)
        by_block[rows.block_of[chosen]] = chosen
        weight = np.zeros(len(rows.cfg_points))
        weight[chosen] = 1
        left = rows.rhs - np.rint(rows.use_of(weight)).astype(np.int64)
        running = ~candidate
        running[rows.block_session[rows.block_of[chosen]]] = rows.cfg_size[chosen] != -2
        reward = np.where(candidate, KEEP_MINIMUM, underfill * SCALE)
        reward[(minimum == 0) | ~running] = 0
        return Draft(
            np.full((self.pricer.n, self.width), -1, np.int32),
            left,
            np.zeros(rows.n_sessions, np.int64),
            minimum,
            reward,
            by_block,
            running,
        )

    def put(self, draft: Draft, who: I32, columns: I32) -> Bools:
        """Give leaders their columns where these fit, in this order; which were placed."""
        placed = np.zeros(len(who), np.bool_)
        _put(who, columns, placed, draft.column, draft.left, draft.people, *self._fixed())
        return placed

    def take(self, draft: Draft, who: I32) -> None:
        """Take leaders out of the draft."""
        _take(who, draft.column, draft.left, draft.people, *self._fixed())

    def replace(
        self,
        draft: Draft,
        order: I32,
        prices: F64,
        *,
        node_limit: int = 4000,
        stop: Callable[[], bool] | None = None,
    ) -> int:
        """Re-place leaders one by one where it brings more, at `prices` by row (points); how many moved."""
        whole = scaled(prices)
        session, day, bed = self.pricer.rows.spread(whole)
        moved = 0
        for at in range(0, len(order), _AT_ONCE):
            if stop is not None and stop():
                break
            moved += _replace(
                order[at : at + _AT_ONCE],
                session,
                day,
                bed,
                SCALE,
                node_limit,
                draft.column,
                draft.left,
                draft.people,
                draft.minimum,
                draft.reward,
                self.work,
                *self._fixed(),
            )
        return moved

    def points(self, draft: Draft) -> int:
        """Points of leaders and choices, without underfill."""
        pricer = self.pricer
        total = int(_points(draft.column, pricer.compiled, pricer.items))
        return total + int(pricer.rows.cfg_points[draft.chosen[draft.chosen >= 0]].sum())

    def objective(self, draft: Draft) -> int:
        """Points of the draft as it stands (candidates below their minimum not counted as a fault)."""
        short = np.maximum(0, draft.minimum - draft.people)
        confirmed = draft.reward < KEEP_MINIMUM
        tallies = self.pricer.rows.tallies
        soft = (tallies.unit > 0) & (tallies.price < LEAVE)
        beyond = np.maximum(0, -draft.left[tallies.first :][soft])
        mix = int((-(-beyond // tallies.unit[soft]) * (tallies.price[soft] // SCALE)).sum())
        return self.points(draft) - int((short * (draft.reward // SCALE))[confirmed].sum()) - mix

    def _fixed(self) -> tuple[Compiled, Items, Layout]:
        return self.pricer.compiled, self.pricer.items, self.pricer.rows.layout


def residual(draft: Draft, rhs: I64) -> F64:
    """What a draft leaves of the right-hand sides."""
    return np.where(rhs < UNLIMITED // 2, draft.left, rhs).astype(np.float64)


@inner
def _tallied(b: int, s: int, d: int, heads: int, left: I64, y: Layout) -> bool:
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
    items: Items,
    y: Layout,
) -> bool:
    """Whether every row that item j of leader i uses has room for them."""
    heads = c.leaders.heads[i]
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
        if left[s] < heads:
            return False
        b = c.leaders.branch[i]
        while b >= 0:
            if y.quota_at[b, s] >= 0 and left[y.quota_at[b, s]] < heads:
                return False
            b = y.parent[b]
        if not _tallied(c.leaders.branch[i], s, -1, heads, left, y):
            return False
    for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
        for d in range(items.trip_first[q], items.trip_last[q] + 1):
            if left[y.bed0 + items.site[j] * y.n_days + d] < heads or not _tallied(
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
    items: Items,
    y: Layout,
) -> None:
    """Take what item j of leader i uses off what is left, or (`sign` -1) give it back."""
    heads = c.leaders.heads[i] * sign
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        s = items.sess[q]
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
    for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
        for d in range(items.trip_first[q], items.trip_last[q] + 1):
            left[y.bed0 + items.site[j] * y.n_days + d] -= heads
            b = c.leaders.branch[i]
            for k in range(y.tally_ptr[b], y.tally_ptr[b + 1]):
                r = y.tally_day[y.tally_of[k]]
                if r >= 0:
                    left[r + d] -= heads * y.tally_weight[k]
            while b >= 0:
                left[y.away0 + b * y.n_days + d] -= heads
                b = y.parent[b]


@inner
def charge(i: int, s: int, left: I64, c: Compiled, y: Layout) -> int:
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


@lean
def _put(
    who: I32,
    columns: I32,
    placed: Bools,
    column: I32,
    left: I64,
    people: I64,
    c: Compiled,
    items: Items,
    y: Layout,
) -> None:
    for x in range(len(who)):
        i = who[x]
        good = True
        for a in range(columns.shape[1]):
            j = columns[x, a]
            if j >= 0:
                good = good and fits(
                    i,
                    j,
                    left,
                    c,
                    items,
                    y,
                )
        if not good:
            continue
        placed[x] = True
        for a in range(columns.shape[1]):
            j = columns[x, a]
            column[i, a] = j
            if j >= 0:
                apply(
                    i,
                    j,
                    1,
                    left,
                    people,
                    c,
                    items,
                    y,
                )


@lean
def _take(
    who: I32,
    column: I32,
    left: I64,
    people: I64,
    c: Compiled,
    items: Items,
    y: Layout,
) -> None:
    for x in range(len(who)):
        i = who[x]
        for a in range(column.shape[1]):
            j = column[i, a]
            if j >= 0:
                apply(
                    i,
                    j,
                    -1,
                    left,
                    people,
                    c,
                    items,
                    y,
                )
            column[i, a] = -1


@lean
def _replace(
    order: I32,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    node_limit: int,
    column: I32,
    left: I64,
    people: I64,
    minimum: I64,
    reward: I64,
    w: Scratch,
    c: Compiled,
    items: Items,
    y: Layout,
) -> int:
    moved = 0
    for x in range(len(order)):
        i = order[x]
        b, heads = c.leaders.branch[i], c.leaders.heads[i]
        for a in range(column.shape[1]):
            if column[i, a] >= 0:
                apply(
                    i,
                    column[i, a],
                    -1,
                    left,
                    people,
                    c,
                    items,
                    y,
                )
        floor = 0
        mask = 0
        i0 = items.ptr[i]
        for j in range(i0, items.ptr[i + 1]):
            cost = -NEVER
            if fits(
                i,
                j,
                left,
                c,
                items,
                y,
            ):
                cost = -items.points[j] * scale
                for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                    s = items.sess[q]
                    cost += heads * session[b, s] + charge(i, s, left, c, y)
                    if reward[s] > 0 and people[s] < minimum[s]:
                        cost -= reward[s] * min(heads, minimum[s] - people[s])
                p = items.site[j]
                for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
                    lo, hi = items.trip_first[q], items.trip_last[q] + 1
                    cost += heads * (day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo])
            w.cost[j - i0] = cost
        for a in range(column.shape[1]):
            j = column[i, a]
            if j >= 0:
                mask |= items.mask[j]
                floor -= w.cost[j - i0]
        for g in range(items.bit_ptr[i + 1] - items.bit_ptr[i]):
            if (mask >> g) & 1:
                floor += items.bit_points[items.bit_ptr[i] + g] * scale
        floor -= scale * lost(i, column[i], c, items)
        search(i, c, items, scale, node_limit, w)
        pinned = items.n_pins[i] > 0 and column[i, 0] < 0
        if w.found_value[0] > NEVER // 2 and (w.found_value[0] > floor or pinned):
            moved += 1
            for a in range(column.shape[1]):
                column[i, a] = w.found[0, a] if a < w.found_n[0] else -1
        for a in range(column.shape[1]):
            if column[i, a] >= 0:
                apply(
                    i,
                    column[i, a],
                    1,
                    left,
                    people,
                    c,
                    items,
                    y,
                )
    return moved


@lean
def _points(column: I32, c: Compiled, items: Items) -> int:
    total = 0
    for i in range(column.shape[0]):
        total += column_points(i, column[i], c, items)
    return total
