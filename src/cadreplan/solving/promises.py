"""A guarantee as points: who has waited long enough comes before everything a plan can be worth.

The fewest left out first and the most worth then is the same as one sum, the worth less a *promise* for each
of them who attends nothing, where the promise is more than what any two plans can differ by in worth:

    promise > ceiling - floor,    floor <= worth of any plan <= ceiling

Engines maximise that sum (the *value*), and an upper bound B on it proves two things of every plan p that
leaves n(p) of those promised out, as worth(p) - promise x n(p) <= B:

    worth(p) <= B + promise x k    where n(p) <= k
    n(p)     >= (floor - B) / promise

The second is proof of the fewest as soon as B is within `promise` of the value of a plan, long before its
worth is proven. Those for whom no session is open on days that they may be away are left out by every plan:
nothing is promised to them, and they count beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cadreplan.engines.candidates import Alone
from cadreplan.instance import Instance, Leader
from cadreplan.plan import Guarantee
from cadreplan.solving.simple import simple_bound
from cadreplan.tags import values_of
from cadreplan.verification.rules import Report


@dataclass(frozen=True, slots=True)
class Promises:
    """`instance` is one whose leaders have promises; `beyond` counts those whom no plan can give anything."""

    instance: Instance
    waited: int
    promise: int
    floor: int
    beyond: int

    def stated(self, report: Report, bound: int) -> tuple[int, Guarantee]:
        """The bound on the worth of plans that leave no more out than one, and what is stated of these.

        `report` is that plan's, `bound` one on the value of any plan.
        """
        missed = report.charge // self.promise
        fewest = max(0, -((bound - self.floor) // self.promise))
        guarantee = Guarantee(self.waited, self.beyond + missed, self.beyond + min(missed, fewest))
        return bound + report.charge, guarantee


def promised(instance: Instance) -> Promises | None:
    """The promises of an instance; None where its policy guarantees nothing."""
    least = instance.policy.guarantee
    if least is None:
        return None
    alone = Alone(instance)
    floor = _Floor(instance)
    waiting, beyond, total = set[int](), 0, floor.shared
    for i, leader in enumerate(instance.leaders):
        sessions = np.flatnonzero(alone.sessions(leader))
        total += floor.of(leader, sessions)
        if leader.waited >= least and leader.gaps and not leader.left:
            if len(sessions):
                waiting.add(i)
            else:
                beyond += 1
    promise = max(1, simple_bound(instance) - total + 1)
    leaders = tuple(
        replace(leader, promise=promise) if i in waiting else leader
        for i, leader in enumerate(instance.leaders)
    )
    return Promises(replace(instance, leaders=leaders), least, promise, total, beyond)


def _lacking(instance: Instance) -> int:
    """No fewer than the people whom classes can have too few or too many of, by entries that aren't hard."""
    total, everybody = 0, sum(leader.headcount for leader in instance.leaders)
    for entry in instance.mix:
        if entry.each != "class" or entry.hard:
            continue
        values = 1 if entry.value is not None else len(values_of(instance, entry.tag))
        least = 0 if entry.at_least is None else entry.at_least.n
        for s, session in enumerate(instance.sessions):
            if entry.sessions is None or s in entry.sessions:
                people = everybody if session.frozen else session.seats
                total += values * max(least, people) + people
    return total


class _Floor:
    """The least that a plan can be worth, leader by leader."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        weights, sessions = instance.policy.weights, instance.sessions
        self._site = np.array([session.site for session in sessions], np.int64)
        self._trips = np.array([len(session.days) for session in sessions], np.int64)
        self._km: dict[object, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
        self.shared = -weights.open * sum(max(0, s.cost) for s in sessions if s.candidate)
        self.shared -= weights.underfill * sum(s.min_seats for s in sessions if not s.candidate)
        self.shared -= weights.mix * _lacking(instance)

    def of(self, leader: Leader, sessions: np.ndarray[tuple[int], np.dtype[np.intp]]) -> int:
        """What a leader costs at most: with the farthest sessions, each day of one a trip of its own."""
        instance = self._instance
        weights, policy = instance.policy.weights, instance.policy
        most = min(
            len(sessions),
            instance.n_days,
            len(sessions) if leader.max_sessions is None else leader.max_sessions,
        )
        if leader.location not in self._km:
            sites = range(len(instance.sites))
            self._km[leader.location] = np.array([instance.trip_km(leader, p) for p in sites], np.int64)
        travel = (self._km[leader.location][self._site] * self._trips)[sessions]
        far = int(np.sort(travel)[len(travel) - most :].sum())
        days = instance.n_days if leader.max_days is None else min(leader.max_days, instance.n_days)
        dislikes = sum(min(0, points) for _, points in leader.prefers_sessions)
        dislikes += most * sum(min(0, points) for _, points in leader.prefers_sites)
        waited = weights.wait * (leader.waited + 1) ** 2
        norms = weights.norm * sum(owed.missing for owed in leader.owes)
        cost = weights.km * far + weights.day * days + weights.hour * policy.min_hours + waited + norms
        return dislikes - cost
