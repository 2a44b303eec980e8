"""What it takes to open a candidate that a plan does not open: a room, a run more, and people who come."""

from __future__ import annotations

from cadreplan.insight.altered import with_row
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance, Session


def free_room(state: PlanState, session: Session) -> int | bool:
    """The largest room free on the session's days; True where none is needed, False if none is free."""
    instance = state.instance
    rooms = instance.sites[session.site].rooms
    if rooms is None:
        return True
    taken = {
        room
        for s, room in state.rooms.items()
        if instance.sessions[s].site == session.site
        and not set(instance.sessions[s].days).isdisjoint(session.days)
    }
    free = [r for r, room in enumerate(rooms) if r not in taken and room.seats >= max(1, session.min_seats)]
    return max(free, key=lambda r: (rooms[r].seats, -r)) if free else False


def more_runs(instance: Instance, *, offering: int | None) -> Instance:
    """The offering may be held once more; nothing changes for None."""
    if offering is None:
        return instance
    most = instance.offerings[offering].max_runs
    return with_row(instance, "offerings", offering, max_runs=None if most is None else most + 1)


def wishes(state: PlanState, s: int, *, least: int | None = 1) -> list[tuple[int, int, int | None]]:
    """(minus the points gained, leader, session given up) of all who would gain `least` points by session s
    (None: or lose some).

    Only what the leader has is weighed; limits and what is full are left to the solver.
    """
    instance, found = state.instance, []
    clashing = [t for t in range(len(instance.sessions)) if t != s and _clash(instance, s, t)]
    for i, leader in enumerate(instance.leaders):
        if s in state.chosen[i] or s in leader.excluded or not state.closed(leader, s):
            continue
        chosen = state.chosen[i]
        clashes = [t for t in chosen if t in clashing]
        full = leader.max_sessions is not None and len(chosen) >= leader.max_sessions
        if len(clashes) > 1:
            continue
        ways: list[int | None] = list(clashes) if clashes else list(chosen) if full else [None]
        now = state.own_worth(i, chosen, state.trips[i]).total
        best: tuple[int, int, int | None] | None = None
        for t in ways:
            then = tuple(sorted({*chosen, s} - {t}))
            gain = state.own_worth(i, then, state.trips_with(i, then)).total - now
            if (least is None or gain >= least) and (best is None or -gain < best[0]):
                best = (-gain, i, t)
        if best is not None:
            found.append(best)
    return found


def _clash(instance: Instance, s: int, t: int) -> bool:
    a, b = instance.sessions[s], instance.sessions[t]
    return bool(set(a.modules) & set(b.modules) or set(a.days) & set(b.days))
