"""The `columns` engine's way in: column generation for bounds, cuts for choices, dives and neighbourhoods
for plans.

Ties and `mix` become branches, quotas and tallies first (`compiled.cohorts`). With few candidates the whole
instance is solved at once (`run`); with many a season is designed from a part of them (`partial`), and what
time is left goes to the whole. Many that differ make no season: none stands for others, and most may run.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import astuple, replace

from threadpoolctl import threadpool_limits

from cadreplan.engines.candidates import Restoring, leave_out
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compile_ahead import Beside, compiling_beside
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.engines.columns.params import DEFAULTS, PartialParams
from cadreplan.engines.columns.partial.partial_candidates import PartialCandidates
from cadreplan.engines.columns.pricing.shards import Dispatch, threads_for
from cadreplan.engines.columns.run import solve_all
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.engines.taking_out import Mending
from cadreplan.instance import Instance

__all__ = ["Beside", "compiling_beside", "solve", "solve_all"]


def solve(
    instance: Instance,
    options: EngineOptions,
    listener: Listener,
    *,
    dispatch: Dispatch | None = None,
) -> None:
    """Find plans and bounds for `instance` as `solve_all` does, and raise as it does.

    What it can't say of ties and `mix` it repairs in its plans. Where candidates are few, or courses not
    offered again and again, the whole is solved at once (`partial.many`, `partial.repeats` of the
    parameters), else the first part has about `partial.first` of them. Without a time or work limit the
    design ends when nothing better is found for a while.
    """
    lower = lowered(instance)
    with compiling_beside(options.workers):
        told = Mending(listener, instance) if lower.left else listener
        _solve(lower.instance, options, told, dispatch)


def _solve(
    instance: Instance,
    options: EngineOptions,
    listener: Listener,
    dispatch: Dispatch | None,
) -> None:
    reduced = leave_out(instance)
    whole = reduced.instance
    start = None if options.start is None else reduced.reduce(options.start)
    options = replace(options, start=start)
    restoring = Restoring(listener, reduced)
    candidates = [s for s, session in enumerate(whole.sessions) if session.candidate]
    weights = whole.policy.weights
    simple = min(astuple(weights)) >= 0
    if not simple or not _is_season(whole, candidates, (options.params or DEFAULTS).partial):
        solve_all(whole, options, restoring, dispatch=dispatch)
        return
    budget = Budget(options, restoring)
    with closing(threads_for(options.workers, dispatch)) as threads, threadpool_limits(1, user_api="blas"):
        season = PartialCandidates(whole, candidates, budget, threads)
        season.go()
    if budget.stop():
        return
    left = budget.left()
    work = None if options.work_limit is None else options.work_limit - budget.work
    solve_all(
        whole,
        replace(options, time_limit=left, work_limit=work, start=season.best or start),
        _Informed(restoring, budget),
        dispatch=dispatch,
    )


def _is_season(instance: Instance, candidates: list[int], params: PartialParams) -> bool:
    """Whether candidates are many, and most of them the same courses at the same sites on other days."""
    sessions = instance.sessions
    courses = {(sessions[s].modules, sessions[s].site) for s in candidates}
    return len(candidates) >= max(params.many, params.repeats * len(courses))


class _Informed:
    """Stops the engine when what is known from before closes the gap with what it finds."""

    def __init__(self, listener: Listener, budget: Budget) -> None:
        self.solution, self.phase = listener.solution, listener.phase
        self._listener, self._budget = listener, budget

    def bound(self, bound: int) -> None:
        """Hand on a bound."""
        self._budget.bound(bound)

    def should_stop(self) -> bool:
        """Whether told to, or near enough."""
        return self._budget.closed() or self._listener.should_stop()
