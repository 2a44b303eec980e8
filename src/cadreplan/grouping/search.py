"""The search for the groups of one class: dealt out, improved by swaps, annealed until the bound is met."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from cadreplan.goals import GroupGoals
from cadreplan.grouping.bounds import lower_bound
from cadreplan.grouping.dealing import dealt
from cadreplan.grouping.kernel import (
    ALONE,
    AT_LEAST,
    AT_MOST,
    FAR,
    GOALS,
    LIKE,
    MET,
    MIX,
    MOVED,
    OUTSIDE,
    TIES,
    Class,
    State,
    anneal,
    begin,
    descend,
)
from cadreplan.grouping.problem import Groups, Problem, goals_of, groups_of
from cadreplan.grouping.proof import is_small, prove

_ABOVE = 4.0
"""What one of a goal costs while annealing, in the dearest change of the goal after it: enough that it is
kept where that is possible, little enough that the walk gets past it."""

_HARDER = 4.0
"""The same again in the next round, where the goal is not as small as its bound."""

_HOT, _COLD = 1.0, 0.08
"""Heat, in like pairs: at first one more is taken every other time, at last never."""

_HOT_FAR, _COLD_FAR = 0.5, 0.1
"""The same for distances, in what a swap usually changes: their spread times the root of a group's size."""

_FREE = 100
"""Of 1000 steps that move a row alone, where groups may differ in size."""

_WEIGHED = 4_000_000
"""Swaps that a descent weighs at most: about a second."""

_NOBODY = np.int64(2**62)


class Search:
    """One class; `improve` goes on from where it was. The same steps and seed give the same groups."""

    def __init__(self, problem: Problem, seed: int = 0) -> None:
        self.problem = problem
        self.bound = lower_bound(problem)
        self._class = arrays_of(problem)
        self._rng = np.array([_start_of(seed)], dtype=np.uint64)
        self._price = _prices(problem)
        far = 0 if problem.far is None else problem.n
        self.state = State(
            np.array(dealt(problem), dtype=np.int64),
            np.zeros(problem.k, dtype=np.int64),
            np.zeros((problem.k, self._class.n_values), dtype=np.int64),
            np.zeros((far, problem.k if far else 0), dtype=np.int64),
            np.zeros(GOALS, dtype=np.int64),
        )
        self._best = self.state.at.copy()
        begin(self._class, self.state)
        self._best_goals = self.state.goals.copy()
        self._target = np.array([*self.bound.order, -_NOBODY if far else 0], dtype=np.int64)
        self._sizes_vary = any(least < most for least, most in problem.sizes) or bool(self.bound.outside)

    @property
    def groups(self) -> Groups:
        """The best division so far."""
        return groups_of(self.problem, self._best.tolist())

    @property
    def goals(self) -> GroupGoals:
        """Its goals, counted again."""
        return goals_of(self.problem, self._best.tolist())

    @property
    def far(self) -> int:
        """What the distances within its groups add up to."""
        return -int(self._best_goals[FAR])

    @property
    def is_proven(self) -> bool:
        """Whether nothing comes before the best division."""
        return self.problem.far is None and tuple(self._best_goals) <= tuple(self._target)

    def descend(self) -> None:
        """Every swap and move that helps, until none does."""
        if not self.is_proven and self.problem.k > 1:
            descend(self._class, self.state, self._sizes_vary, _WEIGHED)
            self._keep(self.state.at, self.state.goals)

    def prove(self, *, work: float, seconds: float | None) -> None:
        """What a solver finds and proves of a small class, with so much work (see `proof`)."""
        if self.is_proven or not is_small(self.problem):
            return
        proof = prove(self.problem, self._best.tolist(), work=work, seconds=seconds, seed=int(self._rng[0]))
        if proof is None:
            return
        if proof.at is not None:
            self._restart(np.array(proof.at, dtype=np.int64))
            self._keep(self.state.at, self.state.goals)
        if proof.bound.order > self.bound.order:
            self.bound = proof.bound
            self._target[: len(self.bound.order)] = self.bound.order

    def improve(self, steps: int) -> None:
        """Anneal for that many steps from the best division, and descend from what that finds."""
        if self.is_proven or self.problem.k < 2:
            return
        hot, cold = self._heats()
        self._restart(self._best)
        found = np.zeros_like(self._best)
        anneal(
            self._class,
            self.state,
            self._price,
            hot,
            cold,
            steps,
            _FREE if self._sizes_vary else 0,
            self._target,
            self._rng,
            found,
        )
        last = self.state.at.copy()
        for at in (found, last):
            self._restart(at)
            descend(self._class, self.state, self._sizes_vary, _WEIGHED)
            self._keep(self.state.at, self.state.goals)
        for goal in (TIES, OUTSIDE, MIX, MOVED):
            if self._best_goals[goal] > self._target[goal]:
                self._price[: goal + 1] *= _HARDER
                break

    def _heats(self) -> tuple[float, float]:
        """At which it begins to cool, and ends."""
        if self.problem.far is not None:
            usual = float(self.problem.far.std()) * math.sqrt(self.problem.n / self.problem.k)
            return _HOT_FAR * usual, _COLD_FAR * usual
        weights = [tag.weight for tag in self.problem.tags if tag.weight]
        scale = float(self._price[LIKE] * max(weights, default=1))
        missed = (goal for goal in (TIES, OUTSIDE, MIX, MOVED) if self._best_goals[goal] > self._target[goal])
        if (goal := next(missed, None)) is not None:  # hot enough to get past it
            return _HOT * max(scale, float(self._price[goal])), _COLD * (float(self._price[MET]) or scale)
        return _HOT * scale, _COLD * (float(self._price[MET]) or scale)

    def _restart(self, at: np.ndarray) -> None:
        self.state.at[:] = at
        begin(self._class, self.state)

    def _keep(self, at: np.ndarray, goals: np.ndarray) -> None:
        if tuple(goals) < tuple(self._best_goals):
            self._best[:] = at
            self._best_goals[:] = goals


def _start_of(seed: int) -> int:
    """A state of the generator that isn't 0, from any whole number (splitmix64, Steele and others 2014)."""
    x = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % 2**64
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) % 2**64
    return (x ^ (x >> 31)) or 1


def _prices(problem: Problem) -> np.ndarray:
    """What one of each goal costs while annealing."""
    weights = [tag.weight for tag in problem.tags if tag.weight]
    price = np.zeros(GOALS)
    price[FAR] = 1.0 if problem.far is not None else 0.0
    price[MET] = 1.0 if problem.met else 0.0
    price[LIKE] = _ABOVE / min(weights) if weights and problem.met else 1.0
    dearest = float(price[LIKE] * max(weights, default=1))
    for goal in (MOVED, MIX, OUTSIDE, TIES):
        dearest *= _ABOVE
        price[goal] = dearest
    return price


def arrays_of(problem: Problem) -> Class:
    """The class as the kernels read it."""
    offsets, codes = [], []
    total = 0
    for tag in problem.tags:
        offsets.append(total)
        codes.append([-1 if v < 0 else total + v for v in tag.codes])
        asked = [wish.value for wish in problem.wishes if wish.tag == len(offsets) - 1]
        total += 1 + max((*tag.codes, *asked), default=-1)
    wishes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for wish in problem.wishes:
        of = wishes[offsets[wish.tag] + wish.value]
        if not wish.alone:
            of.append((ALONE, 0, 0))
        for kind, wanted in ((AT_LEAST, wish.at_least), (AT_MOST, wish.at_most)):
            if wanted is not None:
                of.append((kind, *wanted) if isinstance(wanted, tuple) else (kind, wanted, 0))
    flat = [(v, *one) for v in sorted(wishes) for one in wishes[v]]
    of_row: list[list[int]] = [[] for _ in range(problem.n)]
    for t, tie in enumerate(problem.ties):
        for row in tie.rows:
            of_row[row].append(t)
    met: list[list[int]] = [[] for _ in range(problem.n)]
    for a, b in sorted(problem.pairs_met):
        met[a].append(b)
        met[b].append(a)
    return Class(
        heads=_array(problem.heads),
        value=_array(codes).reshape(len(codes), problem.n).T.copy(),
        weight=_array([tag.weight for tag in problem.tags]),
        n_values=total,
        least=_array([least for least, _ in problem.sizes]),
        most=_array([most for _, most in problem.sizes]),
        wish_ptr=_starts([len(wishes[v]) for v in range(total)]),
        wish_value=_array([one[0] for one in flat]),
        wish_kind=_array([one[1] for one in flat]),
        wish_n=_array([one[2] for one in flat]),
        wish_of=_array([one[3] for one in flat]),
        shares=any(one[3] > 0 for one in flat),
        tie_ptr=_starts([len(tie.rows) for tie in problem.ties]),
        tie_row=_array([row for tie in problem.ties for row in tie.rows]),
        tie_apart=_array([tie.apart for tie in problem.ties]),
        tie_of_ptr=_starts(list(map(len, of_row))),
        tie_of=_array([t for of in of_row for t in of]),
        met_ptr=_starts(list(map(len, met))),
        met=_array([b for of in met for b in of]),
        home=_array(problem.home or [-1] * problem.n),
        far=np.zeros((0, 0), dtype=np.int64) if problem.far is None else problem.far.astype(np.int64),
    )


def _array(values: Sequence[object]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _starts(lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)
