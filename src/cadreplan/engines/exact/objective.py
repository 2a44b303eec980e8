"""The terms of the objective (model.md, "Worth") as one linear expression."""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python import cp_model

from cadreplan.engines.begun import hours_short, short_of
from cadreplan.engines.exact.cohorts import mix_terms
from cadreplan.engines.exact.variables import Variables
from cadreplan.instance import Leader

_Terms = list[tuple[cp_model.IntVar, int]]


def add_objective(v: Variables) -> None:
    """Maximise the worth of the plan, in points."""
    terms: _Terms = []
    for i, leader in enumerate(v.reach.instance.leaders):
        terms += _gaps(v, i, leader)
        terms += _prefers(v, i, leader)
        terms += _trips(v, i, leader)
        terms += _hours(v, i, leader)
        terms += _norms(v, i, leader)
        terms += _idle(v, i, leader)
    terms += _open(v)
    terms += _underfill(v)
    terms += mix_terms(v)
    merged: dict[int, int] = {}
    variables: dict[int, cp_model.IntVar] = {}
    for var, points in terms:
        merged[var.index] = merged.get(var.index, 0) + points
        variables[var.index] = var
    v.model.maximize(cp_model.LinearExpr.weighted_sum([variables[k] for k in merged], list(merged.values())))


def _gaps(v: Variables, i: int, leader: Leader) -> _Terms:
    """A skill gap counts once: by the sessions where they exclude each other, else by a variable."""
    reach = v.reach
    closers: dict[int, list[int]] = {}
    for s in reach.sessions[i]:
        for g in reach.closed(leader, s):
            closers.setdefault(g, []).append(s)
    terms: _Terms = []
    for g, sessions in sorted(closers.items()):
        points = reach.instance.policy.weights.gap * leader.priority * leader.gaps[g].weight
        if not points:
            continue
        if all(t in reach.clashes[s] for s, t in combinations(sessions, 2)):
            terms += [(v.x[i, s], points) for s in sessions]
        else:
            closed = v.model.new_bool_var(f"closed[{leader.id},{g}]")
            v.model.add_bool_or([~closed, *(v.x[i, s] for s in sessions)])
            terms.append((closed, points))
    return terms


def _prefers(v: Variables, i: int, leader: Leader) -> _Terms:
    by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
    return [
        (v.x[i, s], by_session.get(s, 0) + by_site.get(v.reach.instance.sessions[s].site, 0))
        for s in v.reach.sessions[i]
    ]


def _trips(v: Variables, i: int, leader: Leader) -> _Terms:
    """Kilometres and days of trips: every atom is a trip of its own, every link joins two.

    Whoever sleeps at home travels every day.
    """
    instance = v.reach.instance
    weights = instance.policy.weights
    terms: _Terms = []
    for s in v.reach.sessions[i]:
        session = instance.sessions[s]
        local = instance.is_local(leader, session.site)
        ways = len(session.days) if local else v.reach.trips(leader, s)
        km = instance.trip_km(leader, session.site) * ways
        terms.append((v.x[i, s], -weights.km * km - weights.day * len(session.days)))
    for link in v.links[i]:
        saved = weights.km * instance.trip_km(leader, link.before.site)
        terms.append((link.var, saved - weights.day * len(link.idle)))
    return terms


def _hours(v: Variables, i: int, leader: Leader) -> _Terms:
    instance = v.reach.instance
    weight = instance.policy.weights.hour
    if not instance.policy.min_hours or not weight:
        return []
    least = hours_short(instance, leader)
    lacking = v.model.new_int_var(0, least, f"lacking[{i}]")
    hours = [
        (v.x[i, s], sum(instance.modules[m].hours for m in instance.sessions[s].modules))
        for s in v.reach.sessions[i]
    ]
    attended = cp_model.LinearExpr.weighted_sum([var for var, _ in hours], [k for _, k in hours])
    v.model.add(lacking + attended >= least)
    return [(lacking, -weight)]


def _norms(v: Variables, i: int, leader: Leader) -> _Terms:
    """What is missing to each norm; a session counts for no more than what was missing before it."""
    instance, own = v.reach.instance, v.reach.sessions[i]
    weight = instance.policy.weights.norm
    terms: _Terms = []
    for k, owed in enumerate(leader.owes if weight else ()):
        missing = short_of(instance, leader, owed)
        if not missing:
            continue
        counted = instance.counted(owed)
        short = v.model.new_int_var(0, missing, f"short[{leader.id},{k}]")
        attended = cp_model.LinearExpr.weighted_sum(
            [v.x[i, s] for s in own], [min(counted[s], missing) for s in own]
        )
        v.model.add(short + attended >= missing)
        terms.append((short, -weight))
    return terms


def _idle(v: Variables, i: int, leader: Leader) -> _Terms:
    """What it costs if nothing is attended."""
    price = v.reach.instance.price_of_idleness(leader)
    if not price:
        return []
    idle = v.model.new_bool_var(f"idle[{leader.id}]")
    v.model.add_bool_or([idle, *(v.x[i, s] for s in v.reach.sessions[i])])
    return [(idle, -price)]


def _open(v: Variables) -> _Terms:
    weight = v.reach.instance.policy.weights.open
    return [(run, -weight * v.reach.instance.sessions[s].cost) for s, run in v.run.items()]


def _underfill(v: Variables) -> _Terms:
    instance = v.reach.instance
    weight = instance.policy.weights.underfill
    terms: _Terms = []
    for s, session in enumerate(instance.sessions):
        if session.candidate or not session.min_seats or not weight:
            continue
        short = v.model.new_int_var(0, session.min_seats, f"short[{session.id}]")
        cohort = [(var, instance.leaders[i].headcount) for i, var in v.attendance(s)]
        people = cp_model.LinearExpr.weighted_sum([var for var, _ in cohort], [k for _, k in cohort])
        v.model.add(short + people >= session.min_seats)
        terms.append((short, -weight))
    return terms
