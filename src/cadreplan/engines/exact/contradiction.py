"""Why no plan exists: a smallest set of pins that cannot all be kept, found by solving and solved again."""

from __future__ import annotations

from collections.abc import Sequence

from ortools.sat.python import cp_model

from cadreplan.engines.exact.breaches import breaches
from cadreplan.engines.exact.model import Pin, build, pins_of
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.language import tr


def contradiction(instance: Instance, options: EngineOptions) -> list[str] | None:
    """Pins that cannot all be kept, none without need, and the limits that they run into.

    None if a second search doesn't confirm it.

    Dividing as in QuickXplain (Junker 2004) finds k pins among n with about k log(n / k) searches. Solver
    cores from assumptions are not used; the pins found are proven again without presolve.
    """
    pins = pins_of(instance)
    if not _impossible(instance, pins, options, presolve=True):
        return None
    core = [] if _impossible(instance, [], options, presolve=True) else _smallest(instance, [], pins, options)
    if not _impossible(instance, core, options, presolve=False):
        return None
    if not core:
        return [tr("each confirmed session needs a room of its own on all its days"), *breaches(instance, [])]
    facts = [
        tr(
            "leader {leader} is pinned to {session}",
            leader=instance.leaders[i].id,
            session=instance.sessions[s].id,
        )
        for i, s in sorted(core)
    ]
    return facts + breaches(instance, core)


def _smallest(
    instance: Instance,
    held: Sequence[Pin],
    pins: Sequence[Pin],
    options: EngineOptions,
    *,
    news: bool = False,
) -> list[Pin]:
    """A smallest part of `pins` that is impossible together with `held`; `news`: `held` has grown."""
    if news and _impossible(instance, held, options, presolve=True):
        return []
    if len(pins) == 1:
        return list(pins)
    half = len(pins) // 2
    second = _smallest(instance, [*held, *pins[:half]], pins[half:], options, news=half > 0)
    first = _smallest(instance, [*held, *second], pins[:half], options, news=bool(second))
    return first + second


def _impossible(instance: Instance, pins: Sequence[Pin], options: EngineOptions, *, presolve: bool) -> bool:
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed if presolve else options.seed + 1
    solver.parameters.cp_model_presolve = presolve
    status = solver.solve(build(instance, pins, objective=False).model)
    return bool(status == cp_model.INFEASIBLE)
