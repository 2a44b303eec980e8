"""Shards on other machines: what a worker is given, what it makes of it, and what it answers.

All of it are pure functions of what they are given, so that a result that is lost with its worker is made
again elsewhere. Nothing here knows who calls it.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.columns.pricing.kernels import Multipliers, no_multipliers
from cadreplan.engines.columns.pricing.known_stays import Content, content_of
from cadreplan.engines.columns.pricing.shards import (
    Answer,
    Common,
    Paid,
    Question,
    Shard,
    Work,
    describe,
    make_shard,
    price_shard,
    share,
)
from cadreplan.engines.columns.pricing.stays_in_file import MappedStays
from cadreplan.engines.columns.pricing.summary import summarise
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance

MANY_STAYS = 500_000
"""Shards with so many stays, some 45 MB, have them in a file."""


class _Alone(ThreadPool):
    """A worker has as many tasks at once as it has threads: none of them starts more, or divides its work."""

    def __init__(self) -> None:
        super().__init__(1)

    def run(self, call: Callable[[int, int], object], n: int, *, chunks: int | None = None) -> None:
        """`call(0, n)`."""
        if n > 0:
            call(0, n)


ALONE = _Alone()
"""Who does the work of a task."""


_PACKAGE = Path(__file__).parents[3]
"""Where this package lies."""


@dataclass(frozen=True)
class Versions:
    """What has to be the same at both ends; `source` is a digest of that of cadreplan."""

    cadreplan: str
    source: str
    python: str
    distributed: str

    def __str__(self) -> str:
        dask = f"distributed {self.distributed}"
        return f"cadreplan {self.cadreplan} ({self.source}), Python {self.python}, {dask}"


@cache
def versions() -> Versions:
    """Those of this process."""
    digest = sha256()
    for source in sorted(_PACKAGE.rglob("*.py")):
        digest.update(source.read_bytes())
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return Versions(version("cadreplan"), digest.hexdigest()[:12], python, version("distributed"))


class MismatchError(Exception):
    """A worker is of other versions than who asks it."""

    def __init__(self, wanted: Versions, found: Versions) -> None:
        super().__init__(wanted, found)
        self.wanted, self.found = wanted, found


def packed(instance: Instance, lots: Sequence[I32]) -> tuple[bytes, list[bytes]]:
    """What the shards of an instance share and who the leaders of each are, as bytes."""
    bare, _ = describe(instance, ())
    return as_bytes((versions(), bare)), [as_bytes(describe(instance, own.tolist())[1]) for own in lots]


class PlacedCommon:
    """What shards share where they lie, made from its bytes; it travels as these."""

    def __init__(self, description: bytes) -> None:
        wanted, bare = pickle.loads(description)
        if wanted != versions():
            raise MismatchError(wanted, versions())
        self._description = description
        self.common = Common(share(bare))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return PlacedCommon, (self._description,)

    def __sizeof__(self) -> int:
        return _size(self.common.shared)


class Placed:
    """A shard where it lies. Moved, it travels as its description and is made again: that is smaller."""

    def __init__(self, placed: PlacedCommon, description: bytes) -> None:
        self._placed, self._description = placed, description
        self.shard: Shard = make_shard(placed.common.shared, pickle.loads(description), ALONE)
        self._mapped: MappedStays | None = None
        if len(self.shard.stays.mask) >= MANY_STAYS:
            with suppress(OSError):  # without room they stay in memory
                self._mapped = MappedStays(self.shard.stays)
                self.shard = Shard(self.shard.compiled, self._mapped.stays)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Placed, (self._placed, self._description)

    def __sizeof__(self) -> int:
        return _size((self.shard.compiled.leaders, () if self._mapped else self.shard.stays))

    def do(self, work: Work, asked: bytes, part: bytes) -> bytes:
        """What `work` makes of the shard."""
        try:
            return work(self.shard, self._placed.common, asked, part)
        finally:
            if self._mapped is not None:
                self._mapped.rest()


# --- what shards are asked --------------------------------------------------------------------------------


def price(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """The answer to a question (see `Asked`, `part_of`), stays by places among their leaders' stays, and what
    these are."""
    rows = common.shared.rows

    def spread(given: bytes) -> tuple[Asked, I64, Paid]:
        question: Asked = pickle.loads(given)
        prices = question.prices(rows.n)
        return question, prices, rows.spread(prices)

    question, prices, paid = common.once(asked, spread)
    subset, multipliers, least = pickle.loads(part)
    whole = Question(
        prices, question.wanted, question.node_limit, multipliers or no_multipliers(shard.n), least
    )
    answer = price_shard(shard, rows, whole, subset, ALONE, paid=paid)
    width = max(1, int(answer.count.max(initial=1)))
    first = shard.stays.ptr[:-1] if subset is None else shard.stays.ptr[subset]
    found = answer.found[:, :, :width]
    found = np.where(found >= 0, found - first[:, None, None], found).astype(np.int32)
    who = np.arange(shard.n, dtype=np.int32) if subset is None else subset
    own = Answer(answer.upper, answer.value, answer.count, found, answer.nodes)
    return as_bytes((own, content_of(shard.stays, who, found)))


def summary_of(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """The summary of a shard."""
    return as_bytes(summarise(common.shared.rows, shard.compiled, shard.stays))


@dataclass(frozen=True)
class Asked:
    """A question without multipliers, as it travels: prices that are not 0, by row."""

    row: np.ndarray
    price: I64
    wanted: int
    node_limit: int

    @classmethod
    def of(cls, question: Question) -> Asked:
        """What of a question concerns all shards."""
        row = np.flatnonzero(question.prices).astype(np.int32)
        return cls(row, question.prices[row], question.wanted, question.node_limit)

    def packed(self) -> bytes:
        """The question as bytes."""
        return as_bytes(self)

    def prices(self, n: int) -> I64:
        """Prices by row, of n rows."""
        prices = np.zeros(n, np.int64)
        prices[self.row] = self.price
        return prices


def part_of(question: Question, subset: I32 | None, multipliers: Multipliers, at: I64) -> bytes:
    """What of a question concerns one shard alone: which of its leaders are asked (None: all), their
    multipliers, and `at` which places among all leaders asked they stand."""
    least = None if question.least is None else question.least[at]
    return as_bytes((subset, multipliers if len(multipliers.session) else None, least))


def answer_of(data: bytes) -> tuple[Answer, Content]:
    """An answer and the stays in it, from its bytes."""
    found: tuple[Answer, Content] = pickle.loads(data)
    return found


def as_bytes(value: object) -> bytes:
    """A value as it travels."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _size(value: object) -> int:
    """Bytes of all arrays inside."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple):
        return sum(map(_size, value))
    if is_dataclass(value):
        return sum(_size(getattr(value, f.name)) for f in fields(value))
    return 0
