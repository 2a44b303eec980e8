"""A guarantee as points: who has waited long enough comes before everything a plan can be worth.

The fewest left out first and the most worth then is the same as one sum, the worth less a *promise* for each
of them who attends nothing, where the promise is more than what any two plans can differ by in worth:

    promise > ceiling - floor,    floor <= worth of any plan <= ceiling

Engines maximise that sum (the *value*), and an upper bound B on it proves two things of every plan p that
leaves n(p) of those promised out, as worth(p) - promise x n(p) <= B:

    worth(p) <= B + promise x k    where n(p) <= k
    n(p)     >= (floor - B) / promise

The second is proof of the fewest as soon as B is within `promise` of the value of a plan, long before its
worth is proven; where seats are few, their number says it before any search (`seats`). But then B is
rough: a linear programme seats a part of somebody, and a part of a promise is more than all that worth can
differ by. A smaller promise q has a bound C of its own (`lowered`), and

    worth(p) <= C + q x k          where n(p) <= k

for any q at all. The best q is what the last of those seats costs all others: half of what a single leader
can reach is near it, and better than all of it, on the rosters of decision 22.

Those for whom no session is open on days that they may be away are left out by every plan:
nothing is promised to them, and they count beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cadreplan.engines.candidates import Alone
from cadreplan.engines.seats import most_seated
from cadreplan.instance import Instance, Leader
from cadreplan.plan import Guarantee
from cadreplan.solving.simple import reaches
from cadreplan.tags import values_of
from cadreplan.verification.report import Report


@dataclass(frozen=True, slots=True)
class Promises:
    """`instance` is one whose leaders have promises; `beyond` counts those whom no plan can give anything.

    `low` points are half of what a single leader can reach at most. Of those promised a seat `scarce` can't
    have one, as there are too few. `low_bound` is one on the value of any plan of the instance `lowered`,
    where known.
    """

    instance: Instance
    waited: int
    promise: int
    floor: int
    beyond: int
    low: int
    scarce: int
    low_bound: int | None = None

    @property
    def given(self) -> bool:
        """Whether anybody is promised a seat: else the guarantee costs nothing."""
        return any(leader.promise for leader in self.instance.leaders)

    def lowered(self) -> Instance:
        """The instance with promises of `low` points each."""
        leaders = tuple(
            replace(leader, promise=self.low) if leader.promise else leader
            for leader in self.instance.leaders
        )
        return replace(self.instance, leaders=leaders)

    def stated(self, report: Report, bound: int) -> tuple[int, Guarantee]:
        """The bound on the worth of plans that leave no more out than one, and what is stated of these.

        `report` is that plan's, `bound` one on the value of any plan.
        """
        missed = report.charge // self.promise
        fewest = max(self.scarce, -((bound - self.floor) // self.promise))
        guarantee = Guarantee(self.waited, self.beyond + missed, self.beyond + min(missed, fewest))
        ceiling = bound + report.charge
        if self.low_bound is not None:
            ceiling = min(ceiling, self.low_bound + self.low * missed)
        return ceiling, guarantee


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
    reached = reaches(instance)
    promise = max(1, sum(reached) - total + 1)
    low = min(promise, 1 + max(reached, default=0) // 2)
    leaders = tuple(
        replace(leader, promise=promise) if i in waiting else leader
        for i, leader in enumerate(instance.leaders)
    )
    scarce = len(waiting) - most_seated(instance, alone, waiting)
    return Promises(replace(instance, leaders=leaders), least, promise, total, beyond, low, scarce)


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
