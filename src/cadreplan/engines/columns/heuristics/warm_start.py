"""A solution that is known already, in this engine's terms: its choices, and a column a leader."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, runs
from cadreplan.engines.columns.compiled.rows import ModeKind, Rows
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.trips import trips_of


def draft_of(repair: Repair, plan: Solution) -> Draft | None:
    """A plan as a draft; None where it is none of listed stays within the limits."""
    columns = columns_of(repair.instance, repair.pricer.stays, plan, repair.placer.width)
    chosen = choice_of(repair.instance, repair.rows, plan)
    if columns is None or chosen is None:
        return None
    draft = repair.empty(chosen)
    everybody = np.arange(len(columns), dtype=np.int32)
    return draft if repair.placer.put(draft, everybody, columns).all() else None


def choice_of(instance: Instance, rows: Rows, solution: Solution) -> I32 | None:
    """One mode for each block of choice: what runs, in which size of room; None if one lacks."""
    chosen = []
    for b in rows.choices:
        s = int(rows.block_session[b])
        kind, seats = ModeKind.CLOSED, 0
        if solution.runs(instance, s):
            rooms = instance.sites[instance.sessions[s].site].rooms
            kind = ModeKind.OPEN
            if rooms is not None and s in solution.rooms:
                kind, seats = ModeKind.ROOM, rooms[solution.rooms[s]].seats
        ways = range(int(rows.block_ptr[b]), int(rows.block_ptr[b + 1]))
        found = [k for k in ways if rows.mode_kind[k] == kind and rows.mode_seats[k] == seats]
        if not found:
            return None
        chosen.append(found[0])
    return np.array(chosen, np.int32)


def columns_of(instance: Instance, stays: Stays, solution: Solution, width: int) -> I32 | None:
    """The stays of every leader, (n, width), -1 where there are no more.

    None where a leader's sessions are no set of listed stays.
    """
    columns = np.full((len(instance.leaders), width), -1, np.int32)
    held = np.zeros(len(instance.sessions), np.bool_)
    for i, chosen in enumerate(solution.chosen):
        if not chosen:
            continue
        held[list(chosen)] = True
        found = _stays_of(instance, stays, i, chosen, held)
        held[list(chosen)] = False
        if found is None or len(found) > width:
            return None
        columns[i, : len(found)] = found
    return columns


def _stays_of(
    instance: Instance, stays: Stays, i: int, chosen: tuple[int, ...], held: np.ndarray
) -> list[int] | None:
    """Stays whose trips are those of the leader, the largest first, so that linked sessions are one."""
    lo, hi = int(stays.ptr[i]), int(stays.ptr[i + 1])
    if lo == hi:
        return None
    starts = stays.sess_ptr[lo:hi]
    inside = held[stays.sess[starts[0] : stays.sess_ptr[hi]]]
    whole = np.logical_and.reduceat(inside, starts - starts[0])
    trips = _trips_of(instance, i, chosen)
    fitting = [lo + int(k) for k in np.flatnonzero(whole) if _trips(stays, lo + int(k)) <= trips]
    left, found = set(chosen), []
    for j in sorted(fitting, key=lambda j: (int(stays.sess_ptr[j] - stays.sess_ptr[j + 1]), j)):
        mine = set(stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]].tolist())
        if mine <= left:
            left -= mine
            found.append(j)
    return None if left else found


def _trips_of(instance: Instance, i: int, chosen: tuple[int, ...]) -> set[tuple[int, int, int]]:
    """(site, first, last) of a leader's trips, as stays have them: from home, one for each run of days."""
    made = trips_of(instance, instance.leaders[i], chosen)
    trips = {(trip.site, trip.first, trip.last) for trip in made if not trip.at_home}
    home = len(instance.sites)
    return trips | {(home, *run) for trip in made if trip.at_home for run in runs(trip.days)}


def _trips(stays: Stays, j: int) -> set[tuple[int, int, int]]:
    return {
        (int(stays.site[j]), int(stays.trip_first[q]), int(stays.trip_last[q]))
        for q in range(int(stays.trip_ptr[j]), int(stays.trip_ptr[j + 1]))
    }
