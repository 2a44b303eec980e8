"""The parts of the interior point method that run over blocks, compiled: each block is eliminated by hand."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.jit import kernel


@kernel
def reduced_worth(ptr: I32, row: I32, coef: F64, c: F64, pi: F64, out: F64) -> None:
    """Worth of columns at prices."""
    for j in range(len(c)):
        total = c[j]
        for q in range(ptr[j], ptr[j + 1]):
            total -= coef[q] * pi[row[q]]
        out[j] = total


@kernel
def central(block_ptr: I32, reduced: F64, mu: float, x: F64, z: F64, psi: F64) -> float:
    """Per block the psi with  sum of mu / (psi - reduced) = 1:  x = mu / z is then central and convex.

    Returns the sum over blocks of  psi - mu x sum of log z.
    """
    total = 0.0
    for b in range(len(block_ptr) - 1):
        lo, hi = block_ptr[b], block_ptr[b + 1]
        best = reduced[lo]
        for j in range(lo, hi):
            best = max(best, reduced[j])
        above = mu  # psi - best; Newton from the left on a convex falling function never steps too far
        for _ in range(60):
            excess, fall = -1.0, 0.0
            for j in range(lo, hi):
                part = 1.0 / (above + best - reduced[j])
                excess += mu * part
                fall += mu * part * part
            above += excess / fall
            if excess <= 1e-9 * above * fall:
                break
        psi[b] = best + above
        total += psi[b]
        weight = 0.0
        for j in range(lo, hi):
            z[j] = psi[b] - reduced[j]
            x[j] = mu / z[j]
            weight += x[j]
            total -= mu * np.log(z[j])
        for j in range(lo, hi):
            x[j] /= weight
    return total


@kernel
def add_use(ptr: I32, row: I32, coef: F64, x: F64, out: F64) -> None:
    for j in range(len(x)):
        for q in range(ptr[j], ptr[j + 1]):
            out[row[q]] += coef[q] * x[j]


@kernel
def normalise(block_ptr: I32, x: F64) -> None:
    for b in range(len(block_ptr) - 1):
        total = x[block_ptr[b] : block_ptr[b + 1]].sum()
        for j in range(block_ptr[b], block_ptr[b + 1]):
            x[j] /= total


@kernel
def choose_pivots(block_ptr: I32, d: F64, pivot: I32) -> None:
    for b in range(len(block_ptr) - 1):
        p = block_ptr[b]
        for j in range(block_ptr[b], block_ptr[b + 1]):
            if d[j] > d[p]:
                p = j
        pivot[b] = p


@kernel
def add_schur(
    blocks: I32,
    block_ptr: I32,
    ptr: I32,
    row: I32,
    coef: F64,
    d: F64,
    pivot: I32,
    n_own: int,
    panel: F64,
    front: F64,
) -> None:
    """Lower triangle: blocks' sum of  sum d (a - a_p)(a - a_p)' - w w' / sum d,  w = sum d (a - a_p).

    Differences to the heaviest column a_p lose nothing to cancellation when one column has all the weight.
    The first `n_own` columns go to `panel`, the others to `front`, which lacks as many rows.
    """
    m = n_own + front.shape[0]
    value, mean = np.zeros(m), np.zeros(m)
    seen, in_mean = np.zeros(m, np.bool_), np.zeros(m, np.bool_)
    rows, mean_rows = np.zeros(m, np.int32), np.zeros(m, np.int32)
    part = np.zeros(m)
    for x in range(len(blocks)):
        b = blocks[x]
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
            for k in range(n):  # what is not 0, rows ascending
                r = rows[k]
                seen[r] = False
                own = value[r]
                if own == 0.0:
                    continue
                value[r] = 0.0
                at = kept
                while at > 0 and rows[at - 1] > r:
                    rows[at] = rows[at - 1]
                    part[at] = part[at - 1]
                    at -= 1
                rows[at] = r
                part[at] = own
                kept += 1
            for k in range(kept):
                r = rows[k]
                weighted = d[j] * part[k]
                for k2 in range(k + 1):
                    if rows[k2] < n_own:
                        panel[r, rows[k2]] += weighted * part[k2]
                    else:
                        front[r - n_own, rows[k2] - n_own] += weighted * part[k2]
                if not in_mean[r]:
                    in_mean[r] = True
                    mean_rows[n_mean] = r
                    n_mean += 1
                mean[r] += weighted
        for k in range(n_mean):
            r = mean_rows[k]
            share = mean[r] / total
            if share != 0.0:
                for k2 in range(n_mean):
                    r2 = mean_rows[k2]
                    if r2 > r:
                        continue
                    if r2 < n_own:
                        panel[r, r2] -= share * mean[r2]
                    else:
                        front[r - n_own, r2 - n_own] -= share * mean[r2]
        for k in range(n_mean):
            mean[mean_rows[k]] = 0.0
            in_mean[mean_rows[k]] = False


@kernel
def right_side(block_ptr: I32, ptr: I32, row: I32, coef: F64, d: F64, pivot: I32, g: F64, out: F64) -> None:
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
def substitute_back(
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
def invert_lower(factor: F64) -> F64:
    """The inverse of a lower triangular matrix."""
    m = factor.shape[0]
    out = np.zeros((m, m))
    for r in range(m):
        out[r, r] = 1.0 / factor[r, r]
        for q in range(r):
            if factor[r, q] != 0.0:
                out[r, : q + 1] -= factor[r, q] * out[q, : q + 1]
        out[r, :r] *= out[r, r]
    return out


@kernel
def solve_lower(factor: F64, side: F64) -> F64:
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
