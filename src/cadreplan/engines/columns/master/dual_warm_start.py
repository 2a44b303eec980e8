"""First prices from a sample: some leaders of every branch, each standing for many.

Prices belong to sessions, sites and branches, and what a tenth of the leaders would pay for them is nearly
what all would (Agrawal, Wang and Ye 2014 learn prices from the first part of a stream in this way). A tenth
of the leaders takes a tenth of the time, and from prices that are nearly right a few rounds with everybody
are enough. Limits too small for a sample to say anything about are left out: their prices come later.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.params import FirstDualsParams
from cadreplan.language import tr

_WARM = 0.1
"""Complementarity at which the first programme begins."""


def sample(branch: I32, rng: np.random.Generator, params: FirstDualsParams, times: int = 1) -> I32:
    """About a tenth of the leaders, or `times` as many, evenly over the branches; all where they are few."""
    n = len(branch)
    size = times * max(params.smallest_sample, n // params.sample_of)
    if 2 * size > n:
        return np.arange(n, dtype=np.int32)
    order = np.lexsort((rng.permutation(n), branch))
    return np.sort(order[(np.arange(size) * n + n // 2) // size]).astype(np.int32)


def sampled(everybody: RestrictedMaster, who: I32) -> RestrictedMaster:
    """A master over the leaders `who`, each of them standing for as many of all leaders."""
    pricer = everybody.pricer
    rows = pricer.rows
    repeat = pricer.n / len(who)
    master = RestrictedMaster(pricer, everybody.pool, repeat)
    master.who = who
    most = master.rhs.copy()
    np.maximum.at(most, rows.mode_row, -rows.mode_coef)  # what a candidate allows where it runs
    crowded = (most >= everybody.params.duals.crowd * repeat) | pricer.variable_bounds
    master.counts[rows.quota0 : rows.offer0] &= crowded[rows.quota0 : rows.offer0]
    master.counts[rows.tallies.first :] &= rows.tallies.unit > 0  # shares are the same for any number
    always = np.zeros(rows.n, np.bool_)
    always[: rows.quota0] = True
    always[rows.offer0 : rows.tallies.first] = True
    master.activate(always)
    return master


def sampled_prices(
    everybody: RestrictedMaster,
    who: I32,
    budget: Budget,
    prices: F64 | None = None,
    *,
    variable_bounds: bool = False,
) -> F64:
    """Prices by row (points) at which the leaders `who` settle, with their columns in the pool.

    They begin at `prices`, or at none. Variable upper bounds enter last, if at all.
    """
    pricer, params = everybody.pricer, everybody.params.duals
    master = sampled(everybody, who)
    budget.phase(tr("first prices, from {n} of {all} leaders", n=len(who), all=pricer.n))
    prices = np.zeros(pricer.rows.n) if prices is None else prices
    master.counts &= ~pricer.variable_bounds
    converged = generate_columns(
        master,
        prices,
        budget,
        rounds=params.sample_rounds,
        accuracy=params.sample_accuracy,
        warm=_WARM,
        exact=False,
    )
    if variable_bounds and pricer.variable_bounds.any():
        master.counts |= pricer.variable_bounds
        converged = generate_columns(
            master,
            converged.prices,
            budget,
            rounds=params.sample_rounds,
            accuracy=params.closer_accuracy,
            warm=params.closer_warm,
            exact=False,
            exact_only=True,
        )
    return converged.prices
