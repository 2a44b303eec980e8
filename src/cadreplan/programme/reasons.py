"""Why nobody teaches a half day, and the smallest change that would mend it."""

from __future__ import annotations

from collections.abc import Sequence

from cadreplan.programme.problem import Occupancy, Problem, may_teach

REASONS = {
    "no-kind": "nobody on the roster may teach it",
    "site": "those who may teach it are bound to other sites",
    "unavailable": "those who may teach it are not available on that day",
    "load": "those who are free have taught all the half days they may",
    "busy": "those who may teach it teach elsewhere at that time",
}
"""Code → what it means."""


def reason(problem: Problem, taken: Occupancy, s: int, m: int, slot: int) -> str:
    """`code: what was found; the cheapest remedy` of a half day without a lecturer."""
    instance = problem.instance
    site, day = problem.site(s), instance.date_of(slot // 2).isoformat()
    when = f"{day} {'pm' if slot % 2 else 'am'}"
    kinds = " or ".join(instance.modules[m].lecturers) or "lecturer"
    name = instance.modules[m].id
    able = [k for k in range(len(instance.lecturers)) if may_teach(instance, k, m)]
    if not able:
        return f"no-kind: nobody on the roster may teach {name}; add a {kinds} for {name}"
    here = [k for k in able if instance.lecturers[k].site in (None, site)]
    if not here:
        return (
            f"site: {_who(problem, able)} may teach {name} at other sites only;"
            f" let one come to {instance.sites[site].id}"
        )
    free = [k for k in here if problem.is_available(k, slot) and taken.can_be(k, site, slot)]
    if free:
        least = min(free, key=lambda k: (instance.lecturers[k].site is None, taken.load(k), k))
        return (
            f"load: {_who(problem, free)} {_have(free)} no half day left;"
            f" one more for {instance.lecturers[least].id} would do"
        )
    present = [k for k in here if problem.is_available(k, slot)]
    if present:
        return (
            f"busy: {_who(problem, present)} {_teach(present)} elsewhere on {when}; one more {kinds} would do"
        )
    least = min(here, key=lambda k: (taken.left(k) == 0, taken.load(k), k))
    return (
        f"unavailable: {_who(problem, here)} {_are(here)} not available on {day};"
        f" {instance.lecturers[least].id} on that day would do"
    )


def _who(problem: Problem, lecturers: Sequence[int]) -> str:
    names = [problem.instance.lecturers[k].id for k in lecturers[:3]]
    more = len(lecturers) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _have(lecturers: Sequence[int]) -> str:
    return "has" if len(lecturers) == 1 else "have"


def _teach(lecturers: Sequence[int]) -> str:
    return "teaches" if len(lecturers) == 1 else "teach"


def _are(lecturers: Sequence[int]) -> str:
    return "is" if len(lecturers) == 1 else "are"
