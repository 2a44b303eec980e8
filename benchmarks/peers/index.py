"""What the peers look up again and again: who closes what, who excludes whom, which days are free."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from cadreplan.engines.stones import lead_up
from cadreplan.instance import DayRange, Instance, Leader


class Index:
    """Look-ups over one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._closing: dict[tuple[int, int], list[int]] = {}

    @cached_property
    def conflicts(self) -> list[int]:
        """For each session the set of sessions that cannot go with it, as a bit mask.

        Two sessions exclude each other by a shared day, too little transfer time, or a shared module.
        """
        sessions, transfer = self.instance.sessions, self.instance.policy.transfer_days
        masks = [0] * len(sessions)
        days = [frozenset(s.days) for s in sessions]
        near = [frozenset(d + k for d in s.days for k in range(-transfer, transfer + 1)) for s in sessions]
        modules = [frozenset(s.modules) for s in sessions]
        for a in range(len(sessions)):
            for b in range(a + 1, len(sessions)):
                reach = near[a] if sessions[a].site != sessions[b].site else days[a]
                if reach & days[b] or modules[a] & modules[b]:
                    masks[a] |= 1 << b
                    masks[b] |= 1 << a
        return masks

    def closing(self, leader: Leader) -> dict[int, int]:
        """For each session that closes a skill gap of the leader: the positions of those gaps, a bit mask."""
        masks: dict[int, int] = defaultdict(int)
        for g, gap in enumerate(leader.gaps):
            key = (gap.skill, gap.level)
            if key not in self._closing:
                taught = self.instance.levels_taught
                self._closing[key] = [
                    s
                    for s, levels in enumerate(taught)
                    if gap.skill in levels and levels[gap.skill] >= gap.level
                ]
            for s in self._closing[key]:
                masks[s] |= 1 << g
        return masks

    def may_be_away(self, leader: Leader) -> int:
        """The days of the horizon on which a trip of the leader may fall, a bit mask."""
        horizon = (0, self.instance.n_days - 1)
        may = 0
        for days in (horizon,) if leader.available is None else leader.available:
            may |= _mask(days, horizon)
        for days in leader.unavailable:
            may &= ~_mask(days, horizon)
        return may

    def admits(self, leader: Leader, session: int) -> bool:
        """Whether the session is open to the leader's branch and role."""
        s = self.instance.sessions[session]
        lineage = self.instance.lineages[leader.branch]
        return (s.branches is None or any(b in lineage for b in s.branches)) and (
            s.roles is None or leader.role in s.roles
        )

    def assignable(self, leader: Leader) -> list[int]:
        """Sessions the leader could be in as far as each session alone tells; pinned ones always."""
        away = self.may_be_away(leader)

        def may(s: int) -> bool:
            session = self.instance.sessions[s]
            return (
                s not in leader.excluded
                and all(day >= 0 and away >> day & 1 for day in session.days)
                and leader.headcount <= session.seats
                and self.admits(leader, s)
            )

        useful = [s for s in {*self.closing(leader), *leader.pinned} if s in leader.pinned or may(s)]
        return sorted({*useful, *lead_up(self.instance, leader, useful, may)})


def _mask(days: DayRange, horizon: DayRange) -> int:
    """The days of a range that lie in the horizon, a bit mask."""
    first, last = max(days[0], horizon[0]), min(days[1], horizon[1])
    return (1 << last + 1) - (1 << first) if first <= last else 0
