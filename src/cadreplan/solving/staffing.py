"""Lecturers for a plan, and what the assignment learns from them.

A programme is made of the best assignment. Where it proves that some candidates can't be staffed together,
the assignment is solved again without all of them running at once, and so on. Every plan found on the way is
measured by what it really closes: skill gaps that rest on half days without a lecturer count for nothing.
The best one is kept, so that the plan is never worse for having been staffed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cadreplan.check import check
from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.attendance import attended, movable, resting, without, worth_of
from cadreplan.instance import Instance
from cadreplan.language import tr_n
from cadreplan.plan import Plan, ProgrammeInfo
from cadreplan.programme.clashes import Clash, hopeless, waived
from cadreplan.programme.model import Programme, finished, sketches, with_programme
from cadreplan.programme.problem import Problem
from cadreplan.solution import Solution
from cadreplan.solving.drafting import Drafted, read_drafted
from cadreplan.solving.finish import Assigned
from cadreplan.solving.messages import Job
from cadreplan.solving.options import ENDED_BADLY, Progress, SolveOptions
from cadreplan.solving.supervise import Supervisor

_DRAFT = "cadreplan.solving.drafting:draft"

MOST_ROUNDS = 20
"""The assignment is solved so many times at most."""

_SHARE = 0.5
"""Of the time that is left, for the programme of a round; the rest is for another assignment."""

_LEAST = 1.0
"""Seconds that a programme gets, however late it is."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """An assignment with its programme; `kept` are its points without the skill gaps that rest on nobody."""

    assigned: Assigned
    programme: Programme
    kept: int
    clashes: tuple[Clash, ...] = ()
    ceiling: int | None = None
    ended: str = ""

    @property
    def rank(self) -> tuple[int, int]:
        """What is really closed, then half days without a lecturer."""
        return self.kept, -self.programme.info.goals.unstaffed


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
    ) -> None:
        self._instance, self._options, self._started = instance, options, started
        self._on_progress, self._assign, self._interrupted = on_progress, assign, interrupted

    def run(self, first: Assigned) -> Staffed:
        """The best staffed plan that begins with `first`."""
        clashes: tuple[Clash, ...] = ()
        best, found = self._staff(first, clashes)
        for _ in range(1, MOST_ROUNDS):
            if not found or self._over():
                break
            clashes = tuple(dict.fromkeys((*clashes, *found, *self._hopeless)))
            self._tell(len(clashes))
            instance = replace(self._instance, clashes=clashes)
            assigned = self._assign(instance, self._mended(instance, best.assigned.solution))
            if assigned is None or not _keeps(assigned.solution, clashes):
                break  # a limit came before a plan that keeps to them
            staffed, found = self._staff(assigned, clashes)
            best = max(best, staffed, key=lambda one: one.rank)
            if assigned.bound <= best.kept:
                break  # no plan that keeps to the clashes closes more
        return best

    @cached_property
    def _hopeless(self) -> tuple[Clash, ...]:
        """Candidates that can't be staffed by themselves, while others of their offering can."""
        instance = self._instance
        everything = frozenset(s for s, session in enumerate(instance.sessions) if session.candidate)
        season = Problem.of(instance, Solution((), everything, {}))
        may_go = movable(instance)
        return tuple(clash for clash in hopeless(season, waived(season)) if clash[0] in may_go)

    def _over(self) -> bool:
        left = self._left()
        return self._interrupted() or (left is not None and left < _LEAST)

    def _left(self) -> float | None:
        limit = self._options.time_limit
        return None if limit is None else limit - (time.monotonic() - self._started)

    def _staff(self, assigned: Assigned, clashes: tuple[Clash, ...]) -> tuple[Staffed, tuple[Clash, ...]]:
        """The programme of an assignment, and what else is proven not to be staffed together."""
        instance, solution = self._instance, assigned.solution
        problem = Problem.of(instance, solution, attended(solution))
        drafted, ended = self._draft(assigned)
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
        kept = check(instance, solution).terms.total - points
        staffed = Staffed(
            assigned,
            made,
            kept,
            clashes,
            assigned.bound if clashes else None,
            ended,
        )
        return staffed, () if self._options.allow_unstaffed else drafted.clashes

    def _draft(self, assigned: Assigned) -> tuple[Drafted, str]:
        """The child's draft, with a code where it ended badly; a first one of this process at worst."""
        options, ended = self._options, "interrupted"
        worth = check(self._instance, assigned.solution).terms.total
        if not self._interrupted():
            left = self._left()
            limit = None if left is None else max(_LEAST, _SHARE * left)
            with tempfile.TemporaryDirectory(prefix="cadreplan-") as name:
                job = Job(
                    self._instance,
                    _DRAFT,
                    EngineOptions(limit, 0.0, options.threads, options.seed, None, assigned.solution),
                    options.memory_limit,
                    worth,
                )
                until = None if left is None else time.monotonic() - self._started + max(_LEAST, left)
                outcome = Supervisor(
                    Path(name),
                    job,
                    started=self._started,
                    time_limit=until,
                    on_progress=self._on_progress,
                    bound=assigned.bound,
                ).run()
                drafted = read_drafted(Path(name))
            ended = outcome.ended if outcome.ended in (*ENDED_BADLY, "interrupted") else ""
            if drafted is not None:
                return drafted, ended
        problem = Problem.of(self._instance, assigned.solution, attended(assigned.solution))
        first = next(sketches(problem, 0.0, 1, options.seed, lambda: True))
        return Drafted(first), ended

    def _mended(self, instance: Instance, solution: Solution) -> Solution | None:
        """`solution` without the cheapest candidate of every clash it runs; None where that breaks a rule."""
        worth = worth_of(self._instance, solution)
        for clash in instance.clashes:
            if all(s in solution.running for s in clash):
                cheapest = min(clash, key=lambda s: (worth[s], s))
                solution = without(instance, solution, frozenset((cheapest,)))
        return solution if check(instance, solution).ok else None

    def _tell(self, n: int) -> None:
        if self._on_progress is not None:
            phase = tr_n(
                "planning again: {n} set of candidates can't be staffed together",
                "planning again: {n} sets of candidates can't be staffed together",
                n,
            )
            self._on_progress(Progress(time.monotonic() - self._started, phase))


def _keeps(solution: Solution, clashes: tuple[Clash, ...]) -> bool:
    return not any(all(s in solution.running for s in clash) for clash in clashes)


def with_half_days(instance: Instance, plan: Plan, staffed: Staffed) -> Plan:
    """`plan`, made of the assignment in `staffed`, with its half days and what is stated of them."""
    info: ProgrammeInfo = replace(
        staffed.programme.info,
        ended=staffed.ended,
        clashes=tuple(tuple(instance.sessions[s].id for s in clash) for clash in staffed.clashes),
        ceiling=staffed.ceiling,
    )
    return with_programme(instance, plan, replace(staffed.programme, info=info))
