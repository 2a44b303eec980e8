"""The order in which rows are eliminated: along the tree of branches, from the leaves to the root.

Rows of a branch (absence on a day, a quota of it) meet only leaders of that branch. Where these rows are
eliminated first, nothing of other branches fills in: a *node* has `own` rows, and its *front* is these
and the rows of all nodes above it (the multifrontal method of Duff and Reid 1983, with the tree given).
The root has the rows that everybody may meet: seats, beds, offerings, rooms. Small leaves with one parent
share a node, as their rows are few and dense blocks are quick.

Modes of sessions that meet rows below the root, as the quotas of a candidate, would fill all of
the tree. Their columns are kept as further unknowns of the root instead (a *border*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.master.pool import Matrix

_BUNDLE = 64, 256
"""Rows up to which leaves below one node go on sharing a node, a third of those of the root within this."""
_WORTHWHILE = 96
"""With fewer rows below the root there is no tree."""


class Belonging(NamedTuple):
    """Whose rows and blocks are: `row` and `block` give branches (-1: everybody's), `parent` those above."""

    row: I32
    block: I32
    parent: I32


@dataclass
class Node:
    """`own` and `above` are rows (positions among the active, those of the border after them), `size` is
    their number; `blocks` meet only these rows, and `children` are nodes below."""

    own: I32
    above: I32
    blocks: I32
    children: list[Node]

    @property
    def size(self) -> int:
        """Rows of the front."""
        return len(self.own) + len(self.above)


@dataclass(frozen=True)
class Tree:
    """`root` and all nodes below it, children first; `row` is the place of every entry of the matrix in the
    front of its block's node. `border` are the columns of the border, none of them its block's first."""

    root: Node
    below: list[Node]
    row: I32
    border: I32


def build_tree(matrix: Matrix, belonging: Belonging, n_rows: int) -> Tree:
    """The assembly tree of a programme over `n_rows` rows."""
    holder, parent = _nodes(belonging, n_rows)
    of_row = np.where(belonging.row >= 0, holder[belonging.row], 0)
    n_nodes = len(parent)
    in_tree = of_row > 0
    block_of_column = np.repeat(np.arange(len(matrix.block_ptr) - 1), np.diff(matrix.block_ptr))
    column_of_entry = np.repeat(np.arange(len(matrix.ptr) - 1), np.diff(matrix.ptr))
    block_of_entry = block_of_column[column_of_entry]
    free = belonging.block < 0
    bordered = np.zeros(len(free), np.bool_)
    bordered[block_of_entry[in_tree[matrix.row] & free[block_of_entry]]] = True
    border = np.flatnonzero(bordered[block_of_column]).astype(np.int32)
    border = np.setdiff1d(border, matrix.block_ptr[:-1][bordered]).astype(np.int32)
    of_block = np.where(belonging.block >= 0, holder[belonging.block], 0)
    own: list[I32] = _grouped(of_row, n_nodes)
    own[0] = np.concatenate((own[0], n_rows + np.arange(len(border), dtype=np.int32)))
    place = np.zeros(n_rows, np.int64)
    for rows in own:
        inside = rows[rows < n_rows]
        place[inside] = np.arange(len(inside))
    blocks = _grouped(np.where(bordered, -1, of_block), n_nodes)
    nodes: list[Node] = []
    none = np.zeros(0, np.int32)
    for k in range(n_nodes):  # parents come before their children
        above = none if k == 0 else np.concatenate((nodes[parent[k]].own, nodes[parent[k]].above))
        nodes.append(Node(own[k], above, blocks[k], []))
        if k > 0:
            nodes[parent[k]].children.append(nodes[k])
    size = np.array([node.size for node in nodes], np.int64)
    row = size[of_block[block_of_entry]] - size[of_row[matrix.row]] + place[matrix.row]
    return Tree(nodes[0], nodes[:0:-1], row.astype(np.int32), border)


def _grouped(of: I32, n: int) -> list[I32]:
    """Indices by group, ascending; those of group -1 are left out."""
    order = np.argsort(of, kind="stable").astype(np.int32)
    cuts = np.searchsorted(of[order], np.arange(n + 1))
    return [order[cuts[k] : cuts[k + 1]] for k in range(n)]


def _nodes(belonging: Belonging, n_rows: int) -> tuple[I32, list[int]]:
    """The node of every branch, 0 being the root, and the node above every node (parents first)."""
    above = belonging.parent
    n = len(above)
    count = np.bincount(belonging.row[belonging.row >= 0], minlength=n)
    holder = np.zeros(n, np.int32)
    if count.sum() < _WORTHWHILE:
        return holder, [0]
    bundle = int(np.clip((belonging.row < 0).sum() // 3, *_BUNDLE))
    order = _top_down(above)
    has = count > 0
    below = np.zeros(n, np.bool_)  # branches that have rows in branches below them
    for b in order[::-1]:
        if above[b] >= 0 and (has[b] or below[b]):
            below[above[b]] = True
    tops = [b for b in order if has[b] and not _rows_above(b, above, has)]
    if len(tops) == 1 and below[tops[0]]:
        has[tops[0]] = False  # everybody's, in fact
    parent = [0]
    open_: dict[int, tuple[int, int]] = {}  # by node, the bundle of leaves being filled and its rows
    for b in order:
        upper = int(holder[above[b]]) if above[b] >= 0 else 0
        holder[b] = upper
        if not has[b]:
            continue
        if below[b]:
            parent.append(upper)
            holder[b] = len(parent) - 1
            continue
        node, rows = open_.get(upper, (-1, bundle))
        if rows >= bundle:
            parent.append(upper)
            node, rows = len(parent) - 1, 0
        holder[b] = node
        open_[upper] = node, rows + int(count[b])
    return holder, parent


def _top_down(above: I32) -> I32:
    depth = np.zeros(len(above), np.int32)
    at = above.copy()
    while (at >= 0).any():
        depth += at >= 0
        at = np.where(at >= 0, above[at], -1)
    return np.argsort(depth, kind="stable").astype(np.int32)


def _rows_above(b: int, above: I32, has: np.ndarray) -> bool:
    at = int(above[b])
    while at >= 0:
        if has[at]:
            return True
        at = int(above[at])
    return False


def border_of(matrix: Matrix, tree: Tree, d: F64) -> F64:
    """The lower right of the bordered system: minus  diag(1/d) + 1/d of the block's first column."""
    block = np.searchsorted(matrix.block_ptr, tree.border, side="right") - 1
    first = matrix.block_ptr[block]
    same = block[:, None] == block[None, :]
    return np.asarray(-(np.diag(1 / d[tree.border]) + same / d[first][:, None]), np.float64)
