"""The scale of points: whole numbers everywhere, so that no rounding can spoil a bound."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I64

SCALE = 1 << 10
"""Points are multiplied by it, and prices are whole numbers on that scale."""


def scaled(prices: F64) -> I64:
    """Prices in points as whole numbers on the scale; negative ones count as 0."""
    return np.clip(np.rint(prices * SCALE), 0, 1 << 50).astype(np.int64)
