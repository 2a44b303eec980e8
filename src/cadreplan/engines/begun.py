"""Hours of what has begun that engines count too often.

Engines add up sessions, which share no module, so that each counts once. Sessions that began by a plan for
another roster may share one; whoever attended them is pinned there. What such sessions have too many is the
same in every plan of a leader: it comes on top of what is missing.
"""

from __future__ import annotations

from cadreplan.instance import Instance, Leader, Owed


def hours_short(instance: Instance, leader: Leader) -> int:
    """Study hours wanted by `min_hours` of a leader, in hours as sessions add up."""
    begun = _begun(instance, leader)
    days = [day for s in begun for day in instance.sessions[s].days]
    twice = instance.repeated(begun, min(days), max(days)) if days else 0
    return instance.policy.min_hours + twice


def short_of(instance: Instance, leader: Leader, owed: Owed) -> int:
    """What is missing to a norm before anything is attended, in hours or sessions as sessions add up."""
    by_hours = not instance.norms[owed.norm].counts_sessions
    begun = _begun(instance, leader) if by_hours else ()
    return max(0, owed.wanted - owed.credited + instance.repeated(begun, owed.first, owed.last))


def _begun(instance: Instance, leader: Leader) -> tuple[int, ...]:
    return tuple(s for s in leader.pinned if instance.sessions[s].frozen)
