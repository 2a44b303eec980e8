"""A primal-dual interior point method for linear programmes of convex combinations under few shared rows.

    max  c x   with  sum of x over each block = 1,  A x <= b,  x >= 0

With tens of thousands of blocks and some thousand rows, a general code spends its time on a sparse
factorisation that fills. Here each block is eliminated by hand, and what is left is one dense system over the
rows (a Schur complement), assembled from the columns and factored by Cholesky. Mehrotra's predictor and
corrector (1992); the dual stays feasible throughout, so prices are usable at any accuracy, and stopping early gives
central prices, which steadies column generation (Gondzio, Gonzalez-Brevis and Munari 2013). Rows are elastic at
`penalty` points a unit, so that there always is a solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.arrays import F64, I32
from cadreplan.engines.columns.jit import Crew, kernel
from cadreplan.engines.columns.pool import Matrix

_MAX_ITERATIONS = 60
_MOST_CENTRING = 0.2


@dataclass(frozen=True)
class Point:
    """A solution: `x` by column, prices `pi` by active row, `psi` by block, and the two objectives in points."""

    x: F64
    pi: F64
    psi: F64
    primal: float
    dual: float
    iterations: int
    infeasible: float


class _Move(NamedTuple):
    """A direction in all variables."""

    x: F64
    z: F64
    psi: F64
    pi: F64
    slack: F64
    over: F64


def solve_blocks(
    matrix: Matrix,
    rhs: F64,
    start: F64,
    crew: Crew,
    *,
    accuracy: float,
    penalty: float,
    unit: float,
    warm: float = 1.0,
) -> Point:
    """To a relative distance of `accuracy` between the objectives; `start` are prices to begin near, in points.

    `unit` points make 1 inside; `warm` is the first complementarity in that unit.
    """
    m = len(rhs)
    ptr, row, coef, block_ptr = matrix.ptr, matrix.row, matrix.coef, matrix.block_ptr
    c = matrix.points / unit
    top = penalty / unit
    n, n_blocks = len(c), len(block_ptr) - 1
    pi = np.clip(start / unit, min(1e-4, top / 4), top / 2)
    x, z, psi = np.empty(n), np.empty(n), np.empty(n_blocks)
    reduced = np.empty(n)
    _reduced(ptr, row, coef, c, pi, reduced)
    mu = warm
    _centre(block_ptr, reduced, mu, x, z, psi)
    use = np.zeros(m)
    _multiply(ptr, row, coef, x, use)
    spare = rhs - use
    pi = np.where(spare > 0, np.maximum(pi, np.minimum(mu / np.maximum(spare, 1e-9), top / 2)), pi)
    _reduced(ptr, row, coef, c, pi, reduced)
    _centre(block_ptr, reduced, mu, x, z, psi)
    slack, over = mu / pi, mu / (top - pi)
    schurs = [np.zeros((m, m)) for _ in range(crew.workers)]
    sides = [np.zeros(m) for _ in range(crew.workers)]
    pivot = np.zeros(n_blocks, np.int32)
    iterations = 0
    primal = dual = 0.0
    missing = 0.0
    gap_scale = 1.0
    for iterations in range(1, _MAX_ITERATIONS + 1):
        use[:] = 0
        _multiply(ptr, row, coef, x, use)
        lack = rhs - use - slack + over
        primal = float(c @ x - top * over.sum())
        dual = float(psi.sum() + rhs @ pi)
        missing = float(np.abs(lack).sum())
        complementarity = float(x @ z + slack @ pi + over @ (top - pi))
        mu = complementarity / (n + 2 * m)
        gap_scale = max(1.0, abs(dual))
        if (
            complementarity < accuracy * gap_scale
            and missing * max(1.0, float(pi.mean())) < accuracy * gap_scale
        ):
            break
        d = x / z
        for schur in schurs:
            schur[:] = 0
        _pivots(block_ptr, d, pivot)
        _assemble(crew, schurs, block_ptr, ptr, row, coef, d, pivot)
        schur = schurs[0]
        for other in schurs[1:]:
            schur += other
        diagonal = slack / pi + over / (top - pi)
        schur[np.arange(m), np.arange(m)] += diagonal
        factor = _factor(schur)

        def direct(rx: F64, rs: F64, ro: F64, lack: F64) -> _Move:
            return _direction(
                sides[0],
                block_ptr,
                ptr,
                row,
                coef,
                d,
                pivot,
                factor,
                rx / z,
                rs / pi,
                ro / (top - pi),
                lack,
                slack / pi,
                over / (top - pi),
            )

        move = direct(-x * z, -slack * pi, -over * (top - pi), lack)
        ap, ad = _steps(move, x, z, slack, over, pi, top)
        after = float(
            (x + ap * move.x) @ (z + ad * move.z)
            + (slack + ap * move.slack) @ (pi + ad * move.pi)
            + (over + ap * move.over) @ (top - pi - ad * move.pi)
        )
        sigma = min(_MOST_CENTRING, max(1e-4, (after / complementarity) ** 3))
        target = sigma * mu
        weight = ap * ad
        move = direct(
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
            extra = direct(
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
        ap, ad = min(1.0, 0.999 * ap), min(1.0, 0.999 * ad)
        x += ap * move.x
        slack += ap * move.slack
        over += ap * move.over
        z += ad * move.z
        pi += ad * move.pi
        psi += ad * move.psi
        if max(ap, ad) < 1e-6:
            break
    _normalise(block_ptr, x)
    return Point(x, pi * unit, psi * unit, primal * unit, dual * unit, iterations, missing)


def _outliers(product: F64, target: float) -> F64:
    """What brings complementarity products back between a tenth and ten times the target (Gondzio 1996)."""
    return np.maximum(np.clip(product, 0.1 * target, 10 * target) - product, -10 * target)


def _steps(move: _Move, x: F64, z: F64, slack: F64, over: F64, pi: F64, top: float) -> tuple[float, float]:
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


def _factor(schur: F64) -> F64:
    """Lower Cholesky factor of a matrix given by its lower triangle, lifted where it is not quite definite."""
    diagonal = schur.diagonal().copy()
    lift = 1e-13
    while True:
        try:
            return np.linalg.cholesky(schur)
        except np.linalg.LinAlgError:
            lift *= 100
            schur[np.arange(len(diagonal)), np.arange(len(diagonal))] = diagonal * (1 + lift) + lift


def _direction(
    side: F64,
    block_ptr: I32,
    ptr: I32,
    row: I32,
    coef: F64,
    d: F64,
    pivot: I32,
    factor: F64,
    gx: F64,
    gs: F64,
    go: F64,
    lack: F64,
    slack_ratio: F64,
    over_ratio: F64,
) -> _Move:
    side[:] = 0
    _right_side(block_ptr, ptr, row, coef, d, pivot, gx, side)
    side += gs - go - lack
    dpi = _solve(factor, side)
    dx, dz, dpsi = np.empty_like(gx), np.empty_like(gx), np.empty(len(block_ptr) - 1)
    _back(block_ptr, ptr, row, coef, d, gx, dpi, dx, dz, dpsi)
    return _Move(dx, dz, dpsi, dpi, gs - slack_ratio * dpi, go + over_ratio * dpi)


def _assemble(
    crew: Crew, schurs: list[F64], block_ptr: I32, ptr: I32, row: I32, coef: F64, d: F64, pivot: I32
) -> None:
    n_blocks = len(block_ptr) - 1
    parts = len(schurs)
    cuts = [n_blocks * k // parts for k in range(parts + 1)]

    def call(lo: int, hi: int) -> None:
        for k in range(lo, hi):
            _schur(cuts[k], cuts[k + 1], block_ptr, ptr, row, coef, d, pivot, schurs[k])

    crew.run(call, parts, chunks=parts)


@kernel
def _reduced(ptr: I32, row: I32, coef: F64, c: F64, pi: F64, out: F64) -> None:
    """Worth of columns at prices."""
    for j in range(len(c)):
        total = c[j]
        for q in range(ptr[j], ptr[j + 1]):
            total -= coef[q] * pi[row[q]]
        out[j] = total


@kernel
def _centre(block_ptr: I32, reduced: F64, mu: float, x: F64, z: F64, psi: F64) -> None:
    """Per block the psi with  sum of mu / (psi - reduced) = 1:  x = mu / z is then central and convex."""
    for b in range(len(block_ptr) - 1):
        lo, hi = block_ptr[b], block_ptr[b + 1]
        best = reduced[lo]
        for j in range(lo, hi):
            best = max(best, reduced[j])
        left, right = mu, mu * (hi - lo)  # psi - best lies between
        for _ in range(50):
            mid = 0.5 * (left + right)
            total = 0.0
            for j in range(lo, hi):
                total += mu / (best + mid - reduced[j])
            if total > 1:
                left = mid
            else:
                right = mid
        psi[b] = best + right
        total = 0.0
        for j in range(lo, hi):
            z[j] = psi[b] - reduced[j]
            x[j] = mu / z[j]
            total += x[j]
        for j in range(lo, hi):
            x[j] /= total


@kernel
def _multiply(ptr: I32, row: I32, coef: F64, x: F64, out: F64) -> None:
    for j in range(len(x)):
        for q in range(ptr[j], ptr[j + 1]):
            out[row[q]] += coef[q] * x[j]


@kernel
def _normalise(block_ptr: I32, x: F64) -> None:
    for b in range(len(block_ptr) - 1):
        total = x[block_ptr[b] : block_ptr[b + 1]].sum()
        for j in range(block_ptr[b], block_ptr[b + 1]):
            x[j] /= total


@kernel
def _pivots(block_ptr: I32, d: F64, pivot: I32) -> None:
    for b in range(len(block_ptr) - 1):
        p = block_ptr[b]
        for j in range(block_ptr[b], block_ptr[b + 1]):
            if d[j] > d[p]:
                p = j
        pivot[b] = p


@kernel
def _schur(
    lo: int, hi: int, block_ptr: I32, ptr: I32, row: I32, coef: F64, d: F64, pivot: I32, out: F64
) -> None:
    """Lower triangle of the sum over blocks of  sum d (a - a_p)(a - a_p)' - w w' / sum d,  w = sum d (a - a_p).

    Differences to the heaviest column a_p lose nothing to cancellation when one column has all the weight.
    """
    m = out.shape[0]
    value = np.zeros(m)
    mean = np.zeros(m)
    seen = np.zeros(m, np.bool_)
    in_mean = np.zeros(m, np.bool_)
    rows = np.zeros(m, np.int32)
    mean_rows = np.zeros(m, np.int32)
    for b in range(lo, hi):
        p = pivot[b]
        total = 0.0
        n_mean = 0
        for j in range(block_ptr[b], block_ptr[b + 1]):
            total += d[j]
            if j == p or d[j] < 1e-13:
                continue
            n = 0
            for q in range(ptr[p], ptr[p + 1]):
                r = row[q]
                if not seen[r]:
                    seen[r] = True
                    rows[n] = r
                    n += 1
                value[r] -= coef[q]
            for q in range(ptr[j], ptr[j + 1]):
                r = row[q]
                if not seen[r]:
                    seen[r] = True
                    rows[n] = r
                    n += 1
                value[r] += coef[q]
            kept = 0
            for k in range(n):
                seen[rows[k]] = False
                if value[rows[k]] != 0.0:
                    rows[kept] = rows[k]
                    kept += 1
            for k in range(kept):
                r = rows[k]
                weighted = d[j] * value[r]
                for k2 in range(kept):
                    if rows[k2] <= r:
                        out[r, rows[k2]] += weighted * value[rows[k2]]
                if not in_mean[r]:
                    in_mean[r] = True
                    mean_rows[n_mean] = r
                    n_mean += 1
                mean[r] += weighted
            for k in range(kept):
                value[rows[k]] = 0.0
        for k in range(n_mean):
            r = mean_rows[k]
            part = mean[r] / total
            if part != 0.0:
                for k2 in range(n_mean):
                    if mean_rows[k2] <= r:
                        out[r, mean_rows[k2]] -= part * mean[mean_rows[k2]]
        for k in range(n_mean):
            mean[mean_rows[k]] = 0.0
            in_mean[mean_rows[k]] = False


@kernel
def _right_side(block_ptr: I32, ptr: I32, row: I32, coef: F64, d: F64, pivot: I32, g: F64, out: F64) -> None:
    """Sum over blocks of  sum g (a - mean a),  the mean with weights d."""
    for b in range(len(block_ptr) - 1):
        sum_g = sum_d = 0.0
        for j in range(block_ptr[b], block_ptr[b + 1]):
            sum_g += g[j]
            sum_d += d[j]
        others = 0.0
        p = pivot[b]
        for j in range(block_ptr[b], block_ptr[b + 1]):
            if j == p:
                continue
            part = g[j] - d[j] * sum_g / sum_d
            others += part
            for q in range(ptr[j], ptr[j + 1]):
                out[row[q]] += part * coef[q]
        for q in range(ptr[p], ptr[p + 1]):
            out[row[q]] -= others * coef[q]


@kernel
def _back(
    block_ptr: I32, ptr: I32, row: I32, coef: F64, d: F64, g: F64, dpi: F64, dx: F64, dz: F64, dpsi: F64
) -> None:
    for b in range(len(block_ptr) - 1):
        sum_g = sum_d = moved = 0.0
        for j in range(block_ptr[b], block_ptr[b + 1]):
            total = 0.0
            for q in range(ptr[j], ptr[j + 1]):
                total += coef[q] * dpi[row[q]]
            dz[j] = total
            sum_g += g[j]
            sum_d += d[j]
            moved += d[j] * total
        dpsi[b] = (sum_g - moved) / sum_d
        for j in range(block_ptr[b], block_ptr[b + 1]):
            dz[j] += dpsi[b]
            dx[j] = g[j] - d[j] * dz[j]


@kernel
def _solve(factor: F64, side: F64) -> F64:
    """Forward and back substitution with a lower triangular factor."""
    m = len(side)
    x = side.copy()
    for r in range(m):
        total = x[r]
        for q in range(r):
            total -= factor[r, q] * x[q]
        x[r] = total / factor[r, r]
    for r in range(m - 1, -1, -1):
        x[r] /= factor[r, r]
        for q in range(r):
            x[q] -= factor[r, q] * x[r]
    return x
