"""Branching on what sessions do: whether candidates run, and which size of room sessions get.

The linear programme may run half a candidate for half its cost, and at a thousand leaders one candidate can
be worth more than the gap wanted. Each node allows some configurations of every block; its bound is a
Lagrangian one, so the largest over all nodes not yet split is a bound for the instance.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32, Bools
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.dive import settle
from cadreplan.engines.columns.master import Master
from cadreplan.engines.columns.pricing import SCALE, Pass

_WHOLE = 0.02


@dataclass
class Node:
    """`bound` in points, rounded down; `weight` the mixture of configurations it was solved to."""

    bound: int
    allowed: Bools
    prices: F64
    weight: F64
    leaf: bool = False


@dataclass
class Tree:
    """Nodes not yet split; leaves have whole configurations and are not split further."""

    master: Master
    budget: Budget
    who: I32
    nodes: list[Node] = field(default_factory=list)

    def bound(self) -> int:
        """A bound for the instance."""
        open_bound = max((node.bound for node in self.nodes), default=-(1 << 62))
        best = self.budget.best_objective
        return open_bound if best is None else max(open_bound, best)

    def next(self) -> Node | None:
        """The open node with the largest bound, None where all are leaves or cannot beat the plan."""
        best = self.budget.best_objective
        if best is not None:
            self.nodes = [node for node in self.nodes if node.bound > best]
        some = [node for node in self.nodes if not node.leaf]
        return max(some, key=lambda node: node.bound) if some else None

    def split(self, node: Node) -> list[Node]:
        """Replace a node by its two parts; empty (and the node a leaf) where nothing is left to decide."""
        rows = self.master.pricer.rows
        block, run = self._choose(node)
        if block < 0:
            node.leaf = True
            return []
        lo, hi = rows.block_ptr[block], rows.block_ptr[block + 1]
        parts = []
        for side in (True, False):
            allowed = node.allowed.copy()
            allowed[lo:hi] &= run if side else ~run
            parts.append(allowed)
        children = []
        for allowed in parts:
            self.master.who, self.master.allowed = self.who, allowed
            self.master.rhs = rows.rhs.copy()
            mixture, _, prices, value = settle(self.master, node.prices, self.budget, rounds=3, accuracy=1e-4)
            bound = min(node.bound, int(np.floor(value)))
            children.append(Node(bound, allowed, prices, mixture.config_weight))
        self.nodes = [other for other in self.nodes if other is not node] + children
        self.budget.bound(self.bound())
        return children

    def _choose(self, node: Node) -> tuple[int, Bools]:
        """The block least decided and the set of its configurations for the first part."""
        rows = self.master.pricer.rows
        best, score, part = -1, _WHOLE, np.zeros(0, np.bool_)
        for b in range(rows.n_blocks):
            lo, hi = rows.block_ptr[b], rows.block_ptr[b + 1]
            if rows.cfg_size[lo] == -3 or int(node.allowed[lo:hi].sum()) < 2:
                continue
            weight = node.weight[lo:hi]
            idle = rows.cfg_size[lo:hi] == -2
            if idle.any() and node.allowed[lo] and (node.allowed[lo:hi] & ~idle).any():
                runs = float(weight[~idle].sum())
                value, run = 2 * min(runs, 1 - runs), ~idle
            else:
                run = np.zeros(hi - lo, np.bool_)
                run[int(np.argmax(weight))] = True
                value = 1 - float(weight.max())
            if value > score:
                best, score, part = b, value, run
        return best, part


def fix_by_price(result: Pass, master: Master, allowed: Bools, bound: int, objective: int) -> Bools:
    """Configurations that may still be in a better plan: the bound less what they lose at these prices."""
    rows = master.pricer.rows
    worth = rows.cfg_points * SCALE
    if len(rows.cfg_row):
        paid = np.concatenate(([0], np.cumsum(rows.cfg_coef * result.prices[rows.cfg_row])))
        worth = worth - (paid[rows.cfg_ptr[1:]] - paid[rows.cfg_ptr[:-1]])
    keep = allowed.copy()
    for b in range(rows.n_blocks):
        lo, hi = rows.block_ptr[b], rows.block_ptr[b + 1]
        if rows.cfg_size[lo] != -3:
            best = worth[lo:hi][allowed[lo:hi]].max()
            keep[lo:hi] &= (best - worth[lo:hi]) <= result.bound - objective * SCALE
    return keep
