"""Prerequisites that an item does not bring along, and the items that provide them."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.arrays import Compiled
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import kernel
from cadreplan.engines.columns.together import missing, provides


@kernel
def mark_lacks(lo: int, hi: int, c: Compiled, items: Items) -> None:
    """Set `lack` and `lack_before` to an item's first unmet prerequisite; `gives` where one is provided."""
    alone = np.empty(1, np.int32)
    for i in range(lo, hi):
        for j in range(items.ptr[i], items.ptr[i + 1]):
            if items.need[j]:
                alone[0] = j
                items.lack[j], items.lack_before[j] = missing(i, alone, 1, c, items)
        for j in range(items.ptr[i], items.ptr[i + 1]):
            if items.lack[j] < 0:
                continue
            for j2 in range(items.ptr[i], items.ptr[i + 1]):
                if not items.gives[j2] and provides(j2, items.lack[j], items.lack_before[j], c, items):
                    items.gives[j2] = 1
