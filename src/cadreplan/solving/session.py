"""A solver process that is used again: what it imports and compiles it does once."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cadreplan.errors import UsageError
from cadreplan.language import tr
from cadreplan.solving.folders import job_folder
from cadreplan.solving.process import SolverProcess


class Session:
    """Keeps one solver process from solve to solve; `with` ends it.

    A process that was killed, ran out of memory or failed is not used again: the next solve starts another.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._folder: Path | None = None
        self._process: SolverProcess | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process now, so that it is ready later. Raises `OSError` where it can't be."""
        self.give_back(self.take(), usable=True)

    def take(self) -> SolverProcess:
        """The process, for one job; raises `UsageError` where it is at work or the session is closed."""
        if self._closed:
            raise UsageError(tr("this session is closed: make another one"))
        if not self._lock.acquire(blocking=False):
            raise UsageError(tr("this session is solving already: use one for each thread"))
        try:
            if self._folder is None:
                self._folder = self._stack.enter_context(job_folder())
            if self._process is None or not self._process.lives:
                self._process = SolverProcess(self._folder)
        except BaseException:
            self._lock.release()
            raise
        return self._process

    def give_back(self, process: SolverProcess, *, usable: bool) -> int | None:
        """Take the process back; the exit code of one that is not `usable`, which is ended."""
        try:
            if usable:
                return None
            self._process = None
            return process.end()
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process, and remove what it left."""
        self._closed = True
        if self._process is not None:
            self._process.end()
            self._process = None
        self._stack.close()
