"""A solve on a cluster of two processes: the same as in one, and clear words where it can't be."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

from benchmarks.draw import draw
from cadreplan.engines.columns.params import ClusterParams, Params, PricingParams
from cadreplan.engines.columns.pricing import pricer
from cadreplan.engines.columns.pricing import remote as placed
from cadreplan.engines.columns.pricing.shards import threads_for
from cadreplan.engines.columns.solve import solve as in_one_process
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ClusterLostError, UsageError
from cadreplan.instance import Instance
from cadreplan.solving import cluster, scheduler_named
from cadreplan.solving.cluster import connecting, fleet
from cadreplan.verification.rules import check
from tests.engines.recorder import Recorder
from tests.engines.rich import enriched

pytestmark = pytest.mark.filterwarnings("default")  # Dask's own
_WORK = 0.5
_SMALL_SHARDS = Params(cluster=ClusterParams(priced_here=20, shard=25))
_MANY = Params(
    cluster=ClusterParams(priced_here=20, many_leaders=1, large_shard=25, placed_here=25, side_by_side=3)
)
_CUT_SHORT = 1
"""Nodes at which the searches of some leaders have not come to their end."""


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(120, 40, 3).instance


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as started:
        yield started


@dataclass
class Meddler(Recorder):
    """Does something at the n-th phase."""

    at: int = 0
    meddle: Callable[[], object] = print

    def phase(self, text: str) -> None:
        super().phase(text)
        if len(self.phases) == self.at:
            self.meddle()


def options_for(workers: LocalCluster) -> EngineOptions:
    return EngineOptions(
        work_limit=_WORK, scheduler=scheduler_named(workers.scheduler_address), params=_SMALL_SHARDS
    )


@pytest.mark.parametrize("rich", [False, True], ids=["drawn", "with ties, tags, norms and locals"])
def test_bounds_and_plans_are_those_of_one_process(
    instance: Instance, workers: LocalCluster, *, rich: bool
) -> None:
    problem = enriched(instance) if rich else instance
    here, there = Recorder(), Recorder()
    in_one_process(problem, EngineOptions(work_limit=_WORK), here)
    cluster.solve(problem, options_for(workers), there)
    assert there.bounds == here.bounds
    assert there.solutions == here.solutions
    assert check(problem, there.solutions[-1]).ok


def test_who_is_searched_again_for_longer_is_so_on_the_cluster(
    instance: Instance, workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = Params(
        pricing=PricingParams(heuristic_nodes=_CUT_SHORT, longer_nodes=_CUT_SHORT, exact_nodes=_CUT_SHORT),
        cluster=ClusterParams(priced_here=1, shard=25),
    )
    alone = pricer.pricer_of(instance, ThreadPool(1), params)
    nothing = np.zeros(alone.rows.n)
    here = alone.price(nothing, node_limit=_CUT_SHORT, wanted=2)
    listener = Recorder()
    with connecting.connected(scheduler_named(workers.scheduler_address), listener.phase) as client:
        asked = fleet.Fleet(client, EngineOptions(), listener, time.monotonic())
        ask, works = fleet.Remote.ask, []
        monkeypatch.setattr(
            fleet.Remote, "ask", lambda of, work, *rest: works.append(work) or ask(of, work, *rest)
        )
        far = pricer.pricer_of(instance, threads_for(1, asked.placed), params)
        there = far.price(nothing, node_limit=_CUT_SHORT, wanted=2)
    assert works.count(placed.price) == 2
    assert (there.bound, there.nodes) == (here.bound, here.nodes)
    for name in ("upper", "value", "count"):
        assert np.array_equal(getattr(there, name), getattr(here, name))
    some = here.found >= 0
    assert np.array_equal(there.found[~some], here.found[~some])
    assert np.array_equal(far.shards.names[there.found[some]], alone.shards.names[here.found[some]])
    assert len(far.stays.mask) < len(alone.stays.mask)


def killing(workers: LocalCluster) -> Meddler:
    """A listener at whose sixth phase a worker is killed."""
    return Meddler(at=6, meddle=lambda: os.kill(next(iter(workers.workers.values())).pid, signal.SIGKILL))


def test_a_worker_that_dies_changes_nothing(instance: Instance, workers: LocalCluster) -> None:
    here, there = Recorder(), killing(workers)
    in_one_process(instance, EngineOptions(work_limit=_WORK), here)
    cluster.solve(instance, options_for(workers), there)
    assert len(there.phases) > 6
    assert (there.bounds, there.solutions) == (here.bounds, here.solutions)


@pytest.mark.parametrize("rich", [False, True], ids=["drawn", "with ties, tags, norms and locals"])
def test_many_are_placed_by_workers_and_one_that_dies_changes_nothing(
    instance: Instance, workers: LocalCluster, *, rich: bool
) -> None:
    options = replace(options_for(workers), params=_MANY)
    problem = enriched(instance) if rich else instance
    here, there, again = Recorder(), Recorder(), killing(workers)
    in_one_process(problem, EngineOptions(work_limit=_WORK), here)
    cluster.solve(problem, options, there)
    cluster.solve(problem, options, again)
    assert len(again.phases) > 6
    assert there.bounds[0] == here.bounds[0]
    assert (again.bounds, again.solutions) == (there.bounds, there.solutions)
    worth = [check(problem, plan).value for plan in there.solutions]
    assert worth == sorted(worth)
    assert worth[-1] <= min(there.bounds)
    assert check(problem, there.solutions[-1]).ok


def test_nothing_is_left_on_the_cluster(instance: Instance, workers: LocalCluster) -> None:
    recorder = Recorder(after=1)
    cluster.solve(instance, options_for(workers), recorder)
    assert recorder.solutions
    with Client(workers.scheduler_address, set_as_default=False) as client:
        left = client.run_on_scheduler(lambda dask_scheduler: sorted(dask_scheduler.tasks))
        assert left == []


def test_a_lost_scheduler_leaves_the_plans_found_before(instance: Instance) -> None:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as doomed:
        recorder = Meddler(at=8, meddle=doomed.close)
        with pytest.raises(ClusterLostError, match="scheduler"):
            cluster.solve(instance, options_for(doomed), recorder)
    assert check(instance, recorder.solutions[-1]).ok


def test_workers_of_other_versions_are_named(
    instance: Instance, workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(placed.versions(), source="another one")
    monkeypatch.setattr(connecting, "versions", lambda: other)
    with pytest.raises(UsageError, match=r"worker tcp://.* has cadreplan .* install the same"):
        cluster.solve(instance, options_for(workers), Recorder())


def test_a_scheduler_that_is_not_there_is_told_at_once(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_CONNECT", 0.5)
    options = EngineOptions(scheduler=scheduler_named("tcp://127.0.0.1:9"))
    with pytest.raises(UsageError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.solve(instance, options, Recorder())


def test_within_a_short_time_limit_it_is_told_too(instance: Instance) -> None:
    options = EngineOptions(time_limit=4, scheduler=scheduler_named("tcp://127.0.0.1:9"))
    with pytest.raises(UsageError, match=r"no scheduler answers .* after 2 s"):
        cluster.solve(instance, options, Recorder())


def test_a_configuration_without_a_scheduler_is_told(instance: Instance) -> None:
    with pytest.raises(UsageError, match="DASK_SCHEDULER_ADDRESS"):
        cluster.solve(instance, EngineOptions(scheduler=scheduler_named("config")), Recorder())


@pytest.mark.parametrize("given", ["", 8786, "inproc://10.0.0.1/1/1"])
def test_what_names_no_reachable_scheduler_is_refused(given: object) -> None:
    with pytest.raises(UsageError):
        scheduler_named(given)


def test_exact_is_for_one_machine() -> None:
    with pytest.raises(UsageError, match="one machine"):
        scheduler_named("tcp://head:8786", "exact")


def test_a_scheduler_file_is_found_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scheduler.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert scheduler_named("scheduler.json").address == str(tmp_path / "scheduler.json")
