"""Lecturers for a plan, and what the assignment learns from them.

A programme is made of the best assignment. Where it proves that some candidates can't be staffed together,
the assignment is solved again without all of them running at once, and so on. Every plan found on the way is
measured by what it really closes: skill gaps that rest on half days without a lecturer count for nothing.
The best one is kept, so that the plan is never worse for having been staffed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.attendance import attended, resting, without, worth_of
from cadreplan.instance import Instance, Limit
from cadreplan.language import tr_n
from cadreplan.plan import Plan, ProgrammeInfo, StaffLimit
from cadreplan.programme.limits import cheapest_over
from cadreplan.programme.model import Programme, finished, sketches, with_programme
from cadreplan.programme.problem import Problem
from cadreplan.solution import Solution
from cadreplan.solving.drafting import Drafted, read_drafted
from cadreplan.solving.finish import Assigned, held_against
from cadreplan.solving.messages import Job
from cadreplan.solving.options import ENDED_BADLY, Progress, SolveOptions
from cadreplan.solving.session import Session
from cadreplan.solving.supervise import supervised
from cadreplan.verification.rules import check

_DRAFT, _POLISH = "cadreplan.solving.drafting:draft", "cadreplan.solving.drafting:polish"

MOST_ROUNDS = 20
"""The assignment is solved at most this many times."""

_SHARE = 0.5
"""Of the time that is left, for the programme of a round; the rest is for another assignment."""

_RIVALS = 2
"""Plans whose programmes are finished at the end."""

_LEAST = 1.0
"""Seconds that a programme gets, however late it is."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """An assignment with its programme, its points, and these without the skill gaps that rest on nobody."""

    assigned: Assigned
    programme: Programme
    worth: int
    kept: int
    limits: tuple[Limit, ...] = ()
    ceiling: int | None = None
    ended: str = ""
    polished: bool = True

    @property
    def rank(self) -> tuple[int, tuple[int, ...]]:
        """What is really closed, then how well the goals are met."""
        return self.kept, tuple(-n for n in self.programme.info.goals.order)


Assign = Callable[[Instance, Solution | None], Assigned | None]
"""Solves an instance, beginning from a solution; None where a limit came first."""


class Staffing:
    """The rounds of one solve; `started` is the monotonic time at which it began."""

    def __init__(
        self,
        instance: Instance,
        options: SolveOptions,
        started: float,
        on_progress: Callable[[Progress], None] | None,
        assign: Assign,
        interrupted: Callable[[], bool],
        session: Session | None = None,
    ) -> None:
        self._session = session
        self._instance, self._options, self._started = instance, options, started
        self._on_progress, self._assign = on_progress, assign
        self._stopped = False
        self._told = interrupted

    def run(self, first: Assigned) -> Staffed:
        """The best staffed plan that begins with `first`."""
        limits: tuple[Limit, ...] = ()
        best, found = self._staff(first, limits, _POLISH if self._options.allow_unstaffed else _DRAFT)
        tried = [best]
        for _ in range(1, MOST_ROUNDS):
            if not found or self._over():
                break
            limits = tuple(dict.fromkeys((*limits, *found)))
            self._tell(len(limits))
            instance = replace(self._instance, limits=limits)
            assigned = self._assign(instance, self._mended(instance, best.assigned.solution))
            if assigned is None or not _keeps(assigned.solution, limits):
                break  # a limit came before a plan that keeps to them
            staffed, found = self._staff(assigned, limits)
            tried.append(staffed)
            best = max(best, staffed, key=lambda one: one.rank)
            if assigned.bound <= best.kept:
                break  # no plan that keeps to the limits closes more
        return self._polished(best, tried)

    def _polished(self, best: Staffed, tried: list[Staffed]) -> Staffed:
        """The best one with a programme as good as it can be made in the time that is left.

        Those whose programme was broken off for learning may close more than it seemed.
        """
        rough = [one for one in tried if (not one.polished and one.worth > best.kept) or one is best]
        for one in sorted(rough, key=lambda one: (one is not best, -one.worth))[:_RIVALS]:
            if not one.polished and not self._over():
                better, _ = self._staff(one.assigned, one.limits, _POLISH)
                best = max(best, better, key=lambda one: one.rank)
        return best

    def _interrupted(self) -> bool:
        return self._stopped or self._told()

    def _over(self) -> bool:
        left = self._left()
        return self._interrupted() or (left is not None and left < _LEAST)

    def _left(self) -> float | None:
        limit = self._options.time_limit
        return None if limit is None else limit - (time.monotonic() - self._started)

    def _staff(
        self, assigned: Assigned, limits: tuple[Limit, ...], task: str | None = None
    ) -> tuple[Staffed, tuple[Limit, ...]]:
        """The programme of an assignment, and what else is proven not to be staffed together."""
        instance, solution = self._instance, assigned.solution
        problem = Problem.of(instance, solution, attended(solution))
        drafted, ended = self._draft(assigned, task or _DRAFT)
        made = finished(problem, drafted.sketch)
        untaught = frozenset(
            (s, m)
            for s, held in drafted.sketch.draft.items()
            for m, lecturer in held.values()
            if lecturer is None
        )
        lost = resting(instance, solution, untaught)
        weight = instance.policy.weights.gap
        points = weight * sum(
            instance.leaders[i].priority * instance.leaders[i].gaps[g].weight
            for i, gs in lost.items()
            for g in gs
        )
        worth = check(instance, solution).value
        held_against(assigned.bound, worth, assigned.engine)
        staffed = Staffed(
            assigned,
            made,
            worth,
            worth - points,
            limits,
            assigned.bound if limits else None,
            ended,
            not drafted.limits,
        )
        return staffed, drafted.limits

    def _draft(self, assigned: Assigned, task: str) -> tuple[Drafted, str]:
        """The child's draft, with a code where it ended badly; a first one of this process at worst."""
        options, ended = self._options, "interrupted"
        report = check(self._instance, assigned.solution)
        if not self._interrupted():
            left = self._left()
            limit = None if left is None else max(_LEAST, _SHARE * left)
            job = Job(
                self._instance,
                task,
                EngineOptions(limit, 0.0, options.threads, options.seed, None, assigned.solution),
                options.memory_limit,
                report.value,
                report.charge,
            )
            outcome, drafted = supervised(
                job,
                read_drafted,
                started=self._started,
                time_limit=None if left is None else time.monotonic() - self._started + max(_LEAST, left),
                on_progress=self._on_progress,
                bound=assigned.bound,
                session=self._session,
            )
            self._stopped = self._stopped or outcome.ended == "interrupted"
            ended = outcome.ended if outcome.ended in (*ENDED_BADLY, "interrupted") else ""
            if drafted is not None:
                return drafted, ended
        problem = Problem.of(self._instance, assigned.solution, attended(assigned.solution))
        first = next(sketches(problem, 0.0, 1, options.seed, lambda: True))
        return Drafted(first), ended

    def _mended(self, instance: Instance, solution: Solution) -> Solution | None:
        """`solution` without the cheapest candidates over any limit; None where that breaks a rule."""
        worth = worth_of(self._instance, solution)
        for limit in instance.limits:
            gone = cheapest_over(limit, solution.running, worth.__getitem__)
            if gone:
                solution = without(solution, frozenset(gone))
        return solution if check(instance, solution).ok else None

    def _tell(self, n: int) -> None:
        if self._on_progress is not None:
            phase = tr_n(
                "planning again: {n} limit of what can be staffed",
                "planning again: {n} limits of what can be staffed",
                n,
            )
            try:
                self._on_progress(Progress(time.monotonic() - self._started, phase))
            except (StopIteration, KeyboardInterrupt):
                self._stopped = True


def _keeps(solution: Solution, limits: tuple[Limit, ...]) -> bool:
    return all(limit.keeps(solution.running) for limit in limits)


def with_half_days(instance: Instance, plan: Plan, staffed: Staffed) -> Plan:
    """`plan`, made of the assignment in `staffed`, with its half days and what is stated of them."""
    info: ProgrammeInfo = replace(
        staffed.programme.info,
        ended=staffed.ended,
        limits=tuple(
            StaffLimit({instance.sessions[s].id: weight for s, weight in limit.terms}, limit.most)
            for limit in staffed.limits
        ),
        ceiling=staffed.ceiling,
    )
    return with_programme(instance, plan, replace(staffed.programme, info=info))
