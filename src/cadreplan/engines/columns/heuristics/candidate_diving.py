"""A first choice of candidates and rooms: diving from the linear programme with free choices.

A fractional solution that runs thirty candidates a fifth each says little about which six to run. But it says
which one it could miss least: that one is opened, prices settle again, and only then it shows what the others
are worth beside it. A few candidates are opened at a time, the heaviest first, until less than half a class
is left.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, Bools
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.language import tr

_WARM = 0.02
"""Complementarity at which programmes begin."""
_HELD = 1000.0
"""Weight of a candidate that is open already: more than all that could be opened."""


def dive_for_candidates(
    master: RestrictedMaster,
    mode_model: ModeModel,
    weight: F64,
    prices: F64,
    budget: Budget,
    *,
    exact: bool = False,
    quick: bool = False,
) -> ChosenModes | None:
    """Open candidates for the master's leaders, from the fractional solution `weight` of modes on.

    None where rooms could not be assigned in time. The master is left with what was opened. Searches are
    cut short unless `exact`. When `quick`, half of what is to come is opened at each step, for good.
    """
    who, params = master.who, master.params.diving
    rows = master.pricer.rows
    rhs = rows.rhs.astype(np.float64)
    runs, shut = rows.runs, rows.closed
    candidate = np.zeros(rows.n_blocks, np.bool_)
    candidate[rows.block_of[shut]] = True
    opened = np.zeros(rows.n_blocks, np.bool_)
    barred = np.zeros(rows.n_blocks, np.bool_)

    def converged() -> Converged:
        allowed = ~(shut & opened[rows.block_of]) & ~(runs & barred[rows.block_of])
        master.fix(who, rhs, np.flatnonzero(allowed).astype(np.int32), lean=True)
        rounds = params.candidate_quick_rounds if quick else params.candidate_rounds
        return generate_columns(
            master, prices, budget, rounds=rounds, accuracy=params.candidate_accuracy, warm=_WARM, exact=exact
        )

    share_at_once = (
        params.candidate_quick_share
        if quick
        else params.candidate_large_share
        if exact
        else params.candidate_share
    )
    worth = np.inf
    most = rows.n_blocks
    while not budget.stop():
        share: F64 = np.bincount(rows.block_of, weight * runs, rows.n_blocks).astype(np.float64)
        share[opened | barred | ~candidate] = 0
        left = float(share.sum())
        order = np.argsort(-share, kind="stable")
        order = order[share[order] >= params.candidate_trace]
        if left < params.candidate_enough or not len(order):
            break
        least = params.candidate_quick_least if quick else 1
        some = [
            b
            for k, b in enumerate(order)
            if k <= max(least, share_at_once * left) or share[b] >= params.candidate_sure
        ]
        some = some[:most]
        wanted, some = some, held_together(mode_model, opened, share, some, budget)
        barred[np.setdiff1d(wanted, some)] = True  # no room beside these, or no run left
        if not some:
            continue
        opened[some] = True
        after = converged()
        loss = worth - after.fractional.point.primal
        if not quick and loss > params.candidate_loss * abs(worth) and np.isfinite(worth):
            opened[some] = False
            if len(some) > 1:
                most = len(some) // 2
                continue
            barred[some] = True
            without = converged()
            if without.fractional.point.primal >= after.fractional.point.primal:
                after = without
            else:
                opened[some], barred[some] = True, False
        most *= 2
        worth, prices, weight = after.fractional.point.primal, after.prices, after.fractional.mode_weight
        budget.phase(
            tr(
                "opening candidates: {n} opened, {left:.1f} to come, worth {points:.0f}",
                n=int(opened.sum()),
                left=left,
                points=worth,
            )
        )
    bonus = np.where(opened, _HELD, -_HELD)[rows.block_of]
    return mode_model.heaviest(weight + bonus * (runs & candidate[rows.block_of]), budget.left())


def held_together(
    mode_model: ModeModel, opened: Bools, share: F64, some: list[int], budget: Budget
) -> list[int]:
    """The heaviest of these candidates that rooms and runs allow together beside those opened."""
    rows = mode_model.rows
    worth = np.full(rows.n_blocks, -1.0)
    worth[some] = 1 + share[some]
    worth[opened] = _HELD
    chosen_modes = mode_model.heaviest(worth[rows.block_of] * rows.runs, budget.left())
    if chosen_modes is None:
        return []
    held = rows.running(chosen_modes.chosen)
    return [b for b in some if held[b]]
