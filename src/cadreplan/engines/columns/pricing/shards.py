"""Shards: slices of leaders with their arrays and stays, and what can be asked of one.

Leaders meet only in prices and in what they use of limits. So a shard knows nothing of other leaders: it is
made from a small description (what all leaders share, and who the shard's leaders are) by a pure function,
and to price it at given prices or to add up what its columns use are pure functions of the shard. Where a
shard lies, and how often it was made, is therefore of no concern to the search. Answers for leaders are put
side by side and uses are whole numbers that are added up: neither depends on how leaders are sliced.

In one process all leaders are one shard, and threads share it out by ranges of leaders (`LocalShards`).
Elsewhere they are many, and here is known of their stays what answers have named (`distant_shards`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar, cast

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS, Compiled, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, scratch
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import Multipliers, price_leaders, use_of_columns
from cadreplan.engines.columns.pricing.known_stays import Content, names_of
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.pricing.summary import Summary, joined, summarise
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance, Leader

T = TypeVar("T")


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


class Common:
    """What shards share where they lie, and what was made last of what is asked of all of them."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._last: tuple[bytes, object] | None = None

    def once(self, asked: bytes, make: Callable[[bytes], T]) -> T:
        """What `make` makes of what is asked, made once for shards in a row of whom the same is asked."""
        last = self._last
        if last is None or last[0] != asked:
            last = self._last = asked, make(asked)
        return cast(T, last[1])


class Question(NamedTuple):
    """What is asked of leaders: their `wanted` best sets of stays at `prices` by row (scaled), each after
    `node_limit` nodes at most. `multipliers` are by leader, numbered as all those are of whom some are asked.

    With `least`, by leader asked (scaled), all sets worth more than that are meant that could be in a best
    plan at whatever prices, up to the `wanted` best of them; bounds are UNKNOWN where not all were looked at.
    """

    prices: I64
    wanted: int
    node_limit: int
    multipliers: Multipliers
    least: I64 | None = None


Paid = tuple[I64, I64, I64]
"""Prices as leaders pay them (see `Rows.spread`)."""


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

    def with_columns(self, found: I32) -> Answer:
        """The same with other numbers for stays."""
        return replace(self, found=found)


class Listed:
    """Leaders whose stays are listed in this process: all of them, by `shard`, numbered as here.

    Not `is_everything`, where it is a shard of some of them, or with numbers of its own for stays.
    """

    is_everything = True

    def __init__(self, shard: Shard) -> None:
        self.shard = shard

    def places(self, who: I32) -> I32:
        """The numbers that leaders have in the shard."""
        return who

    def inward(self, who: I32, columns: I32) -> I32:
        """Columns of leaders `who` (n, width) as the shard numbers stays."""
        return columns

    def outward(self, who: I32, columns: I32) -> I32:
        """Columns of leaders `who`, of stays of the shard, as stays are numbered here."""
        return columns


Work = Callable[[Shard, Common, bytes, bytes], bytes]
"""What can be done with a shard wherever it lies, by a pure function that has a module to be found in: by
what all shards share, what is asked of all of them, and of this one."""


class Lots(Protocol):
    """The shards, where leaders are too many to list all their stays here: work goes there."""

    @property
    def placed_here(self) -> int:
        """Leaders at most whose stays may be listed here to place them."""

    @property
    def who(self) -> Sequence[I32]:
        """The leaders of each."""

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of lots, by number, of what is asked of all, and of what is asked of each."""

    def learn(self, contents: dict[int, Content]) -> None:
        """Take in stays that lots have named, which have numbers then."""

    def numbers(self, who: I32, places: I32) -> I32:
        """Columns of leaders `who`, given by places among their stays (n, width; -1: no more), by number."""

    def places(self, columns: I32) -> I32:
        """The places among their leaders' stays of columns given by number."""


class Shards(Protocol):
    """All leaders of an instance, wherever their stays are listed."""

    @property
    def lots(self) -> Lots | None:
        """Where work for many leaders goes; None where all stays are listed here, or could be."""

    @property
    def stays(self) -> Stays:
        """Stays by number: all of them, or those that any answer has named; numbers don't change."""

    @property
    def names(self) -> I64:
        """Names by number of stay, the same wherever stays are listed (see `known_stays`)."""

    @property
    def summary(self) -> Summary:
        """What is known of all stays."""

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset`."""

    def listed(self, who: I32) -> Listed:
        """These leaders, and perhaps others, with their stays listed in this process."""


class Elsewhere(Protocol):
    """Those who hold shards, wherever they are."""

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of some shards, by number."""


Dispatch = Callable[[bytes, list[bytes]], Elsewhere]
"""Puts shards elsewhere, by descriptions of what they share and of each one's leaders (see `remote`)."""


class Dispatching(ThreadPool):
    """Threads here, beside shards that `dispatch` puts elsewhere."""

    def __init__(self, workers: int, dispatch: Dispatch) -> None:
        super().__init__(workers)
        self.dispatch = dispatch


def threads_for(workers: int, dispatch: Dispatch | None) -> ThreadPool:
    """Threads of this process, which price leaders themselves where there is no `dispatch`."""
    return ThreadPool(workers) if dispatch is None else Dispatching(workers, dispatch)


def describe(instance: Instance, who: Sequence[int]) -> tuple[Instance, tuple[Leader, ...]]:
    """What the shard of leaders `who` is made from: the instance without leaders, and these.

    Whatever speaks of leaders by their number goes with them: who is tied, who met, whose groups were made.
    The engine prices nobody by it (`compiled.cohorts` has made ties and `mix` branches and quotas before).
    """
    past = None if instance.past is None else replace(instance.past, tied={}, groups={})
    bare = replace(instance, leaders=(), mix=(), ties=(), met=(), past=past)
    return bare, tuple(instance.leaders[i] for i in who)


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
    hurry: Hurry | None = None,
    paid: Paid | None = None,
) -> Answer:
    """The answer of a shard's leaders, or of the `subset`, numbered within the shard.

    Searches that begin once `hurry` says so are as short as those of the heuristic stage: their bounds are
    weaker, and as valid.
    """
    session, day, bed = rows.spread(question.prices) if paid is None else paid
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
            np.zeros(0, np.int64) if question.least is None else question.least,
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

    lots: Lots | None = None

    def __init__(self, shard: Shard, rows: Rows, threads: ThreadPool, hurry: Hurry | None = None) -> None:
        self.shard, self._rows, self._threads, self._hurry = shard, rows, threads, hurry

    @property
    def stays(self) -> Stays:
        """All stays."""
        return self.shard.stays

    @property
    def names(self) -> I64:
        """Names by number of stay."""
        ptr = self.stays.ptr
        leader = np.repeat(np.arange(self.shard.n), np.diff(ptr))
        return names_of(leader, np.arange(len(leader)) - ptr[leader])

    @cached_property
    def summary(self) -> Summary:
        """What is known of all stays."""
        own = summarise(self._rows, self.shard.compiled, self.stays)
        return joined([own], [np.arange(self.shard.n, dtype=np.int32)], self._rows)

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset`."""
        return price_shard(self.shard, self._rows, question, subset, self._threads, hurry=self._hurry)

    def listed(self, who: I32) -> Listed:
        """All leaders."""
        return Listed(self.shard)
