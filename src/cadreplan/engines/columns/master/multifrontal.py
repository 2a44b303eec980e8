"""The normal equations of the interior point method, factored along the assembly tree.

Each block of columns is eliminated by hand and adds to the front of its node; a node's own rows are then
eliminated by a dense Cholesky factorisation, and what that takes off the rows above goes to the front above.
Leaves need no front: what their leaders add to rows above goes there at once. Everything is added up in an
order that does not depend on the number of threads, so that the same input gives the same prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.master.assembly_tree import Belonging, Node, Tree, border_of, build_tree
from cadreplan.engines.columns.master.elimination import add_schur, invert_lower, solve_lower
from cadreplan.engines.columns.master.pool import Matrix
from cadreplan.engines.columns.thread_pool import ThreadPool

_PARTS = ((1500, 4), (4000, 2))
"""Up to this many rows of the root, its front is added up in this many parts, side by side."""

_AT_ONCE = 512
"""Columns of outer products that are taken off a front at once."""

_NEARLY_ALL = 0.7
"""Of the rows above, before it is not worth while to leave out those that a node does not meet."""


@dataclass
class _Factored:
    """The inverse of a node's own Cholesky factor, and by it what meets the rows `met` above."""

    node: Node
    met: I32
    inverse: F64
    above: F64


class _Front:
    """A frontal matrix, of which the lower triangle counts, and what is still to be taken off it.

    Outer products are taken off many columns at once, as each costs a pass over the whole matrix.
    """

    def __init__(self, matrix: F64) -> None:
        self.matrix = matrix
        self._waiting: list[F64] = []
        self._columns = 0

    def take_off(self, above: F64) -> None:
        """Take off  above above'  sooner or later."""
        self._waiting.append(above)
        self._columns += above.shape[1]
        if self._columns >= _AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Take off all that is waiting."""
        if self._waiting:
            above = self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting, axis=1)
            self.matrix -= above @ above.T
            self._waiting, self._columns = [], 0


class Elimination:
    """The normal equations of one programme, to be factored and solved again and again."""

    def __init__(self, matrix: Matrix, belonging: Belonging, n_rows: int, threads: ThreadPool) -> None:
        self.matrix, self.threads, self.n_rows = matrix, threads, n_rows
        self.tree: Tree = build_tree(matrix, belonging, n_rows)
        self._size = self.tree.root.size
        self._constants = _border_entries(matrix, self.tree, n_rows)
        self._parts = self._split(next((n for most, n in _PARTS if self._size <= most), 1))
        self._fronts = [np.zeros((self._size, self._size)) for _ in self._parts]
        self._below: list[list[_Factored]] = []
        self._root: F64 = np.zeros((0, 0))
        self._border: tuple[F64, F64] | None = None

    def _split(self, parts: int) -> list[tuple[list[Node], I32]]:
        """The root's children and blocks, in parts of about as many columns."""
        columns = np.diff(self.matrix.block_ptr)
        root = self.tree.root
        load = np.cumsum([_columns(child, columns) for child in root.children])
        total = (float(load[-1]) if len(load) else 0.0) + float(columns[root.blocks].sum())
        own = np.cumsum(columns[root.blocks]) + (total - float(columns[root.blocks].sum()))
        of_child = np.minimum(parts - 1, load * parts / max(1.0, total + 1)).astype(np.int64)
        of_block = np.minimum(parts - 1, own * parts / max(1.0, total + 1)).astype(np.int64)
        return [
            ([child for child, k in zip(root.children, of_child, strict=True) if k == part],
             root.blocks[of_block == part])
            for part in range(parts)
        ]  # fmt: skip

    def factor(self, d: F64, pivot: I32, diagonal: F64) -> None:
        """Factor  A D A' + diagonal,  D being that of `d` by column with blocks' sums held."""
        below: list[list[_Factored]] = [[] for _ in self._parts]

        def call(lo: int, hi: int) -> None:
            for part in range(lo, hi):
                front = _Front(self._fronts[part])
                front.matrix[:] = 0
                children, blocks = self._parts[part]
                self._add(blocks, d, pivot, 0, front.matrix[:, :0], front.matrix)
                for child in children:
                    below[part] += self._eliminate(child, d, pivot, diagonal, front)
                front.settle()

        self.threads.run(call, len(self._parts), chunks=len(self._parts))
        front = self._fronts[0]
        for other in self._fronts[1:]:
            front += other
        self._below = below
        self._factor_root(front, d, diagonal)

    def _eliminate(
        self, node: Node, d: F64, pivot: I32, diagonal: F64, upper: _Front
    ) -> list[_Factored]:  # fmt: skip
        """Eliminate a node and all below it, whose effect on the rows above goes to the front `upper`."""
        n = len(node.own)
        done: list[_Factored] = []
        if node.children:
            whole = _Front(np.zeros((node.size, node.size)))
            self._add(node.blocks, d, pivot, 0, whole.matrix[:, :0], whole.matrix)
            for child in node.children:
                done += self._eliminate(child, d, pivot, diagonal, whole)
            whole.settle()
            panel = whole.matrix[:, :n].copy()
            upper.matrix += whole.matrix[n:, n:]
        else:
            panel = np.zeros((node.size, n))
            self._add(node.blocks, d, pivot, n, panel, upper.matrix)
        panel[np.arange(n), np.arange(n)] += diagonal[node.own]
        for place, local, value in self._constants.get(id(node), ()):
            panel[place, local] += value
        inverse = invert_lower(cholesky(panel[:n]))
        met = np.flatnonzero(panel[n:].any(axis=1))
        if len(met) > _NEARLY_ALL * len(node.above):
            above = panel[n:] @ inverse.T
            upper.take_off(above)
            return [*done, _Factored(node, node.above, inverse, above)]
        above = panel[n + met] @ inverse.T
        upper.matrix[np.ix_(met, met)] -= above @ above.T
        return [*done, _Factored(node, node.above[met], inverse, above)]

    def _add(self, blocks: I32, d: F64, pivot: I32, n_own: int, panel: F64, front: F64) -> None:
        m = self.matrix
        add_schur(blocks, m.block_ptr, m.ptr, self.tree.row, m.coef, d, pivot, n_own, panel, front)

    def _factor_root(self, front: F64, d: F64, diagonal: F64) -> None:
        root, n = self.tree.root, self._size - len(self.tree.border)
        front[np.arange(n), np.arange(n)] += diagonal[root.own[:n]]
        self._border = None
        if len(self.tree.border):
            for place, local, value in self._constants.get(id(root), ()):
                front[place, local] += value
            inverse = invert_lower(cholesky(-(front[n:, n:] + border_of(self.matrix, self.tree, d))))
            by_border = inverse @ front[n:, :n]
            self._border = inverse, by_border
            self._root = cholesky(front[:n, :n] + by_border.T @ by_border)
        else:
            self._root = cholesky(front)

    def solve(self, side: F64) -> F64:
        """The solution for a right-hand side by row."""
        n_border = len(self.tree.border)
        x = np.concatenate((side, np.zeros(n_border)))
        nodes = [one for part in self._below for one in part]
        for one in nodes:
            y = one.inverse @ x[one.node.own]
            x[one.node.own] = y
            x[one.met] -= one.above @ y
        own = self.tree.root.own
        rows = own[: self._size - n_border]
        if self._border is None:
            x[rows] = solve_lower(self._root, x[rows])
        else:
            inverse, by_border = self._border
            of_border = inverse @ x[own[len(rows) :]]
            x[rows] = solve_lower(self._root, x[rows] + by_border.T @ of_border)
            x[own[len(rows) :]] = inverse.T @ (by_border @ x[rows] - of_border)
        for one in reversed(nodes):
            x[one.node.own] = one.inverse.T @ (x[one.node.own] - one.above.T @ x[one.met])
        return x[: len(side)]


def _columns(node: Node, columns: np.ndarray) -> int:
    return int(columns[node.blocks].sum()) + sum(_columns(child, columns) for child in node.children)


def _border_entries(matrix: Matrix, tree: Tree, n_rows: int) -> dict[int, list[tuple[I32, I32, F64]]]:
    """By node, where columns of the border meet its own rows: place in front, own row, minus the entry."""
    if not len(tree.border):
        return {}
    block = np.searchsorted(matrix.block_ptr, tree.border, side="right") - 1
    dense: dict[tuple[int, int], float] = {}
    for k, (j, first) in enumerate(zip(tree.border, matrix.block_ptr[block], strict=True)):
        for column, sign in ((int(j), -1.0), (int(first), 1.0)):
            for q in range(int(matrix.ptr[column]), int(matrix.ptr[column + 1])):
                key = int(matrix.row[q]), k
                dense[key] = dense.get(key, 0.0) + sign * float(matrix.coef[q])
    node_of = np.zeros(n_rows, np.int64)
    place = np.zeros(n_rows, np.int64)
    nodes = [tree.root, *tree.below]
    for x, node in enumerate(nodes):
        inside = node.own[node.own < n_rows]
        node_of[inside], place[inside] = x, np.arange(len(inside))
    found: dict[int, list[tuple[int, int, float]]] = {}
    n_border = len(tree.border)
    for (row, k), value in sorted(dense.items()):
        if value:
            node = nodes[node_of[row]]
            found.setdefault(id(node), []).append((node.size - n_border + k, int(place[row]), value))
    out: dict[int, list[tuple[I32, I32, F64]]] = {}
    for id_, entries in found.items():
        at, local, values = zip(*entries, strict=True)
        out[id_] = [(np.array(at, np.int32), np.array(local, np.int32), np.array(values))]
    return out


def cholesky(matrix: F64) -> F64:
    """Lower Cholesky factor of a matrix given by its lower triangle, lifted where not quite definite."""
    lift = 1e-13
    diagonal = matrix.diagonal()
    lifted = matrix
    while True:
        try:
            return np.linalg.cholesky(lifted).astype(np.float64, copy=False)
        except np.linalg.LinAlgError:
            lift *= 100
            lifted = matrix + np.diag(np.abs(diagonal) * lift + lift)
