"""One pricing pass: every leader's best plans at given prices, the bound they prove, and what they use.

The Lagrangian bound of Dantzig and Wolfe (1960): for any prices p >= 0 on the coupling rows,

    sum of p x right-hand sides  +  sum of leaders' best worth at p  +  sum of blocks' best worth at p

is at least the worth of every plan. All of it is in integers: points are multiplied by SCALE and prices are
whole numbers on that scale, so no rounding can spoil a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32, I64, MAX_SESSIONS, Bools, Compiled
from cadreplan.engines.columns.dominance import needed_rows
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import Crew, inner, lean
from cadreplan.engines.columns.owed import lost
from cadreplan.engines.columns.rows import Rows
from cadreplan.engines.columns.search import search
from cadreplan.engines.columns.table import NEVER, NOTHING, Scratch, scratch

SCALE = 1 << 10
NODE_LIMIT = 100_000
HASTY = 300
"""Nodes a leader in a pass that need not prove much."""


def scaled(prices: F64) -> I64:
    """Prices in points as whole numbers on the scale; negative ones count as 0."""
    return np.clip(np.rint(prices * SCALE), 0, 1 << 50).astype(np.int64)


class Tolls(NamedTuple):
    """What leaders are charged by name for candidates, scaled: those of leader i are `ptr[i]..ptr[i+1]`.

    A candidate that runs is credited with all tolls for it, so that bounds stay valid (see `lifting`).
    """

    ptr: I32
    session: I32
    amount: I64


def no_tolls(n: int) -> Tolls:
    """No tolls for n leaders."""
    return Tolls(np.zeros(n + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Pass:
    """`upper` are leaders' bounds, `found[i, r, :]` their best sets of items (-1: no more,
    NOTHING: no set). Worths are scaled.

    With `constant` and the `worth` of configurations, constant + sum of worth[chosen] bounds every plan that
    chooses these configurations, and `bound` bounds every plan.
    """

    upper: I64
    value: I64
    count: I32
    found: I32
    prices: I64
    worth: I64
    constant: int
    bound: int
    nodes: int

    @property
    def points(self) -> int:
        """The bound in points, rounded down: objectives are whole."""
        return self.bound // SCALE

    def shortfall(self) -> float:
        """Points by which the sets found fall short of the bounds, where searches were cut short."""
        best = self.value[:, 0]
        return float((self.upper - best)[best > NEVER // 2].sum()) / SCALE


class Pricer:
    """Prices leaders of one instance; `rows` are those of its rows that are needed."""

    def __init__(self, compiled: Compiled, items: Items, rows: Rows, crew: Crew) -> None:
        self.compiled, self.items, self.crew = compiled, items, crew
        self.rows = needed_rows(rows, compiled, items)
        self.n = len(compiled.leaders.branch)
        self._no_tolls = no_tolls(self.n)

    @cached_property
    def links(self) -> Bools:
        """Rows that hold a single leader to what of a candidate runs: its quotas for branches of one."""
        rows = self.rows
        alone = np.bincount(self.compiled.leaders.branch, minlength=len(rows.parent)) == 1
        alone[rows.parent[rows.parent >= 0]] = False
        candidates = rows.block_session[rows.block_of[rows.of_candidates]]
        found = np.zeros(rows.n, np.bool_)
        found[rows.quota0 : rows.bed0] = alone[rows.quota_branch] & np.isin(rows.quota_session, candidates)
        return found

    def price(
        self,
        prices: F64,
        *,
        wanted: int = 1,
        node_limit: int = NODE_LIMIT,
        subset: I32 | None = None,
        tolls: Tolls | None = None,
    ) -> Pass:
        """A pass at `prices` by row, in points (rounded to the scale; negative ones count as 0).

        With `subset` only these leaders are priced, and the bounds are no bounds for the instance.
        """
        tolls = tolls or self._no_tolls
        rows = self.rows
        whole = scaled(prices)
        session, day, bed = rows.spread(whole)
        who = np.arange(self.n, dtype=np.int32) if subset is None else subset
        upper = np.zeros(len(who), np.int64)
        value = np.full((len(who), wanted), NEVER, np.int64)
        count = np.zeros((len(who), wanted), np.int32)
        found = np.full((len(who), wanted, MAX_SESSIONS), -1, np.int32)
        nodes = np.zeros(len(who), np.int64)

        def call(lo: int, hi: int) -> None:
            work = scratch(self.items, wanted)
            _price(
                lo,
                hi,
                who,
                self.compiled,
                self.items,
                session,
                day,
                bed,
                SCALE,
                tolls,
                node_limit,
                work,
                upper,
                value,
                count,
                found,
                nodes,
            )

        self.crew.run(call, len(who))
        worth = rows.worth(whole, SCALE) + rows.credit(tolls.session, tolls.amount)
        best = rows.best_worth(worth)
        some = np.flatnonzero(whole)
        constant = sum(int(a) * int(b) for a, b in zip(whole[some], rows.rhs[some], strict=True))
        constant += int(upper.sum()) + int(best.sum()) - int(best[rows.choices].sum())
        bound = constant + int(best[rows.choices].sum())
        return Pass(upper, value, count, found, whole, worth, constant, bound, int(nodes.sum()))

    def worth(self, columns: I32, prices: I64) -> I64:
        """Scaled worth of one column a leader at integer prices."""
        session, day, bed = self.rows.spread(prices)
        out = np.zeros(self.n, np.int64)
        _worth(columns, self.compiled, self.items, session, day, bed, SCALE, out)
        return out

    def use(self, found: I32, subset: I32 | None = None, weight: float | None = None) -> I64:
        """Use by row of one set of items a leader, `found` (n, MAX_SESSIONS)."""
        rows = self.rows
        who = np.arange(self.n, dtype=np.int32) if subset is None else subset
        people = np.zeros((len(rows.parent), rows.n_sessions), np.int64)
        away = np.zeros((len(rows.parent), rows.n_days + 1), np.int64)
        bed = np.zeros((rows.n_sites, rows.n_days + 1), np.int64)
        _use(who, found, self.compiled, self.items, people, away, bed)
        return rows.gather(people, away, bed)


@inner
def item_costs(
    i: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int, tolls: Tolls, cost: I64
) -> None:
    """Scaled costs of leader i's items: prices and tolls paid less own points."""
    b = c.leaders.branch[i]
    heads = c.leaders.heads[i]
    for j in range(items.ptr[i], items.ptr[i + 1]):
        paid = heads * _paid(j, b, items, session, day, bed)
        for t in range(tolls.ptr[i], tolls.ptr[i + 1]):
            for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                if items.sess[q] == tolls.session[t]:
                    paid += tolls.amount[t]
        cost[j - items.ptr[i]] = paid - items.points[j] * scale


@lean
def _price(
    lo: int,
    hi: int,
    who: I32,
    c: Compiled,
    items: Items,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    tolls: Tolls,
    node_limit: int,
    w: Scratch,
    upper: I64,
    value: I64,
    count: I32,
    found: I32,
    nodes: I64,
) -> None:
    for x in range(lo, hi):
        i = who[x]
        item_costs(i, c, items, session, day, bed, scale, tolls, w.cost)
        upper[x], nodes[x] = search(i, c, items, scale, node_limit, w)
        for r in range(len(w.found_value)):
            value[x, r] = w.found_value[r]
            count[x, r] = w.found_n[r]
            for a in range(w.found_n[r]):
                found[x, r, a] = w.found[r, a]
            if w.found_value[r] <= NEVER // 2:
                found[x, r, 0] = NOTHING
        if items.cut[i] and upper[x] > -(1 << 59):
            upper[x] = max(upper[x], relaxed_bound(i, c, items, session, day, bed, scale))


@inner
def column_points(i: int, column: I32, c: Compiled, items: Items) -> int:
    """What a set of items is worth to leader i, in points."""
    mask = 0
    total = 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        mask |= items.mask[j]
        total += items.points[j]
    for g in range(items.bit_ptr[i + 1] - items.bit_ptr[i]):
        if (mask >> g) & 1:
            total += items.bit_points[items.bit_ptr[i] + g]
    return int(total - lost(i, column, c, items))


@lean
def _worth(
    columns: I32, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int, out: I64
) -> None:
    for i in range(len(columns)):
        points = column_points(i, columns[i], c, items)
        out[i] = column_worth(i, columns[i], points, c, items, session, day, bed, scale)


@inner
def column_worth(
    i: int, column: I32, points: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int
) -> int:
    """Scaled worth of a set of items of leader i at prices, `points` being its own."""
    b, paid = c.leaders.branch[i], 0
    for a in range(len(column)):
        j = column[a]
        if j < 0:
            break
        paid += _paid(j, b, items, session, day, bed)
    return int(points * scale - c.leaders.heads[i] * paid)


@inner
def _paid(j: int, b: int, items: Items, session: I64, day: I64, bed: I64) -> int:
    """Prices that one of branch b pays for item j."""
    paid = 0
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        paid += session[b, items.sess[q]]
    p = items.site[j]
    for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
        lo, hi = items.trip_first[q], items.trip_last[q] + 1
        paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
    return paid


@inner
def relaxed_bound(i: int, c: Compiled, items: Items, session: I64, day: I64, bed: I64, scale: int) -> int:
    """A bound for a leader whose items are not all listed: each skill gap apart, no kilometres, no idle days.

    A session's cost is charged once, to the skill gap it is least harmful to: nowhere. So this is the sum
    of all closable skill gaps and of what sessions bring beyond their cost.
    """
    s_, p_ = c.sessions, c.policies
    b, heads = c.leaders.branch[i], c.leaders.heads[i]
    total = 0
    for g in range(items.bit_ptr[i], items.bit_ptr[i + 1]):
        total += items.bit_points[g] * scale
    for j in range(items.ptr[i], items.ptr[i + 1]):
        if items.sess_ptr[j + 1] - items.sess_ptr[j] > 1:
            continue
        s, p = items.sess[items.sess_ptr[j]], items.site[j]
        paid = session[b, s]
        n_days = 0
        for k in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            lo, hi = s_.run_first[k], s_.run_last[k] + 1
            n_days += hi - lo
            paid += day[b, hi] - day[b, lo] + bed[p, hi] - bed[p, lo]
        trips = items.trip_ptr[j + 1] - items.trip_ptr[j]
        own = (
            items.points[j] + p_.km * c.km[c.leaders.place[i], p] * trips + p_.day * (items.days[j] - n_days)
        )
        total += max(0, own * scale - heads * paid)
    return total


@lean
def _use(who: I32, found: I32, c: Compiled, items: Items, people: I64, away: I64, bed: I64) -> None:
    for x in range(len(who)):
        i = who[x]
        b, heads = c.leaders.branch[i], c.leaders.heads[i]
        for a in range(found.shape[1]):
            j = found[x, a]
            if j < 0:
                break
            p = items.site[j]
            for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
                people[b, items.sess[q]] += heads
            for q in range(items.trip_ptr[j], items.trip_ptr[j + 1]):
                away[b, items.trip_first[q]] += heads
                away[b, items.trip_last[q] + 1] -= heads
                bed[p, items.trip_first[q]] += heads
                bed[p, items.trip_last[q] + 1] -= heads
