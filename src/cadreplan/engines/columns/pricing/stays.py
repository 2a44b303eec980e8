"""Stays: what one leader can do at one site without a trip to another, the bricks of a leader's plan.

Two sessions at one site are *linked* where at most `stay_gap` idle days lie between some of their days. A
set of a leader's sessions falls apart into its link-connected parts, one stay each. Trips, days away and
points of a stay do not depend on the leader's other stays, so a leader's plan is worth the sum of its
stays (but for the skill gaps closed twice). Two linked sessions in different stays are therefore a
conflict: together they are another stay.

Where a leader sleeps at home, nothing is linked: each session is a stay of its own, away on its days alone.

One exception: a day at another site ends a trip, also where the leader would have stayed on. A stay whose
idle days leave room for that exists once with them as days away and once for each choice of idle stretches
that are *broken*, on the condition that a session elsewhere falls into every broken stretch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.structures import Structure

I8: TypeAlias = NDArray[np.int8]
I16: TypeAlias = NDArray[np.int16]
DIFFERENT, ALIKE_ELSEWHERE, ALIKE = 0, 1, 2
"""What stays that begin on one day are to each other."""
MOST_CLOSED = 8
"""First days for which it is known at most that a site is closed."""
MAX_STAYS = 6000
"""More for one leader, and only stays of one or two sessions are kept (see `Stays.cut`)."""
MAX_BITS = 62
FOLLOWED = 16
"""Modules of which it is known by stay who lacks or gives them, for each leader."""


@dataclass(frozen=True, eq=False)
class Timing(Structure):
    """Stays of leader i by first day are `turn[ptr[i]..ptr[i+1]]`, counted from the leader's first.

    `begin` is the place of a stay's first day among the `n_begins` different first days of the leader's
    stays, `after` that of the first one on which another may begin after its first trip. `spot` numbers the
    sites of a leader's sessions, `n_spots` of them: one more stay at the same has to wait for `closed` first
    days longer than one elsewhere, as it would be linked. `lacks` and `gives` are bit sets of the modules
    followed: what another stay must have given before the first trip, and what a stay has. A stay may have a
    module that is not followed where bit `FOLLOWED` of `gives` is set. Bits in `single`, by leader, are of
    modules that nobody lacks, followed because no two stays of a plan may have the same.

    To the search those are *alike* that differ in nothing but cost, days away, and what they clash with. They
    follow one another: by place in `turn`, `alike` says how far a stay is like the one before (`DIFFERENT`,
    `ALIKE_ELSEWHERE`: but for `spot` and `closed`, or `ALIKE`).
    """

    turn: I32
    alike: I8
    begin: I32
    after: I32
    closed: I8
    spot: I16
    n_begins: I32
    n_spots: I32
    lacks: I32
    gives: I32
    single: I32


@dataclass(frozen=True, eq=False)
class Stays(Structure):
    """Stays of leader i are `ptr[i]..ptr[i+1]`.

    `mask` has a bit for every skill gap closed; bits are numbered by leader, pins first (`n_pins` of them),
    their points are `bit_points`. `points` are preferences less travel and days. `trips` are those that count
    for a leader's limit, 0 for stays at home (their `site`, see `Compiled`), whose trips last a run of days.
    `need` is set where
    another stay must be there too: bit 1 for a prerequisite, or a session in a broken stretch; bit 2 for a
    later session that one of the stay, of no use by itself, leads up to. `cut[i]` marks leaders
    for whom not every stay was listed. Of the sessions that close a skill gap in `once[i]`, leader i can
    attend only one.
    """

    ptr: I32
    mask: I64
    points: I64
    days: I32
    site: I32
    trips: I32
    need: I32
    sess_ptr: I32
    sess: I32
    trip_ptr: I32
    trip_first: I32
    trip_last: I32
    idle_ptr: I32
    idle_first: I32
    idle_last: I32
    idle_broken: I32
    bit_ptr: I32
    bit_points: I64
    n_pins: I32
    once: I64
    cut: I32
    timing: Timing
