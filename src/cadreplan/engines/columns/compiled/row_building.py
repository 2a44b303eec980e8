"""The linking constraints of an instance, row by row, and the modes of its sessions (`rows` says what they
are)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.lists import pointers
from cadreplan.engines.columns.compiled.rows import UNLIMITED, ModeKind, Rows
from cadreplan.engines.columns.compiled.tallies import build_tallies, soft
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance, Session
from cadreplan.language import tr


class _Mode(NamedTuple):
    """A way to hold a session, or not to: its (row, coefficient), points, kind, seats of its room, people."""

    entries: list[tuple[int, int]]
    points: int
    kind: ModeKind
    seats: int
    people: int


class _Blocks:
    """Session blocks as they are found."""

    def __init__(self) -> None:
        self.session: list[int] = []
        self.lengths: list[int] = []
        self.modes: list[_Mode] = []

    def add(self, session: int, modes: list[_Mode]) -> None:
        """One more block."""
        self.session.append(session)
        self.lengths.append(len(modes))
        self.modes += modes

    def add_underfill(self, session: int, row: int, coefficient: int, points: int, people: int) -> None:
        """A block of none, or all, of that many people missing; what lies between is a fraction of it."""
        none = _Mode([], 0, ModeKind.UNDERFILL, 0, 0)
        self.add(session, [none, _Mode([(row, coefficient)], points, ModeKind.UNDERFILL, 0, people)])


def build_rows(instance: Instance) -> Rows:
    """Rows and blocks of an instance; rows that do not exist have an unlimited right-hand side."""
    m, d = len(instance.sessions), instance.n_days
    quotas = [(s, b, q) for s, session in enumerate(instance.sessions) for b, q in session.quotas]
    quota0 = 2 * m
    bed0 = quota0 + len(quotas)
    home = 1 if instance.policy.local_km else 0  # a site without limits behind all others, see `Compiled`
    away0 = bed0 + (len(instance.sites) + home) * d
    offer0 = away0 + len(instance.branches) * d
    room0 = offer0 + len(instance.offerings)
    room_rows, room_rhs, sizes = _room_rows(instance, room0)
    limit0 = room0 + len(room_rhs)
    tally0 = limit0 + len(instance.limits)
    tallies = build_tallies(instance, tally0)
    rhs = np.full(tally0 + len(tallies.rhs), UNLIMITED, np.int64)
    rhs[quota0:bed0] = [0 if instance.sessions[s].candidate else q for s, _, q in quotas]
    for p, site in enumerate(instance.sites):
        if site.beds is not None:
            rhs[bed0 + p * d : bed0 + (p + 1) * d] = [_most(instance.beds_on(p, day)) for day in range(d)]
    for b, branch in enumerate(instance.branches):
        if branch.max_away is not None:
            rhs[away0 + b * d : away0 + (b + 1) * d] = [_most(instance.away_on(b, day)) for day in range(d)]
    for o, offering in enumerate(instance.offerings):
        if offering.max_runs is not None:
            rhs[offer0 + o] = offering.max_runs
    rhs[room0:limit0] = room_rhs
    rhs[limit0:tally0] = [limit.most for limit in instance.limits]
    rhs[tally0:] = tallies.rhs
    shared = _shared_entries(instance, offer0, limit0)
    for k in np.flatnonzero(tallies.session >= 0):
        tally = instance.tallies[tallies.tally[k]]
        if tally.run:
            shared[tallies.session[k]].append((tally0 + int(k), tally.run))
    for row, (s, _, q) in enumerate(quotas, quota0):
        shared[s].append((row, -q))
    blocks = _Blocks()
    for s, session in enumerate(instance.sessions):
        rhs[s] = session.seats
        rhs[m + s] = UNLIMITED
        housed = sizes[session.site] if session.needs_room else None
        if session.candidate or housed is not None:
            rhs[s] = 0
            if session.candidate and session.min_seats > 0:
                rhs[m + s] = 0
            modes = _modes_of(instance, s, session, housed, room_rows, m, shared[s])
            if not modes:
                place = instance.sites[session.site].id
                fact = tr("site {site} has a room for {session}", site=place, session=session.id)
                raise ContradictionError([fact])
            blocks.add(s, modes)
        weight, least = instance.policy.weights.underfill, session.min_seats
        if not session.candidate and least > 0 and weight > 0:
            rhs[m + s] = -least
            blocks.add_underfill(s, m + s, -least, -weight * least, least)
    for row, s, tally in soft(instance, tallies):
        lost = (tally.points or 0) * tally.beyond
        blocks.add_underfill(s, row, -tally.unit * tally.beyond, -lost, tally.beyond)
    parent = np.array([-1 if b.parent is None else b.parent for b in instance.branches], np.int32)
    order = np.array(sorted(range(len(instance.branches)), key=lambda b: len(instance.lineages[b])), np.int32)
    return Rows(
        rhs,
        m,
        d,
        quota0,
        bed0,
        away0,
        offer0,
        room0,
        limit0,
        tallies,
        np.array([s for s, _, _ in quotas], np.int32),
        np.array([b for _, b, _ in quotas], np.int32),
        pointers(blocks.lengths),
        np.array(blocks.session, np.int32),
        pointers(len(mode.entries) for mode in blocks.modes),
        np.array([r for mode in blocks.modes for r, _ in mode.entries], np.int32),
        np.array([v for mode in blocks.modes for _, v in mode.entries], np.int64),
        np.array([mode.points for mode in blocks.modes], np.int64),
        np.array([mode.kind for mode in blocks.modes], np.int32),
        np.array([mode.seats for mode in blocks.modes], np.int64),
        np.array([mode.people for mode in blocks.modes], np.int64),
        order,
        parent,
        np.arange(len(rhs), dtype=np.int32),
    )


def _most(limit: int | None) -> int:
    return UNLIMITED if limit is None else limit


def _shared_entries(instance: Instance, offer0: int, limit0: int) -> list[list[tuple[int, int]]]:
    """By session, what its running takes of rows that candidates share: runs of its offering, limits."""
    entries: list[list[tuple[int, int]]] = [[] for _ in instance.sessions]
    for s, session in enumerate(instance.sessions):
        if session.candidate and session.offering is not None:
            entries[s].append((offer0 + session.offering, 1))
    for n, limit in enumerate(instance.limits):
        for s, weight in limit.terms:
            entries[s].append((limit0 + n, weight))
    return entries


def _modes_of(
    instance: Instance,
    s: int,
    session: Session,
    sizes: dict[int, int] | None,
    room_rows: dict[tuple[int, int], list[int]],
    m: int,
    shared: list[tuple[int, int]],
) -> list[_Mode]:
    """Each way to hold a session, and of not holding it.

    `shared` are the entries of a run in rows of offerings and limits.
    """
    modes: list[_Mode] = []
    if session.candidate:
        modes.append(_Mode([], 0, ModeKind.CLOSED, 0, 0))
    rooms = instance.sites[session.site].rooms
    if session.room is not None and rooms is not None:
        sizes = {rooms[session.room].seats: 1}
    for size in [None] if sizes is None else sorted(sizes):
        people = session.seats if size is None or session.frozen else min(session.seats, size)
        if session.candidate and people < session.min_seats:
            continue
        entries = [(s, -people)]
        points = 0
        if session.candidate:
            points = -instance.policy.weights.open * session.cost
            if session.min_seats > 0:
                entries.append((m + s, session.min_seats))
            entries += shared
        if size is None:
            modes.append(_Mode(entries, points, ModeKind.OPEN, 0, people))
        else:
            entries += [(row, 1) for row in room_rows.get((s, size), ())]
            modes.append(_Mode(entries, points, ModeKind.ROOM, size, people))
    return modes


def _room_rows(
    instance: Instance, first: int
) -> tuple[dict[tuple[int, int], list[int]], list[int], list[dict[int, int] | None]]:
    """Rows by (session, room size), their right-hand sides, and every site's number of rooms by size."""
    rows: dict[tuple[int, int], list[int]] = {}
    rhs: list[int] = []
    sizes: list[dict[int, int] | None] = []
    for p, site in enumerate(instance.sites):
        if site.rooms is None:
            sizes.append(None)
            continue
        count: dict[int, int] = {}
        for room in site.rooms:
            count[room.seats] = count.get(room.seats, 0) + 1
        sizes.append(count)
        by_day: dict[int, set[int]] = {}
        for s, session in enumerate(instance.sessions):
            if session.site == p and session.needs_room:
                for day in session.days:
                    by_day.setdefault(day, set()).add(s)
        meetings = {frozenset(there) for there in by_day.values()}
        largest = [one for one in meetings if not any(one < other for other in meetings)]
        for there in sorted(largest, key=sorted):
            for size in sorted(count):
                if len(there) > count[size]:
                    for s in there:
                        rows.setdefault((s, size), []).append(first + len(rhs))
                    rhs.append(count[size])
    return rows, rhs, sizes
