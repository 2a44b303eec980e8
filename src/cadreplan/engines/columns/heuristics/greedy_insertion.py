"""Greedy insertion: a first plan before there are any prices, the largest gains first.

Every leader's best stay that still fits is looked at, and whoever gains most takes theirs; then the next. A
gain can only fall as places are taken, so one that was looked at before is looked at again only when its
turn comes (Minoux 1978). Gains within a tenth of each other take turns by leader.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cadreplan.engines.columns.choices.modes import ModeModel
from cadreplan.engines.columns.compiled.arrays import I32, I64, Compiled
from cadreplan.engines.columns.compiled.rows import RowIndex, Rows
from cadreplan.engines.columns.heuristics.draft import Draft, apply, fits
from cadreplan.engines.columns.heuristics.lots import Lot, Task, work_at
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.pricing.compatibility import clash, idle_in, missing, standards
from cadreplan.engines.columns.pricing.kernels import points_of_gaps
from cadreplan.engines.columns.pricing.owed import lost
from cadreplan.engines.columns.pricing.shards import Common, Shard
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner, lean
from cadreplan.language import tr

_STEP = 0.9
"""Gains within this of each other take turns by leader; kernels are compiled with it."""
_ROUNDS = 2
"""Times that lots are given shares: the second time of what the first has left, for those with nothing."""


def first_plan(repair: Repair, mode_model: ModeModel) -> bool:
    """A plan before there are prices; whether there is one.

    All candidates run that rooms allow, in the largest rooms; those short of their minimum close again.
    """
    rows, budget, params = repair.rows, repair.budget, repair.pricer.params
    weight = np.where(rows.closed, 0.0, 1.0 + rows.mode_cap / (1.0 + rows.mode_cap))
    chosen_modes = mode_model.heaviest(
        weight, budget.left(), work=params.choices.first_work
    ) or mode_model.heaviest(weight, budget.left())
    if chosen_modes is None:
        return False
    budget.phase(tr("placing leaders one by one"))
    draft = repair.empty(chosen_modes.chosen)
    pinned = repair.pricer.stays.n_pins > 0
    at_no_price = np.zeros(rows.n)
    repair.placer.replace(
        draft,
        np.flatnonzero(pinned).astype(np.int32),
        at_no_price,
        node_limit=params.pricing.heuristic_nodes,
    )
    insert_greedily(repair.placer, draft, np.flatnonzero(~pinned).astype(np.int32))
    return repair.finish(draft, chosen_modes.rooms, fresh=True)


def insert_greedily(placer: Placer, draft: Draft, who: I32) -> None:
    """Give leaders `who` (none of whom has a plan in the draft) one stay after the other."""
    if placer.divides(who):
        task = Task.of(draft, np.zeros(placer.pricer.rows.n))
        for _ in range(_ROUNDS):
            placer.waves.place(draft, who, insert_in_lot, task, at_once=True)
            who = who[draft.column[who, 0] < 0]
            if not len(who):
                break
        return
    listed = placer.pricer.shards.listed(who)
    shard = listed.shard
    column = draft.column
    if not listed.is_everything:
        column = np.full((shard.n, draft.column.shape[1]), -1, np.int32)
    _insert_in(shard, listed.places(who), column, draft.left, draft.people, placer.pricer.rows)
    if not listed.is_everything:
        draft.column[who] = listed.outward(who, column[listed.places(who)])


def insert_in_lot(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """Greedy insertion of the leaders of a lot (see `lots.work_at`)."""

    def work(lot: Lot) -> float:
        _insert_in(shard, lot.who, lot.column, lot.left, lot.people, lot.rows)
        return 0.0

    return work_at(shard, common, asked, part, work)


def _insert_in(shard: Shard, who: I32, column: I32, left: I64, people: I64, rows: Rows) -> None:
    """Insert leaders of a shard into a plan of its stays."""
    n, width = len(who), column.shape[1]
    most, best = np.full(n, 1 << 60, np.int64), np.full(n, -1, np.int32)
    sessions = len(shard.compiled.sessions.site)
    working = most, best, np.zeros(n, np.int32), np.zeros(width + 1, np.int32), np.zeros(sessions, np.int32)
    alone, turn = _by_worth(shard.stays)
    plan = column, left, people
    _insert(who, alone, turn, *working, *plan, shard.compiled, shard.stays, rows.row_index)


def _by_worth(stays: Stays) -> tuple[I64, I32]:
    """Points of each stay by itself, and each leader's stays, counted from the first, by these."""
    alone = np.zeros(len(stays.mask), np.int64)
    _worth_alone(alone, stays)
    turn = np.zeros(len(stays.mask), np.int32)
    for a, b in pairwise(stays.ptr.tolist()):
        turn[a:b] = np.argsort(-alone[a:b], kind="stable")
    return alone, turn


@lean
def _worth_alone(alone: I64, stays: Stays) -> None:
    for i in range(len(stays.ptr) - 1):
        for j in range(stays.ptr[i], stays.ptr[i + 1]):
            alone[j] = stays.points[j] + points_of_gaps(i, stays.mask[j], stays)


@lean
def _insert(
    who: I32,
    alone: I64,
    turn: I32,
    most: I64,
    best: I32,
    count: I32,
    chosen: I32,
    idle: I32,
    column: I32,
    left: I64,
    people: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> None:
    """`most` is what the next stay can gain at most, `best` that stay, `count` the stays held."""
    level = 1 << 60
    while True:
        top, after = 0, 0
        for x in range(len(who)):
            i = who[x]
            while most[x] >= level and most[x] > 0:
                fresh = best[x] >= 0 and fits(i, best[x], left, c, stays, y)
                if not fresh:
                    most[x], best[x] = _next(
                        i, alone, turn, column[i], count[x], chosen, idle, left, c, stays, y
                    )
                if best[x] < 0:
                    most[x] = 0
                elif most[x] >= level:
                    column[i, count[x]] = best[x]
                    count[x] += 1
                    apply(i, best[x], 1, left, people, c, stays, y)
                    best[x] = -1
                    if count[x] >= column.shape[1]:
                        most[x] = 0
            if most[x] > 0:
                top = max(top, most[x])
        after = int(top * _STEP)
        if top <= 0:
            break
        level = max(1, min(after, level - 1))


@inner
def _next(
    i: int,
    alone: I64,
    turn: I32,
    column: I32,
    n: int,
    chosen: I32,
    idle: I32,
    left: I64,
    c: Compiled,
    stays: Stays,
    y: RowIndex,
) -> tuple[int, int]:
    """The stay of leader i that adds most points to the n chosen and fits; (0, -1) where none adds any.

    None that leads nowhere yet. Stays are looked at by their worth `alone`, until no other can add as much;
    `chosen` and `idle` are working memory.
    """
    l_ = c.leaders
    mask = np.int64(0)
    sessions = trips = days = 0
    for a in range(n):
        j = column[a]
        chosen[a] = j
        mask |= stays.mask[j]
        sessions += stays.sess_ptr[j + 1] - stays.sess_ptr[j]
        trips += stays.trips[j]
        days += stays.days[j]
    before = l_.owed_ptr[i] < l_.owed_ptr[i + 1] or (n == 0 and l_.idle[i] > 0)
    now = lost(i, column[:n], c, stays) if before else 0
    gained, found = 0, -1
    for at in range(stays.ptr[i], stays.ptr[i + 1]):
        j = stays.ptr[i] + turn[at]
        if not before and alone[j] < max(1, gained):
            break
        points = stays.points[j] + points_of_gaps(i, stays.mask[j] & ~mask, stays)
        if before:
            chosen[n] = j
            points += now - lost(i, chosen[: n + 1], c, stays)
        if points < gained or points <= 0 or (points == gained and j > found):
            continue
        if (
            sessions + stays.sess_ptr[j + 1] - stays.sess_ptr[j] > l_.max_sessions[i]
            or trips + stays.trips[j] > l_.max_trips[i]
            or days + stays.days[j] > l_.max_days[i]
        ):
            continue
        good = True
        for a in range(n):
            good = good and chosen[a] != j and not clash(j, chosen[a], c, stays)
        if not good or not fits(i, j, left, c, stays, y):
            continue
        chosen[n] = j
        if missing(i, chosen, n + 1, c, stays) or not standards(i, chosen, n + 1, c, stays):
            continue
        if idle_in(i, chosen, n + 1, c, stays, idle) > 0:
            continue
        gained, found = points, j
    return gained, found
