"""A first programme at once: every session in its ideal order, lecturers one session after the other."""

from __future__ import annotations

from collections.abc import Mapping

from cadreplan.programme.ideal import Ideal, ideal
from cadreplan.programme.problem import Draft, Occupancy, Problem

Wished = Mapping[tuple[int, int], Mapping[int, int]]


def ideals(problem: Problem) -> dict[int, Ideal]:
    """The ideal order of every session; sessions alike share the work."""
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], Ideal] = {}
    found = {}
    for s in problem.sessions:
        modules, slots = problem.instance.sessions[s].modules, problem.slots[s]
        offset = slots[0]
        key = (modules, tuple(slot - offset for slot in slots))
        if key not in known:
            known[key] = ideal(problem.instance, modules, slots)
        found[s] = known[key]
    return found


def first_draft(problem: Problem, orders: dict[int, Ideal], wished: Wished | None = None) -> Draft:
    """A programme that keeps all rules; half days for which nobody is left stay without a lecturer.

    `wished` are the lecturers to take first, (session, module) → lecturer → half days.
    """
    draft: Draft = {}
    taken = Occupancy(problem, {}, ())
    for s in problem.sessions:
        by_module: dict[int, list[int]] = {}
        for slot, m in zip(problem.slots[s], orders[s].modules, strict=True):
            if m is not None:
                by_module.setdefault(m, []).append(slot)
        draft[s] = {}
        here: set[int] = set()
        for m, slots in sorted(by_module.items(), key=lambda item: len(problem.teachers[s][item[0]])):
            wish = (wished or {}).get((s, m), {})
            one = _choose(problem, taken, s, m, slots, here, wish)
            for slot in slots:
                k = one if one is not None else _choose(problem, taken, s, m, [slot], here, wish)
                draft[s][slot] = (m, k)
                if k is not None:
                    taken.take(k, problem.site(s), [slot])
                    here.add(k)
    return draft


def _choose(
    problem: Problem,
    taken: Occupancy,
    s: int,
    m: int,
    slots: list[int],
    here: set[int],
    wish: Mapping[int, int],
) -> int | None:
    """A lecturer for all the half days: who is wished for or there anyway, else with the lightest load."""
    site = problem.site(s)
    free = [
        k
        for k in problem.teachers[s][m]
        if ((left := taken.left(k)) is None or left >= len(slots))
        and all(taken.can_be(k, site, slot) for slot in slots)
    ]
    if not free:
        return None
    lecturers = problem.instance.lecturers

    def worth(k: int) -> tuple[bool, bool, bool, float, int]:
        most = lecturers[k].max_slots
        load = taken.load(k) + len(slots)
        return (
            wish.get(k, 0) < len(slots),
            load > problem.fair,
            lecturers[k].site is None and k not in here,
            load / most if most else load / problem.fair / 2,
            k,
        )

    return min(free, key=worth)
