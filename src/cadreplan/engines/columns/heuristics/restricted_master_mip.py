"""Some leaders of a plan placed again, all others staying: an integer programme over their columns.

Prices that have settled for these leaders alone tell what each of their columns loses against the best one.
A column that loses more than the whole block could gain cannot be in a better plan, and is left out: what
remains is small, and its linear programme is already nearly whole. In large blocks that leaves too many, and
those that lose least are taken: with few columns a leader the solver's cuts find whole plans near the best.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.heuristics.column_mip import ColumnMip, Entries, limited
from cadreplan.engines.columns.heuristics.draft import Draft, residual
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.pool import Matrix, add_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster

_WARM = 0.003
"""Complementarity at which programmes begin: prices are nearly those of the plan in hand."""


def complete_by_mip(
    master: RestrictedMaster,
    placer: Placer,
    draft: Draft,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    accuracy: float,
    floor: int | None = None,
    held: I32 | None = None,
    columns_each: float | None = None,
) -> bool:
    """Place the leaders `open_`, all others being in the draft; whether all of them were placed.

    With `floor` points only completions matter that bring the draft to more than that. `held` are the
    columns the leaders have now, in the pool as well, from which the solver begins. Of large blocks
    `columns_each` columns a leader (None: as the parameters say) are looked at, those that lose least.
    """
    pricer, params = master.pricer, master.params.lns
    columns_each = params.columns_each if columns_each is None else columns_each
    master.fix(open_, residual(draft, pricer.rows.rhs))
    converged = generate_columns(
        master, prices, budget, rounds=params.rounds, accuracy=accuracy, warm=_WARM, exact=False
    )
    slack = np.inf if floor is None else converged.value + placer.points(draft) - floor
    if slack < 1 or budget.told_to_stop():
        return False
    more = pricer.price(converged.prices, wanted=params.more_columns, subset=open_)
    budget.price(more.nodes)
    add_columns(master.pool, open_, more.found, pricer.compiled, pricer.stays, pricer.threads)
    most = max(params.columns, int(columns_each * len(open_)))
    columns = _best_columns(master, draft, open_, converged, slack, budget, held=held, most=most)
    return columns is not None and bool(placer.put(draft, open_, columns).all())


def _best_columns(
    master: RestrictedMaster,
    draft: Draft,
    open_: I32,
    converged: Converged,
    slack: float,
    budget: Budget,
    *,
    held: I32 | None,
    most: int,
) -> I32 | None:
    """Columns of the best completion found that lose at most `slack` points each; None where none was.

    Not more than `most` columns are looked at (and those `held`), whatever they lose.
    """
    index, positions = limited(master.pricer.rows)
    matrix = master.matrix(positions)
    n = int(matrix.block_ptr[len(open_)])
    loss = _losses(matrix, converged.prices[index], len(open_))
    if most < n:
        slack = min(slack, float(np.partition(loss, most)[most]))
    params = master.params.lns
    large = len(open_) >= params.many
    whole = ColumnMip(master.pricer.rows, matrix, positions)
    owner = np.repeat(np.arange(len(open_)), np.diff(matrix.block_ptr[: len(open_) + 1]))
    now = np.zeros(n, np.bool_) if held is None else _is_held(master, matrix, open_[owner], held[owner])
    columns: list[Entries] = [[] for _ in open_]
    for j in np.flatnonzero((loss[:n] <= slack) | now):
        var = whole.add(int(j))
        columns[owner[j]].append((var, int(matrix.place[j])))
        if held is not None:
            whole.model.add_hint(var, bool(now[j]))
    if not all(columns):
        return None
    for one in columns:
        whole.model.add_exactly_one([var for var, _ in one])
    solver = whole.solve(
        draft.left[index],
        (params.large_work if large else params.work) * len(open_),
        budget,
        workers=budget.options.workers if large else 1,
    )
    if solver is None:
        return None
    places = [next(place for var, place in one if solver.boolean_value(var)) for one in columns]
    return np.asarray(master.pool.column[open_, places], np.int32)


def _is_held(master: RestrictedMaster, matrix: Matrix, who: I32, held: I32) -> Bools:
    """Which columns of leaders, in the order of the matrix, are those `held` (both by column)."""
    columns = master.pool.column[who, matrix.place[: len(who)]]
    return np.asarray((np.sort(columns) == np.sort(held)).all(axis=1), np.bool_)


def _losses(matrix: Matrix, prices: F64, n_leaders: int) -> F64:
    """How much less each column of a leader is worth than their best one at the prices."""
    n = int(matrix.block_ptr[n_leaders])
    last = int(matrix.ptr[n])
    entry = np.repeat(np.arange(n), np.diff(matrix.ptr[: n + 1]))
    paid = np.bincount(entry, weights=matrix.coef[:last] * prices[matrix.row[:last]], minlength=n)
    worth = matrix.points[:n] - paid
    best = np.maximum.reduceat(worth, matrix.block_ptr[:n_leaders])
    return np.repeat(best, np.diff(matrix.block_ptr[: n_leaders + 1])) - worth
