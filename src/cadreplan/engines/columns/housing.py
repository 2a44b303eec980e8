"""Which candidates run and which rooms sessions get: a small CP-SAT model guided by the master's weights.

Only here do rooms have identities; the master knows how many of a size there are. Days of a session need not
be in a row, so that counting alone does not prove that rooms can be assigned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from cadreplan.engines.columns.arrays import F64, I32, Bools
from cadreplan.engines.columns.rows import Rows
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance

_WEIGHT = 1000


@dataclass(frozen=True)
class Housing:
    """One configuration a block, and the room of each running session at a site that lists rooms."""

    configurations: I32
    rooms: dict[int, int]


def house(instance: Instance, rows: Rows, weight: F64, allowed: Bools, *, seed: int = 0) -> Housing:
    """The configurations of greatest total weight that have rooms on all days and keep every offering's runs.

    Raises ContradictionError where confirmed sessions cannot all have rooms.
    """
    model = cp_model.CpModel()
    objective: list[cp_model.LinearExprT] = []
    chosen: dict[int, cp_model.IntVar] = {}
    room_vars: dict[tuple[int, int], cp_model.IntVar] = {}
    runs: dict[int, list[cp_model.IntVar]] = {}
    busy: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
    for b in range(rows.n_blocks):
        lo, hi = int(rows.block_ptr[b]), int(rows.block_ptr[b + 1])
        if rows.cfg_size[lo] == -3:
            continue
        s = int(rows.block_session[b])
        session = instance.sessions[s]
        some = []
        for k in range(lo, hi):
            if not allowed[k]:
                continue
            var = chosen[k] = model.new_bool_var("")
            some.append(var)
            objective.append(round(_WEIGHT * float(weight[k])) * var)
            size = int(rows.cfg_size[k])
            if size != -2 and session.offering is not None:
                runs.setdefault(session.offering, []).append(var)
            if size >= 0:
                fitting = []
                for r, room in enumerate(instance.sites[session.site].rooms or ()):
                    if room.seats == size:
                        in_room = room_vars[s, r] = model.new_bool_var("")
                        fitting.append(in_room)
                        for day in session.days:
                            busy.setdefault((session.site, r, day), []).append(in_room)
                model.add(sum(fitting) == var)
        model.add_exactly_one(some)
    for o, variables in runs.items():
        most = instance.offerings[o].max_runs
        if most is not None:
            model.add(sum(variables) <= most)
    for in_rooms in {tuple(sorted(v.index for v in one)): one for one in busy.values()}.values():
        model.add_at_most_one(in_rooms)
    model.maximize(sum(objective))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = 20
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise ContradictionError(_room_facts(instance))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise TimeoutError("no assignment of rooms found")
    configurations = np.empty(rows.n_blocks, np.int32)
    for b in range(rows.n_blocks):
        lo, hi = int(rows.block_ptr[b]), int(rows.block_ptr[b + 1])
        configurations[b] = lo
        for k in range(lo, hi):
            if k in chosen and solver.boolean_value(chosen[k]):
                configurations[b] = k
    rooms = {s: r for (s, r), var in room_vars.items() if solver.boolean_value(var)}
    return Housing(configurations, rooms)


def _room_facts(instance: Instance) -> list[str]:
    """Sites whose confirmed sessions cannot all have rooms, day by day where that shows it."""
    facts = []
    for p, site in enumerate(instance.sites):
        if site.rooms is None:
            continue
        held = [s for s in instance.sessions if s.site == p and not s.candidate]
        if held:
            names = ", ".join(s.id for s in held)
            facts.append(f"site {site.id} has rooms on all days for its confirmed sessions {names}")
    return facts
