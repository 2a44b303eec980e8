"""Small random instances with every rule drawn: bounds hold, plans pass the check, optima are met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw as draw_national
from benchmarks.roster.state import Season
from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.solve import solve_all as solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance, Limit
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.engines.columns.pricers import pricer_with
from tests.engines.recorder import Recorder
from tests.strategies import instances, ladders


def hold(instance: Instance, *, workers: int = 1) -> list[Solution]:
    """Solve, and hold everything told on the way against the proven optimum; the solutions told."""
    proven = optimum(instance)
    recorder = Recorder()
    try:
        solve(instance, EngineOptions(work_limit=0.2, workers=workers), recorder)
    except ContradictionError:
        assert proven is None
        return []
    worth = []
    for solution in recorder.solutions:
        report = check(instance, solution)
        assert report.ok, report.violations
        worth.append(report.value)
    assert worth == sorted(set(worth)), "each solution is better than the one before"
    if proven is None:
        assert not worth
    else:
        assert min(recorder.bounds) >= proven[0]
        assert worth, "a plan exists and was not found"
    return recorder.solutions


@settings(max_examples=examples(180), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(instances(max_leaders=5, max_sessions=6), ladders(max_leaders=5, max_sessions=6)))
def test_bounds_are_never_below_the_optimum_and_plans_pass_the_check(instance: Instance) -> None:
    hold(instance)


@st.composite
def limited(draw: st.DrawFn) -> Instance:
    """An instance some of whose candidates may not all run together."""
    instance = draw(instances(max_leaders=4, max_sessions=6))
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    limits = []
    for _ in range(draw(st.integers(1, 2)) if candidates else 0):
        terms = draw(st.lists(st.sampled_from(candidates), min_size=1, unique=True))
        weights = tuple((s, draw(st.integers(1, 3))) for s in sorted(terms))
        limits.append(Limit(weights, draw(st.integers(0, 4))))
    return replace(instance, limits=tuple(limits))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(limited())
def test_limits_on_candidates_are_kept_and_the_bound_holds_among_them(instance: Instance) -> None:
    for solution in hold(instance):
        assert all(limit.keeps(solution.running) for limit in instance.limits)


def test_a_limit_is_in_the_bound_without_a_choice() -> None:
    instance = draw_national(60, 20, 3, season=Season(4, 2, 6)).instance
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    none_may_run = replace(instance, limits=(Limit(tuple((s, 1) for s in candidates), 0),))
    rows = build_rows(none_may_run)
    free, held = np.zeros(rows.n), np.zeros(rows.n)
    held[rows.limit0 :] = 1e7
    compiled, threads = compile_arrays(none_may_run), ThreadPool(1)
    pricer = pricer_with(compiled, enumerate_stays(compiled, threads), rows, threads)
    free[candidates] = held[candidates] = 1e5
    assert pricer.price(held).bound < pricer.price(free).bound


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=7, max_sessions=7, promises=True))
def test_two_workers_prove_no_false_bound(instance: Instance) -> None:
    hold(instance, workers=2)
