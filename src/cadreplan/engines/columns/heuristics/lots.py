"""Leaders placed in lots: side by side where their stays are listed, each lot with its share of what is left.

Some lots work at a time, and of what is left of a limit each of them has a share: whole people, in proportion
to those who may want it; and so of the people beyond a session's minimum. So no two can overdraw, and what
they bring fits together, but for what may be exceeded at a price. Most limits of branches concern one lot
alone. Lots that work at a time are far apart for that, and how many these are depends on the instance alone:
who works, and how many, changes nothing of the plan.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows
from cadreplan.engines.columns.compiled.scale import scaled
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.params import DEFAULTS, Params
from cadreplan.engines.columns.pricing.known_stays import Content, content_of
from cadreplan.engines.columns.pricing.remote import as_bytes
from cadreplan.engines.columns.pricing.shards import Common, Paid, Shard


@dataclass(frozen=True)
class Task:
    """What is asked of all lots: `price` (scaled) of the rows `row`, the nodes of a search, the width of
    columns, and by session what a draft says of people."""

    row: I32
    price: I64
    node_limit: int
    width: int
    people: I64
    minimum: I64
    reward: I64
    params: Params = DEFAULTS
    seed: int = 0
    columns_each: float = 0.0
    """Where blocks are placed again: columns a leader of the integer programme."""

    @classmethod
    def of(cls, draft: Draft, prices: F64, node_limit: int = 0) -> Task:
        """The task for leaders of a draft at `prices` by row (points)."""
        whole = scaled(prices)
        row = np.flatnonzero(whole).astype(np.int32)
        width = draft.column.shape[1]
        return cls(row, whole[row], node_limit, width, draft.people, draft.minimum, draft.reward)


@dataclass(frozen=True)
class Lot:
    """A lot where it works: its leaders `who` as the shard numbers them, in the order of their turns; the
    columns of all leaders of the shard; what is `left` by row and people by session, both to be worked on."""

    shard: Shard
    rows: Rows
    task: Task
    paid: Paid
    who: I32
    column: I32
    left: I64
    people: I64


class Moved(NamedTuple):
    """What a lot answers: places in its order of those who moved, their columns, the stays in these, and the
    work that it took."""

    who: I32
    columns: I32
    content: Content
    work: float


def work_at(shard: Shard, common: Common, asked: bytes, part: bytes, work: Callable[[Lot], float]) -> bytes:
    """The leaders of a lot whose columns are others after `work` on it, these (by places among their stays),
    the stays in them, and what `work` says that it took (see `Moved`)."""
    rows = common.shared.rows

    def spread(given: bytes) -> tuple[Task, Paid]:
        task: Task = pickle.loads(given)
        prices = np.zeros(rows.n, np.int64)
        prices[task.row] = task.price
        return task, rows.spread(prices)

    task, paid = common.once(asked, spread)
    who, held, share = pickle.loads(part)
    left = np.full(rows.n, UNLIMITED, np.int64)
    left[rows_of(rows, shard.compiled.leaders.branch)] = share
    column = np.full((shard.n, task.width), -1, np.int32)
    first = shard.stays.ptr[who][:, None]
    column[who] = np.where(held >= 0, held + first, held)
    low = left[rows.n_sessions : 2 * rows.n_sessions]  # people beyond the minimum: a share of them
    people = np.where(low < UNLIMITED // 2, task.minimum + low, task.people)
    took = work(Lot(shard, rows, task, paid, who, column, left, people))
    found = np.where(column[who] >= 0, column[who] - first, -1).astype(np.int32)
    moved = np.flatnonzero((found != held).any(axis=1)).astype(np.int32)
    return as_bytes(Moved(moved, found[moved], content_of(shard.stays, who[moved], found[moved]), took))


def part_of(who: I32, held: I32, share: I64) -> bytes:
    """What is asked of one lot: its leaders as the shard numbers them, in order, their columns by places
    among their stays, and what there is for them of the limits that concern the shard."""
    return as_bytes((who, held, share))


def rows_of(rows: Rows, branch: I32) -> I64:
    """The rows that concern leaders of these branches."""
    met = np.zeros(len(rows.parent) + 1, np.bool_)
    met[-1] = True  # rows of no branch
    line = np.unique(branch)
    while len(line):
        met[line] = True
        line = np.unique(rows.parent[line])
        line = line[line >= 0]
    return np.flatnonzero(met[rows.branch_of])


def in_waves(lots: list[int], side_by_side: int) -> list[list[int]]:
    """Lots that work at a time, at most `side_by_side`, far apart."""
    n = -(-len(lots) // max(1, side_by_side))
    return [lots[k::n] for k in range(n)]


def shares(
    left: I64, hard: Bools, of_lots: list[I64], people: list[I64], rows: Rows, rng: np.random.Generator
) -> list[I64]:
    """Of what is `left` by row what each of some lots may use, by those rows that concern it (`of_lots`).

    By lot, `people` are those in the lot by branch, lower ones included, and in its last place all of them.
    Rows that aren't `hard` are nobody's limit: all have what is left of them.
    """
    some = np.unique(np.concatenate(of_lots))
    divided = some[hard[some] & (left[some] > 0)]
    weight = np.array([one[rows.branch_of[divided]] for one in people], np.int64)
    total = weight.sum(axis=0)
    share = left[divided] * weight // np.maximum(1, total)
    rest = left[divided] - share.sum(axis=0)
    over = np.flatnonzero((rest > 0) & (total > 0))
    if len(over):
        # without replacement, in proportion to people (Efraimidis and Spirakis 2006)
        key = rng.random((len(people), len(over))) ** (1.0 / np.maximum(weight[:, over], 1e-9))
        key[weight[:, over] == 0] = -1.0
        rank = np.argsort(np.argsort(-key, axis=0, kind="stable"), axis=0, kind="stable")
        share[:, over] += (rank < rest[over]) & (key >= 0)
    found = []
    for k, own in enumerate(of_lots):
        mine = left.copy()
        mine[divided] = share[k]
        found.append(mine[own])
    return found
