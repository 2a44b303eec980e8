"""Pins that contradict each other: leaders without any plan at all, and sessions with too many who must
come."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n


def contradictions(instance: Instance, impossible: I32) -> None:
    """Raise ContradictionError where leaders are `impossible`, or more are pinned to a session than it has
    seats."""
    for stuck in impossible:
        leader = instance.leaders[int(stuck)]
        raise ContradictionError([_pinned(instance, leader.id, s) for s in leader.pinned])
    pins: dict[int, list[int]] = {}
    for i, leader in enumerate(instance.leaders):
        for s in leader.pinned:
            pins.setdefault(s, []).append(i)
    for s, who in pins.items():
        people = sum(instance.leaders[i].headcount for i in who)
        session = instance.sessions[s]
        if people > session.seats:
            seats = tr_n(
                "session {session} has {n} seat",
                "session {session} has {n} seats",
                session.seats,
                session=session.id,
            )
            raise ContradictionError([seats, *(_pinned(instance, instance.leaders[i].id, s) for i in who)])


def _pinned(instance: Instance, leader: str, s: int) -> str:
    session = instance.sessions[s].id
    return tr("leader {leader} is pinned to {session}", leader=leader, session=session)
