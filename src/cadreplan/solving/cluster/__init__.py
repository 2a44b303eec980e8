"""A solve whose leaders are priced by the workers of a Dask cluster; the only package that knows Dask.

The engine runs here and keeps its master; the shards of leaders are futures that stay on the workers where
they were made (`engines.columns.pricing.remote`). A worker that dies loses its shards and answers, and Dask
has both made again by others from the same descriptions: the engine sees a result later, and nothing else.
Nothing here schedules, retries or moves data. When the solve ends, however it ends, its client is closed, and
with it the scheduler forgets everything that was asked.
"""

from __future__ import annotations

import time
from contextlib import suppress

from cadreplan.engines.columns.solve import solve as solve_columns
from cadreplan.engines.interface import EngineOptions, Listener, Scheduler
from cadreplan.instance import Instance
from cadreplan.solving.cluster.connecting import connected, scheduler_of
from cadreplan.solving.cluster.fleet import EndedError, Fleet
from cadreplan.solving.cluster.spreading import spread_over

__all__ = ["scheduler_of", "solve", "spread_over"]


def solve(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """Find plans and bounds as the `columns` engine does, and raise as it does.

    Raises UsageError where no scheduler answers or workers are of other versions, ClusterLostError where the
    scheduler is lost on the way.
    """
    began = time.monotonic()
    scheduler = options.scheduler or Scheduler(None, None)
    with connected(scheduler, listener.phase, options.time_limit) as client:
        fleet = Fleet(client, options, listener, began)
        with suppress(EndedError):
            solve_columns(instance, options, listener, dispatch=fleet.placed)
