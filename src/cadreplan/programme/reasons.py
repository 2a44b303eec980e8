"""Why nobody teaches a half day, and the smallest change that would help."""

from __future__ import annotations

from collections.abc import Sequence

from cadreplan.messages import Message
from cadreplan.programme.problem import Occupancy, Problem, may_teach

_NAMED = 3
"""Lecturers named in a reason at most."""


def reason(problem: Problem, taken: Occupancy, s: int, m: int, slot: int) -> Message:
    """What was found of a half day without a lecturer, and the cheapest remedy."""
    instance = problem.instance
    site, day = problem.site(s), instance.date_of(slot // 2).isoformat()
    kinds = tuple(instance.modules[m].lecturers)
    name = instance.modules[m].id
    able = [k for k in range(len(instance.lecturers)) if may_teach(instance, k, m)]
    if not able:
        return Message.of("no-kind", module=name, kinds=kinds)
    here = [k for k in able if instance.lecturers[k].site in (None, site)]
    if not here:
        return Message.of("site", module=name, site=instance.sites[site].id, **_who(problem, able))
    free = [k for k in here if problem.is_available(k, slot) and taken.can_be(k, site, slot)]
    if free:
        least = min(free, key=lambda k: (instance.lecturers[k].site is None, taken.load(k), k))
        return Message.of("load", lecturer=instance.lecturers[least].id, **_who(problem, free))
    present = [k for k in here if problem.is_available(k, slot)]
    if present:
        half_day = f"{day} pm" if slot % 2 else f"{day} am"
        return Message.of("busy", half_day=half_day, kinds=kinds, **_who(problem, present))
    least = min(here, key=lambda k: (taken.left(k) == 0, taken.load(k), k))
    return Message.of("unavailable", day=day, lecturer=instance.lecturers[least].id, **_who(problem, here))


def _who(problem: Problem, lecturers: Sequence[int]) -> dict[str, object]:
    """The first of them, and how many they are."""
    ids = tuple(problem.instance.lecturers[k].id for k in lecturers[:_NAMED])
    return {"lecturers": ids, "able": len(lecturers)}
