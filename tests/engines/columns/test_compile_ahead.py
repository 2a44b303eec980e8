"""Kernels compiled in a process beside the engine: once on a machine, and with nothing left running."""

from __future__ import annotations

import importlib
import pkgutil
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from cadreplan.engines import columns, jit
from cadreplan.engines.columns import compile_ahead as ahead
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.verification.rules import check
from tests.engines.recorder import Recorder


@pytest.fixture
def nothing_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(jit, "_FOLDER", tmp_path)
    monkeypatch.setattr(jit, "_CACHED", tmp_path / "complete")
    monkeypatch.setattr(ahead, "_START", "import sys; sys.stdin.read()")
    return tmp_path


def test_a_process_compiles_beside_and_ends_with_the_block(nothing_cached: Path) -> None:
    with ahead.compiling_beside(2) as beside:
        assert not beside.done
        with ahead.compiling_beside(2) as inner:
            assert inner is beside
        assert not beside.done
    assert beside.done


@pytest.mark.parametrize(("workers", "cached"), [(1, False), (2, True)])
def test_no_process_where_one_worker_is_wanted_or_nothing_is_missing(
    nothing_cached: Path, workers: int, cached: bool
) -> None:
    if cached:
        jit.mark_cached()
    with ahead.compiling_beside(workers) as beside:
        assert beside.done


def test_compiling_all_is_remembered_in_the_cache(nothing_cached: Path) -> None:
    assert not jit.is_cached()
    ahead.compile_all()
    assert jit.is_cached()
    assert not _uncompiled()


def _uncompiled() -> list[str]:
    """Kernels that Python calls, and that nobody has called."""
    found = []
    for module in pkgutil.walk_packages(columns.__path__, f"{columns.__name__}."):
        for name, kernel in vars(importlib.import_module(module.name)).items():
            if not hasattr(kernel, "targetoptions") or kernel.py_func.__module__ != module.name:
                continue
            if not kernel.targetoptions.get("no_cpython_wrapper") and not kernel.signatures:
                found.append(f"{module.name}.{name}")
    return found


def test_a_kernel_waits_for_the_process_that_compiles_it(nothing_cached: Path) -> None:
    @jit.lean
    def twice(value: int) -> int:
        return 2 * value

    name = f"{twice.__module__}.{twice.__qualname__}"
    held = FileLock(nothing_cached / f"{name}.lock", thread_local=False)
    held.acquire()
    threading.Timer(0.3, held.release).start()
    began = time.monotonic()
    assert twice(3) == 6
    assert time.monotonic() - began >= 0.3


def test_a_cache_that_cannot_be_written_is_done_without(
    nothing_cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "_FOLDER", Path("/proc/nowhere"))
    monkeypatch.setattr(jit, "_CACHED", Path("/proc/nowhere/complete"))

    @jit.lean
    def thrice(value: int) -> int:
        return 3 * value

    assert thrice(3) == 9
    jit.mark_cached()
    assert not jit.is_cached()


def test_the_small_season_has_a_plan() -> None:
    instance = ahead.small_season()
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=2.0, gap=1e-3), recorder)
    assert recorder.solutions
    assert all(check(instance, solution).ok for solution in recorder.solutions)
