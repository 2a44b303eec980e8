"""What has to come before a session: chains that a leader can't climb are seen before any search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from tests.brute_force import optimum
from tests.check.base import FREE, Build
from tests.engines.columns.pricers import pricer_with


def _listed(instance: Instance) -> set[str]:
    """The sessions in any stay of the first leader."""
    stays = enumerate_stays(compile_arrays(instance), ThreadPool(1))
    return {instance.sessions[s].id for s in stays.sess[: stays.sess_ptr[stays.ptr[1]]]}


def _chain(length: int, **limits: int) -> Build:
    """Modules of which each requires the one before, a session of each in that order, two of the first."""
    build = Build(weights=replace(FREE, gap=10))
    for k in range(length):
        build.module(f"m{k}", teaches=f"g{k}:1", requires=f"m{k - 1}" if k else "")
        build.session(f"S{k}", 2 * k + 1, modules=f"m{k}")
    return build.session("S0again", 0, modules="m0").leader("L", **limits)


def test_a_chain_ends_where_the_sessions_of_a_leader_do() -> None:
    assert _listed(_chain(5, max_sessions=3).instance) == {"S0", "S0again", "S1", "S2"}
    assert _listed(_chain(5, max_sessions=4).instance) == {"S0", "S0again", "S1", "S2", "S3"}


def test_what_leads_to_a_chain_out_of_reach_alone_is_of_no_use() -> None:
    build = _chain(4, max_sessions=3)
    build.leaders.clear()
    instance = build.leader("L", gaps="g3:1:1", max_sessions=3).instance
    assert _listed(instance) == set()
    build.leaders.clear()
    instance = build.leader("L", gaps="g3:1:1", max_sessions=4).instance
    assert _listed(instance) == {"S0", "S0again", "S1", "S2", "S3"}


def test_a_session_that_meets_two_entries_counts_once() -> None:
    build = Build(weights=replace(FREE, gap=10))
    build.module("a", teaches="g0:1").module("b", teaches="g1:1").module("z", teaches="g2:1", requires="a b")
    build.session("AB", 0, modules="a b").session("Z", 2, modules="z")
    build.leader("L", gaps="g2:1:1", max_sessions=2)
    assert _listed(build.instance) == {"AB", "Z"}
    build.leaders.clear()
    assert _listed(build.leader("L", gaps="g2:1:1", max_sessions=1).instance) == set()


def test_each_stay_lacks_the_whole_chain_before_it() -> None:
    instance = _chain(4, max_sessions=4).instance
    stays = enumerate_stays(compile_arrays(instance), ThreadPool(1))
    lacked = {
        instance.sessions[stays.sess[stays.sess_ptr[j]]].id: int(stays.timing.lacks[j]).bit_count()
        for j in range(stays.ptr[1])
        if stays.sess_ptr[j + 1] - stays.sess_ptr[j] == 1
    }
    assert lacked == {"S0": 0, "S0again": 0, "S1": 1, "S2": 2, "S3": 3}


@pytest.mark.parametrize("seed", range(40))
def test_the_best_column_is_the_best_plan_of_a_leader_among_chains(seed: int) -> None:
    rng = np.random.default_rng(seed)
    build = Build(weights=replace(FREE, gap=1000, day=10), transfer_days=int(rng.integers(2))).site("Q")
    for k in range(6):
        before = rng.permutation(k)[: int(rng.integers(1, 3))] if k and rng.random() < 0.7 else ()
        taught = f"g{rng.integers(4)}:1"
        build.module(f"m{k}", teaches=taught, requires=" ".join(f"m{b}" for b in sorted(before)))
    for k in range(8):
        some = sorted({int(rng.integers(6)), int(rng.integers(6))} if rng.random() < 0.2 else {k % 6})
        day = int(rng.integers(9))
        modules = " ".join(f"m{m}" for m in some)
        build.session(f"S{k}", (day,), at=str(rng.choice(("P", "Q"))), modules=modules)
    build.leader("L", max_sessions=int(rng.integers(1, 5)), max_trips=4)
    instance = build.instance
    compiled = compile_arrays(instance)
    stays, rows = enumerate_stays(compiled, ThreadPool(1)), build_rows(instance)
    found = pricer_with(compiled, stays, rows, ThreadPool(1)).price(np.zeros(rows.n))
    proven = optimum(instance)
    assert proven is not None
    assert found.upper[0] == found.value[0, 0] == proven[0] * SCALE
