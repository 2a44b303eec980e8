"""Compiled kernels: numba with its cache in the user's cache folder, run over leaders by plain threads.

The cache lives outside the package, so that a read-only install compiles once and not at every start. It is
kept by the digest of the kernels' sources, because numba notices a changed file but not a changed callee in
another file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba
import platformdirs

P = ParamSpec("P")
R = TypeVar("R")


def _folder() -> Path:
    digest = sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        text = source.read_bytes()
        if b"@kernel" in text:
            digest.update(text)
    return platformdirs.user_cache_path("cadreplan") / "kernels" / digest.hexdigest()[:16]


_FOLDER = Path(os.environ.setdefault("NUMBA_CACHE_DIR", str(_folder())))
cast(Callable[[], None], numba.config.reload_config)()

_CHUNKS_PER_WORKER = 8


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile with numba at the first call, cached, without the interpreter's lock."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def is_cached() -> bool:
    """Whether kernels were compiled before on this machine (then a first call takes no time)."""
    return _FOLDER.is_dir() and next(_FOLDER.rglob("*.nbc"), None) is not None


class Crew:
    """`workers` threads that share the work of a kernel over a range of rows.

    Kernels take (lo, hi) and write only rows in it, so that the result does not depend on the split.
    """

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)
        self._pool = ThreadPoolExecutor(self.workers) if self.workers > 1 else None

    def run(self, call: Callable[[int, int], object], n: int, *, chunks: int | None = None) -> None:
        """`call(lo, hi)` for ranges that cover 0..n; with one worker in one call."""
        if n <= 0:
            return
        if self._pool is None:
            call(0, n)
            return
        wanted = min(n, chunks or self.workers * _CHUNKS_PER_WORKER)
        cuts = [n * k // wanted for k in range(wanted + 1)]
        jobs = [self._pool.submit(call, lo, hi) for lo, hi in pairwise(cuts)]
        for job in jobs:
            job.result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
