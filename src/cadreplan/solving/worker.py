"""The solver process: runs engines, saves each better solution, and reports on its standard output.

It is the part of a solve that may die: native code that aborts, memory that runs out. It lives in a session
of its own, so that Ctrl-C reaches only the supervisor, and is the first to go when memory is short.
"""

from __future__ import annotations

import json
import os
import queue
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
from cadreplan.errors import ContradictionError, RefutedBoundError, UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr, use
from cadreplan.solution import Solution
from cadreplan.solving.messages import Job, Message, MessageKind, read_job, write_best
from cadreplan.solving.platform import be_first_to_go, limit_memory
from cadreplan.verification.rules import check

_ORPHAN_GRACE = 10.0


class Reporter:
    """The engine's listener in this process. Every solution is checked before it replaces a worse one.

    One that breaks a rule is passed over, and the search goes on; `refused` says what was wrong first.
    """

    def __init__(
        self, instance: Instance, folder: Path, stream: TextIO, known: int | None, stop: threading.Event
    ) -> None:
        self._instance, self.folder, self._stream = instance, folder, stream
        self._best = known
        self.refused = ""
        self._bound: int | None = None
        self._phase = ""
        self._stop = stop
        self._lock = threading.Lock()

    def solution(self, solution: Solution) -> None:
        report = check(self._instance, solution)
        if not report.ok:
            first = report.violations[0]
            words = f"the engine broke rule {first.rule} at {first.where}: {first.message}"
            self.refused = self.refused or words
            return
        with self._lock:
            if self._best is not None and report.value <= self._best:
                return
            self._best = report.value
            write_best(self.folder, solution)
        self.tell("solution", [report.value, report.charge])

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

    def tell(self, kind: MessageKind, value: object = None) -> None:
        with self._lock, suppress(OSError):  # nobody listens: `_Orders` knows what to do then
            self._stream.write(Message(kind, value).line())
            self._stream.flush()


class _Orders:
    """What the supervisor says: jobs for the main thread, and when to stop the one at work."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[tuple[Path, threading.Event]] = queue.SimpleQueue()
        self.alone = threading.Event()
        """Set when the supervisor is gone: nobody else removes the folders then."""
        self._folder: Path | None = None

    def listen(self) -> NoReturn:
        """Read standard input to its end; then stop, and don't outlive the supervisor for long."""
        stop = threading.Event()
        for line in sys.stdin:
            order, _, rest = line.partition(" ")
            if order == "job":
                self._folder, stop = Path(json.loads(rest)), threading.Event()
                self.jobs.put((self._folder, stop))
            else:
                stop.set()
        self.alone.set()
        stop.set()
        threading.Event().wait(_ORPHAN_GRACE if self._folder is not None else 0.0)
        self.leave(1)

    def done(self, folder: Path) -> None:
        """A job is done; its folder is not this process's any more."""
        if self.alone.is_set():
            self.leave(0)
        if self._folder == folder:
            self._folder = None

    def leave(self, code: int) -> NoReturn:
        """End at once, whatever native threads still do."""
        if self.alone.is_set():
            for folder in (self._folder, Path.cwd()):
                if folder is not None:
                    shutil.rmtree(folder, ignore_errors=True)
        os._exit(code)


def main() -> NoReturn:
    """Do one job after the other; how each went is its last message but for `end`."""
    stream = _own_stdout()
    be_first_to_go()
    orders = _Orders()
    threading.Thread(target=orders.listen, daemon=True).start()
    while True:
        folder, stop = orders.jobs.get()
        _work(folder, stop, stream)
        orders.done(folder)


def _work(folder: Path, stop: threading.Event, stream: TextIO) -> None:
    job = read_job(folder)
    use(job.language)
    limit_memory(job.memory_limit)
    reporter = Reporter(job.instance, folder, stream, job.known, stop)
    try:
        module, _, function = job.engine.partition(":")
        engine: Engine = getattr(import_module(module), function)
        options = job.options if job.known is not None else _with_start(job, reporter)
        begun = time.monotonic()
        engine(job.instance, options, reporter)
        limit = options.time_limit  # at which an engine returns by itself
        if reporter.refused:
            reporter.tell("failed", reporter.refused)
        else:
            reporter.tell("done", limit is not None and time.monotonic() - begun >= limit)
    except ContradictionError as error:
        reporter.tell("contradiction", list(error.facts))
    except UsageError as error:
        reporter.tell("usage", str(error))
    except RefutedBoundError as error:
        reporter.tell("refuted", str(error))
    except MemoryError:
        reporter.tell("memory")
    except Exception as error:  # noqa: BLE001 (any failure of an engine must reach the supervisor)
        traceback.print_exc()
        reporter.tell("failed", f"{type(error).__name__}: {error}")
    reporter.tell("end")


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
