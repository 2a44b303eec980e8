"""Which candidates run and which rooms sessions get: a CP-SAT model of the choices alone.

Only here do rooms have identities; the master knows how many of a size there are. Days of a session need not
be in a row, so that counting alone does not prove that rooms can be assigned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.rows import ModeKind, Rows
from cadreplan.engines.columns.params import DEFAULTS
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.language import listed, tr

_WEIGHT = 1000
"""Weights of modes are told to a thousandth."""


@dataclass(frozen=True)
class ChosenModes:
    """`chosen` is one mode a block of choice; `rooms` that of each session at a site with rooms."""

    chosen: I32
    rooms: dict[int, int]


class ModeModel:
    """The model of all ways to choose; objectives and further limits come and go."""

    def __init__(
        self, instance: Instance, rows: Rows, seed: int, work: float = DEFAULTS.choices.work
    ) -> None:
        self.instance, self.rows, self.seed, self.work = instance, rows, seed, work
        self.model = cp_model.CpModel()
        self.take: dict[int, cp_model.IntVar] = {}
        self._room: dict[tuple[int, int], cp_model.IntVar] = {}
        runs: dict[int, list[cp_model.IntVar]] = {}
        idle: dict[int, cp_model.IntVar] = {}
        busy: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
        for b in rows.choices:
            s = int(rows.block_session[b])
            session = instance.sessions[s]
            ways = range(int(rows.block_ptr[b]), int(rows.block_ptr[b + 1]))
            for k in ways:
                var = self.take[k] = self.model.new_bool_var("")
                if rows.closed[k]:
                    idle[s] = var
                elif session.offering is not None:
                    runs.setdefault(session.offering, []).append(var)
                if rows.mode_kind[k] == ModeKind.ROOM:
                    self._put_in_rooms(s, int(rows.mode_seats[k]), var, busy)
            self.model.add_exactly_one([self.take[k] for k in ways])
        for o, variables in runs.items():
            most = instance.offerings[o].max_runs
            if most is not None:
                self.model.add(cp_model.LinearExpr.sum(variables) <= most)
        for limit in instance.limits:
            weights = [weight for _, weight in limit.terms]
            idle_weight = cp_model.LinearExpr.weighted_sum([idle[s] for s, _ in limit.terms], weights)
            self.model.add(idle_weight >= sum(weights) - limit.most)
        for at_once in {tuple(sorted(v.index for v in one)): one for one in busy.values()}.values():
            self.model.add_at_most_one(at_once)

    def _put_in_rooms(
        self,
        s: int,
        size: int,
        var: cp_model.IntVar,
        busy: dict[tuple[int, int, int], list[cp_model.IntVar]],
    ) -> None:
        session = self.instance.sessions[s]
        fitting = []
        for r, room in enumerate(self.instance.sites[session.site].rooms or ()):
            if room.seats == size and session.room in (None, r):
                in_room = self._room[s, r] = self.model.new_bool_var("")
                fitting.append(in_room)
                for day in session.days:
                    busy.setdefault((session.site, r, day), []).append(in_room)
        self.model.add(cp_model.LinearExpr.sum(fitting) == var)

    def solver(self, seconds: float | None, work: float | None = None) -> cp_model.CpSolver:
        """A solver that is the same at every run unless `seconds` (None: no limit) end it.

        `work` is its limit in deterministic time, None: that of this model.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_deterministic_time = self.work if work is None else work
        if seconds is not None:
            solver.parameters.max_time_in_seconds = max(0.1, seconds)
        return solver

    def heaviest(
        self, weight: F64, seconds: float | None = None, *, work: float | None = None
    ) -> ChosenModes | None:
        """The choice of greatest total weight, or the best found with so much work; None where there is none.

        Raises ContradictionError where confirmed sessions cannot all have rooms.
        """
        self.model.maximize(
            cp_model.LinearExpr.weighted_sum(
                list(self.take.values()), [round(_WEIGHT * float(weight[k])) for k in self.take]
            )
        )
        solver = self.solver(seconds, work)
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            raise ContradictionError(_room_facts(self.instance))
        return self.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def read(self, solver: cp_model.CpSolver) -> ChosenModes:
        """What a solver chose."""
        chosen = [k for k, var in self.take.items() if solver.boolean_value(var)]
        rooms = {s: r for (s, r), var in self._room.items() if solver.boolean_value(var)}
        return ChosenModes(np.array(sorted(chosen), np.int32), dict(sorted(rooms.items())))


def _room_facts(instance: Instance) -> list[str]:
    """Sites whose confirmed sessions cannot all have rooms."""
    facts = []
    for p, site in enumerate(instance.sites):
        held = [s for s in instance.sessions if s.site == p and not s.candidate]
        if site.rooms is not None and held:
            fact = tr(
                "site {site} has rooms on all days for its confirmed sessions {sessions}",
                site=site.id,
                sessions=listed(s.id for s in held),
            )
            facts.append(fact)
    return facts
