"""Where independent questions are answered: in this process, or by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cadreplan.insight.spread import Spread, one_by_one
from cadreplan.solving.options import scheduler_named


@contextmanager
def workers_of(scheduler: object, tell: Callable[[str], object] = lambda _: None) -> Iterator[Spread]:
    """What does the work: one after the other here where `scheduler` is None, else its workers side by side.

    `scheduler` is what `solve` takes; `tell` is told what is going on. Raises UsageError where that scheduler
    can't be used.
    """
    if scheduler is None:
        yield one_by_one
        return
    named = scheduler_named(scheduler)
    from cadreplan.solving.cluster import spread_over  # noqa: PLC0415 (loads Dask)

    with spread_over(named, tell) as spread:
        yield spread
