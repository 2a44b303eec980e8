"""Columns of one part of a season as columns of another: the same sessions on the same journeys.

Every part lists its stays again and numbers its sessions from 0. A stay is recognised by a hash of its
leader, its sessions (as the whole season numbers them) and the days of its journeys; of some 10^6 stays two
different ones have the same 64 bits in one of 10^7 seasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.columns.compiled.arrays import I32
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.completion_bounds import NOTHING
from cadreplan.engines.columns.pricing.known_stays import of_names
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.stays import Stays

if TYPE_CHECKING:
    from cadreplan.engines.columns.partial.restricted_instance import RestrictedInstance

_U64 = NDArray[np.uint64]


def transferred(
    part: RestrictedInstance, kept: tuple[int, ...], pricer: Pricer, into: tuple[int, ...]
) -> I32:
    """Columns of `part`, whose sessions are `kept` of the whole season, in stays of another part's `pricer`.

    Its sessions are `into`. Returned is (n, places, width), NOTHING where a stay is not listed there or a
    column is not near.
    """
    shards, everybody = part.workspace.pricer.shards, part.workspace.everybody
    listed = pricer.shards.listed(everybody)
    every = listed.shard.stays
    old = _hashed(shards.stays, of_names(shards.names)[0], kept)
    new = _hashed(every, np.repeat(np.arange(len(every.ptr) - 1), np.diff(every.ptr)), into)
    order = np.argsort(new, kind="stable")
    place = np.minimum(np.searchsorted(new[order], old), max(0, len(new) - 1))
    found = order[place] if len(new) else np.zeros(len(old), np.int64)
    number = np.where(new[found] == old, found, NOTHING) if len(new) else np.full(len(old), NOTHING)
    work = part.workspace
    column = work.pool.column
    columns = np.where(column >= 0, number[np.maximum(column, 0)], -1) if len(number) else column.copy()
    gone = (columns == NOTHING).any(axis=2)
    gone |= np.arange(column.shape[1]) >= work.pool.size[:, None]
    result = part.result
    if result is not None:
        least = result.upper - int(work.params.partial.transfer_near * work.master.unit * SCALE)
        for k in range(column.shape[1]):
            gone[:, k] |= work.pricer.worth(column[:, k], result.prices) < least
    columns[gone] = -1
    n, places, width = columns.shape
    own = columns.reshape(n * places, width).astype(np.int32)
    into_new = listed.outward(np.repeat(everybody, places), own).reshape(n, places, width)
    into_new[gone, 0] = NOTHING
    return into_new


def _hashed(stays: Stays, leader: NDArray[np.integer], kept: tuple[int, ...]) -> _U64:
    """A number for each stay, of its `leader`, that is the same in every part."""
    if not len(stays.mask):
        return np.zeros(0, np.uint64)
    sessions = _mixed(np.array(kept, np.int64)[stays.sess] * 4 + 2)
    journeys = _mixed((stays.trip_first.astype(np.int64) << 20 | stays.trip_last) * 4 + 3)
    total = _mixed(leader.astype(np.int64) * 4 + 1) + np.add.reduceat(sessions, stays.sess_ptr[:-1])
    return np.asarray(total + np.add.reduceat(journeys, stays.trip_ptr[:-1]), np.uint64)


def _mixed(numbers: NDArray[np.int64]) -> _U64:
    """Numbers with their bits well mixed (the finaliser of SplitMix64: Steele, Lea, Flood 2014)."""
    x = numbers.astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
