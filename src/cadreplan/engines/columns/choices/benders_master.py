"""Choosing candidates and rooms by cuts: what any choice can be worth, learnt from prices.

The linear programme may run half a candidate for half its cost, or hold a session half in a large room and
half in a small one, and at a thousand leaders one such choice can be worth more than the gap wanted. For
any prices, the pricing pass bounds every plan by a linear function of the choice (see `Pass`). Collected,
these are the cuts of Benders' decomposition (1962) of the Lagrangian dual: a small integer programme over
the choices alone finds the one with the largest bound, which bounds the instance; pricing at that choice
adds the next cut.
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.params import DEFAULTS
from cadreplan.engines.columns.pricing.pricer import PricingPass


@dataclass(frozen=True)
class Proposal:
    """A choice, its bound by the cuts so far, and a bound for all choices (None: not proven)."""

    chosen_modes: ChosenModes
    promise: float
    bound: int | None


class BendersMaster:
    """The integer programme over choices and its cuts, in points below `top`, rounded up.

    A proposal near a choice changes at most `radius` of its modes.
    """

    def __init__(self, mode_model: ModeModel, top: int, radius: int = DEFAULTS.choices.radius) -> None:
        self.mode_model, self.top, self.radius = mode_model, top, radius
        model = mode_model.model
        self._keys = list(mode_model.take)
        self._vars = [mode_model.take[k] for k in self._keys]
        self._theta = model.new_int_var(-(8 * abs(top) + (1 << 32)), 0, "")
        self._worth: list[I64] = []
        self._constant: list[int] = []
        self._limits: dict[bytes, int] = {}
        """What single choices are proven to be worth at most."""

    @property
    def count(self) -> int:
        """Cuts taken so far."""
        return len(self._constant)

    def add(self, result: PricingPass) -> None:
        """Take the cut of a pass over all leaders."""
        worth = -(-result.worth // SCALE)
        constant = -(-result.constant // SCALE) - self.top
        cut = cp_model.LinearExpr.weighted_sum(self._vars, worth[self._keys].tolist()) + constant
        self.mode_model.model.add(self._theta <= cut)
        self._worth.append(worth)
        self._constant.append(constant)

    def add_limit(self, chosen: I32, points: int) -> None:
        """Take the cut that one choice, and no other, is worth at most that many points (the integer L-shaped
        method of Laporte and Louveaux, Operations Research Letters 13, 1993).
        """
        model = self.mode_model.model
        held = [self.mode_model.take[int(k)] for k in chosen]
        all_held = model.new_bool_var("")
        model.add_bool_or([all_held, *(var.negated() for var in held)])
        model.add(self._theta <= points - self.top).only_enforce_if(all_held)
        key = chosen.tobytes()
        self._limits[key] = min(points, self._limits.get(key, points))

    def promise(self, chosen: I32) -> int:
        """The bound in points that the cuts so far prove for one choice."""
        cuts = zip(self._worth, self._constant, strict=True)
        of_cuts = self.top + min([0, *(c + int(w[chosen].sum()) for w, c in cuts)])
        return min(of_cuts, self._limits.get(chosen.tobytes(), of_cuts))

    def propose(
        self, known: I32 | None = None, seconds: float | None = None, *, near: bool = False
    ) -> Proposal | None:
        """The choice of the largest bound; None where none was found.

        `known` is a choice that is possible. `near` it, rooms of confirmed sessions stay and few candidates
        open or close. An answer below what the cuts say of `known` is wrong, as presolving was seen to make
        it: then the programme is solved again without.
        """
        model = self.mode_model.model
        if near and known is not None:
            model = model.clone()
            held = [model.get_bool_var_from_proto_index(self.mode_model.take[int(k)].index) for k in known]
            of_candidates = self.mode_model.rows.of_candidates[known]
            for var in (v for v, candidate in zip(held, of_candidates, strict=True) if not candidate):
                model.add(var == 1)
            model.add(cp_model.LinearExpr.sum(held) >= len(held) - self.radius)
            model.maximize(model.get_int_var_from_proto_index(self._theta.index))
        else:
            model.maximize(self._theta)
        for presolve in (True, False):
            solver = self.mode_model.solver(seconds)
            solver.parameters.cp_model_presolve = presolve
            status = solver.solve(model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                continue
            bound = self.top + round(solver.best_objective_bound)
            if known is None or bound >= self.promise(known):
                chosen_modes = self.mode_model.read(solver)
                return Proposal(chosen_modes, self.top + solver.objective_value, None if near else bound)
        return None


def promised(result: PricingPass, chosen: I32) -> float:
    """The bound in points that a pass proves for one choice."""
    return (result.constant + int(result.worth[chosen].sum())) / SCALE
