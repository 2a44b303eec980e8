"""Stays in a file are what they were, before and after their memory was given back, and leave no file."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.params import ClusterParams, Params
from cadreplan.engines.columns.pricing import remote, stays_in_file
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.stays import Stays, Timing
from cadreplan.engines.columns.pricing.stays_in_file import MappedStays
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from tests.engines.columns.nearby import Nearby
from tests.engines.recorder import Recorder


def _same(one: Stays | Timing, other: Stays | Timing) -> None:
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, Timing):
            _same(mine, theirs)
        else:
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("sessions", [1, 40])
def test_they_are_what_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sessions: int) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    compiled = compile_arrays(draw(60, sessions, 3).instance)
    stays = enumerate_stays(compiled, ThreadPool(1))
    mapped = MappedStays(stays)
    for _ in range(2):
        _same(mapped.stays, stays)
        mapped.rest()
    assert os.name == "nt" or list(tmp_path.iterdir()) == []


def test_a_solve_is_the_same_with_shards_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = draw(120, 40, 3).instance
    params = Params(cluster=ClusterParams(priced_here=20, shard=25))
    told, made = [], []
    monkeypatch.setattr(remote, "MappedStays", lambda stays: made.append(stays) or MappedStays(stays))
    for many in (1, 1 << 30):
        monkeypatch.setattr(remote, "MANY_STAYS", many)
        recorder = Recorder()
        solve(instance, EngineOptions(work_limit=0.3, params=params), recorder, dispatch=Nearby)
        told.append((recorder.bounds, recorder.solutions))
    assert told[0] == told[1]
    assert told[0][1]
    assert len(made) == 5  # 120 leaders in shards of at most 25


def test_without_room_they_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = draw(60, 20, 3).instance
    monkeypatch.setattr(remote, "MANY_STAYS", 1)
    common, [description] = remote.packed(instance, [np.arange(60, dtype=np.int32)])

    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stays_in_file.os, "posix_fallocate", full, raising=False)
    kept = remote.Placed(remote.PlacedCommon(common), description)
    monkeypatch.undo()
    monkeypatch.setattr(remote, "MANY_STAYS", 1)
    mapped = remote.Placed(remote.PlacedCommon(common), description)
    _same(kept.shard.stays, mapped.shard.stays)
    assert sys.getsizeof(kept) - sys.getsizeof(mapped) > kept.shard.stays.mask.nbytes
