"""One programme over all columns that a better plan could have, held against the proven optimum."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.families.registry import FAMILIES
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.benders_master import BendersMaster
from cadreplan.engines.columns.choices.modes import ChosenModes
from cadreplan.engines.columns.heuristics.enumerated_mip import EnumeratedMip
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan
from cadreplan.engines.columns.heuristics.warm_start import choice_of
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, NOTHING
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.exact.engine import solve as solve_exactly
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from tests.brute_force import optimum
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.strategies import instances, ladders


def _begun(instance: Instance, threads: ThreadPool) -> Workspace:
    """A search with its first columns and a first plan, if there is one."""
    budget = Budget(EngineOptions(work_limit=5), Recorder())
    work = Workspace(instance, budget, threads, np.random.default_rng(0))
    work.add_idle(np.flatnonzero(work.pricer.stays.n_pins == 0).astype(np.int32))
    work.take(work.pricer.price(np.zeros(work.rows.n), wanted=4))
    work.add_idle(np.flatnonzero(work.pool.size == 0).astype(np.int32))
    work.master.activate(np.ones(work.rows.n, np.bool_))
    first_plan(work.repair, work.mode_model)
    return work


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(instances(max_leaders=5, max_sessions=6), ladders(max_leaders=5, max_sessions=6)),
    st.booleans(),
)
def test_what_it_proves_is_no_less_than_the_optimum_which_it_finds(instance: Instance, free: bool) -> None:
    proven = optimum(instance)
    assume(proven is not None)
    assert proven is not None
    with closing(ThreadPool(1)) as threads:
        try:
            work = _begun(instance, threads)
        except ContradictionError:
            assume(False)
        best = choice_of(instance, work.rows, proven[1])
        assume(work.repair.draft is not None and best is not None)
        assert best is not None
        chosen = None if free else ChosenModes(best, dict(proven[1].rooms))
        whole = EnumeratedMip(work.master, work.repair, work.mode_model)
        most = whole.run(chosen, np.zeros(work.rows.n))
    assume(most is not None)
    assert most is not None
    assert most >= proven[0]
    assert work.repair.worth <= proven[0]
    if not free:
        assert most == work.repair.worth == proven[0]


def test_nothing_is_proven_where_somebody_is_not_searched_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = FAMILIES["month"].draw(30, 12, 1).instance
    with closing(ThreadPool(1)) as threads:
        work = _begun(instance, threads)
        whole, all_of = (
            EnumeratedMip(work.master, work.repair, work.mode_model),
            work.pricer.enumerate_columns,
        )

        def cut_short(*args: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            ended, value, found = all_of(*args)
            ended[0], value[0], found[0, :, 0] = False, NEVER, NOTHING
            return ended, value, found

        monkeypatch.setattr(work.pricer, "enumerate_columns", cut_short)
        assert whole.run(None, np.zeros(work.rows.n)) is None


@pytest.mark.parametrize("family", ["tour", "month", "factories"])
def test_small_rosters_of_families_are_proven(family: str) -> None:
    """With prices alone the gaps are 3 % (tour, of what can be lost), 0.6 and 0.2 %."""
    instance = FAMILIES[family].draw(60, 24, {"tour": 1, "month": 1, "factories": 5}[family]).instance
    found, exact = Recorder(), Recorder()
    solve(instance, EngineOptions(work_limit=60), found)
    solve_exactly(instance, EngineOptions(work_limit=60), exact)
    assert "as one programme" in " ".join(found.phases)
    assert found.bounds[-1] == exact.bounds[-1]


def test_a_limit_of_one_choice_is_none_of_another() -> None:
    instance = FAMILIES["national"].draw(30, 12, 1).instance
    with closing(ThreadPool(1)) as threads:
        work = _begun(instance, threads)
        result = work.pricer.price(np.zeros(work.rows.n))
    cuts = BendersMaster(work.mode_model, result.points)
    cuts.add(result)
    first = cuts.propose()
    assert first is not None
    assert first.bound is not None
    cuts.add_limit(first.chosen_modes.chosen, first.bound - 1_000_000)
    assert cuts.promise(first.chosen_modes.chosen) == first.bound - 1_000_000
    second = cuts.propose()
    assert second is not None
    assert not np.array_equal(second.chosen_modes.chosen, first.chosen_modes.chosen)
    assert second.promise == cuts.promise(second.chosen_modes.chosen) > first.bound - 1_000_000
