"""The coupling rows, all of the form  use <= right-hand side,  and the choices that are nobody's plan.

Row families, in this order in one index space:

    seat   session       people - seats of the chosen mode
    low    session       minimum of the chosen mode - people
    quota  (session, branch)   people - the quota, of a candidate only where it runs
    bed    (site, day)
    away   (branch, day)
    offer  offering      candidates that run
    room   (site, room size, day)   sessions put into rooms of that size
    limit  linear limit on which candidates run
    tally  (tally, session) or (tally, day)   weighed people - what may be beyond

A *block* is a session whose mode is to be chosen: a candidate (not run, or run in a room of some size), a
confirmed session at a site that lists rooms (which size), and the underfill of a confirmed session with a
minimum (none, or all of it; what lies between is a fractional solution), and in the same way the people whom
a soft entry of `mix` lacks in it. Exactly one mode of a block is taken, so blocks are to the master what
leaders are: convex combinations of columns. Rooms of one size at a site are one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools
from cadreplan.engines.columns.compiled.tallies import N, Tallies
from cadreplan.engines.structures import Structure

UNLIMITED = 1 << 40
"""The right-hand side of a row that does not exist."""


class ModeKind(IntEnum):
    """What a session is in a mode."""

    CLOSED = 0
    """A candidate that does not run."""
    OPEN = 1
    """It runs, and needs no room of its site's list."""
    ROOM = 2
    """It runs in a room of that many seats."""
    UNDERFILL = 3
    """It runs in any case; the mode stands for people missing, of its minimum or of what a mix asks for."""


@dataclass(frozen=True, eq=False)
class RowIndex(Structure):
    """Where rows are, for kernels; those of quotas are `quota_at` (B, M), -1 where there is none.

    Leaders of branch b, not of those below it, weigh `tally_weight[k]` a head in tally `tally_of[k]`, for k
    in `tally_ptr[b]..tally_ptr[b+1]`. Its rows are `tally_at` (W, M) by session or -1, or from `tally_day`
    (W) on by day or -1. From `tally0` on rows have a `unit` and the `price` of one (scaled points; 0: none).
    """

    parent: I32
    n_days: int
    n_sessions: int
    bed0: int
    away0: int
    quota_at: I32
    tally0: int
    tally_ptr: I32
    tally_of: I32
    tally_weight: I64
    tally_at: I32
    tally_day: I32
    unit: I64
    price: I64


@dataclass(frozen=True)
class Rows:
    """Right-hand sides by row, and the blocks: mode k of block b is `block_ptr[b] + k`.

    `mode_row`/`mode_coef` (by `mode_ptr`) are a mode's entries; `mode_kind` (of `ModeKind`) says what the
    session is in it, `mode_seats` are those of its room (0: none is needed), `mode_cap` the people it admits
    or lacks.
    """

    rhs: I64
    n_sessions: int
    n_days: int
    quota0: int
    bed0: int
    away0: int
    offer0: int
    room0: int
    limit0: int
    tallies: Tallies
    quota_session: I32
    quota_branch: I32
    block_ptr: I32
    block_session: I32
    mode_ptr: I32
    mode_row: I32
    mode_coef: I64
    mode_points: I64
    mode_kind: I32
    mode_seats: I64
    mode_cap: I64
    order: I32
    """Branches, every branch after its parent."""
    parent: I32
    stand_in: I32
    """By row, the row that implies it; itself where it is needed (see `row_dominance`)."""

    @property
    def n(self) -> int:
        return len(self.rhs)

    @property
    def n_blocks(self) -> int:
        return len(self.block_session)

    @cached_property
    def row_index(self) -> RowIndex:
        """Positions of the leaders' rows."""
        quota_at = np.full((len(self.parent), self.n_sessions), -1, np.int32)
        quota_at[self.quota_branch, self.quota_session] = np.arange(self.quota0, self.bed0, dtype=np.int32)
        t = self.tallies
        return RowIndex(self.parent, self.n_days, self.n_sessions, self.bed0, self.away0, quota_at, *t[:8])

    @property
    def mixed(self) -> I64:
        """Rows that may be exceeded at a price, or that people leave rather than are kept out by."""
        return self.tallies.first + np.flatnonzero(self.tallies.unit)

    @cached_property
    def branch_of(self) -> I32:
        """By row, the branch whose leaders alone meet it; -1 where all may."""
        branch = np.full(self.n, -1, np.int32)
        branch[self.quota0 : self.bed0] = self.quota_branch
        branch[self.away0 : self.offer0] = np.repeat(np.arange(len(self.parent)), self.n_days)
        return branch

    @property
    def n_sites(self) -> int:
        return (self.away0 - self.bed0) // max(1, self.n_days)

    @cached_property
    def underfill(self) -> Bools:
        """Modes that stand for underfill: these may be mixed, all others are to be chosen."""
        return np.asarray(self.mode_kind == ModeKind.UNDERFILL, np.bool_)

    @cached_property
    def wants_people(self) -> Bools:
        """Sessions in which people may be wanted: those with a minimum, or whom a mix or a tie speaks of."""
        wanted = self.rhs[self.n_sessions : 2 * self.n_sessions] < UNLIMITED
        of = self.tallies.session
        wanted[of[of >= 0]] = True
        return np.asarray(wanted | bool((of < 0).any()), np.bool_)

    @cached_property
    def closed(self) -> Bools:
        """Modes in which a candidate does not run."""
        return np.asarray(self.mode_kind == ModeKind.CLOSED, np.bool_)

    @cached_property
    def runs(self) -> Bools:
        """Modes to hold a session."""
        return np.asarray((self.mode_kind == ModeKind.OPEN) | (self.mode_kind == ModeKind.ROOM), np.bool_)

    @cached_property
    def choices(self) -> I32:
        """Blocks that are to be chosen: all but those of underfill."""
        return np.flatnonzero(~self.underfill[self.block_ptr[:-1]]).astype(np.int32)

    @cached_property
    def block_of(self) -> I32:
        """The block of every mode."""
        return np.repeat(np.arange(self.n_blocks, dtype=np.int32), np.diff(self.block_ptr))

    def moved(self, prices: F64) -> F64:
        """Prices by row, those of rows that are implied put on the rows that imply them."""
        return np.bincount(self.stand_in, weights=prices, minlength=self.n).astype(np.float64)

    def worth(self, prices: I64, scale: int) -> I64:
        """Scaled worth of every mode at integer prices."""
        worth = self.mode_points * scale
        if len(self.mode_row):
            paid = np.concatenate(([0], np.cumsum(self.mode_coef * prices[self.mode_row])))
            worth = worth - (paid[self.mode_ptr[1:]] - paid[self.mode_ptr[:-1]])
        return worth

    def credit(self, session: I32, amount: I64) -> I64:
        """Amounts by session, added up for every mode in which a candidate runs."""
        total = np.zeros(self.n_sessions, np.int64)
        np.add.at(total, session, amount)
        return np.where(self.runs, total[self.block_session[self.block_of]], 0)

    @property
    def underfill_points(self) -> float:
        """Points lost for each place below the minimum of a confirmed session, 0 where none are."""
        lost = np.flatnonzero(self.underfill & (self.mode_points < 0))
        places = self.mode_cap[lost]
        return float((-self.mode_points[lost] / places).max(initial=0))

    @cached_property
    def of_candidates(self) -> Bools:
        """Modes of candidates."""
        first = self.closed[self.block_ptr[:-1]]
        return np.asarray(first[self.block_of], np.bool_)

    @cached_property
    def minimum(self) -> I64:
        """By block, the people without whom its session does not run, 0 where it may with any."""
        found = np.zeros(self.n_blocks, np.int64)
        block = np.repeat(self.block_of, np.diff(self.mode_ptr))
        low = self.mode_row == self.n_sessions + self.block_session[block]
        found[block[low]] = np.maximum(0, self.mode_coef[low])
        return found

    def ways_to_run(self, chosen: I32) -> I32:
        """Modes left open where it is only fixed which candidates run: underfill and all rooms."""
        runs = self.running(chosen) | self.underfill[self.block_ptr[:-1]]
        return np.flatnonzero(runs[self.block_of] & ~self.closed).astype(np.int32)

    def running(self, chosen: I32) -> Bools:
        """Blocks whose session runs in a choice."""
        runs = np.zeros(self.n_blocks, np.bool_)
        runs[self.block_of[chosen[~self.closed[chosen]]]] = True
        return runs

    def best_worth(self, worth: I64) -> I64:
        """The largest worth in every block."""
        return np.maximum.reduceat(worth, self.block_ptr[:-1]) if self.n_blocks else np.zeros(0, np.int64)

    def best_choice(self, worth: I64) -> F64:
        """The first mode of largest worth in every block, as weights of 1."""
        best = np.flatnonzero(worth == self.best_worth(worth)[self.block_of])
        weight = np.zeros(len(worth))
        weight[best[np.unique(self.block_of[best], return_index=True)[1]]] = 1
        return weight

    def use_of(self, weight: F64) -> F64:
        """Use by row of a fractional solution of modes."""
        entry = np.repeat(weight, np.diff(self.mode_ptr)) * self.mode_coef
        return np.bincount(self.mode_row, weights=entry, minlength=self.n).astype(np.float64)

    def spread(self, prices: I64) -> tuple[I64, I64, I64]:
        """What one of a branch pays: (B, M) a session, (B, D+1) and (sites, D+1) running sums of days."""
        m, d = self.n_sessions, self.n_days
        n_branches = len(self.parent)
        session = np.zeros((n_branches, m), np.int64)
        np.add.at(session, (self.quota_branch, self.quota_session), prices[self.quota0 : self.bed0])
        day = prices[self.away0 : self.offer0].reshape(n_branches, d).copy()
        for b in self.order:
            if self.parent[b] >= 0:
                session[b] += session[self.parent[b]]
                day[b] += day[self.parent[b]]
        session += prices[:m] - prices[m : 2 * m]
        self.tallies.spread(prices, session, day)
        bed = prices[self.bed0 : self.away0].reshape(-1, d)
        return session, _running(day), _running(bed)

    def gather(self, people: N, away: N, bed: N) -> N:
        """Use by row: people by (branch, session); changes of people by (branch, day) and (site, day)."""
        m = self.n_sessions
        use: N = np.zeros(self.n, people.dtype)
        total = people.copy()
        days = np.cumsum(away, axis=1)
        for b in self.order[::-1]:
            if self.parent[b] >= 0:
                total[self.parent[b]] += total[b]
                days[self.parent[b]] += days[b]
        use[:m] = people.sum(axis=0)
        use[m : 2 * m] = -use[:m]
        use[self.quota0 : self.bed0] = total[self.quota_branch, self.quota_session]
        use[self.bed0 : self.away0] = np.cumsum(bed, axis=1)[:, : self.n_days].ravel()
        use[self.away0 : self.offer0] = days[:, : self.n_days].ravel()
        self.tallies.add_use(use, people, away)
        return use


def _running(by_day: I64) -> I64:
    out = np.zeros((by_day.shape[0], by_day.shape[1] + 1), np.int64)
    np.cumsum(by_day, axis=1, out=out[:, 1:])
    return out
