"""Choosing candidates and rooms by cuts: what any choice can be worth, learnt from prices.

The linear programme may run half a candidate for half its cost, or hold a session half in a large room and
half in a small one, and at a thousand leaders one such choice can be worth more than the gap wanted. For
any prices, the pricing pass bounds every plan by a linear function of the choice (see `Pass`). Collected,
these are the cuts of Benders' decomposition (1962) of the Lagrangian dual: a small integer programme over
the choices alone finds the one with the largest bound, which bounds the instance; pricing at that choice
adds the next cut. Cuts are also taken between the choice and a point well inside (Ben-Ameur and Neto 2007),
where prices are calmer.
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from cadreplan.engines.columns.arrays import F64, I32
from cadreplan.engines.columns.housing import Houses, Housing
from cadreplan.engines.columns.pricing import SCALE, Pass

_RADIUS = 6


@dataclass(frozen=True)
class Proposal:
    """A choice, its bound by the cuts so far, and a bound for all choices (None: not proven)."""

    housing: Housing
    promise: float
    bound: int | None


class Choices:
    """The integer programme over choices and its cuts, in scaled points below `top`."""

    def __init__(self, houses: Houses, top: int) -> None:
        self.houses = houses
        self.top = top * SCALE
        model = houses.model
        self._keys = list(houses.take)
        self._vars = [houses.take[k] for k in self._keys]
        self._theta = model.new_int_var(-(abs(self.top) + (1 << 50)), 0, "")
        self.cuts = 0

    def add(self, result: Pass) -> None:
        """Take the cut of a pass over all leaders."""
        worth = [int(result.worth[k]) for k in self._keys]
        cut = cp_model.LinearExpr.weighted_sum(self._vars, worth) + (result.constant - self.top)
        self.houses.model.add(self._theta <= cut)
        self.cuts += 1

    def propose(self, near: I32 | None = None, seconds: float | None = None) -> Proposal | None:
        """The choice of the largest bound, at most a few changes from `near`; None where none was found."""
        model = self.houses.model
        if near is not None:
            model = model.clone()
            held = [model.get_bool_var_from_proto_index(self.houses.take[int(k)].index) for k in near]
            model.add(cp_model.LinearExpr.sum(held) >= len(held) - _RADIUS)
            model.maximize(model.get_int_var_from_proto_index(self._theta.index))
        else:
            model.maximize(self._theta)
        solver = self.houses.solver(seconds)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        bound = None
        if near is None:
            bound = (self.top + round(solver.best_objective_bound)) // SCALE
        return Proposal(self.houses.read(solver), (self.top + solver.objective_value) / SCALE, bound)


def promised(result: Pass, chosen: I32) -> float:
    """The bound in points that a pass proves for one choice."""
    return (result.constant + int(result.worth[chosen].sum())) / SCALE


def between(inner: F64, chosen: I32, share: float) -> F64:
    """Weights of configurations on the way from `inner` to a choice."""
    weight = (1 - share) * inner
    weight[chosen] += share
    return weight
