"""The search where modules may not be had twice, and where there are more skill gaps than a table knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.completion_bounds import scratch
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import no_multipliers
from cadreplan.engines.columns.pricing.table_shape import HUGE, LARGE, MIDDLING, SMALL
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from tests.check.base import FREE, Build
from tests.engines.columns.kernels import search_within, stay_costs
from tests.engines.columns.pricers import pricer_with
from tests.engines.columns.pricing.test_search import best_of


def _compare(instance: Instance, prices: np.ndarray) -> None:
    """Hold the search for the leader, with tables of all sizes and cut short, against all sets of stays."""
    c = compile_arrays(instance)
    threads = ThreadPool(1)
    stays = enumerate_stays(c, threads)
    pricer = pricer_with(c, stays, build_rows(instance), threads)
    whole = pricer.price(prices, wanted=2)
    best = best_of(0, c, stays, pricer, whole.prices)
    assert whole.upper[0] == whole.value[0, 0] == best
    spread = pricer.rows.spread(whole.prices)
    work = scratch(c, stays, 1)
    for size in (1 << 12, SMALL, MIDDLING, LARGE, HUGE):
        for limit in (3, 1_000_000) if size == HUGE else (1, 2, 5, 20, 1_000_000):
            stay_costs(0, c, stays, *spread, SCALE, no_multipliers(1), work.cost)
            upper, nodes, cut = search_within(0, c, stays, SCALE, size, limit, work)
            assert upper >= best >= work.found_value[0]
            assert nodes <= limit + 1
            if not cut:
                assert upper == best == work.found_value[0]
    assert not cut


def _sharing(rng: np.random.Generator, n_gaps: int) -> Instance:
    """Sessions of two modules each, many of which share one; some modules are steps to others."""
    build = Build(stay_gap=int(rng.integers(0, 2)), weights=replace(FREE, gap=1000, day=10))
    build.site("Q")
    n_modules = 7
    of = [
        [int(k) for k in rng.choice(n_gaps, int(rng.integers(1, 4)), replace=False)] for _ in range(n_modules)
    ]
    for g in range(n_gaps):
        of[g % n_modules].append(g)
    for k in range(n_modules):
        taught = " ".join(f"g{g}:1" for g in sorted(set(of[k])))
        needed = f"m{rng.integers(k)}" if k and rng.random() < 0.25 else ""
        build.module(f"m{k}", teaches=taught, requires=needed)
    for k in range(8):
        some = rng.choice(n_modules, 1 if rng.random() < 0.2 else 2, replace=False)
        day = int(rng.integers(0, 22))
        days = (day, day + int(rng.integers(3, 6))) if rng.random() < 0.15 else (day,)
        modules = " ".join(f"m{m}" for m in some)
        build.session(f"S{k}", days, at=str(rng.choice(("P", "Q"))), modules=modules)
    gaps = " ".join(f"g{g}:1:{rng.integers(1, 4)}" for g in rng.permutation(n_gaps))
    most, trips = int(rng.integers(3, 6)), int(rng.integers(3, 6))
    return build.leader("L", gaps=gaps, max_sessions=most, max_trips=trips).instance


@pytest.mark.parametrize("n_gaps", [4, 11, 12, 13, 14])
def test_modules_that_sessions_share_and_many_skill_gaps_are_searched_exactly(n_gaps: int) -> None:
    single = 0
    for seed in range(4):
        rng = np.random.default_rng(100 * n_gaps + seed)
        instance = _sharing(rng, n_gaps)
        stays = enumerate_stays(compile_arrays(instance), ThreadPool(1))
        single += int(stays.timing.single[0] != 0)
        rows = build_rows(instance)
        _compare(instance, rng.random(rows.n) * float(rng.choice((0, 400))) * (rng.random(rows.n) < 0.5))
    assert single >= 2


def test_the_table_knows_that_a_module_is_not_had_twice() -> None:
    """Four sessions that share one: the bound at the first node is what one of them brings."""
    build = Build(weights=replace(FREE, gap=10))
    for k in range(4):
        build.module(f"m{k}", teaches=f"g{k}:1")
    build.module("shared", teaches="g9:1")
    for k in range(4):
        build.session(f"S{k}", 5 * k, modules=f"m{k} shared")
    instance = build.leader("L").instance
    c = compile_arrays(instance)
    stays = enumerate_stays(c, ThreadPool(1))
    rows = build_rows(instance)
    pricer = pricer_with(c, stays, rows, ThreadPool(1))
    at_once = pricer.price(np.zeros(rows.n), node_limit=1)
    assert at_once.upper[0] == 20 * SCALE
