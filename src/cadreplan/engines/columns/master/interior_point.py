"""A primal-dual interior point method for linear programmes of convex combinations under few shared rows.

    max  c x   with  sum of x over each block = 1,  A x <= b,  x >= 0

With tens of thousands of blocks and thousands of rows, a general code spends its time on a sparse
factorisation that fills. Here each block is eliminated by hand, and what is left over the rows (a Schur
complement) is factored along the tree of branches (`multifrontal`). Mehrotra's predictor and
corrector (1992); the dual stays feasible throughout, so prices are usable at any accuracy, and stopping
early gives central prices, which steadies column generation (Gondzio, Gonzalez-Brevis and Munari 2013).
The first point is found on the dual alone, from whatever prices are known: best are those of an iterate on
the way to the last solution, as central prices move little when columns are added.
Rows are elastic at their `penalty` in points a unit, so that there always is a solution.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.master.assembly_tree import Belonging
from cadreplan.engines.columns.master.elimination import (
    add_use,
    central,
    choose_pivots,
    normalise,
    reduced_worth,
    right_side,
    substitute_back,
)
from cadreplan.engines.columns.master.multifrontal import Elimination
from cadreplan.engines.columns.master.pool import Matrix
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.jit import kernel

_MAX_ITERATIONS = 60
_MOST_CENTRING = 0.5
"""The largest complementarity aimed at, as a share of the one in hand."""
_NEAR = 0.4
"""The Newton decrement, by complementarity and number of products, at which prices count as central."""
_STEPS_AT_ONCE = 3
"""Steps towards the central path after which it goes on at a larger complementarity."""
_MOST_STEPS = 40
_SHORTENED = 6
"""Times that a step is shortened to help."""
_LARGEST_MU = 0.3
"""The largest complementarity at which the method begins, in the unit inside."""
_LOWEST = 1e-4
"""The lowest price that it begins with; higher where a row would have more slack than its limit at it."""


@dataclass(frozen=True)
class Point:
    """`x` by column, prices `pi` by active row, `psi` by block, the two objectives in points, and on the
    way there the complementarity and the prices of each iterate."""

    x: F64
    pi: F64
    psi: F64
    primal: float
    dual: float
    iterations: int
    path: list[tuple[float, F64]]


class _Move(NamedTuple):
    """A direction in all variables."""

    x: F64
    z: F64
    psi: F64
    pi: F64
    slack: F64
    over: F64


class _System(NamedTuple):
    """The linearised conditions at one iterate; `room` is what prices have left to the penalty."""

    matrix: Matrix
    d: F64
    pivot: I32
    elimination: Elimination
    z: F64
    pi: F64
    room: F64
    slack_ratio: F64
    over_ratio: F64

    def move(self, rx: F64, rs: F64, ro: F64, lack: F64) -> _Move:
        """The direction for residuals of complementarity (columns, slack, excess) and of the rows."""
        block_ptr, ptr, row, coef = self.matrix.block_ptr, self.matrix.ptr, self.matrix.row, self.matrix.coef
        gx, gs, go = rx / self.z, rs / self.pi, ro / self.room
        side = gs - go - lack
        right_side(block_ptr, ptr, row, coef, self.d, self.pivot, gx, side)
        dpi = self.elimination.solve(side)
        dx, dz, dpsi = np.empty_like(gx), np.empty_like(gx), np.empty(len(block_ptr) - 1)
        substitute_back(block_ptr, ptr, row, coef, self.d, gx, dpi, dx, dz, dpsi)
        return _Move(dx, dz, dpsi, dpi, gs - self.slack_ratio * dpi, go + self.over_ratio * dpi)


def solve_blocks(
    matrix: Matrix,
    rhs: F64,
    start: F64,
    belonging: Belonging,
    threads: ThreadPool,
    *,
    accuracy: float,
    penalty: F64,
    unit: float,
    warm: float,
    stop: Callable[[], bool],
) -> Point:
    """To a relative distance of `accuracy` between the objectives, begun near the prices `start` (points).

    `belonging` says which rows and blocks are a branch's alone.
    `unit` points make 1 inside; `warm` is the first complementarity in that unit. `stop` ends it early,
    with prices that are usable all the same.
    """
    m = len(rhs)
    ptr, row, coef, block_ptr = matrix.ptr, matrix.row, matrix.coef, matrix.block_ptr
    c = matrix.points / unit
    top = penalty / unit
    n, n_blocks = len(c), len(block_ptr) - 1
    elimination = Elimination(matrix, belonging, m, threads)
    pivot = np.zeros(n_blocks, np.int32)
    use = np.zeros(m)
    begun = _Central(matrix, c, rhs, top, elimination, pivot)
    least = np.minimum(np.maximum(_LOWEST, warm / np.maximum(rhs, 1.0)), top / 4)
    pi, mu, steps = begun.find(np.clip(start / unit, least, top / 2), warm, stop)
    x, z, psi = begun.x, begun.z, begun.psi
    slack, over = mu / pi, mu / (top - pi)
    iteration = 0
    primal = dual = 0.0
    missing = 0.0
    gap_scale = 1.0
    path: list[tuple[float, F64]] = []
    for iteration in range(1, _MAX_ITERATIONS + 1):  # noqa: B007 -- reported at the end
        use[:] = 0
        add_use(ptr, row, coef, x, use)
        lack = rhs - use - slack + over
        primal = float(c @ x - top @ over)
        dual = float(psi.sum() + rhs @ pi)
        missing = float(np.abs(lack).sum())
        complementarity = float(x @ z + slack @ pi + over @ (top - pi))
        mu = complementarity / (n + 2 * m)
        gap_scale = max(1.0, abs(dual))
        path.append((mu, pi * unit))
        if (
            complementarity < accuracy * gap_scale
            and missing * max(1.0, float(pi.sum()) / max(1, m)) < accuracy * gap_scale
        ):
            break
        if stop():
            break
        d = x / z
        choose_pivots(block_ptr, d, pivot)
        elimination.factor(d, pivot, slack / pi + over / (top - pi))
        system = _System(matrix, d, pivot, elimination, z, pi, top - pi, slack / pi, over / (top - pi))
        move = system.move(-x * z, -slack * pi, -over * (top - pi), lack)
        ap, ad = _steps(move, x, z, slack, over, pi, top)
        after = float(
            (x + ap * move.x) @ (z + ad * move.z)
            + (slack + ap * move.slack) @ (pi + ad * move.pi)
            + (over + ap * move.over) @ (top - pi - ad * move.pi)
        )
        sigma = min(_MOST_CENTRING, max(1e-4, (after / complementarity) ** 3))
        target = sigma * mu
        weight = ap * ad
        move = system.move(
            target - x * z - weight * move.x * move.z,
            target - slack * pi - weight * move.slack * move.pi,
            target - over * (top - pi) + weight * move.over * move.pi,
            lack,
        )
        ap, ad = _steps(move, x, z, slack, over, pi, top)
        for _ in range(2):
            if min(ap, ad) > 0.95:
                break
            tp, td = min(1.0, 1.2 * ap + 0.2), min(1.0, 1.2 * ad + 0.2)
            extra = system.move(
                _outliers((x + tp * move.x) * (z + td * move.z), target),
                _outliers((slack + tp * move.slack) * (pi + td * move.pi), target),
                _outliers((over + tp * move.over) * (top - pi - td * move.pi), target),
                np.zeros(m),
            )
            better = _Move(*(a + b for a, b in zip(move, extra, strict=True)))
            ap2, ad2 = _steps(better, x, z, slack, over, pi, top)
            if ap2 + ad2 < ap + ad + 0.05:
                break
            move, ap, ad = better, ap2, ad2
        if max(ap, ad) < 1e-6:
            break  # the system is no longer well enough conditioned for a direction
        ap, ad = min(1.0, 0.999 * ap), min(1.0, 0.999 * ad)
        x += ap * move.x
        slack += ap * move.slack
        over += ap * move.over
        z += ad * move.z
        pi += ad * move.pi
        psi += ad * move.psi
    normalise(block_ptr, x)
    return Point(
        x,
        pi * unit,
        psi * unit,
        primal * unit,
        dual * unit,
        steps + iteration,
        path,
    )


class _Central:
    """Prices on the central path, by Newton steps on the smoothed dual alone.

    min over p of  b p - mu sum(log p + log(top - p)) + sum over blocks of (psi - mu sum log(psi - worth))

    is convex, and any p is a start, however far: steps are cut component by component and then shortened
    until they help. `x`, `z`, `psi` belong to the prices last looked at.
    """

    def __init__(
        self, matrix: Matrix, c: F64, rhs: F64, top: F64, elimination: Elimination, pivot: I32
    ) -> None:
        self.matrix, self.c, self.rhs, self.top = matrix, c, rhs, top
        self.elimination, self.pivot = elimination, pivot
        self.x, self.z, self.reduced = np.empty_like(c), np.empty_like(c), np.empty_like(c)
        self.psi = np.empty(len(matrix.block_ptr) - 1)

    def find(self, pi: F64, mu: float, stop: Callable[[], bool]) -> tuple[F64, float, int]:
        """Prices near the central path, the complementarity they are central for, and the steps it took.

        Where it takes many steps at `mu`, it goes on at a larger one.
        """
        steps = 0
        value = self._value(pi, mu)
        while steps < _MOST_STEPS and not stop():
            steps += 1
            if steps % _STEPS_AT_ONCE == 0 and mu < _LARGEST_MU:
                mu = min(4 * mu, _LARGEST_MU)
                value = self._value(pi, mu)
            slope = self._slope(pi, mu)
            move, decrement = self._newton(pi, slope, mu)
            if decrement < _NEAR * math.sqrt(mu * (len(self.c) + 2 * len(pi))):
                break
            length = 1.0
            for _ in range(_SHORTENED):
                low, high = 0.1 * pi, np.minimum(0.5 * (pi + self.top), 10 * pi + 0.05)
                trial = np.clip(pi + length * move, low, high)
                after = self._value(trial, mu)
                if after <= value + 0.05 * float(slope @ (trial - pi)):
                    break
                length *= 0.4
            pi, value = trial, after
        self._value(pi, mu)
        return pi, mu, steps

    def _value(self, pi: F64, mu: float) -> float:
        m = self.matrix
        reduced_worth(m.ptr, m.row, m.coef, self.c, pi, self.reduced)
        blocks = central(m.block_ptr, self.reduced, mu, self.x, self.z, self.psi)
        return blocks + float(self.rhs @ pi) - mu * float(np.log(pi).sum() + np.log(self.top - pi).sum())

    def _slope(self, pi: F64, mu: float) -> F64:
        use = np.zeros(len(self.rhs))
        add_use(self.matrix.ptr, self.matrix.row, self.matrix.coef, self.x, use)
        return np.asarray(self.rhs - use - mu / pi + mu / (self.top - pi), np.float64)

    def _newton(self, pi: F64, slope: F64, mu: float) -> tuple[F64, float]:
        d = self.x * self.x / mu
        choose_pivots(self.matrix.block_ptr, d, self.pivot)
        self.elimination.factor(d, self.pivot, mu / pi**2 + mu / (self.top - pi) ** 2)
        move = self.elimination.solve(-slope)
        return move, math.sqrt(max(0.0, -float(slope @ move)))


def _outliers(product: F64, target: float) -> F64:
    """What brings complementarity products back between a tenth and ten times the target (Gondzio 1996)."""
    return np.maximum(np.clip(product, 0.1 * target, 10 * target) - product, -10 * target)


def _steps(move: _Move, x: F64, z: F64, slack: F64, over: F64, pi: F64, top: F64) -> tuple[float, float]:
    """The largest primal and dual steps at which all values stay positive, at most 1."""
    primal = min(_longest(x, move.x), _longest(slack, move.slack), _longest(over, move.over))
    dual = min(_longest(z, move.z), _longest(pi, move.pi), _longest(top - pi, -move.pi))
    return primal, dual


@kernel
def _longest(value: F64, change: F64) -> float:
    best = 1.0
    for k in range(len(value)):
        if change[k] < 0 and value[k] + best * change[k] < 0:
            best = -value[k] / change[k]
    return best
