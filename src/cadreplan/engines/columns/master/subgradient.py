"""Prices without a linear programme: subgradient steps on all rows at once.

The first passes of column generation have hardly any columns, and a master's prices then jump about. A
pricing pass costs a fraction of a programme, and a dozen steps along what rows are over their limits give
prices from which few programmes are needed, and a pool of columns around them. Rows differ by orders of
magnitude in their limits and in how long they stay violated, so each has a step of its own, shorter the more
it has moved (Duchi, Hazan and Singer 2011), along a mean of the last directions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass


@dataclass
class Subgradient:
    """Prices that move; `best` are those of the lowest bound (`bound`, in points) so far.

    `unit` is what a fair price is about, in points. `excess` is the mean excess of each row, as a share of
    its limit; below 0 there is room.
    """

    pricer: Pricer
    unit: float
    best: F64 = field(init=False)
    bound: float = field(init=False, default=1e300)
    excess: F64 = field(init=False)

    def __post_init__(self) -> None:
        n = self.pricer.rows.n
        self.best, self.excess = np.zeros(n), np.zeros(n)

    def run(self, take: Callable[[PricingPass], bool]) -> None:
        """Steps from prices of 0; each pass goes to `take`, which says whether to go on."""
        rows, params = self.pricer.rows, self.pricer.params.duals
        nodes = self.pricer.params.pricing.heuristic_nodes
        limit = np.where(rows.rhs < UNLIMITED // 2, np.maximum(1, rows.rhs), np.inf)
        prices, squares = np.zeros(rows.n), np.zeros(rows.n)
        for _ in range(params.passes):
            result = self.pricer.price(prices, node_limit=nodes)
            if not take(result):
                return
            if result.bound / SCALE < self.bound:
                self.bound, self.best = result.bound / SCALE, prices
            use = self.pricer.use(result.found[:, 0, :]) + rows.use_of(rows.best_choice(result.worth))
            over = np.clip((use - rows.rhs) / limit, -1.0, params.most_excess)
            squares += over * over
            self.excess = params.momentum * self.excess + (1 - params.momentum) * over
            step = params.step * self.unit / np.sqrt(np.maximum(squares, 1e-9))
            prices = np.maximum(0.0, prices + step * self.excess)
