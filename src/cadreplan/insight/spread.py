"""The same asked of several items that don't need each other, here one by one or elsewhere side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

Wanted = Callable[[], bool]
"""Whether an answer is still waited for; long work asks now and then, and ends where it isn't."""
Work = Callable[[S, T, Wanted], R]
"""What is done with an item. A function of a module that changes nothing of what all items share."""


class Spread(Protocol):
    """Does some work for each item; answers come in the order of the items, each once it is known.

    What the work raises is raised where its answer would come.
    """

    def __call__(self, work: Work[S, T, R], shared: S, items: Sequence[T]) -> Iterator[R]: ...


def one_by_one(work: Work[S, T, R], shared: S, items: Sequence[T]) -> Iterator[R]:
    """All of it in this process, each item when its answer is asked for."""
    for item in items:
        yield work(shared, item, lambda: True)
