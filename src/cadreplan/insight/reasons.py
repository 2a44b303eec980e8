"""A reason for every skill gap that a plan leaves open."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cadreplan.insight.before import before
from cadreplan.insight.grid import blocks
from cadreplan.insight.obstacles import Obstacle, Step, first_obstacle
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance, SkillGap
from cadreplan.messages import Message
from cadreplan.plan import OpenGap
from cadreplan.solution import Solution


def open_gaps(instance: Instance, solution: Solution) -> tuple[OpenGap, ...]:
    """Every open skill gap with its reason, by leader, then skill.

    Of the sessions that would close it, the one that gets farthest gives the reason: the first obstacle that
    stands between the leader and that session, as the plan is. `solution` keeps all rules.
    """
    found = Reasons(instance, solution).of(range(len(instance.leaders)))
    return tuple(sorted(found, key=lambda entry: (entry.leader, entry.skill)))


class Reasons:
    """The reasons of a plan, leader by leader; what is known of all of them is found out once."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self._instance = instance
        self._state = PlanState(instance, solution)
        self._sieve = Sieve(self._state)

    def of(self, leaders: Iterable[int]) -> list[OpenGap]:
        """Every open skill gap of these leaders."""
        instance, state, sieve = self._instance, self._state, self._sieve
        opened = {i: found for i in leaders if (found := state.open_positions(i))}
        entries: list[OpenGap] = []
        for rows in blocks(list(opened)):
            reach = sieve.reach(rows)
            for r, i in enumerate(rows):
                leader, search = instance.leaders[i], _Search(state, int(i), reach[r])
                for g in opened[i]:
                    code, detail = search.reason(leader.gaps[g], sieve.closers(leader.gaps[g]))
                    skill = instance.skills[leader.gaps[g].skill]
                    entries.append(OpenGap(leader.id, skill.id, code, detail))
        return entries


class _Search:
    """The reasons of one leader; `reach[s]` says how far the leader gets with session s at most."""

    def __init__(self, state: PlanState, i: int, reach: np.ndarray) -> None:
        self._state, self._i, self._reach = state, i, reach
        self._first: dict[int, Obstacle | None] = {}

    def reason(self, gap: SkillGap, closers: np.ndarray) -> tuple[str, Message]:
        if not len(closers):
            return Step.NO_SESSION.code, _nobody_teaches(self._state.instance, gap)
        best: Obstacle | None = None
        at: int | None = None
        order = np.argsort(-self._reach[closers], kind="stable")
        for s in closers[order].tolist():
            if best is not None and best.step >= self._reach[s]:
                break
            if s not in self._first:
                self._first[s] = first_obstacle(self._state, self._i, s)
            found = self._first[s]
            if found is None:  # only where the plan was not improved
                name = self._state.instance.sessions[s].id
                return Step.TRADED.code, Message.of("could-be-added", session=name)
            if best is None or found.step > best.step:
                best, at = found, s
        assert best is not None
        assert at is not None
        if best.step is Step.PREREQUISITE:
            best = before(self._state, self._i, at, best)
        return best.code, best.told.having(others=len(closers) - 1 or None)


def _nobody_teaches(instance: Instance, gap: SkillGap) -> Message:
    taught = [levels[gap.skill] for levels in instance.levels_taught if gap.skill in levels]
    if not taught:
        return Message.of("no-session")
    return Message.of("too-low", level=gap.level, highest=max(taught))
