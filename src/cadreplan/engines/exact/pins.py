"""Pins first: a plan for the pinned leaders alone, or the proof that there is none.

With pins the empty plan is no plan. This finds one to begin from for an instance of any size, because only
the pinned leaders get variables; candidates may run with too few people here, so that no plan for these
leaders means no plan at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from cadreplan.engines.exact.contradiction import contradiction
from cadreplan.engines.exact.model import build, pins_of
from cadreplan.engines.exact.variables import solution_of
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.solution import Solution


def keep_pins(instance: Instance, options: EngineOptions) -> Solution | None:
    """A solution that keeps all pins, though a candidate in it may have too few people; None at a limit.

    Raises `ContradictionError` where the pins are proven to contradict each other or the rules.
    """
    who = [i for i, leader in enumerate(instance.leaders) if leader.pinned]
    relaxed = _alone(instance, who)
    v = build(relaxed, pins_of(relaxed), objective=False)
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed
    if options.time_limit is not None:
        solver.parameters.max_time_in_seconds = options.time_limit
    status = solver.solve(v.model)
    if status == cp_model.INFEASIBLE:
        facts = contradiction(relaxed, options)
        if facts is not None:
            raise ContradictionError(facts)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    variables = [*v.x.values(), *v.run.values(), *v.room.values()]
    small = solution_of(v, {var.index: solver.value(var) for var in variables})
    chosen: list[tuple[int, ...]] = [() for _ in instance.leaders]
    for k, i in enumerate(who):
        chosen[i] = small.chosen[k]
    held = {s for sessions in chosen for s in sessions}
    running = small.running & held
    rooms = {s: r for s, r in small.rooms.items() if s in running or not instance.sessions[s].candidate}
    return Solution(tuple(chosen), running, rooms)


def _alone(instance: Instance, who: Sequence[int]) -> Instance:
    """Some leaders without the others: whatever breaks a rule here breaks it with them as well.

    Of `mix` these are people at most: of shares and people at least others may bring what is missing. Ties
    keep their numbers, and those of their leaders who are there.
    """
    at = {i: k for k, i in enumerate(who)}
    ties = (replace(tie, leaders=tuple(at[i] for i in tie.leaders if i in at)) for tie in instance.ties)
    most = (entry for entry in instance.mix if entry.at_most is not None and not entry.at_most.is_share)
    return replace(
        instance,
        leaders=tuple(instance.leaders[i] for i in who),
        sessions=tuple(replace(s, min_seats=0) if s.candidate else s for s in instance.sessions),
        ties=tuple(ties),
        mix=tuple(replace(entry, at_least=None) for entry in most),
        met=(),
    )
