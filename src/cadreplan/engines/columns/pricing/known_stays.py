"""Stays that have been heard of: those of leaders whose stays are listed elsewhere, by the order of arrival.

Columns are sets of stays, and of all that leaders could do few are ever in one. A stay has a name that is the
same wherever it is listed: its leader, and its place among the leader's stays (listing a leader's stays
depends on nobody else). Here it has a number by which its content is found, and which never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.columns.compiled.lists import inside, pointers
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.pricing.summary import Summary
from cadreplan.engines.columns.pricing.timing import no_timing

_BY_STAY = ("mask", "points", "days", "site", "trips", "need")
_LISTS = {
    "sess_ptr": ("sess",),
    "trip_ptr": ("trip_first", "trip_last"),
    "idle_ptr": ("idle_first", "idle_last", "idle_broken"),
}
_NAME = 32
"""Bits of a place in the name of a stay."""


def names_of(leader: NDArray[Any], place: NDArray[Any]) -> I64:
    """The names of stays, from their leaders and their places among the leaders' stays."""
    return np.asarray(leader.astype(np.int64) << _NAME | place.astype(np.int64), np.int64)


def of_names(names: I64) -> tuple[I32, I32]:
    """Leaders and places by name."""
    return (names >> _NAME).astype(np.int32), (names & ((1 << _NAME) - 1)).astype(np.int32)


def picked(stays: Stays, some: I32) -> Stays:
    """These stays alone, in this order, without anything that belongs to leaders."""
    found: dict[str, Any] = {name: getattr(stays, name)[some] for name in _BY_STAY}
    for ptr, lists in _LISTS.items():
        starts = getattr(stays, ptr)
        length = starts[some + 1] - starts[some]
        at = inside(starts[some], length)
        found[ptr] = pointers(length)
        found |= {name: getattr(stays, name)[at] for name in lists}
    return replace(_nothing(), **found)


class Content(NamedTuple):
    """Stays by leader and place, as a shard numbers leaders, ascending; and, as `picked`, what they are."""

    leader: I32
    place: I32
    stays: Stays


def content_of(stays: Stays, who: I32, places: I32) -> Content:
    """The stays in columns of leaders `who` of a shard, by places among their stays (n, ...; -1: no more)."""
    leader, place = of_names(np.unique(_names_in(who, places)))
    return Content(leader, place, picked(stays, stays.ptr[leader] + place))


def _names_in(who: I32, places: I32) -> I64:
    """The names of all stays in columns of leaders `who`, given by places (n, ...; -1: no more)."""
    leader = np.broadcast_to(who.reshape(-1, *(1,) * (places.ndim - 1)), places.shape)
    return names_of(leader[places >= 0], places[places >= 0])


class _Growing:
    """An array that grows at its end: `now` is what it holds."""

    def __init__(self, begin: NDArray[Any]) -> None:
        self._room, self._n = begin.copy(), len(begin)

    @property
    def now(self) -> NDArray[Any]:
        return self._room[: self._n]

    def add(self, more: NDArray[Any]) -> None:
        """Put more at its end; arrays had before stay as they are."""
        n = self._n + len(more)
        if n > len(self._room):
            room = np.zeros(max(n, 2 * len(self._room)), self._room.dtype)
            room[: self._n] = self.now
            self._room = room
        self._room[self._n : n] = more
        self._n = n


class KnownStays:
    """`stays` are those known, by number; of leaders all is known that belongs to them, but no range."""

    def __init__(self, of_leaders: Summary) -> None:
        nothing = _nothing()
        fields = (*_BY_STAY, *_LISTS, *(name for lists in _LISTS.values() for name in lists))
        self._arrays = {name: _Growing(getattr(nothing, name)) for name in fields}
        self._names = _Growing(np.zeros(0, np.int64))
        self._sorted, self._number = np.zeros(0, np.int64), np.zeros(0, np.int32)
        self._of_leaders: dict[str, NDArray[Any]] = {
            "ptr": np.zeros(len(of_leaders.bits) + 1, np.int32),
            "bit_ptr": np.concatenate(([0], np.cumsum(of_leaders.bits))).astype(np.int32),
            "bit_points": of_leaders.bit_points,
            "n_pins": of_leaders.n_pins,
            "once": of_leaders.once,
            "cut": of_leaders.cut,
        }
        self.stays = self._made()

    @property
    def names(self) -> I64:
        """Names by number."""
        return self._names.now

    def columns(self, who: I32, places: I32) -> I32:
        """Columns of leaders `who`, given by places among their stays (n, ...; -1: no more), by number.

        All of these stays must be known.
        """
        found = places.copy()
        found[places >= 0] = number = self._numbers(_names_in(who, places))
        assert number.min(initial=0) >= 0
        return found

    def places(self, columns: I32) -> I32:
        """The places among their leaders' stays of columns given by number."""
        found = columns.copy()
        found[columns >= 0] = of_names(self.names[columns[columns >= 0]])[1]
        return found

    def _numbers(self, names: I64) -> I32:
        """Numbers by name, -1 for those not known."""
        if not len(self._sorted):
            return np.full(len(names), -1, np.int32)
        at = np.minimum(np.searchsorted(self._sorted, names), len(self._sorted) - 1)
        return np.where(self._sorted[at] == names, self._number[at], np.int32(-1))

    def learn(self, names: Sequence[I64], contents: Sequence[Stays]) -> None:
        """Take in those stays that are not known yet, of some by their names and by content."""
        some, at = np.unique(np.concatenate((np.zeros(0, np.int64), *names)), return_index=True)
        new = self._numbers(some) < 0
        if not new.any():
            return
        some, content = some[new], picked(_together(contents), at[new].astype(np.int32))
        first = len(self.names)
        for name in _BY_STAY:
            self._arrays[name].add(getattr(content, name))
        for ptr, lists in _LISTS.items():
            growing = self._arrays[ptr]
            growing.add(growing.now[-1] + getattr(content, ptr)[1:])
            for name in lists:
                self._arrays[name].add(getattr(content, name))
        self._names.add(some)
        place = np.searchsorted(self._sorted, some)
        number = np.arange(first, first + len(some), dtype=np.int32)
        self._sorted = np.insert(self._sorted, place, some)
        self._number = np.insert(self._number, place, number)
        self.stays = self._made()

    def _made(self) -> Stays:
        arrays = {name: growing.now for name, growing in self._arrays.items()}
        return Stays(**self._of_leaders, **arrays, timing=no_timing())


def _together(contents: Sequence[Stays]) -> Stays:
    """Stays as `picked`, one after the other."""
    found: dict[str, Any] = {}
    for name in (*_BY_STAY, *(name for lists in _LISTS.values() for name in lists)):
        found[name] = np.concatenate([getattr(one, name) for one in contents])
    for ptr in _LISTS:
        found[ptr] = pointers(np.concatenate([np.diff(getattr(one, ptr)) for one in contents]))
    return replace(_nothing(), **found)


def _nothing() -> Stays:
    """No stays of no leaders."""
    none, nothing, first = np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(1, np.int32)
    lists = (first, none, first, none, none, first, none, none, none)
    return Stays(
        first,
        nothing,
        nothing,
        none,
        none,
        none,
        none,
        *lists,
        first,
        nothing,
        none,
        nothing,
        none,
        no_timing(),
    )
