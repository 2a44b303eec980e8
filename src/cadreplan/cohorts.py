"""What is wanted of those who train together: in a class, in a discussion group, on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple


class Amount(NamedTuple):
    """A number of people or, where it is a share, of every 100 who are there."""

    n: int
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Mix:
    """What a class, or a discussion group, should look like.

    Counted are people whose value of `tag` is `value`; None stands for every value that a leader has, each by
    itself. `tag` is one of leaders' tags, or `branch`, `branch:N` (the ancestor N below the root) or `role`,
    whose values are ids: `cadreplan.tags` tells. With `alone` False nobody is the only one of a value; that
    is for groups only. `sessions` None: all. A `hard` entry, for classes only, is a rule; others cost points.
    """

    tag: str
    each: Literal["class", "group"]
    value: str | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    alone: bool = True
    sessions: tuple[int, ...] | None = None
    hard: bool = False

    def renumbered(self, at: Mapping[int, int]) -> Mix:
        """The entry where session s is `at[s]`, and others are gone."""
        if self.sessions is None:
            return self
        return replace(self, sessions=tuple(sorted(at[s] for s in self.sessions if s in at)))


@dataclass(frozen=True, slots=True)
class Tie:
    """At most one of the leaders (`apart`), or all of them or none (`together`, groups only).

    `each` tells of what: away on one day, in a class, or in a discussion group.
    """

    leaders: tuple[int, ...]
    kind: Literal["apart", "together"]
    each: Literal["day", "class", "group"]
