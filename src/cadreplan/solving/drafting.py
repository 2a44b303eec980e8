"""The solver process's other job: the programme of a solution, and what can't be staffed in it.

The folder of the solve gets `programme.pickle`, replaced as a whole with every better draft. The supervisor
makes texts of it, so that they are in its language.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.attendance import attended, movable, worth_of
from cadreplan.instance import Instance, Limit
from cadreplan.programme.improve import Budget
from cadreplan.programme.limits import Learning
from cadreplan.programme.model import Sketch, sketches
from cadreplan.programme.problem import Problem
from cadreplan.programme.search import goals_of
from cadreplan.solution import Solution
from cadreplan.solving.messages import PROGRAMME, read_pickle, write_pickle
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
    """The programme of `options.start` as an engine: better drafts until its limits.

    Where a flow shows that candidates are too many, it ends at once: they are to be chosen again first.
    """
    _draft(instance, options, reporter, learning=_learning(instance, options, reporter))


def polish(instance: Instance, options: EngineOptions, reporter: Reporter) -> None:
    """The same for an assignment that stays: nothing is learnt."""
    _draft(instance, options, reporter, learning=None)


def _draft(instance: Instance, options: EngineOptions, reporter: Reporter, learning: Learning | None) -> None:
    problem = Problem.of(instance, _solution(options), attended(_solution(options)))
    last = None
    for n, last in enumerate(
        sketches(problem, options.time_limit, options.workers, options.seed, reporter.should_stop)
    ):
        goals = goals_of(problem, last.draft)
        write_pickle(reporter.folder / PROGRAMME, Drafted(last))
        reporter.tell("goals", [goals.unstaffed, goals.journeys])
        if n == 1 and goals.unstaffed and learning is not None:
            found = learning.bottlenecks(sorted(last.draft))
            if found:
                write_pickle(reporter.folder / PROGRAMME, Drafted(last, tuple(found), done=True))
                return
    if last is not None:
        short = goals_of(problem, last.draft).unstaffed > 0
        found = learning.limits(sorted(last.draft), last.draft) if short and learning is not None else []
        write_pickle(reporter.folder / PROGRAMME, Drafted(last, tuple(found), done=True))


def _learning(instance: Instance, options: EngineOptions, reporter: Reporter) -> Learning | None:
    may_go = movable(instance)
    if may_go.isdisjoint(_solution(options).running):
        return None
    budget = Budget(_PROOF_WORK, 1, options.seed, lambda: None, reporter.should_stop)
    everything = frozenset(s for s, session in enumerate(instance.sessions) if session.candidate)
    season = Problem.of(instance, Solution((), everything, {}))
    return Learning(season, may_go, worth_of(instance, _solution(options)).__getitem__, budget)


def _solution(options: EngineOptions) -> Solution:
    if options.start is None:
        raise AssertionError("there is no solution to make a programme of")
    return options.start


def read_drafted(folder: Path) -> Drafted | None:
    """The best draft that this program's own process left, None if there is none."""
    found: Drafted | None = read_pickle(folder / PROGRAMME)
    return found
