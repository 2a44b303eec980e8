"""Shards on other machines: what a worker is given, what it makes of it, and what it answers.

All of it are pure functions of what they are given, so that a result that is lost with its worker is made
again elsewhere. Nothing here knows who calls it.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, MAX_SESSIONS
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.kernels import Multipliers, no_multipliers
from cadreplan.engines.columns.pricing.shards import (
    Answer,
    LocalShards,
    Question,
    Shard,
    Shared,
    describe,
    make_shard,
    price_shard,
    share,
)
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance

__all__ = [
    "I32",
    "MAX_SESSIONS",
    "NEVER",
    "Answer",
    "Asked",
    "Common",
    "LocalShards",
    "MismatchError",
    "Placed",
    "Question",
    "Versions",
    "answer_bytes",
    "answer_of",
    "packed",
    "part_of",
    "versions",
]

_ALONE = ThreadPool(1)
"""A worker has as many tasks at once as it has threads: none of them starts more."""


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


def packed(instance: Instance, sizes: int) -> tuple[bytes, list[bytes]]:
    """What the shards of an instance share and who their leaders are, `sizes` of them each, as bytes."""
    bare, _ = describe(instance, 0, 0)
    starts = range(0, len(instance.leaders), sizes)
    slices = [_bytes(describe(instance, lo, lo + sizes)[1]) for lo in starts]
    return _bytes((versions(), bare)), slices


class Common:
    """What shards share, made from its bytes; it travels as these."""

    def __init__(self, description: bytes) -> None:
        wanted, bare = pickle.loads(description)
        if wanted != versions():
            raise MismatchError(wanted, versions())
        self._description = description
        self.shared: Shared = share(bare)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Common, (self._description,)

    def __sizeof__(self) -> int:
        return _size(self.shared)


class Placed:
    """A shard where it is priced. Moved, it travels as its description and is made again: that is smaller."""

    def __init__(self, common: Common, description: bytes) -> None:
        self._common, self._description = common, description
        self.shard: Shard = make_shard(common.shared, pickle.loads(description), _ALONE)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Placed, (self._common, self._description)

    def __sizeof__(self) -> int:
        return _size((self.shard.stays, self.shard.compiled.leaders))

    def price(self, question: bytes, part: bytes) -> bytes:
        """The answer, as bytes, to a question and to what of it concerns this shard alone, as bytes."""
        rows = self._common.shared.rows
        asked: Asked = pickle.loads(question)
        subset, multipliers = pickle.loads(part)
        multipliers = multipliers or no_multipliers(self.shard.n)
        whole = Question(asked.prices(rows.n), asked.wanted, asked.node_limit, multipliers)
        answer = price_shard(self.shard, rows, whole, subset, _ALONE)
        return answer_bytes(answer)


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
        return _bytes(self)

    def prices(self, n: int) -> I64:
        """Prices by row, of n rows."""
        prices = np.zeros(n, np.int64)
        prices[self.row] = self.price
        return prices


def part_of(question: Question, lo: int, hi: int, subset: np.ndarray | None) -> bytes:
    """What of a question concerns the shard of leaders lo..hi alone: which of them (None: all), and
    multipliers."""
    multipliers = None
    if len(question.multipliers.session):
        ptr = question.multipliers.ptr[lo : hi + 1]
        mine = slice(int(ptr[0]), int(ptr[-1]))
        multipliers = Multipliers(
            ptr - ptr[0], question.multipliers.session[mine], question.multipliers.amount[mine]
        )
    return _bytes((None if subset is None else subset - np.int32(lo), multipliers))


def answer_bytes(answer: Answer) -> bytes:
    """An answer as bytes, without places for stays that no set has."""
    width = max(1, int(answer.count.max(initial=1)))
    found = np.ascontiguousarray(answer.found[:, :, :width])
    return _bytes((answer.upper, answer.value, answer.count, found, answer.nodes))


def answer_of(data: bytes) -> Answer:
    """An answer from its bytes, stays numbered within the shard."""
    return Answer(*pickle.loads(data))


def _bytes(value: object) -> bytes:
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
