"""A reason for every skill gap that a plan leaves open."""

from __future__ import annotations

from cadreplan.insight.obstacles import ORDER, Obstacle, first_obstacle
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.plan import OpenGap
from cadreplan.solution import Solution

_RANK = {code: rank for rank, code in enumerate(ORDER)}


def open_gaps(instance: Instance, solution: Solution) -> tuple[OpenGap, ...]:
    """Every open skill gap with its reason, by leader, then skill.

    Of the sessions that would close it, the one that gets farthest gives the reason: the first obstacle that
    stands between the leader and that session, as the plan is.
    """
    state = Standing(instance, solution)
    found = []
    for i, leader in enumerate(instance.leaders):
        first: dict[int, Obstacle | None] = {}
        for g in state.open_positions(i):
            gap = leader.gaps[g]
            code, detail = _reason(state, i, gap.skill, gap.level, first)
            found.append(OpenGap(leader.id, instance.skills[gap.skill].id, code, detail))
    return tuple(sorted(found, key=lambda entry: (entry.leader, entry.skill)))


def _reason(
    state: Standing, i: int, skill: int, level: int, first: dict[int, Obstacle | None]
) -> tuple[str, str]:
    closers = state.closers(skill, level)
    if not closers:
        return "no-session", _nobody_teaches(state.instance, skill, level)
    best: Obstacle | None = None
    for s in closers:
        if s not in first:
            first[s] = first_obstacle(state, i, s)
        found = first[s]
        if found is None:  # only where the plan was not improved
            return "traded", f"{state.instance.sessions[s].id} could be added, and the plan does without it"
        if best is None or _RANK[found.code] > _RANK[best.code]:
            best = found
    others = len(closers) - 1
    assert best is not None
    if not others:
        return best.code, best.text
    rest = "1 other session that teaches it gets" if others == 1 else f"{others} others that teach it get"
    return best.code, f"{best.text}; {rest} no farther"


def _nobody_teaches(instance: Instance, skill: int, level: int) -> str:
    best = max((taught[skill] for taught in instance.levels_taught if skill in taught), default=None)
    if best is None:
        return "no session teaches it"
    return f"no session teaches it to level {level}, the highest is {best}"
