"""One more run as a change of a plan: candidates that could be opened, full sessions held once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from cadreplan.insight.grid import blocks
from cadreplan.insight.opening import free_room, more_runs
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import Prices
from cadreplan.insight.sieve import Sieve
from cadreplan.instance import Instance, Session
from cadreplan.messages import Message

_CLONED = 60
_OTHER_DAYS = 3

Door = tuple[int, int | None]
"""A candidate to be opened, and its room."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change. `kind`: run (one more run of what is held already), open (a candidate), seats, room, quota,
    beds or branch; `item` is the session, site or branch; `told` says it.

    `predicted` points: for units at their price, for a run what leaders could add as the plan is, each for
    himself. `sessions` are those that become reachable, `apply` changes the data; `door` is a candidate of
    the changed data to be opened. `price` is that of a unit, None for a run.
    """

    kind: str
    item: int
    units: int
    predicted: int
    told: Message
    sessions: tuple[int, ...]
    apply: Callable[[Instance], Instance]
    door: Door | None = None
    price: float | None = None
    takers: tuple[int, ...] = ()


def runs(state: PlanState, prices: Prices) -> list[Proposal]:
    """Candidates that don't run, and sessions that are full held once more on the days that promise most:
    their own, or others on which the site holds as long ones.

    Where a site lists its rooms, one must be free. Whether anybody could teach it is not looked at.
    """
    instance = state.instance
    extra: list[tuple[int, Session, int | None]] = []
    for s, session in enumerate(instance.sessions):
        room = None if state.runs(s) else free_room(state, session)
        if not state.runs(s) and room is not False:
            extra.append((s, session, None if room is True else room))
    full = sorted(prices.seats, key=lambda s: (-prices.seats[s] * instance.sessions[s].seats, s))[:_CLONED]
    for s in full:
        session = instance.sessions[s]
        for days in _days_there(instance, session):
            copy = replace(session, id=f"{session.id}+", days=days, candidate=True, offering=None)
            room = free_room(state, copy)
            if room is not False:
                extra.append((s, copy, None if room is True else room))
    seated = []
    for s, session, room in extra:
        rooms = instance.sites[session.site].rooms
        seats = session.seats if room is None or rooms is None else min(session.seats, rooms[room].seats)
        seated.append((s, replace(session, seats=seats), room))
    best: dict[int, Proposal] = {}
    for (s, session, room), brings in zip(seated, _promises(state, seated), strict=True):
        if _enough(instance, session, [i for _, i in brings]):
            run = _run(state, s, session, room, brings)
            if s not in best or run.predicted > best[s].predicted:
                best[s] = run
    return list(best.values())


def _enough(instance: Instance, session: Session, takers: list[int]) -> bool:
    return sum(instance.leaders[i].headcount for i in takers) >= max(1, session.min_seats)


def _days_there(instance: Instance, session: Session) -> list[tuple[int, ...]]:
    """Its own days, and others on which the site holds sessions of as many days."""
    others = {
        other.days
        for other in instance.sessions
        if other.site == session.site and len(other.days) == len(session.days) and other.days != session.days
    }
    nearest = sorted(others, key=lambda days: (abs(days[0] - session.first_day), days))[:_OTHER_DAYS]
    return [session.days, *nearest]


def _promises(
    state: PlanState, extra: list[tuple[int, Session, int | None]]
) -> list[list[tuple[float, int]]]:
    """For each further run who could add it to what they have: (points, leader), as many as have seats."""
    instance, n = state.instance, len(state.instance.sessions)
    held = tuple(replace(session, candidate=False, min_seats=0) for _, session, _ in extra)
    wider = PlanState(replace(instance, sessions=(*instance.sessions, *held)), state.solution())
    sieve = Sieve(wider)
    found: list[list[tuple[float, int]]] = [[] for _ in extra]
    for rows in blocks(range(len(instance.leaders))):
        promises = sieve.promises(rows)[:, n:]
        r_idx, k_idx = np.nonzero(promises > 0)
        points = promises[r_idx, k_idx].tolist()
        for i, k, value in zip(rows[r_idx].tolist(), k_idx.tolist(), points, strict=True):
            found[k].append((value, i))
    return [
        _seated_first(instance, session, sorted(brings, key=lambda entry: (-entry[0], entry[1])))
        for (_, session, _), brings in zip(extra, found, strict=True)
    ]


def _seated_first(
    instance: Instance, session: Session, brings: list[tuple[float, int]]
) -> list[tuple[float, int]]:
    left, kept = session.seats, []
    for value, i in brings:
        if instance.leaders[i].headcount <= left:
            left -= instance.leaders[i].headcount
            kept.append((value, i))
    return kept


def _run(
    state: PlanState, s: int, session: Session, room: int | None, brings: list[tuple[float, int]]
) -> Proposal:
    instance = state.instance
    predicted = int(sum(value for value, _ in brings)) - instance.policy.weights.open * session.cost
    takers = tuple(i for _, i in brings)
    first, last = (instance.date_of(day).isoformat() for day in (session.first_day, session.last_day))
    if not state.runs(s):
        offering = None if session.offering is None else instance.offerings[session.offering]
        run = sum(instance.sessions[t].offering == session.offering for t in state.running)
        beyond = offering is not None and offering.max_runs is not None and run >= offering.max_runs
        raised = offering.id if beyond and offering is not None else None
        told = Message.of("opened", session=session.id, beyond=raised)
        change = partial(more_runs, offering=session.offering if beyond else None)
        return Proposal("open", s, 1, predicted, told, (s,), change, (s, room), takers=takers)
    site = instance.sites[session.site]
    told = Message.of(
        "one-run-more",
        session=instance.sessions[s].id,
        titles=tuple(instance.modules[m].name or instance.modules[m].id for m in session.modules),
        place=site.name or site.id,
        span=first if first == last else f"{first}..{last}",
    )
    new = len(instance.sessions)
    return Proposal(
        "run",
        s,
        1,
        predicted,
        told,
        (new,),
        partial(_held_again, session=session),
        (new, room),
        takers=takers,
    )


def _held_again(instance: Instance, *, session: Session) -> Instance:
    return replace(instance, sessions=(*instance.sessions, session))
