"""Shards: however leaders are sliced, stays, answers and uses are those of all leaders at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.generate import draw
from cadreplan.engines.columns.compiled.arrays import I32, compile_arrays
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.engines.columns.compiled.rows import build_rows
from cadreplan.engines.columns.pricing.enumeration import list_items
from cadreplan.engines.columns.pricing.kernels import Tolls, no_tolls
from cadreplan.engines.columns.pricing.shards import (
    Question,
    Shard,
    describe,
    make_shard,
    price_shard,
    share,
    use_of_shard,
)
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.engines.columns.thread_pool import Crew
from cadreplan.instance import Instance, Past
from tests.engines.rich import enriched

_CREW = Crew(1)


@pytest.fixture(scope="module", params=["drawn", "with ties, tags, norms and locals"])
def instance(request: pytest.FixtureRequest) -> Instance:
    drawn = draw(120, 40, 3, rules="all")
    return drawn if request.param == "drawn" else lowered(enriched(drawn)).instance


@pytest.fixture(scope="module")
def whole(instance: Instance) -> Shard:
    compiled = compile_arrays(instance)
    return Shard(compiled, list_items(compiled, _CREW))


def slices(instance: Instance, size: int) -> list[Shard]:
    """Shards of `size` leaders each, the last one perhaps smaller, each made from its description alone."""
    made = []
    for lo in range(0, len(instance.leaders), size):
        bare, leaders = describe(instance, lo, lo + size)
        made.append(make_shard(share(bare), leaders, _CREW))
    return made


def test_what_shards_share_speaks_of_no_leader() -> None:
    whole = enriched(draw(30, 10, 1))
    past = Past(beds={(0, 1): 3}, tied={(0, 1): 2}, groups={0: ((0, 1),)})
    bare, leaders = describe(replace(whole, past=past), 10, 20)
    assert leaders == whole.leaders[10:20]
    assert bare.leaders == bare.ties == bare.met == bare.mix == ()
    assert bare.past == Past(beds={(0, 1): 3})
    assert bare.norms == whole.norms


def one_by_one(items: Items) -> list[tuple[object, ...]]:
    """Each item with all that belongs to it, however items are numbered."""
    found = []
    for j in range(len(items.mask)):
        sessions, trips = (slice(int(p[j]), int(p[j + 1])) for p in (items.sess_ptr, items.trip_ptr))
        idle = slice(int(items.idle_ptr[j]), int(items.idle_ptr[j + 1]))
        own = [items.mask, items.points, items.days, items.site, items.need, items.timing.begin]
        own += [items.timing.after, items.timing.lacks, items.timing.gives]
        listed = (items.sess[sessions], items.trip_first[trips], items.trip_last[trips])
        stretches = (items.idle_first[idle], items.idle_last[idle], items.idle_broken[idle])
        found.append((*(int(x[j]) for x in own), *(tuple(x.tolist()) for x in (*listed, *stretches))))
    return found


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_shard_lists_what_its_leaders_have_in_the_whole(
    instance: Instance, whole: Shard, size: int
) -> None:
    shards = slices(instance, size)
    assert [item for shard in shards for item in one_by_one(shard.items)] == one_by_one(whole.items)
    for name in ("ptr", "bit_ptr"):
        lengths = [np.diff(getattr(shard.items, name)) for shard in shards]
        assert np.array_equal(np.concatenate(lengths), np.diff(getattr(whole.items, name)))
    for name in ("bit_points", "n_pins", "once", "cut"):
        own = np.concatenate([getattr(shard.items, name) for shard in shards])
        assert np.array_equal(own, getattr(whole.items, name))


@pytest.mark.parametrize("node_limit", [5, 100_000])
def test_answers_and_uses_of_shards_make_those_of_the_whole(
    instance: Instance, whole: Shard, node_limit: int
) -> None:
    rows, n = build_rows(instance), len(instance.leaders)
    rng = np.random.default_rng(7)
    prices = np.where(rng.random(rows.n) < 0.5, rng.integers(0, 1 << 18, rows.n), 0).astype(np.int64)
    ptr: I32 = np.arange(n + 1, dtype=np.int32)
    tolls = Tolls(ptr, rng.integers(0, rows.n_sessions, n).astype(np.int32), rng.integers(0, 1 << 16, n))
    for paid in (no_tolls(n), tolls):
        expected = price_shard(whole, rows, Question(prices, 2, node_limit, paid), None, _CREW)
        upper, value, found, use, nodes = [], [], [], np.zeros(rows.n, np.int64), 0
        first, item0 = 0, 0
        for shard in slices(instance, 50):
            own = slice(int(paid.ptr[first]), int(paid.ptr[first + shard.n]))
            mine = Tolls(
                paid.ptr[first : first + shard.n + 1] - paid.ptr[first], paid.session[own], paid.amount[own]
            )
            answer = price_shard(shard, rows, Question(prices, 2, node_limit, mine), None, _CREW)
            use += use_of_shard(shard, rows, answer.found[:, 0], None)
            upper.append(answer.upper)
            value.append(answer.value)
            found.append(np.where(answer.found >= 0, answer.found + item0, answer.found))
            nodes += answer.nodes
            first, item0 = first + shard.n, item0 + len(shard.items.mask)
        assert np.array_equal(np.concatenate(upper), expected.upper)
        assert np.array_equal(np.concatenate(value), expected.value)
        assert np.array_equal(np.concatenate(found), expected.found)
        assert np.array_equal(use, use_of_shard(whole, rows, expected.found[:, 0], None))
        assert nodes == expected.nodes
        assert use.any()
