"""The three functions for Python programs: `load` a roster, `solve` it, `check` a plan."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cadreplan.documents.load import LoadedRoster
    from cadreplan.instance import Instance
    from cadreplan.plan import Plan
    from cadreplan.solution import Solution
    from cadreplan.solving import Progress
    from cadreplan.verification.rules import Report


def load(
    path: str | os.PathLike[str], *, encoding: str | None = None, settings: Sequence[str] = ()
) -> LoadedRoster:
    """Read, validate and build a roster; `.instance` is the problem, `.warnings` are its findings.

    `encoding` overrules the detected one of its CSV tables; `settings` like `sites.yanan.beds=60` are put in
    while it is read. Raises `cadreplan.errors.InputError` with all findings of all files if one is an error,
    `UsageError` if the roster can't be read or a setting names nothing in it.
    """
    from cadreplan.documents.load import load_roster

    return load_roster(Path(path), encoding=encoding, settings=settings)


def solve(
    roster: LoadedRoster | Instance | str | os.PathLike[str],
    *,
    engine: Literal["auto", "exact", "columns"] = "auto",
    time_limit: float | None = None,
    gap: float | None = None,
    workers: int | None = None,
    seed: int = 0,
    work_limit: float | None = None,
    memory_limit: int | None = None,
    programme: bool | None = None,
    allow_unstaffed: bool = False,
    start: Solution | None = None,
    scheduler: object = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best plan found, checked, with a proven bound and a reason for every skill gap left open.

    `time_limit` in seconds; `gap` relative ((bound - objective) / |bound|), at which the search ends;
    `workers` threads, all cores by default; `work_limit` in the engine's own units: with one worker and one
    `seed` the same plan on any machine; `memory_limit` in bytes for the solver process; `programme` sets the
    half days of every session with their lecturers too (None: where the roster lists lecturers); candidates
    that can't be staffed together don't all run unless `allow_unstaffed`. `start` is a solution that the plan
    is to be at least as good as. `scheduler` is a Dask client, or the address of a scheduler whose workers
    price leaders (`cadreplan[cluster]` is needed). `on_progress` is called in this thread a few times a
    second.

    Ctrl-C ends the search with the best plan so far, as the time limit does: `plan.solver.ended` says which.
    Raises `cadreplan.errors.ContradictionError` where pins are proven to leave no plan, `NoPlanError` where
    a limit came before a plan, `InterruptedSolveError` where the user did.
    """
    from cadreplan.documents.load import LoadedRoster
    from cadreplan.instance import Instance
    from cadreplan.solving import SolveOptions, scheduler_named
    from cadreplan.solving import solve as run

    problem = roster if isinstance(roster, LoadedRoster | Instance) else load(roster)
    options = SolveOptions(
        engine,
        time_limit,
        gap,
        workers,
        seed,
        work_limit,
        memory_limit,
        programme,
        allow_unstaffed,
        None if scheduler is None else scheduler_named(scheduler, engine),
    )
    return run(problem, options, on_progress, start=start)


def check(
    plan: Plan | str | os.PathLike[str], roster: LoadedRoster | Instance | str | os.PathLike[str]
) -> Report:
    """Every rule the plan breaks and every statement in it that is not true; the terms recomputed.

    Shares nothing with the engines. Whether the roster's files are still those that the plan was made from is
    part of it where `roster` is a roster and not an instance.
    """
    from cadreplan.documents.load import LoadedRoster
    from cadreplan.documents.plan import read_plan
    from cadreplan.instance import Instance
    from cadreplan.origin import differences
    from cadreplan.past import restored
    from cadreplan.plan import Plan
    from cadreplan.verification.plans import check_plan

    document = plan if isinstance(plan, Plan) else read_plan(Path(plan))
    problem = (
        roster
        if isinstance(roster, LoadedRoster | Instance)
        else load(roster, settings=document.roster.settings)
    )
    if isinstance(problem, LoadedRoster):
        report = check_plan(restored(problem.instance, document), document)
        return replace(report, violations=(*differences(document, problem), *report.violations))
    return check_plan(restored(problem, document), document)
