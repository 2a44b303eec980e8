"""Why a leader's skill gap stays open, session by session, and the smallest changes that would close it."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.check import trips_of
from cadreplan.insight.around import Solver, resolved_around
from cadreplan.insight.fixes import Fix, fixes
from cadreplan.insight.obstacles import Obstacle, Step, obstacles
from cadreplan.insight.standing import Standing
from cadreplan.solution import Solution

Key = tuple[str, int, int]
TRIED = 6
"""Changes that are verified for one skill gap."""
_TOUCHED = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds what is full; `worth` is what would be lost if that leader left the session."""

    leader: int
    worth: int


@dataclass(frozen=True, slots=True)
class Hurdle:
    """One obstacle with those who hold what is full, the one with the least to lose first."""

    obstacle: Obstacle
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A session that would close the gap, and all that stands in the way; nothing at all: only the plan."""

    session: int
    hurdles: tuple[Hurdle, ...]


@dataclass(frozen=True, slots=True)
class Cure:
    """Changes that close the gap, as found by re-solving around the leader with everybody else fixed.

    None of the fixes can be left out. `gained` is what the plan, which is then `solution`, is worth more.
    `changed` are other leaders who then have other sessions. `proven` tells that no better plan exists with
    everybody outside fixed.
    """

    fixes: tuple[Fix, ...]
    session: int
    gained: int
    changed: tuple[int, ...]
    solution: Solution
    proven: bool

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


def explain(state: Standing, i: int, g: int, solver: Solver, *, tried: int = TRIED) -> Explanation:
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
        hurdles = tuple(Hurdle(o, _holders(state, s, o)) for o in found)
        ways.append(Way(s, hurdles))
    ways.sort(key=lambda way: (len(way.hurdles), -_reached(way), way.session))
    return Explanation(i, g, tuple(ways), _cures(state, i, g, ways, solver, tried))


def _reached(way: Way) -> int:
    return min((h.obstacle.step for h in way.hurdles), default=Step.NONE)


def _holders(state: Standing, s: int, obstacle: Obstacle) -> tuple[Holder, ...]:
    """With what each would lose by giving up session s, or the trip that is in the way."""
    holders = []
    for j in obstacle.leaders:
        day = obstacle.day
        given = (
            {s} if obstacle.step is Step.SEATS else {t for t in state.chosen[j] if _away_on(state, j, t, day)}
        )
        left = tuple(t for t in state.chosen[j] if t not in given)
        holders.append(Holder(j, _own(state, j, state.chosen[j]) - _own(state, j, left)))
    return tuple(sorted(holders, key=lambda holder: (holder.worth, holder.leader)))


def _away_on(state: Standing, j: int, t: int, day: int | None) -> bool:
    trip = next((trip for trip in state.trips[j] if day is not None and day in trip.days), None)
    if trip is None:
        return False
    session = state.instance.sessions[t]
    return session.site == trip.site and trip.first <= session.first_day <= trip.last


def _own(state: Standing, j: int, sessions: tuple[int, ...]) -> int:
    return state.own_worth(j, sessions, trips_of(state.instance, sessions)).total


def _cures(state: Standing, i: int, g: int, ways: list[Way], solver: Solver, tried: int) -> tuple[Cure, ...]:
    plans: dict[tuple[Key, ...], tuple[int, list[Fix], set[int]]] = {}
    for way in ways:
        against = [h.obstacle for h in way.hurdles]
        needed = fixes(state, i, way.session, [o for o in against if o.step is not Step.TRADED])
        if needed:
            people = {h.leader for hurdle in way.hurdles for h in hurdle.holders[:_TOUCHED]}
            key = tuple(sorted(fix.key for fix in needed))
            plans.setdefault(key, (way.session, needed, {i, *people}))
    smallest = sorted(plans.values(), key=lambda p: (sum(f.size for f in p[1]), p[0]))[:tried]
    cures: dict[tuple[Key, ...], Cure] = {}
    for s, needed, people in smallest:
        cure = _cure(state, (i, g), s, needed, people, solver)
        for fix in needed if cure is not None and len(needed) > 1 else ():
            assert cure is not None
            without = [other for other in cure.fixes if other is not fix]
            cure = _cure(state, (i, g), s, without, people, solver) or cure
        if cure is not None:
            cures.setdefault(tuple(sorted(fix.key for fix in cure.fixes)), cure)
    return tuple(sorted(cures.values(), key=lambda cure: (cure.size, -cure.gained, cure.session)))


def _cure(
    state: Standing,
    gap: tuple[int, int],
    s: int,
    changes: list[Fix],
    free: set[int],
    solver: Solver,
) -> Cure | None:
    """What comes of the changes; None where the gap stays open."""
    i, g = gap
    changed = state.instance
    for fix in changes:
        changed = fix.apply(changed)
    if not changes:
        return None
    outcome = resolved_around(changed, state, free, solver)
    closers = [t for t in outcome.solution.chosen[i] if g in state.closed(changed.leaders[i], t)]
    if not closers:
        return None
    pairs = zip(state.chosen, outcome.solution.chosen, strict=True)
    others = tuple(j for j, (before, after) in enumerate(pairs) if j != i and before != after)
    return Cure(
        tuple(changes),
        s if s in closers else closers[0],
        outcome.gained,
        others,
        outcome.solution,
        outcome.proven,
    )
