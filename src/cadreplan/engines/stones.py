"""Stepping stones: sessions that close no skill gap of a leader, but lead up to one that does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cadreplan.instance import Instance, Leader


def lead_up(
    instance: Instance, leader: Leader, useful: Iterable[int], may: Callable[[int], bool] = lambda _: True
) -> set[int]:
    """Sessions that may be stepping stones for a leader to whom `useful` ones are of use by themselves.

    Only of those for which `may` holds, in chains of any length.
    """
    found: set[int] = set()
    if not any(instance.required):
        return found
    own, known = set(useful), dict[int, bool]()
    fresh = list(own)
    while fresh:
        for entry, givers in instance.givers[fresh.pop()]:
            if not leader.completed.isdisjoint(entry):
                continue
            for t in givers:
                if t in own or t in found:
                    continue
                if t not in known:
                    known[t] = may(t)
                if known[t]:
                    found.add(t)
                    fresh.append(t)
    return found
