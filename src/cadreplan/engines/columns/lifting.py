"""Tolls: what single leaders would pay for a candidate to run, so that cuts are tight beside a choice too.

A price alone says little about a candidate that is closed: it has to be so high that nobody comes, and
times all seats that is far more than opening could bring. But whoever attends a candidate needs it open, so
for every leader i and candidate s, and any toll t >= 0, charging i the toll for attending s and crediting it
where s runs gives a bound that is as valid as before (the linking constraints  x_is <= y_s  of facility
location, dualised). With

    closed:  toll of i  =  what i would gain by s, less its price;  the price that of the last seat,
    open:    toll of i  =  what i would lose without s,

a cut says of every single opening or closing nearly what it is worth, taken at the columns found so far. The
exact search with the tolls charged then makes it a bound, however they were guessed.

Rooms are guessed in the same way: what each leader would pay for a session says what its seats bring.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32, I64, Bools, Compiled
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import kernel
from cadreplan.engines.columns.pool import Pool
from cadreplan.engines.columns.pricing import SCALE, Pricer, Tolls, column_worth

_MOST = 24
"""Candidates a leader that get a toll; a bound is valid whichever these are."""


def tolls_at(pricer: Pricer, pool: Pool, prices: F64, chosen: I32) -> tuple[F64, Tolls]:
    """Prices (by row, points) and tolls for a cut at a choice, from prices that have settled there.

    `chosen` is one configuration for each block of choice.
    """
    rows, n = pricer.rows, pricer.n
    blocks = rows.choices[rows.cfg_size[rows.block_ptr[rows.choices]] == -2]
    candidates = rows.block_session[blocks]
    place = np.full(rows.n_sessions, -1, np.int32)
    place[candidates] = np.arange(len(candidates), dtype=np.int32)
    runs = np.zeros(len(candidates), np.bool_)
    held = chosen[np.isin(rows.block_of[chosen], blocks)]
    runs[place[rows.block_session[rows.block_of[held]]]] = rows.cfg_size[held] != -2
    most = np.maximum.reduceat(rows.cfg_cap, rows.block_ptr[:-1])[blocks]
    prices = prices.copy()
    closed = candidates[~runs]
    prices[closed] = 0
    prices[rows.n_sessions + closed] = 0
    whole = np.clip(np.rint(prices * SCALE), 0, 1 << 50).astype(np.int64)
    session, day, bed = rows.spread(whole)
    toll = np.zeros((n, _MOST), np.int64)
    of = np.full((n, _MOST), -1, np.int32)

    def call(lo: int, hi: int) -> None:
        _gains(
            lo,
            hi,
            pool.column,
            pool.points,
            pool.size,
            pricer.compiled,
            pricer.items,
            session,
            day,
            bed,
            SCALE,
            place,
            runs,
            of,
            toll,
        )

    pricer.crew.run(call, n)
    heads = pricer.compiled.leaders.heads
    for q in np.flatnonzero(~runs):
        who, k = np.nonzero(of == q)
        if not len(who):
            continue
        order = np.argsort(-toll[who, k] / heads[who], kind="stable")
        who, k = who[order], k[order]
        seated = np.cumsum(heads[who])
        last = int(np.searchsorted(seated, most[q], side="right"))
        if last < len(who):
            price = -(-int(toll[who[last], k[last]]) // int(heads[who[last]]))
            prices[candidates[q]] = price / SCALE
            toll[who, k] = np.maximum(0, toll[who, k] - price * heads[who])
    keep = toll > 0
    ptr = np.concatenate(([0], np.cumsum(keep.sum(axis=1)))).astype(np.int32)
    return prices, Tolls(ptr, candidates[of[keep]].astype(np.int32), toll[keep])


def worth_of_seats(pricer: Pricer, pool: Pool, prices: F64) -> F64:
    """By configuration, what its seats bring (points) if those who pay most come and all else stays as it is.

    0 for configurations without a room.
    """
    rows, n = pricer.rows, pricer.n
    roomed = rows.cfg_size >= 0
    sessions = np.unique(rows.block_session[rows.block_of[roomed]])
    place = np.full(rows.n_sessions, -1, np.int32)
    place[sessions] = np.arange(len(sessions), dtype=np.int32)
    whole = np.clip(np.rint(prices * SCALE), 0, 1 << 50).astype(np.int64)
    session, day, bed = rows.spread(whole)
    own = whole[: rows.n_sessions]
    rent = np.zeros((n, _MOST), np.int64)
    of = np.full((n, _MOST), -1, np.int32)
    column, value, size = pool.column, pool.points, pool.size

    def call(lo: int, hi: int) -> None:
        args = (column, value, size, pricer.compiled, pricer.items, session, day, bed, SCALE)
        _rents(lo, hi, *args, own, place, of, rent)

    pricer.crew.run(call, n)
    heads = pricer.compiled.leaders.heads
    out = np.zeros(len(rows.cfg_points))
    for q, s in enumerate(sessions):
        who, k = np.nonzero((of == q) & (rent > 0))
        order = np.argsort(-rent[who, k] / heads[who], kind="stable")
        seated = np.cumsum(heads[who[order]])
        brought = np.concatenate(([0.0], np.cumsum(rent[who, k][order]))) / SCALE
        ways = np.flatnonzero(roomed & (rows.block_session[rows.block_of] == s))
        out[ways] = brought[np.searchsorted(seated, rows.cfg_cap[ways], side="right")]
    return out


@kernel
def _rents(
    lo: int,
    hi: int,
    column: I32,
    value: I64,
    size: I32,
    c: Compiled,
    items: Items,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    own: I64,
    place: I32,
    of: I32,
    rent: I64,
) -> None:
    """What leaders lo..hi would pay for a seat in each session of `place`, by the places of `of`."""
    places, most = column.shape[1], of.shape[1]
    worth = np.zeros(places, np.int64)
    has = np.zeros((most, places), np.bool_)
    named = np.zeros(most, np.int32)
    for i in range(lo, hi):
        n = 0
        has[:] = False
        for k in range(size[i]):
            worth[k] = column_worth(i, column[i, k], value[i, k], c, items, session, day, bed, scale)
            for a in range(column.shape[2]):
                j = column[i, k, a]
                if j < 0:
                    break
                for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                    p = place[items.sess[q]]
                    if p < 0:
                        continue
                    x = 0
                    while x < n and of[i, x] != p:
                        x += 1
                    if x == n:
                        if n == most:
                            continue
                        of[i, n] = p
                        named[n] = items.sess[q]
                        n += 1
                    has[x, k] = True
        for x in range(n):
            there, elsewhere = -(1 << 60), -(1 << 60)
            for k in range(size[i]):
                if has[x, k]:
                    there = max(there, worth[k])
                else:
                    elsewhere = max(elsewhere, worth[k])
            if elsewhere > -(1 << 59):
                rent[i, x] = there + c.leaders.heads[i] * own[named[x]] - elsewhere


@kernel
def _gains(
    lo: int,
    hi: int,
    column: I32,
    value: I64,
    size: I32,
    c: Compiled,
    items: Items,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    place: I32,
    runs: Bools,
    of: I32,
    toll: I64,
) -> None:
    """Tolls of leaders lo..hi, one candidate after the other, open ones first; `toll` by places of `of`."""
    places = column.shape[1]
    most = of.shape[1]
    worth = np.zeros(places, np.int64)
    has = np.zeros((most, places), np.bool_)
    shut = np.zeros(places, np.int32)
    for i in range(lo, hi):
        n = 0
        has[:] = False
        dropped = np.zeros(places, np.bool_)
        for k in range(size[i]):
            worth[k] = column_worth(i, column[i, k], value[i, k], c, items, session, day, bed, scale)
            shut[k] = 0
            for a in range(column.shape[2]):
                j = column[i, k, a]
                if j < 0:
                    break
                for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                    p = place[items.sess[q]]
                    if p < 0:
                        continue
                    x = 0
                    while x < n and of[i, x] != p:
                        x += 1
                    if x == n:
                        if n == most:
                            dropped[k] = True
                            continue
                        of[i, n] = p
                        n += 1
                    if not has[x, k] and not runs[p]:
                        shut[k] += 1
                    has[x, k] = True
        for x in range(n):  # open: what is lost without it
            if not runs[of[i, x]]:
                continue
            best, without = -(1 << 60), -(1 << 60)
            for k in range(size[i]):
                if shut[k] == 0 and not dropped[k]:
                    best = max(best, worth[k])
                    if not has[x, k]:
                        without = max(without, worth[k])
            if without > -(1 << 59) and best > without:
                toll[i, x] = best - without
                for k in range(size[i]):
                    if has[x, k]:
                        worth[k] -= best - without
        base = -(1 << 60)
        for k in range(size[i]):
            if shut[k] == 0 and not dropped[k]:
                base = max(base, worth[k])
        if base < -(1 << 59):
            continue
        for x in range(n):  # closed: what is gained by it, the last of a column's to be looked at pays
            if runs[of[i, x]]:
                continue
            gain = 0
            for k in range(size[i]):
                if has[x, k]:
                    shut[k] -= 1
                    if shut[k] == 0:
                        gain = max(gain, worth[k] - base)
            if gain > 0:
                toll[i, x] = gain
                for k in range(size[i]):
                    if has[x, k]:
                        worth[k] -= gain
