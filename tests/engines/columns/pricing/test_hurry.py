"""A pass that time runs out on: the searches left are short, and what they say still bounds every plan."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.params import Params, PricingParams
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass, pricer_of
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance

_SHORT = 5
_PARAMS = Params(pricing=PricingParams(heuristic_nodes=_SHORT))


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(120, 40, 3).instance


def _priced(pricer: Pricer) -> PricingPass:
    return pricer.price(np.zeros(pricer.rows.n))


@pytest.mark.parametrize("workers", [1, 2])
def test_once_time_is_up_the_searches_left_of_a_pass_are_short(instance: Instance, workers: int) -> None:
    threads = ThreadPool(workers)
    whole = _priced(pricer_of(instance, threads, _PARAMS))
    late = _priced(pricer_of(instance, threads, _PARAMS, stop=lambda: True))
    asked = count()
    between = _priced(pricer_of(instance, threads, _PARAMS, stop=lambda: next(asked) >= 4 * workers))
    n = len(instance.leaders)
    assert late.nodes <= (_SHORT + 1) * n
    assert late.nodes < between.nodes < whole.nodes
    assert whole.bound < between.bound < late.bound
    assert (late.upper >= whole.upper).all()
    assert (late.value <= whole.value).all()
    assert between.cut > 0 == whole.cut


def test_nothing_is_searched_again_once_time_is_up(instance: Instance) -> None:
    params = Params(pricing=PricingParams(heuristic_nodes=_SHORT, longer_nodes=_SHORT, exact_nodes=_SHORT))
    threads = ThreadPool(1)
    again = _priced(pricer_of(instance, threads, params, stop=lambda: False))
    late = _priced(pricer_of(instance, threads, params, stop=lambda: True))
    assert again.cut < late.cut
    assert late.nodes <= (_SHORT + 1) * len(instance.leaders)
