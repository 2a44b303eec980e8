"""The compiled search: swaps and moves, each weighed in time that grows with the tags alone.

Counts by group and value say what a swap changes: two values of each tag in two groups. A general distance is
kept as the sum from each row to each group, so that a swap is four look-ups. Simulated annealing walks on a
sum of all goals (Kirkpatrick and others, Science 220, 1983; for diverse groups Palubeckis and others, Applied
Mathematics and Computation 219, 2012), and what it passes is compared in the order of goals.

All of it is in one file, because that is what numba looks at to see whether its cache is out of date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.jit import inner, kernel

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]

GOALS = 7
"""Ties, outside, mix, moved, like, met, and the general distance, all to be small."""
TIES, OUTSIDE, MIX, MOVED, LIKE, MET, FAR = range(GOALS)

ALONE, AT_LEAST, AT_MOST = range(3)
"""Kinds of wishes."""


class Class(NamedTuple):
    """A class as arrays, n rows, k groups, T tags, V values over all tags.

    Wish w is of value `wish_value[w]`, ascending, those of value v from `wish_ptr[v]` on; its number is
    `wish_n[w] / wish_of[w]` of the group's people, or `wish_n[w]` where `wish_of[w]` is 0. Ties of row r are
    `tie_of[tie_of_ptr[r]:]`, the rows of tie t `tie_row[tie_ptr[t]:]`. Rows met by r are `met[met_ptr[r]:]`.
    """

    heads: I64
    value: I64
    """(n, T): the value of each row, numbered over all tags; -1: none."""
    weight: I64
    n_values: int
    least: I64
    most: I64
    """People that each group should have."""
    wish_ptr: I64
    wish_value: I64
    wish_kind: I64
    wish_n: I64
    wish_of: I64
    shares: bool
    """Whether a wish is a share: then a group's size matters to all its values."""
    tie_ptr: I64
    tie_row: I64
    tie_apart: I64
    tie_of_ptr: I64
    tie_of: I64
    met_ptr: I64
    met: I64
    home: I64
    """Group of each row in the plan before; -1: none."""
    far: I64
    """(n, n), or (0, 0)."""


class State(NamedTuple):
    """Where each row sits, and what follows from it."""

    at: I64
    size: I64
    held: I64
    """(k, V): people of each value in each group."""
    near: I64
    """(n, k): sum of distances from a row to a group; (0, 0) without."""
    goals: I64


@inner
def _random(rng: U64, below: int) -> int:
    """A number from 0 on, below `below` (xorshift, Marsaglia 2003)."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return int(np.int64(x >> np.uint64(33)) % below)


@inner
def _wished(c: Class, v: int, n: int, size: int) -> int:
    """What wishes miss of one value in a group."""
    missed = 0
    for w in range(c.wish_ptr[v], c.wish_ptr[v + 1]):
        wanted, of = c.wish_n[w], c.wish_of[w]
        if c.wish_kind[w] == ALONE:
            missed += n == 1
        elif c.wish_kind[w] == AT_LEAST:
            need = -((-wanted * size) // of) if of > 0 else wanted
            missed += max(0, need - n)
        else:
            most = (wanted * size) // of if of > 0 else wanted
            missed += max(0, n - most)
    return missed


@inner
def _wished_of_all(c: Class, count: I64, g: int, size: int) -> int:
    """What wishes miss in a group, all values."""
    missed, last = 0, -1
    for w in range(len(c.wish_value)):
        v = c.wish_value[w]
        if v != last:
            missed += _wished(c, v, count[g, v], size)
            last = v
    return missed


@inner
def _outside(c: Class, g: int, size: int) -> int:
    return int(max(0, c.least[g] - size) + max(0, size - c.most[g]))


@inner
def _broken(c: Class, at: I64, t: int) -> int:
    first, last, apart = c.tie_ptr[t], c.tie_ptr[t + 1], c.tie_apart[t] != 0
    for x in range(first, last if apart else first + 1):
        for y in range(x + 1, last):
            if (at[c.tie_row[x]] == at[c.tie_row[y]]) == apart:
                return 1
    return 0


@inner
def _ties_of(c: Class, at: I64, i: int, j: int) -> int:
    """Broken ties of row i, and of row j those that aren't of i; j may be -1."""
    broken = 0
    for x in range(c.tie_of_ptr[i], c.tie_of_ptr[i + 1]):
        broken += _broken(c, at, c.tie_of[x])
    if j >= 0:
        for x in range(c.tie_of_ptr[j], c.tie_of_ptr[j + 1]):
            t, both = c.tie_of[x], False
            for y in range(c.tie_ptr[t], c.tie_ptr[t + 1]):
                both = both or c.tie_row[y] == i
            if not both:
                broken += _broken(c, at, t)
    return broken


@inner
def _met_in(c: Class, at: I64, i: int, g: int, but: int) -> int:
    """Rows in a group whom row i met before, without row `but`."""
    n = 0
    for x in range(c.met_ptr[i], c.met_ptr[i + 1]):
        n += at[c.met[x]] == g and c.met[x] != but
    return n


@inner
def _shift(c: Class, s: State, i: int, sign: int, g: int) -> None:
    """Count row i into group g (sign 1), or out of it (-1)."""
    s.size[g] += sign * c.heads[i]
    for t in range(c.value.shape[1]):
        v = c.value[i, t]
        if v >= 0:
            s.held[g, v] += sign * c.heads[i]


@inner
def _pairs(n: int) -> int:
    return n * (n - 1) // 2


@inner
def _change_of_values(c: Class, s: State, i: int, j: int, h: int, out: I64) -> None:
    """Like pairs, and wishes about the values of these rows."""
    g, p = s.at[i], c.heads[i]
    q = c.heads[j] if j >= 0 else 0
    one_by_one = p == q or not c.shares
    for t in range(c.value.shape[1]):
        a = c.value[i, t]
        b = c.value[j, t] if j >= 0 else -1
        for turn in range(2):
            v = a if turn == 0 else b
            d = p * (v == a) - q * (v == b)
            if v < 0 or d == 0 or (turn == 1 and b == a):
                continue
            n, m = s.held[g, v], s.held[h, v]
            out[LIKE] += c.weight[t] * (_pairs(n - d) + _pairs(m + d) - _pairs(n) - _pairs(m))
            if one_by_one and c.wish_ptr[v] < c.wish_ptr[v + 1]:
                out[MIX] += _wished(c, v, n - d, s.size[g] - p + q) - _wished(c, v, n, s.size[g])
                out[MIX] += _wished(c, v, m + d, s.size[h] + p - q) - _wished(c, v, m, s.size[h])


@inner
def _change_of_shares(c: Class, s: State, i: int, j: int, h: int, out: I64) -> None:
    """Wishes where groups become smaller and larger and some are shares: those of all values."""
    g = s.at[i]
    out[MIX] = -_wished_of_all(c, s.held, g, s.size[g]) - _wished_of_all(c, s.held, h, s.size[h])
    _exchange(c, s, i, j, g, h)
    out[MIX] += _wished_of_all(c, s.held, g, s.size[g]) + _wished_of_all(c, s.held, h, s.size[h])
    _exchange(c, s, i, j, h, g)


@inner
def _exchange(c: Class, s: State, i: int, j: int, g: int, h: int) -> None:
    """Count row i out of group g into h, and row j, if any, the other way."""
    _shift(c, s, i, -1, g)
    _shift(c, s, i, 1, h)
    if j >= 0:
        _shift(c, s, j, -1, h)
        _shift(c, s, j, 1, g)


@inner
def _change_of_ties(c: Class, at: I64, i: int, j: int, h: int, out: I64) -> None:
    if c.tie_of_ptr[i] == c.tie_of_ptr[i + 1] and (j < 0 or c.tie_of_ptr[j] == c.tie_of_ptr[j + 1]):
        return
    g = at[i]
    out[TIES] -= _ties_of(c, at, i, j)
    at[i] = h
    if j >= 0:
        at[j] = g
    out[TIES] += _ties_of(c, at, i, j)
    at[i] = g
    if j >= 0:
        at[j] = h


@inner
def change(c: Class, s: State, i: int, j: int, h: int, out: I64) -> None:
    """What goals change by if row i goes to group h and row j (-1: nobody) from there to where i was.

    Everything is as before afterwards.
    """
    at, g, p = s.at, s.at[i], c.heads[i]
    q = c.heads[j] if j >= 0 else 0
    out[:] = 0
    if p != q:
        out[OUTSIDE] = _outside(c, g, s.size[g] - p + q) + _outside(c, h, s.size[h] + p - q)
        out[OUTSIDE] -= _outside(c, g, s.size[g]) + _outside(c, h, s.size[h])
        if c.shares:
            _change_of_shares(c, s, i, j, h, out)
    _change_of_values(c, s, i, j, h, out)
    if c.home[i] >= 0:
        out[MOVED] += p * (int(c.home[i] != h) - int(c.home[i] != g))
    if j >= 0 and c.home[j] >= 0:
        out[MOVED] += q * (int(c.home[j] != g) - int(c.home[j] != h))
    if len(c.tie_row) > 0:
        _change_of_ties(c, at, i, j, h, out)
    if len(c.met) > 0:
        out[MET] += _met_in(c, at, i, h, j) - _met_in(c, at, i, g, j)
        if j >= 0:
            out[MET] += _met_in(c, at, j, g, i) - _met_in(c, at, j, h, i)
    if len(c.far) > 0:
        out[FAR] += s.near[i, g] - s.near[i, h]
        if j >= 0:
            out[FAR] += s.near[j, h] - s.near[j, g] + 2 * c.far[i, j]


@inner
def apply(c: Class, s: State, i: int, j: int, h: int, out: I64) -> None:
    """Do what `change` weighed."""
    g = s.at[i]
    _exchange(c, s, i, j, g, h)
    s.at[i] = h
    if j >= 0:
        s.at[j] = g
    for z in range(GOALS):
        s.goals[z] += out[z]
    if len(c.far) > 0:
        for r in range(len(s.at)):
            d = c.far[i, r] - (c.far[j, r] if j >= 0 else 0)
            s.near[r, g] -= d
            s.near[r, h] += d


@kernel
def begin(c: Class, s: State) -> None:
    """Fill a state whose `at` is set."""
    s.size[:] = 0
    s.held[:] = 0
    s.goals[:] = 0
    for i in range(len(s.at)):
        _shift(c, s, i, 1, s.at[i])
    for g in range(len(s.size)):
        s.goals[OUTSIDE] += _outside(c, g, s.size[g])
        s.goals[MIX] += _wished_of_all(c, s.held, g, s.size[g])
    for i in range(len(s.at)):
        s.goals[MOVED] += c.heads[i] * (c.home[i] >= 0 and c.home[i] != s.at[i])
        s.goals[MET] += _met_in(c, s.at, i, s.at[i], -1)
    s.goals[MET] //= 2
    for t in range(len(c.tie_apart)):
        s.goals[TIES] += _broken(c, s.at, t)
    for t in range(c.value.shape[1]):
        seen = np.zeros(c.n_values, dtype=np.bool_)
        for i in range(len(s.at)):
            v = c.value[i, t]
            if v >= 0 and not seen[v]:
                seen[v] = True
                for g in range(len(s.size)):
                    s.goals[LIKE] += c.weight[t] * _pairs(s.held[g, v])
    if len(c.far) > 0:
        s.near[:] = 0
        for i in range(len(s.at)):
            for r in range(len(s.at)):
                s.near[i, s.at[r]] += c.far[i, r]
            s.goals[FAR] -= s.near[i, s.at[i]]
        s.goals[FAR] //= 2


@inner
def _earlier(a: I64, b: I64) -> bool:
    """Whether goals a come before goals b."""
    for z in range(GOALS):
        if a[z] != b[z]:
            return bool(a[z] < b[z])
    return False


@kernel
def anneal(
    c: Class,
    s: State,
    price: F64,
    hot: float,
    cold: float,
    steps: int,
    free: int,
    bound: I64,
    rng: U64,
    best: I64,
) -> int:
    """Walk `steps` steps while it cools from `hot` to `cold`; the best division on the way is in `best`.

    `price` is what one of each goal counts. `free` of 1000 steps try a single move in place of a swap. Ends
    where goals are `bound`, which nothing comes before; returns the steps done.
    """
    n, k = len(s.at), len(s.size)
    out = np.zeros(GOALS, dtype=np.int64)
    best_goals = s.goals.copy()
    best[:] = s.at
    heat = hot
    every = max(1, min(1000, steps // 200))
    cooling = (cold / hot) ** (every / max(1, steps))
    if k < 2 or not _earlier(bound, best_goals):
        return 0
    for step in range(steps):
        if step % every == 0:
            heat *= cooling
        i = _random(rng, n)
        if free > 0 and _random(rng, 1000) < free:
            j, h = -1, _random(rng, k)
        else:
            j = _random(rng, n)
            h = s.at[j]
        if h == s.at[i]:
            continue
        change(c, s, i, j, h, out)
        worse = 0.0
        for z in range(GOALS):
            worse += price[z] * out[z]
        if worse > 30.0 * heat:  # e^-30: never
            continue
        if worse > 0.0 and _random(rng, 1 << 30) >= np.exp(-worse / heat) * (1 << 30):
            continue
        apply(c, s, i, j, h, out)
        if _earlier(s.goals, best_goals):
            best_goals[:] = s.goals
            best[:] = s.at
            if not _earlier(bound, best_goals):
                return step + 1
    return steps


@kernel
def descend(c: Class, s: State, moves: bool, most: int) -> int:
    """Take every swap (and move) that comes earlier in the order of goals, until there is none.

    It weighs `most` of them at most, and returns how many it did.
    """
    n, k = len(s.at), len(s.size)
    out = np.zeros(GOALS, dtype=np.int64)
    nothing = np.zeros(GOALS, dtype=np.int64)
    weighed, better = 0, True
    while better and weighed < most:
        better = False
        for i in range(n):
            if moves:
                for h in range(k):
                    if h != s.at[i]:
                        weighed += 1
                        change(c, s, i, -1, h, out)
                        if _earlier(out, nothing):
                            apply(c, s, i, -1, h, out)
                            better = True
            for j in range(i + 1, n):
                if s.at[j] != s.at[i]:
                    weighed += 1
                    change(c, s, i, j, s.at[j], out)
                    if _earlier(out, nothing):
                        apply(c, s, i, j, s.at[j], out)
                        better = True
            if weighed >= most:
                break
    return weighed


def is_cached() -> bool:
    """Whether these kernels were compiled before on this machine."""
    folder = Path(cast(Any, numba.config).CACHE_DIR)
    return folder.is_dir() and next(folder.rglob("kernel.anneal*.nbc"), None) is not None
