"""The coupling rows, all of the form  use <= right-hand side,  and the choices that are nobody's plan.

Row families, in this order in one index space:

    seat   session       people - seats of the chosen configuration
    low    session       minimum of the chosen configuration - people
    quota  (session, branch)   people - the quota, of a candidate only where it runs
    bed    (site, day)
    away   (branch, day)
    offer  offering      candidates that run
    room   (site, room size, day)   sessions put into rooms of that size
    limit  linear limit on which candidates run
    tally  (tally, session) or (tally, day)   weighed people - what may be beyond

A *block* is a session whose configuration is to be chosen: a candidate (not run, or run in a room of some
size), a confirmed session at a site that lists rooms (which size), and the underfill of a confirmed session
with a minimum (none, or all of it; what lies between is a mixture), and in the same way the people whom a
soft entry of `mix` lacks in it. Exactly one configuration of a block is
taken, so blocks are to the master what leaders are: convex combinations of columns. Rooms of one size at a
site are one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, pointers
from cadreplan.engines.columns.compiled.tallies import N, Tallies, build_tallies, soft
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance, Session
from cadreplan.language import tr


class Layout(NamedTuple):
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
    """Right-hand sides by row, and the blocks: configuration k of block b is `block_ptr[b] + k`.

    `cfg_row`/`cfg_coef` (by `cfg_ptr`) are a configuration's entries; `cfg_size` is the seats of its rooms
    (-1: no room is needed, -2: does not run, -3: underfill or people a mix lacks), `cfg_cap` the people it
    admits or lacks.
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
    cfg_ptr: I32
    cfg_row: I32
    cfg_coef: I64
    cfg_points: I64
    cfg_size: I64
    cfg_cap: I64
    order: I32
    """Branches, every branch after its parent."""
    parent: I32
    stand_in: I32
    """By row, the row that implies it; itself where it is needed (see `dominance`)."""

    @property
    def n(self) -> int:
        return len(self.rhs)

    @property
    def n_blocks(self) -> int:
        return len(self.block_session)

    @cached_property
    def layout(self) -> Layout:
        """Positions of the leaders' rows."""
        quota_at = np.full((len(self.parent), self.n_sessions), -1, np.int32)
        quota_at[self.quota_branch, self.quota_session] = np.arange(self.quota0, self.bed0, dtype=np.int32)
        t = self.tallies
        return Layout(self.parent, self.n_days, self.n_sessions, self.bed0, self.away0, quota_at, *t[:8])

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
        """Configurations that stand for underfill: these may be mixed, all others are to be chosen."""
        return np.asarray(self.cfg_size == -3, np.bool_)

    @cached_property
    def choices(self) -> I32:
        """Blocks that are to be chosen: all but those of underfill."""
        return np.flatnonzero(~self.underfill[self.block_ptr[:-1]]).astype(np.int32)

    @cached_property
    def block_of(self) -> I32:
        """The block of every configuration."""
        return np.repeat(np.arange(self.n_blocks, dtype=np.int32), np.diff(self.block_ptr))

    def moved(self, prices: F64) -> F64:
        """Prices by row, those of rows that are implied put on the rows that imply them."""
        return np.bincount(self.stand_in, weights=prices, minlength=self.n).astype(np.float64)

    def worth(self, prices: I64, scale: int) -> I64:
        """Scaled worth of every configuration at integer prices."""
        worth = self.cfg_points * scale
        if len(self.cfg_row):
            paid = np.concatenate(([0], np.cumsum(self.cfg_coef * prices[self.cfg_row])))
            worth = worth - (paid[self.cfg_ptr[1:]] - paid[self.cfg_ptr[:-1]])
        return worth

    def credit(self, session: I32, amount: I64) -> I64:
        """Amounts by session, added up for every configuration in which a candidate runs."""
        total = np.zeros(self.n_sessions, np.int64)
        np.add.at(total, session, amount)
        return np.where(self.cfg_size >= -1, total[self.block_session[self.block_of]], 0)

    @property
    def underfill_points(self) -> float:
        """Points lost for each place below the minimum of a confirmed session, 0 where none are."""
        lost = np.flatnonzero(self.underfill & (self.cfg_points < 0))
        places = self.cfg_cap[lost]
        return float((-self.cfg_points[lost] / places).max(initial=0))

    @cached_property
    def of_candidates(self) -> Bools:
        """Configurations of candidates."""
        first = self.cfg_size[self.block_ptr[:-1]]
        return np.asarray(first[self.block_of] == -2, np.bool_)

    def ways_to_run(self, chosen: I32) -> I32:
        """Configurations left open where it is only fixed which candidates run: underfill and all rooms."""
        runs = self.running(chosen) | self.underfill[self.block_ptr[:-1]]
        return np.flatnonzero(runs[self.block_of] & (self.cfg_size != -2)).astype(np.int32)

    def running(self, chosen: I32) -> Bools:
        """Blocks whose session runs in a choice."""
        runs = np.zeros(self.n_blocks, np.bool_)
        runs[self.block_of[chosen[self.cfg_size[chosen] != -2]]] = True
        return runs

    def best_worth(self, worth: I64) -> I64:
        """The largest worth in every block."""
        return np.maximum.reduceat(worth, self.block_ptr[:-1]) if self.n_blocks else np.zeros(0, np.int64)

    def best_choice(self, worth: I64) -> F64:
        """The first configuration of largest worth in every block, as weights of 1."""
        best = np.flatnonzero(worth == self.best_worth(worth)[self.block_of])
        weight = np.zeros(len(worth))
        weight[best[np.unique(self.block_of[best], return_index=True)[1]]] = 1
        return weight

    def use_of(self, weight: F64) -> F64:
        """Use by row of a mixture of configurations."""
        entry = np.repeat(weight, np.diff(self.cfg_ptr)) * self.cfg_coef
        return np.bincount(self.cfg_row, weights=entry, minlength=self.n).astype(np.float64)

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


UNLIMITED = 1 << 40


def build_rows(instance: Instance) -> Rows:
    """Rows and blocks of an instance; rows that do not exist have an unlimited right-hand side."""
    m, d = len(instance.sessions), instance.n_days
    quotas = [(s, b, q) for s, session in enumerate(instance.sessions) for b, q in session.quotas]
    quota0 = 2 * m
    bed0 = quota0 + len(quotas)
    home = 1 if instance.policy.local_km else 0  # a site without limits behind all others, see `Compiled`
    away0 = bed0 + (len(instance.sites) + home) * d
    offer0 = away0 + len(instance.branches) * d
    room0 = offer0 + len(instance.offerings)
    room_rows, room_rhs, sizes = _room_rows(instance, room0)
    limit0 = room0 + len(room_rhs)
    tally0 = limit0 + len(instance.limits)
    tallies = build_tallies(instance, tally0)
    rhs = np.full(tally0 + len(tallies.rhs), UNLIMITED, np.int64)
    rhs[quota0:bed0] = [0 if instance.sessions[s].candidate else q for s, _, q in quotas]
    for p, site in enumerate(instance.sites):
        if site.beds is not None:
            rhs[bed0 + p * d : bed0 + (p + 1) * d] = [_most(instance.beds_on(p, day)) for day in range(d)]
    for b, branch in enumerate(instance.branches):
        if branch.max_away is not None:
            rhs[away0 + b * d : away0 + (b + 1) * d] = [_most(instance.away_on(b, day)) for day in range(d)]
    for o, offering in enumerate(instance.offerings):
        if offering.max_runs is not None:
            rhs[offer0 + o] = offering.max_runs
    rhs[room0:limit0] = room_rhs
    rhs[limit0:tally0] = [limit.most for limit in instance.limits]
    rhs[tally0:] = tallies.rhs
    shared = _shared_entries(instance, offer0, limit0)
    for k in np.flatnonzero(tallies.session >= 0):
        tally = instance.tallies[tallies.tally[k]]
        if tally.run:
            shared[tallies.session[k]].append((tally0 + int(k), tally.run))
    for row, (s, _, q) in enumerate(quotas, quota0):
        shared[s].append((row, -q))
    block_session: list[int] = []
    lengths: list[int] = []
    entries: list[list[tuple[int, int]]] = []
    points: list[int] = []
    size_of: list[int] = []
    cap: list[int] = []
    for s, session in enumerate(instance.sessions):
        rhs[s] = session.seats
        rhs[m + s] = UNLIMITED
        housed = sizes[session.site] if session.needs_room else None
        if session.candidate or housed is not None:
            rhs[s] = 0
            if session.candidate and session.min_seats > 0:
                rhs[m + s] = 0
            configs = _configurations(instance, s, session, housed, room_rows, m, shared[s])
            if not configs:
                place = instance.sites[session.site].id
                fact = tr("site {site} has a room for {session}", site=place, session=session.id)
                raise ContradictionError([fact])
            block_session.append(s)
            lengths.append(len(configs))
            for rows, value, size, people in configs:
                entries.append(rows)
                points.append(value)
                size_of.append(size)
                cap.append(people)
        weight = instance.policy.weights.underfill
        if not session.candidate and session.min_seats > 0 and weight > 0:
            rhs[m + s] = -session.min_seats
            block_session.append(s)
            lengths.append(2)
            entries += [[], [(m + s, -session.min_seats)]]
            points += [0, -weight * session.min_seats]
            size_of += [-3, -3]
            cap += [0, session.min_seats]
    for row, s, tally in soft(instance, tallies):
        block_session.append(s)
        lengths.append(2)
        entries += [[], [(row, -tally.unit * tally.beyond)]]
        points += [0, -(tally.points or 0) * tally.beyond]
        size_of += [-3, -3]
        cap += [0, tally.beyond]
    parent = np.array([-1 if b.parent is None else b.parent for b in instance.branches], np.int32)
    order = np.array(
        sorted(range(len(instance.branches)), key=lambda b: len(instance.branches[b].lineage)), np.int32
    )
    return Rows(
        rhs,
        m,
        d,
        quota0,
        bed0,
        away0,
        offer0,
        room0,
        limit0,
        tallies,
        np.array([s for s, _, _ in quotas], np.int32),
        np.array([b for _, b, _ in quotas], np.int32),
        pointers(lengths),
        np.array(block_session, np.int32),
        pointers(map(len, entries)),
        np.array([r for one in entries for r, _ in one], np.int32),
        np.array([v for one in entries for _, v in one], np.int64),
        np.array(points, np.int64),
        np.array(size_of, np.int64),
        np.array(cap, np.int64),
        order,
        parent,
        np.arange(len(rhs), dtype=np.int32),
    )


def _most(limit: int | None) -> int:
    return UNLIMITED if limit is None else limit


def _shared_entries(instance: Instance, offer0: int, limit0: int) -> list[list[tuple[int, int]]]:
    """By session, what its running takes of rows that candidates share: runs of its offering, limits."""
    entries: list[list[tuple[int, int]]] = [[] for _ in instance.sessions]
    for s, session in enumerate(instance.sessions):
        if session.candidate and session.offering is not None:
            entries[s].append((offer0 + session.offering, 1))
    for n, limit in enumerate(instance.limits):
        for s, weight in limit.terms:
            entries[s].append((limit0 + n, weight))
    return entries


def _configurations(
    instance: Instance,
    s: int,
    session: Session,
    sizes: dict[int, int] | None,
    room_rows: dict[tuple[int, int], list[int]],
    m: int,
    shared: list[tuple[int, int]],
) -> list[tuple[list[tuple[int, int]], int, int, int]]:
    """(entries, points, room size, people admitted) of each way to hold a session, and of not holding it.

    `shared` are the entries of a run in rows of offerings and limits.
    """
    configs: list[tuple[list[tuple[int, int]], int, int, int]] = []
    if session.candidate:
        configs.append(([], 0, -2, 0))
    rooms = instance.sites[session.site].rooms
    if session.room is not None and rooms is not None:
        sizes = {rooms[session.room].seats: 1}
    for size in [-1] if sizes is None else sorted(sizes):
        people = session.seats if size < 0 or session.frozen else min(session.seats, size)
        if session.candidate and people < session.min_seats:
            continue
        rows = [(s, -people)]
        points = 0
        if session.candidate:
            points = -instance.policy.weights.open * session.cost
            if session.min_seats > 0:
                rows.append((m + s, session.min_seats))
            rows += shared
        if size >= 0:
            rows += [(row, 1) for row in room_rows.get((s, size), ())]
        configs.append((rows, points, size, people))
    return configs


def _room_rows(
    instance: Instance, first: int
) -> tuple[dict[tuple[int, int], list[int]], list[int], list[dict[int, int] | None]]:
    """Rows by (session, room size), their right-hand sides, and every site's number of rooms by size."""
    rows: dict[tuple[int, int], list[int]] = {}
    rhs: list[int] = []
    sizes: list[dict[int, int] | None] = []
    for p, site in enumerate(instance.sites):
        if site.rooms is None:
            sizes.append(None)
            continue
        count: dict[int, int] = {}
        for room in site.rooms:
            count[room.seats] = count.get(room.seats, 0) + 1
        sizes.append(count)
        by_day: dict[int, set[int]] = {}
        for s, session in enumerate(instance.sessions):
            if session.site == p and session.needs_room:
                for day in session.days:
                    by_day.setdefault(day, set()).add(s)
        meetings = {frozenset(there) for there in by_day.values()}
        largest = [one for one in meetings if not any(one < other for other in meetings)]
        for there in sorted(largest, key=sorted):
            for size in sorted(count):
                if len(there) > count[size]:
                    for s in there:
                        rows.setdefault((s, size), []).append(first + len(rhs))
                    rhs.append(count[size])
    return rows, rhs, sizes
