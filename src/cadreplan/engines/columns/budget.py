"""Time, work and the listener: what a search may still spend, and what it has to tell."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.plan import relative_gap
from cadreplan.solution import Solution


@dataclass
class Budget:
    """`work` is counted in millions of search nodes and of matrix columns times iterations.

    Without a time limit the clock is never read, so that a run with a work limit is the same everywhere.
    """

    options: EngineOptions
    listener: Listener
    work: float = 0.0
    best_bound: int | None = None
    best_objective: int | None = None
    started: float = field(default_factory=time.monotonic)

    def stop(self) -> bool:
        """Whether to return: told to, out of time or work, or near enough."""
        options = self.options
        if self.listener.should_stop() or self.closed():
            return True
        if options.work_limit is not None and self.work >= options.work_limit:
            return True
        return options.time_limit is not None and time.monotonic() - self.started >= options.time_limit

    def closed(self) -> bool:
        """Whether the gap asked for is reached."""
        if self.best_bound is None or self.best_objective is None:
            return False
        return relative_gap(self.best_objective, self.best_bound) <= self.options.gap

    def bound(self, points: int) -> None:
        if self.best_bound is None or points < self.best_bound:
            self.best_bound = points
            self.listener.bound(points)

    def solution(self, solution: Solution, objective: int) -> None:
        self.best_objective = objective
        self.listener.solution(solution)

    def left(self) -> float | None:
        """Seconds until the time limit, None without one."""
        limit = self.options.time_limit
        return None if limit is None else max(0.0, limit - (time.monotonic() - self.started))

    def phase(self, text: str) -> None:
        self.listener.phase(text)
