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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_bounds_are_never_below_the_optimum_and_plans_pass_the_check(instance: Instance) -> None:
    proven = optimum(instance)
    recorder = Recorder()
    try:
        solve(instance, EngineOptions(work_limit=0.5), recorder)
    except ContradictionError:
        assert proven is None
        return
    for solution in recorder.solutions:
        report = check(instance, solution)
        assert report.ok, report.violations
        assert recorder.bounds[-1] >= report.terms.total
    if proven is not None:
        assert min(recorder.bounds) >= proven[0]
