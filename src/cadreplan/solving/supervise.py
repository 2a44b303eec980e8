"""The supervisor: starts the solver process, keeps the clock, and knows the best solution and bound."""

from __future__ import annotations

import math
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from cadreplan.errors import ContradictionError, RefutedBoundError, UsageError
from cadreplan.language import tr
from cadreplan.plan import relative_gap
from cadreplan.solving.folders import job_folder
from cadreplan.solving.interrupts import Interrupts, counted
from cadreplan.solving.messages import STDERR, Job, Message, write_job
from cadreplan.solving.options import Ending, Progress

T = TypeVar("T")

_TICK = 0.25
_GRACE = 2.0
_GRACE_SHARE = 0.05
_START = "import sys; sys.path[:] = sys.argv[2:];from cadreplan.solving.worker import main; main(sys.argv[1])"
"""Nothing is imported before the path is set; `-I` keeps the working folder and PYTHONPATH out until then."""
_PACKAGES = Path(__file__).parents[2]
"""Where this package lies."""


@dataclass(slots=True)
class Outcome:
    """What a solve came to; `bound` None: nothing proven. `failure` tells of a failed solver process."""

    ended: Ending
    bound: int | None
    failure: str = ""


class Supervisor:
    """One run of the solver process in `folder`, which is left with the best solution."""

    def __init__(
        self,
        folder: Path,
        job: Job,
        *,
        started: float,
        time_limit: float | None,
        on_progress: Callable[[Progress], None] | None,
        bound: int | None,
    ) -> None:
        self._folder, self._job = folder, job
        self._started, self._limit = started, time_limit
        self._on_progress = on_progress
        self._objective, self._bound = job.known, bound
        self._phase = tr("starting")
        self._ended: Ending | None = None
        self._failure = ""
        self._interrupts = Interrupts()

    def run(self) -> Outcome:
        """Wait for the process to end, or end it: at the time limit, or when interrupted.

        Raises `ContradictionError` and `UsageError` as the engine did. That it can't be started is an ending.
        """
        with counted() as self._interrupts:
            process: subprocess.Popen[bytes] | None = None
            try:
                process, messages = self._start()
                self._watch(process, messages)
            except (OSError, MemoryError, RuntimeError) as error:  # no room for a file, a process, a thread
                self._ended = "out-of-memory" if isinstance(error, MemoryError) else "solver-failed"
                self._failure = f"{type(error).__name__}: {error}"
            finally:
                if process is not None:
                    _end(process)
        if self._ended is None:
            self._ended = self._death(process.returncode if process else 0)
        return Outcome(self._ended, self._bound, self._failure)

    # --- the process --------------------------------------------------------------------------------------

    def _start(self) -> tuple[subprocess.Popen[bytes], queue.SimpleQueue[Message | None]]:
        """The process, and the queue in which its messages arrive."""
        messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        write_job(self._folder, self._job)
        with (self._folder / STDERR).open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(self._folder), *safe_path()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                cwd=self._folder,  # libraries look for their settings there
            )
        try:
            threading.Thread(target=_read, args=(process, messages), daemon=True).start()
        except RuntimeError:
            _end(process)
            raise
        return process, messages

    def _watch(self, process: subprocess.Popen[bytes], messages: queue.SimpleQueue[Message | None]) -> None:
        asked: Ending | None = None
        kill_at = math.inf
        tell_at = 0.0
        while True:
            try:
                message = messages.get(timeout=_TICK)
                if message is None:
                    break
                self._take(message)
            except queue.Empty:
                pass
            now = time.monotonic()
            if now >= tell_at or messages.empty():
                self._tell(now)
                tell_at = now + _TICK
            late = self._limit is not None and now - self._started >= self._limit
            if asked is None and (self._interrupts.count or late):
                asked = "interrupted" if self._interrupts.count else "time-limit"
                kill_at = now + _GRACE + (_GRACE_SHARE * self._limit if late and self._limit else 0.0)
                _ask_to_stop(process)
            if asked and (now >= kill_at or self._interrupts.count > 1):
                process.kill()
                kill_at = math.inf
        if asked and self._ended in (None, "exhausted"):
            self._ended = asked

    def _take(self, message: Message) -> None:
        match message.kind:
            case "phase":
                self._phase = message.value
            case "bound":
                self._bound = message.value if self._bound is None else min(self._bound, message.value)
            case "solution":
                self._objective = message.value
            case "goals":
                unstaffed, journeys = message.value
                self._phase = tr(
                    "programme: {unstaffed} half days without a lecturer, {journeys} journeys",
                    unstaffed=unstaffed,
                    journeys=journeys,
                )
            case "done":
                self._ended = "time-limit" if message.value else "exhausted"
            case "contradiction":
                raise ContradictionError(message.value)
            case "usage":
                raise UsageError(message.value)
            case "refuted":
                raise RefutedBoundError(message.value)
            case "memory":
                self._ended = "out-of-memory"
            case "cluster":
                self._ended, self._failure = "cluster-lost", message.value
            case "failed":
                self._ended, self._failure = "solver-failed", message.value

    def _tell(self, now: float) -> None:
        if self._on_progress is None:
            return
        gap = None
        if self._objective is not None and self._bound is not None:
            gap = relative_gap(self._objective, self._bound)
        self._on_progress(Progress(now - self._started, self._phase, self._objective, self._bound, gap))

    def _death(self, code: int) -> Ending:
        """How a process ended that said nothing of it."""
        words = (self._folder / STDERR).read_text(encoding="utf-8", errors="replace").strip()
        last = words.splitlines()[-1] if words else ""
        self._failure = last or tr("exit code {code}", code=code)
        if "bad_alloc" in words or "MemoryError" in words:
            return "out-of-memory"
        return "solver-killed" if code < 0 else "solver-failed"


def supervised(
    job: Job,
    read: Callable[[Path], T],
    *,
    started: float,
    time_limit: float | None,
    on_progress: Callable[[Progress], None] | None,
    bound: int | None,
) -> tuple[Outcome, T | None]:
    """One run of the solver process in a folder of its own, and what `read` finds in that folder then.

    `started` is the monotonic time at which the solve began, from which `time_limit` counts.
    """
    try:
        with job_folder() as folder:
            supervisor = Supervisor(
                folder, job, started=started, time_limit=time_limit, on_progress=on_progress, bound=bound
            )
            return supervisor.run(), read(folder)
    except OSError as error:  # no room for the folder, or for what was to be read
        return Outcome("solver-failed", bound, f"{type(error).__name__}: {error}"), None


def safe_path() -> list[str]:
    """Where this process imports from, without what Python puts there by itself: the folder of the user.

    That is the working folder (`python -m`, `python -c`) or the folder of a script: what lies beside a roster
    must not run in the solver process.
    """
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    unsafe = {Path.cwd(), *([Path(script).resolve().parent] if script else ())}
    kept = [entry for entry in sys.path if Path(entry).is_absolute() and Path(entry).resolve() not in unsafe]
    return kept if str(_PACKAGES) in kept else [*kept, str(_PACKAGES)]


def _read(process: subprocess.Popen[bytes], messages: queue.SimpleQueue[Message | None]) -> None:
    if process.stdout is not None:
        for line in process.stdout:
            if line.endswith(b"\n"):  # a process that is killed may leave half a line
                messages.put(Message.read(line.decode("ascii")))
    messages.put(None)


def _ask_to_stop(process: subprocess.Popen[bytes]) -> None:
    try:
        if process.stdin is not None:
            process.stdin.write(b"stop\n")
            process.stdin.flush()
    except BrokenPipeError:
        return  # it has ended already, which is what was wanted


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # the process is gone, and with it what was to be flushed
