"""Solving a small instance at once, in this process: for questions about a few leaders of a plan."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass

from cadreplan.engines.choose import ENGINES
from cadreplan.engines.interface import Engine, EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving.finish import held_against, held_possible
from cadreplan.verification.rules import check

_WORK = 2.0
"""In the engine's own units, about as many seconds: the same answer on every machine, however busy."""
_SECONDS = 20.0
"""Only against a machine that stands still."""


@dataclass
class _Best:
    """A listener that keeps the best solution and the bound."""

    instance: Instance
    best: Solution
    worth: int
    ceiling: int | None = None

    def solution(self, solution: Solution) -> None:
        report = check(self.instance, solution)
        if report.ok and report.value > self.worth:
            self.best, self.worth = solution, report.value

    def bound(self, bound: int) -> None:
        self.ceiling = bound if self.ceiling is None else min(bound, self.ceiling)

    def phase(self, text: str) -> None:
        """Nobody watches."""

    def should_stop(self) -> bool:
        return False


def solve_around(instance: Instance, start: Solution) -> tuple[Solution, bool]:
    """The best solution found with little work, never worse than `start`, and whether it is proven.

    Raises `RefutedBoundError` where `start` or what is found is above the bound: then the engine is wrong.
    """
    listener = _Best(instance, start, check(instance, start).value)
    engine: Engine = pkgutil.resolve_name(ENGINES["exact"])  # loaded where it is needed only: it is heavy
    options = EngineOptions(time_limit=_SECONDS, workers=1, work_limit=_WORK, start=start)
    try:
        engine(instance, options, listener)
    except ContradictionError as error:
        raise held_possible(error, "exact") from None
    if listener.ceiling is None:
        return listener.best, False
    held_against(listener.ceiling, listener.worth, "exact")
    return listener.best, listener.ceiling == listener.worth
