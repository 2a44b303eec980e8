"""Why a leader's skill gap stays open, session by session, and the smallest changes that would close it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cadreplan.insight.altered import with_row
from cadreplan.insight.around import Solver, resolved_around
from cadreplan.insight.before import seat_before
from cadreplan.insight.fairness import Envy, envies_of
from cadreplan.insight.fixes import Fix, fixes
from cadreplan.insight.notes import note
from cadreplan.insight.obstacles import Obstacle, Step, forbidden, obstacles
from cadreplan.insight.opening import wishes
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.messages import Message
from cadreplan.solution import Solution

Key = tuple[str, int, int]
TRIED = 6
"""Changes that are verified for one skill gap."""
_TOUCHED = 10
_OPENED = 3
"""Of the changes that are verified, those that open a candidate."""
_COME = 40
_LEFT = (Step.TRADED, Step.NOT_WORTH)
"""What the solver decides."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds what is full; `worth` is what would be lost if that leader left the session."""

    leader: int
    worth: int


@dataclass(frozen=True, slots=True)
class Hurdle:
    """One obstacle with those who hold what is full, the one with the least to lose first.

    `note` tells the range of days it comes from, or what a sum comes to; None for others.
    """

    obstacle: Obstacle
    holders: tuple[Holder, ...]
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A session that would close the gap, and all that stands in the way; nothing at all: only the plan."""

    session: int
    hurdles: tuple[Hurdle, ...]


@dataclass(frozen=True, slots=True)
class Cure:
    """Changes that close the gap, as found by re-solving around the leader with everybody else fixed.

    None of the fixes can be left out, or none without a loss where there are pins. `gained` is what the plan,
    which is then `solution`, is worth more; it is below zero where a pin (a candidate opened, a seat in what
    must come first) closes the gap at a loss. `changed` are other leaders who then have other sessions.
    `free` where no data changes: then a plan that is the best has nothing to gain by it, and a gain tells
    that this one isn't. `proven` tells that no better plan exists with everybody outside fixed.
    """

    fixes: tuple[Fix, ...]
    session: int
    gained: int
    changed: tuple[int, ...]
    solution: Solution
    proven: bool
    free: bool

    @property
    def size(self) -> int:
        """Units changed: seats, beds, days, sessions."""
        return sum(fix.size for fix in self.fixes)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One open skill gap: `gap` is its position in the leader's gaps."""

    leader: int
    gap: int
    ways: tuple[Way, ...]
    cures: tuple[Cure, ...]
    envies: tuple[Envy, ...] = ()
    """Whose seats would close it and could be had by who waited longer, where the leader is left out."""


def explain(state: PlanState, i: int, g: int, solver: Solver, *, tried: int = TRIED) -> Explanation:
    """What stands between leader i and the gap at position g, which the plan leaves open; what cures it.

    Ways are sorted by how far the leader gets. Cures are verified: the data is changed, and the plan
    re-solved around the leader and those the change touches; only what closes the gap is given, small first.
    """
    instance = state.instance
    gap = instance.leaders[i].gaps[g]
    ways = []
    for s, taught in enumerate(instance.levels_taught):
        if taught.get(gap.skill, gap.level - 1) < gap.level:
            continue
        found = obstacles(state, i, s)
        hurdles = tuple(Hurdle(o, _holders(state, s, o), note(state, i, s, o)) for o in found)
        ways.append(Way(s, hurdles))
    ways.sort(key=lambda way: (len(way.hurdles), -_reached(way), way.session))
    cures = _cures(state, i, g, ways, solver, tried)
    return Explanation(i, g, tuple(ways), cures, tuple(envies_of(state, i, g)))


def _reached(way: Way) -> int:
    return min((h.obstacle.step for h in way.hurdles), default=Step.NONE)


def _holders(state: PlanState, s: int, obstacle: Obstacle) -> tuple[Holder, ...]:
    """With what each would lose by giving up session s, or the trip that is in the way."""
    holders = []
    for j in obstacle.leaders:
        day = obstacle.day
        given = (
            {s} if obstacle.step is Step.SEATS else {t for t in state.chosen[j] if _away_on(state, j, t, day)}
        )
        left = state.left(j, given)
        holders.append(Holder(j, _own(state, j, state.chosen[j]) - _own(state, j, left)))
    return tuple(sorted(holders, key=lambda holder: (holder.worth, holder.leader)))


def _away_on(state: PlanState, j: int, t: int, day: int | None) -> bool:
    trip = next((trip for trip in state.trips[j] if day is not None and day in trip.days), None)
    if trip is None or trip.at_home:
        return trip is not None and day in state.instance.sessions[t].days
    session = state.instance.sessions[t]
    return session.site == trip.site and trip.first <= session.first_day <= trip.last


def _own(state: PlanState, j: int, sessions: tuple[int, ...]) -> int:
    return state.own_worth(j, sessions, state.trips_with(j, sessions)).total


@dataclass(frozen=True, slots=True)
class _Plan:
    """Fixes to be tried for attending `session`, with those whose places are in question."""

    session: int
    fixes: tuple[Fix, ...]
    people: frozenset[int]

    @property
    def order(self) -> tuple[int, bool, int]:
        """Small first, and what needs nothing to be opened."""
        return sum(fix.size for fix in self.fixes), bool(_doors(self.fixes)), self.session


def _cures(state: PlanState, i: int, g: int, ways: list[Way], solver: Solver, tried: int) -> tuple[Cure, ...]:
    plans: dict[tuple[Key, ...], _Plan] = {}
    for plan in _plans(state, i, ways):
        plans.setdefault(tuple(sorted(fix.key for fix in plan.fixes)), plan)
    smallest = sorted(plans.values(), key=lambda plan: plan.order)
    opening = [plan for plan in smallest if _doors(plan.fixes)][_OPENED:]
    cures: list[Cure] = []
    for plan in [plan for plan in smallest if plan not in opening][:tried]:
        cure = _cure(state, (i, g), plan, solver)
        for fix in plan.fixes if cure is not None and len(plan.fixes) > 1 else ():
            assert cure is not None
            without = tuple(other for other in cure.fixes if other is not fix)
            less = _cure(state, (i, g), replace(plan, fixes=without), solver)
            if less is not None and (not _pins(without) or less.gained >= cure.gained):
                cure = less
        if cure is not None:
            cures.append(cure)
    cures.sort(key=lambda cure: (cure.size, -cure.gained, cure.session))
    told = {frozenset(fix.told for fix in cure.fixes): cure for cure in reversed(cures)}
    return tuple(cure for cure in cures if told[frozenset(fix.told for fix in cure.fixes)] is cure)


def _plans(state: PlanState, i: int, ways: list[Way]) -> Iterator[_Plan]:
    for way in ways:
        against = [h.obstacle for h in way.hurdles]
        people = frozenset(h.leader for hurdle in way.hurdles for h in hurdle.holders[:_TOUCHED])
        needed = fixes(state, i, way.session, [o for o in against if o.step not in _LEFT])
        if needed:
            yield _Plan(way.session, tuple(needed), people)
        for obstacle in against:
            if obstacle.step is Step.PREREQUISITE:
                first = seat_before(state, i, way.session, obstacle.entries)
                if first is not None:
                    yield _Plan(way.session, tuple(first[0]), people | set(sorted(first[1])[:_TOUCHED]))


def _doors(changes: Iterable[Fix]) -> dict[int, int | None]:
    return dict(fix.door for fix in changes if fix.door is not None)


def _pins(changes: Iterable[Fix]) -> set[int]:
    return {s for fix in changes for s in fix.pins}


def _cure(state: PlanState, gap: tuple[int, int], plan: _Plan, solver: Solver) -> Cure | None:
    """What comes of the changes; None where the gap stays open."""
    i, g = gap
    changed = state.instance
    for fix in plan.fixes:
        changed = fix.apply(changed)
    doors, pins = _doors(plan.fixes), _pins(plan.fixes)
    free = {i, *plan.people, *(j for s in doors for j in _comers(state, i, s))}
    if not plan.fixes:
        return None
    bonus = _more_than_all(changed, free, pins)
    wished = _wishing(changed, i, pins, bonus) if pins else changed
    outcome = resolved_around(wished, state, free, solver, doors=doors)
    chosen = outcome.solution.chosen[i]
    closers = [t for t in chosen if g in state.closed(changed.leaders[i], t)]
    if not closers or not pins <= set(chosen):
        return None
    pairs = zip(state.chosen, outcome.solution.chosen, strict=True)
    others = tuple(j for j, (before, after) in enumerate(pairs) if j != i and before != after)
    return Cure(
        plan.fixes,
        plan.session if plan.session in closers else closers[0],
        outcome.gained - bonus * len(pins),
        others,
        outcome.solution,
        outcome.proven,
        changed is state.instance,
    )


def _comers(state: PlanState, i: int, s: int) -> list[int]:
    """Those who would gain most, or lose least, by a candidate: twice as many as it needs at least."""
    needed = 2 * state.instance.sessions[s].min_seats
    found: list[int] = []
    for _, j, _ in sorted(wishes(state, s, least=None)):
        if needed <= 0 or len(found) >= _COME:
            break
        step = forbidden(state, j, s)
        if j != i and (step is None or step.step >= Step.TRADED):
            found.append(j)
            needed -= state.instance.leaders[j].headcount
    return found


def _more_than_all(instance: Instance, free: Iterable[int], pins: Iterable[int]) -> int:
    """Points that outweigh whatever the plan around the free leaders could lose by a session."""
    weights, sum_ = instance.policy.weights, 1
    daily = instance.policy.local_km > 0
    ways = max((len(session.days) for session in instance.sessions), default=1) if daily else 1
    for i in free:
        leader = instance.leaders[i]
        sum_ += weights.gap * leader.priority * sum(gap.weight for gap in leader.gaps)
        sum_ += sum(abs(points) for _, points in (*leader.prefers_sessions, *leader.prefers_sites))
        sum_ += weights.hour * instance.policy.min_hours + weights.day * instance.n_days
        sum_ += weights.km * ways * sum(instance.trip_km(leader, p) for p in range(len(instance.sites)))
        sum_ += weights.underfill * leader.headcount * len(leader.gaps)
        sum_ += weights.norm * sum(owed.missing for owed in leader.owes) + instance.price_of_idleness(leader)
    return sum_ + weights.open * sum(instance.sessions[s].cost for s in pins)


def _wishing(instance: Instance, i: int, pins: set[int], bonus: int) -> Instance:
    """Pins as wishes that outweigh all else, so that the plan as it is stays one to begin with."""
    wished = dict(instance.leaders[i].prefers_sessions)
    for s in sorted(pins):
        wished[s] = wished.get(s, 0) + bonus
    return with_row(instance, "leaders", i, prefers_sessions=tuple(sorted(wished.items())))
