"""Dives that the limit overtakes: who is still open is placed one by one, in time kept for that."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.heuristics.diving import dive
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions
from tests.engines.recorder import Recorder


@pytest.fixture
def workspace() -> Workspace:
    """Of 150 leaders, with columns for each."""
    instance = draw(150, 30, 3).instance
    budget = Budget(EngineOptions(time_limit=1000.0), Recorder())
    made = Workspace(instance, budget, ThreadPool(1), np.random.default_rng(0))
    made.add_idle(made.everybody)
    made.take(made.pricer.price(np.zeros(made.rows.n)))
    return made


def _dived(workspace: Workspace) -> Draft:
    draft = workspace.repair.empty(np.zeros(0, np.int32))
    return dive(
        workspace.master,
        workspace.placer,
        draft,
        workspace.everybody,
        np.zeros(workspace.rows.n),
        workspace.budget,
        accuracy=1e-3,
        rounds=2,
    )


def test_what_is_kept_of_the_time_ends_a_search_and_not_the_placing() -> None:
    budget = Budget(EngineOptions(time_limit=1000.0), Recorder())
    with budget.keeping(100.0):
        assert not budget.stop()
        with budget.keeping(900.0):
            assert budget.stop()
            assert not budget.told_to_stop()
        assert not budget.stop()
    assert not budget.stop()


def test_without_a_time_limit_nothing_is_kept() -> None:
    budget = Budget(EngineOptions(work_limit=5.0), Recorder())
    with budget.keeping(1e9):
        assert not budget.stop()


def test_leaders_still_open_near_the_limit_are_placed_one_by_one(workspace: Workspace) -> None:
    whole = _dived(workspace)
    fixed = [text for text in workspace.budget.listener.phases if text.startswith("dive")]
    assert fixed
    workspace.placer.seconds = 100.0  # as if it took that long: there is no time for any step
    late = _dived(workspace)
    assert [text for text in workspace.budget.listener.phases if text.startswith("dive")] == fixed
    assert (late.column[:, 0] >= 0).sum() > 0.8 * (whole.column[:, 0] >= 0).sum()
    assert (late.left[: workspace.rows.n_sessions] >= 0).all()
