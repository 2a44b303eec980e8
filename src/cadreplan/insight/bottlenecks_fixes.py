"""Changes that should bring a plan most, what each is expected to bring, and what re-solving shows."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from cadreplan.errors import RefutedBoundError
from cadreplan.insight.altered import with_room, with_row
from cadreplan.insight.around import Solver, resolved_around
from cadreplan.insight.bottlenecks_runs import Proposal, runs
from cadreplan.insight.fixes import larger_room
from cadreplan.insight.opening import wishes
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import UNITS, Prices
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.messages import Message
from cadreplan.solution import Solution

_FREE = 80
_CHAIN = 8
_NEXT = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out where only the `free` leaders who gain by a change, and those they make room for, move.

    `gained` points and `closed` skill gaps are on top of what the same leaders could have gained `without`
    the change. `moved` lose a session they had. `proven`: with these leaders free, no better plan exists,
    with or without the change. `at_most` bounds the gain whoever moves, but for what runs (None for a run).
    """

    gained: int
    closed: int
    moved: tuple[int, ...]
    free: tuple[int, ...]
    without: int
    proven: bool
    at_most: int | None


def proposals(state: PlanState, prices: Prices) -> list[Proposal]:
    """All changes worth a point, the one that should bring most first."""
    found = [*_seats(state, prices), *_days(state, prices), *runs(state, prices)]
    worth = [p for p in found if p.predicted > 0 and (p.price is None or p.price >= 1)]
    return sorted(worth, key=lambda p: (-p.predicted, p.kind, p.item))


def verify(state: PlanState, proposal: Proposal, prices: Prices, solver: Solver) -> Verified:
    """Re-solve around those who gain by a change, as the data is and as it would be."""
    changed = proposal.apply(state.instance)
    then = state
    if len(changed.sessions) > len(state.instance.sessions):
        then = PlanState(changed, state.solution())
    free = sorted(_free(then, proposal))
    before = resolved_around(state.instance, state, free, solver)
    doors = {} if proposal.door is None else dict([proposal.door])
    after = resolved_around(changed, then, free, solver, doors=doors)
    if after.proven and after.gained < before.gained:  # a change only loosens limits
        raise RefutedBoundError(
            tr(
                "internal error: with {change} {after} points are stated as the most, but {before} are"
                " reached without; please report it with the roster",
                change=proposal.told.code,
                after=after.gained,
                before=before.gained,
            )
        )
    ceiling = at_most(proposal, prices)
    return Verified(
        gained=max(0, after.gained - before.gained),
        closed=_open(then, before.solution, free) - _open(then, after.solution, free),
        moved=tuple(i for i in free if set(state.chosen[i]) - set(after.solution.chosen[i])),
        free=tuple(free),
        without=before.gained,
        proven=before.proven and after.proven,
        at_most=None if ceiling is None else ceiling - before.gained,
    )


def at_most(proposal: Proposal, prices: Prices) -> int | None:
    """What no plan with the change, and with the same sessions and rooms, is worth more than the plan now.

    None for a run, of which prices say nothing.
    """
    if proposal.price is None:
        return None
    return math.ceil(prices.ceiling + proposal.units * proposal.price) - prices.worth


def _open(state: PlanState, solution: Solution, free: Collection[int]) -> int:
    leaders = state.instance.leaders
    return sum(
        len(leaders[i].gaps) - len({g for s in solution.chosen[i] for g in state.closed(leaders[i], s)})
        for i in free
    )


# --- who gains ------------------------------------------------------------------------------------------


def _free(state: PlanState, proposal: Proposal) -> set[int]:
    """Who would gain most by the change, and a few who would take the places that these give up."""
    free = set(proposal.takers[:_FREE])
    wants: list[tuple[int, int, int | None]] = []
    for s in proposal.sessions:
        wants += wishes(state, s)
    given: list[int] = []
    for _, i, t in heapq.nsmallest(2 * _FREE, wants):
        if len(free) >= _FREE - _CHAIN:
            break
        free.add(i)
        if t is not None and t not in given:
            given.append(t)
    for t in given[:_CHAIN]:
        free.update(i for _, i, _ in heapq.nsmallest(_NEXT, wishes(state, t)))
    return free


# --- units at their price -------------------------------------------------------------------------------


def _seats(state: PlanState, prices: Prices) -> list[Proposal]:
    """More seats, in a larger room where the room is what is full."""
    found = []
    for s, price in prices.seats.items():
        session = state.instance.sessions[s]
        rooms = state.instance.sites[session.site].rooms
        room = rooms[state.rooms[s]].seats if rooms is not None and s in state.rooms else None
        most = state.instance.largest_group(session)
        more = UNITS if most is None else min(UNITS, most - session.seats)
        if room is None or room > session.seats:
            units = more if room is None else min(more, room - session.seats)
            if units <= 0:
                continue
            told = Message.of("more-seats", session=session.id, seats=units)
            change = partial(with_row, table="sessions", at=s, seats=session.seats + units)
            found.append(Proposal("seats", s, units, int(units * price), told, (s,), change, price=price))
        else:
            units = more if room == session.seats else min(UNITS, session.seats - room)
            if units <= 0:
                continue
            told = larger_room(session, room + units, room)
            change = partial(with_room, s=s, room=state.rooms[s], seats=room + units)
            there = _in_room(state, s)
            # all that the room is too small for gain by it
            of_all = sum(prices.seats.get(t, 0.0) for t in there)
            found.append(Proposal("room", s, units, int(units * of_all), told, there, change, price=of_all))
    for (s, b), price in prices.quotas.items():
        session, branch = state.instance.sessions[s], state.instance.branches[b]
        told = Message.of(
            "larger-quota-named", place=branch.name or branch.id, session=session.id, seats=UNITS
        )
        change = partial(_quoted, s=s, branch=b)
        found.append(Proposal("quota", s, UNITS, int(UNITS * price), told, (s,), change, price=price))
    return found


def _in_room(state: PlanState, s: int) -> tuple[int, ...]:
    """The session, and others in its room that have more seats than the room."""
    sessions, place = state.instance.sessions, (state.instance.sessions[s].site, state.rooms[s])
    others = (
        t
        for t, room in state.rooms.items()
        if t != s and (sessions[t].site, room) == place and state.capacity[t] < sessions[t].seats
    )
    return (s, *others)


def _days(state: PlanState, prices: Prices) -> list[Proposal]:
    """More beds, more absences: on all days."""
    instance, found = state.instance, []
    for site in sorted({site for site, _ in prices.beds}):
        name = instance.sites[site].name or instance.sites[site].id
        told = Message.of("more-beds-named", place=name, beds=UNITS)
        days = {day for (p, day), price in prices.beds.items() if p == site and price >= 1}
        sessions = tuple(s for s in _held_on(state, days) if instance.sessions[s].site == site)
        price = prices.of_site(site)
        change = partial(_bedded, site=site)
        found.append(Proposal("beds", site, UNITS, int(UNITS * price), told, sessions, change, price=price))
    for b in sorted({b for b, _ in prices.away}):
        name = instance.branches[b].name or instance.branches[b].id
        told = Message.of("more-away-named", place=name, people=UNITS)
        days = {day for (c, day), price in prices.away.items() if c == b and price >= 1}
        price = prices.of_branch(b)
        change = partial(_absent, branch=b)
        sessions = tuple(_held_on(state, days))
        found.append(Proposal("branch", b, UNITS, int(UNITS * price), told, sessions, change, price=price))
    return found


def _held_on(state: PlanState, days: Collection[int]) -> list[int]:
    sessions = state.instance.sessions
    return [s for s in range(len(sessions)) if state.runs(s) and not set(days).isdisjoint(sessions[s].days)]


def _quoted(instance: Instance, *, s: int, branch: int) -> Instance:
    quotas = instance.sessions[s].quotas
    more = tuple((b, most + UNITS if b == branch else most) for b, most in quotas)
    return with_row(instance, "sessions", s, quotas=more)


def _bedded(instance: Instance, *, site: int) -> Instance:
    return with_row(instance, "sites", site, beds=(instance.sites[site].beds or 0) + UNITS)


def _absent(instance: Instance, *, branch: int) -> Instance:
    return with_row(instance, "branches", branch, max_away=(instance.branches[branch].max_away or 0) + UNITS)
