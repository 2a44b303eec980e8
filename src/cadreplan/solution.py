"""What an engine decides, in indices: who attends what, which candidates run, who gets which room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cadreplan.instance import Instance


@dataclass(frozen=True, slots=True)
class Solution:
    """`chosen[i]` are the session indices of leader i, ascending.

    `running` holds the candidates that run (confirmed sessions always do); `rooms` maps running sessions at
    sites that list rooms to a room index of that site.
    """

    chosen: tuple[tuple[int, ...], ...]
    running: frozenset[int] = frozenset()
    rooms: Mapping[int, int] = field(default_factory=dict)

    def runs(self, instance: Instance, session: int) -> bool:
        return session in self.running or not instance.sessions[session].candidate
