"""From a fractional plan to a whole one: fix what is decided, price again until prices settle, repeat.

Each round fixes the leaders whose column has nearly all the weight and a share of the most decided others,
takes their use off the limits, and lets column generation settle for those still open before the next
round. Fixing more on stale prices is what ruins a dive. The last hundred are placed by an integer programme.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.heuristics.draft import Draft, residual
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.restricted_master_mip import complete_by_mip
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.language import tr

_DECIDED = 0.95
SHARE = 0.15
_LARGE_SHARE = 0.3
_LARGE = 1000
_FEW = 100


def dive(
    master: RestrictedMaster,
    placer: Placer,
    draft: Draft,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    accuracy: float = 1e-4,
    rounds: int = 4,
    share: float = SHARE,
) -> Draft:
    """Place the leaders `open_`, all others being in the draft; its choices are fixed.

    At each step `share` of those not decided are fixed (more while they are thousands).
    """
    pool = master.pool
    while len(open_) > _FEW and not budget.stop():
        master.fix(open_, residual(draft, master.pricer.rows.rhs))
        converged = generate_columns(
            master, prices, budget, rounds=rounds, accuracy=accuracy, warm=0.003, exact=False
        )
        prices = converged.prices
        block_ptr = converged.fractional.matrix.block_ptr[: len(open_) + 1]
        x = converged.fractional.point.x[: block_ptr[-1]]
        heaviest = np.maximum.reduceat(x, block_ptr[:-1])
        first = np.flatnonzero(x >= np.repeat(heaviest, np.diff(block_ptr)))
        at = first[np.searchsorted(first, block_ptr[:-1])] - block_ptr[:-1]
        order = np.argsort(-heaviest, kind="stable")
        decided = int((heaviest >= _DECIDED).sum())
        undecided = len(open_) - decided
        take = decided + int((max(share, _LARGE_SHARE) if undecided > _LARGE else share) * undecided) + 1
        pinned = master.pricer.stays.n_pins[open_] > 0
        some = np.concatenate((order[pinned[order]], order[:take][~pinned[order[:take]]]))
        placed = placer.put(draft, open_[some], pool.column[open_[some], at[some]])
        budget.phase(tr("dive: {n} leaders open, {fixed} fixed", n=len(open_), fixed=int(placed.sum())))
        gone = np.zeros(len(open_), np.bool_)
        gone[some[placed]] = True
        if not placed.any():
            break
        open_ = open_[~gone]
    if len(open_) and (
        budget.stop() or not complete_by_mip(master, placer, draft, open_, prices, budget, accuracy=accuracy)
    ):
        placer.replace(draft, open_, prices, stop=budget.told_to_stop)
    return draft
