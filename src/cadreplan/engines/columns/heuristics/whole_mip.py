"""A whole master as one MIP, solved by HiGHS as OR-Tools has it."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools
from cadreplan.engines.columns.master.pool import Matrix

_TOLERANCE, _LEAST_TOLERANCE = 1e-6, 1e-2
"""What a bound in floating point may be wrong by: relative, and in points."""
_HALF = 0.5
"""Points by which a plan may be from the bound: both are whole."""


@dataclass(frozen=True)
class Found:
    """`taken` are the columns of the best solution (None: none was found), `bound` what any is worth at most
    in points (None: not known), `iterations` those of the simplex method.
    """

    taken: Bools | None
    bound: int | None
    is_infeasible: bool
    iterations: int


class WholeMip:
    """Exactly one column of each block, within the limits `rhs`.

    Of columns with `people` any number of these may be taken, each for its part of the points and of the use;
    their blocks are left empty else.
    """

    def __init__(self, matrix: Matrix, rhs: I64, people: I64) -> None:
        n = len(matrix.points)
        block = np.repeat(np.arange(len(matrix.block_ptr) - 1), np.diff(matrix.block_ptr))
        parts = np.isin(block, block[people > 0])
        size = np.maximum(1, people).astype(np.float64)
        entry = np.repeat(np.arange(n), np.diff(matrix.ptr))
        row, entry, coef = _summed(matrix.row, entry, matrix.coef / size[entry], n)
        binding = _most_use(row, entry, coef * size[entry], block, len(rhs)) > rhs
        inside = binding[row]
        row, entry, coef = (np.cumsum(binding) - 1)[row[inside]], entry[inside], coef[inside]
        blocks = np.unique(block[~parts])
        place = np.searchsorted(blocks, block[~parts]) + int(binding.sum())
        self._row = np.concatenate((row, place))
        self._entry = np.concatenate((entry, np.flatnonzero(~parts)))
        self._coef = np.concatenate((coef, np.ones(len(place))))
        self._upper = np.where(parts, people, 1)
        self._least = np.concatenate((np.full(int(binding.sum()), -np.inf), np.ones(len(blocks))))
        self._most = np.concatenate((rhs[binding].astype(np.float64), np.ones(len(blocks))))
        # each block counts from its dearest column: a small objective has a sharper bound
        dearest = np.maximum.reduceat(matrix.points, matrix.block_ptr[:-1])
        self._objective = np.where(parts, matrix.points / size, matrix.points - dearest[block])
        self._constant = float(dearest[blocks].sum())

    def solve(self, *, seconds: float | None, nodes: int, seed: int) -> Found:
        """The best solution, within limits of time (None: no limit) and of the tree."""
        parameters = mathopt.SolveParameters(
            time_limit=None if seconds is None else datetime.timedelta(seconds=seconds),
            node_limit=nodes,
            random_seed=seed,
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=_HALF,
        )
        model = mathopt.Model.from_model_proto(self._model())
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
        bound = float(result.termination.objective_bounds.dual_bound)
        taken = None
        if result.has_primal_feasible_solution():
            values = result.variable_values()
            taken = np.array([values[v] > _HALF for v in sorted(values, key=lambda v: v.id)], np.bool_)
        return Found(
            taken,
            math.floor(self._constant + bound + _LEAST_TOLERANCE + _TOLERANCE * abs(bound))
            if math.isfinite(bound)
            else None,
            result.termination.reason == mathopt.TerminationReason.INFEASIBLE,
            int(result.solve_stats.simplex_iterations),
        )

    def _model(self) -> model_pb2.ModelProto:
        n, order = len(self._objective), np.lexsort((self._entry, self._row))
        model = model_pb2.ModelProto()
        model.variables.ids.extend(range(n))
        model.variables.lower_bounds.extend([0.0] * n)
        model.variables.upper_bounds.extend(self._upper.tolist())
        model.variables.integers.extend([True] * n)
        some = np.flatnonzero(self._objective)
        model.objective.maximize = True
        model.objective.linear_coefficients.ids.extend(some.tolist())
        model.objective.linear_coefficients.values.extend(self._objective[some].tolist())
        model.linear_constraints.ids.extend(range(len(self._most)))
        model.linear_constraints.lower_bounds.extend(self._least.tolist())
        model.linear_constraints.upper_bounds.extend(self._most.tolist())
        model.linear_constraint_matrix.row_ids.extend(self._row[order].tolist())
        model.linear_constraint_matrix.column_ids.extend(self._entry[order].tolist())
        model.linear_constraint_matrix.coefficients.extend(self._coef[order].tolist())
        return model


def _summed(row: I32, entry: I64, coef: F64, n: int) -> tuple[I64, I64, F64]:
    """Entries of one row and column added up, as a solver takes each pair once."""
    key, inverse = np.unique(row.astype(np.int64) * n + entry, return_inverse=True)
    total = np.bincount(inverse, weights=coef, minlength=len(key))
    some = total != 0
    return key[some] // n, key[some] % n, total[some]


def _most_use(row: I64, entry: I64, coef: F64, block: I64, n_rows: int) -> F64:
    """The most that any choice of one column a block uses of each row."""
    key = row * (int(block[-1]) + 1) + block[entry]
    order = np.argsort(key, kind="stable")
    most = np.zeros(n_rows)
    if len(order):
        key, positive = key[order], np.maximum(0.0, coef[order])
        first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        most += np.bincount(row[order[first]], weights=np.maximum.reduceat(positive, first), minlength=n_rows)
    return most
