"""Kernels compiled ahead: on a new machine a second process compiles what the engine will want next.

Numba compiles in one thread a process. So while the engine lists what leaders can do, and compiles what that
takes, a process beside it compiles pricing and the interior point method; each kernel is compiled by whoever
comes first, and the other takes it from the cache (`engines.jit`). The process solves a season of its own, so
small that all of its time is compiling, and ends with its parent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget, Nobody
from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.heuristics.greedy_insertion import insert_greedily
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.master.elimination import invert_lower
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.enumeration import no_stays
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.shards import LocalShards, Shard
from cadreplan.engines.columns.run import solve_within
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.engines.jit import is_cached, is_compiled, mark_cached
from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Policy,
    Role,
    Session,
    Site,
    Skill,
    SkillGap,
)

_START = (
    "import sys; sys.path[:] = sys.argv[1:]; from cadreplan.engines.columns.compile_ahead import main; main()"
)
_WORK = 3.0
"""Units of work (about a second each) on the small season: enough for each phase to be entered once."""
_LEADERS, _SESSIONS, _CANDIDATES = 60, 10, 4


class Beside:
    """The process beside; `done` says that nothing is left to compile."""

    def __init__(self, process: subprocess.Popen[bytes] | None) -> None:
        self._process = process

    @property
    def done(self) -> bool:
        """Whether all kernels are compiled, or nobody is at it."""
        return self._process is None or self._process.poll() is not None


_running: list[Beside] = []


@contextmanager
def compiling_beside(workers: int) -> Iterator[Beside]:
    """Compile kernels in a process beside the block, where they are missing and `workers` allow it.

    Inside such a block it is the process of that.
    """
    if _running:
        yield _running[0]
        return
    process = None
    if workers > 1 and is_compiled() and not is_cached():
        path = [entry for entry in sys.path if Path(entry).is_absolute()]
        with suppress(OSError):
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, *path],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    _running.append(Beside(process))
    try:
        yield _running[0]
    finally:
        _running.clear()
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def main() -> None:
    """Compile everything, then say so in the cache; ends at once when the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    compile_all()
    os._exit(0)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def compile_all() -> None:
    """Compile what takes longest first, then whatever a small season needs."""
    instance = small_season()
    with closing(ThreadPool(1)) as threads, threadpool_limits(1, user_api="blas"):
        compiled = compile_arrays(instance)
        rows, nowhere = build_rows(instance), _Nowhere(1)
        nothing_listed = LocalShards(Shard(compiled, no_stays(compiled)), rows, nowhere)
        pricer = Pricer(compiled, nothing_listed, rows, nowhere)
        rows = pricer.rows
        pricer.price(np.zeros(rows.n))
        pricer.threads = threads
        pool = new_pool(pricer.n, width_of(compiled))
        placer = Placer(pricer, pool.column.shape[2])
        no_minimum, none = np.zeros(rows.n_sessions, np.int64), np.zeros(rows.n_sessions, np.bool_)
        draft = placer.empty(rows.block_ptr[rows.choices].astype(np.int32), no_minimum, 0, none)
        insert_greedily(placer, draft, np.zeros(0, np.int32))
        pricer.worth(draft.column, np.zeros(rows.n, np.int64))  # for neighbourhoods: none may be needed here
        nothing = np.full((pricer.n, 1, pool.column.shape[2]), -1, np.int32)
        add_columns(pool, np.arange(pricer.n, dtype=np.int32), nothing, compiled, pricer.stays, threads)
        master = RestrictedMaster(pricer, pool)
        master.activate(np.ones(rows.n, np.bool_))
        master.solve(np.zeros(rows.n), accuracy=1e-2, warm=1.0, stop=lambda: False)
        invert_lower(np.eye(2))  # for trees of branches larger than here
        solve_within(instance, Budget(EngineOptions(time_limit=None, work_limit=_WORK), Nobody()), threads)
    mark_cached()


class _Nowhere(ThreadPool):
    """Calls kernels over no rows at all."""

    def run(self, call: Callable[[int, int], object], n: int, *, chunks: int | None = None) -> None:
        """Compile what `call` calls."""
        call(0, 0)


def small_season() -> Instance:
    """A season that meets every kind of limit: seats, beds, absences, candidates, chains, a pin."""
    modules = tuple(
        Module(f"M{k}", f"M{k}", 8, "lecture", "lecture", k % 2 == 0, ((k, 1),), ((0,),) if k == 1 else ())
        for k in range(_SESSIONS)
    )
    sessions = tuple(
        Session(
            f"S{k}",
            k % 2,
            (k,),
            (4 * k, 4 * k + 1),
            5,
            min_seats=3 if k >= _SESSIONS - _CANDIDATES else 0,
            candidate=k >= _SESSIONS - _CANDIDATES,
            cost=30_000,
            quotas=((1, 3),),
        )
        for k in range(_SESSIONS)
    )
    leaders = tuple(
        Leader(
            f"L{i}",
            f"L{i}",
            1 + i % 2,
            0,
            tuple(SkillGap(k, 1, 1 + (i + k) % 3) for k in range(_SESSIONS) if (i + k) % 2),
            pinned=(2,) if i == 0 else (),
        )
        for i in range(_LEADERS)
    )
    return Instance(
        title="",
        start=date(2026, 3, 2),
        n_days=4 * _SESSIONS,
        abilities=(Ability("A", "A"),),
        skills=tuple(Skill(f"K{k}", f"K{k}", 0, 1) for k in range(_SESSIONS)),
        modules=modules,
        roles=(Role("R", "R", ()),),
        sites=(Site("X", "X", "school", beds=6), Site("Y", "Y", "school", beds=8)),
        branches=(
            Branch("B", "B", None, max_away=9),
            Branch("C", "C", 0, max_away=2),
            Branch("D", "D", 0, max_away=3),
        ),
        sessions=sessions,
        offerings=(),
        lecturers=(),
        leaders=leaders,
        policy=Policy(),
    )
