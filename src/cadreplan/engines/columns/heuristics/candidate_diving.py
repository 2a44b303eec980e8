"""A choice of candidates and rooms: diving from the linear programme with free choices.

A fractional solution that runs thirty candidates a fifth each says little about which six to run. But it says
which one it could miss least: that one is opened, prices settle again, and only then it shows what the others
are worth beside it. A few candidates are opened at a time, the heaviest first, until less than half a class
is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.master.column_generation import Converged, generate_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.language import tr

_WARM = 0.02
"""Complementarity at which programmes begin."""
_AGAIN = 2
"""Rounds in which columns are found for what a step opened that seems to lose much."""
_ROUNDING = 0.3
"""Deterministic seconds in which what is rounded gets rooms."""
_SELDOM = 0.25
"""Part of what was to come when closing was last tried, at which it is tried again."""
_HELD = 1000.0
"""Weight of a candidate that is open already: more than all that could be opened."""


@dataclass(frozen=True)
class Opened:
    """What a dive chose, the worth in points of the programme with just that, and prices there; of what was
    rounded both are those before."""

    chosen_modes: ChosenModes
    worth: float
    prices: F64


@dataclass(frozen=True)
class _Closed:
    """What it is worth in points to bar all candidates but those `opened` (by block), and prices there."""

    worth: float
    opened: Bools
    settled: Converged


class CandidateDive:
    """Opens and bars candidates (by block) for the leaders `who`, `prices` settling on the way.

    Searches are cut short unless `exact`; prices settle for `rounds` at most.
    """

    def __init__(
        self,
        master: RestrictedMaster,
        mode_model: ModeModel,
        who: I32,
        prices: F64,
        budget: Budget,
        *,
        exact: bool,
        rounds: int,
    ) -> None:
        self.master, self.mode_model, self.prices, self.budget = master, mode_model, prices, budget
        self.exact, self.rounds = exact, rounds
        self.params, self.rows, self.who = master.params.diving, master.pricer.rows, who
        self._rhs = self.rows.rhs.astype(np.float64)
        self.candidate = np.zeros(self.rows.n_blocks, np.bool_)
        self.candidate[self.rows.block_of[self.rows.closed]] = True
        self.opened = np.zeros(self.rows.n_blocks, np.bool_)
        self.barred = np.zeros(self.rows.n_blocks, np.bool_)
        self.weight: F64 = np.zeros(len(self.rows.mode_points))
        self.worth = np.inf
        self._stages: list[tuple[float, Bools]] = []
        self._closed: _Closed | None = None

    def settle(self, rounds: int | None = None) -> Converged:
        """Prices with what is opened and barred so far."""
        rows = self.rows
        allowed = ~(rows.closed & self.opened[rows.block_of]) & ~(rows.runs & self.barred[rows.block_of])
        self.master.fix(self.who, self._rhs, np.flatnonzero(allowed).astype(np.int32), lean=True)
        return generate_columns(
            self.master,
            self.prices,
            self.budget,
            rounds=rounds or self.rounds,
            accuracy=self.params.candidate_accuracy,
            warm=_WARM,
            exact=self.exact,
            wanted=self.params.candidate_columns,
        )

    def take(self, settled: Converged) -> None:
        """Go on from there."""
        self.worth, self.prices = settled.fractional.point.primal, settled.prices
        self.weight = settled.fractional.mode_weight
        self._stages.append((self.worth, self.opened.copy()))

    def to_come(self) -> F64:
        """By block, how much of a candidate runs that is neither opened nor barred."""
        rows = self.rows
        share: F64 = np.bincount(rows.block_of, self.weight * rows.runs, rows.n_blocks).astype(np.float64)
        share[self.opened | self.barred | ~self.candidate] = 0
        return share

    def next(self, share: F64, part: float, least: int, most: int) -> list[int]:
        """Blocks to open now: a `part` of what is to come, those that are sure, and `least` at least.

        Those of them that have no room beside the others are barred.
        """
        order = np.argsort(-share, kind="stable")
        order = order[share[order] >= self.params.candidate_trace]
        left = float(share.sum())
        wanted = [
            int(b)
            for k, b in enumerate(order)
            if k <= max(least, part * left) or share[b] >= self.params.candidate_sure
        ][:most]
        some = held_together(self.mode_model, self.opened, share, wanted, self.budget)
        self.barred[np.setdiff1d(wanted, some)] = True
        return some

    def open_all(
        self,
        part: float,
        least: int,
        most_loss: Callable[[], float],
        *,
        floor: float = -np.inf,
        trying: bool = False,
        steps: int | None = None,
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        """Open what is to come, step by step, until half a class is left, or the worth is `floor` or less.

        A step that loses more than `most_loss` points is taken back for a smaller one; a single candidate is
        then opened or barred, whichever loses less. When `trying`, what it is worth to bar the rest is seen
        once little is to come, and the dive ends where it promises no more than that. It makes so many
        `steps` at most (None: any number), and none after `until`.
        """
        most, taken_back = self.rows.n_blocks, False
        due = self.params.candidate_little if trying else 0.0
        taken = 0
        while not (self.budget.stop() or until()) and self.worth > floor and taken != steps:
            share = self.to_come()
            if self.is_done(share):
                break
            left = float(share.sum())
            if left < due * (left + int(self.opened.sum())):
                due *= _SELDOM
                if not self._try_closing(self.opened):
                    break
            if self._is_hopeless():
                break
            some = self.next(share, part, least, most)
            if not some:
                continue
            self.opened[some] = True
            after = self.settle()
            if trying and self._loses(after) > most_loss():
                after = self._seen_again(some, after, most_loss())
                if self._is_hopeless():
                    self.opened[some] = False
                    break
            if self._loses(after) > most_loss():
                self.opened[some] = False
                if len(some) > 1:
                    most, taken_back = len(some) // 2, True
                    continue
                self.barred[some] = True
                without = self.settle()
                if without.fractional.point.primal >= after.fractional.point.primal:
                    after = without
                else:
                    self.opened[some], self.barred[some] = True, False
            if not taken_back:
                most *= 2
            taken_back = False
            self.take(after)
            taken += 1
            self.tell(left)

    def _loses(self, after: Converged) -> float:
        """Points that a step loses, as far as is known."""
        return self.worth - after.fractional.point.primal if np.isfinite(self.worth) else 0.0

    def _is_hopeless(self) -> bool:
        """Whether the dive promises no more than it is worth to bar what was to come before."""
        return self._closed is not None and self.worth <= self._closed.worth

    def _seen_again(self, some: list[int], after: Converged, most: float) -> Converged:
        """A step that seems to lose much, once limits that entered since hold before it as well, and columns
        were found for what it opened.
        """
        self.opened[some] = False
        self.worth = min(self.worth, self.settle().fractional.point.primal)
        self.opened[some] = True
        return after if self._is_hopeless() or self._loses(after) <= most else self.settle(_AGAIN)

    def close(self, *, floor: float = -np.inf) -> None:
        """Bar all that isn't opened, after the last step or an earlier one, where that is worth most.

        Before it is barred the rest promises more: no step that promises `floor` or less is tried. Of a dive
        that tried some on its way the last step alone is.
        """
        misses = 0
        stages = self._stages if self._closed is None else self._stages[-1:]
        for promise, opened in reversed(stages):
            least = floor if self._closed is None else self._closed.worth
            if promise <= least or misses >= self.params.candidate_misses or self.budget.stop():
                break
            misses = 0 if self._try_closing(opened) else misses + 1
        if self._closed is None:
            self.worth = floor
            return
        self.opened, self.barred = self._closed.opened, self.candidate & ~self._closed.opened
        self.take(self._closed.settled)

    def _try_closing(self, opened: Bools) -> bool:
        """See what it is worth to bar all but these; whether it is worth more than what was tried before."""
        before = self.opened, self.barred
        self.opened, self.barred = opened, self.candidate & ~opened
        settled = self.settle(max(self.rounds, self.params.candidate_closing_rounds))
        self.opened, self.barred = before
        worth = settled.fractional.point.primal
        if self._closed is not None and worth <= self._closed.worth:
            return False
        self._closed = _Closed(worth, opened.copy(), settled)
        return True

    def is_done(self, share: F64) -> bool:
        """Whether less than half a class is to come."""
        return float(share.sum()) < self.params.candidate_enough or share.max() < self.params.candidate_trace

    def tell(self, left: float) -> None:
        """Say how far it is."""
        self.budget.phase(
            tr(
                "opening candidates: {n} opened, {left:.1f} to come, worth {points:.0f}",
                n=int(self.opened.sum()),
                left=left,
                points=self.worth,
            )
        )

    def rounded(self) -> ChosenModes | None:
        """What was opened, and of what is to come the heaviest, in rooms that are found with little work."""
        rows, share = self.rows, self.to_come()
        some = np.argsort(-share, kind="stable")[: round(float(share.sum()))]
        some = some[share[some] >= self.params.candidate_trace]
        bonus = np.full(rows.n_blocks, -_HELD)
        bonus[some] = 1
        bonus[self.opened] = _HELD
        weight = self.weight + bonus[rows.block_of] * (rows.runs & self.candidate[rows.block_of])
        return self.mode_model.heaviest(weight, self.budget.left(), work=_ROUNDING)

    def chosen(self) -> ChosenModes | None:
        """What was opened, in the rooms of most weight; None where they could not be assigned in time."""
        rows = self.rows
        bonus = np.where(self.opened, _HELD, -_HELD)[rows.block_of]
        weight = self.weight + bonus * (rows.runs & self.candidate[rows.block_of])
        return self.mode_model.heaviest(weight, self.budget.left())


def dive_for_candidates(
    master: RestrictedMaster,
    mode_model: ModeModel,
    weight: F64 | None,
    prices: F64,
    budget: Budget,
    *,
    exact: bool = False,
    quick: bool = False,
    first: Callable[[ChosenModes, F64], object] | None = None,
) -> Opened | None:
    """Open candidates for the master's leaders, from the fractional solution `weight` of modes on.

    Without one it is found from `prices` on. None where rooms could not be assigned in time. The master is
    left with what was opened. Searches are cut short unless `exact`. When `quick`, half of what is to come is
    opened at each step, and what is still to come late in the time limit is rounded. `first` is told of a
    choice rounded after the first step, and of prices there.
    """
    params = master.params.diving
    rounds = params.candidate_quick_rounds if quick else params.candidate_rounds
    dive = CandidateDive(master, mode_model, master.who, prices, budget, exact=exact, rounds=rounds)
    if weight is None:
        dive.take(dive.settle())
    else:
        dive.weight = weight
    part = params.candidate_large_share if exact else params.candidate_share
    if quick:
        part = params.candidate_quick_share
    loss = params.candidate_quick_loss if quick else params.candidate_loss
    least = params.candidate_quick_least if quick else 1
    if first is not None:
        dive.open_all(part, least, lambda: loss * abs(dive.worth), steps=1)
        rounded = None if budget.stop() else dive.rounded()
        if rounded is not None:
            first(rounded, dive.prices)
    trying = quick and len(master.who) > master.params.turns.few_leaders

    def late() -> bool:
        left, limit = budget.left(), budget.options.time_limit
        return quick and left is not None and limit is not None and left < params.candidate_late * limit

    dive.open_all(part, least, lambda: loss * abs(dive.worth), trying=trying, until=late)
    chosen_modes = dive.rounded() if late() else None
    if chosen_modes is None:
        dive.close()
        chosen_modes = dive.chosen()
    return None if chosen_modes is None else Opened(chosen_modes, dive.worth, dive.prices)


def choose_again(
    master: RestrictedMaster,
    mode_model: ModeModel,
    who: I32,
    running: Bools,
    free: Bools,
    prices: F64,
    budget: Budget,
    *,
    floor: float,
) -> Opened | None:
    """Of the candidates `free` (by block) others than those `running` now, all other candidates as they are.

    The leaders `who` are free as well; only linear programmes are solved. None where these end below
    `floor` points, or rooms can't be assigned.
    """
    params = master.params.diving
    dive = CandidateDive(
        master, mode_model, who, prices, budget, exact=False, rounds=params.candidate_quick_rounds
    )
    dive.opened = running & dive.candidate & ~free
    dive.barred = ~running & dive.candidate & ~free
    dive.take(dive.settle())
    dive.open_all(params.candidate_quick_share, 0, lambda: dive.worth - floor, floor=floor)
    dive.close(floor=floor)
    if dive.worth <= floor or budget.stop():
        return None
    chosen_modes = dive.chosen()
    return None if chosen_modes is None else Opened(chosen_modes, dive.worth, dive.prices)


def held_together(
    mode_model: ModeModel, opened: Bools, share: F64, some: list[int], budget: Budget
) -> list[int]:
    """The heaviest of these candidates that rooms and runs allow together beside those opened."""
    rows = mode_model.rows
    worth = np.full(rows.n_blocks, -1.0)
    worth[some] = 1 + share[some]
    worth[opened] = _HELD
    chosen_modes = mode_model.heaviest(worth[rows.block_of] * rows.runs, budget.left())
    if chosen_modes is None:
        return []
    held = rows.running(chosen_modes.chosen)
    return [b for b in some if held[b]]
