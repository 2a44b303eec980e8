"""The hard rules as constraints; `add_constraints` reads as the list of model.md, "Hard rules"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from ortools.sat.python import cp_model

from cadreplan.engines.begun import repeats
from cadreplan.engines.exact.cohorts import add_mix, add_ties
from cadreplan.engines.exact.variables import Variables
from cadreplan.instance import Leader

_Terms = list[tuple[cp_model.IntVar, int]]


def add_constraints(v: Variables) -> None:
    """All rules but `audience` and those dates that concern a session alone: these pairs have no variables.
    Nor have those that `useful` rules out whatever else is attended. Pins are left to the caller, who may
    want to know which of them contradict."""
    _useful(v)
    _clashes(v)
    _links(v)
    _prerequisite(v)
    _limits(v)
    _standards(v)
    _seats(v)
    _candidate(v)
    _rooms(v)
    _beds(v)
    _branch(v)
    add_ties(v)
    add_mix(v)


def _at_most(v: Variables, terms: _Terms, most: int) -> None:
    """Σ coefficient · variable ≤ most for booleans, coefficients positive; left out where it can't bind."""
    if sum(k for _, k in terms) > most:
        v.model.add(_sum(terms) <= most)


def _sum(terms: _Terms) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [k for _, k in terms])


# --- rules of one leader --------------------------------------------------------------------------------


def _clashes(v: Variables) -> None:
    """repeat, overlap: sessions that clash, as few cliques of them as a greedy cover finds."""
    for i, sessions in enumerate(v.reach.sessions):
        clashes = v.reach.clashes
        left = {(s, t) for s in sessions for t in sessions if s < t and t in clashes[s]}
        for s in sessions:
            while True:
                first = next((t for t in sessions if (s, t) in left), None)
                if first is None:
                    break
                clique = [s, first]
                for t in sessions:
                    if t not in clique and all(t in clashes[c] for c in clique):
                        clique.append(t)
                left.difference_update((min(a, b), max(a, b)) for a in clique for b in clique if a != b)
                v.model.add_at_most_one([v.x[i, c] for c in clique])


def _links(v: Variables) -> None:
    """Trips: a link is 1 exactly where both atoms are attended and nothing between them is.

    dates: where the leader may not be away on an idle day, the link must be 0.
    """
    for i, leader in enumerate(v.reach.instance.leaders):
        for link in v.links[i]:
            ends = {link.before.session, link.after.session}
            between = [v.x[i, t] for t in link.between]
            for s in ends:
                v.model.add_implication(link.var, v.x[i, s])
            for var in between:
                v.model.add_implication(link.var, ~var)
            v.model.add_bool_or([link.var, *between, *(~v.x[i, s] for s in sorted(ends))])
            if link.idle and not v.reach.may_be_away(leader, link.idle[0], link.idle[-1]):
                v.model.add(link.var == 0)


def _prerequisite(v: Variables) -> None:
    for i, sessions in enumerate(v.reach.sessions):
        for s in sessions:
            for givers in v.reach.providers(i, s):
                v.model.add_bool_or([~v.x[i, s], *(v.x[i, t] for t in givers)])


def _useful(v: Variables) -> None:
    """A session of no use by itself leads up to one that is attended; that one begins later, so none is left
    to lead up to nothing."""
    for i in range(len(v.reach.sessions)):
        for t, serves in v.reach.stepping_stones(i).items():
            v.model.add_bool_or([~v.x[i, t], *(v.x[i, s] for s in serves)])


def _limits(v: Variables) -> None:
    reach = v.reach
    for i, leader in enumerate(reach.instance.leaders):
        sessions = reach.sessions[i]
        if leader.max_sessions is not None:
            _at_most(v, [(v.x[i, s], 1) for s in sessions], leader.max_sessions)
        if leader.max_days is not None:
            days: _Terms = [(v.x[i, s], len(reach.instance.sessions[s].days)) for s in sessions]
            days += [(link.var, len(link.idle)) for link in v.links[i] if link.idle]
            _at_most(v, days, leader.max_days)
        if leader.max_trips is not None:
            trips: _Terms = [(v.x[i, s], reach.trips(leader, s)) for s in sessions]
            if sum(k for _, k in trips) > leader.max_trips:
                v.model.add(_sum(trips + [(link.var, -1) for link in v.links[i]]) <= leader.max_trips)


def _standards(v: Variables) -> None:
    """They hold once anything is attended that isn't frozen."""
    policy, modules = v.reach.instance.policy, v.reach.instance.modules
    for i, sessions in enumerate(v.reach.sessions):
        later = _attends_later(v, i)
        held = {s: v.reach.instance.sessions[s].modules for s in sessions}
        twice = repeats(v.reach.instance, v.reach.instance.leaders[i])
        if policy.core_share is not None:
            num, den = policy.core_share.numerator, policy.core_share.denominator
            worth = {m: ((den if one.core else 0) - num) * one.hours for m, one in enumerate(modules)}
            surplus: _Terms = [(v.x[i, s], sum(worth[m] for m in held[s])) for s in sessions]
            too_much = sum(worth[m] for m in twice)
            if too_much > 0 or any(k < 0 for _, k in surplus):
                v.model.add(_sum(surplus) >= too_much).only_enforce_if(later)
        methods = {s: {modules[m].method for m in held[s]} for s in sessions}
        if policy.min_methods > 1 and any(len(met) < policy.min_methods for met in methods.values()):
            _methods(v, i, methods, len(twice), later)


def _attends_later(v: Variables, i: int) -> list[cp_model.IntVar]:
    """A literal that is 1 where leader i attends what isn't frozen; none where nothing is."""
    frozen = [v.reach.instance.sessions[s].frozen for s in v.reach.sessions[i]]
    if not any(frozen):
        return []
    later = v.model.new_bool_var(f"later[{i}]")
    for s, begun in zip(v.reach.sessions[i], frozen, strict=True):
        if not begun:
            v.model.add_implication(v.x[i, s], later)
    return [later]


def _methods(
    v: Variables, i: int, methods: dict[int, set[str]], twice: int, later: list[cp_model.IntVar]
) -> None:
    """Distinct methods ≥ min(min_methods, modules attended): a step for each number of modules.

    `twice` is how many modules what has begun counts too many.
    """
    sessions = v.reach.instance.sessions
    least = v.reach.instance.policy.min_methods
    met = []
    for method in sorted(set().union(*methods.values())):
        var = v.model.new_bool_var(f"method[{i},{method}]")
        v.model.add_bool_or([~var, *(v.x[i, s] for s in methods if method in methods[s])])
        met.append(var)
    attended: _Terms = [(v.x[i, s], len(sessions[s].modules)) for s in methods]
    most = sum(k for _, k in attended) - twice
    for step in range(2, least + 1):
        if most < step:
            break
        reached = v.model.new_bool_var(f"modules[{i},{step}]")
        v.model.add(_sum(attended) - twice <= step - 1 + (most - step + 1) * reached)
        v.model.add(cp_model.LinearExpr.sum(met) >= step * reached).only_enforce_if(later)
        for s in methods:
            if len(sessions[s].modules) >= step:
                v.model.add_implication(v.x[i, s], reached)


# --- coupling rules -------------------------------------------------------------------------------------


def _people(v: Variables, pairs: Iterable[tuple[int, cp_model.IntVar]]) -> _Terms:
    return [(var, v.reach.instance.leaders[i].headcount) for i, var in pairs]


def _seats(v: Variables) -> None:
    instance = v.reach.instance
    for s, session in enumerate(instance.sessions):
        cohort = _people(v, v.attendance(s))
        seats = min(session.seats, v.reach.room_seats[s])
        if s in v.run:
            if sum(k for _, k in cohort) > seats:
                v.model.add(_sum(cohort) <= seats * v.run[s])
        else:
            _at_most(v, cohort, seats)
        for branch, quota in session.quotas:
            below = [(i, var) for i, var in v.attendance(s) if branch in _lineage(v, i)]
            _at_most(v, _people(v, below), quota)


def _lineage(v: Variables, i: int) -> tuple[int, ...]:
    return v.reach.instance.lineages[v.reach.instance.leaders[i].branch]


def _candidate(v: Variables) -> None:
    instance = v.reach.instance
    runs: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for s, run in v.run.items():
        session = instance.sessions[s]
        for _, var in v.attendance(s):
            v.model.add_implication(var, run)
        if session.min_seats:
            v.model.add(_sum(_people(v, v.attendance(s))) >= session.min_seats * run)
        if session.offering is not None:
            runs[session.offering].append(run)
    for offering, variables in runs.items():
        most = instance.offerings[offering].max_runs
        if most is not None:
            _at_most(v, [(run, 1) for run in variables], most)
    for limit in instance.limits:
        _at_most(v, [(v.run[s], weight) for s, weight in limit.terms if s in v.run], limit.most)


def _rooms(v: Variables) -> None:
    instance = v.reach.instance
    choices: dict[int, list[int]] = defaultdict(list)
    in_room: dict[tuple[int, int, int], list[cp_model.IntVar]] = defaultdict(list)
    for (s, r), var in v.room.items():
        choices[s].append(r)
        for day in instance.sessions[s].days:
            in_room[instance.sessions[s].site, r, day].append(var)
    for s, session in enumerate(instance.sessions):
        rooms = instance.sites[session.site].rooms
        if rooms is None or s in v.single or (session.candidate and s not in v.run) or not session.needs_room:
            continue
        total = cp_model.LinearExpr.sum([v.room[s, r] for r in choices[s]])
        v.model.add(total == v.run.get(s, 1))
        if session.frozen:
            continue
        cohort = _people(v, v.attendance(s))
        if sum(k for _, k in cohort) > min((rooms[r].seats for r in choices[s]), default=0):
            v.model.add(_sum(cohort) <= _sum([(v.room[s, r], rooms[r].seats) for r in choices[s]]))
    seen = set()
    for variables in in_room.values():
        key = frozenset(var.index for var in variables)
        if len(variables) > 1 and key not in seen:
            seen.add(key)
            v.model.add_at_most_one(variables)


def _beds(v: Variables) -> None:
    away = _away(v)
    for site_idx, site in enumerate(v.reach.instance.sites):
        if site.beds is not None:
            rows: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
            for i, place, day, var in away:
                if place == site_idx and not v.reach.instance.is_local(v.reach.instance.leaders[i], place):
                    rows[day][i].append(var)
            _day_rows(v, rows, partial(v.reach.instance.beds_on, site_idx))


def _branch(v: Variables) -> None:
    away = _away(v)
    for b, branch in enumerate(v.reach.instance.branches):
        if branch.max_away is not None:
            rows: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
            for i, _, day, var in away:
                if b in _lineage(v, i):
                    rows[day][i].append(var)
            _day_rows(v, rows, partial(v.reach.instance.away_on, b))


def _away(v: Variables) -> list[tuple[int, int, int, cp_model.IntVar]]:
    """(leader, site, day, variable that is 1 where the leader is away there that day)."""
    found = []
    for i, sessions in enumerate(v.reach.sessions):
        for s in sessions:
            site = v.reach.instance.sessions[s].site
            found += [(i, site, day, v.x[i, s]) for day in v.reach.instance.sessions[s].days]
        for link in v.links[i]:
            found += [(i, link.before.site, day, link.var) for day in link.idle]
    return found


def _day_rows(
    v: Variables, rows: dict[int, dict[int, list[cp_model.IntVar]]], most_on: Callable[[int], int | None]
) -> None:
    """At most `most_on` people on each day; the same variables once, and rows that can't bind not at all."""
    leaders: tuple[Leader, ...] = v.reach.instance.leaders
    seen = set()
    for day, by_leader in rows.items():
        most = most_on(day)
        if most is None or sum(leaders[i].headcount for i in by_leader) <= most:
            continue  # a leader is in one place at a time
        key = (most, frozenset(var.index for variables in by_leader.values() for var in variables))
        if key not in seen:
            seen.add(key)
            terms = [(var, leaders[i].headcount) for i, variables in by_leader.items() for var in variables]
            v.model.add(_sum(terms) <= most)
