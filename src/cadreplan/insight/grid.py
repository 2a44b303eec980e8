"""What holds of leaders and sessions whatever the plan: days, places, ways, and what rules out what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cadreplan.insight.obstacles import Step
from cadreplan.instance import Instance, Leader, SkillGap

Rows = NDArray[np.intp]
Bools = NDArray[np.bool_]

LATER = 2**30
"""A day after all days: the module is never had."""
_BLOCK = 512


def blocks(rows: Sequence[int]) -> Iterator[Rows]:
    """`rows` in portions whose arrays stay small."""
    for k in range(0, len(rows), _BLOCK):
        yield np.array(rows[k : k + _BLOCK], dtype=np.intp)


class Grid:
    """What a `Sieve` reads of an instance again and again, as arrays.

    `on` has 1 on the days of each session (sessions x days from `origin` on, `width` of them); `site` and
    `n_days` are by session, `heads` and `branch` by leader.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance, self.sessions = instance, instance.sessions
        days = [day for session in self.sessions for day in session.days]
        self.origin = min(days, default=0)
        self.width = max(days, default=0) - self.origin + 1
        self.on = np.zeros((len(self.sessions), self.width), dtype=np.float32)
        for s, session in enumerate(self.sessions):
            self.on[s, [day - self.origin for day in session.days]] = 1
        self.site = np.array([session.site for session in self.sessions], dtype=np.intp)
        self.n_days = np.array([len(session.days) for session in self.sessions], dtype=np.int64)
        self.heads = np.array([leader.headcount for leader in instance.leaders])
        self.branch = np.array([leader.branch for leader in instance.leaders], dtype=np.intp)
        self._teaches: dict[tuple[int, int], tuple[Bools, Rows]] = {}

    def taught(self, gap: SkillGap) -> tuple[Bools, Rows]:
        """Whether sessions close a skill gap, and which do, ascending."""
        key = (gap.skill, gap.level)
        if key not in self._teaches:
            levels = self.instance.levels_taught
            mask = np.array([t.get(gap.skill, gap.level - 1) >= gap.level for t in levels], dtype=np.bool_)
            self._teaches[key] = (mask, np.flatnonzero(mask))
        return self._teaches[key]

    @cached_property
    def required(self) -> list[tuple[int, list[int], int]]:
        """A session, modules of which one is required before it, and its first day."""
        return [
            (s, list(entry), self.sessions[s].first_day)
            for s, required in enumerate(self.instance.required)
            for entry in required
        ]

    @cached_property
    def quotas(self) -> tuple[Rows, Rows]:
        """Session and branch of each quota: two columns."""
        pairs = [(s, branch) for s, session in enumerate(self.sessions) for branch, _ in session.quotas]
        table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    @cached_property
    def within(self) -> Bools:
        """Whether leaders belong to the branch of a quota or below it: quotas x leaders."""
        lineages = self.instance.lineages
        below = np.zeros((len(lineages), len(lineages)), dtype=np.bool_)
        for b, line in enumerate(lineages):
            below[list(line), b] = True
        within: Bools = below[self.quotas[1]][:, self.branch]
        return within

    @cached_property
    def clash(self) -> Bools:
        """Whether two sessions can't be attended both: sessions x sessions."""
        apart = self.instance.policy.transfer_days
        n = len(self.sessions)
        holds = np.zeros((n, len(self.instance.modules)), dtype=np.float32)
        wide = np.zeros((n, self.width), dtype=np.float32)
        for s, session in enumerate(self.sessions):
            holds[s, list(session.modules)] = 1
            for day in session.days:
                at = day - self.origin
                wide[s, max(0, at - apart) : at + apart + 1] = 1
        clash: Bools = (holds @ holds.T > 0) | (self.on @ self.on.T > 0)
        clash |= (self.site[:, None] != self.site) & (wide @ self.on.T > 0)
        return clash

    @cached_property
    def own_reach(self) -> NDArray[np.int8]:
        """How far leaders get as they are, whatever they attend: leaders x sessions."""
        instance = self.instance
        open_to = np.ones((len(instance.branches), len(self.sessions)), dtype=np.bool_)
        for s, session in enumerate(self.sessions):
            if session.branches is not None:
                open_to[:, s] = [not set(session.branches).isdisjoint(line) for line in instance.lineages]
        roles = np.ones((len(instance.roles) + 1, len(self.sessions)), dtype=np.bool_)
        for s, session in enumerate(self.sessions):
            if session.roles is not None:
                roles[:, s] = [role in session.roles for role in range(len(instance.roles))] + [False]
        role = np.array(
            [-1 if leader.role is None else leader.role for leader in instance.leaders], dtype=np.intp
        )
        reach = np.full((len(instance.leaders), len(self.sessions)), Step.NONE, dtype=np.int8)
        for rows in blocks(range(len(instance.leaders))):
            barred = np.array([self._barred(instance.leaders[i]) for i in rows])
            part = reach[rows]
            part[barred @ self.on.T > 0] = Step.DATES
            part[~(open_to[self.branch[rows]] & roles[role[rows]])] = Step.AUDIENCE
            reach[rows] = part
        for i, leader in enumerate(instance.leaders):
            if leader.excluded:
                reach[i, list(leader.excluded)] = Step.AUDIENCE
        return reach

    def _barred(self, leader: Leader) -> NDArray[np.float32]:
        """1 on the days on which a leader can't be away."""
        barred = self._outside.copy()
        if leader.available is not None:
            open_days = np.zeros(self.width, dtype=np.bool_)
            for a, b in leader.available:
                open_days[max(0, a - self.origin) : max(0, b + 1 - self.origin)] = True
            barred[~open_days] = 1
        for a, b in leader.unavailable:
            barred[max(0, a - self.origin) : max(0, b + 1 - self.origin)] = 1
        return barred

    @cached_property
    def _outside(self) -> NDArray[np.float32]:
        days = np.arange(self.width) + self.origin
        return ((days < 0) | (days >= self.instance.n_days)).astype(np.float32)

    @cached_property
    def km(self) -> NDArray[np.float64]:
        """Kilometres of a trip: leaders x sites."""
        instance = self.instance
        rows = {leader.location: leader for leader in instance.leaders}
        known = {
            home: [float(instance.trip_km(leader, p)) for p in range(len(instance.sites))]
            for home, leader in rows.items()
        }
        return np.array([known[leader.location] for leader in instance.leaders])

    @cached_property
    def local(self) -> Bools:
        """Who sleeps at home where: leaders x sites."""
        instance, n_sites = self.instance, len(self.instance.sites)
        if not instance.policy.local_km:
            return np.zeros((len(instance.leaders), n_sites), dtype=np.bool_)
        rows = {leader.location: leader for leader in instance.leaders}
        known = {
            home: [instance.is_local(leader, p) for p in range(n_sites)] for home, leader in rows.items()
        }
        return np.array([known[leader.location] for leader in instance.leaders], dtype=np.bool_)
