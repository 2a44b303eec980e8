"""The solver process: runs one engine, saves each better solution, and reports on its standard output.

It is the part of a solve that may die: native code that aborts, memory that runs out. It lives in a session
of its own, so that Ctrl-C reaches only the supervisor, and is the first to go when memory is short.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

from cadreplan.engines.interface import Engine, EngineOptions
from cadreplan.errors import ClusterLostError, ContradictionError, RefutedBoundError, UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr, use
from cadreplan.solution import Solution
from cadreplan.solving.messages import Job, Message, MessageKind, read_job, write_best
from cadreplan.verification.rules import check

_ORPHAN_GRACE = 10.0


class Reporter:
    """The engine's listener in this process. Every solution is checked before it replaces a worse one."""

    def __init__(self, instance: Instance, folder: Path, stream: TextIO, known: int | None) -> None:
        self._instance, self.folder, self._stream = instance, folder, stream
        self._best = known
        self.is_orphan = False
        self._bound: int | None = None
        self._phase = ""
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def solution(self, solution: Solution) -> None:
        report = check(self._instance, solution)
        if not report.ok:
            first = report.violations[0]
            raise AssertionError(f"the engine broke rule {first.rule} at {first.where}: {first.message}")
        with self._lock:
            if self._best is not None and report.terms.total <= self._best:
                return
            self._best = report.terms.total
            write_best(self.folder, solution)
        self.tell("solution", report.terms.total)

    def bound(self, bound: int) -> None:
        with self._lock:
            if self._bound is not None and bound >= self._bound:
                return
            self._bound = bound
        self.tell("bound", bound)

    def phase(self, text: str) -> None:
        if text != self._phase:
            self._phase = text
            self.tell("phase", text)

    def should_stop(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        self._stop.set()

    def tell(self, kind: MessageKind, value: object = None) -> None:
        with self._lock, suppress(BrokenPipeError):  # nobody listens: `_obey` knows what to do then
            self._stream.write(Message(kind, value).line())
            self._stream.flush()


def main(name: str) -> None:
    """Do the job of a folder; how it went is the last message."""
    folder = Path(name)
    stream = _own_stdout()
    job = read_job(folder)
    use(job.language)
    _be_first_to_go()
    if job.memory_limit is not None:
        resource.setrlimit(resource.RLIMIT_AS, (job.memory_limit, job.memory_limit))
    reporter = Reporter(job.instance, folder, stream, job.known)
    threading.Thread(target=_obey, args=(reporter, folder), daemon=True).start()
    try:
        module, _, function = job.engine.partition(":")
        engine: Engine = getattr(import_module(module), function)
        options = job.options if job.known is not None else _with_start(job, reporter)
        begun = time.monotonic()
        engine(job.instance, options, reporter)
        limit = options.time_limit  # at which an engine returns by itself
        reporter.tell("done", limit is not None and time.monotonic() - begun >= limit)
    except ContradictionError as error:
        reporter.tell("contradiction", list(error.facts))
    except UsageError as error:
        reporter.tell("usage", str(error))
    except ClusterLostError as error:
        reporter.tell("cluster", str(error))
    except RefutedBoundError as error:
        reporter.tell("refuted", str(error))
    except MemoryError:
        reporter.tell("memory")
    except Exception as error:  # noqa: BLE001 (any failure of an engine must reach the supervisor)
        traceback.print_exc()
        reporter.tell("failed", f"{type(error).__name__}: {error}")
    # Threads of native code may still run; everything that matters is on disk.
    with suppress(BrokenPipeError):
        stream.flush()
    _leave(reporter, folder, 0)


def _with_start(job: Job, reporter: Reporter) -> EngineOptions:
    """Options with a plan that keeps all pins to begin from; raises where there is none, by proof."""
    from cadreplan.engines.exact.pins import keep_pins  # noqa: PLC0415 (heavy, and seldom needed)

    reporter.phase(tr("keeping the pins"))
    start = keep_pins(job.instance, job.options)
    if start is None or not check(job.instance, start).ok:
        return job.options
    reporter.solution(start)
    return replace(job.options, start=start)


def _own_stdout() -> TextIO:
    """Keep the pipe for messages: whatever native code prints goes to standard error."""
    stream = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return stream


def _be_first_to_go() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return  # not Linux, or not allowed: then the system chooses by size alone


def _obey(reporter: Reporter, folder: Path) -> None:
    """Stop when told to; when the supervisor is gone, stop and don't outlive it for long."""
    if sys.stdin.readline():
        reporter.stop()
        if sys.stdin.readline():
            return
    reporter.is_orphan = True
    reporter.stop()
    threading.Event().wait(_ORPHAN_GRACE)
    _leave(reporter, folder, 1)


def _leave(reporter: Reporter, folder: Path, code: int) -> NoReturn:
    """End at once, whatever native threads still do; without a supervisor nobody else removes the folder."""
    if reporter.is_orphan:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)
