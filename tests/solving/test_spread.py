"""Independent questions on a cluster of two processes: the answers are those of this process."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import LocalCluster

import cadreplan
from benchmarks.draw import draw
from cadreplan.engines.columns.pricing import remote
from cadreplan.errors import ContradictionError, UsageError
from cadreplan.insight.drill import drill
from cadreplan.insight.spread import Wanted, one_by_one
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.solving import SolveOptions, solve, solve_around, solved_each, workers_of
from cadreplan.solving.cluster import connecting

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "spring-rotation" / "roster.yaml"
pytestmark = pytest.mark.filterwarnings("default")  # Dask's own


def started(n: int) -> LocalCluster:
    return LocalCluster(
        n_workers=n, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    )


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with started(2) as two:
        yield two


@pytest.fixture(scope="module")
def planned() -> tuple[Instance, Plan]:
    instance = draw(60, 20, 3).instance
    return instance, solve(instance, SolveOptions("exact", workers=1, work_limit=2))


def squared(shared: int, item: int, _: Wanted) -> int:
    return shared + item * item


def slowly(seconds: float, item: int, _: Wanted) -> int:
    time.sleep(seconds)
    return item


def refused(_: None, item: int, __: Wanted) -> int:
    if item == 1:
        raise ContradictionError(["a pin"])
    return item


def deadly(here: int, item: int, _: Wanted) -> int:
    if os.getpid() != here:
        os._exit(1)
    return item


def until_unwanted(mark: Path, _: int, wanted: Wanted) -> None:
    """Works as long as it is wanted, and says when it isn't any more."""
    mark.with_suffix(".begun").touch()
    until = time.monotonic() + 60
    while wanted() and time.monotonic() < until:
        time.sleep(0.05)
    if not wanted():
        mark.touch()


def test_work_that_workers_do_not_have_is_named(
    workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("only_here")
    exec("def work(shared, item, wanted): return item", module.__dict__)
    module.work.__module__ = "only_here"
    monkeypatch.setitem(sys.modules, "only_here", module)
    with (
        workers_of(workers.scheduler_address) as spread,
        pytest.raises(UsageError, match=r"No module named 'only_here'.*PYTHONPATH"),
    ):
        list(spread(module.work, None, [1]))


def test_without_a_scheduler_work_is_done_here_when_it_is_asked_for() -> None:
    with workers_of(None) as spread:
        answers = spread(squared, 100, [1, 2, 3])
        assert next(answers) == 101
        assert list(answers) == [104, 109]


def test_answers_come_in_order_and_errors_where_they_belong(workers: LocalCluster) -> None:
    with workers_of(workers.scheduler_address) as spread:
        assert list(spread(squared, 100, range(20))) == [100 + n * n for n in range(20)]
        answers = spread(refused, None, [0, 1, 2])
        assert next(answers) == 0
        with pytest.raises(ContradictionError, match=r"all of: a pin$"):
            next(answers)


def test_a_drill_is_the_same_on_a_cluster(workers: LocalCluster, planned: tuple[Instance, Plan]) -> None:
    instance, plan = planned
    here = drill(instance, plan, solve_around, verified=6)
    with workers_of(workers.scheduler_address) as spread:
        there = drill(instance, plan, solve_around, verified=6, spread=spread)
    assert there == here
    assert sum(one.cancelled is not None for one in here) >= 3


def test_bottlenecks_are_the_same_on_a_cluster(workers: LocalCluster, planned: tuple[Instance, Plan]) -> None:
    instance, plan = planned
    here = cadreplan.bottlenecks(plan, instance, verified=4, workers=1)
    there = cadreplan.bottlenecks(plan, instance, verified=4, workers=1, scheduler=workers.scheduler_address)
    assert there.data == here.data


def test_a_worker_that_dies_costs_time_alone(workers: LocalCluster) -> None:
    told: list[str] = []
    with workers_of(workers.scheduler_address, told.append) as spread:
        answers = spread(slowly, 0.3, range(8))
        assert next(answers) == 0
        os.kill(workers.workers[0].pid, signal.SIGKILL)
        assert list(answers) == list(range(1, 8))
    assert not [text for text in told if "here" in text]


def test_what_workers_die_of_is_done_here() -> None:
    told: list[str] = []
    with started(1) as one, workers_of(one.scheduler_address, told.append) as spread:
        assert list(spread(deadly, os.getpid(), [7])) == [7]
    assert [text for text in told if "workers die of it" in text]


def test_what_a_lost_cluster_leaves_is_done_here() -> None:
    told: list[str] = []
    with started(1) as doomed, workers_of(doomed.scheduler_address, told.append) as spread:
        answers = spread(slowly, 0.2, range(5))
        assert next(answers) == 0
        doomed.close()
        assert list(answers) == [1, 2, 3, 4]
    assert [text for text in told if "done here" in text] == [told[-1]]
    assert "the connection to the scheduler is lost" in told[-1]


def test_work_nobody_waits_for_any_more_ends(workers: LocalCluster, tmp_path: Path) -> None:
    mark = tmp_path / "ended"
    with workers_of(workers.scheduler_address) as spread:
        answers = spread(until_unwanted, mark, [1])
        thread = threading.Thread(target=_exhausted, args=(answers,), daemon=True)
        thread.start()
        assert _is_there(mark.with_suffix(".begun"))
    assert _is_there(mark)


def _exhausted(answers: Iterator[None]) -> None:
    with suppress(Exception):
        list(answers)


def _is_there(mark: Path) -> bool:
    """Whether a file is there within some seconds."""
    until = time.monotonic() + 20
    while not mark.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return mark.exists()


@pytest.mark.parametrize("address", ["nonsense", "carrier://pigeon:1", "tcp://host:port"])
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    with pytest.raises(UsageError, match=f"no scheduler answers at {address}: "), workers_of(address):
        pass


def test_workers_of_other_versions_are_refused(
    workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(remote.versions(), source="another one")
    monkeypatch.setattr(connecting, "versions", lambda: other)
    with (
        pytest.raises(UsageError, match="install the same on all machines"),
        workers_of(workers.scheduler_address),
    ):
        pass


@pytest.mark.parametrize("on_cluster", [False, True], ids=["here", "on a cluster"])
def test_variants_are_solved_each_for_itself(workers: LocalCluster, *, on_cluster: bool) -> None:
    variants = {
        "as it is": cadreplan.load(EXAMPLE),
        "few beds": cadreplan.load(EXAMPLE, settings=["sites.YA.beds=1", "sites.HRB.beds=1"]),
        "core alone": cadreplan.load(EXAMPLE, settings=["policy.core_share=1"]),
    }
    options = SolveOptions("exact", workers=1, work_limit=3, programme=False)  # both are proven
    with workers_of(workers.scheduler_address if on_cluster else None) as spread:
        found = dict(solved_each(variants, options, spread=spread))
    whole, small = found["as it is"], found["few beds"]
    assert isinstance(whole, Plan)
    assert isinstance(small, Plan)
    assert (whole.solver.ended, small.solver.ended) == ("proven", "proven")
    assert whole.solver.objective > small.solver.objective
    assert cadreplan.check(whole, variants["as it is"]).ok
    assert cadreplan.check(small, variants["few beds"]).ok
    assert isinstance(found["core alone"], ContradictionError)
    assert "needed, and nothing else" in str(found["core alone"])


def test_a_variant_without_a_plan_is_named() -> None:
    with pytest.raises(ContradictionError) as caught:
        cadreplan.what_if(EXAMPLE, {"core alone": ["policy.core_share=1"]}, engine="exact", workers=1)
    assert caught.value.__notes__ == ["variant: core alone"]


def test_progress_is_told_of_what_is_solved_here() -> None:
    seen: list[str] = []
    variants = {"as it is": cadreplan.load(EXAMPLE)}
    options = SolveOptions("exact", workers=1, work_limit=1, programme=False)
    list(solved_each(variants, options, lambda progress: seen.append(progress.phase), one_by_one))
    assert seen
    assert all(phase.startswith("as it is: ") for phase in seen)
