"""What a solution is worth: a function a term (model.md, "Worth"), written for reading next to that text."""

from __future__ import annotations

from cadreplan.instance import Instance, Leader, Session
from cadreplan.plan import Terms
from cadreplan.verification.cohorts import lacking
from cadreplan.verification.layout import Layout, closed_by, trip_km
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
