"""What engines count too often of what has begun.

Engines add up sessions, which share no module, so that each counts once. Sessions that began by a plan for
another roster may share one; whoever attended them is pinned there. What such sessions have too many is the
same in every plan of a leader: it comes on top of what is missing, and is left out of what standards look at.
"""

from __future__ import annotations

from collections import Counter

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


def repeats(instance: Instance, leader: Leader) -> tuple[int, ...]:
    """Modules of what has begun that engines count too often, each as many times as that."""
    had = Counter(m for s in _begun(instance, leader) for m in instance.sessions[s].modules)
    return tuple((had - Counter(dict.fromkeys(had, 1))).elements())


def too_many(instance: Instance, leader: Leader) -> tuple[int, int, int]:
    """Hours, core hours and number of `repeats`."""
    modules = [instance.modules[m] for m in repeats(instance, leader)]
    return sum(m.hours for m in modules), sum(m.hours for m in modules if m.core), len(modules)


def _begun(instance: Instance, leader: Leader) -> tuple[int, ...]:
    return tuple(s for s in leader.pinned if instance.sessions[s].frozen)
