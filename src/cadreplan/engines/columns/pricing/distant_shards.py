"""All leaders in shards that lie elsewhere: here is known of their stays what answers have named.

Leaders are sliced in the order of their branches, so that most limits concern one shard; how many there are
depends on the instance alone. Where few leaders are asked, their stays are listed here for as long as it is
about these: that is soon done, and asking takes longer.
"""

from __future__ import annotations

import pickle

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS, Compiled
from cadreplan.engines.columns.compiled.lists import inside, pointers
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.params import ClusterParams
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.kernels import Multipliers
from cadreplan.engines.columns.pricing.known_stays import Content, KnownStays, content_of, names_of
from cadreplan.engines.columns.pricing.remote import (
    Asked,
    answer_of,
    packed,
    part_of,
    price,
    summary_of,
)
from cadreplan.engines.columns.pricing.shards import (
    Answer,
    Dispatch,
    Hurry,
    Listed,
    Lots,
    Question,
    Shard,
    Shared,
    Work,
    describe,
    make_shard,
    price_shard,
)
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.pricing.summary import Summary, joined
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance


class DistantShards:
    """The leaders of an instance, in shards that `dispatch` puts elsewhere.

    `compiled` has all leaders' arrays, `rows` all rows. What is asked once `hurry` says so is asked for short
    searches.
    """

    def __init__(
        self,
        instance: Instance,
        compiled: Compiled,
        rows: Rows,
        threads: ThreadPool,
        dispatch: Dispatch,
        params: ClusterParams,
        hurry: Hurry | None = None,
    ) -> None:
        self._instance, self._rows, self._threads, self._hurry = instance, rows, threads, hurry
        n, self._params = len(instance.leaders), params
        many = n >= params.many_leaders
        size = max(params.large_shard, -(-n // params.most_shards)) if many else params.shard
        self.who = in_order(rows, compiled.leaders.branch, size)
        self._lot, self._place = np.zeros(n, np.int32), np.zeros(n, np.int32)
        for k, own in enumerate(self.who):
            self._lot[own], self._place[own] = k, np.arange(len(own))
        self._elsewhere = dispatch(*packed(instance, self.who))
        self._shared = Shared(describe(instance, ())[0], compiled, rows)
        nothing = dict.fromkeys(range(len(self.who)), b"")
        parts = self._elsewhere.ask(summary_of, b"", nothing)
        summaries = [pickle.loads(parts[k]) for k in range(len(self.who))]
        self.summary: Summary = joined(summaries, self.who, rows)
        self._known = KnownStays(self.summary)
        self._listed: _ListedHere | None = None
        self.placed_here, self._many = params.placed_here, many

    @property
    def lots(self) -> Lots | None:
        """These shards, where leaders are many; else None, as all may be listed here."""
        return self if self._many else None

    @property
    def stays(self) -> Stays:
        """Stays that an answer has named, by number."""
        return self._known.stays

    @property
    def names(self) -> I64:
        """Their names."""
        return self._known.names

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset`."""
        who = np.arange(len(self._lot), dtype=np.int32) if subset is None else subset
        if self._hurry is not None and self._hurry.now():
            question = question._replace(node_limit=min(question.node_limit, self._hurry.node_limit))
        if not len(who):
            return _together(0, question.wanted, {}, {})
        if len(who) < self._params.priced_here:
            listed = self.listed(who)
            own = question._replace(multipliers=of_some(question.multipliers, listed.who))
            answer = price_shard(listed.shard, self._rows, own, listed.places(who), self._threads)
            return answer.with_columns(listed.outward(who, answer.found))
        lot = self._lot[who]
        order = np.argsort(lot, kind="stable")
        lots, first = np.unique(lot[order], return_index=True)
        rows = dict(zip(lots.tolist(), np.split(order, first[1:]), strict=True))
        parts = {
            k: part_of(
                question,
                None if subset is None else self._place[who[at]],
                of_some(question.multipliers, self.who[k]),
                at,
            )
            for k, at in rows.items()
        }
        told = self._elsewhere.ask(price, Asked.of(question).packed(), parts)
        answers, contents = {}, {}
        for k in parts:
            answers[k], contents[k] = answer_of(told[k])
        self.learn(contents)
        answer = _together(len(who), question.wanted, rows, answers)
        return answer.with_columns(self.numbers(who, answer.found))

    def listed(self, who: I32) -> _ListedHere:
        """These leaders, and perhaps others, with their stays listed in this process."""
        if self._listed is None or not self._listed.has(who):
            everybody = self.lots is None and len(who) >= self._params.priced_here
            some = np.arange(len(self._lot), dtype=np.int32) if everybody else np.unique(who)
            leaders = tuple(self._instance.leaders[i] for i in some)
            shard = make_shard(self._shared, leaders, self._threads)
            self._listed = _ListedHere(shard, some, self._known)
        return self._listed

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of shards, by number."""
        return self._elsewhere.ask(work, asked, parts)

    def places(self, columns: I32) -> I32:
        """The places among their leaders' stays of columns given by number."""
        return self._known.places(columns)

    def learn(self, contents: dict[int, Content]) -> None:
        """Take in stays that shards have named, by their numbers."""
        names = [names_of(self.who[k][one.leader], one.place) for k, one in contents.items()]
        self._known.learn(names, [one.stays for one in contents.values()])

    def numbers(self, who: I32, places: I32) -> I32:
        """Columns of leaders `who`, given by places among their stays (n, ...; -1: no more), by number."""
        return self._known.columns(who, places)


class _ListedHere(Listed):
    """Leaders `who` (ascending) whose stays are listed in this process for a while."""

    is_everything = False

    def __init__(self, shard: Shard, who: I32, known: KnownStays) -> None:
        super().__init__(shard)
        self.who, self._known = who, known

    def has(self, who: I32) -> bool:
        """Whether all these leaders are among them."""
        at = np.minimum(np.searchsorted(self.who, who), len(self.who) - 1)
        return len(who) == 0 or (len(self.who) > 0 and bool((self.who[at] == who).all()))

    def places(self, who: I32) -> I32:
        """The numbers that leaders have in the shard."""
        return np.searchsorted(self.who, who).astype(np.int32)

    def inward(self, who: I32, columns: I32) -> I32:
        """Columns of leaders `who` (n, width) as the shard numbers stays."""
        first = self.shard.stays.ptr[self.places(who)][:, None]
        return np.where(columns >= 0, self._known.places(columns) + first, columns).astype(np.int32)

    def outward(self, who: I32, columns: I32) -> I32:
        """Columns of leaders `who`, of stays of the shard, as stays are numbered here."""
        first = self.shard.stays.ptr[self.places(who)].reshape(-1, *(1,) * (columns.ndim - 1))
        places = np.where(columns >= 0, columns - first, columns).astype(np.int32)
        content = content_of(self.shard.stays, self.places(who), places)
        self._known.learn([names_of(self.who[content.leader], content.place)], [content.stays])
        return self._known.columns(who, places)


def in_order(rows: Rows, branch: I32, size: int) -> list[I32]:
    """Leaders in slices of about `size`, ascending in each, by the order in which a walk down the tree of
    branches meets theirs."""
    met = np.zeros(len(rows.parent), np.int64)
    below: list[list[int]] = [[] for _ in rows.parent]
    roots: list[int] = []
    for b, above in enumerate(rows.parent.tolist()):
        (below[above] if above >= 0 else roots).append(b)
    at, waiting = 0, roots[::-1]
    while waiting:
        b = waiting.pop()
        met[b], at = at, at + 1
        waiting += below[b][::-1]
    order = np.argsort(met[branch], kind="stable").astype(np.int32)
    parts = max(1, -(-len(order) // size))
    return [np.sort(one) for one in np.array_split(order, parts)]


def of_some(multipliers: Multipliers, who: I32) -> Multipliers:
    """The multipliers of these leaders alone, in this order."""
    length = np.diff(multipliers.ptr)[who]
    ptr = pointers(length)
    at = inside(multipliers.ptr[who], length)
    return Multipliers(ptr, multipliers.session[at], multipliers.amount[at])


def _together(n: int, wanted: int, rows: dict[int, I64], answers: dict[int, Answer]) -> Answer:
    """Answers of shards as one, `rows` being the places in it of each one's leaders."""
    found = np.full((n, wanted, MAX_SESSIONS), -1, np.int32)
    value = np.full((n, wanted), NEVER, np.int64)
    count = np.zeros((n, wanted), np.int32)
    upper, nodes = np.zeros(n, np.int64), 0
    for k, at in rows.items():
        answer = answers[k]
        upper[at], value[at], count[at] = answer.upper, answer.value, answer.count
        found[at, :, : answer.found.shape[2]] = answer.found
        nodes += answer.nodes
    return Answer(upper, value, count, found, nodes)
