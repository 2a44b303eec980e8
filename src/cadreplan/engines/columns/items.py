"""Items: what one leader can do at one site without a trip to another, the bricks of a leader's plan.

Two sessions at one site are *linked* where at most `stay_gap` idle days lie between some of their days. A
set of a leader's sessions falls apart into its link-connected parts, one item each. Trips, days away and
points of an item do not depend on the leader's other items, so a leader's plan is worth the sum of its
items (but for the skill gaps closed twice). Two linked sessions in different items are therefore a
conflict: together they are another item.

One exception: a day at another site ends a trip, also where the leader would have stayed on. An item whose
idle days leave room for that exists once with them as days away and once for each choice of idle stretches
that are *broken*, on the condition that a session elsewhere falls into every broken stretch.
"""

from __future__ import annotations

from typing import NamedTuple

from cadreplan.engines.columns.arrays import I32, I64

MAX_ITEMS = 6000
"""More for one leader, and only items of one or two sessions are kept (see `Items.cut`)."""
MAX_BITS = 62
TRACKED = 2
"""Modules lacked that the table of the search follows, for each leader."""


class Classes(NamedTuple):
    """Items, and pairs of items, that are alike to the table of the search: `ptr[i]..ptr[i+1]` of leader i.

    Up to `TRACKED` modules a leader are followed, which his items lack or give. `need` and `gives` are bit
    sets of them. A class of pairs stands for an item together with who provides the module of bit `by`,
    which is the first that the item lacks; classes of single items have `by` 0. Item j is of class `of[j]`;
    its pairs are `pair_ptr[j]..pair_ptr[j+1]`, with item `pair_with` and of class `pair_of`.
    """

    ptr: I32
    mask: I64
    sessions: I32
    trips: I32
    need: I32
    by: I32
    gives: I32
    of: I32
    pair_ptr: I32
    pair_with: I32
    pair_of: I32


class Items(NamedTuple):
    """Items of leader i are `ptr[i]..ptr[i+1]`.

    `mask` has a bit for every skill gap closed; bits are numbered by leader, pins first (`n_pins` of them),
    their points are `bit_points`. `points` are preferences less travel and days. `need` is set where
    another item must be there too: a prerequisite, or a session in a broken stretch. `cut[i]` marks leaders
    for whom not every item was listed.
    """

    ptr: I32
    mask: I64
    points: I64
    days: I32
    site: I32
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
    cut: I32
    classes: Classes
