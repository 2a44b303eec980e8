"""Whose turn it is: work goes where it brought more lately."""

from __future__ import annotations

import numpy as np

_HARDLY_ANY = 1e-6
"""Work that any piece takes, so that a rate is a number."""


class Effort:
    """What one kind of work has cost, and what it brought lately for it (points a unit of work).

    A piece of work counts for `memory` of itself when the next one is done.
    """

    def __init__(self, memory: float) -> None:
        self.work = 0.0
        self.rate = np.inf
        self._memory = memory
        self._lately = 0.0, 0.0

    def spent(self, work: float, gain: float) -> None:
        """Count one more piece of work."""
        self.work += work + _HARDLY_ANY
        lately, gained = self._lately
        self._lately = (
            self._memory * lately + work + _HARDLY_ANY,
            self._memory * gained + gain,
        )
        self.rate = self._lately[1] / self._lately[0]
