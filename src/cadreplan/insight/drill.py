"""What if a session were cancelled tomorrow: who could be re-seated, who would miss out, who stands by."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cadreplan.check import check, trips_of
from cadreplan.check_plan import resolve
from cadreplan.insight.around import Solver, resolved_around
from cadreplan.insight.obstacles import forbidden
from cadreplan.insight.standing import Standing
from cadreplan.insight.staying import what_stays
from cadreplan.instance import Instance
from cadreplan.plan import Plan

VERIFIED = 10
STANDBY = 5
_ASKED = 40


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came out when the plan was solved again without the session, everybody who keeps all fixed.

    `lost` are the points that the plan is worth less. `reseated` close what the session closed for them
    elsewhere, `missing` don't; `upset` are others who lose a session because this one came before it.
    """

    lost: int
    reseated: tuple[int, ...]
    missing: tuple[int, ...]
    upset: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """One running session with people: points at stake if nobody could be re-seated, and, where it was tried,
    what came out. `standby` would take a free seat at once, the one whom it is worth most for first."""

    session: int
    people: int
    at_stake: int
    standby: tuple[int, ...]
    cancelled: Cancelled | None = None


def drill(instance: Instance, plan: Plan, solver: Solver, *, verified: int = VERIFIED) -> list[Drill]:
    """All sessions with people, the worst first; the `verified` with most at stake are tried.

    `plan` keeps all rules of `instance`.
    """
    solution, _ = resolve(instance, plan)
    state = Standing(instance, solution)
    cohorts: dict[int, list[int]] = {}
    for i, chosen in enumerate(solution.chosen):
        for s in chosen:
            cohorts.setdefault(s, []).append(i)
    found = [
        Drill(s, state.people[s], sum(_stake(state, i, s) for i in cohort), _standby(state, s))
        for s, cohort in cohorts.items()
    ]
    found.sort(key=lambda d: (-d.at_stake, d.session))
    worth = check(instance, solution).terms.total
    tried = [
        replace(d, cancelled=_without(instance, plan, d.session, cohorts[d.session], worth, solver))
        for d in found[:verified]
    ]
    tried.sort(key=lambda d: (-d.cancelled.lost if d.cancelled else 0, d.session))
    return tried + found[verified:]


def _stake(state: Standing, i: int, s: int) -> int:
    """What leader i would be worth less without session s and with nothing in its place."""
    left = tuple(t for t in state.chosen[i] if t != s)
    now = state.own_worth(i, state.chosen[i], state.trips[i]).total
    return now - state.own_worth(i, left, trips_of(state.instance, left)).total


def _standby(state: Standing, s: int) -> tuple[int, ...]:
    """Leaders who could attend session s if one who has it gave the seat up."""
    waiting = []
    for i, leader in enumerate(state.instance.leaders):
        if s in state.chosen[i] or not set(state.closed(leader, s)).intersection(state.open_positions(i)):
            continue
        gain = state.gain(i, s)
        if gain > 0:
            waiting.append((-gain, i))
    found = []
    for _, i in sorted(waiting)[:_ASKED]:
        heads = state.instance.leaders[i].headcount
        state.capacity[s] += heads
        if forbidden(state, i, s) is None:
            found.append(i)
        state.capacity[s] -= heads
        if len(found) == STANDBY:
            break
    return tuple(found)


def _without(
    instance: Instance, plan: Plan, s: int, cohort: list[int], worth: int, solver: Solver
) -> Cancelled | None:
    """None where the rest of the plan can't stand without the session."""
    sessions = list(instance.sessions)
    sessions[s] = replace(sessions[s], seats=0, min_seats=0, quotas=())
    leaders = tuple(
        replace(x, pinned=tuple(p for p in x.pinned if p != s)) if s in x.pinned else x
        for x in instance.leaders
    )
    changed = replace(instance, sessions=tuple(sessions), leaders=leaders)
    stays = what_stays(changed, plan, ())
    if stays.solution is None:
        return None
    state = Standing(changed, stays.solution)
    lost = {instance.leader_by_id[leader] for leader, _ in stays.dropped}
    outcome = resolved_around(changed, state, {*cohort, *lost}, solver)
    then = outcome.solution
    missing = []
    for i in cohort:
        closed = set(state.closed(instance.leaders[i], s))
        again = {g for t in then.chosen[i] for g in state.closed(instance.leaders[i], t)}
        if not closed <= again:
            missing.append(i)
    return Cancelled(
        lost=worth - check(changed, then).terms.total,
        reseated=tuple(i for i in cohort if i not in missing),
        missing=tuple(missing),
        upset=tuple(sorted(lost - set(cohort))),
    )
