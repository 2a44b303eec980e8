"""Shards elsewhere: what is asked is answered as if all stays were listed here, and few of them are known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.draw import Season, draw
from cadreplan.engines.columns.compiled.arrays import I32
from cadreplan.engines.columns.params import ClusterParams, Params
from cadreplan.engines.columns.pricing.distant_shards import in_order
from cadreplan.engines.columns.pricing.kernels import Multipliers
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass, pricer_of
from cadreplan.engines.columns.pricing.shards import threads_for
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from tests.engines.columns.nearby import Nearby
from tests.engines.recorder import Recorder

_ALWAYS, _NEVER = 10_000, 0
"""Leaders below which all are asked here."""


@pytest.fixture(scope="module")
def here(instance: Instance) -> Pricer:
    return pricer_of(instance, ThreadPool(1))


@pytest.fixture(params=[_ALWAYS, 50, _NEVER], ids=["here", "both", "there"])
def far(request: pytest.FixtureRequest, instance: Instance) -> Pricer:
    params = Params(cluster=ClusterParams(priced_here=request.param, shard=25))
    return pricer_of(instance, threads_for(1, Nearby), params)


def content(stays: Stays, j: int) -> list[object]:
    """All that a stay is, but for its number."""
    found: list[object] = [
        int(x[j]) for x in (stays.mask, stays.points, stays.days, stays.site, stays.trips, stays.need)
    ]
    lists = {
        "sess_ptr": ["sess"],
        "trip_ptr": ["trip_first", "trip_last"],
        "idle_ptr": ["idle_first", "idle_last", "idle_broken"],
    }
    for ptr, names in lists.items():
        own = slice(int(getattr(stays, ptr)[j]), int(getattr(stays, ptr)[j + 1]))
        found += [getattr(stays, name)[own].tolist() for name in names]
    return found


def same(here: Pricer, one: PricingPass, far: Pricer, other: PricingPass) -> None:
    """The two passes are the same, however stays are numbered."""
    assert (one.bound, one.constant, one.nodes) == (other.bound, other.constant, other.nodes)
    for name in ("upper", "value", "count"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    _same_columns(here, one.found, far, other.found)


def _same_columns(here: Pricer, one: I32, far: Pricer, other: I32) -> None:
    some = one >= 0
    assert np.array_equal(one[~some], other[~some])
    assert np.array_equal(here.shards.names[one[some]], far.shards.names[other[some]])


def test_passes_are_those_of_one_process(here: Pricer, far: Pricer) -> None:
    rng = np.random.default_rng(7)
    assert np.array_equal(here.rows.rhs, far.rows.rhs)
    assert np.array_equal(here.rows.stand_in, far.rows.stand_in)
    numbers: I32 = np.arange(here.n + 1, dtype=np.int32)
    paid = Multipliers(
        numbers,
        rng.integers(0, here.rows.n_sessions, here.n).astype(np.int32),
        rng.integers(0, 1 << 16, here.n),
    )
    before: list[object] = []
    for turn in range(4):
        prices = np.where(rng.random(here.rows.n) < 0.5, rng.integers(0, 300, here.rows.n), 0).astype(float)
        asked = None if turn % 2 == 0 else rng.permutation(here.n)[: 20 + 30 * turn].astype(np.int32)
        multipliers = paid if turn > 1 else None
        one = here.price(prices, wanted=3, subset=asked, multipliers=multipliers, node_limit=200)
        other = far.price(prices, wanted=3, subset=asked, multipliers=multipliers, node_limit=200)
        same(here, one, far, other)
        everybody = asked is None
        if everybody:
            best = [p.use(x.found[:, 0]) for p, x in ((here, one), (far, other))]
            assert np.array_equal(*best)
            worth = [p.worth(x.found[:, 0], x.prices) for p, x in ((here, one), (far, other))]
            assert np.array_equal(*worth)
        known = [content(far.stays, j) for j in range(len(far.stays.mask))]
        assert known[: len(before)] == before
        before = known
    assert 0 < len(before) < len(here.stays.mask)
    place = {int(name): j for j, name in enumerate(here.shards.names)}
    assert before == [content(here.stays, place[int(name)]) for name in far.shards.names]
    for name in ("bit_ptr", "bit_points", "n_pins", "once", "cut"):
        assert np.array_equal(getattr(here.stays, name), getattr(far.stays, name))


def test_columns_worth_more_than_something_are_those_of_one_process(here: Pricer, far: Pricer) -> None:
    prices = np.zeros(here.rows.n, np.int64)
    best = here.price(prices.astype(float))
    asked = np.arange(0, here.n, 2, dtype=np.int32)
    for who in (None, asked):
        least = best.upper - 500 * 1024 if who is None else best.upper[who] - 500 * 1024
        ended, value, found = here.enumerate_columns(prices, least, 4, who)
        others = far.enumerate_columns(prices, least, 4, who)
        assert np.array_equal(ended, others[0])
        assert np.array_equal(value, others[1])
        _same_columns(here, found, far, others[2])


@pytest.mark.parametrize("few", [_ALWAYS, _NEVER], ids=["here", "there"])
def test_a_season_is_solved_as_in_one_process(few: int) -> None:
    params = Params(cluster=ClusterParams(priced_here=few, shard=20))
    season = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    first, one, other = Recorder(), Recorder(), Recorder()
    solve(season, EngineOptions(work_limit=1.0), first)
    options = EngineOptions(work_limit=2.0, start=first.solutions[-1], params=params)
    solve(season, options, one)
    solve(season, options, other, dispatch=Nearby)
    assert one.solutions
    assert one.bounds == other.bounds
    assert one.solutions == other.solutions


@pytest.mark.parametrize(("n", "shards"), [(20, 1), (99, 5), (101, 6), (400, 6)])
def test_shards_grow_where_they_would_be_too_many(n: int, shards: int) -> None:
    params = Params(cluster=ClusterParams(many_leaders=1, large_shard=20, most_shards=6))
    far = pricer_of(draw(n, 10, 1).instance, threads_for(1, Nearby), params)
    assert far.shards.lots is not None
    assert len(far.shards.lots.who) == shards


def test_shards_have_each_leader_once_and_branches_together(here: Pricer, instance: Instance) -> None:
    branch = here.compiled.leaders.branch
    lots = in_order(here.rows, branch, 13)
    assert np.array_equal(np.sort(np.concatenate(lots)), np.arange(here.n))
    assert max(map(len, lots)) <= 13
    assert all((np.diff(own) > 0).all() for own in lots)
    # branches are met in one piece each, down the tree: none is left and come back to
    lines = [set(line) for line in instance.lineages]
    for b in range(len(instance.branches)):
        below = [k for k, own in enumerate(lots) if any(b in lines[branch[i]] for i in own)]
        assert below == list(range(below[0], below[-1] + 1)) if below else True
