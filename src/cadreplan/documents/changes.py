"""What becomes different in the row of a leader from one rotation to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """`skills` are levels held from now on, `completed` modules to be added, `closed` skills whose entry in
    `gaps` is taken away; `priority` is the new one, None where it stays.
    """

    skills: Mapping[str, int] = field(default_factory=dict)
    completed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    priority: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.skills or self.completed or self.closed or self.priority is not None)
