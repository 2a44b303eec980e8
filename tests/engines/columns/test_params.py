"""Parameters of the search: those that can't be are refused, and others change what it does."""

from __future__ import annotations

import math
from contextlib import closing

import numpy as np
import pytest

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.params import (
    EnumerationParams,
    FirstDualsParams,
    LnsParams,
    Params,
    PricingParams,
)
from cadreplan.engines.columns.params.parameter import Group, ParameterError, described
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.solving.params import GROUPS
from cadreplan.verification.rules import check
from tests.engines.recorder import Recorder

PARAMETERS = [(group, one.name) for group in GROUPS.values() for one, _ in described(group)]


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(60, 20, 3).instance


@pytest.mark.parametrize(("group", "name"), PARAMETERS, ids=lambda x: x if isinstance(x, str) else x.__name__)
def test_each_has_a_meaning_a_source_and_a_range_that_is_kept(group: type[Group], name: str) -> None:
    [(one, about)] = [(one, about) for one, about in described(group) if one.name == name]
    assert about.meaning
    assert about.source
    beyond = [about.most + 1] if math.isfinite(about.most) else []
    number = type(one.default)
    for wrong in (*map(number, (about.least - 1, *beyond)), math.nan, math.inf, "3", None, True):
        with pytest.raises(ParameterError) as caught:
            group(**{name: wrong})
        assert caught.value.key == name


def _workspace(instance: Instance, threads: ThreadPool, params: Params | None) -> Workspace:
    options = EngineOptions(work_limit=1.0, params=params)
    return Workspace(instance, Budget(options, Recorder()), threads, np.random.default_rng(1))


def test_searches_end_after_as_many_nodes_as_are_asked_for() -> None:
    instance = draw(30, 60, 0, season=Season(12, 3, 20)).instance
    few = PricingParams(heuristic_nodes=1, longer_nodes=1, exact_nodes=1, again_nodes=0, longest_nodes=1)
    with closing(ThreadPool(1)) as threads:
        passes = []
        for params in (Params(pricing=few), None):
            work = _workspace(instance, threads, params)
            passes.append(work.pricer.price(np.zeros(work.rows.n)))
    assert passes[0].nodes <= 2 * len(instance.leaders) < passes[1].nodes
    assert passes[0].points > passes[1].points


def test_first_prices_take_as_many_steps_as_are_asked_for(instance: Instance) -> None:
    with closing(ThreadPool(1)) as threads:
        work = _workspace(instance, threads, Params(duals=FirstDualsParams(passes=3)))
        seen: list[PricingPass] = []

        def take(result: PricingPass) -> bool:
            seen.append(result)
            return True

        Subgradient(work.pricer, work.master.unit).run(take)
    assert len(seen) == 3


def test_neighbourhoods_have_as_many_leaders_as_are_asked_for() -> None:
    instance, recorder = draw(120, 40, 3).instance, Recorder()
    # with all columns as one programme nothing would be left for neighbourhoods
    params = Params(lns=LnsParams(leaders=7, patience=10_000), enumeration=EnumerationParams(most=1))
    solve(instance, EngineOptions(work_limit=0.2, gap=0.0, params=params), recorder)
    again = [phase for phase in recorder.phases if phase.startswith("re-solving block")]
    assert again
    assert all(int(phase.split()[-2]) <= 2 * 7 for phase in again)
    assert all(check(instance, solution).ok for solution in recorder.solutions)
