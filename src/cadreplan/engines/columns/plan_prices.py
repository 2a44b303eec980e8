"""Prices around a plan: what the limits are worth with what runs, and where, held as the plan has it.

The programme is that of column generation, over an instance in which only who attends what is to be chosen.
For any prices the bound holds for every plan of that instance (Dantzig and Wolfe, 1960). Leaders may in it
also have the stays of a `wider` instance, too large for the limits as they are, so that prices speak for more
of everything.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget, Nobody
from cadreplan.engines.columns.compiled.arrays import F64, I32, MAX_SESSIONS
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.warm_start import columns_of
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.engines.columns.pricing.stays import MAX_BITS
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solution import Solution

_ROUNDS = 12
_ACCURACY = 1e-3
_WARM = 0.1
_NEAR = 0.15
"""Limits with less than this share left enter the programme at once."""


@dataclass(frozen=True)
class PlanPrices:
    """Points for one more head, above 0 each: of seats by session, of seats by session and branch with a
    quota, of beds by site and day, of absences by branch and day. No plan is worth more than `bound` points.
    """

    seats: dict[int, float]
    quotas: dict[tuple[int, int], float]
    beds: dict[tuple[int, int], float]
    away: dict[tuple[int, int], float]
    bound: int


def prices_around(instance: Instance, wider: Instance, plan: Solution, workers: int = 1) -> PlanPrices:
    """Prices of an instance without choices, with columns around a plan; `workers` don't change them.

    `wider` has the same leaders and sessions, and more of what is limited. Raises UsageError where a leader
    has more skill gaps than column generation takes.
    """
    budget = Budget(EngineOptions(), Nobody())
    # threads of the linear algebra library wait by spinning, which is ruinous on a busy machine
    with closing(ThreadPool(workers)) as threads, threadpool_limits(1, user_api="blas"):
        work = Workspace(instance, budget, threads, np.random.default_rng(0), stays_of=wider)
        if not work.takes_all:
            raise UsageError(tr("prices need at most {n} pins and skill gaps a leader", n=MAX_BITS))
        result = _settled(work, _columns_of(work, plan))
        return _by_limit(work.rows, result)


def _columns_of(work: Workspace, plan: Solution) -> I32:
    """The column of every leader in the plan, in the pool as well; of all none, where one isn't listed."""
    columns = columns_of(work.instance, work.pricer.shards, plan, work.pool.width)
    if columns is None:
        columns = np.full((work.n, work.pool.width), -1, np.int32)
    work.add(work.everybody, columns[:, None, :])
    return columns


def _settled(work: Workspace, columns: I32) -> PricingPass:
    """First prices by steps, then column generation until they change little: the pass at the best."""
    rows, pricer, master = work.rows, work.pricer, work.master
    wide = np.full((work.n, MAX_SESSIONS), -1, np.int32)
    wide[:, : columns.shape[1]] = columns
    left = rows.rhs - pricer.use(wide)
    master.fix(work.everybody, rows.rhs.astype(np.float64))
    none = np.zeros(rows.n)
    free = pricer.price(none, node_limit=work.params.pricing.heuristic_nodes)
    work.take(free)
    steps = Subgradient(pricer, master.unit)
    steps.run(work.take)
    near = left < _NEAR * np.minimum(rows.rhs, UNLIMITED // 2)
    near[: 2 * rows.n_sessions] = True
    master.activate(near | (steps.best > 1))
    if not master.active.any():  # nothing is limited
        return pricer.price(none)
    best = generate_columns(
        master, steps.best, work.budget, rounds=_ROUNDS, accuracy=_ACCURACY, warm=_WARM
    ).result
    return free if free.points <= best.points else best  # as good without prices: nothing is scarce


def _by_limit(rows: Rows, result: PricingPass) -> PlanPrices:
    """Prices by what they are of."""
    points = np.where(rows.rhs < UNLIMITED // 2, result.prices / SCALE, 0.0)
    quotas = zip(rows.quota_session, rows.quota_branch, points[rows.quota0 : rows.bed0], strict=True)
    return PlanPrices(
        {s: float(points[s]) for s in range(rows.n_sessions) if points[s] > 0},
        {(int(s), int(b)): float(price) for s, b, price in quotas if price > 0},
        _table(points[rows.bed0 : rows.away0], rows.n_days),
        _table(points[rows.away0 : rows.offer0], rows.n_days),
        result.points,
    )


def _table(points: F64, n_days: int) -> dict[tuple[int, int], float]:
    """By place and day."""
    return {(int(k) // n_days, int(k) % n_days): float(points[k]) for k in np.flatnonzero(points > 0)}
