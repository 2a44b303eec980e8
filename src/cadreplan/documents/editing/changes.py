"""What becomes different in the row of a leader from one rotation to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """`skills` are levels held from now on, `earned` the days on which they were reached, as YYYY-MM-DD;
    `completed` are modules to be added, `closed` skills whose entry in `gaps` is taken away, `unwished`
    entries of `prefers` that are; `credited` are hours or sessions of norms, `waited` rotations without a
    session, `priority` the new one; None where one stays. Fields that are `emptied` have nothing in them
    from now on.
    """

    skills: Mapping[str, int] = field(default_factory=dict)
    completed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    priority: int | None = None
    earned: Mapping[str, str] = field(default_factory=dict)
    credited: Mapping[str, int] = field(default_factory=dict)
    waited: int | None = None
    unwished: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()

    @property
    def entries(self) -> dict[str, dict[str, str]]:
        """Field → key → text: entries of maps that are set."""
        maps: dict[str, Mapping[str, object]] = {
            "skills": self.skills,
            "earned": self.earned,
            "credited": self.credited,
        }
        return {name: {k: str(v) for k, v in entries.items()} for name, entries in maps.items() if entries}

    @property
    def items(self) -> dict[str, tuple[str, ...]]:
        """Field → items that are added to a list."""
        return {"completed": self.completed} if self.completed else {}

    @property
    def gone(self) -> dict[str, tuple[str, ...]]:
        """Field → keys whose entries are taken away from a map."""
        maps = {"gaps": self.closed, "prefers": self.unwished}
        return {name: keys for name, keys in maps.items() if keys}

    @property
    def numbers(self) -> dict[str, str]:
        """Field → text: whole numbers that are set."""
        numbers = {"priority": self.priority, "waited": self.waited}
        return {name: str(number) for name, number in numbers.items() if number is not None}

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.items or self.gone or self.numbers or self.emptied)
