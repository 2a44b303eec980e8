"""Shards: slices of leaders with their arrays and stays, and what can be asked of one.

Leaders meet only in prices and in what they use of limits. So a shard knows nothing of other leaders: it is
made from a small description (what all leaders share, and who the shard's leaders are) by a pure function,
and to price it at given prices or to add up what its columns use are pure functions of the shard. Where a
shard lies, and how often it was made, is therefore of no concern to the search. Answers for leaders are put
side by side and uses are whole numbers that are added up: neither depends on how leaders are sliced.

In one process all leaders are one shard, and threads share it out by ranges of leaders (`Threads`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS, Compiled, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, scratch
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import Multipliers, price_leaders, use_of_columns
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance, Leader


@dataclass(frozen=True)
class Shard:
    """Arrays and stays of some leaders, both numbered from 0."""

    compiled: Compiled
    stays: Stays

    @property
    def n(self) -> int:
        """How many leaders there are."""
        return len(self.compiled.leaders.branch)


@dataclass(frozen=True)
class Shared:
    """What all shards of an instance have in common: the instance `bare` of leaders, its arrays and rows."""

    bare: Instance
    compiled: Compiled
    rows: Rows


class Question(NamedTuple):
    """What is asked of leaders: their `wanted` best sets of stays at `prices` by row (scaled), each after
    `node_limit` nodes at most. `multipliers` are by leader of all of whom it is asked, numbered as these are.
    """

    prices: I64
    wanted: int
    node_limit: int
    multipliers: Multipliers


class Hurry(NamedTuple):
    """Whether time is up `now`, from when on searches end after `node_limit` nodes."""

    now: Callable[[], bool]
    node_limit: int


@dataclass(frozen=True)
class Answer:
    """Of each leader asked, in that order: a bound `upper`, and by rank the scaled `value`, the `count` of
    stays and the stays `found` (-1: no more, NOTHING: no set). `nodes` were searched in all.
    """

    upper: I64
    value: I64
    count: I32
    found: I32
    nodes: int

    def replaced(self, at: I64, other: Answer) -> Answer:
        """The same with what `other` says of the leaders in places `at`."""
        upper, value = self.upper.copy(), self.value.copy()
        count, found = self.count.copy(), self.found.copy()
        upper[at], value[at], count[at], found[at] = other.upper, other.value, other.count, other.found
        return Answer(upper, value, count, found, self.nodes + other.nodes)


class Shards(Protocol):
    """All leaders of an instance, wherever they are priced."""

    def beside(self, here: LocalShards) -> Shards:
        """The same, once all leaders are known here too: they may be priced here where few are asked."""

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset` (ascending)."""


Dispatch = Callable[[Instance], Shards]
"""Puts the shards of an instance elsewhere."""


class Dispatching(ThreadPool):
    """Threads here, beside shards that `dispatch` puts elsewhere."""

    def __init__(self, workers: int, dispatch: Dispatch) -> None:
        super().__init__(workers)
        self.dispatch = dispatch


def threads_for(workers: int, dispatch: Dispatch | None) -> ThreadPool:
    """Threads of this process, which price leaders themselves where there is no `dispatch`."""
    return ThreadPool(workers) if dispatch is None else Dispatching(workers, dispatch)


def describe(instance: Instance, lo: int, hi: int) -> tuple[Instance, tuple[Leader, ...]]:
    """What the shard of leaders lo..hi is made from: the instance without leaders, and these.

    Whatever speaks of leaders by their number goes with them: who is tied, who met, whose groups were made.
    The engine prices nobody by it (`compiled.cohorts` has made ties and `mix` branches and quotas before).
    """
    past = None if instance.past is None else replace(instance.past, tied={}, groups={})
    bare = replace(instance, leaders=(), mix=(), ties=(), met=(), past=past)
    return bare, instance.leaders[lo:hi]


def share(bare: Instance) -> Shared:
    """What the shards of an instance share, from the instance without its leaders."""
    return Shared(bare, compile_arrays(bare), build_rows(bare))


def make_shard(shared: Shared, leaders: tuple[Leader, ...], threads: ThreadPool) -> Shard:
    """The shard of these leaders; the same from the same description, whoever makes it."""
    compiled = compile_arrays(replace(shared.bare, leaders=leaders), shared.compiled)
    return Shard(compiled, enumerate_stays(compiled, threads))


def price_shard(
    shard: Shard,
    rows: Rows,
    question: Question,
    subset: I32 | None,
    threads: ThreadPool,
    least: I64 | None = None,
    hurry: Hurry | None = None,
) -> Answer:
    """The answer of a shard's leaders, or of the `subset`, numbered within the shard.

    Searches that begin once `hurry` says so are as short as those of the heuristic stage: their bounds are
    weaker, and as valid.

    With `least` by leader asked (scaled), all sets worth more than that are meant that could be in a best
    plan at whatever prices, up to the `wanted` best of them; `upper` is UNKNOWN where not all were looked at.
    """
    session, day, bed = rows.spread(question.prices)
    who = np.arange(shard.n, dtype=np.int32) if subset is None else subset
    wanted = question.wanted
    upper = np.zeros(len(who), np.int64)
    value = np.full((len(who), wanted), NEVER, np.int64)
    count = np.zeros((len(who), wanted), np.int32)
    found = np.full((len(who), wanted, MAX_SESSIONS), -1, np.int32)
    nodes = np.zeros(len(who), np.int64)

    def call(lo: int, hi: int) -> None:
        work = scratch(shard.compiled, shard.stays, wanted)
        node_limit = question.node_limit
        if hurry is not None and hurry.now():
            node_limit = min(node_limit, hurry.node_limit)
        price_leaders(
            lo,
            hi,
            who,
            shard.compiled,
            shard.stays,
            session,
            day,
            bed,
            SCALE,
            question.multipliers,
            node_limit,
            np.zeros(0, np.int64) if least is None else least,
            rows.wants_people,
            work,
            upper,
            value,
            count,
            found,
            nodes,
        )

    threads.run(call, len(who))
    return Answer(upper, value, count, found, int(nodes.sum()))


def use_of_shard(shard: Shard, rows: Rows, found: I32, subset: I32 | None) -> I64:
    """Use by row of one set of stays a leader, `found` (n, MAX_SESSIONS)."""
    who = np.arange(shard.n, dtype=np.int32) if subset is None else subset
    people = np.zeros((len(rows.parent), rows.n_sessions), np.int64)
    away = np.zeros((len(rows.parent), rows.n_days + 1), np.int64)
    bed = np.zeros((rows.n_sites, rows.n_days + 1), np.int64)
    found = np.ascontiguousarray(found)  # for others the kernel would be compiled once more
    use_of_columns(who, found, shard.compiled, shard.stays, people, away, bed)
    return rows.gather(people, away, bed)


class LocalShards:
    """All leaders as one shard in this process, priced by threads."""

    def __init__(self, shard: Shard, rows: Rows, threads: ThreadPool, hurry: Hurry | None = None) -> None:
        self.shard, self._rows, self._threads, self._hurry = shard, rows, threads, hurry

    def beside(self, here: LocalShards) -> Shards:
        """Others are not needed."""
        return self

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset`."""
        return price_shard(self.shard, self._rows, question, subset, self._threads, hurry=self._hurry)
