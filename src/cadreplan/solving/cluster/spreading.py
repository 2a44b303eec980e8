"""Questions that don't need each other, answered by the workers of a cluster side by side."""

from __future__ import annotations

import pickle
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker, get_worker, wait

from cadreplan.engines.columns.pricing.remote import MismatchError, versions
from cadreplan.engines.interface import Scheduler
from cadreplan.errors import UsageError
from cadreplan.insight.spread import R, S, Spread, T, Work
from cadreplan.language import tr
from cadreplan.solving.cluster.connecting import connected, joined

_TICK = 0.25
"""Seconds between looks at whether the scheduler still answers."""
_LOOK = 2.0
"""Seconds between looks at whether there are workers."""


class _LostError(Exception):
    """The cluster gives no answer any more; its text says why."""


class _UnknownWorkError(Exception):
    """A worker has no such function; its text says what is missing."""


class Shared:
    """What all items share, with what is done for each, as a worker has it; it travels as its description."""

    def __init__(self, description: bytes) -> None:
        wanted, content = pickle.loads(description)
        if wanted != versions():
            raise MismatchError(wanted, versions())
        self._description = description
        try:
            self._work, self._shared = pickle.loads(content)
        except (ImportError, AttributeError) as error:
            raise _UnknownWorkError(str(error)) from None

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Shared, (self._description,)

    def answer(self, item: bytes) -> Any:
        """The answer for an item, given as bytes."""
        return self._work(self._shared, pickle.loads(item), _is_wanted)


@contextmanager
def spread_over(scheduler: Scheduler, tell: Callable[[str], object]) -> Iterator[Spread]:
    """The workers of a cluster as those who do the work; `tell` is told what is going on.

    What the cluster can't answer, as its scheduler is lost or its workers die of it, is done here. Raises
    UsageError where no scheduler answers or workers are of other versions.
    """
    with connected(scheduler, tell) as client:
        yield partial(_spread, client, tell)


def _spread(
    client: Client, tell: Callable[[str], object], work: Work[S, T, R], shared: S, items: Sequence[T]
) -> Iterator[R]:
    name = f"cadreplan-{uuid.uuid4().hex[:12]}"
    futures: list[Future | None] = [None] * len(items)
    with suppress(CancelledError, OSError, RuntimeError):  # lost: the answers will say so
        content = _bytes((versions(), _bytes((work, shared))))
        common = client.submit(Shared, content, key=f"{name}-shared", pure=False)
        futures = [
            client.submit(Shared.answer, common, _bytes(item), key=f"{name}-{k}", pure=False)
            for k, item in enumerate(items)
        ]
    told = False
    for k, item in enumerate(items):
        try:
            answer = _answer(client, futures[k], tell)
        except _LostError as error:
            if not told:
                tell(tr("{why}: what is left is done here", why=error))
            told = True
            answer = work(shared, item, lambda: True)
        yield answer


def _answer(client: Client, future: Future | None, tell: Callable[[str], object]) -> Any:
    """The answer of a worker, once it is there; raises what the work raises, and _LostError.

    None is a question that didn't get there.
    """
    looked, waiting = time.monotonic(), False
    while True:
        if future is None or client.status != "running":
            raise _LostError(tr("the connection to the scheduler is lost"))
        try:
            with client.as_current():
                wait(future, timeout=_TICK)
        except TimeoutError:
            pass
        except (CancelledError, OSError):
            raise _LostError(tr("the connection to the scheduler is lost")) from None
        else:
            return _fetched(future)
        if not waiting and time.monotonic() - looked > _LOOK:
            looked = time.monotonic()
            with suppress(OSError, RuntimeError, CancelledError):
                waiting = not client.nthreads()
                if waiting:
                    tell(tr("waiting for workers: the scheduler has none"))


def _fetched(future: Future) -> Any:
    """The answer of a task that has come to its end; raises as `_answer`.

    Without a time limit: what is on its way would be broken off by one, and Dask's next try with it.
    """
    try:
        return future.result()
    except MismatchError as error:
        raise joined(error) from None
    except _UnknownWorkError as error:
        raise UsageError(
            tr("workers can't load what they are asked to do ({why}): put it on their PYTHONPATH", why=error)
        ) from None
    except KilledWorker:
        raise _LostError(tr("workers die of it again and again")) from None
    except (CancelledError, OSError):
        if future.status == "error":  # the work's own
            raise
        raise _LostError(tr("the connection to the scheduler is lost")) from None


def _is_wanted() -> bool:
    """On a worker: whether the task at work is still waited for."""
    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state == "executing"


def _bytes(value: object) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
