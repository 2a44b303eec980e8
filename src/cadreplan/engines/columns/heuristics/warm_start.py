"""A solution that is known already, in this engine's terms: its choices, and a column a leader."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, runs
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.heuristics.placing import Draft
from cadreplan.engines.columns.heuristics.repair import Mender
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.trips import trips_of


def draft_of(mender: Mender, plan: Solution) -> Draft | None:
    """A plan as a draft; None where it is none of listed items within the limits."""
    columns = columns_of(mender.instance, mender.pricer.items, plan, mender.placer.width)
    chosen = choice_of(mender.instance, mender.rows, plan)
    if columns is None or chosen is None:
        return None
    draft = mender.empty(chosen)
    everybody = np.arange(len(columns), dtype=np.int32)
    return draft if mender.placer.put(draft, everybody, columns).all() else None


def choice_of(instance: Instance, rows: Rows, solution: Solution) -> I32 | None:
    """One configuration for each block of choice: what runs, in which size of room; None if one lacks."""
    chosen = []
    for b in rows.choices:
        s = int(rows.block_session[b])
        size = -2
        if solution.runs(instance, s):
            rooms = instance.sites[instance.sessions[s].site].rooms
            size = -1 if rooms is None or s not in solution.rooms else rooms[solution.rooms[s]].seats
        ways = range(int(rows.block_ptr[b]), int(rows.block_ptr[b + 1]))
        found = [k for k in ways if rows.cfg_size[k] == size]
        if not found:
            return None
        chosen.append(found[0])
    return np.array(chosen, np.int32)


def columns_of(instance: Instance, items: Items, solution: Solution, width: int) -> I32 | None:
    """The items of every leader, (n, width), -1 where there are no more.

    None where a leader's sessions are no set of listed items.
    """
    columns = np.full((len(instance.leaders), width), -1, np.int32)
    held = np.zeros(len(instance.sessions), np.bool_)
    for i, chosen in enumerate(solution.chosen):
        if not chosen:
            continue
        held[list(chosen)] = True
        found = _items_of(instance, items, i, chosen, held)
        held[list(chosen)] = False
        if found is None or len(found) > width:
            return None
        columns[i, : len(found)] = found
    return columns


def _items_of(
    instance: Instance, items: Items, i: int, chosen: tuple[int, ...], held: np.ndarray
) -> list[int] | None:
    """Items whose trips are those of the leader, the largest first, so that linked sessions are one."""
    lo, hi = int(items.ptr[i]), int(items.ptr[i + 1])
    if lo == hi:
        return None
    starts = items.sess_ptr[lo:hi]
    inside = held[items.sess[starts[0] : items.sess_ptr[hi]]]
    whole = np.logical_and.reduceat(inside, starts - starts[0])
    trips = _trips_of(instance, i, chosen)
    fitting = [lo + int(k) for k in np.flatnonzero(whole) if _trips(items, lo + int(k)) <= trips]
    left, found = set(chosen), []
    for j in sorted(fitting, key=lambda j: (int(items.sess_ptr[j] - items.sess_ptr[j + 1]), j)):
        mine = set(items.sess[items.sess_ptr[j] : items.sess_ptr[j + 1]].tolist())
        if mine <= left:
            left -= mine
            found.append(j)
    return None if left else found


def _trips_of(instance: Instance, i: int, chosen: tuple[int, ...]) -> set[tuple[int, int, int]]:
    """(site, first, last) of a leader's trips, as items have them: from home, one for each run of days."""
    made = trips_of(instance, instance.leaders[i], chosen)
    trips = {(trip.site, trip.first, trip.last) for trip in made if not trip.at_home}
    home = len(instance.sites)
    return trips | {(home, *run) for trip in made if trip.at_home for run in runs(trip.days)}


def _trips(items: Items, j: int) -> set[tuple[int, int, int]]:
    return {
        (int(items.site[j]), int(items.trip_first[q]), int(items.trip_last[q]))
        for q in range(int(items.trip_ptr[j]), int(items.trip_ptr[j + 1]))
    }
