"""What must come first: an earlier session in which a leader would have the modules that another requires."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.insight.fixes import Fix, fixes
from cadreplan.insight.obstacles import Obstacle, Step, forbidden, obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.messages import Message

Entries = tuple[tuple[int, ...], ...]
"""What is required: one module of each."""

_LOOKED_AT = 3
_NEVER = (Step.AUDIENCE, Step.PREREQUISITE)
_WITH_BOTH = (Step.DATES, Step.TRADED, Step.LIMITS, Step.STANDARDS, Step.AWAY, Step.NOT_WORTH)
"""What is asked once the leader has both sessions, or is left to the solver."""


def before(state: PlanState, i: int, s: int, lacking: Obstacle) -> Obstacle:
    """Why leader i doesn't have what session s requires, `lacking` it: what stands before an earlier session.

    Of the earlier sessions that have it the one that gets farthest says it; `lacking` itself where there is
    none that could be found.
    """
    best = lacking
    for t in _earlier(state, i, s, lacking.entries):
        found = forbidden(state, i, t)
        if found is None:
            both = state.having(i, t)
            found = forbidden(both, i, s)
            if found is None:
                found = _not_worth_both(state, both, i, s, t)
        if found.step > best.step:
            best = Obstacle(found.step, found.told.having(lacking=lacking.told))
    return best


def _not_worth_both(state: PlanState, both: PlanState, i: int, s: int, t: int) -> Obstacle:
    """Nothing forbids t and then s: what they cost and bring together decides, or what the solver did."""
    gained = state.gain(i, t) + both.gain(i, s)
    names = {"earlier": state.instance.sessions[t].id, "session": state.instance.sessions[s].id}
    if gained > 0:  # only where the plan was not improved
        return Obstacle(Step.TRADED, Message.of("both-could-be-added", **names))
    return Obstacle(Step.NOT_WORTH, Message.of("both-bring", points=gained, **names))


def seat_before(state: PlanState, i: int, s: int, entries: Entries) -> tuple[list[Fix], set[int]] | None:
    """The fewest fixes with which leader i meets `entries` in one session before s, and then s.

    With them comes who holds what is full there. None where no session that could be found will do.
    """
    found = [way for t in _earlier(state, i, s, entries) if (way := _way(state, i, s, t)) is not None]
    return min(found, key=lambda way: sum(fix.size for fix in way[0]), default=None)


def _earlier(state: PlanState, i: int, s: int, entries: Entries) -> list[int]:
    """Sessions that have a module of each entry and end in time, those with the least in the way first."""
    reached = []
    for t in in_time(state.instance, s, entries):
        first = forbidden(state, i, t)
        if t not in state.chosen[i] and (first is None or first.step not in _NEVER):
            reached.append((-(Step.NONE if first is None else first.step), t))
    return [t for _, t in sorted(reached)[:_LOOKED_AT]]


def in_time(instance: Instance, s: int, entries: Entries) -> Iterator[int]:
    """Sessions that have a module of each entry, and that one person can attend before session s."""
    session, transfer = instance.sessions[s], instance.policy.transfer_days
    givers = [set(those) for entry, those in instance.givers[s] if entry in entries]
    for t in sorted(set.intersection(*givers)):
        other = instance.sessions[t]
        idle = session.first_day - other.last_day - 1
        if idle >= (0 if other.site == session.site else transfer):
            yield t


def _way(state: PlanState, i: int, s: int, t: int) -> tuple[list[Fix], set[int]] | None:
    there = [o for o in obstacles(state, i, t) if o.step not in _WITH_BOTH]
    against = [o for o in obstacles(state.having(i, t), i, s) if o.step not in (Step.TRADED, Step.NOT_WORTH)]
    first = None if any(o.step in _NEVER for o in there) else fixes(state, i, t, there)
    then = fixes(state.having(i, t), i, s, against)
    if first is None or then is None:
        return None
    instance = state.instance
    told = Message.of(
        "seat-before",
        earlier=instance.sessions[t].id,
        session=instance.sessions[s].id,
        leader=instance.leaders[i].id,
    )
    both = {fix.key: fix for fix in (*first, *then)}
    if sum(fix.door is not None for fix in both.values()) > 1:
        return None
    seat = Fix(("before", s, t), told, 1, lambda x: x, pins=(s, t))
    return [seat, *both.values()], {j for o in (*there, *against) for j in o.leaders}
