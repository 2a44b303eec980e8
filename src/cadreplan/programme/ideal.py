"""The best order of a session's modules, lecturers aside: core in the mornings, then methods that alternate.

A dynamic programme over half days and what is left of each module. Its two costs are a proven part of any
programme's bound, and its order is where every search begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from cadreplan.instance import Instance

MOST_STATES = 60_000
"""Above this many states of the dynamic programme the order is a simple one, with a weaker bound."""

_Cost = tuple[int, int, int, int]
"""Core half days in afternoons, repeats, interruptions of a module, idle half days before the last one."""


@dataclass(frozen=True, slots=True)
class Ideal:
    """`modules` holds a module or None for each half day; `afternoons` and `repeats` can't be lower."""

    modules: tuple[int | None, ...]
    afternoons: int
    repeats: int


def ideal(instance: Instance, modules: Sequence[int], slots: Sequence[int]) -> Ideal:
    """The best order of `modules` on the half days `slots`, which hold them."""
    lengths = tuple(instance.modules[m].slots for m in modules)
    if prod(n + 1 for n in lengths) * len(slots) > MOST_STATES:
        return _simple(instance, modules, slots)
    return _Search(instance, tuple(modules), tuple(slots)).best()


class _Search:
    def __init__(self, instance: Instance, modules: tuple[int, ...], slots: tuple[int, ...]) -> None:
        self._slots = slots
        self._modules = modules
        self._lengths = tuple(instance.modules[m].slots for m in modules)
        self._core = [instance.modules[m].core for m in modules]
        self._method = [instance.modules[m].method for m in modules]
        self._before = [
            [[modules.index(r) for r in entry] for entry in instance.within(m, modules)] for m in modules
        ]
        self._known: dict[tuple[int, tuple[int, ...], int], tuple[_Cost, int]] = {}

    def best(self) -> Ideal:
        """Fill the half days in order, each by the best choice of its state."""
        cost, _ = self._solve(0, self._lengths, -1)
        order: list[int | None] = []
        left, last = self._lengths, -1
        for i in range(len(self._slots)):
            _, j = self._solve(i, left, last)
            order.append(None if j < 0 else self._modules[j])
            if j >= 0:
                left = _less(left, j)
            last = j
        return Ideal(tuple(order), cost[0], cost[1])

    def _solve(self, i: int, left: tuple[int, ...], last: int) -> tuple[_Cost, int]:
        """The least cost from half day i on, and the module to put there (-1: none); `last` was before."""
        if not any(left):
            return (0, 0, 0, 0), -1
        key = (i, left, last)
        if key in self._known:
            return self._known[key]
        choices = []
        if sum(left) < len(self._slots) - i:
            cost, _ = self._solve(i + 1, left, -1)
            choices.append((_plus(cost, (0, 0, 0, 1)), -1))
        adjacent = i > 0 and self._slots[i] - self._slots[i - 1] == 1
        for j, n in enumerate(left):
            if n and not any(all(left[r] for r in entry) for entry in self._before[j]):
                cost, _ = self._solve(i + 1, _less(left, j), j)
                here = (
                    int(self._core[j] and self._slots[i] % 2 == 1),
                    int(adjacent and last >= 0 and self._method[last] == self._method[j]),
                    int(last != j and n < self._lengths[j]),
                    0,
                )
                choices.append((_plus(cost, here), j))
        self._known[key] = min(choices)
        return self._known[key]


def _less(left: tuple[int, ...], j: int) -> tuple[int, ...]:
    return (*left[:j], left[j] - 1, *left[j + 1 :])


def _plus(a: _Cost, b: _Cost) -> _Cost:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]


def _simple(instance: Instance, modules: Sequence[int], slots: Sequence[int]) -> Ideal:
    """One module after the other, required ones first; core beyond the mornings is in afternoons."""
    order: list[int] = []
    waiting = list(modules)
    while waiting:
        ready = next(
            (
                m
                for m in waiting
                if not any(set(waiting).issuperset(entry) for entry in instance.within(m, modules))
            ),
            waiting[0],
        )
        waiting.remove(ready)
        order += [ready] * instance.modules[ready].slots
    mornings = sum(slot % 2 == 0 for slot in slots)
    core = sum(instance.modules[m].slots for m in modules if instance.modules[m].core)
    padded = [*order, *[None] * (len(slots) - len(order))]
    return Ideal(tuple(padded), max(0, core - mornings), 0)
