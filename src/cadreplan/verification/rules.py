"""The executable specification: which hard rules a solution breaks, and what it is worth.

One function a rule (model.md, "Hard rules"), written for reading next to that text; `terms` has the worth.
Nothing here is shared with any engine but the data itself (`cadreplan.instance`).

Frozen sessions, which began before a plan was made again, are facts: no rule is tested on them by themselves,
only on what comes later together with them, and where they alone take more than a limit, that is the limit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from cadreplan.instance import Instance, Leader
from cadreplan.language import later, listed, one_of, tr
from cadreplan.solution import Solution
from cadreplan.verification import cohorts
from cadreplan.verification.layout import Layout, Trip, closed_by
from cadreplan.verification.norms import charged, left_out
from cadreplan.verification.report import Report, Violation
from cadreplan.verification.terms import terms

OF_ONE_LEADER = frozenset(
    ("useful", "repeat", "overlap", "dates", "audience", "prerequisite", "limits", "standards", "pins")
)
"""Rules that what one leader attends keeps or breaks, whatever others do."""


def check(instance: Instance, solution: Solution) -> Report:
    """All violations of the hard rules and the worth of `solution`, recomputed from the instance alone."""
    state = Layout(instance, solution)
    found: list[Violation] = []
    for name, rule in _RULES.items():
        found += (Violation(name, where, message) for where, message in rule(state))
    return Report(tuple(found), terms(state), None, left_out(instance, solution), charged(instance, solution))


_Broken = Iterator[tuple[str, str]]


def _module_ids(instance: Instance, modules: set[int] | frozenset[int]) -> str:
    return listed(sorted(instance.modules[m].id for m in modules))


# --- coupling rules -------------------------------------------------------------------------------------


def _seats(state: Layout) -> _Broken:
    for s, session in enumerate(state.instance.sessions):
        if session.frozen:
            continue
        people = state.headcount(s)
        if people > session.seats:
            yield session.id, tr("{people} people in {seats} seats", people=people, seats=session.seats)
        for branch, quota in session.quotas:
            people = state.headcount(s, branch)
            if people > quota:
                message = tr(
                    "{people} people of branch {branch}, quota {quota}",
                    people=people,
                    branch=state.instance.branches[branch].id,
                    quota=quota,
                )
                yield session.id, message


def _candidate(state: Layout) -> _Broken:
    instance, runs, past = state.instance, Counter[int](), Counter[int]()
    for s, session in enumerate(instance.sessions):
        if not session.candidate:
            continue
        if session.frozen:
            if s in state.solution.running and session.offering is not None:
                runs[session.offering] += 1
                past[session.offering] += 1
            continue
        people = state.headcount(s)
        if s not in state.solution.running:
            if state.cohort[s]:
                yield session.id, tr("does not run, but {people} people are assigned", people=people)
            continue
        if people < session.min_seats:
            message = tr(
                "runs with {people} people, needs at least {least}", people=people, least=session.min_seats
            )
            yield session.id, message
        if session.offering is not None:
            runs[session.offering] += 1
    for o, n in sorted(runs.items()):
        most = instance.offerings[o].max_runs
        if most is not None and n > max(most, past[o]):
            yield instance.offerings[o].id, tr("{n} runs, at most {most}", n=n, most=most)


def _rooms(state: Layout) -> _Broken:
    taken: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for s in state.running:
        session = state.instance.sessions[s]
        site = state.instance.sites[session.site]
        if site.rooms is None:
            continue
        r = state.solution.rooms.get(s)
        if r is None:
            if not session.frozen:
                yield session.id, tr("runs at {site} without a room", site=site.id)
            continue
        people = state.headcount(s)
        if people > site.rooms[r].seats and not session.frozen:
            room = site.rooms[r]
            message = tr(
                "{people} people in room {room} with {seats} seats",
                people=people,
                room=room.id,
                seats=room.seats,
            )
            yield session.id, message
        for day in session.days:
            taken[session.site, r, day].append(s)
    for (site_idx, r, day), sessions in sorted(taken.items()):
        site = state.instance.sites[site_idx]
        if len(sessions) > 1 and site.rooms is not None and not all(map(state.is_frozen, sessions)):
            message = tr(
                "room {room} holds {sessions} on {day}",
                room=site.rooms[r].id,
                sessions=listed(state.instance.sessions[s].id for s in sessions),
                day=state.day_text(day),
            )
            yield site.id, message


def _beds(state: Layout) -> _Broken:
    for (s, day), people in sorted(state.in_beds.items()):
        site = state.instance.sites[s]
        if site.beds is not None and people > max(site.beds, state.past_in_beds[s, day]):
            message = tr(
                "{people} people in {beds} beds on {day}",
                people=people,
                beds=site.beds,
                day=state.day_text(day),
            )
            yield site.id, message


def _branch(state: Layout) -> _Broken:
    for (b, day), people in sorted(state.away.items()):
        branch = state.instance.branches[b]
        if branch.max_away is not None and people > max(branch.max_away, state.past_away[b, day]):
            message = tr(
                "{people} people away on {day}, at most {most}",
                people=people,
                day=state.day_text(day),
                most=branch.max_away,
            )
            yield branch.id, message


# --- rules of one leader --------------------------------------------------------------------------------


def _useful(state: Layout) -> _Broken:
    for _, leader, sessions in state.attending:
        useful: list[int] = []
        # what a session may be a stepping stone for begins later, so the last session comes first
        for s in sorted(sessions, key=lambda s: state.instance.sessions[s].first_day, reverse=True):
            if (
                s in leader.pinned
                or state.is_frozen(s)
                or closed_by(state.instance, leader, s)
                or any(_counts_for(state.instance, leader, s, later) for later in useful)
            ):
                useful.append(s)
        for s in sessions:
            if s not in useful:
                session = state.instance.sessions[s].id
                message = tr(
                    "{session} closes none of the leader's skill gaps and is required for none of their"
                    " other sessions",
                    session=session,
                )
                yield leader.id, message


def _counts_for(instance: Instance, leader: Leader, s: int, later: int) -> bool:
    """Whether session s meets what a module of a later one requires and nothing else but a session does."""
    session, after = instance.sessions[s], instance.sessions[later]
    if after.frozen or session.last_day >= after.first_day:
        return False
    had = set(leader.completed) | set(after.modules)
    return any(
        had.isdisjoint(entry) and not set(entry).isdisjoint(session.modules)
        for m in after.modules
        for entry in instance.modules[m].requires
    )


def _repeat(state: Layout) -> _Broken:
    for _, leader, sessions in state.attending:
        times = Counter(m for s in sessions for m in state.instance.sessions[s].modules)
        later = {m for s in sessions if not state.is_frozen(s) for m in state.instance.sessions[s].modules}
        again = {m for m, n in times.items() if n > 1 and m in later}
        if again:
            modules = _module_ids(state.instance, again)
            yield leader.id, tr("attends {modules} more than once", modules=modules)


def _overlap(state: Layout) -> _Broken:
    transfer = state.instance.policy.transfer_days
    for _, leader, chosen in state.attending:
        sessions = [state.instance.sessions[s] for s in chosen]
        for k, a in enumerate(sessions):
            for b in sessions[k + 1 :]:
                if a.frozen and b.frozen:
                    continue
                apart = min(abs(x - y) for x in a.days for y in b.days)
                if apart == 0:
                    yield leader.id, tr("{one} and {other} share a day", one=a.id, other=b.id)
                elif a.site != b.site and apart - 1 < transfer:
                    message = tr(
                        "{n} free days between {one} and {other}, at least {needed} needed",
                        n=apart - 1,
                        one=a.id,
                        other=b.id,
                        needed=transfer,
                    )
                    yield leader.id, message


def _dates(state: Layout) -> _Broken:
    for i, leader, _ in state.attending:
        was_away = {day for trip in state.past[i] for day in trip.days}
        held = {
            day
            for s in state.solution.chosen[i]
            if not state.is_frozen(s)
            for day in state.instance.sessions[s].days
        }
        for trip in state.trips[i]:
            bad = [
                day
                for day in trip.days
                if (day not in was_away or day in held) and not _may_be_away(state.instance, leader, day)
            ]
            if bad:
                where = state.instance.sites[trip.site].id
                message = tr(
                    "trip to {site}: may not be away on {day} ({n} such days)",
                    site=where,
                    day=state.day_text(bad[0]),
                    n=len(bad),
                )
                yield leader.id, message


def _may_be_away(instance: Instance, leader: Leader, day: int) -> bool:
    in_horizon = 0 <= day < instance.n_days
    available = leader.available is None or any(a <= day <= b for a, b in leader.available)
    return in_horizon and available and not any(a <= day <= b for a, b in leader.unavailable)


def _audience(state: Layout) -> _Broken:
    for _, leader, sessions in state.attending:
        lineage = state.instance.lineages[leader.branch]
        for s in sessions:
            session = state.instance.sessions[s]
            if session.frozen:
                continue
            if session.branches is not None and not set(session.branches) & set(lineage):
                message = tr(
                    "{session} is not open to branch {branch}",
                    session=session.id,
                    branch=state.instance.branches[leader.branch].id,
                )
                yield leader.id, message
            if session.roles is not None and leader.role not in session.roles:
                yield leader.id, tr("{session} is not open to the leader's role", session=session.id)


def _prerequisite(state: Layout) -> _Broken:
    instance = state.instance
    for _, leader, chosen in state.attending:
        sessions = [instance.sessions[s] for s in chosen]
        for session in sessions:
            if session.frozen:
                continue
            had = set(leader.completed) | set(session.modules)
            had.update(
                m for earlier in sessions if earlier.last_day < session.first_day for m in earlier.modules
            )
            missing = {
                entry
                for m in session.modules
                for entry in instance.modules[m].requires
                if had.isdisjoint(entry)
            }
            if missing:
                modules = listed(sorted(one_of([instance.modules[m].id for m in entry]) for entry in missing))
                message = tr("{session} requires {modules} earlier", session=session.id, modules=modules)
                yield leader.id, message


def _limits(state: Layout) -> _Broken:
    for i, leader, sessions in state.attending:
        trips, past = state.trips[i], state.past[i]
        counts = (
            (
                later("{n} sessions, at most {most}"),
                len(sessions),
                sum(map(state.is_frozen, sessions)),
                leader.max_sessions,
            ),
            (
                later("{n} days away, at most {most}"),
                sum(len(trip.days) for trip in trips),
                sum(len(trip.days) for trip in past),
                leader.max_days,
            ),
            (later("{n} trips, at most {most}"), _journeys(trips), _journeys(past), leader.max_trips),
        )
        for text, n, before, most in counts:
            if most is not None and n > max(most, before):
                yield leader.id, tr(text, n=n, most=most)


def _journeys(trips: list[Trip]) -> int:
    """Trips that count: all but those of local leaders, who sleep at home."""
    return sum(not trip.there_and_back for trip in trips)


def _standards(state: Layout) -> _Broken:
    policy = state.instance.policy
    for _, leader, sessions in state.attending:
        if all(map(state.is_frozen, sessions)):
            continue
        modules = [
            state.instance.modules[m]
            for m in {m for s in sessions for m in state.instance.sessions[s].modules}
        ]
        hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
        if policy.core_share is not None and core < policy.core_share * hours:
            message = tr(
                "{core} of {hours} hours are core, at least {share:g} of them needed",
                core=core,
                hours=hours,
                share=float(policy.core_share),
            )
            yield leader.id, message
        methods = len({m.method for m in modules})
        needed = min(policy.min_methods, len(modules))
        if methods < needed:
            message = tr(
                "{methods} teaching method(s) in {modules} modules, at least {needed} needed",
                methods=methods,
                modules=len(modules),
                needed=needed,
            )
            yield leader.id, message


def _pins(state: Layout) -> _Broken:
    for _, leader, sessions in state.attending:
        for s in leader.pinned:
            if s not in sessions and not state.is_frozen(s):
                session = state.instance.sessions[s].id
                yield leader.id, tr("is pinned to {session}, but not assigned to it", session=session)
        for s in leader.excluded:
            if s in sessions and not state.is_frozen(s):
                session = state.instance.sessions[s].id
                yield leader.id, tr("is excluded from {session}, but assigned to it", session=session)


_RULES = {
    rule.__name__.removeprefix("_"): rule
    for rule in (
        _seats,
        _candidate,
        _rooms,
        _beds,
        _branch,
        _useful,
        _repeat,
        _overlap,
        _dates,
        _audience,
        _prerequisite,
        _limits,
        _standards,
        _pins,
        cohorts.ties,
        cohorts.mix,
    )
}
RULES = tuple(_RULES)
"""The rules of model.md, "Hard rules"; `programme`, `groups`, `statement`, `reference` are of a document."""
