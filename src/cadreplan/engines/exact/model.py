"""The CP-SAT model of an instance: all hard rules and all terms."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from ortools.sat.python import cp_model

from cadreplan.engines.candidates import twins
from cadreplan.engines.exact.constraints import add_constraints
from cadreplan.engines.exact.objective import add_objective
from cadreplan.engines.exact.reach import Reach
from cadreplan.engines.exact.variables import Variables, add_variables
from cadreplan.instance import Instance

Pin = tuple[int, int]
"""A leader and a session to be attended."""


def pins_of(instance: Instance) -> list[Pin]:
    """All pins of an instance."""
    return [(i, s) for i, leader in enumerate(instance.leaders) for s in sorted(set(leader.pinned))]


def build(instance: Instance, pins: Collection[Pin], *, objective: bool = True) -> Variables:
    """The model with its variables; `pins` are held, which the instance's own are not unless given."""
    model = cp_model.CpModel()
    v = add_variables(model, Reach(instance))
    add_constraints(v)
    _order_twins(v)
    for pin in pins:
        if pin in v.x:
            model.add(v.x[pin] == 1)
        else:
            model.add_bool_or([])  # the pair breaks a rule by itself
    if objective:
        add_objective(v)
    return v


def _order_twins(v: Variables) -> None:
    """Of candidates that are alike, the next one only runs if the one before does."""
    for group in twins(v.reach.instance):
        runs = [v.run[s] for s in group if s in v.run]
        for before, after in pairwise(runs):
            v.model.add_implication(after, before)
