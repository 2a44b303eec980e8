"""The interior point method against a general solver of linear programmes."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.master.interior_point import Point, solve_blocks
from cadreplan.engines.columns.thread_pool import ThreadPool
from tests.engines.columns.linear import bound_at, optimum
from tests.engines.columns.programmes import Programme, programme, tree_of

_UNIT = 250.0
_ACCURACY = 1e-5


def _drawn(seed: int) -> tuple[Programme, F64, F64, np.random.Generator]:
    """A programme some of whose limits bind, every third with limits that cannot be kept."""
    rng = np.random.default_rng(seed)
    parent = tree_of(rng, int(rng.integers(1, 4)), 4)
    many = seed % 2 == 0
    rows_of = rng.integers(0, 12, len(parent)) + (100 // len(parent) + 1 if many else 0)
    one = programme(rng, parent, rows_of, leaders=80, bordered=seed % 4 < 2)
    sizes = np.diff(one.matrix.block_ptr)
    use = one.dense() @ np.repeat(1 / sizes, sizes)
    rhs = np.floor(use * rng.uniform(0.2, 1.2, one.n_rows))
    if seed % 3 == 0:
        rhs[rng.integers(0, one.n_rows, 3)] -= 60
    return one, rhs, np.full(one.n_rows, 40 * _UNIT), rng


def _solve(
    one: Programme, rhs: F64, penalty: F64, start: F64, *, warm: float = 0.1, patience: int = 1 << 30
) -> Point:
    left = [patience]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    with closing(ThreadPool(1)) as threads:
        return solve_blocks(
            one.matrix,
            rhs,
            start,
            one.belonging,
            threads,
            accuracy=_ACCURACY,
            penalty=penalty,
            unit=_UNIT,
            warm=warm,
            stop=stop,
        )


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11])
def test_both_objectives_are_the_optimum_from_wherever_it_begins(seed: int) -> None:
    one, rhs, penalty, rng = _drawn(seed)
    best = optimum(one.matrix, rhs, penalty)
    near = 3 * _ACCURACY * max(_UNIT, abs(best))
    far = rng.uniform(0, 2, one.n_rows) * penalty  # beyond the penalty, too
    m = one.matrix
    low, high = np.full_like(rhs, 0.01 * _UNIT), np.full_like(rhs, 300.0)
    for start, warm in ((low, 0.1), (high, 0.03), (far, 0.1), (far, 2e-3)):
        point = _solve(one, rhs, penalty, start, warm=warm)
        assert abs(point.primal - best) <= 10 * near
        assert best - 1e-6 * abs(best) <= point.dual <= best + near
        proven = bound_at(m, rhs, point.pi)
        assert best - 1e-6 * abs(best) <= proven <= best + near
        assert (point.pi >= 0).all()
        assert (point.pi <= penalty).all()
        assert np.allclose(np.add.reduceat(point.x, m.block_ptr[:-1]), 1)
        assert (point.x >= 0).all()
        over = np.maximum(0, one.dense() @ point.x - rhs)
        assert abs(m.points @ point.x - penalty @ over - best) <= 10 * near
        known = [value for value, _ in point.path]
        assert known[-1] < known[0]
        assert np.allclose(point.path[-1][1], point.pi, rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_stopped_at_any_time_its_prices_are_a_bound(seed: int) -> None:
    one, rhs, penalty, rng = _drawn(seed)
    best = optimum(one.matrix, rhs, penalty)
    start = rng.uniform(0, 1, one.n_rows) * penalty
    proven = []
    for patience in (0, 1, 2, 4, 8, 16, 40):
        point = _solve(one, rhs, penalty, start, patience=patience)
        bound = bound_at(one.matrix, rhs, point.pi)
        assert best - 1e-6 * abs(best) <= bound <= point.dual + 1e-6 * abs(point.dual)
        assert (point.pi >= 0).all()
        assert (point.pi <= penalty).all()
        assert np.allclose(np.add.reduceat(point.x, one.matrix.block_ptr[:-1]), 1)
        proven.append(bound)
    assert proven[-1] < proven[0]


def test_without_any_limit_everybody_has_their_best_column() -> None:
    rng = np.random.default_rng(0)
    one = programme(rng, np.array([-1], np.int32), np.array([0], np.int32), shared=0, leaders=20)
    point = _solve(one, np.zeros(0), np.zeros(0), np.zeros(0))
    best = float(np.maximum.reduceat(one.matrix.points, one.matrix.block_ptr[:-1]).sum())
    assert abs(point.primal - best) <= 3 * _ACCURACY * best
    assert abs(point.dual - best) <= 3 * _ACCURACY * best


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_from_no_prices_it_comes_to_its_end(seed: int) -> None:
    """Many columns, few rows: at the lowest prices each row would have a thousand times its slack."""
    rng = np.random.default_rng(seed)
    parent = tree_of(rng, 2, 4)
    one = programme(rng, parent, rng.integers(0, 30, len(parent)), leaders=400, bordered=seed % 2 == 0)
    sizes = np.diff(one.matrix.block_ptr)
    rhs = np.floor(one.dense() @ np.repeat(1 / sizes, sizes) * rng.uniform(0.2, 1.2, one.n_rows))
    penalty = np.full(one.n_rows, 40 * _UNIT)
    point = _solve(one, rhs, penalty, np.zeros(one.n_rows))
    best = optimum(one.matrix, rhs, penalty)
    near = 3 * _ACCURACY * max(_UNIT, abs(best))
    assert best - 1e-6 * abs(best) <= point.dual <= best + near
    assert abs(point.primal - best) <= 10 * near
