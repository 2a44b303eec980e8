"""Small random instances with every rule drawn: bounds hold, plans pass the check, optima are met."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from cadreplan.check import check
from cadreplan.engines.columns.engine import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from tests.brute_force import optimum
from tests.engines.recorder import Recorder
from tests.strategies import instances


def hold(instance: Instance, *, workers: int = 1) -> None:
    """Solve, and hold everything told on the way against the proven optimum."""
    proven = optimum(instance)
    recorder = Recorder()
    try:
        solve(instance, EngineOptions(work_limit=0.2, workers=workers), recorder)
    except ContradictionError:
        assert proven is None
        return
    worth = []
    for solution in recorder.solutions:
        report = check(instance, solution)
        assert report.ok, report.violations
        worth.append(report.terms.total)
    assert worth == sorted(set(worth)), "each solution is better than the one before"
    if proven is None:
        assert not worth
    else:
        assert min(recorder.bounds) >= proven[0]
        assert worth, "a plan exists and was not found"


@settings(max_examples=180, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_bounds_are_never_below_the_optimum_and_plans_pass_the_check(instance: Instance) -> None:
    hold(instance)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=7, max_sessions=7))
def test_two_workers_prove_no_false_bound(instance: Instance) -> None:
    hold(instance, workers=2)
