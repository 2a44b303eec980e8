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


def dive(
    master: RestrictedMaster,
    placer: Placer,
    draft: Draft,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    accuracy: float,
    rounds: int,
    share: float | None = None,
) -> Draft:
    """Place the leaders `open_`, all others being in the draft; its choices are fixed.

    At each step `share` (None: that of the parameters) of those not decided are fixed (more while they are
    thousands). Programmes are lean: of what is full nothing is asked any more.
    """
    pool, params = master.pool, master.params.diving
    share = params.undecided_share if share is None else share
    late = False
    while len(open_) > params.last:
        with budget.keeping(params.placing_time * placer.seconds * len(open_)):
            late = budget.stop()
            if late:
                break
            master.fix(open_, residual(draft, master.pricer.rows.rhs), lean=True)
            converged = generate_columns(
                master, prices, budget, rounds=rounds, accuracy=accuracy, warm=params.warm, exact=False
            )
        prices = converged.prices
        matrix = converged.fractional.matrix
        block_ptr = matrix.block_ptr[: len(open_) + 1]
        x = converged.fractional.point.x[: block_ptr[-1]]
        heaviest = np.maximum.reduceat(x, block_ptr[:-1])
        first = np.flatnonzero(x >= np.repeat(heaviest, np.diff(block_ptr)))
        at = matrix.place[first[np.searchsorted(first, block_ptr[:-1])]]
        order = np.argsort(-heaviest, kind="stable")
        decided = int((heaviest >= params.decided).sum())
        undecided = len(open_) - decided
        more = max(share, params.large_share) if undecided > params.many else share
        take = decided + int(more * undecided) + 1
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
        late
        or budget.stop()
        or not complete_by_mip(master, placer, draft, open_, prices, budget, accuracy=accuracy)
    ):
        nodes = master.params.pricing.heuristic_nodes if late else None
        placer.replace(draft, open_, prices, node_limit=nodes, stop=budget.told_to_stop)
    return draft
