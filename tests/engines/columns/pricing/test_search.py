"""The search for one leader against trying every set of their stays, at random prices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.columns.compiled.arrays import Compiled, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, scratch
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import no_multipliers
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.pricing.table_shape import HUGE, LARGE, MIDDLING, SMALL
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from tests.check.base import FREE, Build
from tests.draws import examples
from tests.engines.columns.kernels import (
    clash,
    column_points,
    column_worth,
    fix_at,
    idle_in,
    missing,
    search_in_two,
    search_within,
    standards,
    stay_costs,
)
from tests.engines.columns.pricers import pricer_with
from tests.strategies import instances, ladders

_MOST = 60
"""Stays of a leader beyond which not every set is tried."""
_WIDTH = 16


def _sets(i: int, c: Compiled, stays: Stays) -> list[np.ndarray]:
    """Every allowed set."""
    everything = range(int(stays.ptr[i]), int(stays.ptr[i + 1]))
    forced = (1 << int(stays.n_pins[i])) - 1
    found = []

    def look(chosen: list[int], first: int, mask: int, size: int, trips: int, days: int) -> None:
        column = np.full(_WIDTH, -1, np.int32)
        column[: len(chosen)] = chosen
        complete_by_mip = not forced & ~mask and not missing(i, column, len(chosen), c, stays)
        idle = idle_in(i, column, len(chosen), c, stays, np.empty(64, np.int32))
        if complete_by_mip and not idle and standards(i, column, len(chosen), c, stays):
            found.append(column)
        for j in everything[first:]:
            n = size + int(stays.sess_ptr[j + 1] - stays.sess_ptr[j])
            t = trips + int(stays.trip_ptr[j + 1] - stays.trip_ptr[j])
            d = days + int(stays.days[j])
            fits = (
                n <= c.leaders.max_sessions[i] and t <= c.leaders.max_trips[i] and d <= c.leaders.max_days[i]
            )
            if fits and not any(clash(j, k, c, stays) for k in chosen):
                look([*chosen, j], j - everything[0] + 1, mask | int(stays.mask[j]), n, t, d)

    look([], 0, 0, 0, 0, 0)
    return found


def _worth(i: int, columns: list[np.ndarray], pricer: Pricer, prices: np.ndarray) -> np.ndarray:
    """The scaled worth of each column at prices."""
    c, stays = pricer.compiled, pricer.stays
    spread = pricer.rows.spread(prices)
    own = [column_points(i, column, c, stays) for column in columns]
    worths = zip(columns, own, strict=True)
    return np.array(
        [column_worth(i, col, points, c, stays, *spread, SCALE) for col, points in worths], np.int64
    )


def best_of(i: int, c: Compiled, stays: Stays, pricer: Pricer, prices: np.ndarray) -> int:
    """The largest scaled worth of any allowed set, NEVER where there is none."""
    return int(_worth(i, _sets(i, c, stays), pricer, prices).max(initial=NEVER))


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(instances(max_leaders=4, max_sessions=8), ladders(max_leaders=4, max_sessions=8)),
    st.integers(0, 1 << 30),
    st.sampled_from((0, 300, 8000)),
)
def test_the_search_finds_the_best_set_and_stays_above_it_when_cut_short(
    instance: Instance, seed: int, dear: int
) -> None:
    compared = _compare(instance, np.random.default_rng(seed), dear)
    assume(compared)  # a run in which nothing is compared is none


def _compare(instance: Instance, rng: np.random.Generator, dear: float) -> int:
    """Hold the search for every leader against all their sets; how many leaders were compared."""
    c = compile_arrays(instance)
    threads = ThreadPool(1)
    stays = enumerate_stays(c, threads)
    pricer = pricer_with(c, stays, build_rows(instance), threads)
    prices = rng.random(pricer.rows.n) * dear * (rng.random(pricer.rows.n) < 0.5)
    whole = [pricer.price(prices, wanted=wanted) for wanted in (1, 2)]
    short = [pricer.price(prices, node_limit=limit) for limit in (1, 3, 10)]
    other = scaled(rng.random(pricer.rows.n) * dear * (rng.random(pricer.rows.n) < 0.5))
    least = whole[0].upper - int(rng.integers(1, 5)) * max(500, int(dear)) * SCALE
    ended, value, found = pricer.enumerate_columns(whole[0].prices, least, 200)
    spread, multipliers = pricer.rows.spread(whole[0].prices), no_multipliers(pricer.n)
    works = [scratch(c, stays, wanted) for wanted in (1, 3)]
    compared = 0
    for i in range(pricer.n):
        if stays.ptr[i + 1] - stays.ptr[i] > _MOST or stays.cut[i]:
            continue
        compared += 1
        sets = _sets(i, c, stays)
        here = _worth(i, sets, pricer, whole[0].prices)
        best = int(here.max(initial=NEVER))
        if ended[i] and value[i, -1] == NEVER and len(sets):
            listed = [column for column, worth in zip(found[i], value[i], strict=True) if worth > NEVER]
            assert (_worth(i, listed, pricer, whole[0].prices) > least[i]).all()
            most = _worth(i, sets, pricer, other)[here > least[i]].max(initial=NEVER)
            assert _worth(i, listed, pricer, other).max(initial=NEVER) == most
        for exact in whole:
            assert exact.upper[i] == exact.value[i, 0] == best
        for limited in short:
            assert limited.upper[i] >= best >= limited.value[i, 0]
        for work in works:
            for first in (1, 2, 5):
                stay_costs(i, c, stays, *spread, SCALE, multipliers, work.cost)
                upper, _, cut = search_in_two(i, c, stays, SCALE, first, work)
                assert not cut
                assert upper == work.found_value[0] == best
        for threshold in rng.choice(here, min(3, len(here)), replace=False):
            stay_costs(i, c, stays, *spread, SCALE, multipliers, works[0].cost)
            fix_at(i, c, stays, SCALE, int(threshold), works[0])
            blocked = works[0].cost[: stays.ptr[i + 1] - stays.ptr[i]] >= -NEVER
            for column, worth in zip(sets, here, strict=True):
                assert worth <= threshold or not blocked[column[column >= 0] - stays.ptr[i]].any()
    return compared


def _first_sessions(build: Build, most: int) -> Instance:
    """The instance with as many of its sessions."""
    return replace(build.instance, sessions=build.instance.sessions[:most])


@pytest.mark.parametrize("seed", range(60))
def test_a_crowded_calendar_is_searched_exactly(seed: int) -> None:
    """Many short sessions one after the other, prerequisites among them, some with a second part later."""
    rng = np.random.default_rng(seed)
    share = Fraction(1, 3) if rng.random() < 0.3 else None
    build = Build(core_share=share, min_methods=int(rng.integers(3)), transfer_days=int(rng.integers(2)))
    build.weights = replace(FREE, gap=1000, day=10)
    build.site("Q")
    for k in range(8):
        taught = " ".join(f"g{g}:1" for g in rng.choice(6, int(rng.integers(1, 3)), replace=False))
        needed = f"m{rng.integers(k)}" if k and rng.random() < 0.5 else ""
        method = str(rng.choice(("lecture", "seminar")))
        build.module(f"m{k}", teaches=taught, method=method, core=bool(rng.random() < 0.5), requires=needed)
    for k in range(11):
        day = int(rng.integers(10))
        days = (day, day + int(rng.integers(2, 9))) if rng.random() < 0.2 else (day,)
        build.session(f"S{k}", days, at=str(rng.choice(("P", "Q"))), modules=f"m{rng.integers(8)}")
    # half want only some of what is taught, so that the rest may be stepping stones, well liked or not
    some = " ".join(f"g{g}:1:1" for g in rng.choice(6, 3, replace=False))
    wanted = None if rng.random() < 0.5 else some
    likes = {f"S{k}": int(rng.integers(-300, 700)) for k in range(11) if rng.random() < 0.3}
    limits = {"max_sessions": int(rng.integers(2, 6)), "max_trips": int(rng.integers(2, 6))}
    build.leader("L", gaps=wanted, prefers=likes, **limits)
    dear = float(rng.choice((0, 300, 900)))
    instance, most = build.instance, len(build.sessions)
    while not _compare(instance, rng, dear):  # too many sets to try them all: fewer sessions
        most -= 1
        assert most >= 6, "nothing was compared"
        instance = _first_sessions(build, most)


@pytest.mark.parametrize("seed", [0, 2])
def test_tables_of_every_size_lead_to_the_same_best_set(seed: int) -> None:
    instance = draw(12, 60, seed, season=Season(12, 3, 20)).instance
    rng = np.random.default_rng(seed)
    c = compile_arrays(instance)
    stays, rows = enumerate_stays(c, ThreadPool(1)), build_rows(instance)
    spread = rows.spread(scaled(rng.random(rows.n) * 500 * (rng.random(rows.n) < 0.5)))
    work = scratch(c, stays, 1)
    multipliers = no_multipliers(len(instance.leaders))
    most = 0
    for i in range(len(instance.leaders)):
        found = []
        for size in (1 << 12, SMALL, MIDDLING, LARGE, HUGE):
            stay_costs(i, c, stays, *spread, SCALE, multipliers, work.cost)
            upper, nodes, cut = search_within(i, c, stays, SCALE, size, 10_000_000, work)
            assert not cut
            assert work.found_value[0] == upper
            found.append(upper)
            most = max(most, nodes)
        assert len(set(found)) == 1
    assert most > 500


def test_stays_are_blocked_once_the_best_set_is_known() -> None:
    instance = draw(12, 60, 3, season=Season(12, 3, 20)).instance
    rng = np.random.default_rng(1)
    c = compile_arrays(instance)
    stays, rows = enumerate_stays(c, ThreadPool(1)), build_rows(instance)
    prices = rng.random(rows.n) * 500 * (rng.random(rows.n) < 0.5)
    result = pricer_with(c, stays, rows, ThreadPool(1)).price(prices)
    work, multipliers = scratch(c, stays, 1), no_multipliers(len(instance.leaders))
    blocked = 0
    for i in range(len(instance.leaders)):
        stay_costs(i, c, stays, *rows.spread(result.prices), SCALE, multipliers, work.cost)
        fix_at(i, c, stays, SCALE, int(result.value[i, 0]) - 1, work)
        best = result.found[i, 0][result.found[i, 0] >= 0] - stays.ptr[i]
        gone = work.cost[: stays.ptr[i + 1] - stays.ptr[i]] >= -NEVER
        assert not gone[best].any()
        blocked += int(gone.sum())
    assert blocked > len(stays.mask) / 5


def _found(instance: Instance) -> tuple[int, set[str]]:
    """What the search finds for the first leader where nothing has a price: points, and sessions by id."""
    c = compile_arrays(instance)
    stays = enumerate_stays(c, ThreadPool(1))
    rows = build_rows(instance)
    result = pricer_with(c, stays, rows, ThreadPool(1)).price(np.zeros(rows.n))
    column = result.found[0, 0]
    sessions = [s for j in column[column >= 0] for s in stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]]]
    assert result.upper[0] == result.value[0, 0]
    return int(result.upper[0]) // SCALE, {instance.sessions[s].id for s in sessions}


def test_a_session_that_closes_nothing_more_is_attended_for_the_standards() -> None:
    build = Build(core_share=Fraction(1, 2), weights=replace(FREE, gap=10, day=1))
    build.module("mA", teaches="g1:1 g2:1", core=False).module("mB", teaches="g1:1")
    instance = build.session("A", 0, modules="mA").session("B", 10, modules="mB").leader("L").instance
    assert _found(instance) == (18, {"A", "B"})


def test_a_module_is_given_between_two_trips_by_a_session_that_closes_nothing_more() -> None:
    build = Build(weights=replace(FREE, gap=10)).site("Q")
    build.module("m1", teaches="g1:1 g3:1").module("mX", teaches="g1:1").module(
        "m2", teaches="g2:1", requires="mX"
    )
    build.session("S1", 0, modules="m1").session("X", 1, at="Q", modules="mX").session("S2", 2, modules="m2")
    instance = build.leader("L").instance
    assert _found(instance) == (30, {"S1", "S2", "X"})
