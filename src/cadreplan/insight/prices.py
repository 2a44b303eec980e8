"""What one more unit of everything that is limited is worth in a plan: the prices of its linear programme.

The programme is that of column generation, with what runs, and where, held as the plan has it: what leaders
who may be split between several sets of sessions could be worth together. Its prices say what one more seat,
bed or absence would bring if everybody moved as it needs, and are a guess for whole leaders. One thing holds
for certain, whatever the prices (Dantzig and Wolfe, 1960): with n <= UNITS units more of something, no
plan with these sessions and rooms is worth more than `ceiling` + n x its price. For that, leaders may in the
programme also attend what is too small for them by up to so many.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from dataclasses import astuple, dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, I32, MAX_SESSIONS, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.warm_start import columns_of
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import HEURISTIC_NODES
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass
from cadreplan.engines.columns.pricing.stays import MAX_BITS
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import RefutedBoundError, UsageError
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

UNITS = 5
"""The most units more that prices speak for."""
_ROUNDS = 12
_ACCURACY = 1e-3
_NEAR = 0.15
"""Limits with less than this share left enter the programme at once."""


@dataclass(frozen=True)
class Prices:
    """Points for one more head: of seats by session, of seats by session and branch with a quota, of beds by
    site and day, of absences by branch and day; what is worth nothing is left out.

    `worth` is the plan's, `ceiling` bounds every plan with the same running sessions in the same rooms.
    """

    seats: dict[int, float]
    quotas: dict[tuple[int, int], float]
    beds: dict[tuple[int, int], float]
    away: dict[tuple[int, int], float]
    worth: int
    ceiling: int

    def of_site(self, site: int) -> float:
        """One bed more, on all days."""
        return sum(price for (p, _), price in self.beds.items() if p == site)

    def of_branch(self, branch: int) -> float:
        """One person more away, on all days."""
        return sum(price for (b, _), price in self.away.items() if b == branch)

    def by_day(self) -> dict[int, float]:
        """One bed more at every site, and one absence more in every branch, on a day."""
        found: dict[int, float] = defaultdict(float)
        for table in (self.beds, self.away):
            for (_, day), price in table.items():
                found[day] += price
        return dict(found)


def prices_of(state: Standing, *, workers: int = 1) -> Prices:
    """The prices of a plan that keeps all rules; `workers` don't change them.

    Raises UsageError where weights are negative or a leader has more skill gaps than column generation takes,
    and RefutedBoundError where the plan is above what its prices prove.
    """
    weights = state.instance.policy.weights
    if min(astuple(weights)) < 0:
        raise UsageError(tr("prices need weights of at least 0"))
    held, plan, kept = _held(state)
    # threads of the linear algebra library wait by spinning, which is ruinous on a busy machine
    with closing(ThreadPool(workers)) as threads, threadpool_limits(1, user_api="blas"):
        market = _Market(held, _wider(held), plan, threads)
        return market.prices(
            market.converged(),
            kept,
            check(state.instance, state.solution()).value,
            check(held, plan).value,
        )


def _held(state: Standing) -> tuple[Instance, Solution, list[int]]:
    """The instance where only who attends what is to be chosen, the plan, and what sessions were."""
    instance = state.instance
    kept = [s for s in range(len(instance.sessions)) if state.runs(s)]
    new = {s: k for k, s in enumerate(kept)}
    sessions = tuple(
        replace(
            instance.sessions[s],
            seats=state.capacity[s],
            min_seats=0 if instance.sessions[s].candidate else instance.sessions[s].min_seats,
            candidate=False,
            cost=0,
            offering=None,
        )
        for s in kept
    )
    leaders = tuple(leader.renumbered(new) for leader in instance.leaders)
    sites = tuple(replace(site, rooms=None) for site in instance.sites)
    chosen = tuple(tuple(new[s] for s in own) for own in state.chosen)
    held = replace(instance, sessions=sessions, leaders=leaders, sites=sites, offerings=(), mix=(), ties=())
    return held, Solution(chosen), kept


def _wider(held: Instance) -> Instance:
    """With as many units more of everything, which tells who could attend what then."""
    sessions = tuple(
        replace(x, seats=x.seats + UNITS, quotas=tuple((b, most + UNITS) for b, most in x.quotas))
        for x in held.sessions
    )
    sites = tuple(x if x.beds is None else replace(x, beds=x.beds + UNITS) for x in held.sites)
    branches = tuple(
        x if x.max_away is None else replace(x, max_away=x.max_away + UNITS) for x in held.branches
    )
    return replace(held, sessions=sessions, sites=sites, branches=branches)


class _Market:
    """The programme of an instance without choices, with the columns of a `wider` one, around a plan."""

    def __init__(self, instance: Instance, wider: Instance, plan: Solution, threads: ThreadPool) -> None:
        self.instance, self.threads = instance, threads
        self.compiled = compile_arrays(wider)
        self.stays = enumerate_stays(self.compiled, threads)
        if int(np.diff(self.stays.bit_ptr).max(initial=0)) > MAX_BITS:
            raise UsageError(tr("prices need at most {n} pins and skill gaps a leader", n=MAX_BITS))
        self.pricer = Pricer(self.compiled, self.stays, build_rows(instance), threads)
        self.rows = self.pricer.rows
        self.pool = new_pool(self.pricer.n, width_of(self.compiled))
        self.who = np.arange(self.pricer.n, dtype=np.int32)
        width = self.pool.column.shape[2]
        columns = columns_of(instance, self.stays, plan, width)
        if columns is None:
            columns = np.full((self.pricer.n, width), -1, np.int32)
        self._add(columns[:, None, :])
        wide = np.full((self.pricer.n, MAX_SESSIONS), -1, np.int32)
        wide[:, :width] = columns
        self.use = self.pricer.use(wide)

    def converged(self) -> PricingPass:
        """First prices by steps, then column generation until they change little: the pass at the best."""
        rows, pricer = self.rows, self.pricer
        master = RestrictedMaster(pricer, self.pool)
        master.fix(self.who, rows.rhs.astype(np.float64))
        none = np.zeros(rows.n)
        free = pricer.price(none, node_limit=HEURISTIC_NODES)
        self._add(free.found)
        steps = Subgradient(pricer, master.unit)
        steps.run(self._take)
        near = rows.rhs - self.use < _NEAR * np.minimum(rows.rhs, UNLIMITED // 2)
        near[: 2 * rows.n_sessions] = True
        master.activate(near | (steps.best > 1))
        if not master.active.any():  # nothing is limited
            return pricer.price(none)
        budget = Budget(EngineOptions(), _Silent())
        best = generate_columns(
            master, steps.best, budget, rounds=_ROUNDS, accuracy=_ACCURACY, warm=0.1
        ).result
        return free if free.points <= best.points else best  # as good without prices: nothing is scarce

    def prices(self, result: PricingPass, kept: list[int], worth: int, held: int) -> Prices:
        """Prices by what they are of; `kept` says what sessions are called outside, where the plan is worth
        `worth` and not `held`, as here."""
        if result.points < held:
            raise RefutedBoundError(
                tr(
                    "internal error: a plan worth {worth} points is above the bound of {bound} that its"
                    " prices prove; please report it with the roster",
                    worth=held,
                    bound=result.points,
                )
            )
        rows, m, days = self.rows, self.rows.n_sessions, self.rows.n_days
        points = np.where(rows.rhs < UNLIMITED // 2, result.prices / SCALE, 0.0)
        quotas = zip(rows.quota_session, rows.quota_branch, points[rows.quota0 : rows.bed0], strict=True)
        return Prices(
            {kept[s]: float(points[s]) for s in range(m) if points[s] > 0},
            {(kept[int(s)], int(b)): float(price) for s, b, price in quotas if price > 0},
            _table(points[rows.bed0 : rows.away0], days),
            _table(points[rows.away0 : rows.offer0], days),
            worth,
            result.points + worth - held,
        )

    def _add(self, found: I32) -> None:
        add_columns(self.pool, self.who, found, self.compiled, self.stays, self.threads)

    def _take(self, result: PricingPass) -> bool:
        self._add(result.found)
        return True


def _table(points: F64, n_days: int) -> dict[tuple[int, int], float]:
    """By place and day."""
    return {(int(k) // n_days, int(k) % n_days): float(points[k]) for k in np.flatnonzero(points > 0)}


class _Silent:
    """A listener for a search that nobody watches."""

    def solution(self, solution: Solution) -> None:
        """There is a plan already."""

    def bound(self, bound: int) -> None:
        """Asked for at the end."""

    def phase(self, text: str) -> None:
        """Nobody watches."""

    def should_stop(self) -> bool:
        return False
