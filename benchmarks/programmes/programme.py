"""One programme of the master as a file, in general form, and what a point is worth in it.

    max  c x - penalty over   with  sum of x over each block = 1,  A x - over <= b,  x >= 0,  over >= 0

Points and penalties are in the master's `unit`, so that every code gets the same well-scaled figures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from cadreplan.engines.columns.compiled.arrays import F64, I32


@dataclass(frozen=True)
class Programme:
    """Columns of blocks end to end (`block_ptr`), entries (`row`, `coef`) of columns by `ptr`.

    `start` are the prices by row that the master began near, at complementarity `warm` and to `accuracy`.
    `row_branch` and `block_branch` say whose rows and blocks are (-1: everybody's), `parent` gives the
    branch above.
    """

    block_ptr: I32
    ptr: I32
    row: I32
    coef: F64
    points: F64
    rhs: F64
    penalty: F64
    start: F64
    warm: float
    accuracy: float
    row_branch: I32
    block_branch: I32
    parent: I32

    @property
    def n_rows(self) -> int:
        """Shared rows; those of the blocks come on top."""
        return len(self.rhs)

    @property
    def n_columns(self) -> int:
        """Columns without the excess of rows."""
        return len(self.points)

    @property
    def n_blocks(self) -> int:
        """Rows that say that a block's columns come to 1."""
        return len(self.block_ptr) - 1

    @cached_property
    def matrix(self) -> sparse.csc_matrix:
        """A, without zeros, each entry once."""
        shape = self.n_rows, self.n_columns
        matrix = sparse.csc_matrix((self.coef, self.row, self.ptr), shape)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix

    @cached_property
    def blocks(self) -> sparse.csc_matrix:
        """Which column belongs to which block."""
        n = self.n_columns
        block = np.repeat(np.arange(self.n_blocks), np.diff(self.block_ptr))
        return sparse.csc_matrix((np.ones(n), block, np.arange(n + 1)), (self.n_blocks, n))

    def general(self) -> tuple[F64, sparse.csc_matrix, F64, F64]:
        """Costs to be minimised, all rows over columns and excess, lower and upper limits of rows."""
        m = self.n_rows
        empty = sparse.csc_matrix((self.n_blocks, m))
        left, right = sparse.vstack((self.matrix, self.blocks)), sparse.vstack((-sparse.eye(m), empty))
        ones = np.ones(self.n_blocks)
        return (
            np.concatenate((-self.points, self.penalty)),
            sparse.csc_matrix(sparse.hstack((left, right))),
            np.concatenate((np.full(m, -np.inf), ones)),
            np.concatenate((self.rhs, ones)),
        )

    def worth(self, x: F64) -> float:
        """Of a point by column, made feasible: no less than 0, blocks scaled to 1, the excess penalised."""
        x = np.maximum(x, 0)
        total = np.add.reduceat(x, self.block_ptr[:-1])
        x = x / np.repeat(np.maximum(total, 1e-12), np.diff(self.block_ptr))
        over = np.maximum(0, self.matrix @ x - self.rhs)
        return float(self.points @ x - self.penalty @ over)

    def bound(self, prices: F64) -> float:
        """What no point is above, by prices of the shared rows (cut off at 0 and at the penalty)."""
        prices = np.clip(prices, 0, self.penalty)
        best = np.maximum.reduceat(self.points - self.matrix.T @ prices, self.block_ptr[:-1])
        return float(best.sum() + self.rhs @ prices)

    def save(self, path: Path) -> None:
        """As a compressed file of numpy arrays."""
        np.savez_compressed(path, **asdict(self))


def load(path: Path) -> Programme:
    """A programme saved before."""
    with np.load(path) as arrays:
        found = {field.name: arrays[field.name] for field in fields(Programme)}
    return Programme(**found | {name: float(found[name]) for name in ("warm", "accuracy")})
