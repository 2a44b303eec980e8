"""What a solution is worth: a function a term (model.md, "Worth"), written for reading next to that text."""

from __future__ import annotations

from cadreplan.instance import Instance, Leader, Session
from cadreplan.plan import Terms
from cadreplan.verification.cohorts import lacking, lacking_with
from cadreplan.verification.layout import Layout, Trip, closed_by, trip_km
from cadreplan.verification.norms import missing_to_norms, waiting


def terms(state: Layout) -> Terms:
    """All terms of a solution, recomputed from the instance alone."""
    w = state.instance.policy.weights
    candidates = {s for s, session in enumerate(state.instance.sessions) if session.candidate}
    return Terms(
        gaps=w.gap
        * sum(_gap_points(state.instance, leader, sessions) for _, leader, sessions in state.attending),
        prefers=sum(_preference(state.instance, leader, sessions) for _, leader, sessions in state.attending),
        km=-w.km * sum(_km(state, i, leader) for i, leader, _ in state.attending),
        days=-w.day * sum(len(trip.days) for trips in state.trips.values() for trip in trips),
        open=-w.open * sum(state.instance.sessions[s].cost for s in state.running if s in candidates),
        underfill=-w.underfill
        * sum(_underfill(state, s, session) for s, session in enumerate(state.instance.sessions)),
        hours=-w.hour
        * sum(
            _missing_hours(state.instance, sessions)
            for _, leader, sessions in state.attending
            if not leader.left
        ),
        norm=-w.norm
        * sum(missing_to_norms(state.instance, leader, own) for _, leader, own in state.attending),
        wait=-w.wait * sum(waiting(leader, own) for _, leader, own in state.attending),
        mix=-w.mix * lacking(state),
    )


def gained(
    state: Layout, i: int, then: tuple[int, ...], trips: list[Trip], s: int
) -> tuple[tuple[str, int], ...]:
    """What leader i attending session s as well would change, by what points are for, without zeros.

    `then` are the leader's sessions with s, which make these `trips`. The names are those of
    `messages.texts.ACCOUNT`, in that order.
    """
    instance, leader, now = state.instance, state.instance.leaders[i], state.solution.chosen[i]
    w, session = instance.policy.weights, instance.sessions[s]
    short = 0 if session.candidate else max(0, session.min_seats - state.headcount(s))
    km = sum(trip_km(instance, leader, trip) for trip in trips) - _km(state, i, leader)
    days = sum(len(trip.days) for trip in trips) - sum(len(trip.days) for trip in state.trips[i])
    parts = (
        ("gaps", w.gap * (_gap_points(instance, leader, then) - _gap_points(instance, leader, now))),
        ("prefers", _preference(instance, leader, then) - _preference(instance, leader, now)),
        ("underfill", w.underfill * min(short, leader.headcount)),
        ("together", -w.mix * lacking_with(state, s, i)),
        ("hours", w.hour * (_missing_hours(instance, now) - _missing_hours(instance, then))),
        (
            "norm",
            w.norm * (missing_to_norms(instance, leader, now) - missing_to_norms(instance, leader, then)),
        ),
        ("wait", w.wait * (waiting(leader, now) - waiting(leader, then))),
        ("travel", -w.km * km),
        ("days", -w.day * days),
    )
    return tuple((what, points) for what, points in parts if points)


def _gap_points(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> int:
    closed = {g for s in sessions for g in closed_by(instance, leader, s)}
    return leader.priority * sum(leader.gaps[g].weight for g in closed)


def _preference(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> int:
    by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
    return sum(by_session.get(s, 0) + by_site.get(instance.sessions[s].site, 0) for s in sessions)


def _km(state: Layout, i: int, leader: Leader) -> int:
    return sum(trip_km(state.instance, leader, trip) for trip in state.trips[i])


def _underfill(state: Layout, s: int, session: Session) -> int:
    return 0 if session.candidate else max(0, session.min_seats - state.headcount(s))


def _missing_hours(instance: Instance, sessions: tuple[int, ...]) -> int:
    modules = {m for s in sessions for m in instance.sessions[s].modules}
    return max(0, instance.policy.min_hours - sum(instance.modules[m].hours for m in modules))
