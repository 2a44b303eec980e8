"""What half days and discussion groups should have little of, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

Order = tuple[int, int, int, int, int, int]
"""Unstaffed, differing, afternoons, repeats, journeys + overload, changes."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What a programme should have little of, all sessions together.

    `unstaffed`: half days without a lecturer. `afternoons`: half days of core modules in an afternoon.
    `repeats`: neighbouring half days of a session with the same teaching method. `journeys`: sessions that a
    lecturer who isn't bound to a site comes to. `overload`: half days of lecturers above the fair share.
    `changes`: lecturers of a module of a session beyond its first. `differing`: half days and lecturers that
    are not those of the plan before, where there is one.
    """

    unstaffed: int = 0
    afternoons: int = 0
    repeats: int = 0
    journeys: int = 0
    overload: int = 0
    changes: int = 0
    differing: int = 0

    @property
    def order(self) -> Order:
        """The six goals, the first one first: programmes are compared by it like words in a dictionary."""
        return (
            self.unstaffed,
            self.differing,
            self.afternoons,
            self.repeats,
            self.journeys + self.overload,
            self.changes,
        )


GroupOrder = tuple[int, int, int, int, int, int]
"""Ties, outside, mix, moved, like, met."""


@dataclass(frozen=True, slots=True)
class GroupGoals:
    """What discussion groups should have little of, all sessions together.

    `ties`: broken ties of groups. `outside`: people by whom groups are smaller or larger than asked for.
    `mix`: people missing or too many for what a group should look like, and each lone one. `moved`: people
    of a plan made again who change their group. `like`: weighted pairs with the same value of a tag in a
    group. `met`: pairs who sat in a group before.
    """

    ties: int = 0
    outside: int = 0
    mix: int = 0
    moved: int = 0
    like: int = 0
    met: int = 0

    @property
    def order(self) -> GroupOrder:
        """The six goals, the first one first: divisions are compared by it like words in a dictionary."""
        return self.ties, self.outside, self.mix, self.moved, self.like, self.met

    def __add__(self, other: GroupGoals) -> GroupGoals:
        return GroupGoals(*(a + b for a, b in zip(self.order, other.order, strict=True)))
