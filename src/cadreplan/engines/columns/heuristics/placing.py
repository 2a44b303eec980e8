"""Leaders put into a draft, taken out, and placed again one by one where it brings more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import RowIndex
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.compiled.tallies import LEAVE
from cadreplan.engines.columns.heuristics.draft import KEEP_MINIMUM, Draft, apply, charge, fits
from cadreplan.engines.columns.heuristics.lots import Lot, Task, work_at
from cadreplan.engines.columns.heuristics.waves import Waves
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, Scratch, scratch
from cadreplan.engines.columns.pricing.kernels import column_points, points_of_gaps
from cadreplan.engines.columns.pricing.owed import lost
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.search import search
from cadreplan.engines.columns.pricing.shards import Common, Shard
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import lean

_AT_ONCE = 250
"""Leaders between two looks at whether to stop."""


class Placer:
    """Builds and repairs drafts for one instance."""

    def __init__(self, pricer: Pricer, width: int, seed: int = 0) -> None:
        self.pricer, self.width, self._seed = pricer, width, seed
        self.seconds = 0.0
        """What it took at most to place one leader again, where many were."""
        self._searched: Shard | None = None
        self._work: Scratch | None = None

    def empty(self, chosen: I32, minimum: I64, underfill: int, candidate: Bools) -> Draft:
        """A draft in which nobody goes anywhere, with one mode for each block of choice."""
        rows = self.pricer.rows
        by_block = np.full(rows.n_blocks, -1, np.int32)
        by_block[rows.block_of[chosen]] = chosen
        weight = np.zeros(len(rows.mode_points))
        weight[chosen] = 1
        left = rows.rhs - np.rint(rows.use_of(weight)).astype(np.int64)
        running = ~candidate
        running[rows.block_session[rows.block_of[chosen]]] = ~rows.closed[chosen]
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
        node_limit: int | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> int:
        """Re-place leaders one by one where it brings more, at `prices` by row (points); how many moved.

        `node_limit` is that of a search, None: as the parameters say.
        """
        limit = self.pricer.params.pricing.placing_nodes if node_limit is None else node_limit
        if self.divides(order):
            begun = time.monotonic()
            moved = self.waves.place(draft, order, replace_in_lot, Task.of(draft, prices, limit), stop=stop)
            self.seconds = max(self.seconds, (time.monotonic() - begun) / len(order))
            return moved
        return self._replace_here(draft, order, prices, limit, stop)

    def divides(self, who: I32) -> bool:
        """Whether these leaders are placed in lots: too many to list their stays here."""
        lots = self.pricer.shards.lots
        return lots is not None and len(who) > lots.placed_here

    @cached_property
    def waves(self) -> Waves:
        """Places leaders where their stays are listed."""
        return Waves(self.pricer, self.exchange, self._seed)

    def exchange(self, draft: Draft, who: I32, columns: I32) -> int:
        """Give leaders `who` these columns in place of theirs; how many could have them."""
        before = draft.column[who]
        self.take(draft, who)
        placed = self.put(draft, who, columns)
        self.put(draft, who[~placed], before[~placed])
        return int(placed.sum())

    def replace_here(self, draft: Draft, order: I32, prices: F64) -> int:
        """As `replace`, by the client however many they are: each may have all that is left."""
        lots, moved = self.pricer.shards.lots, 0
        at_once = len(order) if lots is None else lots.placed_here
        for first in range(0, len(order), max(1, at_once)):
            moved += self.replace(draft, order[first : first + at_once], prices)
        return moved

    def _replace_here(
        self, draft: Draft, order: I32, prices: F64, limit: int, stop: Callable[[], bool] | None
    ) -> int:
        """`replace` by leaders' stays listed in this process."""
        if not len(order):
            return 0
        session, day, bed = self.pricer.rows.spread(scaled(prices))
        listed = self.pricer.shards.listed(order)
        shard, at = listed.shard, listed.places(order)
        if self._searched is not shard:
            self._searched, self._work = shard, scratch(shard.compiled, shard.stays, 1)
        assert self._work is not None
        column = draft.column
        if not listed.is_everything:
            column = np.full((shard.n, self.width), -1, np.int32)
            column[at] = listed.inward(order, draft.column[order])
        moved, begun = 0, time.monotonic()
        for first in range(0, len(order), _AT_ONCE):
            if first:
                self.seconds = max(self.seconds, (time.monotonic() - begun) / first)
            if stop is not None and stop():
                break
            moved += _replace(
                at[first : first + _AT_ONCE],
                session,
                day,
                bed,
                SCALE,
                limit,
                column,
                draft.left,
                draft.people,
                draft.minimum,
                draft.reward,
                self._work,
                shard.compiled,
                shard.stays,
                self.pricer.rows.row_index,
            )
        if column is not draft.column:
            draft.column[order] = listed.outward(order, column[at])
        return moved

    def points(self, draft: Draft) -> int:
        """Points of leaders and choices, without underfill."""
        pricer = self.pricer
        total = int(_points(draft.column, pricer.compiled, pricer.stays))
        return total + int(pricer.rows.mode_points[draft.chosen[draft.chosen >= 0]].sum())

    def objective(self, draft: Draft) -> int:
        """Points of the draft as it stands (candidates below their minimum not counted as a fault)."""
        short = np.maximum(0, draft.minimum - draft.people)
        confirmed = draft.reward < KEEP_MINIMUM
        tallies = self.pricer.rows.tallies
        soft = (tallies.unit > 0) & (tallies.price < LEAVE)
        beyond = np.maximum(0, -draft.left[tallies.first :][soft])
        mix = int((-(-beyond // tallies.unit[soft]) * (tallies.price[soft] // SCALE)).sum())
        return self.points(draft) - int((short * (draft.reward // SCALE))[confirmed].sum()) - mix

    def _fixed(self) -> tuple[Compiled, Stays, RowIndex]:
        return self.pricer.compiled, self.pricer.stays, self.pricer.rows.row_index


def replace_in_lot(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """Re-place leaders of a lot one by one where it brings more (see `lots.work_at`)."""

    def work(lot: Lot) -> float:
        task = lot.task
        _replace(
            lot.who,
            *lot.paid,
            SCALE,
            task.node_limit,
            lot.column,
            lot.left,
            lot.people,
            task.minimum,
            task.reward,
            scratch(shard.compiled, shard.stays, 1),
            shard.compiled,
            shard.stays,
            lot.rows.row_index,
        )
        return 0.0

    return work_at(shard, common, asked, part, work)


@lean
def _put(
    who: I32,
    columns: I32,
    placed: Bools,
    column: I32,
    left: I64,
    people: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> None:
    for x in range(len(who)):
        i = who[x]
        good = True
        for a in range(columns.shape[1]):
            j = columns[x, a]
            if j >= 0:
                good = good and fits(i, j, left, c, stays, y)
        if not good:
            continue
        placed[x] = True
        for a in range(columns.shape[1]):
            j = columns[x, a]
            column[i, a] = j
            if j >= 0:
                apply(i, j, 1, left, people, c, stays, y)


@lean
def _take(
    who: I32,
    column: I32,
    left: I64,
    people: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> None:
    for x in range(len(who)):
        i = who[x]
        for a in range(column.shape[1]):
            j = column[i, a]
            if j >= 0:
                apply(i, j, -1, left, people, c, stays, y)
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
    stays: Stays,
    y: RowIndex,
) -> int:
    moved = 0
    for x in range(len(order)):
        i = order[x]
        b, heads = c.leaders.branch[i], c.leaders.heads[i]
        for a in range(column.shape[1]):
            if column[i, a] >= 0:
                apply(i, column[i, a], -1, left, people, c, stays, y)
        floor = 0
        mask = 0
        i0 = stays.ptr[i]
        for j in range(i0, stays.ptr[i + 1]):
            cost = -NEVER
            if fits(i, j, left, c, stays, y):
                cost = -stays.points[j] * scale
                for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                    s = stays.sess[q]
                    cost += heads * session[b, s] + charge(i, s, left, c, y)
                    if reward[s] > 0 and people[s] < minimum[s]:
                        cost -= reward[s] * min(heads, minimum[s] - people[s])
                p = stays.site[j]
                for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
                    lo, hi = stays.trip_first[q], stays.trip_last[q] + 1
                    cost += heads * (day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo])
            w.cost[j - i0] = cost
        for a in range(column.shape[1]):
            j = column[i, a]
            if j >= 0:
                mask |= stays.mask[j]
                floor -= w.cost[j - i0]
        floor += scale * (points_of_gaps(i, mask, stays) - lost(i, column[i], c, stays))
        search(i, c, stays, scale, node_limit, NEVER, w)
        pinned = stays.n_pins[i] > 0 and column[i, 0] < 0
        if w.found_value[0] > NEVER // 2 and (w.found_value[0] > floor or pinned):
            moved += 1
            for a in range(column.shape[1]):
                column[i, a] = w.found[0, a] if a < w.found_n[0] else -1
        for a in range(column.shape[1]):
            if column[i, a] >= 0:
                apply(i, column[i, a], 1, left, people, c, stays, y)
    return moved


@lean
def _points(column: I32, c: Compiled, stays: Stays) -> int:
    total = 0
    for i in range(column.shape[0]):
        total += column_points(i, column[i], c, stays)
    return total
