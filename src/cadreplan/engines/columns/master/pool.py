"""The columns found so far: a fixed number of places a leader, the least useful one given up when full."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, MAX_SESSIONS, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import RowIndex, Rows
from cadreplan.engines.columns.pricing.completion_bounds import NOTHING
from cadreplan.engines.columns.pricing.kernels import column_points
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.jit import inner, lean

PLACES = 40
"""Columns kept of a leader; the one of least reduced worth gives way."""


@dataclass(frozen=True)
class Pool:
    """`column[i, k, :]` are the stays of leader i's column k (-1: no more), `points` its worth, `size` the
    columns of a leader. `score` is the reduced worth when last looked at.
    """

    column: I32
    points: I64
    size: I32
    score: F64

    @property
    def width(self) -> int:
        """Stays of a column at most."""
        return int(self.column.shape[2])


@dataclass(frozen=True)
class Matrix:
    """Columns of blocks end to end: block b has columns `block_ptr[b]..block_ptr[b+1]`.

    Leaders come first, in the order of `who`, each with places `place` of the pool; then the modes
    `mode` of the session blocks. Entries are (`row`, `coef`) by `ptr`; rows are positions among the active.
    """

    who: I32
    block_ptr: I32
    place: I32
    mode: I32
    ptr: I32
    row: I32
    coef: F64
    points: F64


def new_pool(n: int, width: int, places: int = PLACES) -> Pool:
    """An empty pool for n leaders, with `width` stays a column at most."""
    return Pool(
        np.full((n, places, width), -1, np.int32),
        np.zeros((n, places), np.int64),
        np.zeros(n, np.int32),
        np.zeros((n, places)),
    )


def width_of(compiled: Compiled) -> int:
    """Most stays any leader's column can have."""
    return int(np.clip(compiled.leaders.max_sessions.max(initial=1), 1, MAX_SESSIONS))


def add_columns(
    pool: Pool, who: I32, found: I32, compiled: Compiled, stays: Stays, threads: ThreadPool
) -> I32:
    """Put sets of stays (n, k, width) into the pool; returns for each leader how many were new.

    Where there is no place left, the worst column goes. A leader's first one stays: to go nowhere is possible
    whatever else is full (for those with pins it is one that keeps them).
    """
    added = np.zeros(len(who), np.int32)
    threads.run(
        lambda lo, hi: _add(
            lo,
            hi,
            who,
            found,
            pool.column,
            pool.points,
            pool.size,
            pool.score,
            compiled,
            stays,
            added,
        ),
        len(who),
    )
    return added


@inner
def _same(a: I32, b: I32) -> bool:
    """Whether two columns hold the same stays, in any order."""
    n = 0
    while n < len(a) and a[n] >= 0:
        n += 1
    if (n < len(b) and b[n] >= 0) or (n > 0 and b[n - 1] < 0):
        return False
    for x in range(n):
        hit = False
        for y in range(n):
            hit = hit or a[x] == b[y]
        if not hit:
            return False
    return True


@lean
def _add(
    lo: int,
    hi: int,
    who: I32,
    found: I32,
    column: I32,
    points: I64,
    size: I32,
    score: F64,
    c: Compiled,
    stays: Stays,
    added: I32,
) -> None:
    places = column.shape[1]
    width = column.shape[2]
    for x in range(lo, hi):
        i = who[x]
        for r in range(found.shape[1]):
            if found[x, r, 0] == NOTHING:
                continue
            known = False
            for k in range(size[i]):
                known = known or _same(column[i, k], found[x, r, :width])
            if known:
                continue
            if size[i] < places:
                k = size[i]
                size[i] += 1
            else:
                k = min(1, places - 1)
                for k2 in range(2, places):
                    if score[i, k2] < score[i, k]:
                        k = k2
            for a in range(width):
                column[i, k, a] = found[x, r, a]
            points[i, k] = column_points(i, column[i, k], c, stays)
            score[i, k] = 1e30
            added[x] += 1


def build_matrix(
    pool: Pool,
    who: I32,
    modes: I32,
    mode_ptr: I32,
    active: I32,
    compiled: Compiled,
    stays: Stays,
    rows: Rows,
) -> Matrix:
    """The master's columns for leaders `who` and the allowed modes, over active rows.

    `active` maps a row to its position or -1; `mode_ptr` delimits the modes of each block.
    """
    sizes = pool.size[who]
    block_ptr = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    n = int(block_ptr[-1])
    counts = np.zeros(n, np.int32)
    place = np.zeros(n, np.int32)
    points = np.zeros(n)
    none_i, none_f = np.zeros(0, np.int32), np.zeros(0)
    start = np.zeros(n, np.int32)
    args = (
        who,
        block_ptr,
        pool.column,
        pool.points,
        compiled,
        stays,
        active,
        rows.row_index,
    )
    _entries(False, *args, counts, place, points, start, none_i, none_f)
    ptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    row, coef = np.zeros(int(ptr[-1]), np.int32), np.zeros(int(ptr[-1]))
    _entries(True, *args, counts, place, points, ptr, row, coef)
    # modes
    mode_rows: list[np.ndarray] = [row]
    mode_coef: list[np.ndarray] = [coef]
    lengths = []
    for k in modes:
        lo, hi = rows.mode_ptr[k], rows.mode_ptr[k + 1]
        at = active[rows.mode_row[lo:hi]]
        mode_rows.append(at[at >= 0])
        mode_coef.append(rows.mode_coef[lo:hi][at >= 0].astype(np.float64))
        lengths.append(int((at >= 0).sum()))
    return Matrix(
        who,
        np.concatenate((block_ptr, n + mode_ptr[1:])).astype(np.int32),
        place,
        modes,
        np.concatenate((ptr, ptr[-1] + np.cumsum(lengths))).astype(np.int32),
        np.concatenate(mode_rows).astype(np.int32),
        np.concatenate(mode_coef),
        np.concatenate((points, rows.mode_points[modes].astype(np.float64))),
    )


def without_rows(matrix: Matrix, gone: Bools) -> Matrix:
    """The programme over the other rows (`gone` is by position), which move up."""
    kept = ~gone[matrix.row]
    n_kept = np.concatenate(([0], np.cumsum(kept)))
    position = (np.cumsum(~gone) - 1).astype(np.int32)
    return replace(
        matrix,
        ptr=n_kept[matrix.ptr].astype(np.int32),
        row=position[matrix.row[kept]],
        coef=matrix.coef[kept],
    )


def without_users(matrix: Matrix, gone: Bools) -> Matrix:
    """The programme over the other rows, without leaders' columns that use one of `gone` (by position).

    Of a leader with no other column all stay, as if these rows were none.
    """
    n = len(matrix.who)
    of_leaders = int(matrix.block_ptr[n])
    user = np.zeros(len(matrix.points), np.bool_)
    entry = np.repeat(np.arange(len(matrix.points)), np.diff(matrix.ptr))
    user[entry[gone[matrix.row]]] = True
    user[of_leaders:] = False
    block = np.repeat(np.arange(n), np.diff(matrix.block_ptr[: n + 1]))
    others = np.bincount(block[~user[:of_leaders]], minlength=n)
    user[:of_leaders] &= others[block] > 0
    kept = ~user
    sizes = np.concatenate(
        (np.bincount(block[kept[:of_leaders]], minlength=n), np.diff(matrix.block_ptr[n:]))
    )
    lengths = np.diff(matrix.ptr)[kept]
    inside = kept[entry]
    fewer = replace(
        matrix,
        block_ptr=np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        place=matrix.place[kept[:of_leaders]],
        ptr=np.concatenate(([0], np.cumsum(lengths))).astype(np.int32),
        row=matrix.row[inside],
        coef=matrix.coef[inside],
        points=matrix.points[kept],
    )
    return without_rows(fewer, gone)


@lean
def _entries(
    fill: bool,
    who: I32,
    block_ptr: I32,
    column: I32,
    value: I64,
    c: Compiled,
    stays: Stays,
    active: I32,
    y: RowIndex,
    counts: I32,
    place: I32,
    points: F64,
    ptr: I32,
    row: I32,
    coef: F64,
) -> None:
    for x in range(len(who)):
        i = who[x]
        branch, heads = c.leaders.branch[i], c.leaders.heads[i]
        for col in range(block_ptr[x], block_ptr[x + 1]):
            k = col - block_ptr[x]
            place[col] = k
            points[col] = value[i, k]
            at = ptr[col]
            n = 0
            for a in range(column.shape[2]):
                j = column[i, k, a]
                if j < 0:
                    break
                for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                    s = stays.sess[q]
                    if active[s] >= 0:
                        if fill:
                            row[at + n] = active[s]
                            coef[at + n] = heads
                        n += 1
                    if active[y.n_sessions + s] >= 0:
                        if fill:
                            row[at + n] = active[y.n_sessions + s]
                            coef[at + n] = -heads
                        n += 1
                    b = branch
                    while b >= 0:
                        quota = y.quota_at[b, s]
                        if quota >= 0 and active[quota] >= 0:
                            if fill:
                                row[at + n] = active[quota]
                                coef[at + n] = heads
                            n += 1
                        b = y.parent[b]
                    for k2 in range(y.tally_ptr[branch], y.tally_ptr[branch + 1]):
                        r = y.tally_at[y.tally_of[k2], s]
                        if r >= 0 and active[r] >= 0:
                            if fill:
                                row[at + n] = active[r]
                                coef[at + n] = heads * y.tally_weight[k2]
                            n += 1
                for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
                    for d in range(stays.trip_first[q], stays.trip_last[q] + 1):
                        for k2 in range(y.tally_ptr[branch], y.tally_ptr[branch + 1]):
                            r = y.tally_day[y.tally_of[k2]]
                            if r >= 0 and active[r + d] >= 0:
                                if fill:
                                    row[at + n] = active[r + d]
                                    coef[at + n] = heads * y.tally_weight[k2]
                                n += 1
                        r = active[y.bed0 + stays.site[j] * y.n_days + d]
                        if r >= 0:
                            if fill:
                                row[at + n] = r
                                coef[at + n] = heads
                            n += 1
                        b = branch
                        while b >= 0:
                            r = active[y.away0 + b * y.n_days + d]
                            if r >= 0:
                                if fill:
                                    row[at + n] = r
                                    coef[at + n] = heads
                                n += 1
                            b = y.parent[b]
            counts[col] = n


@lean
def weighted_use(
    who: I32,
    block_ptr: I32,
    place: I32,
    weight: F64,
    column: I32,
    c: Compiled,
    stays: Stays,
    people: F64,
    away: F64,
    bed: F64,
) -> None:
    """Use of a fractional solution of columns: people by (branch, session), changes by (branch, day) and
    (site, day)."""
    for x in range(len(who)):
        i = who[x]
        b = c.leaders.branch[i]
        for col in range(block_ptr[x], block_ptr[x + 1]):
            part = weight[col] * c.leaders.heads[i]
            if part < 1e-9:
                continue
            for a in range(column.shape[2]):
                j = column[i, place[col], a]
                if j < 0:
                    break
                p = stays.site[j]
                for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
                    people[b, stays.sess[q]] += part
                for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
                    away[b, stays.trip_first[q]] += part
                    away[b, stays.trip_last[q] + 1] -= part
                    bed[p, stays.trip_first[q]] += part
                    bed[p, stays.trip_last[q] + 1] -= part
