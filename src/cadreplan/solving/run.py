"""The main job: choose an engine, let it run, and make a finished plan of what it found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from cadreplan.engines.choose import CLUSTER, ENGINES, choose, useful_pairs
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import CadreplanError, ContradictionError, InterruptedSolveError, NoPlanError
from cadreplan.extras import need
from cadreplan.insight.improve import improve
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.loading.load import LoadedRoster
from cadreplan.past import stated
from cadreplan.plan import Plan, relative_gap
from cadreplan.programme.problem import Problem
from cadreplan.solution import Solution
from cadreplan.solving.dividing import Dividing, has_groups, with_groups
from cadreplan.solving.finish import DEFAULT_GAP, Assigned, Run, finish, held_possible
from cadreplan.solving.interrupts import counted
from cadreplan.solving.messages import Job, read_best
from cadreplan.solving.options import ENDED_BADLY, Progress, SolveOptions
from cadreplan.solving.promises import Promises, promised
from cadreplan.solving.session import Session
from cadreplan.solving.simple import bare_solution, simple_bound
from cadreplan.solving.supervise import Outcome, supervised
from cadreplan.verification.rules import check

_FINISH_SHARE = 0.02
PROGRAMME_SHARE = 0.25
"""Of the time limit, kept for the programme and what is learnt from it."""
_GROUPS_SHARE = 0.05
"""Likewise for discussion groups, where there are any."""
_AGAIN_SHARE = 0.4
"""Of what is left of it when the assignment is solved again."""
_SCARCE_SHARE = 0.25
"""Of the time limit, kept for the bound on worth where some who are promised a seat can't have one, or don't
have one by then; of a work limit, what that search has."""
_LEAST_SHARE = 0.1
"""Of the time limit, what a search for that bound needs where none was kept for it."""
_PRICE_SHARE = 0.4
"""Of the time limit, kept for what a guarantee costs where that is asked for."""
_MOST_OF_FAILURE = 200
"""Characters of how an engine failed that a plan keeps."""
QUICK_PAIRS = 400_000
"""Up to this many useful pairs of leader and session, completing the empty plan takes a few seconds."""


def solve(
    problem: LoadedRoster | Instance,
    options: SolveOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    start: Solution | None = None,
    session: Session | None = None,
) -> Plan:
    """The best plan found for a roster, or for an instance made in memory.

    `start` is a solution to begin from; the plan is never worth less. The engine runs in a process of its
    own; Ctrl-C, SIGTERM, the time limit and the death of that process leave the best plan until then, with a
    bound that holds; `Plan.solver.ended` says which. So does `on_progress` where it raises `StopIteration`.
    A `session` keeps the process for the next solve. What the engine states is not believed: the plan is
    checked, and the bound compared with a simpler one.

    Raises `ContradictionError` where no plan can exist, `NoPlanError` if a limit came first,
    `InterruptedSolveError` if the user did, `UsageError` where the engine can't take the instance.
    """
    options = options or SolveOptions()
    need("solve")
    started = time.monotonic()
    instance = problem.instance if isinstance(problem, LoadedRoster) else problem
    promises = promised(instance)
    if promises is not None:
        instance = promises.instance
    if options.wants_programme(instance):
        everything = frozenset(s for s, session in enumerate(instance.sessions) if session.candidate)
        Problem.of(instance, Solution((), everything, {}))  # what has no programme is told before the search
    with counted() as interrupts:  # between two solver processes there must be no end without a plan
        scarce = promises is not None and promises.scarce > 0
        search = _Search(instance, options, started, on_progress, session, scarce=scarce)

        def interrupted() -> bool:
            return interrupts.count > 0 or search.interrupted

        def grouped(plan: Plan, solution: Solution) -> Plan:
            run = Dividing(options, started, on_progress, interrupted, session)
            return stated(instance, with_groups(instance, plan, solution, run))

        first = search.assign(instance, start, again=False)
        if first is None:
            raise search.without_plan()
        if promises is not None:
            promises, first = search.tightened(promises, first)
        free = search.unpromised(problem, promises, first)
        if not options.wants_programme(instance):
            plan = finish(problem, first.solution, first.bound, search.run(first), promises, free)
            return grouped(plan, first.solution)
        try:
            from cadreplan.solving.staffing import Staffing, with_half_days  # noqa: PLC0415 (loads a solver)
        except (ImportError, MemoryError, OSError) as error:  # no room for it: the assignment is there
            ended = search.run(search.failed(first, error))
            plan = finish(problem, first.solution, first.bound, ended, promises, free)
            return grouped(plan, first.solution)

        staffing = Staffing(
            instance,
            options,
            started,
            on_progress,
            search.assign,
            interrupted,
            session,
        )
        best = staffing.run(first)
        # what is proven of all plans, staffed or not, is the bound of the first instance
        ended = search.run(best.assigned)
        plan = finish(problem, best.assigned.solution, first.bound, ended, promises, free)
        return grouped(with_half_days(instance, plan, best), best.assigned.solution)


class _Search:
    """One engine for all assignments of a solve; a part of the time is kept where seats are `scarce`."""

    def __init__(
        self,
        instance: Instance,
        options: SolveOptions,
        started: float,
        on_progress: Callable[[Progress], None] | None,
        session: Session | None,
        *,
        scarce: bool,
    ) -> None:
        self._options, self._started, self._on_progress = options, started, on_progress
        self._session = session
        wanted = options.engine if options.scheduler is None else "columns"
        self._engine, self._why = choose(instance, wanted)
        self._quick = useful_pairs(instance) <= QUICK_PAIRS
        self._outcome: Outcome | None = None
        self._instance = instance
        self._programme = options.wants_programme(instance)
        self.interrupted = False
        self._scarce = scarce

    def assign(
        self, instance: Instance, start: Solution | None, *, again: bool = True, share: float = 1
    ) -> Assigned | None:
        """The best assignment found, completed; None where there is none.

        What is left of the time limit is shared with the programme; of a work limit each search has its
        `share`. Raises as the engine does.
        """
        options = self._options
        best = _first(instance, start, self._quick)
        report = None if best is None else check(instance, best)
        ceiling = simple_bound(instance)
        limit = self._seconds(again=again)
        job = Job(
            instance,
            ENGINES[self._engine] if options.scheduler is None else CLUSTER,
            self._engine_options(limit, best, share),
            options.memory_limit,
            None if report is None else report.value,
            0 if report is None else report.charge,
        )
        try:
            self._outcome, found = supervised(
                job,
                read_best,
                started=self._started,
                time_limit=self._until(limit),
                on_progress=self._on_progress,
                bound=ceiling,
                session=self._session,
                charged_limit=None if again else self._charged_until(limit),
            )
        except ContradictionError as error:
            if best is not None and all(limit.keeps(best.running) for limit in instance.limits):
                raise held_possible(error, self._engine) from None
            raise
        outcome, ended = self._outcome, self._outcome.ended
        self.interrupted = self.interrupted or outcome.ended == "interrupted"
        if outcome.ended == "solver-failed" and found is None and best is None and not again:
            message = tr("the {engine} engine failed: {why}", engine=self._engine, why=outcome.failure)
            raise CadreplanError(message)
        best = found or best
        if best is None:
            return None
        solution = improve(instance, best)
        bound = ceiling if outcome.bound is None else min(ceiling, outcome.bound)
        if ended in ENDED_BADLY and outcome.failure:
            self._keep(outcome.failure)
        return Assigned(solution, bound, ended, self._engine)

    def tightened(self, promises: Promises, first: Assigned) -> tuple[Promises, Assigned]:
        """The same with a closer bound on worth, where some of those promised a seat are left out.

        It takes what was kept of the time limit for it, or what is left.
        """
        report = check(promises.instance, first.solution)
        ceiling, _ = promises.stated(report, first.bound)
        is_near = relative_gap(report.value + report.charge, ceiling) <= self._gap
        is_late = self._is_late and not self._scarce
        if not report.charge or is_near or is_late or self.interrupted or first.ended in ENDED_BADLY:
            return promises, first
        found = self.assign(promises.lowered(), first.solution, share=_SCARCE_SHARE)
        if found is None:
            return promises, first
        both = (first.solution, found.solution)
        best = max(both, key=lambda solution: check(promises.instance, solution).value)
        closer = replace(promises, low_bound=found.bound)
        return closer, replace(first, solution=best, ended=found.ended)

    def unpromised(
        self, problem: LoadedRoster | Instance, promises: Promises | None, first: Assigned
    ) -> Assigned | None:
        """The best assignment that need not keep the guarantee; None where its price isn't asked for."""
        if promises is None or not self._options.price or self.interrupted:
            return None
        if not promises.given:
            return first
        instance = problem.instance if isinstance(problem, LoadedRoster) else problem
        return self.assign(instance, first.solution)

    def run(self, assigned: Assigned) -> Run:
        """How the search for an assignment went."""
        return Run(self._options, self._engine, self._why, assigned.ended, self._started)

    def failed(self, assigned: Assigned, error: BaseException) -> Assigned:
        """The same assignment, ended by an error that has nothing to do with it."""
        self._keep(f"{type(error).__name__}: {error}")
        return replace(assigned, ended="solver-failed")

    def _keep(self, failure: str) -> None:
        """Let the plan tell how a process failed."""
        line = (failure.splitlines() or [""])[0][:_MOST_OF_FAILURE]
        before, now = self._why.get("failure"), "".join(c for c in line if c.isprintable())
        self._why = self._why.having(failure=now if before is None else f"{before}; {now}")

    def without_plan(self) -> CadreplanError:
        """What to tell where no assignment was found."""
        if self._outcome is not None and self._outcome.ended == "interrupted":
            return InterruptedSolveError(tr("interrupted before there was a plan"))
        if self._outcome is not None and self._outcome.ended in ENDED_BADLY:
            why = self._outcome.failure
            return NoPlanError(tr("the solver process ended before there was a plan: {why}", why=why))
        return NoPlanError(tr("no plan that keeps all pins was found within the limit"))

    def _seconds(self, *, again: bool) -> float | None:
        """What an engine gets of the time that is left."""
        limit = self._options.time_limit
        if limit is None:
            return None
        left = limit - (time.monotonic() - self._started)
        keep = _FINISH_SHARE * limit
        if has_groups(self._instance):
            keep += _GROUPS_SHARE * limit
        if self._programme:
            keep += _AGAIN_SHARE * left if again else PROGRAMME_SHARE * limit
        if self._options.price and not again:
            keep += _PRICE_SHARE * limit
        if self._scarce and not again:
            keep += _SCARCE_SHARE * limit
        return max(0.1, left - keep)

    def _until(self, seconds: float | None) -> float | None:
        """When a process that gets that many seconds is told to stop, counted from the start of the solve."""
        if seconds is None or not (self._programme or self._scarce or has_groups(self._instance)):
            return self._options.time_limit
        return time.monotonic() - self._started + seconds

    def _charged_until(self, seconds: float | None) -> float | None:
        """When a first search of that many seconds ends early where some promises can't be kept.

        What is left is for the bound on worth.
        """
        limit = self._options.time_limit
        if limit is None or seconds is None or self._scarce:
            return None
        return time.monotonic() - self._started + max(0.1, seconds - _SCARCE_SHARE * limit)

    @property
    def _gap(self) -> float:
        return DEFAULT_GAP[self._engine] if self._options.gap is None else self._options.gap

    @property
    def _is_late(self) -> bool:
        """Whether so little of the time limit is left that no search is worth its start."""
        limit = self._options.time_limit
        return limit is not None and time.monotonic() - self._started > (1 - _LEAST_SHARE) * limit

    def _engine_options(self, limit: float | None, start: Solution | None, share: float) -> EngineOptions:
        options = self._options
        return EngineOptions(
            time_limit=limit,
            gap=self._gap,
            workers=options.threads,
            seed=options.seed,
            work_limit=None if options.work_limit is None else share * options.work_limit,
            start=start,
            scheduler=options.scheduler,
            params=options.params,
        )


def _first(instance: Instance, start: Solution | None, quick: bool) -> Solution | None:
    """The better of what is given and of nothing; with `quick` both completed by what is worth adding."""
    rated = []
    for solution in (start, bare_solution(instance)):
        if solution is not None and check(instance, solution).ok:
            better = improve(instance, solution) if quick else solution
            rated.append((check(instance, better).value, better))
    return max(rated, key=lambda pair: pair[0])[1] if rated else None
