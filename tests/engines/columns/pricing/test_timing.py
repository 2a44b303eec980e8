"""The order of stays: what may follow which, and which of them the search treats alike."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.draw import draw
from benchmarks.families.registry import FAMILIES
from cadreplan.engines.candidates import leave_out
from cadreplan.engines.columns.compiled.arrays import Compiled, compile_arrays
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.stays import ALIKE, DIFFERENT, Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from tests.engines.columns.kernels import clash
from tests.engines.rich import enriched

_KINDS = ["open", "national-full", "province", "rich"]


def _instance(kind: str) -> Instance:
    if kind == "rich":
        return lowered(enriched(draw(60, 150, 3).instance)).instance
    return leave_out(lowered(FAMILIES[kind].draw(20, 100, 5).instance).instance).instance


@pytest.fixture(scope="module", params=_KINDS)
def listed(request: pytest.FixtureRequest) -> tuple[Compiled, Stays]:
    compiled = compile_arrays(_instance(request.param))
    return compiled, enumerate_stays(compiled, ThreadPool(1))


def test_what_is_said_not_to_follow_a_stay_clashes_with_it(listed: tuple[Compiled, Stays]) -> None:
    c, stays = listed
    timing, rng = stays.timing, np.random.default_rng(1)
    first, last = stays.trip_first[stays.trip_ptr[:-1]], stays.trip_last[stays.trip_ptr[:-1]]
    kept_out = 0
    for i in range(len(stays.ptr) - 1):
        own = np.arange(stays.ptr[i], stays.ptr[i + 1])
        for j in rng.permutation(own)[:150]:
            later = own[first[own] > last[j]]
            too_soon = timing.begin[later] < timing.after[j]
            closed = timing.begin[later] < timing.after[j] + timing.closed[j]
            too_soon |= (timing.spot[later] == timing.spot[j]) & closed
            for k in later[too_soon]:
                assert clash(int(j), int(k), c, stays)
            kept_out += int(too_soon.sum())
    assert kept_out > 50


def test_stays_that_are_alike_are_the_same_to_the_search(listed: tuple[Compiled, Stays]) -> None:
    c, stays = listed
    timing = stays.timing
    kinds = {0: 0, 1: 0, 2: 0}
    for i in range(len(stays.ptr) - 1):
        i0, i1 = int(stays.ptr[i]), int(stays.ptr[i + 1])
        turn = i0 + timing.turn[i0:i1]
        assert sorted(turn.tolist()) == list(range(i0, i1))
        assert (np.diff(timing.begin[turn]) >= 0).all()
        for at in range(i0, i1):
            alike = int(timing.alike[at])
            kinds[alike] += 1
            if alike == DIFFERENT:
                continue
            a, b = int(turn[at - i0 - 1]), int(turn[at - i0])
            for name in ("begin", "after", "lacks", "gives"):
                of = getattr(timing, name)
                assert of[a] == of[b]
            assert stays.mask[a] == stays.mask[b]
            assert stays.trips[a] == stays.trips[b]
            sessions = [stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]] for j in (a, b)]
            assert c.mixing.kind[sessions[0]].tolist() == c.mixing.kind[sessions[1]].tolist()
            if alike == ALIKE:
                assert timing.spot[a] == timing.spot[b]
                assert timing.closed[a] == timing.closed[b]
    assert kinds[DIFFERENT] > 0 < sum(kinds.values()) - kinds[DIFFERENT]
