"""The programme of the restricted master as a general solver sees it."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.master.pool import Matrix


def optimum(matrix: Matrix, rhs: F64, penalty: F64) -> float:
    """The best worth of convex combinations within `rhs`, each row being elastic at its `penalty` a unit."""
    model = mathopt.Model()
    x = [model.add_variable(lb=0.0) for _ in matrix.points]
    over = [model.add_variable(lb=0.0) for _ in rhs]
    use: list[list[mathopt.LinearTerm]] = [[] for _ in rhs]
    for j in range(len(x)):
        for q in range(int(matrix.ptr[j]), int(matrix.ptr[j + 1])):
            use[int(matrix.row[q])].append(float(matrix.coef[q]) * x[j])
    for r, terms in enumerate(use):
        model.add_linear_constraint(mathopt.fast_sum(terms) - over[r] <= float(rhs[r]))
    for b in range(len(matrix.block_ptr) - 1):
        some = x[int(matrix.block_ptr[b]) : int(matrix.block_ptr[b + 1])]
        model.add_linear_constraint(mathopt.fast_sum(some) == 1.0)
    worth = [float(points) * var for points, var in zip(matrix.points, x, strict=True)]
    lost = [float(each) * var for each, var in zip(penalty, over, strict=True)]
    model.maximize(mathopt.fast_sum(worth) - mathopt.fast_sum(lost))
    limits = mathopt.SolveParameters(time_limit=timedelta(seconds=30))
    found = mathopt.solve(model, mathopt.SolverType.GLOP, params=limits)
    assert found.termination.reason == mathopt.TerminationReason.OPTIMAL
    assert math.isfinite(found.objective_value())
    return float(found.objective_value())


def bound_at(matrix: Matrix, rhs: F64, prices: F64) -> float:
    """What prices prove: their worth of the limits and every block's best column at them."""
    entry = np.repeat(np.arange(len(matrix.points)), np.diff(matrix.ptr))
    paid = np.bincount(entry, matrix.coef * prices[matrix.row], minlength=len(matrix.points))
    if len(matrix.block_ptr) == 1:
        return float(rhs @ prices)
    best = np.maximum.reduceat(matrix.points - paid, matrix.block_ptr[:-1])
    return float(rhs @ prices + best.sum())
