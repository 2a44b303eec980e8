"""The solver process's other job: the programme of a solution, and what can't be staffed in it.

The folder of the solve gets `programme.pickle`, replaced as a whole with every better draft. The supervisor
makes texts of it, so that they are in its language.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

from cadreplan.documents.writing import write_atomically
from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.attendance import attended, movable, worth_of
from cadreplan.instance import Instance, Limit
from cadreplan.plan import Goals
from cadreplan.programme.improve import Budget
from cadreplan.programme.limits import Learning
from cadreplan.programme.model import Sketch, sketches
from cadreplan.programme.problem import Draft, Problem
from cadreplan.programme.search import goals_of
from cadreplan.solution import Solution
from cadreplan.solving.messages import PROGRAMME
from cadreplan.solving.worker import Reporter

_PROOF_WORK = 0.5
"""Deterministic seconds for the proof that a few sessions can't be staffed together."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The best draft so far; `limits` are proven once `done` tells that nothing else is looked for."""

    sketch: Sketch
    limits: tuple[Limit, ...] = ()
    done: bool = False


def draft(instance: Instance, options: EngineOptions, reporter: Reporter) -> None:
    """The programme of `options.start` as an engine: better drafts until its limits."""
    solution = options.start
    if solution is None:
        raise AssertionError("there is no solution to make a programme of")
    problem = Problem.of(instance, solution, attended(solution))
    last = None
    for last in sketches(problem, options.time_limit, options.workers, options.seed, reporter.should_stop):
        _keep(reporter.folder, Drafted(last))
        reporter.tell("goals", list(_numbers(goals_of(problem, last.draft))))
    if last is not None:
        found = _limits(instance, solution, last.draft, options, reporter)
        _keep(reporter.folder, Drafted(last, tuple(found), done=True))


def _limits(
    instance: Instance, solution: Solution, made: Draft, options: EngineOptions, reporter: Reporter
) -> list[Limit]:
    may_go = movable(instance) & set(made)
    if not may_go or not any(k is None for held in made.values() for _, k in held.values()):
        return []
    budget = Budget(_PROOF_WORK, 1, options.seed, lambda: None, reporter.should_stop)
    everything = frozenset(s for s, session in enumerate(instance.sessions) if session.candidate)
    season = Problem.of(instance, Solution(solution.chosen, everything, {}))
    learning = Learning(season, movable(instance), worth_of(instance, solution).__getitem__, budget)
    return learning.limits(sorted(made), made)


def _numbers(goals: Goals) -> tuple[int, int]:
    return goals.unstaffed, goals.journeys


def _keep(folder: Path, drafted: Drafted) -> None:
    write_atomically(folder / PROGRAMME, pickle.dumps(drafted, protocol=pickle.HIGHEST_PROTOCOL))


def read_drafted(folder: Path) -> Drafted | None:
    """The best draft that this program's own process left, None if there is none."""
    path = folder / PROGRAMME
    if not path.exists():
        return None
    found: Drafted = pickle.loads(path.read_bytes())
    return found
