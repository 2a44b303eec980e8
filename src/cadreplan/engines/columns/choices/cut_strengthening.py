"""Multipliers: what single leaders would pay for a candidate to run, so that cuts are tight beside a choice
too.

A price alone says little about a candidate that is closed: it has to be so high that nobody comes, and times
all seats that is far more than opening could bring. But whoever attends a candidate needs it open, so for
every leader i and candidate s, and any multiplier t >= 0, charging i the multiplier for attending s and
crediting it where s runs gives a bound that is as valid as before (the linking constraints  x_is <= y_s  of
facility location, dualised). With

    closed:  multiplier of i  =  what i would gain by s, less its price;  the price that of the last seat,
    open:    multiplier of i  =  what i would lose without s,

a cut says of every single opening or closing nearly what it is worth, taken at the columns found so far. The
exact search with the multipliers charged then makes it a bound, however they were guessed.

Rooms are guessed in the same way: what each leader would pay for a session says what its seats bring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import ModeKind
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.master.pool import Pool
from cadreplan.engines.columns.pricing.kernels import Multipliers, column_worth
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner, lean
from cadreplan.engines.structures import Structure

_MOST = 24
"""Candidates a leader that get a multiplier; a bound is valid whichever these are."""


def strengthened_at(pricer: Pricer, pool: Pool, prices: F64, chosen: I32) -> tuple[F64, Multipliers]:
    """Prices (by row, points) and multipliers for a cut at a choice, from prices that have settled there.

    `chosen` is one mode for each block of choice.
    """
    rows, n = pricer.rows, pricer.n
    blocks = rows.choices[rows.closed[rows.block_ptr[rows.choices]]]
    candidates = rows.block_session[blocks]
    runs = rows.running(chosen)[blocks]
    most = np.maximum.reduceat(rows.mode_cap, rows.block_ptr[:-1])[blocks]
    prices = prices.copy()
    closed = candidates[~runs]
    prices[closed] = 0
    prices[rows.n_sessions + closed] = 0
    multiplier = np.zeros((n, _MOST), np.int64)
    of = np.full((n, _MOST), -1, np.int32)
    market = _market(pricer, pool, prices, candidates)
    pricer.threads.run(lambda lo, hi: _gains(lo, hi, market, runs, of, multiplier, _noted(market)), n)
    heads = pricer.compiled.leaders.heads
    for q in np.flatnonzero(~runs):
        who, k = np.nonzero(of == q)
        if not len(who):
            continue
        order = np.argsort(-multiplier[who, k] / heads[who], kind="stable")
        who, k = who[order], k[order]
        seated = np.cumsum(heads[who])
        last = int(np.searchsorted(seated, most[q], side="right"))
        if last < len(who):
            price = -(-int(multiplier[who[last], k[last]]) // int(heads[who[last]]))
            prices[candidates[q]] = price / SCALE
            multiplier[who, k] = np.maximum(0, multiplier[who, k] - price * heads[who])
    keep = multiplier > 0
    ptr = np.concatenate(([0], np.cumsum(keep.sum(axis=1)))).astype(np.int32)
    return prices, Multipliers(ptr, candidates[of[keep]].astype(np.int32), multiplier[keep])


def worth_of_seats(pricer: Pricer, pool: Pool, prices: F64) -> F64:
    """By mode, what its seats bring (points) if those who pay most come and all else stays as it is.

    0 for modes without a room.
    """
    rows, n = pricer.rows, pricer.n
    roomed = rows.mode_kind == ModeKind.ROOM
    sessions = np.unique(rows.block_session[rows.block_of[roomed]])
    rent = np.zeros((n, _MOST), np.int64)
    of = np.full((n, _MOST), -1, np.int32)
    market = _market(pricer, pool, prices, sessions)
    pricer.threads.run(lambda lo, hi: _rents(lo, hi, market, of, rent, _noted(market)), n)
    heads = pricer.compiled.leaders.heads
    out = np.zeros(len(rows.mode_points))
    for q, s in enumerate(sessions):
        who, k = np.nonzero((of == q) & (rent > 0))
        order = np.argsort(-rent[who, k] / heads[who], kind="stable")
        seated = np.cumsum(heads[who[order]])
        brought = np.concatenate(([0.0], np.cumsum(rent[who, k][order]))) / SCALE
        ways = np.flatnonzero(roomed & (rows.block_session[rows.block_of] == s))
        out[ways] = brought[np.searchsorted(seated, rows.mode_cap[ways], side="right")]
    return out


@dataclass(frozen=True, eq=False)
class _Market(Structure):
    """The pool's columns at prices, and the sessions asked about: `place` of each session, -1 for others.

    `own` is the scaled price of each of these; the rest is as for `column_worth`.
    """

    column: I32
    points: I64
    size: I32
    compiled: Compiled
    stays: Stays
    session: I64
    day: I64
    bed: I64
    place: I32
    own: I64


def _market(pricer: Pricer, pool: Pool, prices: F64, sessions: I32) -> _Market:
    rows = pricer.rows
    place = np.full(rows.n_sessions, -1, np.int32)
    place[sessions] = np.arange(len(sessions), dtype=np.int32)
    whole = scaled(prices)
    columns = (pool.column, pool.points, pool.size, pricer.compiled, pricer.stays)
    return _Market(*columns, *rows.spread(whole), place, whole[sessions])


@dataclass(frozen=True, eq=False)
class _Noted(Structure):
    """Of one leader's columns: see `_look`; `shut` counts the closed candidates of each."""

    worth: I64
    has: Bools
    dropped: Bools
    shut: I32


def _noted(market: _Market) -> _Noted:
    places = market.column.shape[1]
    return _Noted(
        np.zeros(places, np.int64),
        np.zeros((_MOST, places), np.bool_),
        np.zeros(places, np.bool_),
        np.zeros(places, np.int32),
    )


@inner
def _look(i: int, m: _Market, of: I32, worth: I64, has: Bools, dropped: Bools) -> int:
    """The worth of leader i's columns, and which have which of the sessions asked about; how many there are.

    `of` gets their places, as many as there is room for; a column with one more is `dropped`.
    """
    n = 0
    for k in range(m.size[i]):
        dropped[k] = False
        for x in range(len(has)):
            has[x, k] = False
    for k in range(m.size[i]):
        column = m.column[i, k]
        worth[k] = column_worth(
            i, column, m.points[i, k], m.compiled, m.stays, m.session, m.day, m.bed, SCALE
        )
        for a in range(len(column)):
            j = column[a]
            if j < 0:
                break
            for q in range(m.stays.sess_ptr[j], m.stays.sess_ptr[j + 1]):
                p = m.place[m.stays.sess[q]]
                if p < 0:
                    continue
                x = 0
                while x < n and of[i, x] != p:
                    x += 1
                if x == len(has):
                    dropped[k] = True
                    continue
                if x == n:
                    of[i, n] = p
                    n += 1
                has[x, k] = True
    return n


@lean
def _rents(lo: int, hi: int, m: _Market, of: I32, rent: I64, noted: _Noted) -> None:
    """What leaders lo..hi would pay for a seat in each session asked about, by the places of `of`."""
    worth, has, dropped = noted.worth, noted.has, noted.dropped
    for i in range(lo, hi):
        n = _look(i, m, of, worth, has, dropped)
        for x in range(n):
            there, elsewhere = -(1 << 60), -(1 << 60)
            for k in range(m.size[i]):
                if has[x, k]:
                    there = max(there, worth[k])
                else:
                    elsewhere = max(elsewhere, worth[k])
            if elsewhere > -(1 << 59):
                rent[i, x] = there + m.compiled.leaders.heads[i] * m.own[of[i, x]] - elsewhere


@lean
def _gains(lo: int, hi: int, m: _Market, runs: Bools, of: I32, multiplier: I64, noted: _Noted) -> None:
    """Multipliers of leaders lo..hi, one candidate after the other, open ones first; `multiplier` by places
    of `of`."""
    worth, has, dropped, shut = noted.worth, noted.has, noted.dropped, noted.shut
    for i in range(lo, hi):
        n = _look(i, m, of, worth, has, dropped)
        size = m.size[i]
        for k in range(size):
            shut[k] = 0
            for x in range(n):
                if has[x, k] and not runs[of[i, x]]:
                    shut[k] += 1
        for x in range(n):  # open: what is lost without it
            if not runs[of[i, x]]:
                continue
            best, without = -(1 << 60), -(1 << 60)
            for k in range(size):
                if shut[k] == 0 and not dropped[k]:
                    best = max(best, worth[k])
                    if not has[x, k]:
                        without = max(without, worth[k])
            if without > -(1 << 59) and best > without:
                multiplier[i, x] = best - without
                for k in range(size):
                    if has[x, k]:
                        worth[k] -= best - without
        base = -(1 << 60)
        for k in range(size):
            if shut[k] == 0 and not dropped[k]:
                base = max(base, worth[k])
        if base < -(1 << 59):
            continue
        for x in range(n):  # closed: what is gained by it, the last of a column's to be looked at pays
            if runs[of[i, x]]:
                continue
            gain = 0
            for k in range(size):
                if has[x, k]:
                    shut[k] -= 1
                    if shut[k] == 0:
                        gain = max(gain, worth[k] - base)
            if gain > 0:
                multiplier[i, x] = gain
                for k in range(size):
                    if has[x, k]:
                        worth[k] -= gain
