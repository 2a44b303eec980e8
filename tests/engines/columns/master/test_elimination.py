"""Normal equations along the tree of branches against a dense solution."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.master.assembly_tree import Belonging, Node
from cadreplan.engines.columns.master.elimination import choose_pivots
from cadreplan.engines.columns.master.multifrontal import Elimination
from cadreplan.engines.columns.master.pool import Matrix
from cadreplan.engines.columns.thread_pool import ThreadPool
from tests.engines.columns.programmes import Programme, programme, tree_of

_NOTHING = np.zeros(0, np.int32)


def _weights(one: Programme, rng: np.random.Generator) -> tuple[F64, np.ndarray, F64]:
    """Weights of columns over many orders of magnitude, the heaviest of each block, and a diagonal."""
    d = 10 ** rng.uniform(-6, 3, len(one.matrix.points))
    pivot = np.zeros(len(one.matrix.block_ptr) - 1, np.int32)
    choose_pivots(one.matrix.block_ptr, d, pivot)
    return d, pivot, 10 ** rng.uniform(-3, 2, one.n_rows)


def _dense(one: Programme, d: F64, diagonal: F64) -> F64:
    """A D A' + diagonal, where D holds the sums over blocks."""
    a, out = one.dense(), np.diag(diagonal)
    for lo, hi in zip(one.matrix.block_ptr, one.matrix.block_ptr[1:], strict=False):
        part, w = a[:, lo:hi], d[lo:hi]
        out += part @ (np.diag(w) - np.outer(w, w) / w.sum()) @ part.T
    return out


def _solved(one: Programme, rng: np.random.Generator, workers: int = 1) -> tuple[Elimination, F64]:
    """The elimination of a programme at random weights, factored twice, held against the dense solution."""
    with closing(ThreadPool(workers)) as threads:
        elimination = Elimination(one.matrix, one.belonging, one.n_rows, threads)
        x = np.zeros(one.n_rows)
        for _ in range(2):  # what was left over from the first time does no harm
            d, pivot, diagonal = _weights(one, rng)
            side = rng.normal(size=one.n_rows)
            elimination.factor(d, pivot, diagonal)
            x = elimination.solve(side)
            whole = _dense(one, d, diagonal)
            right = np.linalg.solve(whole, side)
            assert np.abs(x - right).max(initial=0) <= 1e-7 * np.abs(right).max(initial=0)
            assert np.abs(whole @ x - side).max(initial=0) <= 1e-6
    return elimination, x


def _nodes(elimination: Elimination) -> list[Node]:
    return [elimination.tree.root, *elimination.tree.below]


@pytest.mark.parametrize("bordered", [False, True])
@pytest.mark.parametrize(("depth", "most"), [(1, 12), (2, 6), (3, 3), (7, 1), (4, 2)])
def test_the_solution_is_that_of_the_dense_system(depth: int, most: int, bordered: bool) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        parent = tree_of(rng, depth, most)
        rows_of = rng.integers(0, 30, len(parent)) + 120 // len(parent)
        one = programme(rng, parent, rows_of, bordered=bordered)
        elimination, _ = _solved(one, rng)
        nodes = _nodes(elimination)
        assert elimination.tree.below, "there is a tree to go along"
        assert (len(elimination.tree.border) > 0) == bordered
        own = np.concatenate([node.own for node in nodes])
        assert np.array_equal(np.sort(own), np.arange(one.n_rows + len(elimination.tree.border)))
        of_nodes = np.concatenate([node.blocks for node in nodes])
        assert len(set(of_nodes.tolist())) == len(of_nodes)
        for node in nodes:
            for below in node.children:
                assert np.array_equal(below.above, np.concatenate((node.own, node.above)))


def test_columns_of_hardly_any_weight_beside_a_heavy_one_add_nothing() -> None:
    rng = np.random.default_rng(5)
    one = programme(rng, np.array([-1, 0, 0], np.int32), np.array([40, 40, 40], np.int32), bordered=False)
    _, pivot, diagonal = _weights(one, rng)
    d = np.full(len(one.matrix.points), 1e-14)
    pivot[:] = one.matrix.block_ptr[:-1]
    d[pivot] = 1e9
    side = rng.normal(size=one.n_rows)
    with closing(ThreadPool(1)) as threads:
        elimination = Elimination(one.matrix, one.belonging, one.n_rows, threads)
        elimination.factor(d, pivot, diagonal)
        assert np.allclose(elimination.solve(side), side / diagonal, rtol=1e-9)


@pytest.mark.parametrize("bordered", [False, True])
@pytest.mark.parametrize("shared", [5, 20, 1600])
def test_the_same_numbers_to_the_last_bit_with_any_number_of_workers(shared: int, bordered: bool) -> None:
    """Fronts of few rows are added up in four parts, those of more in two."""
    found = []
    for workers in (1, 2, 4, 4):
        rng = np.random.default_rng(shared)
        parent = tree_of(rng, 3, 4)
        one = programme(rng, parent, rng.integers(3, 40, len(parent)), shared=shared, bordered=bordered)
        d, pivot, diagonal = _weights(one, rng)
        with closing(ThreadPool(workers)) as threads:
            elimination = Elimination(one.matrix, one.belonging, one.n_rows, threads)
            elimination.factor(d, pivot, diagonal)
            found.append(elimination.solve(rng.normal(size=one.n_rows)).tobytes())
        assert len(elimination.tree.below) > 3
    assert len(set(found)) == 1


def test_with_few_rows_below_the_root_there_is_no_tree() -> None:
    rng = np.random.default_rng(0)
    parent = tree_of(rng, 2, 4)
    rows_of = np.zeros(len(parent), np.int32)
    rows_of[-1] = 95
    few, _ = _solved(programme(rng, parent, rows_of), rng)
    assert not few.tree.below
    assert not len(few.tree.border)
    rows_of[-1] = 96
    enough, _ = _solved(programme(rng, parent, rows_of), rng)
    assert enough.tree.below


def test_a_single_branch_on_top_has_its_rows_in_the_root() -> None:
    rng = np.random.default_rng(1)
    parent = np.array([2, 2, -1, 0, 0, 1, -1], np.int32)
    rows_of = np.array([30, 20, 25, 40, 40, 40, 0], np.int32)
    one = programme(rng, parent, rows_of, bordered=False)
    elimination, _ = _solved(one, rng)
    assert set(np.flatnonzero(one.belonging.row == 2)) <= set(elimination.tree.root.own.tolist())
    assert not set(np.flatnonzero(one.belonging.row == 0)) & set(elimination.tree.root.own.tolist())
    rows_of[6] = 30  # another one beside it
    beside, _ = _solved(programme(rng, parent, rows_of, bordered=False), rng)
    below_root = {len(child.own) for child in beside.tree.root.children}
    assert below_root == {25, 30}


def test_branches_without_rows_pass_theirs_on() -> None:
    rng = np.random.default_rng(2)
    chain = np.array([-1, 0, 1, 2, 3, 4], np.int32)
    rows_of = np.array([0, 60, 0, 0, 60, 0], np.int32)
    for bordered in (False, True):
        one = programme(rng, chain, rows_of, bordered=bordered)
        elimination, _ = _solved(one, rng)
        assert [len(node.own) for node in elimination.tree.below] == [60]
        lowest = elimination.tree.below[0]
        assert set(np.flatnonzero(one.belonging.row == 4)) == set(lowest.own.tolist())


def test_small_leaves_share_a_node() -> None:
    rng = np.random.default_rng(3)
    parent = np.array([-1, *[0] * 40], np.int32)
    one = programme(rng, parent, np.array([0, *[8] * 40], np.int32), shared=10, bordered=False)
    elimination, _ = _solved(one, rng)
    sizes = [len(node.own) for node in elimination.tree.below]
    assert sorted(sizes) == [64] * 5


@pytest.mark.parametrize(("leaders", "choices", "shared"), [(0, 0, 0), (0, 0, 7), (0, 5, 9), (6, 0, 0)])
def test_programmes_of_nearly_nothing(leaders: int, choices: int, shared: int) -> None:
    rng = np.random.default_rng(4)
    parent = np.array([-1, 0, 0], np.int32)
    for rows_of in (0, 50):
        one = programme(
            rng,
            parent,
            np.full(3, rows_of, np.int32),
            shared=shared,
            leaders=leaders,
            choices=choices,
            bordered=False,
        )
        _solved(one, rng)


def test_no_rows_at_all() -> None:
    matrix = Matrix(
        _NOTHING,
        np.array([0, 2], np.int32),
        _NOTHING,
        _NOTHING,
        np.zeros(3, np.int32),
        _NOTHING,
        np.zeros(0),
        np.ones(2),
    )
    empty = Programme(matrix, Belonging(_NOTHING, np.array([0], np.int32), np.array([-1], np.int32)), 0)
    _, x = _solved(empty, np.random.default_rng(0))
    assert len(x) == 0


def test_columns_of_the_border_are_those_of_choices_that_meet_rows_of_branches() -> None:
    rng = np.random.default_rng(6)
    parent = np.array([-1, 0, 0], np.int32)
    one = programme(rng, parent, np.array([40, 60, 60], np.int32), choices=30)
    elimination, _ = _solved(one, rng)
    m, tree = one.matrix, elimination.tree
    in_tree = np.flatnonzero(np.isin(one.belonging.row, (1, 2)))
    expected = set()
    for b in np.flatnonzero(one.belonging.block < 0):
        lo, hi = int(m.block_ptr[b]), int(m.block_ptr[b + 1])
        if np.isin(m.row[m.ptr[lo] : m.ptr[hi]], in_tree).any():
            expected |= set(range(lo + 1, hi))
    assert expected
    assert set(tree.border.tolist()) == expected
