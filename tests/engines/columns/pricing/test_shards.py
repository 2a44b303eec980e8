"""Shards: however leaders are sliced, stays, answers and uses are those of all leaders at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.compiled.arrays import I32, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import Multipliers, no_multipliers
from cadreplan.engines.columns.pricing.shards import (
    Question,
    Shard,
    describe,
    make_shard,
    price_shard,
    share,
    use_of_shard,
)
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance, Past
from tests.engines.rich import enriched

_THREADS = ThreadPool(1)


@pytest.fixture(scope="module")
def whole(instance: Instance) -> Shard:
    compiled = compile_arrays(instance)
    return Shard(compiled, enumerate_stays(compiled, _THREADS))


def slices(instance: Instance, size: int) -> list[Shard]:
    """Shards of `size` leaders each, the last one perhaps smaller, each made from its description alone."""
    made = []
    for lo in range(0, len(instance.leaders), size):
        bare, leaders = describe(instance, range(lo, min(lo + size, len(instance.leaders))))
        made.append(make_shard(share(bare), leaders, _THREADS))
    return made


def test_what_shards_share_speaks_of_no_leader() -> None:
    whole = enriched(draw(30, 10, 1).instance)
    past = Past(beds={(0, 1): 3}, tied={(0, 1): 2}, groups={0: ((0, 1),)})
    bare, leaders = describe(replace(whole, past=past), range(10, 20))
    assert leaders == whole.leaders[10:20]
    assert bare.leaders == bare.ties == bare.met == bare.mix == ()
    assert bare.past == Past(beds={(0, 1): 3})
    assert bare.norms == whole.norms


def one_by_one(stays: Stays) -> list[tuple[object, ...]]:
    """Each stay with all that belongs to it, however stays are numbered."""
    found = []
    for j in range(len(stays.mask)):
        sessions, trips = (slice(int(p[j]), int(p[j + 1])) for p in (stays.sess_ptr, stays.trip_ptr))
        idle = slice(int(stays.idle_ptr[j]), int(stays.idle_ptr[j + 1]))
        own = [stays.mask, stays.points, stays.days, stays.site, stays.need, stays.timing.begin]
        own += [stays.timing.after, stays.timing.lacks, stays.timing.gives]
        listed = (stays.sess[sessions], stays.trip_first[trips], stays.trip_last[trips])
        stretches = (stays.idle_first[idle], stays.idle_last[idle], stays.idle_broken[idle])
        found.append((*(int(x[j]) for x in own), *(tuple(x.tolist()) for x in (*listed, *stretches))))
    return found


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_shard_lists_what_its_leaders_have_in_the_whole(
    instance: Instance, whole: Shard, size: int
) -> None:
    shards = slices(instance, size)
    assert [item for shard in shards for item in one_by_one(shard.stays)] == one_by_one(whole.stays)
    for name in ("ptr", "bit_ptr"):
        lengths = [np.diff(getattr(shard.stays, name)) for shard in shards]
        assert np.array_equal(np.concatenate(lengths), np.diff(getattr(whole.stays, name)))
    for name in ("bit_points", "n_pins", "once", "cut"):
        own = np.concatenate([getattr(shard.stays, name) for shard in shards])
        assert np.array_equal(own, getattr(whole.stays, name))


@pytest.mark.parametrize("node_limit", [5, 100_000])
def test_answers_and_uses_of_shards_make_those_of_the_whole(
    instance: Instance, whole: Shard, node_limit: int
) -> None:
    rows, n = build_rows(instance), len(instance.leaders)
    rng = np.random.default_rng(7)
    prices = np.where(rng.random(rows.n) < 0.5, rng.integers(0, 1 << 18, rows.n), 0).astype(np.int64)
    ptr: I32 = np.arange(n + 1, dtype=np.int32)
    multipliers = Multipliers(
        ptr, rng.integers(0, rows.n_sessions, n).astype(np.int32), rng.integers(0, 1 << 16, n)
    )
    for paid in (no_multipliers(n), multipliers):
        expected = price_shard(whole, rows, Question(prices, 2, node_limit, paid), None, _THREADS)
        upper, value, found, use, nodes = [], [], [], np.zeros(rows.n, np.int64), 0
        first, item0 = 0, 0
        for shard in slices(instance, 50):
            own = slice(int(paid.ptr[first]), int(paid.ptr[first + shard.n]))
            mine = Multipliers(
                paid.ptr[first : first + shard.n + 1] - paid.ptr[first], paid.session[own], paid.amount[own]
            )
            answer = price_shard(shard, rows, Question(prices, 2, node_limit, mine), None, _THREADS)
            use += use_of_shard(shard, rows, answer.found[:, 0], None)
            upper.append(answer.upper)
            value.append(answer.value)
            found.append(np.where(answer.found >= 0, answer.found + item0, answer.found))
            nodes += answer.nodes
            first, item0 = first + shard.n, item0 + len(shard.stays.mask)
        assert np.array_equal(np.concatenate(upper), expected.upper)
        assert np.array_equal(np.concatenate(value), expected.value)
        assert np.array_equal(np.concatenate(found), expected.found)
        assert np.array_equal(use, use_of_shard(whole, rows, expected.found[:, 0], None))
        assert nodes == expected.nodes
        assert use.any()
