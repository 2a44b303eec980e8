"""Shards that lie elsewhere as far as the engine knows: in this process, without a cluster."""

from __future__ import annotations

from cadreplan.engines.columns.pricing.remote import Placed, PlacedCommon
from cadreplan.engines.columns.pricing.shards import Work


class Nearby:
    """Does what shards are asked, by descriptions as a cluster gets them."""

    def __init__(self, common: bytes, slices: list[bytes]) -> None:
        placed = PlacedCommon(common)
        self.shards = [Placed(placed, one) for one in slices]

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of some shards, by number."""
        return {k: self.shards[k].do(work, asked, part) for k, part in parts.items()}
