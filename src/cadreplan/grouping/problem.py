"""What groups are made of: the people of one class as plain arrays, and what a division of them has.

It knows nothing of rosters: rows of people, tags as integer codes, sizes, ties, what each value of a tag is
asked for, who met before. `cadreplan.grouping.classes` makes it of a roster's session.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cadreplan.goals import GroupGoals

Groups = tuple[tuple[int, ...], ...]
"""Rows of each group, ascending."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What groups are told apart by: `codes[row]` is the row's value, 0 and above; -1: it has none.

    `weight` counts two people of one value in one group; 0: only wishes ask for it.
    """

    codes: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What each group should have of the people with `value` of `tag`.

    `at_least` and `at_most` are numbers of people, or shares of the group as (n, of); with `alone` False it
    should not be exactly one.
    """

    tag: int
    value: int
    at_least: int | tuple[int, int] | None = None
    at_most: int | tuple[int, int] | None = None
    alone: bool = True

    def missed(self, n: int, size: int) -> int:
        """People missing or too many, and a lone one, where n of a group of `size` people have the value."""
        least = self.at_least if self.at_least is not None else 0
        most = self.at_most if self.at_most is not None else n
        if isinstance(least, tuple):
            least = -(-least[0] * size // least[1])
        if isinstance(most, tuple):
            most = most[0] * size // most[1]
        return max(0, least - n) + max(0, n - most) + (not self.alone and n == 1)


@dataclass(frozen=True, slots=True)
class GroupTie:
    """Rows who should all sit in one group, or, `apart`, no two of them."""

    rows: tuple[int, ...]
    apart: bool

    def is_broken(self, at: Sequence[int]) -> bool:
        """Whether it is, with `at[row]` the group of each row."""
        groups = {at[row] for row in self.rows}
        return len(groups) < len(self.rows) if self.apart else len(groups) > 1


@dataclass(frozen=True)
class Problem:
    """The people of one class.

    `heads[row]` people come as one row and sit in one group. Groups should have `least` to `most` people.
    `met` are rows who sat together before, in groups as they were. `home[row]` is the group of a row in a
    plan before, -1 where it had none; empty where no plan was. `far`, rows by rows and symmetric, is a
    general distance: what rows of one group add up to is to be large, after everything else.
    """

    heads: tuple[int, ...]
    least: int
    most: int
    tags: tuple[Tag, ...] = ()
    wishes: tuple[Wish, ...] = ()
    ties: tuple[GroupTie, ...] = ()
    met: tuple[tuple[int, ...], ...] = ()
    home: tuple[int, ...] = ()
    far: np.ndarray | None = field(default=None, compare=False)
    each: tuple[tuple[int, int], ...] = ()
    """Fewest and most people of each group, where they differ; then there are that many groups."""

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.heads)

    @cached_property
    def people(self) -> int:
        return sum(self.heads)

    @cached_property
    def k(self) -> int:
        """Groups: as few as hold everybody, ceil(people / most)."""
        return len(self.each) or -(-self.people // self.most)

    @cached_property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Fewest and most people of each group."""
        return self.each or ((self.least, self.most),) * self.k

    @cached_property
    def pairs_met(self) -> frozenset[tuple[int, int]]:
        """Pairs of rows, the lower first, that sat in one group before."""
        return frozenset(
            (a, b) for group in self.met for x, a in enumerate(sorted(group)) for b in sorted(group)[x + 1 :]
        )


def goals_of(problem: Problem, at: Sequence[int]) -> GroupGoals:
    """How a division meets its goals, counted again; `at[row]` is the group of each row."""
    size = [0] * problem.k
    for row, g in enumerate(at):
        size[g] += problem.heads[row]
    counts = []
    for tag in problem.tags:
        of: Counter[tuple[int, int]] = Counter()
        for row, g in enumerate(at):
            if tag.codes[row] >= 0:
                of[g, tag.codes[row]] += problem.heads[row]
        counts.append(of)
    return GroupGoals(
        ties=sum(tie.is_broken(at) for tie in problem.ties),
        outside=sum(
            max(0, least - n, n - most) for n, (least, most) in zip(size, problem.sizes, strict=True)
        ),
        mix=sum(
            wish.missed(counts[wish.tag][g, wish.value], size[g])
            for wish in problem.wishes
            for g in range(problem.k)
        ),
        moved=sum(
            problem.heads[row] for row, home in enumerate(problem.home) if home >= 0 and at[row] != home
        ),
        like=sum(
            tag.weight * (n * (n - 1) // 2)
            for tag, of in zip(problem.tags, counts, strict=True)
            for n in of.values()
        ),
        met=sum(at[a] == at[b] for a, b in problem.pairs_met),
    )


def groups_of(problem: Problem, at: Sequence[int]) -> Groups:
    """The rows of each group."""
    found: list[list[int]] = [[] for _ in range(problem.k)]
    for row, g in enumerate(at):
        found[g].append(row)
    return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Divided:
    """The groups of a class, in rows, what they have, and what no others come before."""

    groups: Groups
    goals: GroupGoals
    bound: GroupGoals
