"""Pricers of leaders whose stays are listed already."""

from __future__ import annotations

from collections.abc import Callable

from cadreplan.engines.columns.compiled.arrays import Compiled
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.params import DEFAULTS, Params
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.shards import LocalShards, Shard
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool


def pricer_with(
    compiled: Compiled,
    stays: Stays,
    rows: Rows,
    threads: ThreadPool,
    params: Params = DEFAULTS,
    stop: Callable[[], bool] | None = None,
) -> Pricer:
    """The pricer of leaders with these stays, within these rows."""
    shards = LocalShards(Shard(compiled, stays), rows, threads)
    return Pricer(compiled, shards, rows, threads, params, stop)
