"""Links between leaders and candidates: plans stay what they are, bounds come down."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.candidates import only
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.dual_warm_start import sampled
from cadreplan.engines.columns.master.pool import add_columns, new_pool
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.params import Params, PartialParams
from cadreplan.engines.columns.partial.restricted_budget import share_budget
from cadreplan.engines.columns.partial.restricted_instance import RestrictedInstance
from cadreplan.engines.columns.partial.variable_bounds import with_variable_bounds
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.exact.engine import solve as solve_exactly
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance, Policy, Session, Weights
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.draws import examples
from tests.engines.columns.pricers import pricer_with
from tests.engines.recorder import Recorder
from tests.engines.small import one_skill
from tests.strategies import instances

_POLICY = Policy(weights=Weights(gap=10_000, km=0, day=0, open=1))
_CLASS = Session("A", 0, (0,), (0,), seats=20, candidate=True, cost=30_000)

PARTS = Params(partial=PartialParams(many=1, repeats=0, first=20))
"""A first part of twenty candidates, however few there are."""


class _Kept:
    best: Solution | None = None


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(60, 20, 3, season=Season(4, 2, 6)).instance


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_the_best_plan_keeps_variable_bounds_and_is_worth_the_same(instance: Instance) -> None:
    recorder = Recorder()
    with suppress(ContradictionError):
        solve_exactly(instance, EngineOptions(), recorder)
    for plan in recorder.solutions[-1:]:
        bounded = check(with_variable_bounds(instance), plan)
        assert bounded.ok
        assert bounded.terms == check(instance, plan).terms


def test_a_leader_has_a_variable_bound_for_every_candidate_they_can_attend(instance: Instance) -> None:
    pricer = _pricer(with_variable_bounds(instance))
    rows = pricer.rows
    first = len(instance.branches)
    variable_bounds = rows.quota_branch >= first
    assert variable_bounds.any()
    assert (pricer.variable_bounds[rows.quota0 : rows.bed0][variable_bounds]).all()
    of = set(
        zip(rows.quota_branch[variable_bounds] - first, rows.quota_session[variable_bounds], strict=True)
    )
    candidates = {s for s, session in enumerate(instance.sessions) if session.candidate}
    assert {s for _, s in of} <= candidates
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=0.5, gap=0.05, params=PARTS), recorder)
    attended = {
        (i, s) for i, chosen in enumerate(recorder.solutions[-1].chosen) for s in chosen if s in candidates
    }
    assert attended
    assert attended <= of


def test_a_candidate_that_does_not_run_has_no_quota_either(instance: Instance) -> None:
    pricer = _pricer(with_variable_bounds(instance))
    rows = pricer.rows
    shut = np.zeros(len(rows.mode_points))
    first_ways = rows.block_ptr[:-1]
    shut[first_ways[rows.closed[first_ways]]] = 1
    assert (rows.rhs - rows.use_of(shut))[pricer.variable_bounds].max() == 0
    runs = np.zeros(len(rows.mode_points))
    runs[rows.block_ptr[1:] - 1] = 1
    left = (rows.rhs - rows.use_of(runs))[rows.quota0 : rows.bed0]
    first = len(instance.branches)
    variable_bounds = rows.quota_branch >= first
    heads = [instance.leaders[int(b) - first].headcount for b in rows.quota_branch[variable_bounds]]
    assert left[variable_bounds].tolist() == heads


def test_a_quota_that_a_roster_states_is_no_variable_bound() -> None:
    """Neither a candidate's, which holds where it runs, nor one of nobody in a session that is held."""
    stated = one_skill(replace(_CLASS, quotas=((0, 3),)), replace(_CLASS, candidate=False, quotas=((0, 0),)))
    pricer = _pricer(with_variable_bounds(stated))
    rows = pricer.rows
    of_branch = rows.quota0 + np.flatnonzero(rows.quota_branch == 0)
    assert len(of_branch) == 2
    assert not pricer.variable_bounds[of_branch].any()
    assert pricer.variable_bounds.sum() == len(stated.leaders)
    master = RestrictedMaster(pricer, new_pool(pricer.n, 1))
    assert (master.tolerance[of_branch] < 0.01).all()
    assert (master.tolerance[pricer.variable_bounds] > 0.1).all()


@pytest.mark.parametrize("leaders", [4, 12])
def test_a_sample_with_variable_bounds_is_worth_what_everybody_is(leaders: int) -> None:
    """Every other leader stands for two: 4 fill a fifth of the class, 12 more than half."""
    instance = with_variable_bounds(one_skill(_CLASS, leaders=leaders, policy=_POLICY))
    pricer = _pricer(instance)
    pool = new_pool(pricer.n, 1)
    empty = np.full((pricer.n, 1, 1), -1, np.int32)
    everybody = np.arange(pricer.n, dtype=np.int32)
    add_columns(pool, everybody, empty, pricer.compiled, pricer.stays, pricer.threads)
    master = sampled(RestrictedMaster(pricer, pool), everybody[::2].copy())
    budget = Budget(EngineOptions(), Recorder())
    converged = generate_columns(
        master, np.zeros(pricer.rows.n), budget, rounds=30, accuracy=1e-4, warm=0.1, exact_only=True
    )
    worth = leaders * 10_000 - 30_000
    assert converged.value == pytest.approx(worth, abs=100)
    assert converged.fractional.point.primal == pytest.approx(worth, abs=100)


def test_variable_bounds_bring_the_bound_down_to_the_optimum() -> None:
    """Four gaps of 10,000 points, and a class of twenty for 30,000: a fifth of it would be worth 34,000."""
    instance = one_skill(_CLASS, policy=_POLICY)
    assert _bound(instance, variable_bounds=False) == pytest.approx(34_000, abs=100)
    assert _bound(instance, variable_bounds=True) == pytest.approx(10_000, abs=100)


def test_a_run_more_is_not_to_be_had_for_less_than_a_full_class() -> None:
    """Forty gaps of 10,000 points, classes of twenty, one run: a second would be worth 200,000."""
    classes = (Session(id_, 0, (0,), (0,), seats=20, candidate=True, offering=0) for id_ in "AB")
    instance = one_skill(*classes, leaders=40, policy=_POLICY)
    assert _bound(instance, variable_bounds=True) == pytest.approx(200_000, abs=1_000)


def _pricer(instance: Instance) -> Pricer:
    compiled, threads = compile_arrays(instance), ThreadPool(1)
    return pricer_with(compiled, enumerate_stays(compiled, threads), build_rows(instance), threads)


def _bound(instance: Instance, *, variable_bounds: bool) -> int:
    whole = Budget(EngineOptions(), Recorder())
    reduced = only(with_variable_bounds(instance), iter(range(len(instance.sessions))))
    with closing(ThreadPool(1)) as threads:
        part = RestrictedInstance(
            reduced, share_budget(whole, reduced, _Kept()), threads, np.random.default_rng(1)
        )
        part.outline(None, variable_bounds=variable_bounds)
    return part.bound
