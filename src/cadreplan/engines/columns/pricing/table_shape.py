"""What the table of completion bounds knows: its dimensions, as far as there is room for them."""

from __future__ import annotations

from typing import NamedTuple

from cadreplan.engines.columns.compiled.arrays import Compiled
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner

TABLE_BITS = 13
"""Skill gaps in the table; the points of others count each time that they are closed."""
BARE, SMALL, MIDDLING, LARGE, HUGE = 0, 1 << 17, 1 << 18, 1 << 20, 1 << 22
"""Entries of a table at most; memory that no search needs is never touched. Bare ones know nothing but skill
gaps, whatever room there is, and all but small ones know more than these."""
_BARE_BITS = 7
"""Skill gaps in a bare table."""
_MODULES, _MORE_MODULES = 6, 8
"""More are not worth the time to fill a table, and a huge one."""
_LONG = 5
"""Days that most stays take: where the limit leaves so many for every skill gap, it hardly matters."""


class TableShape(NamedTuple):
    """The table has a layer of `layer` entries for each first day, and, where it knows of them, `closed` ones
    for first days with a site at which no stay may begin for a while. Entries are by (modules given,
    sessions left, trips left, days left, state of mixing, set of skill gaps left); dimensions of 1 are left
    out, and only modules in `modules` are known."""

    bits: int
    sessions: int
    trips: int
    days: int
    modules: int
    states: int
    closed: int
    layer: int


@inner
def bare(n_bits: int) -> TableShape:
    """The dimensions of a table that knows some of so many skill gaps and nothing else."""
    bits = min(_BARE_BITS, n_bits)
    return TableShape(bits, 1, 1, 1, 0, 1, 0, 1 << bits)


@inner
def shape_of(
    i: int,
    k_max: int,
    t_max: int,
    d_max: int,
    lacked: int,
    known: int,
    chained: bool,
    closed: int,
    size: int,
    c: Compiled,
    stays: Stays,
) -> TableShape:
    """The dimensions of a table of at most `size` entries, those that matter least left out.

    `lacked` are the modules followed that some stay lacks, `known` all that matter; stays are `chained` where
    most lack some. `closed` are the layers that sites need which are closed for a while; both they and days
    away are known to all but a small table. Of sessions and trips the limit that is closer matters more:
    most stays are one session and one trip.
    """
    n_bits = min(TABLE_BITS, stays.bit_ptr[i + 1] - stays.bit_ptr[i])
    if size == BARE:
        return bare(n_bits)
    k_dim = k_max + 1 if k_max < n_bits else 1
    t_dim = t_max + 1 if t_max < n_bits else 1
    d_dim = d_max + 1 if size > SMALL and not chained and d_max < n_bits * _LONG else 1
    modules, most = 0, _MORE_MODULES if size >= HUGE else _MODULES
    while modules < most and known >> modules:
        modules += 1
    mixing_is_known = stays.cut[i] == 0 and c.leaders.twice[i, 2] == 0
    states = len(c.mixing.kept) if mixing_is_known else 1
    layers = plain = stays.timing.n_begins[i] + 1
    if size > SMALL and 2 * closed > plain:
        layers += closed + stays.timing.n_spots[i]
    while layers * ((k_dim * t_dim * d_dim * states) << (n_bits + modules)) > size:
        if d_dim > 1 and min(k_dim, t_dim) > 1:
            k_dim, t_dim = (1, t_dim) if k_dim > t_dim else (k_dim, 1)
        elif states > 1:
            states = 1
        elif modules > 0 and not lacked >> (modules - 1):
            modules -= 1
        elif layers > plain:
            layers = plain
        elif min(k_dim, t_dim) > 1:
            k_dim, t_dim = (1, t_dim) if k_dim > t_dim else (k_dim, 1)
        elif modules > 0:
            modules -= 1
        elif max(k_dim, t_dim) > 1:
            k_dim = t_dim = 1
        elif d_dim > 1:
            d_dim = 1
        else:
            n_bits -= 1
    layer = (k_dim * t_dim * d_dim * states * (1 << modules)) << n_bits
    return TableShape(
        n_bits, k_dim, t_dim, d_dim, (1 << modules) - 1, states, closed if layers > plain else 0, layer
    )
