"""Some leaders of a plan placed anew, all others staying: an integer programme over their columns.

Prices that have settled for these leaders alone tell what each of their columns loses against the best one.
A column that loses more than the whole block could gain cannot be in a better plan, and is left out: what
remains is small, and its linear programme is already nearly whole.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.master import Master
from cadreplan.engines.columns.placing import Draft, Placer, residual
from cadreplan.engines.columns.pool import Matrix, add_columns
from cadreplan.engines.columns.settling import Settled, settle
from cadreplan.engines.columns.whole import Entries, Whole, limited

_DETERMINISTIC_TIME = 0.0125  # a leader
_MORE = 16


def complete(
    master: Master,
    placer: Placer,
    draft: Draft,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    accuracy: float,
    floor: int | None = None,
) -> bool:
    """Place the leaders `open_`, all others being in the draft; whether all of them were placed.

    With `floor` points only completions matter that bring the draft to more than that.
    """
    pricer = master.pricer
    master.fix(open_, residual(draft, pricer.rows.rhs))
    settled = settle(master, prices, budget, rounds=6, accuracy=accuracy, warm=0.003, exact=False)
    slack = np.inf if floor is None else settled.value + placer.points(draft) - floor
    if slack < 1 or budget.told_to_stop():
        return False
    more = pricer.price(settled.prices, wanted=_MORE, subset=open_)
    budget.price(more.nodes)
    add_columns(master.pool, open_, more.found, pricer.compiled, pricer.items, pricer.crew)
    columns = _best_columns(master, draft, open_, settled, slack, budget)
    return columns is not None and bool(placer.put(draft, open_, columns).all())


def _best_columns(
    master: Master, draft: Draft, open_: I32, settled: Settled, slack: float, budget: Budget
) -> I32 | None:
    """Columns of the best completion found that lose at most `slack` points each; None where none was."""
    index, positions = limited(master.pricer.rows)
    matrix = master.matrix(positions)
    n = int(matrix.block_ptr[len(open_)])
    loss = _losses(matrix, settled.prices[index], len(open_))
    whole = Whole(master.pricer.rows, matrix, positions)
    owner = np.repeat(np.arange(len(open_)), np.diff(matrix.block_ptr[: len(open_) + 1]))
    columns: list[Entries] = [[] for _ in open_]
    for j in np.flatnonzero(loss[:n] <= slack):
        columns[owner[j]].append((whole.add(int(j)), int(matrix.place[j])))
    if not all(columns):
        return None
    for one in columns:
        whole.model.add_exactly_one([var for var, _ in one])
    solver = whole.solve(draft.left[index], _DETERMINISTIC_TIME * len(open_), budget)
    if solver is None:
        return None
    places = [next(place for var, place in one if solver.boolean_value(var)) for one in columns]
    return np.asarray(master.pool.column[open_, places], np.int32)


def _losses(matrix: Matrix, prices: F64, n_leaders: int) -> F64:
    """What each column of a leader is worth less than his best one at the prices."""
    n = int(matrix.block_ptr[n_leaders])
    last = int(matrix.ptr[n])
    entry = np.repeat(np.arange(n), np.diff(matrix.ptr[: n + 1]))
    paid = np.bincount(entry, weights=matrix.coef[:last] * prices[matrix.row[:last]], minlength=n)
    worth = matrix.points[:n] - paid
    best = np.maximum.reduceat(worth, matrix.block_ptr[:n_leaders])
    return np.repeat(best, np.diff(matrix.block_ptr[: n_leaders + 1])) - worth
