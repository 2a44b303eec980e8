"""`exact` against the enumeration of all plans: the same optimum, contradictions only where there are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.engines.exact.engine import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.strategies import cohorts, instances, ladders


@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(instances(), ladders(), cohorts()))
def test_the_optimum_is_that_of_the_enumeration(instance: Instance) -> None:
    proven = optimum(instance)
    recorder = Recorder()
    if proven is None:
        with pytest.raises(ContradictionError):
            solve(instance, EngineOptions(), recorder)
        return
    solve(instance, EngineOptions(), recorder)
    reports = [check(instance, solution) for solution in recorder.solutions]
    assert [report.violations for report in reports if not report.ok] == []
    assert reports[-1].value == proven[0]
    assert min(recorder.bounds) == proven[0]
