"""Random programmes of the restricted master: a tree of branches, their rows, leaders, and choices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64
from cadreplan.engines.columns.master.assembly_tree import Belonging
from cadreplan.engines.columns.master.pool import Matrix


class Programme(NamedTuple):
    """Columns, whose rows and blocks are, and the number of rows."""

    matrix: Matrix
    belonging: Belonging
    n_rows: int

    def dense(self) -> F64:
        """The matrix of rows by columns."""
        m = self.matrix
        column = np.repeat(np.arange(len(m.points)), np.diff(m.ptr))
        out = np.zeros((self.n_rows, len(m.points)))
        np.add.at(out, (m.row, column), m.coef)
        return out


def tree_of(rng: np.random.Generator, depth: int, most: int) -> I32:
    """Branches above every branch, in random order: up to `most` below one, down to `depth` levels."""
    parent, level = [-1], [0]
    for _ in range(depth):
        first = len(parent)
        for b in level:
            parent += [b] * int(rng.integers(1, most + 1))
        level = list(range(first, len(parent)))
    order = rng.permutation(len(parent))
    out = np.full(len(parent), -1, np.int32)
    for b, above in enumerate(parent):
        out[order[b]] = -1 if above < 0 else order[above]
    return out


def programme(
    rng: np.random.Generator,
    parent: I32,
    rows_of: I32 | I64,
    *,
    shared: int = 20,
    leaders: int = 150,
    choices: int = 8,
    bordered: bool = True,
) -> Programme:
    """Rows of branches (`rows_of` each) and of everybody, leaders of branches, and choices of everybody.

    A leader's columns meet rows of their branch and of those above it, and everybody's. Choices admit
    people, in rows of branches too where `bordered`; their first column is not to run.
    """
    row = rng.permutation(np.concatenate((np.repeat(np.arange(len(parent)), rows_of), np.full(shared, -1))))
    block = np.concatenate((rng.integers(0, len(parent), leaders), np.full(choices, -1))).astype(np.int32)
    block_ptr, ptr, rows, coef, points = [0], [0], [np.zeros(0, np.int64)], [np.zeros(0)], []
    for b in block:
        lineage = {-1}
        at = int(b)
        while at >= 0:
            lineage.add(at)
            at = int(parent[at])
        if b < 0 and bordered:
            lineage = {-1, *range(len(parent))}
        some = np.flatnonzero(np.isin(row, list(lineage)))
        for k in range(int(rng.integers(1, 6) if b >= 0 else rng.integers(2, 4))):
            n = 0 if b < 0 and k == 0 else min(len(some), int(rng.integers(1, 9)))
            rows.append(rng.choice(some, n, replace=False) if n else np.zeros(0, np.int64))
            sizes = rng.integers(1, 4, n).astype(np.float64)
            coef.append(sizes if b >= 0 else -3 * sizes)
            ptr.append(ptr[-1] + n)
            points.append(float(rng.integers(0, 1000)) if b >= 0 else -float(rng.integers(0, 300)) * (k > 0))
        block_ptr.append(len(points))
    none = np.zeros(0, np.int32)
    matrix = Matrix(
        np.arange(leaders, dtype=np.int32),
        np.array(block_ptr, np.int32),
        none,
        none,
        np.array(ptr, np.int32),
        np.concatenate(rows).astype(np.int32),
        np.concatenate(coef),
        np.array(points, np.float64),
    )
    return Programme(matrix, Belonging(row.astype(np.int32), block, parent), len(row))
