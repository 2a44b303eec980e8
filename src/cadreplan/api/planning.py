"""Rosters to plans: `validate`, `load`, `solve`, `check`, `replan`; and a `Solver` of one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from cadreplan.diagnostics import Diagnostic
    from cadreplan.errors import UsageError
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan
    from cadreplan.solution import Solution
    from cadreplan.solving import Progress, Session
    from cadreplan.verification.report import Report

Problem = "LoadedRoster | Instance | str | os.PathLike[str]"


def load(
    path: str | os.PathLike[str], *, encoding: str | None = None, settings: Sequence[str] = ()
) -> LoadedRoster:
    """Read, validate and build a roster; `.instance` is the problem, `.warnings` are its findings.

    `encoding` overrules the detected one of its CSV tables; `settings` like `sites.yanan.beds=60` are put in
    while it is read. Raises `cadreplan.InputError` with all findings of all files if one is an error,
    `UsageError` if the roster can't be read or a setting names nothing in it.
    """
    from cadreplan.loading.load import load_roster

    return load_roster(Path(path), encoding=encoding, settings=settings)


def validate(
    *paths: str | os.PathLike[str],
    encoding: str | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> list[Diagnostic]:
    """All findings of rosters and curricula in files, errors and warnings, sorted; none where all is right.

    `select` keeps the findings of those rules only, `ignore` leaves those of others out; no configuration is
    looked for. Raises `UsageError` for a file that can't be read and for the id of no rule.
    """
    from cadreplan.loading.load import find_problems

    return find_problems(map(Path, paths), encoding=encoding, select=select, ignore=ignore)


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
    start: Plan | Solution | str | os.PathLike[str] | None = None,
    scheduler: object = None,
    params: object = None,
    on_progress: Callable[[Progress], None] | None = None,
    session: Session | None = None,
) -> Plan:
    """The best plan found, checked, with a proven bound and a reason for every skill gap left open.

    `time_limit` in seconds; `gap` relative ((bound - objective) / |bound|), at which the search ends;
    `workers` threads, all cores by default; `work_limit` in the engine's own units: with one worker and one
    `seed` the same plan on any machine; `memory_limit` in bytes for the solver process; `programme` sets the
    half days of every session with their lecturers too (None: where the roster lists lecturers); candidates
    that can't be staffed together don't all run unless `allow_unstaffed`. `start` is a plan of this roster
    that the plan is to be at least as good as. `scheduler` is a Dask client, or the address of a scheduler
    whose workers price leaders (`cadreplan[cluster]`). `params` are parameters of the `columns` engine, for
    experts: a map like `{"lns": {"leaders": 120}}`, or the path of a TOML file (docs/params.md).
    `on_progress` is called in this thread a few times a second; `StopIteration` raised in it ends the search.

    Ctrl-C and `StopIteration` end the search with the best plan so far, as the time limit does:
    `plan.solver.ended` says which. Raises `cadreplan.UsageError` for an argument that can't be, with what is
    allowed; `ContradictionError` where pins are proven to leave no plan, `NoPlanError` where a limit came
    before a plan, `InterruptedSolveError` where the user did.
    """
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.language import tr
    from cadreplan.plan import Plan
    from cadreplan.solution import Solution
    from cadreplan.solving import SolveOptions, params_of, scheduler_named
    from cadreplan.solving import solve as run

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
        scheduler=None if scheduler is None else scheduler_named(scheduler, engine),
        params=params_of(params),
    )
    if on_progress is not None and not callable(on_progress):
        raise _misuse("on_progress", on_progress, tr("a function of one argument, or None"))
    if isinstance(start, str | os.PathLike):
        start = read_plan(start)
    if not isinstance(start, Plan | Solution | None):
        raise _misuse("start", start, tr("a plan, the path of one, or None"))
    problem = _problem(roster)
    first = _decided(start, problem) if isinstance(start, Plan) else start
    return run(problem, options, on_progress, start=first, session=session)


def what_if(
    roster: str | os.PathLike[str],
    variants: Mapping[str, Sequence[str]],
    *,
    encoding: str | None = None,
    scheduler: object = None,
    on_progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> dict[str, Plan]:
    """The plan of each variant of a roster, by its name; `compare` puts them side by side.

        plans = cadreplan.what_if("roster.yaml", {"as it is": [], "more beds": ["sites.yanan.beds=60"]})
        cadreplan.compare(plans)

    A variant is a list of settings, as `load` takes them. With a `scheduler` they are solved side by side,
    each as a whole by one worker of the cluster; `options` are others of `solve`. Raises as `load` and
    `solve` do.
    """
    from cadreplan.language import tr
    from cadreplan.plan import Plan
    from cadreplan.solving import SolveOptions, params_of, solved_each, workers_of

    params = params_of(options.pop("params", None))
    loaded = {name: load(roster, encoding=encoding, settings=settings) for name, settings in variants.items()}
    plans: dict[str, Plan] = {}
    with workers_of(scheduler) as spread:
        for name, found in solved_each(loaded, SolveOptions(**options, params=params), on_progress, spread):
            if not isinstance(found, Plan):
                found.add_note(tr("variant: {name}", name=name))
                raise found
            plans[name] = found
    return plans


class Solver:
    """Solves one roster after the other in one process, which is started once.

    with cadreplan.Solver() as solver:
        plans = [solver.solve(roster, time_limit=10) for roster in rosters]
    """

    def __init__(self) -> None:
        from cadreplan.extras import need
        from cadreplan.solving import Session

        need("solve")
        self._session = Session()
        self._session.start()

    def solve(self, roster: LoadedRoster | Instance | str | os.PathLike[str], **options: Any) -> Plan:
        """As `cadreplan.solve`, with its options."""
        return solve(roster, session=self._session, **options)

    def close(self) -> None:
        """End the process."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None = None,
) -> Report:
    """Every rule the plan breaks and every statement in it that is not true; the terms recomputed.

    Shares nothing with the engines. Whether the roster's files are still those that the plan was made from is
    part of it where `roster` is a roster and not an instance. Without one, the roster lies where the plan
    says, as seen from its file or the working folder.
    """
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.origin import differences
    from cadreplan.past import restored
    from cadreplan.verification.plans import check_plan

    document, problem = opened(plan, roster)
    if isinstance(problem, LoadedRoster):
        report = check_plan(restored(problem.instance, document), document)
        return replace(report, violations=(*differences(document, problem), *report.violations))
    return check_plan(restored(problem, document), document)


def replan(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | str | os.PathLike[str] | None = None,
    *,
    freeze_before: date | str | None = None,
    move_cost: int | None = None,
    time_limit: float | None = None,
    gap: float = 0.0005,
    engine: Literal["auto", "exact", "columns"] = "auto",
    workers: int | None = None,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """A new plan after changes of the roster, which moves few people.

    What began before `freeze_before` stays whole. `move_cost` is what taking a session from somebody costs in
    points; None: half of the points of an ordinary skill gap. Other options and errors are those of `solve`.
    Without a `roster` it is read again from where the plan says.
    """
    from cadreplan.errors import UsageError
    from cadreplan.insight.replan import prepare, settled
    from cadreplan.language import tr
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.solving import SolveOptions, as_before, counted
    from cadreplan.solving import solve as run

    options = SolveOptions(engine, time_limit, gap, workers, seed)
    old, problem = opened(plan, roster)
    if not isinstance(problem, LoadedRoster):
        raise UsageError(tr("replan: expected a roster, found an instance"))
    instance = problem.instance
    try:
        day = None if freeze_before is None else date.fromisoformat(str(freeze_before))
    except ValueError:
        raise _misuse("freeze_before", freeze_before, tr("a date as 2026-04-01")) from None
    if move_cost is not None and not (type(move_cost) is int and move_cost >= 0):
        raise _misuse("move_cost", move_cost, tr("a whole number from 0, or None"))
    index = None if day is None else (day - instance.start).days
    task = prepare(instance, old, freeze_before=index, move_cost=move_cost)
    options = replace(options, gap=task.gap_within(gap))
    with counted():
        made = run(task.instance, options, on_progress, start=task.start)
        found = settled(task, made, as_before)
    return replace(found, roster=problem.reference, lineage=old.lineage or found.lineage)


def _misuse(name: str, found: object, expected: str) -> UsageError:
    """What is wrong with an argument, and what may be in its place."""
    from cadreplan.errors import UsageError
    from cadreplan.language import tr

    return UsageError(
        tr("{name}: found {found}, expected {expected}", name=name, found=f"{found!r:.60}", expected=expected)
    )


def opened(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None,
) -> tuple[Plan, LoadedRoster | Instance]:
    """A plan and its roster, read where they are files; the roster with the settings of the plan."""
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.errors import UsageError
    from cadreplan.instance import Instance
    from cadreplan.language import tr
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan

    document = plan if isinstance(plan, Plan) else read_plan(plan)
    if isinstance(roster, LoadedRoster | Instance):
        return document, roster
    if roster is None:
        folder = Path() if isinstance(plan, Plan) else Path(plan).parent
        roster = folder / document.roster.path
        if not document.roster.path or not os.path.isfile(roster):  # noqa: PTH113 (may be too long)
            raise UsageError(tr("the roster of the plan is not at {place}: name it", place=roster))
    return document, load(roster, settings=document.roster.settings)


def _problem(roster: LoadedRoster | Instance | str | os.PathLike[str]) -> LoadedRoster | Instance:
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster

    return roster if isinstance(roster, LoadedRoster | Instance) else load(roster)


def _decided(plan: Plan, problem: LoadedRoster | Instance) -> Solution:
    """What a plan decides; raises `UsageError` where that is no plan of this roster."""
    from cadreplan.errors import UsageError
    from cadreplan.instance import Instance
    from cadreplan.language import tr
    from cadreplan.verification.plans import resolve
    from cadreplan.verification.rules import check as check_solution

    instance = problem if isinstance(problem, Instance) else problem.instance
    solution, wrong = resolve(instance, plan)
    wrong = wrong or list(check_solution(instance, solution).violations)
    if wrong:
        first = f"{wrong[0].rule} {wrong[0].where}: {wrong[0].message}"
        raise UsageError(tr("start: this plan breaks rules of the roster ({first}); use replan", first=first))
    return solution
