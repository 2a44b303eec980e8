"""The main job: choose an engine, let it run, and make a finished plan of what it found."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cadreplan.check import check
from cadreplan.documents.load import LoadedRoster
from cadreplan.engines.choose import ENGINES, choose, useful_pairs
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import CadreplanError, InterruptedSolveError, NoPlanError
from cadreplan.insight.improve import improve
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from cadreplan.solving.finish import DEFAULT_GAP, Run, finish
from cadreplan.solving.messages import Job, read_best
from cadreplan.solving.options import ENDED_BADLY, Progress, SolveOptions
from cadreplan.solving.simple import empty_solution, simple_bound
from cadreplan.solving.supervise import Outcome, Supervisor

_FINISH_SHARE = 0.02
PROGRAMME_SHARE = 0.2
"""Of the time limit, kept for the programme where one is asked for."""
QUICK_PAIRS = 400_000
"""Up to so many useful pairs of leader and session, completing the empty plan takes a few seconds."""


def solve(
    problem: LoadedRoster | Instance,
    options: SolveOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    start: Solution | None = None,
) -> Plan:
    """The best plan found for a roster, or for an instance made in memory.

    `start` is a solution to begin from; the plan is never worth less. The engine runs in a process of its
    own; Ctrl-C, SIGTERM, the time limit and the death of that process leave the best plan until then, with a
    bound that holds; `Plan.solver.ended` says which. What the engine states is not believed: the plan is
    checked, and the bound compared with a simpler one.

    Raises `ContradictionError` where no plan can exist, `NoPlanError` if a limit came first,
    `InterruptedSolveError` if the user did, `UsageError` where the engine can't take the instance.
    """
    options = options or SolveOptions()
    started = time.monotonic()
    instance = problem.instance if isinstance(problem, LoadedRoster) else problem
    engine, why = choose(instance, options.engine)
    quick = useful_pairs(instance) <= QUICK_PAIRS
    best = _first(instance, start, quick)
    ceiling = simple_bound(instance)
    with tempfile.TemporaryDirectory(prefix="cadreplan-") as name:
        folder = Path(name)
        job = Job(
            instance,
            ENGINES[engine],
            _engine_options(options, engine, started, best),
            options.memory_limit,
            None if best is None else check(instance, best).terms.total,
        )
        supervisor = Supervisor(
            folder,
            job,
            started=started,
            time_limit=options.time_limit,
            on_progress=on_progress,
            bound=ceiling,
        )
        outcome = supervisor.run()
        found = read_best(folder)
    if outcome.ended == "solver-failed" and found is None:
        raise CadreplanError(f"the {engine} engine failed: {outcome.failure}")
    best = found or best
    if best is None:
        raise _without_plan(outcome)
    bound = ceiling if outcome.bound is None else min(ceiling, outcome.bound)
    plan = finish(problem, best, bound, Run(options, engine, why, outcome.ended, started))
    if not options.programme:
        return plan
    from cadreplan.solving.staffing import staffed  # noqa: PLC0415 (loads a solver)

    return staffed(instance, plan, options, started, on_progress)


def _first(instance: Instance, start: Solution | None, quick: bool) -> Solution | None:
    """The better of what is given and of nothing; with `quick` both completed by what is worth adding."""
    rated = []
    for solution in (start, empty_solution(instance)):
        if solution is not None and check(instance, solution).ok:
            better = improve(instance, solution) if quick else solution
            rated.append((check(instance, better).terms.total, better))
    return max(rated, key=lambda pair: pair[0])[1] if rated else None


def _engine_options(
    options: SolveOptions, engine: str, started: float, start: Solution | None
) -> EngineOptions:
    left = None
    if options.time_limit is not None:
        keep = (_FINISH_SHARE + PROGRAMME_SHARE * options.programme) * options.time_limit
        left = max(0.1, options.time_limit - (time.monotonic() - started) - keep)
    return EngineOptions(
        time_limit=left,
        gap=DEFAULT_GAP[engine] if options.gap is None else options.gap,
        workers=options.threads,
        seed=options.seed,
        work_limit=options.work_limit,
        start=start,
    )


def _without_plan(outcome: Outcome) -> CadreplanError:
    if outcome.ended == "interrupted":
        return InterruptedSolveError("interrupted before there was a plan")
    if outcome.ended in ENDED_BADLY:
        return NoPlanError(f"the solver process ended before there was a plan: {outcome.failure}")
    return NoPlanError("no plan that keeps all pins was found within the limit")
