"""How seasons are designed by hand: demand over class size, nearest sites, earliest weeks, first come first.

Confirmed sessions are filled first. Then, offering by offering in roster order, its demand is counted: people
who still lack a skill that it teaches, may attend it and have sessions left. Demand over class size is the
number of classes, one more if the rest reaches the minimum. Each class goes to the site that is nearest to
most of those not yet catered for, in the earliest week with a room there. Leaders take seats in roster order;
classes short of their minimum are cancelled and their people look again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.peers.ledger import Ledger
from benchmarks.peers.simple import serve
from cadreplan.instance import Instance
from cadreplan.solution import Solution


def by_demand(instance: Instance) -> Solution:
    """The season by today's rule, and the plan that first come first served makes of it."""
    ledger = Ledger(instance)
    everybody = range(len(instance.leaders))
    for i in everybody:
        serve(ledger, i)
    counted = [0 for _ in everybody]
    places = [_sessions_left(ledger, i) for i in everybody]
    for o in range(len(instance.offerings)):
        _design(ledger, o, counted, places)
    for i in everybody:
        serve(ledger, i)
    while _cancel(ledger):
        for i in everybody:
            serve(ledger, i)
    return ledger.solution()


def _sessions_left(ledger: Ledger, i: int) -> int:
    most = ledger.instance.leaders[i].max_sessions
    return len(ledger.instance.sessions) if most is None else most - len(ledger.chosen[i])


def _design(ledger: Ledger, offering: int, counted: list[int], places: list[int]) -> None:
    """Open the classes of one offering; `counted` are the skill gaps catered for, `places` sessions left."""
    instance = ledger.instance
    candidates = list(instance.candidates_of(offering))
    if not candidates:
        return
    first = instance.sessions[candidates[0]]
    waiting = []
    for i, leader in enumerate(instance.leaders):
        closes = ledger.index.closing(leader).get(candidates[0], 0)
        for held in ledger.chosen[i]:
            closes &= ~ledger.index.closing(leader).get(held, 0)
        if closes & ~counted[i] and places[i] > 0 and ledger.index.admits(leader, candidates[0]):
            waiting.append(i)
    classes = _classes(sum(instance.leaders[i].headcount for i in waiting), first.seats, first.min_seats)
    for _ in range(classes):
        s = _nearest_and_earliest(ledger, candidates, waiting)
        if s is None:
            break
        seats = ledger.left[s]
        for i in _closest(instance, waiting, instance.sessions[s].site):
            seats -= instance.leaders[i].headcount
            if seats < 0:
                break
            counted[i] |= ledger.index.closing(instance.leaders[i])[s]
            places[i] -= 1
            waiting.remove(i)


def _classes(people: int, seats: int, least: int) -> int:
    """Full classes, and one more if the people left over reach the minimum."""
    full, rest = divmod(people, seats)
    return full + (rest > 0 and rest >= least)


def _nearest_and_earliest(ledger: Ledger, candidates: list[int], waiting: list[int]) -> int | None:
    """Open a candidate at the site nearest to most, in its earliest week with a room; None if none has."""
    instance = ledger.instance
    sites = sorted({instance.sessions[s].site for s in candidates})
    nearest = Counter[int]()
    for i in waiting:
        leader = instance.leaders[i]
        nearest[min(sites, key=lambda p: (instance.trip_km(leader, p), p))] += leader.headcount
    for site in sorted(sites, key=lambda p: (-nearest[p], p)):
        here = [s for s in candidates if instance.sessions[s].site == site and s not in ledger.running]
        for s in sorted(here, key=lambda s: (instance.sessions[s].first_day, s)):
            if ledger.open(s):
                return s
    return None


def _closest(instance: Instance, waiting: list[int], site: int) -> list[int]:
    return sorted(waiting, key=lambda i: (instance.trip_km(instance.leaders[i], site), i))


def _cancel(ledger: Ledger) -> bool:
    """Cancel classes short of their minimum, or empty; whether there were any."""
    instance = ledger.instance
    short = [s for s in sorted(ledger.running) if _people(ledger, s) < max(1, instance.sessions[s].min_seats)]
    for s in short:
        for i in _holders(ledger, s):
            if not ledger.remove(i, s):
                ledger.clear(i)
        ledger.close(s)
    return bool(short)


def _holders(ledger: Ledger, s: int) -> Iterator[int]:
    return (i for i, chosen in enumerate(ledger.chosen) if s in chosen)


def _people(ledger: Ledger, s: int) -> int:
    return sum(ledger.instance.leaders[i].headcount for i in _holders(ledger, s))
