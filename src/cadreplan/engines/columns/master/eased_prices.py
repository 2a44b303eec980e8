"""Of all prices that bound a programme alike, those at which leaders' own bounds are lowest.

The minimum of a candidate that does not run, or of a session that lacks everybody it could, has any price
that is high enough, and an interior point method gives one far above. It promises leaders more than anything
else for sessions that hardly any of them can attend, and where searches are cut short, bounds are made of
such promises. So prices move to the edge of what is optimal: a candidate that does not run just doesn't,
people missing cost what they cost, and nobody pays for a seat what is given back for coming.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I64, Bools
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows


def eased_prices(prices: F64, worth: F64, rows: Rows, rhs: F64, allowed: Bools) -> F64:
    """Prices by row (points) for a programme with `rhs` and the modes `allowed`, of that `worth`, from any.

    With them  prices x rhs + best worth of every block  is no larger than before, nor is any leader's worth.
    """
    if not rows.n_blocks:
        return prices
    prices = prices.copy()
    _ease_underfill(prices, worth, rows, allowed)
    _ease_candidates(prices, worth, rows, rhs, allowed)
    return prices


def _ease_underfill(prices: F64, worth: F64, rows: Rows, allowed: Bools) -> None:
    """The price of a minimum is at most what it costs to miss it."""
    full = np.flatnonzero(allowed & rows.underfill & (rows.mode_cap > 0) & (worth > 0))
    low = rows.n_sessions + rows.block_session[rows.block_of[full]]
    minimum = rows.mode_row[rows.mode_ptr[full]] == low
    full, low = full[minimum], low[minimum]
    prices[low] = np.maximum(0.0, prices[low] - worth[full] / rows.mode_cap[full])


def _ease_candidates(prices: F64, worth: F64, rows: Rows, rhs: F64, allowed: Bools) -> None:
    """Prices of seats and minimum of candidates that may stay closed: to run, one that was worth nothing or
    less is worth nothing at most, and one that was worth something no more.
    """
    first = rows.block_ptr[:-1]
    runs = allowed & rows.runs
    may_close = np.logical_or.reduceat(runs, first) & (allowed & rows.closed)[first]
    blocks = np.flatnonzero(may_close & (rhs[rows.block_session] <= 0))
    if not len(blocks):
        return
    seat = rows.block_session[blocks]
    low = rows.n_sessions + seat
    least = rows.minimum[blocks]
    per_person = np.where(least > 0, prices[low], 0.0)
    # both together: what a seat costs pays for what coming brings
    fewest = np.minimum.reduceat(np.where(runs, rows.mode_cap, UNLIMITED), first)[blocks]
    both = np.minimum(per_person, prices[seat] * fewest / np.maximum(least, 1))
    prices[low] -= both
    prices[seat] = np.maximum(0.0, prices[seat] - both * least / fewest)
    saved = _by_mode(both * least, blocks, rows)
    worth = worth + saved - saved * rows.mode_cap / _by_mode(fewest, blocks, rows, 1)
    # the minimum alone, of what would lose by running
    losing = np.maximum(0.0, -np.maximum.reduceat(np.where(runs, worth, -np.inf), first)[blocks])
    down = np.minimum(per_person - both, losing / np.maximum(least, 1))
    prices[low] -= down
    worth += _by_mode(down * least, blocks, rows)
    # and a seat of what still would
    room = np.where(runs, np.maximum(0.0, -worth) / np.maximum(rows.mode_cap, 1), np.inf)
    prices[seat] += np.minimum.reduceat(room, first)[blocks]


def _by_mode(values: F64 | I64, blocks: I64, rows: Rows, others: float = 0.0) -> F64:
    """By mode, the value of its block; of blocks that are not among `blocks`, `others`."""
    every = np.full(rows.n_blocks, others)
    every[blocks] = values
    return every[rows.block_of]
