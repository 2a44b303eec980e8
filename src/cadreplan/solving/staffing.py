"""The programme of a finished plan: which lecturer teaches what on which half day."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from cadreplan.check_plan import resolve
from cadreplan.instance import Instance
from cadreplan.plan import Goals, Plan
from cadreplan.programme.model import programme, with_programme
from cadreplan.solving.interrupts import counted
from cadreplan.solving.options import Progress, SolveOptions

_LEAST = 1.0


def staffed(
    instance: Instance,
    plan: Plan,
    options: SolveOptions,
    started: float,
    on_progress: Callable[[Progress], None] | None,
) -> Plan:
    """`plan` with its programme: a first draft at worst, the best found within the time limit otherwise.

    `started` is the monotonic time at which the solve began. An interrupt ends the improvement.
    """
    solution, _ = resolve(instance, plan)
    left = None
    if options.time_limit is not None:
        left = max(_LEAST, options.time_limit - (time.monotonic() - started))
    with counted() as interrupts:
        made = programme(
            instance,
            solution,
            time_limit=left,
            workers=options.threads,
            seed=options.seed,
            on_progress=None if on_progress is None else partial(_tell, plan, started, on_progress),
            should_stop=lambda: interrupts.count > 0,
        )
    return with_programme(instance, plan, made)


def _tell(plan: Plan, started: float, on_progress: Callable[[Progress], None], reached: Goals) -> None:
    text = f"programme: {reached.unstaffed} half days without a lecturer, {reached.journeys} journeys"
    solver = plan.solver
    seconds = time.monotonic() - started
    on_progress(Progress(seconds, text, solver.objective, solver.bound, solver.gap))
