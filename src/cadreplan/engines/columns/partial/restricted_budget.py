"""The budget of a part of a season: what it finds counts for the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cadreplan.engines.candidates import Reduced
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.interface import Listener
from cadreplan.solution import Solution


class Best(Protocol):
    """Keeps the best solution."""

    best: Solution | None


@dataclass
class RestrictedBudget(Budget):
    """The budget of a part: solutions count for the whole, bounds do not."""

    whole: Budget | None = None
    reduced: Reduced | None = None
    keeper: Best | None = None

    def solution(self, solution: Solution, objective: int, charge: int = 0) -> None:
        """Hand a solution on, restored."""
        self.best_objective, self.charge = objective, charge
        if self.whole is not None and self.reduced is not None and self.keeper is not None:
            known = self.whole.best_objective
            if known is None or objective > known:
                self.keeper.best = self.reduced.restore(solution)
                self.whole.solution(self.keeper.best, objective, charge)


def share_budget(whole: Budget, reduced: Reduced, keeper: Best) -> RestrictedBudget:
    """A budget that ends when the whole one does."""
    quiet = _Quiet(whole.listener, whole)
    return RestrictedBudget(
        whole.options, quiet, whole.work, started=whole.started, whole=whole, reduced=reduced, keeper=keeper
    )


class _Quiet:
    """A listener to whom bounds of a part say nothing."""

    def __init__(self, listener: Listener, whole: Budget) -> None:
        self.phase, self.solution = listener.phase, listener.solution
        self._listener, self._whole = listener, whole

    def bound(self, bound: int) -> None:
        """A bound of a part is none of the whole."""

    def should_stop(self) -> bool:
        """Whether told to, or the whole is near enough."""
        return self._whole.closed() or self._listener.should_stop()
