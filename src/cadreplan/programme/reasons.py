"""Why nobody teaches a half day, and the smallest change that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.language import later, listed, tr, tr_n
from cadreplan.plan import Plan, ProgrammeEntry, Slot, half_day
from cadreplan.programme.problem import Draft, Occupancy, Problem, may_teach
from cadreplan.solution import Solution

REASONS = {
    "no-kind": later("nobody on the roster may teach it"),
    "site": later("those who may teach it are bound to other sites"),
    "unavailable": later("those who may teach it are not available on that day"),
    "load": later("those who are free have taught all the half days they may"),
    "busy": later("those who may teach it teach elsewhere at that time"),
}
"""Code → what it means."""


def reason(problem: Problem, taken: Occupancy, s: int, m: int, slot: int) -> str:
    """`code: what was found; the cheapest remedy` of a half day without a lecturer."""
    code, text = _reason(problem, taken, s, m, slot)
    return f"{code}: {text}"


def in_words(instance: Instance, plan: Plan, solution: Solution) -> dict[tuple[str, Slot, str], str]:
    """(date, half day, session id) → why nobody teaches then, in the reader's language.

    A plan keeps its reasons in English; they are found anew from its half days. What comes out with another
    code than the plan states, as where the roster has changed, is left out, as are half days with names
    that the roster doesn't have.
    """
    sessions = tuple(replace(session, frozen=False) for session in instance.sessions)
    instance = replace(instance, sessions=sessions)  # a reason of what is over is one all the same
    modules = {module.id: m for m, module in enumerate(instance.modules)}
    lecturers = {who.id: k for k, who in enumerate(instance.lecturers)}
    try:
        problem = Problem.of(instance, solution)
    except UsageError:  # not the roster of this plan
        return {}
    draft: Draft = {s: {} for s in problem.sessions}
    stated: list[tuple[tuple[str, Slot, str], int, int, int, str]] = []
    for planned in plan.sessions:
        s = instance.session_by_id.get(planned.id)
        for entry in planned.programme if s in draft else ():
            m, k = modules.get(entry.module), lecturers.get(entry.lecturer or "")
            slot = _slot(instance, entry)
            if s is None or m is None or slot is None or m not in problem.teachers[s]:
                continue
            if slot not in problem.slots[s]:
                continue
            draft[s][slot] = (m, k)
            if k is None and entry.reason:
                stated.append(((entry.date, entry.slot, planned.id), s, m, slot, entry.reason))
    taken = Occupancy(problem, draft, problem.sessions)
    anew = {key: (reason(problem, taken, s, m, slot), why) for key, s, m, slot, why in stated}
    return {key: text for key, (text, why) in anew.items() if text.split(":")[0] == why.split(":")[0]}


def _slot(instance: Instance, entry: ProgrammeEntry) -> int | None:
    try:
        day = (date.fromisoformat(entry.date) - instance.start).days
    except ValueError:
        return None
    return 2 * day + (entry.slot == "pm")


def _reason(problem: Problem, taken: Occupancy, s: int, m: int, slot: int) -> tuple[str, str]:
    instance = problem.instance
    site, day = problem.site(s), instance.date_of(slot // 2).isoformat()
    kinds = tr(" or ").join(instance.modules[m].lecturers) or tr("lecturer")
    name = instance.modules[m].id
    able = [k for k in range(len(instance.lecturers)) if may_teach(instance, k, m)]
    if not able:
        text = tr(
            "nobody on the roster may teach {module}; add a {kinds} for {module}", module=name, kinds=kinds
        )
        return "no-kind", text
    here = [k for k in able if instance.lecturers[k].site in (None, site)]
    if not here:
        text = tr(
            "{who} may teach {module} at other sites only; let one come to {site}",
            who=_who(problem, able),
            module=name,
            site=instance.sites[site].id,
        )
        return "site", text
    free = [k for k in here if problem.is_available(k, slot) and taken.can_be(k, site, slot)]
    if free:
        least = min(free, key=lambda k: (instance.lecturers[k].site is None, taken.load(k), k))
        text = tr_n(
            "{who} has no half day left; one more for {least} would do",
            "{who} have no half day left; one more for {least} would do",
            len(free),
            who=_who(problem, free),
            least=instance.lecturers[least].id,
        )
        return "load", text
    present = [k for k in here if problem.is_available(k, slot)]
    if present:
        text = tr_n(
            "{who} teaches elsewhere on {when}; one more {kinds} would do",
            "{who} teach elsewhere on {when}; one more {kinds} would do",
            len(present),
            who=_who(problem, present),
            when=half_day(day, pm=slot % 2 == 1),
            kinds=kinds,
        )
        return "busy", text
    least = min(here, key=lambda k: (taken.left(k) == 0, taken.load(k), k))
    text = tr_n(
        "{who} is not available on {day}; {least} on that day would do",
        "{who} are not available on {day}; {least} on that day would do",
        len(here),
        who=_who(problem, here),
        day=day,
        least=instance.lecturers[least].id,
    )
    return "unavailable", text


def _who(problem: Problem, lecturers: Sequence[int]) -> str:
    names = listed(problem.instance.lecturers[k].id for k in lecturers[:3])
    more = len(lecturers) - 3
    return tr("{names} and {n} more", names=names, n=more) if more > 0 else names
