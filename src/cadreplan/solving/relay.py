"""Engines one after the other: who proves in seconds goes first, who finds good plans in any case follows.

`exact` proves the optimum of most small instances within seconds; where it does not, it is often far from it
a minute later, and `columns` is not. `columns` in turn may have nothing more to try a little short of the
optimum, which `exact` can then prove or better. Each begins from the best plan known, and whatever one of
them proves holds for all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cadreplan.engines.columns.solve import Beside, compiling_beside
from cadreplan.engines.columns.solve import solve as columns
from cadreplan.engines.exact.engine import solve as exact
from cadreplan.engines.interface import Engine, EngineOptions, Listener
from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.plan import relative_gap
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

_FIRST, _FIRST_SHARE = 10.0, 0.2
"""Seconds (or units of work) of the first turn, and the share of the limit that it gets at most."""
_COLD, _COLD_SHARE = 60.0, 0.5
"""The same where kernels of `columns` are still compiled beside it, which is so once on a machine."""
_MIDDLE_SHARE = 0.6
"""Of a limit of work, what `columns` gets: what it leaves is not known."""


class Known:
    """Hands on what is found, and keeps the best of it; stops an engine when that closes the gap."""

    def __init__(self, instance: Instance, options: EngineOptions, listener: Listener) -> None:
        self._instance, self._listener, self._gap = instance, listener, options.gap
        self.best, self.worth, self._charge = options.start, -1, 0
        self._bound: int | None = None
        if options.start is not None:
            report = check(instance, options.start)
            self.worth, self._charge = report.value, report.charge
        self.phase = listener.phase
        self.turn_over: Callable[[], bool] = _never

    def solution(self, solution: Solution) -> None:
        """Hand on a solution."""
        report = check(self._instance, solution)
        if report.ok and (self.best is None or report.value > self.worth):
            self.best, self.worth, self._charge = solution, report.value, report.charge
        self._listener.solution(solution)

    def bound(self, bound: int) -> None:
        """Hand on a bound."""
        self._bound = bound if self._bound is None else min(self._bound, bound)
        self._listener.bound(bound)

    def closed(self) -> bool:
        """Whether the gap asked for is reached."""
        return (
            self.best is not None
            and self._bound is not None
            and relative_gap(self.worth + self._charge, self._bound + self._charge) <= self._gap
        )

    def should_stop(self) -> bool:
        """Whether to return: told to, near enough, or it is another's turn."""
        return self.closed() or self._listener.should_stop() or self.turn_over()


def solve(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """`exact` for a while, then `columns`, then `exact` for what is left; raises as `exact` does."""
    with compiling_beside(options.workers) as beside:
        _solve(instance, options, listener, beside)


def _solve(instance: Instance, options: EngineOptions, listener: Listener, beside: Beside) -> None:
    known = Known(instance, options, listener)
    began = time.monotonic()
    turns: tuple[tuple[Engine, float | None, float], ...] = (
        (exact, _FIRST, _FIRST_SHARE),
        (columns, None, _MIDDLE_SHARE),
        (exact, None, 1.0 - _FIRST_SHARE - _MIDDLE_SHARE),
    )
    for engine, most, share in turns:
        left = None if options.time_limit is None else options.time_limit - (time.monotonic() - began)
        if known.should_stop() or (left is not None and left <= 0):
            return
        if most is not None and options.work_limit is None:
            until = began + (most if left is None else min(most, share * left))
            known.turn_over = partial(_over, until, beside)
            left = _COLD if left is None else min(_COLD, _COLD_SHARE * left)
        work = options.work_limit
        if work is not None:
            work = share * work if most is None else min(most, share * work)
        mine = replace(options, time_limit=left, work_limit=work, start=known.best)
        if engine is columns:
            try:
                engine(instance, mine, known)
            except UsageError:  # it does not take every instance
                continue
        else:
            engine(instance, mine, known)
        known.turn_over = _never


def _over(until: float, beside: Beside) -> bool:
    return time.monotonic() >= until and beside.done


def _never() -> bool:
    return False
