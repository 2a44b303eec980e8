"""Prices without a linear programme: deflected subgradient steps on all rows at once.

The first passes of column generation have hardly any columns, and a master's prices then jump about. A few
dozen steps along the violated rows, averaged as in the volume algorithm (Barahona and Anbil 2000), give a
bound within about a percent and a pool of columns around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.arrays import F64
from cadreplan.engines.columns.pricer import Pass, Pricer
from cadreplan.engines.columns.pricing import HASTY, SCALE


@dataclass
class Ascent:
    """Prices that move; `best` are those of the lowest bound (`bound`, in points) so far."""

    pricer: Pricer
    prices: F64
    best: F64
    bound: float = 1e300
    step: float = 1.0
    mean: F64 | None = None
    stalled: int = 0

    def run(self, passes: int, target: float, take: Callable[[Pass], bool]) -> None:
        """`passes` steps towards `target` points; each pass goes to `take`, which says whether to go on."""
        rows = self.pricer.rows
        limited = rows.rhs < (1 << 39)
        for _ in range(passes):
            result = self.pricer.price(self.prices, node_limit=HASTY)
            if not take(result):
                return
            value = result.bound / SCALE
            best = rows.best_worth(result.worth)
            chosen = np.zeros(len(result.worth))
            for b in range(rows.n_blocks):
                lo, hi = rows.block_ptr[b], rows.block_ptr[b + 1]
                chosen[lo + int(np.argmax(result.worth[lo:hi] == best[b]))] = 1
            use = self.pricer.use(result.found[:, 0, :]) + rows.use_of(chosen)
            if value < self.bound - 1e-6 * abs(self.bound):
                self.bound, self.best = value, self.prices.copy()
                self.stalled = 0
                self.step = min(2.0, self.step * 1.1)
            else:
                self.stalled += 1
                if self.stalled >= 4:
                    self.step *= 0.7
                    self.stalled = 0
            over = np.where(limited, use - rows.rhs, 0).astype(np.float64)
            self.mean = over if self.mean is None else 0.3 * over + 0.7 * self.mean
            direction = np.where((self.prices <= 0) & (self.mean < 0), 0.0, self.mean)
            norm = float(direction @ direction)
            if norm < 1e-9:
                return
            length = self.step * max(1.0, self.bound - target) / norm
            self.prices = np.maximum(
                0.0, self.best + length * direction if self.stalled == 0 else self.prices + length * direction
            )
