"""From a solution and a bound to a plan: checked, and with a reason for every open skill gap."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from cadreplan.documents.writing import write_atomically
from cadreplan.errors import CadreplanError, ContradictionError, RefutedBoundError
from cadreplan.insight.reasons import open_gaps
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.loading.load import LoadedRoster
from cadreplan.messages import Message
from cadreplan.origin import lineage_of
from cadreplan.plan import Plan, PlannedSession, RosterRef, SolverInfo, relative_gap
from cadreplan.solution import Solution
from cadreplan.solving.options import Ending, SolveOptions
from cadreplan.solving.promises import Promises
from cadreplan.solving.simple import simple_bound
from cadreplan.verification.rules import check

DEFAULT_GAP = {"exact": 0.0, "columns": 0.001, "relay": 0.0}
"""Engine → relative gap to stop at, where none is asked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a solve went: what was asked for, the engine and why it was taken, how it ended, when it began."""

    options: SolveOptions
    engine: str
    why: Message
    ended: Ending
    started: float

    @property
    def gap(self) -> float:
        """The relative gap to stop at."""
        return DEFAULT_GAP[self.engine] if self.options.gap is None else self.options.gap


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment, the bound of its instance and the engine that states it, and how its search ended."""

    solution: Solution
    bound: int
    ended: Ending
    engine: str


def finish(
    problem: LoadedRoster | Instance,
    solution: Solution,
    bound: int,
    run: Run,
    promises: Promises | None = None,
    free: Assigned | None = None,
) -> Plan:
    """The plan document of a solution; `bound` is one on the value of any plan, where there are `promises`.

    `free` is an assignment that need not keep them, where their price is asked for.

    Raises `CadreplanError` where the solution breaks a rule or beats the bound: then the engine is wrong.
    """
    instance = problem.instance if isinstance(problem, LoadedRoster) else problem
    report = check(instance, solution)
    if not report.ok:
        first = report.violations[0]
        raise CadreplanError(
            tr(
                "internal error: the plan breaks rule {rule} at {where}: {message}",
                rule=first.rule,
                where=first.where,
                message=first.message,
            )
        )
    worth, guarantee = report.terms.total, None
    if promises is not None:
        charged = check(promises.instance, solution)
        held_against(bound, charged.value, run.engine)
        bound, guarantee = promises.stated(charged, bound)
        bound = min(bound, simple_bound(instance))
        if free is not None:
            bound = min(bound, free.bound)
            without = max(worth, check(instance, free.solution).terms.total)
            held_against(free.bound, without, free.engine)
            guarantee = replace(guarantee, without=without, without_bound=free.bound)
    held_against(bound, worth, run.engine)
    still_open = open_gaps(instance if promises is None else promises.instance, solution)
    return Plan(
        roster=_reference(problem),
        solver=_statement(worth, bound, run, fewest=guarantee is None or guarantee.proven),
        terms=report.terms,
        assignments=tuple(
            sorted(
                (instance.leaders[i].id, instance.sessions[s].id)
                for i, chosen in enumerate(solution.chosen)
                for s in chosen
            )
        ),
        sessions=_sessions(instance, solution),
        open_gaps=still_open,
        lineage=lineage_of(instance),
        guarantee=guarantee,
    )


def held_against(bound: int, worth: int, engine: str) -> None:
    """Raise where a plan's worth is above an upper bound that an engine stated."""
    if worth > bound:
        raise RefutedBoundError(
            tr(
                "internal error: a plan worth {worth} points is above the bound of {bound} that the {engine}"
                " engine states; please report it with the roster",
                worth=worth,
                bound=bound,
                engine=engine,
            )
        )


def held_possible(error: ContradictionError, engine: str) -> RefutedBoundError:
    """The error where an engine proved that no plan exists, while one that keeps all rules is known."""
    return RefutedBoundError(
        tr(
            "internal error: the {engine} engine states that there is no plan ({facts}), but there is one;"
            " please report it with the roster",
            engine=engine,
            facts="; ".join(error.facts),
        )
    )


def _reference(problem: LoadedRoster | Instance) -> RosterRef:
    if isinstance(problem, LoadedRoster):
        return problem.reference
    return RosterRef("", "")


def _statement(worth: int, bound: int, run: Run, *, fewest: bool) -> SolverInfo:
    gap = relative_gap(worth, bound)
    return SolverInfo(
        engine=run.engine,
        status="optimal" if worth == bound and fewest else "feasible",
        objective=worth,
        bound=bound,
        gap=gap,
        seconds=round(time.monotonic() - run.started, 3),
        seed=run.options.seed,
        workers=run.options.threads,
        version=version("cadreplan"),
        ended=_ending(run, worth, bound, gap, fewest=fewest),
        why=run.why,
    )


def _ending(run: Run, worth: int, bound: int, gap: float, *, fewest: bool) -> Ending:
    if worth == bound and fewest:
        return "proven"
    if gap <= run.gap and fewest:
        return "default-gap" if run.options.gap is None else "gap"
    if run.ended == "exhausted" and run.options.work_limit is not None:
        return "work-limit"  # an engine returns at its own limit too
    return run.ended


def _sessions(instance: Instance, solution: Solution) -> tuple[PlannedSession, ...]:
    planned = []
    for s, session in enumerate(instance.sessions):
        runs = solution.runs(instance, s)
        rooms = instance.sites[session.site].rooms
        r = solution.rooms.get(s)
        room = rooms[r].id if runs and rooms is not None and r is not None else None
        planned.append(PlannedSession(session.id, runs, room))
    return tuple(sorted(planned, key=lambda entry: entry.id))


def save(plan: Plan, path: str | os.PathLike[str]) -> None:
    """Write a plan as JSON; an older file of that name stays until the new one is complete."""
    write_atomically(Path(path), plan.to_json().encode())
