"""Limits of days that other days imply: what is lifted is implied, and no more is kept than is needed."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.columns.compiled.arrays import I32, Compiled, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows
from cadreplan.engines.columns.master.pool import add_columns, build_matrix, new_pool, width_of
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.draws import examples
from tests.engines.columns.heuristics.test_greedy_insertion import sessions_of
from tests.engines.columns.kernels import clash
from tests.engines.columns.linear import optimum
from tests.engines.columns.pricers import pricer_with
from tests.strategies import instances


class _Case(NamedTuple):
    """An instance with all rows, and with those that are needed."""

    instance: Instance
    compiled: Compiled
    stays: Stays
    whole: Rows
    pricer: Pricer

    @property
    def rows(self) -> Rows:
        return self.pricer.rows


def _case(instance: Instance) -> _Case:
    compiled = compile_arrays(instance)
    with closing(ThreadPool(1)) as threads:
        stays = enumerate_stays(compiled, threads)
    whole = build_rows(instance)
    return _Case(instance, compiled, stays, whole, pricer_with(compiled, stays, whole, ThreadPool(1)))


def _under_way(case: _Case) -> list[list[set[tuple[int, int]]]]:
    """By group (branches, then sites) and day, the trips of leaders' stays that are under way."""
    instance, stays = case.instance, case.stays
    n_branches = len(instance.branches)
    out: list[list[set[tuple[int, int]]]] = [
        [set() for _ in range(instance.n_days)] for _ in range(n_branches + case.rows.n_sites)
    ]
    for i, leader in enumerate(instance.leaders):
        for j in range(int(stays.ptr[i]), int(stays.ptr[i + 1])):
            groups = [*instance.lineages[leader.branch], n_branches + int(stays.site[j])]
            for q in range(int(stays.trip_ptr[j]), int(stays.trip_ptr[j + 1])):
                for d in range(int(stays.trip_first[q]), int(stays.trip_last[q]) + 1):
                    for g in groups:
                        out[g][d].add((i, q))
    return out


def _hold(case: _Case) -> tuple[int, int]:
    """Hold every row of a day to what its day implies; how many limited ones are kept, and lifted."""
    instance, whole, rows = case.instance, case.whole, case.rows
    n_days, n_branches = instance.n_days, len(instance.branches)
    aside = np.ones(rows.n, np.bool_)
    aside[rows.bed0 : rows.offer0] = False
    assert (rows.rhs[aside] == whole.rhs[aside]).all()
    assert (rows.stand_in[aside] == np.arange(rows.n)[aside]).all()
    n_kept = n_lifted = 0
    for g, days in enumerate(_under_way(case)):
        row0 = whole.away0 + g * n_days if g < n_branches else whole.bed0 + (g - n_branches) * n_days
        limit = int(whole.rhs[row0])
        assert (whole.rhs[row0 : row0 + n_days] == limit).all()
        if limit >= UNLIMITED // 2:
            assert (rows.rhs[row0 : row0 + n_days] >= UNLIMITED // 2).all()
            continue
        people = sum(instance.leaders[i].headcount for i in {i for day in days for i, _ in day})
        kept = [d for d in range(n_days) if rows.rhs[row0 + d] == limit]
        lifted = [d for d in range(n_days) if d not in kept]
        assert (rows.rhs[[row0 + d for d in lifted]] >= UNLIMITED // 2).all()
        n_kept, n_lifted = n_kept + len(kept), n_lifted + len(lifted)
        if people <= limit:
            assert not kept, "all of them together cannot reach it"
            continue
        assert kept
        for d in kept:
            assert rows.stand_in[row0 + d] == row0 + d
            assert not any(days[d] <= days[other] for other in kept if other != d), "no more than needed"
        for d in lifted:
            by = int(rows.stand_in[row0 + d]) - row0
            assert by in kept
            assert days[d] <= days[by]
    return n_kept, n_lifted


@settings(max_examples=examples(80), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=6, max_sessions=8))
def test_every_lifted_limit_is_implied_by_its_stand_in_and_none_is_kept_in_vain(instance: Instance) -> None:
    _hold(_case(instance))


def test_of_a_calendar_most_limits_are_lifted() -> None:
    kept, lifted = _hold(_case(draw(60, 20, 3, season=Season(4, 2, 6)).instance))
    assert 0 < 3 * kept < lifted


def _some_plan(case: _Case, rng: np.random.Generator, share: float) -> I32:
    """Some leaders with up to three stays each that do not clash, all idle stretches bridged."""
    stays = case.stays
    out = np.full((len(case.instance.leaders), 16), -1, np.int32)
    for i in range(len(out)):
        mine = np.arange(stays.ptr[i], stays.ptr[i + 1], dtype=np.int32)
        whole = [
            int(j)
            for j in rng.permutation(mine)
            if not stays.idle_broken[stays.idle_ptr[j] : stays.idle_ptr[j + 1]].any()
        ]
        held: list[int] = []
        for j in whole if rng.random() < share else ():
            if len(held) < 3 and not any(clash(j, k, case.compiled, stays) for k in held):
                held.append(j)
        out[i, : len(held)] = held
    return out


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=8, max_sessions=8), st.integers(0, 1 << 30))
def test_a_plan_keeps_the_needed_limits_just_where_the_check_finds_no_fault(
    instance: Instance, seed: int
) -> None:
    case, rng = _case(instance), np.random.default_rng(seed)
    stays, rows, whole = case.stays, case.rows, case.whole
    for share in (0.4, 0.7, 1.0, 1.0):
        plan = _some_plan(case, rng, share)
        use = case.pricer.use(plan)
        report = check(instance, Solution(sessions_of(stays, plan)))
        for rule, lo, hi in (("beds", rows.bed0, rows.away0), ("branch", rows.away0, rows.offer0)):
            found = any(violation.rule == rule for violation in report.violations)
            assert found == bool((use > whole.rhs)[lo:hi].any())
            assert found == bool((use > rows.rhs)[lo:hi].any())


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=8, max_sessions=8, pins=False), st.integers(0, 1 << 30))
def test_the_linear_programme_is_worth_the_same_without_them(instance: Instance, seed: int) -> None:
    case, rng = _case(instance), np.random.default_rng(seed)
    pricer = case.pricer
    pool = new_pool(pricer.n, width_of(case.compiled))
    who = np.arange(pricer.n, dtype=np.int32)
    empty = np.full((pricer.n, 1, 16), -1, np.int32)
    dear = rng.random(pricer.rows.n) * 900 * (rng.random(pricer.rows.n) < 0.5)
    for found in (empty, *(pricer.price(prices, wanted=6).found for prices in (0 * dear, dear))):
        add_columns(pool, who, found, case.compiled, case.stays, pricer.threads)
    modes = np.arange(len(case.whole.mode_points), dtype=np.int32)
    worth, n_rows = [], []
    for rows in (case.whole, case.rows):
        index = np.flatnonzero(rows.rhs < UNLIMITED // 2)
        positions = np.full(rows.n, -1, np.int32)
        positions[index] = np.arange(len(index), dtype=np.int32)
        matrix = build_matrix(pool, who, modes, rows.block_ptr, positions, case.compiled, case.stays, rows)
        worth.append(optimum(matrix, rows.rhs[index].astype(np.float64), np.full(len(index), 1e6)))
        n_rows.append(len(index))
    assert abs(worth[0] - worth[1]) <= 1e-6 * max(1.0, abs(worth[0]))
    assert n_rows[1] <= n_rows[0]


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=6, max_sessions=8), st.integers(0, 1 << 30))
def test_prices_moved_to_the_limits_that_stay_prove_no_less(instance: Instance, seed: int) -> None:
    case, rng = _case(instance), np.random.default_rng(seed)
    rows, whole = case.rows, case.whole
    prices = np.where(whole.rhs < UNLIMITED // 2, rng.integers(0, 900, rows.n), 0).astype(np.float64)
    prices[(rows.rhs >= UNLIMITED // 2) & (rows.stand_in == np.arange(rows.n))] = 0  # of groups lifted whole
    moved = rows.moved(prices)
    assert moved.sum() == prices.sum()
    assert not moved[rows.rhs >= UNLIMITED // 2].any()
    thin = case.pricer.price(moved).bound
    case.pricer.rows = whole
    assert thin <= case.pricer.price(prices).bound
