"""Rows in which leaders weigh differently: sums over who attends a session, or is away on a day (`Tally`).

What entries of `mix` and ties across branches become (`cohorts`). All leaders of one branch weigh the same in
a tally, so that prices are spread, and use is added up, by branch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64
from cadreplan.engines.columns.compiled.lists import pointers
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.instance import Instance, Tally

N = TypeVar("N", I64, F64)

LEAVE = 1 << 44
"""Price (scaled points) of a person missing or too many where there may be none: beyond anybody's worth."""


class Tallies(NamedTuple):
    """Rows of tallies from `first` on, each of a `tally` and a `session` (-1: a day).

    Arrays are as in `rows.RowIndex`: `ptr` to `weight` by branch, `at` (W, M) and `day` (W) the rows of a
    tally, -1 where it has none; `unit`, `price`, `tally`, `session` and `rhs` are by row.
    """

    first: int
    ptr: I32
    of: I32
    weight: I64
    at: I32
    day: I32
    unit: I64
    price: I64
    tally: I32
    session: I32
    rhs: I64
    members: tuple[tuple[I32, I64], ...]
    """By tally its branches, and what one of each weighs."""

    def spread(self, prices: I64, session: I64, day: I64) -> None:
        """Add what one of a branch pays to (B, M) a session and (B, D) a day; `prices` are of all rows."""
        for k in np.flatnonzero(prices[self.first :]):
            branches, weight = self.members[self.tally[k]]
            paid = weight * prices[self.first + k]
            if self.session[k] >= 0:
                session[branches, self.session[k]] += paid
            else:
                day[branches, self.first + k - self.day[self.tally[k]]] += paid

    def add_use(self, use: N, people: N, away: N) -> None:
        """Write the use of these rows into that of all; people by (branch, session), as in `Rows.gather`.

        `away` (B, D+1) are changes of people by branch and day.
        """
        n_days = away.shape[1] - 1
        there = np.cumsum(away, axis=1) if (self.day >= 0).any() else away
        for w, (branches, weight) in enumerate(self.members):
            each = weight.astype(people.dtype)
            held = np.flatnonzero(self.at[w] >= 0)
            use[self.at[w, held]] = each @ people[np.ix_(branches, held)]
            if self.day[w] >= 0:
                use[self.day[w] : self.day[w] + n_days] = each @ there[branches, :n_days]


def build_tallies(instance: Instance, first: int) -> Tallies:
    """The rows of all tallies of an instance, from the index `first` on: a tally's sessions or its days."""
    n, m = len(instance.tallies), len(instance.sessions)
    at, day = np.full((n, m), -1, np.int32), np.full(n, -1, np.int32)
    tally: list[int] = []
    session: list[int] = []
    for w, one in enumerate(instance.tallies):
        if one.sessions is None:
            day[w] = first + len(tally)
            session += [-1] * instance.n_days
        else:
            at[w, list(one.sessions)] = np.arange(len(one.sessions)) + first + len(tally)
            session += one.sessions
        tally += [w] * (len(session) - len(tally))
    counts = [branch.counts for branch in instance.branches]
    branch = np.repeat(np.arange(len(counts), dtype=np.int32), [len(own) for own in counts])
    of = np.array([w for own in counts for w, _ in own], np.int32)
    weight = np.array([n for own in counts for _, n in own], np.int64)
    unit = np.array([one.unit for one in instance.tallies], np.int64)
    price = [LEAVE if one.points is None else one.points * SCALE for one in instance.tallies]
    most = np.array([one.most for one in instance.tallies], np.int64)
    by_row = np.array(tally, np.int32)
    return Tallies(
        first,
        pointers(map(len, counts)),
        of,
        weight,
        at,
        day,
        unit[by_row],
        np.where(unit > 0, np.array(price, np.int64), 0)[by_row],
        by_row,
        np.array(session, np.int32),
        most[by_row],
        tuple((branch[of == w], weight[of == w]) for w in range(n)),
    )


def soft(instance: Instance, tallies: Tallies) -> Iterator[tuple[int, int, Tally]]:
    """Row, session and tally of each row that may be exceeded at a price."""
    for k, (w, s) in enumerate(zip(tallies.tally, tallies.session, strict=True)):
        tally = instance.tallies[w]
        if tally.unit and tally.points is not None:
            yield tallies.first + k, int(s), tally
