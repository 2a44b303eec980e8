"""Lists of varying length, laid end to end in one array with an array of starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def pointers(lengths: Iterable[int]) -> NDArray[np.int32]:
    """Starts of lists laid end to end, and in the last place their end."""
    return np.concatenate(([0], np.cumsum(np.fromiter(lengths, np.int64)))).astype(np.int32)


def flat(lists: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Lists laid end to end: their starts, and what is in them."""
    return pointers(map(len, lists)), np.array([x for one in lists for x in one], np.int32)


def inside(first: NDArray[Any], length: NDArray[Any]) -> NDArray[np.int64]:
    """The places of all that is in some lists, in the order of these: list k is `length[k]` long from
    `first[k]` on."""
    nth = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return np.asarray(np.repeat(first, length) + nth, np.int64)


def runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each maximal run of consecutive days."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and day == found[-1][1] + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
