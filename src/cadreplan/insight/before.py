"""What must come first: an earlier session in which a leader would have the modules that another requires."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.insight.fixes import Fix, fixes
from cadreplan.insight.obstacles import Step, forbidden, obstacles
from cadreplan.insight.standing import Standing
from cadreplan.instance import Instance
from cadreplan.language import tr

_LOOKED_AT = 3
_NEVER = (Step.AUDIENCE, Step.PREREQUISITE)
_WITH_BOTH = (Step.DATES, Step.TRADED, Step.LIMITS, Step.STANDARDS, Step.AWAY, Step.NOT_WORTH)
"""What is asked once the leader has both sessions, or is left to the solver."""


def seat_before(
    state: Standing, i: int, s: int, modules: tuple[int, ...]
) -> tuple[list[Fix], set[int]] | None:
    """The fewest fixes with which leader i has `modules` in one session before s, and then s.

    With them comes who holds what is full there. None where no session that could be found will do.
    """
    found = [way for t in _earlier(state, i, s, modules) if (way := _way(state, i, s, t)) is not None]
    return min(found, key=lambda way: sum(fix.size for fix in way[0]), default=None)


def _earlier(state: Standing, i: int, s: int, modules: tuple[int, ...]) -> list[int]:
    """Sessions that have the modules and end in time, those with the least in the way first."""
    reached = []
    for t in _in_time(state.instance, s, modules):
        first = forbidden(state, i, t)
        if t not in state.chosen[i] and (first is None or first.step not in _NEVER):
            reached.append((-(Step.NONE if first is None else first.step), t))
    return [t for _, t in sorted(reached)[:_LOOKED_AT]]


def _in_time(instance: Instance, s: int, modules: tuple[int, ...]) -> Iterator[int]:
    session, transfer = instance.sessions[s], instance.policy.transfer_days
    for t, other in enumerate(instance.sessions):
        idle = session.first_day - other.last_day - 1
        apart = idle >= (0 if other.site == session.site else transfer)
        if apart and set(modules) <= set(other.modules) and not set(other.modules) & set(session.modules):
            yield t


def _way(state: Standing, i: int, s: int, t: int) -> tuple[list[Fix], set[int]] | None:
    there = [o for o in obstacles(state, i, t) if o.step not in _WITH_BOTH]
    against = [o for o in obstacles(state.having(i, t), i, s) if o.step not in (Step.TRADED, Step.NOT_WORTH)]
    first = None if any(o.step in _NEVER for o in there) else fixes(state, i, t, there)
    then = fixes(state.having(i, t), i, s, against)
    if first is None or then is None:
        return None
    instance = state.instance
    text = tr(
        "a seat in {earlier} before {session} for {leader}",
        earlier=instance.sessions[t].id,
        session=instance.sessions[s].id,
        leader=instance.leaders[i].id,
    )
    both = {fix.key: fix for fix in (*first, *then)}
    if sum(fix.door is not None for fix in both.values()) > 1:
        return None
    seat = Fix(("before", s, t), text, 1, lambda x: x, pins=(s, t))
    return [seat, *both.values()], {j for o in (*there, *against) for j in o.leaders}
