"""Integer programmes over columns: the limits that exist, underfill, and a solver within its budget."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows
from cadreplan.engines.columns.master.pool import Matrix

Entries = list[tuple[cp_model.IntVar, int]]


def limited(rows: Rows) -> tuple[I32, I32]:
    """The rows that are limited at all, and the position of every row among them or -1."""
    index = np.flatnonzero(rows.rhs < UNLIMITED // 2).astype(np.int32)
    positions = np.full(rows.n, -1, np.int32)
    positions[index] = np.arange(len(index), dtype=np.int32)
    return index, positions


def total(entries: Entries) -> cp_model.LinearExprT:
    """The weighted sum of variables."""
    return cp_model.LinearExpr.weighted_sum([var for var, _ in entries], [c for _, c in entries])


class ColumnMip:
    """A CP-SAT model that takes columns whole: what they bring and use is collected as they are added."""

    def __init__(self, rows: Rows, matrix: Matrix, positions: I32) -> None:
        self.model = cp_model.CpModel()
        self._rows, self._matrix, self._positions = rows, matrix, positions
        self._terms: Entries = []
        self._use: dict[int, Entries] = {}

    def add(self, j: int) -> cp_model.IntVar:
        """The variable that takes column j of the matrix."""
        matrix = self._matrix
        var = self.model.new_bool_var("")
        self._terms.append((var, int(matrix.points[j])))
        for q in range(matrix.ptr[j], matrix.ptr[j + 1]):
            self._use.setdefault(int(matrix.row[q]), []).append((var, int(matrix.coef[q])))
        return var

    def solve(self, left: I64, work: float, budget: Budget, *, workers: int = 1) -> cp_model.CpSolver | None:
        """The solver with the best choice of columns within `left`, None where none was found.

        `work` is the deterministic time it may take; it is counted.
        """
        self._underfill()
        for row, entries in self._use.items():
            if sum(c for _, c in entries if c > 0) > left[row]:
                self.model.add(total(entries) <= int(left[row]))
        self.model.maximize(total(self._terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = budget.options.seed
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = work
        seconds = budget.left()
        if seconds is not None:
            solver.parameters.max_time_in_seconds = max(0.1, seconds)
        status = solver.solve(self.model)
        budget.work += solver.response_proto.deterministic_time
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def _underfill(self) -> None:
        """People short of a confirmed session's minimum, or whom a mix lacks, as many as there are."""
        rows = self._rows
        for k in np.flatnonzero(rows.underfill)[1::2]:
            entry = int(rows.mode_ptr[k])
            most = int(rows.mode_cap[k])
            short = self.model.new_int_var(0, most, "")
            self._terms.append((short, int(rows.mode_points[k]) // most))
            one = int(rows.mode_coef[entry]) // most
            self._use.setdefault(int(self._positions[rows.mode_row[entry]]), []).append((short, one))
