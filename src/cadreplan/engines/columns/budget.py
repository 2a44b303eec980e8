"""Time, work and the listener: what a search may still spend, and what it has to tell."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.plan import relative_gap
from cadreplan.solution import Solution


@dataclass
class Budget:
    """`work` is about the seconds of a core it takes, counted in search nodes, columns times iterations, and
    the deterministic time of CP-SAT.

    Without a time limit the clock decides nothing, so that a run with a work limit is the same everywhere.
    """

    options: EngineOptions
    listener: Listener
    work: float = 0.0
    best_bound: int | None = None
    best_objective: int | None = None
    charge: int = 0
    """What promises take off the worth of the best solution: the gap is among plans that keep as many."""
    started: float = field(default_factory=time.monotonic)
    kept: float = 0.0
    """Seconds of the time limit that are kept for making a plan of what is being searched for."""

    def stop(self) -> bool:
        """Whether to return: told to, out of time or work, or near enough."""
        spent = self.options.work_limit is not None and self.work >= self.options.work_limit
        return spent or self.closed() or self._is_late(self.kept) or self.listener.should_stop()

    def told_to_stop(self) -> bool:
        """Whether to return at once: told to, or out of time."""
        return self._is_late() or self.listener.should_stop()

    @contextmanager
    def keeping(self, seconds: float) -> Iterator[None]:
        """Inside, there is so much less time until `stop`."""
        before, self.kept = self.kept, self.kept + seconds
        try:
            yield
        finally:
            self.kept = before

    def _is_late(self, kept: float = 0.0) -> bool:
        limit = self.options.time_limit
        return limit is not None and time.monotonic() - self.started >= limit - kept

    def price(self, nodes: int) -> None:
        """Count a pricing pass."""
        self.work += 2.5e-6 * nodes

    def linear_programme(self, iterations: int, columns: int) -> None:
        """Count a solution of the master."""
        self.work += 1e-6 * iterations * columns

    def closed(self) -> bool:
        """Whether the gap asked for is reached."""
        return self.gap() <= self.options.gap

    def gap(self) -> float:
        """The relative gap between the best plan and the best bound; infinite while one is not known."""
        if self.best_bound is None or self.best_objective is None:
            return math.inf
        return relative_gap(self.best_objective + self.charge, self.best_bound + self.charge)

    def bound(self, points: int) -> None:
        if self.best_bound is None or points < self.best_bound:
            self.best_bound = points
            self.listener.bound(points)

    def solution(self, solution: Solution, objective: int, charge: int = 0) -> None:
        self.best_objective, self.charge = objective, charge
        self.listener.solution(solution)

    def left(self) -> float | None:
        """Seconds until the time limit, None without one."""
        limit = self.options.time_limit
        return None if limit is None else max(0.0, limit - (time.monotonic() - self.started))

    def phase(self, text: str) -> None:
        self.listener.phase(text)


class Nobody:
    """A listener for a search that nobody watches; it is asked at its end."""

    def solution(self, solution: Solution) -> None:
        """Nothing is done with it."""

    def bound(self, bound: int) -> None:
        """Nothing is done with it."""

    def phase(self, text: str) -> None:
        """Nothing is done with it."""

    def should_stop(self) -> bool:
        """Never."""
        return False
