"""A first programme at once: every session in its ideal order, lecturers one session after the other."""

from __future__ import annotations

from collections import Counter
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


def like_before(problem: Problem, orders: dict[int, Ideal]) -> Draft:
    """A programme that keeps what it can of the one before, half day by half day, and all rules.

    Where a session has moved and has as many days, what was on its first day is on its first day again.
    """
    draft: Draft = {}
    taken = Occupancy(problem, {}, ())
    for s in problem.sessions:
        draft[s] = {}
        for slot, m, k in _order_before(problem, s) or _order(problem, orders, s):
            left = None if k is None else taken.left(k)
            may = k in problem.teachers[s][m] and (left is None or left > 0)
            if k is not None and may and taken.can_be(k, problem.site(s), slot):
                taken.take(k, problem.site(s), [slot])
                draft[s][slot] = (m, k)
            else:
                draft[s][slot] = (m, None)
    for s, held in draft.items():
        here = {k for _, k in held.values() if k is not None}
        for slot, (m, k) in sorted(held.items()):
            wish = {who: 1 for what, who in held.values() if what == m and who is not None}
            if k is None and (found := _choose(problem, taken, s, m, [slot], here, wish)) is not None:
                taken.take(found, problem.site(s), [slot])
                held[slot] = (m, found)
                here.add(found)
    return draft


def _order(problem: Problem, orders: dict[int, Ideal], s: int) -> list[tuple[int, int, int | None]]:
    pairs = zip(problem.slots[s], orders[s].modules, strict=True)
    return [(slot, m, None) for slot, m in pairs if m is not None]


def _order_before(problem: Problem, s: int) -> list[tuple[int, int, int | None]]:
    """(half day, module, lecturer) as before; empty where these no longer make the session."""
    before, slots, days = problem.before.get(s, {}), problem.slots[s], problem.instance.sessions[s].days
    if not set(before) <= set(slots):
        old = sorted({slot // 2 for slot in before})
        if len(old) != len(days):
            return []
        to = dict(zip(old, days, strict=True))
        before = {2 * to[slot // 2] + slot % 2: lesson for slot, lesson in before.items()}
    if Counter(m for m, _ in before.values()) != Counter(dict(problem.lessons(s))):
        return []
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for slot, (m, _) in sorted(before.items()):
        first.setdefault(m, slot)
        last[m] = slot
    for m, begins in first.items():
        entries = problem.instance.within(m, tuple(first))
        if any(min(last[r] for r in held) > begins for held in entries):
            return []
    return [(slot, m, k) for slot, (m, k) in sorted(before.items())]


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
