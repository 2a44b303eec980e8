"""What if a session were cancelled tomorrow: who could be re-seated, who would miss out, who stands by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cadreplan.insight.around import Solver, resolved_around
from cadreplan.insight.grid import blocks
from cadreplan.insight.obstacles import forbidden
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.sieve import Sieve
from cadreplan.insight.spread import Spread, Wanted, one_by_one
from cadreplan.insight.staying import what_stays
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from cadreplan.verification.plans import resolve
from cadreplan.verification.rules import check

VERIFIED = 10
STANDBY = 5
_ASKED = 40
_WANTED = 2
_HOLDERS = 3
_FREE = 80
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came out when the plan was solved again without the session, around those who had it and a few
    who hold what these want.

    `lost` are the points that the plan is worth less. `reseated` close what the session closed for them
    elsewhere, `missing` don't; `upset` are others who lose a session. `proven`: no plan loses less as long
    as everybody else stays.
    """

    lost: int
    reseated: tuple[int, ...]
    missing: tuple[int, ...]
    upset: tuple[int, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Drill:
    """One running session with people: points `at_stake` if nobody could be re-seated; `estimated` to be lost
    if they took what is free, each for himself; and, where it was tried, what came out. `standby` would take
    a free seat at once, the one whom it is worth most for first."""

    session: int
    people: int
    at_stake: int
    estimated: int
    standby: tuple[int, ...]
    cancelled: Cancelled | None = None


def drill(
    instance: Instance,
    plan: Plan,
    solver: Solver,
    *,
    verified: int = VERIFIED,
    spread: Spread = one_by_one,
) -> list[Drill]:
    """All sessions with people, the worst first; the `verified` with most to lose by estimate are tried.

    `plan` keeps all rules of `instance`. `spread` says where they are tried.
    """
    solution, _ = resolve(instance, plan)
    state = PlanState(instance, solution)
    cohorts = {s: cohort for s, cohort in enumerate(state.cohorts()) if cohort}
    saved, standbys = _saved(state, cohorts), _standbys(state)
    found = []
    for s, cohort in cohorts.items():
        stake = sum(_stake(state, i, s) for i in cohort)
        found.append(Drill(s, state.people[s], stake, stake - saved[s], standbys.get(s, ())))
    found.sort(key=lambda d: (-d.estimated, d.session))
    worth = check(instance, solution).terms.total
    some = found[:verified]
    asked = [(d.session, cohorts[d.session]) for d in some]
    outcomes = spread(_without, _Drilled(state, plan, worth, solver), asked)
    tried = [replace(d, cancelled=outcome) for d, outcome in zip(some, outcomes, strict=True)]
    tried.sort(key=lambda d: (-d.cancelled.lost if d.cancelled else 0, d.session))
    return tried + found[verified:]


def _stake(state: PlanState, i: int, s: int) -> int:
    """What leader i would be worth less without session s and with nothing in its place."""
    left = tuple(t for t in state.chosen[i] if t != s)
    now = state.own_worth(i, state.chosen[i], state.trips[i]).total
    return now - state.own_worth(i, left, state.trips_with(i, left)).total


# --- estimates ------------------------------------------------------------------------------------------


def _saved(state: PlanState, cohorts: dict[int, list[int]]) -> dict[int, int]:
    """Points that those who had a session find in one other each, the best offer first, while seats last."""
    sieve, leaders = Sieve(state), state.instance.leaders
    pairs = [(i, s) for s, cohort in cohorts.items() for i in cohort]
    offers: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for at in range(0, len(pairs), _BLOCK):
        some = pairs[at : at + _BLOCK]
        worth = sieve.elsewhere(some)
        for r, t in zip(*(k.tolist() for k in np.nonzero(worth > 0)), strict=True):
            i, s = some[r]
            offers[s].append((-float(worth[r, t]), i, t))
    saved = {}
    for s in cohorts:
        left: dict[int, int] = {}
        done: set[int] = set()
        total = 0.0
        for value, i, t in sorted(offers[s]):
            seats = left.get(t, state.capacity[t] - state.people[t])
            if i not in done and seats >= leaders[i].headcount:
                left[t] = seats - leaders[i].headcount
                done.add(i)
                total -= value
        saved[s] = int(total)
    return saved


def _standbys(state: PlanState) -> dict[int, tuple[int, ...]]:
    """For each session leaders who could attend it if one who has it gave the seat up."""
    sieve = Sieve(state, seated=False)
    waiting: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for rows in blocks(range(len(state.instance.leaders))):
        worth = sieve.promises(rows)
        r_idx, s_idx = np.nonzero(worth > 0)
        points = worth[r_idx, s_idx].tolist()
        for i, s, value in zip(rows[r_idx].tolist(), s_idx.tolist(), points, strict=True):
            waiting[s].append((-value, i))
    return {s: tuple(_standby(state, s, sorted(queue))) for s, queue in waiting.items()}


def _standby(state: PlanState, s: int, queue: list[tuple[float, int]]) -> Iterator[int]:
    found = 0
    for _, i in queue[:_ASKED]:
        leader = state.instance.leaders[i]
        if s in state.chosen[i] or not set(state.closed(leader, s)) & set(state.open_positions(i)):
            continue
        state.capacity[s] += leader.headcount
        fits = forbidden(state, i, s) is None and state.gain(i, s) > 0
        state.capacity[s] -= leader.headcount
        if fits:
            yield i
            found += 1
        if found == STANDBY:
            return


# --- trying ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Drilled:
    """A plan whose sessions are cancelled, one at a time."""

    state: PlanState
    plan: Plan
    worth: int
    solver: Solver


def _without(drilled: _Drilled, asked: tuple[int, list[int]], _: Wanted) -> Cancelled | None:
    """What comes out without a session, which a cohort has; None where the rest of the plan can't stand."""
    s, cohort = asked
    state, instance = drilled.state, drilled.state.instance
    sessions = list(instance.sessions)
    sessions[s] = replace(sessions[s], seats=0, min_seats=0, quotas=())
    leaders = tuple(
        replace(x, pinned=tuple(p for p in x.pinned if p != s)) if s in x.pinned else x
        for x in instance.leaders
    )
    changed = replace(instance, sessions=tuple(sessions), leaders=leaders)
    rest = _rest(changed, state, drilled.plan, s)
    if rest is None:
        return None
    left = PlanState(changed, rest)
    lost = {i for i, (a, b) in enumerate(zip(state.chosen, rest.chosen, strict=True)) if a != b}
    outcome = resolved_around(changed, left, _free(left, state, s, {*cohort, *lost}), drilled.solver)
    then = outcome.solution
    missing = []
    for i in cohort:
        # of a stepping stone what it led up to counts
        closing = (s,) if state.closed(instance.leaders[i], s) else state.chosen[i]
        closed = {g for t in closing for g in state.closed(instance.leaders[i], t)}
        again = {g for t in then.chosen[i] for g in state.closed(instance.leaders[i], t)}
        if not closed <= again:
            missing.append(i)
    return Cancelled(
        lost=drilled.worth - check(changed, then).terms.total,
        reseated=tuple(i for i in cohort if i not in missing),
        missing=tuple(missing),
        upset=tuple(
            i
            for i, (before, after) in enumerate(zip(state.chosen, then.chosen, strict=True))
            if i not in cohort and set(before) - set(after)
        ),
        proven=outcome.proven,
    )


def _rest(changed: Instance, state: PlanState, plan: Plan, s: int) -> Solution | None:
    """The plan without the session; where that breaks a rule, what can be put together of it again."""
    chosen = tuple(tuple(t for t in own if t != s) for own in state.chosen)
    running = state.running - {s}
    rooms = {t: room for t, room in state.rooms.items() if t != s or not changed.sessions[s].candidate}
    plain = Solution(chosen, running, rooms)
    return plain if check(changed, plain).ok else _put_back(changed, plan)


def _put_back(changed: Instance, plan: Plan) -> Solution | None:
    before, _ = resolve(changed, plan)
    return what_stays(changed, changed, plan, before).solution


def _free(left: PlanState, state: PlanState, s: int, lost: set[int]) -> set[int]:
    """Those who lose something, and of what they want most and is full those who would lose least by it."""
    free = set(lost)
    pairs = [(i, s) for i in sorted(lost) if s in state.chosen[i]]
    wanted: set[int] = set()
    if pairs:
        worth = Sieve(state, seated=False).elsewhere(pairs)
        for r in range(len(pairs)):
            best = np.argsort(-worth[r], kind="stable")[:_WANTED]
            wanted.update(int(t) for t in best if worth[r, t] > 0)
    holders = [
        (_stake(left, j, t), j)
        for j, chosen in enumerate(left.chosen)
        for t in chosen
        if t in wanted and left.is_full(j, t)
    ]
    for _, j in sorted(holders)[: min(_HOLDERS * len(pairs), max(0, _FREE - len(lost)))]:
        free.add(j)
    return free
