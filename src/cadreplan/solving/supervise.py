"""The supervisor: gives the solver process a job, keeps the clock, and knows the best solution and bound."""

from __future__ import annotations

import math
import queue
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cadreplan.errors import ContradictionError, RefutedBoundError, UsageError
from cadreplan.language import tr
from cadreplan.plan import relative_gap
from cadreplan.solving.folders import job_folder
from cadreplan.solving.interrupts import Interrupts, counted
from cadreplan.solving.messages import Job, Message, write_job
from cadreplan.solving.options import Ending, Progress
from cadreplan.solving.platform import was_killed
from cadreplan.solving.process import SolverProcess
from cadreplan.solving.session import Session

T = TypeVar("T")

_TICK = 0.25
_GRACE = 2.0
_GRACE_SHARE = 0.05


@dataclass(slots=True)
class Outcome:
    """What a solve came to; `bound` None: nothing proven. `failure` tells of a failed solver process."""

    ended: Ending
    bound: int | None
    failure: str = ""


class _ListenerError(Exception):
    """`on_progress` raised something."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Supervisor:
    """One job of the solver process, in `folder`, which is left with the best solution."""

    def __init__(
        self,
        folder: Path,
        job: Job,
        session: Session,
        *,
        started: float,
        time_limit: float | None,
        charged_limit: float | None,
        on_progress: Callable[[Progress], None] | None,
        bound: int | None,
    ) -> None:
        self._folder, self._job, self._session = folder, job, session
        self._started, self._limit, self._charged_limit = started, time_limit, charged_limit
        self._on_progress = on_progress
        self._objective, self._bound, self._charge = job.known, bound, job.charge
        self._phase = tr("starting")
        self._ended: Ending | None = None
        self._failure = ""
        self._usable = False
        self._interrupts = Interrupts()

    def run(self) -> Outcome:
        """Wait for the job to end, or end it: at the time limit, or when interrupted.

        Raises `ContradictionError` and `UsageError` as the engine did, and what `on_progress` raises. That
        the process can't be started is an ending.
        """
        with counted() as self._interrupts:
            process: SolverProcess | None = None
            code: int | None = None
            try:
                write_job(self._folder, self._job)
                process = self._session.take()
                process.begin(self._folder)
                self._watch(process)
            except (OSError, MemoryError, RuntimeError) as error:  # no room for a file, a process, a thread
                self._ended = "out-of-memory" if isinstance(error, MemoryError) else "solver-failed"
                self._failure = f"{type(error).__name__}: {error}"
            finally:
                if process is not None:
                    code = self._session.give_back(process, usable=self._usable)
            if self._ended is None:
                self._ended = self._death(process, code or 0)
        return Outcome(self._ended, self._bound, self._failure)

    def _watch(self, process: SolverProcess) -> None:
        asked: Ending | None = None
        kill_at = math.inf
        tell_at = 0.0
        while True:
            try:
                message = process.messages.get(timeout=_TICK)
                if message is None:
                    break
                if message.kind == "end":
                    self._usable = self._ended in ("exhausted", "time-limit")
                    break
                self._take(message)
            except queue.Empty:
                pass
            now = time.monotonic()
            if now >= tell_at or process.messages.empty():
                self._tell(now)
                tell_at = now + _TICK
            late = self._is_late(now - self._started)
            if asked is None and (self._interrupts.count or late):
                asked = "interrupted" if self._interrupts.count else "time-limit"
                kill_at = now + _GRACE + (_GRACE_SHARE * self._limit if late and self._limit else 0.0)
                process.ask_to_stop()
            if asked and (now >= kill_at or self._interrupts.count > 1):
                process.kill()
                kill_at = math.inf
        if asked and self._ended in (None, "exhausted"):
            self._ended = asked

    def _is_late(self, seconds: float) -> bool:
        if self._limit is not None and seconds >= self._limit:
            return True
        if self._charged_limit is None or self._objective is None or self._bound is None:
            return False
        # no plan keeps all promises and is worth as much: more of this search hardly tells more
        proven = self._charge > 0 and self._bound <= self._objective + self._charge
        return proven and seconds >= self._charged_limit

    def _take(self, message: Message) -> None:
        match message.kind:
            case "phase":
                self._phase = message.value
            case "bound":
                self._bound = message.value if self._bound is None else min(self._bound, message.value)
            case "solution":
                self._objective, self._charge = message.value
            case "goals":
                unstaffed, journeys = message.value
                self._phase = tr(
                    "programme: {unstaffed} half days without a lecturer, {journeys} journeys",
                    unstaffed=unstaffed,
                    journeys=journeys,
                )
            case "groups":
                proven, n = message.value
                self._phase = tr("groups: {proven} of {n} classes proven", proven=proven, n=n)
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
        worth, bound, gap = self._objective, self._bound, None
        if worth is not None:  # said as points, beside plans that leave no more out
            worth += self._charge
            bound = None if bound is None else bound + self._charge
        if worth is not None and bound is not None:
            gap = relative_gap(worth, bound)
        told = Progress(now - self._started, self._phase, worth, bound, gap)
        try:
            self._on_progress(told)
        except (StopIteration, KeyboardInterrupt):  # enough: it is not asked again
            self._on_progress = None
            self._interrupts.count += 1
        except Exception as error:
            raise _ListenerError(error) from error

    def _death(self, process: SolverProcess | None, code: int) -> Ending:
        """How a process ended that said nothing of it."""
        words = process.words() if process is not None else ""
        last = words.splitlines()[-1] if words else ""
        self._failure = last or tr("exit code {code}", code=code)
        if "bad_alloc" in words or "MemoryError" in words:
            return "out-of-memory"
        return "solver-killed" if was_killed(code) else "solver-failed"


def supervised(
    job: Job,
    read: Callable[[Path], T],
    *,
    started: float,
    time_limit: float | None,
    on_progress: Callable[[Progress], None] | None,
    bound: int | None,
    session: Session | None = None,
    charged_limit: float | None = None,
) -> tuple[Outcome, T | None]:
    """One job of the solver process in a folder of its own, and what `read` finds in that folder then.

    `started` is the monotonic time at which the solve began, from which `time_limit` counts, and
    `charged_limit`, at which a job ends that has nearly proven how many promises no plan can keep. Without a
    session the process is for this job alone.
    """
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(job_folder())
            supervisor = Supervisor(
                folder,
                job,
                session or stack.enter_context(Session()),
                started=started,
                time_limit=time_limit,
                charged_limit=charged_limit,
                on_progress=on_progress,
                bound=bound,
            )
            return supervisor.run(), read(folder)
    except _ListenerError as error:
        raise error.cause from None
    except OSError as error:  # no room for the folder, or for what was to be read
        return Outcome("solver-failed", bound, f"{type(error).__name__}: {error}"), None
