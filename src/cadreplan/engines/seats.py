"""How many people can have a seat at all: a flow, without a search."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from cadreplan.engines.candidates import Alone
from cadreplan.instance import Instance


def most_seated(instance: Instance, alone: Alone, waiting: Collection[int]) -> int:
    """No fewer of the leaders `waiting` than can have a seat at the same time.

    It is the most that flow from leaders to the sessions that each may attend, and through their seats;
    whoever is pinned has a session.
    """
    free = [i for i in sorted(waiting) if not instance.leaders[i].pinned]
    if not free:
        return len(waiting)
    from ortools.graph.python import max_flow  # noqa: PLC0415 (needed with a guarantee only, and heavy)

    flow, n = max_flow.SimpleMaxFlow(), len(instance.sessions)
    source, sink = n, n + 1
    for s, session in enumerate(instance.sessions):
        flow.add_arc_with_capacity(s, sink, session.seats)
    for node, i in enumerate(free, n + 2):
        flow.add_arc_with_capacity(source, node, 1)
        for s in np.flatnonzero(alone.sessions(instance.leaders[i])).tolist():
            flow.add_arc_with_capacity(node, s, 1)
    flow.solve(source, sink)
    return len(waiting) - len(free) + int(flow.optimal_flow())
