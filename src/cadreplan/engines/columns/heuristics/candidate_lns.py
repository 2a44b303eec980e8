"""Candidates of a plan chosen again, with the leaders concerned: others run, others attend, all else stays.

Some candidates are free to run or not, in any room size; whoever attends one of them is taken out, and others
who could do better beside them. Column generation with the free choices gives these leaders columns for
candidates that do not run yet, and an integer programme over columns and choices together decides.
"""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.heuristics.column_mip import ColumnMip, limited
from cadreplan.engines.columns.heuristics.draft import KEEP_MINIMUM, Draft, residual
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.master.pool import add_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster

_WARM = 0.01
"""Complementarity at which programmes begin."""
_WANTED = 3
"""Columns a leader in a pass."""


def reopen(
    master: RestrictedMaster,
    mode_model: ModeModel,
    placer: Placer,
    draft: Draft,
    free: I32,
    open_: I32,
    prices: F64,
    budget: Budget,
    *,
    floor: int,
) -> ChosenModes | None:
    """Choose the blocks `free` and place the leaders `open_` again in `draft`, in which they are out.

    The rooms of the new choice if that brings the draft to more than `floor` points, else None; the draft is
    of no use then. Nobody but `open_` may attend a session of `free`.
    """
    pricer, rows, params = master.pricer, master.pricer.rows, master.params.lns
    _forget(draft, free, placer)
    allowed = rows.underfill | np.isin(rows.block_of, free)
    master.fix(open_, residual(draft, rows.rhs), np.flatnonzero(allowed).astype(np.int32))
    best = np.inf
    for _ in range(params.candidate_rounds):
        fractional = master.solve(prices, accuracy=params.candidate_accuracy, warm=_WARM, stop=budget.stop)
        budget.linear_programme(fractional.point.iterations, len(fractional.point.x))
        new = master.activate(fractional.use > master.rhs + master.tolerance)
        result = pricer.price(
            fractional.prices, wanted=_WANTED, subset=open_, node_limit=master.params.pricing.heuristic_nodes
        )
        budget.price(result.nodes)
        value = master.value(result)
        if value < best:
            best, prices = value, fractional.prices
        added = add_columns(master.pool, open_, result.found, pricer.compiled, pricer.stays, pricer.threads)
        if budget.told_to_stop() or best + placer.points(draft) <= floor:
            return None
        if not new and (
            best - fractional.point.primal < params.candidate_accuracy * abs(best) or not added.any()
        ):
            break
    more = pricer.price(prices, wanted=params.candidate_columns, subset=open_)
    budget.price(more.nodes)
    add_columns(master.pool, open_, more.found, pricer.compiled, pricer.stays, pricer.threads)
    return _decide(master, mode_model, placer, draft, free, budget)


def _forget(draft: Draft, free: I32, placer: Placer) -> None:
    """Take the choices of blocks off the draft."""
    rows = placer.pricer.rows
    for b in free:
        k, s = int(draft.chosen[b]), int(rows.block_session[b])
        lo, hi = rows.mode_ptr[k], rows.mode_ptr[k + 1]
        np.add.at(draft.left, rows.mode_row[lo:hi], rows.mode_coef[lo:hi])
        draft.chosen[b] = -1
        draft.running[s] = False
        draft.reward[s] = 0


def _decide(
    master: RestrictedMaster, mode_model: ModeModel, placer: Placer, draft: Draft, free: I32, budget: Budget
) -> ChosenModes | None:
    """The integer programme over the open leaders' columns and the free choices, put into the draft."""
    rows = master.pricer.rows
    index, positions = limited(rows)
    matrix = master.matrix(positions)
    whole = ColumnMip(rows, matrix, positions)
    n_open = len(master.who)
    of_block: dict[int, list[tuple[int, cp_model.IntVar]]] = {int(b): [] for b in free}
    columns: list[list[tuple[int, cp_model.IntVar]]] = []
    for g in range(len(matrix.block_ptr) - 1):
        lo, hi = int(matrix.block_ptr[g]), int(matrix.block_ptr[g + 1])
        first = int(matrix.block_ptr[n_open])
        if g >= n_open and rows.underfill[matrix.mode[lo - first]]:
            continue
        own = []
        for j in range(lo, hi):
            var = whole.add(j)
            if g < n_open:
                own.append((int(matrix.place[j]), var))
            else:
                own.append((int(matrix.mode[j - first]), var))
        if not own:
            return None
        whole.model.add_exactly_one([var for _, var in own])
        if g < n_open:
            columns.append(own)
        else:
            of_block[int(rows.block_of[own[0][0]])] = own
    _link(whole.model, master, columns, of_block)
    solver = whole.solve(draft.left[index], master.params.lns.candidate_work * n_open, budget)
    if solver is None:
        return None
    for b, own in of_block.items():
        k = next(k for k, var in own if solver.boolean_value(var))
        lo, hi = rows.mode_ptr[k], rows.mode_ptr[k + 1]
        np.subtract.at(draft.left, rows.mode_row[lo:hi], rows.mode_coef[lo:hi])
        draft.chosen[b] = k
        s = int(rows.block_session[b])
        draft.running[s] = not rows.closed[k]
        draft.reward[s] = KEEP_MINIMUM if draft.running[s] and draft.minimum[s] > 0 else 0
    places = [next(place for place, var in own if solver.boolean_value(var)) for own in columns]
    if not placer.put(draft, master.who, master.pool.column[master.who, places]).all():
        return None
    weight = np.zeros(len(rows.mode_points))
    weight[draft.chosen[draft.chosen >= 0]] = 1
    chosen_modes = mode_model.heaviest(weight, budget.left())
    if chosen_modes is None or not np.array_equal(
        chosen_modes.chosen, np.sort(draft.chosen[draft.chosen >= 0])
    ):
        return None
    return chosen_modes


def _link(
    model: cp_model.CpModel,
    master: RestrictedMaster,
    columns: list[list[tuple[int, cp_model.IntVar]]],
    of_block: dict[int, list[tuple[int, cp_model.IntVar]]],
) -> None:
    """A leader attends a free candidate only where it runs: stronger, leader by leader, than by seats."""
    rows, stays = master.pricer.rows, master.pricer.stays
    shut = {
        int(rows.block_session[b]): next((v for k, v in own if rows.closed[k]), None)
        for b, own in of_block.items()
    }
    for i, own in zip(master.who, columns, strict=True):
        by_session: dict[int, list[cp_model.IntVar]] = {}
        for place, var in own:
            for j in master.pool.column[i, place]:
                if j < 0:
                    break
                for s in stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]]:
                    by_session.setdefault(int(s), []).append(var)
        for s, variables in by_session.items():
            closed = shut.get(s)
            if closed is not None:
                model.add_at_most_one([*variables, closed])
