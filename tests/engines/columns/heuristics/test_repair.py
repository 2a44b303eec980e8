"""From drafts to plans: who is pinned keeps their place when another session of theirs closes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.heuristics.warm_start import draft_of
from cadreplan.engines.columns.params import ClusterParams, Params
from cadreplan.engines.columns.pricing.shards import threads_for
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build
from tests.engines.columns.nearby import Nearby
from tests.engines.recorder import Recorder


@pytest.mark.parametrize("threads", [ThreadPool(1), threads_for(1, Nearby)], ids=["here", "in lots"])
def test_a_seat_someone_is_pinned_to_is_not_taken_when_a_candidate_closes(threads: ThreadPool) -> None:
    """S has too few and closes; all who were there would like the only seat of T, which B is pinned to."""
    build = Build(weights=replace(FREE, gap=10))
    build.session("S", 0, candidate=True, min_seats=5).session("T", 4, seats=1)
    build.leader("A", priority=9).leader("B", pinned="T").leader("C", priority=9)
    instance, recorder = build.instance, Recorder()
    params = Params(
        cluster=ClusterParams(priced_here=1, many_leaders=1, large_shard=1, placed_here=1, side_by_side=3)
    )
    space = Workspace(
        instance, Budget(EngineOptions(params=params), recorder), threads, np.random.default_rng(0)
    )
    draft = draft_of(space.repair, Solution(((0,), (0, 1), (0,)), frozenset({0})))
    assert draft is not None
    assert space.repair.finish(draft, {}, fresh=True)
    assert recorder.solutions[-1] == Solution(((), (1,), ()))
    assert check(instance, recorder.solutions[-1]).ok
