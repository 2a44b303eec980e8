"""Threads that share the work of a kernel; without the interpreter's lock, that is all that it takes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

_CHUNKS_PER_WORKER = 8
"""Pieces of the work a thread: leaders differ in what they take, and nobody should wait for the last."""


class ThreadPool:
    """`workers` threads that share the work of a kernel over a range of rows.

    Kernels take (lo, hi) and write only rows in it, so that the result does not depend on the split.
    """

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)
        self._pool = ThreadPoolExecutor(self.workers) if self.workers > 1 else None

    def run(self, call: Callable[[int, int], object], n: int, *, chunks: int | None = None) -> None:
        """`call(lo, hi)` for ranges that cover 0..n, by default some for each worker."""
        if n <= 0:
            return
        wanted = min(n, chunks or self.workers * _CHUNKS_PER_WORKER)
        cuts = [n * k // wanted for k in range(wanted + 1)]
        if self._pool is None:
            for lo, hi in pairwise(cuts):
                call(lo, hi)
            return
        jobs = [self._pool.submit(call, lo, hi) for lo, hi in pairwise(cuts)]
        for job in jobs:
            job.result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
