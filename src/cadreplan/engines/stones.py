"""Stepping stones: sessions that close no skill gap of a leader, but lead up to one that does.

A session leads up to a later one where one of its modules meets what a module of the later one requires and
what neither the leader's `completed` nor that session itself meets. Only pairs of sessions that one person can
attend as far as modules go are looked at: nobody attends a module twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from cadreplan.instance import Instance, Leader


class Stones:
    """`before[s]`: each entry that session s requires and doesn't meet itself, with the sessions that can."""

    def __init__(self, instance: Instance) -> None:
        self.before: list[list[tuple[frozenset[int], tuple[int, ...]]]] = []
        sessions = instance.sessions
        holding: dict[int, list[int]] = defaultdict(list)
        if any(instance.required):
            for t, session in enumerate(sessions):
                for m in session.modules:
                    holding[m].append(t)
        for s, session in enumerate(sessions):
            self.before.append(
                [
                    (
                        frozenset(entry),
                        tuple(
                            sorted(
                                {
                                    t
                                    for m in entry
                                    for t in holding[m]
                                    if sessions[t].last_day < session.first_day
                                    and set(sessions[t].modules).isdisjoint(session.modules)
                                }
                            )
                        ),
                    )
                    for entry in instance.required[s]
                ]
            )
        self._any = any(self.before)

    def lead_up(
        self, leader: Leader, useful: Collection[int], may: Callable[[int], bool] = lambda _: True
    ) -> set[int]:
        """Sessions that may be stepping stones for a leader to whom `useful` ones are of use by themselves.

        Only of those for which `may` holds, in chains of any length.
        """
        found: set[int] = set()
        if not self._any:
            return found
        own, known = set(useful), dict[int, bool]()
        fresh = list(own)
        while fresh:
            for entry, givers in self.before[fresh.pop()]:
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
