"""The `exact` engine: one CP-SAT model, solved until it is proven or a limit comes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ortools.sat.python import cp_model

from cadreplan.engines.candidates import Restoring, leave_out
from cadreplan.engines.exact.contradiction import contradiction
from cadreplan.engines.exact.model import build, pins_of
from cadreplan.engines.exact.variables import Variables, solution_of
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.language import tr

_POLL = 0.1
_BOUND_TOLERANCE = 1e-6


def solve(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """Search until the gap asked for, a limit or the listener ends it.

    `options.start` isn't hinted to the solver: that made it three times as slow on rosters of 80 to 500
    leaders. Whoever gave it keeps it until there is a better one.

    Raises `ContradictionError` where pins (or rooms) leave no plan, confirmed by a second search.
    """
    listener.phase(tr("building the model"))
    reduced = leave_out(instance)
    instance, listener = reduced.instance, Restoring(listener, reduced)
    v = build(instance, pins_of(instance))
    listener.phase(
        tr(
            "searching: {choices:,} choices, {constraints:,} constraints",
            choices=len(v.x),
            constraints=len(v.model.proto.constraints),
        )
    )
    status, bound = _search(v, options, listener)
    if status == cp_model.INFEASIBLE:
        listener.phase(tr("no plan keeps all pins: looking for those that contradict"))
        facts = contradiction(instance, options)
        if facts is not None:
            raise ContradictionError(facts)
    elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN) and bound is not None:
        listener.bound(bound)


def _search(v: Variables, options: EngineOptions, listener: Listener) -> tuple[object, int | None]:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = options.workers
    parameters.catch_sigint_signal = False  # Ctrl-C is for the one who started us
    parameters.random_seed = options.seed
    if not any(leader.promise for leader in v.reach.instance.leaders):  # else points are small beside these
        # CP-SAT divides by the objective, not by the bound
        parameters.relative_gap_limit = 0.98 * options.gap
    if options.time_limit is not None:
        parameters.max_time_in_seconds = options.time_limit
    if options.work_limit is not None:
        parameters.max_deterministic_time = options.work_limit
    # The full linear relaxation proves in a second what the default search for few workers never does.
    parameters.subsolvers.append("max_lp")
    solver.best_bound_callback = lambda bound: listener.bound(_rounded(bound))
    callback = _Callback(v, listener)
    with _stopping(solver, listener.should_stop):
        status = solver.solve(v.model, callback)
    known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return status, _rounded(solver.best_objective_bound) if known else None


def _rounded(bound: float) -> int:
    """An integer that is surely not below the bound."""
    return math.ceil(bound - _BOUND_TOLERANCE)


class _Callback(cp_model.CpSolverSolutionCallback):
    """Hands every better solution to the listener."""

    def __init__(self, v: Variables, listener: Listener) -> None:
        super().__init__()
        self._v, self._listener = v, listener

    def on_solution_callback(self) -> None:
        variables = [*self._v.x.values(), *self._v.run.values(), *self._v.room.values()]
        self._listener.solution(solution_of(self._v, {var.index: self.value(var) for var in variables}))
        self._listener.bound(_rounded(self.best_objective_bound))


@contextmanager
def _stopping(solver: cp_model.CpSolver, wanted: Callable[[], bool]) -> Iterator[None]:
    """Ends a search soon after `wanted` says so."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL):
            if wanted():
                solver.stop_search()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
