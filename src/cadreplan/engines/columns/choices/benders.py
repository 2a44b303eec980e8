"""Which candidates run and in which rooms: proposals, cuts beside them, and the best choice so far.

Of a proposal it is first only fixed which candidates run. Rooms are shared out freely, half a session in one
room and half in another, as prices then favour none of them and the cut says what the candidates are worth.
Whole rooms are given for the best ones only: those whose seats bring most. Where the same candidates are
proposed again, it is for the rooms, and these are taken as they were proposed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.benders_master import BendersMaster, Proposal
from cadreplan.engines.columns.choices.cut_strengthening import strengthened_at, worth_of_seats
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.pool import add_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.language import tr

_SAME = 1e6
"""Weight of what runs already, where only rooms are to be given: more than seats can bring."""
_WARM = 0.01
"""Complementarity at which programmes at a choice begin."""
_WANTED = 2
"""Columns a leader in the pass for a cut."""


@dataclass
class Choice:
    """A choice whose linear programme was solved: what it could be worth, and prices there."""

    chosen_modes: ChosenModes
    value: float
    prices: F64
    result: PricingPass
    closed: bool = False
    """Whether no plan of it is better than the best one known."""


class Benders:
    """Holds the cuts so far; `best` is the choice to place people by.

    Prices settle to `accuracy`, which is asked again each time and never below `finest`: choices that differ
    by less are alike.
    """

    def __init__(
        self,
        master: RestrictedMaster,
        mode_model: ModeModel,
        budget: Budget,
        root: Converged,
        *,
        finest: float,
        accuracy: Callable[[], float],
        rounds: int,
    ) -> None:
        self.master, self.mode_model, self.budget = master, mode_model, budget
        self.pricer, self.pool, self.rows = master.pricer, master.pool, master.pricer.rows
        self.finest, self.accuracy, self.rounds = finest, accuracy, rounds
        self.params = master.params.choices
        self.cuts = BendersMaster(mode_model, budget.best_bound or 0, self.params.radius)
        self.best: Choice | None = None
        self.learn(root)
        self._all = np.arange(self.pricer.n, dtype=np.int32)
        self._tried: set[bytes] = set()
        self._considered: set[bytes] = set()
        self._closely = False
        """The same proposal came again: prices there have to settle better before it is given up."""

    def learn(self, root: Converged) -> None:
        """Take in prices that settled with free choices."""
        self.prices, self.root_value = root.prices, root.value
        self.cuts.add(root.result)
        if self.best is not None and not len(self.rows.choices):
            self.best.value = root.fractional.point.primal
            self.best.prices, self.best.result = root.prices, root.result

    def limit(self, choice: Choice, points: int) -> None:
        """Take in that no plan of a choice is worth more than that many points."""
        choice.value = min(choice.value, float(points))
        choice.closed = points <= (self.budget.best_objective or 0)
        if len(self.rows.choices):
            self.cuts.add_limit(choice.chosen_modes.chosen, points)
        else:
            self.budget.bound(points)

    def improve(self) -> bool:
        """One cut more, or several; whether the bound cannot be improved by choices any further."""
        budget, cuts = self.budget, self.cuts
        known = None if self.best is None else self.best.chosen_modes.chosen
        proposal = cuts.propose(known, budget.left())
        if proposal is None:
            return True
        if proposal.bound is not None:
            budget.bound(proposal.bound)
        budget.phase(
            tr(
                "candidates and rooms: {cuts} cuts, promise {promise:.0f}, best {best:.0f}",
                cuts=cuts.count,
                promise=proposal.promise,
                best=self.best.value if self.best else 0,
            )
        )
        value = -np.inf if self.best is None else self.best.value
        tolerance = self._tolerance()
        if self.best is not None and self.best.closed:
            tolerance = 0.0
        if proposal.promise <= value + tolerance / 4:
            return True
        if self.best is not None and cuts.count % self.params.near_of:
            near = cuts.propose(known, budget.left(), near=True)
            if near is not None and near.promise > value + tolerance:
                self._try(near, self.best.prices)
                return False
        tried = proposal.chosen_modes.chosen.tobytes()
        if tried in self._tried and self._closely:
            return True
        self._closely = tried in self._tried
        self._tried.add(tried)
        self._try(proposal, self.prices)
        return False

    def _try(self, proposal: Proposal, prices: F64) -> None:
        """Candidates not seen before are considered; others get the rooms proposed."""
        if self.rows.running(proposal.chosen_modes.chosen).tobytes() in self._considered:
            self.give_rooms(proposal.chosen_modes, prices, proposal.promise)
        else:
            self.consider(proposal.chosen_modes, prices)

    def consider(self, chosen_modes: ChosenModes, prices: F64) -> None:
        """Take a cut at what runs here, rooms being shared out freely; with whole rooms it may be best."""
        rows, budget = self.rows, self.budget
        enough = None if self.best is None else self.best.value
        self._considered.add(rows.running(chosen_modes.chosen).tobytes())
        self.master.fix(self._all, rows.rhs.astype(np.float64), rows.ways_to_run(chosen_modes.chosen))
        converged = self._generate_columns(prices, enough)
        self._cut(chosen_modes.chosen, converged)
        point = converged.fractional.point
        if budget.stop() or (enough is not None and point.primal <= enough):
            return
        prices = converged.prices
        for _ in range(self.params.room_rounds):
            roomed = self._with_rooms(chosen_modes.chosen, prices)
            if roomed is None or budget.stop() or not self.give_rooms(roomed, prices, point.primal):
                break
            assert self.best is not None
            prices = self.best.prices

    def give_rooms(self, chosen_modes: ChosenModes, prices: F64, promise: float = -np.inf) -> bool:
        """Whether a choice is better than the best so far; worth less than `promise`, a cut says so."""
        rows, enough = self.rows, None if self.best is None else self.best.value
        weight = np.zeros(len(rows.mode_points))
        weight[chosen_modes.chosen] = 1.0
        self.master.fix(self._all, rows.rhs - rows.use_of(weight))
        points = self._fixed_points(chosen_modes.chosen)
        fixed = self._generate_columns(prices, None if enough is None else enough - points)
        for _ in range(self.params.violated_rounds):
            if not fixed.entered or self.budget.stop():
                break
            fixed = self._generate_columns(fixed.prices, None if enough is None else enough - points)
        value = fixed.fractional.point.primal + points
        if fixed.entered and value > (self.budget.best_bound or np.inf):
            return False  # still without limits that it violates
        if value < promise - self._tolerance() / 4:
            exact = self.pricer.price(fixed.prices)
            self.budget.price(exact.nodes)
            self.cuts.add(exact)
        better = enough is None or value > enough  # places beyond a limit are charged for in the value
        if better:
            self.best = Choice(chosen_modes, value, fixed.prices, fixed.result)
        return better

    def _generate_columns(self, prices: F64, enough: float | None) -> Converged:
        return generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=self.params.close_rounds if self._closely else self.rounds,
            accuracy=self.params.close_accuracy if self._closely else self.accuracy(),
            warm=_WARM,
            exact=self._closely,
            enough=None if self._closely else enough,
        )

    def _cut(self, chosen: I32, converged: Converged) -> None:
        """A cut at a choice, with multipliers that say what each candidate is worth beside it."""
        self.budget.phase(tr("candidates and rooms: what each candidate is worth beside these"))
        prices, multipliers = strengthened_at(self.pricer, self.pool, converged.prices, chosen)
        result = self.pricer.price(prices, wanted=_WANTED, multipliers=multipliers)
        self.budget.price(result.nodes)
        add_columns(
            self.pool, self._all, result.found, self.pricer.compiled, self.pricer.stays, self.pricer.threads
        )
        self.cuts.add(result)

    def _with_rooms(self, chosen: I32, prices: F64) -> ChosenModes | None:
        """What runs in `chosen`, in the rooms whose seats bring most at prices."""
        rows = self.rows
        self.budget.phase(tr("candidates and rooms: whole rooms for what runs"))
        same = rows.running(chosen)[rows.block_of] == ~rows.closed
        worth = worth_of_seats(self.pricer, self.pool, prices) / self.master.unit
        return self.mode_model.heaviest(np.where(same, _SAME + worth, 0.0), self.budget.left())

    def _fixed_points(self, chosen: I32) -> float:
        return float(self.rows.mode_points[chosen].sum())

    def _tolerance(self) -> float:
        return self.finest * max(1.0, abs(float(self.budget.best_bound or 0)))
