"""The two ways people plan by hand: first come first served, and the most valuable wishes first."""

from __future__ import annotations

import heapq

from benchmarks.peers.ledger import Ledger
from cadreplan.instance import Instance
from cadreplan.solution import Solution


def first_come_first_served(instance: Instance) -> Solution:
    """Leaders in roster order; each takes, one after another, the sessions that gain most and still fit.

    Candidates are then run where enough leaders, again in roster order, would take them.
    """
    ledger = Ledger(instance)
    for i in range(len(instance.leaders)):
        serve(ledger, i)
    _candidates(ledger, list(range(len(instance.leaders))))
    return ledger.solution()


def by_priority(instance: Instance) -> Solution:
    """All pairs of leader and session, the one with the largest gain first, gains renewed as they change.

    Candidates are then run where enough leaders, those who gain most first, would take them.
    """
    ledger = Ledger(instance)
    waiting = {i: ledger.options(i) for i in range(len(instance.leaders))}
    heap = [(-options[0][0], i, 0) for i, options in waiting.items() if options]
    heapq.heapify(heap)
    while heap:
        _, i, k = heapq.heappop(heap)
        if ledger.add(i, waiting[i][k][1]):
            waiting[i], k = ledger.options(i), -1
        if k + 1 < len(waiting[i]):
            heapq.heappush(heap, (-waiting[i][k + 1][0], i, k + 1))
    gains = [options[0][0] if (options := ledger.options(i)) else 0 for i in range(len(instance.leaders))]
    _candidates(ledger, sorted(range(len(gains)), key=lambda i: (-gains[i], i)))
    return ledger.solution()


def serve(ledger: Ledger, i: int) -> None:
    """Give a leader, one after another, the sessions that gain most and still fit."""
    while any(ledger.add(i, s) for _, s in ledger.options(i)):
        pass


def _candidates(ledger: Ledger, order: list[int]) -> None:
    """Run each candidate that fills to its minimum and earns its cost; send the others' people home."""
    instance = ledger.instance
    for s, session in enumerate(instance.sessions):
        if not session.candidate or not ledger.open(s):
            continue
        gain, people, added = 0, 0, []
        for i in order:
            if ledger.left[s] == 0:
                break
            if not ledger.wants(i, s):
                continue
            before = ledger.worth(instance.leaders[i], ledger.chosen[i])
            if ledger.add(i, s):
                gain += ledger.worth(instance.leaders[i], ledger.chosen[i]) - before
                people += instance.leaders[i].headcount
                added.append(i)
        if people < session.min_seats or gain <= instance.policy.weights.open * session.cost:
            for i in added:
                ledger.remove(i, s)
            ledger.close(s)
