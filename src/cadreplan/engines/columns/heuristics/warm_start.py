"""A solution that is known already, in this engine's terms: its choices, and a column a leader."""

from __future__ import annotations

import pickle
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32
from cadreplan.engines.columns.compiled.lists import runs
from cadreplan.engines.columns.compiled.rows import ModeKind, Rows
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.pricing.known_stays import content_of
from cadreplan.engines.columns.pricing.remote import as_bytes
from cadreplan.engines.columns.pricing.shards import Common, Shard, Shards
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.trips import trips_of


def draft_of(repair: Repair, plan: Solution) -> Draft | None:
    """A plan as a draft; None where it is none of listed stays within the limits."""
    columns = columns_of(repair.instance, repair.pricer.shards, plan, repair.placer.width)
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


def columns_of(instance: Instance, shards: Shards, solution: Solution, width: int) -> I32 | None:
    """The stays of every leader, (n, width), -1 where there are no more.

    None where a leader's sessions are no set of listed stays.
    """
    columns = np.full((len(instance.leaders), width), -1, np.int32)
    who = np.array([i for i, chosen in enumerate(solution.chosen) if chosen], np.int32)
    plans = [_Held(solution.chosen[i], _trips_of(instance, i, solution.chosen[i])) for i in who.tolist()]
    if shards.lots is None:
        listed = shards.listed(who)
        found = _found(listed.shard.stays, listed.places(who), plans, width)
        columns[who] = listed.outward(who, found)
    else:
        lots, at = shards.lots, np.full(len(columns), -1, np.int64)
        at[who] = np.arange(len(who))
        own = {k: np.flatnonzero(at[some] >= 0).astype(np.int32) for k, some in enumerate(lots.who)}
        held = {k: [plans[j] for j in at[lots.who[k][own[k]]]] for k in own}
        parts = {k: as_bytes((own[k], held[k], width)) for k in own if len(own[k])}
        answers = lots.ask(found_in_lot, b"", parts)
        found_there = {k: pickle.loads(answers[k]) for k in parts}
        lots.learn({k: content for k, (_, content) in found_there.items()})
        for k, (places, _) in found_there.items():
            some = lots.who[k][own[k]]
            columns[some] = lots.numbers(some, places)
    return None if (columns[who, 0] < 0).any() else columns


class _Held(NamedTuple):
    """The sessions that a leader has, and their trips (site, first, last) as stays have them."""

    chosen: tuple[int, ...]
    trips: set[tuple[int, int, int]]


def found_in_lot(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """Columns of leaders of a shard by places among their stays, from what they have, and what these are."""
    who, plans, width = pickle.loads(part)
    found = _found(shard.stays, who, plans, width)
    places = np.where(found >= 0, found - shard.stays.ptr[who][:, None], found).astype(np.int32)
    return as_bytes((places, content_of(shard.stays, who, places)))


def _found(stays: Stays, who: I32, plans: list[_Held], width: int) -> I32:
    """The columns (n, width) of leaders `who`; of no stays where there are none for what one has."""
    columns = np.full((len(who), width), -1, np.int32)
    held = np.zeros(int(stays.sess.max(initial=0)) + 1, np.bool_)
    for x, (i, plan) in enumerate(zip(who.tolist(), plans, strict=True)):
        if max(plan.chosen) >= len(held):
            continue
        held[list(plan.chosen)] = True
        found = _stays_of(stays, i, plan, held)
        held[list(plan.chosen)] = False
        if found is not None and len(found) <= width:
            columns[x, : len(found)] = found
    return columns


def _stays_of(stays: Stays, i: int, plan: _Held, held: np.ndarray) -> list[int] | None:
    """Stays whose trips are those of the leader, the largest first, so that linked sessions are one."""
    lo, hi = int(stays.ptr[i]), int(stays.ptr[i + 1])
    if lo == hi:
        return None
    starts = stays.sess_ptr[lo:hi]
    inside = held[stays.sess[starts[0] : stays.sess_ptr[hi]]]
    whole = np.logical_and.reduceat(inside, starts - starts[0])
    fitting = [lo + int(k) for k in np.flatnonzero(whole) if _trips(stays, lo + int(k)) <= plan.trips]
    left, found = set(plan.chosen), []
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
