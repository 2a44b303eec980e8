"""From a fractional plan to a whole one: fix what is decided, price again until prices settle, repeat.

Each round fixes the leaders whose column has nearly all the weight and a share of the most decided others,
takes their use off the limits, and lets column generation settle for those still open before the next
round. Fixing more on stale prices is what ruins a dive.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.master import Master, Mixture
from cadreplan.engines.columns.placing import Draft, Placer
from cadreplan.engines.columns.pool import add_columns
from cadreplan.engines.columns.pricing import SCALE, Pass
from cadreplan.engines.columns.rows import UNLIMITED

_DECIDED = 0.95
_SHARE = 0.15
_LEAST = 8


def settle(
    master: Master,
    prices: F64,
    budget: Budget,
    *,
    rounds: int,
    accuracy: float,
    wanted: int = 2,
    whole: bool = False,
    tolerance: float = 1e-4,
) -> tuple[Mixture, Pass, F64, float]:
    """Column generation on the master as it stands, until nothing better is found.

    Returns the last mixture, the last pass, the prices of the lowest bound and that bound in points. With
    `whole`, bounds are those of the instance and are reported.
    """
    pricer, pool = master.pricer, master.pool
    best, best_prices = float("inf"), prices
    for _ in range(rounds):
        mixture = master.solve(prices, accuracy=accuracy)
        budget.work += mixture.point.iterations * len(mixture.point.x) / 1e6
        over = (mixture.use > master.rhs + 1e-3 + 1e-4 * np.abs(master.rhs)) & (master.rhs < UNLIMITED // 2)
        new = master.activate(over)
        result = pricer.price(
            mixture.prices,
            wanted=wanted,
            subset=None if whole else master.who,
            rhs=master.rhs,
            allowed=master.allowed,
        )
        budget.work += result.nodes / 1e6
        bound = result.bound / SCALE
        if whole:
            budget.bound(result.points)
        if bound < best:
            best, best_prices = bound, mixture.prices
        added = add_columns(
            pool,
            master.who,
            result.found[:, :, : pool.column.shape[2]],
            pricer.compiled,
            pricer.items,
            pricer.crew,
        )
        prices = mixture.prices
        distance = best - mixture.point.primal
        if whole:
            budget.phase(
                f"prices: {len(mixture.point.x)} columns, {int(master.active.sum())} limits,"
                f" master within {100 * distance / max(1.0, abs(best)):.3f} % of the bound"
            )
        if budget.stop() or (
            new == 0 and (int(added.sum()) == 0 or distance < tolerance * max(1.0, abs(best)))
        ):
            break
    return mixture, result, best_prices, best


def dive(
    master: Master,
    placer: Placer,
    draft: Draft,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    accuracy: float = 1e-4,
    rounds: int = 4,
) -> Draft:
    """Place the leaders `open_`, all others being in the draft; configurations are fixed."""
    rows = master.pricer.rows
    pool = master.pool
    master.allowed = np.zeros(len(rows.cfg_points), np.bool_)
    master.allowed[draft.configurations] = True
    short = (
        np.repeat(rows.cfg_size[rows.block_ptr[:-1]] == -3, np.diff(rows.block_ptr))
        if rows.n_blocks
        else np.zeros(0, np.bool_)
    )
    master.allowed |= short
    while len(open_) and not budget.stop():
        master.who = open_
        master.rhs = _residual(draft, rows.rhs)
        for k in draft.configurations:  # the master still has them as blocks of one
            if rows.cfg_size[k] != -3:
                lo, hi = rows.cfg_ptr[k], rows.cfg_ptr[k + 1]
                master.rhs[rows.cfg_row[lo:hi]] += rows.cfg_coef[lo:hi]
        mixture, _, prices, _ = settle(master, prices, budget, rounds=rounds, accuracy=accuracy)
        block_ptr = mixture.matrix.block_ptr[: len(open_) + 1]
        x = mixture.point.x[: block_ptr[-1]]
        heaviest = np.maximum.reduceat(x, block_ptr[:-1])
        at = np.array([int(np.argmax(x[lo:hi])) for lo, hi in pairwise(block_ptr)])
        order = np.argsort(-heaviest, kind="stable")
        decided = int((heaviest >= _DECIDED).sum())
        take = min(len(open_), decided + max(_LEAST, int(_SHARE * (len(open_) - decided))))
        pinned = master.pricer.items.n_pins[open_] > 0
        some = np.concatenate((order[pinned[order]], order[:take][~pinned[order[:take]]]))
        placed = placer.put(draft, open_[some], pool.column[open_[some], at[some]])
        budget.phase(f"dive: {len(open_)} leaders open, {int(placed.sum())} fixed")
        gone = np.zeros(len(open_), np.bool_)
        gone[some[placed]] = True
        if not placed.any():
            break
        open_ = open_[~gone]
    if len(open_):
        placer.replace(draft, open_, prices)
    return draft


def _residual(draft: Draft, rhs: np.ndarray) -> np.ndarray:
    return np.where(rhs < UNLIMITED // 2, draft.left, rhs)
