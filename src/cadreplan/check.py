"""The executable specification: which hard rules a solution breaks, and what it is worth.

One function a rule (format.md, section 3) and one function a term (section 4), written for reading next to
that text. Nothing here is shared with any engine but the data itself (`cadreplan.instance`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cadreplan.instance import Instance, Leader, Session
from cadreplan.plan import Terms
from cadreplan.solution import Solution

RULES = (
    "seats",
    "candidate",
    "rooms",
    "beds",
    "branch",
    "useful",
    "repeat",
    "overlap",
    "dates",
    "audience",
    "prerequisite",
    "limits",
    "standards",
    "pins",
)
"""The hard rules of format.md, section 3; `programme`, `statement`, `reference` come from a plan document."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `where` is the id of the leader, session, site or branch; `message` has the numbers."""

    rule: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a plan: all violations, in rule order, and the recomputed terms."""

    violations: tuple[Violation, ...]
    terms: Terms

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a leader to `site`, away from day `first` to day `last`, both included."""

    site: int
    first: int
    last: int

    @property
    def days(self) -> range:
        return range(self.first, self.last + 1)


def trips_of(instance: Instance, sessions: tuple[int, ...]) -> list[Trip]:
    """The trips made for a set of sessions, in order.

    The attended days are walked in order; a day starts a new trip where the site changes or where more than
    `stay_gap` days lie between it and the attended day before. A day at another site therefore ends a trip.
    """
    attended = sorted((day, instance.sessions[s].site) for s in sessions for day in instance.sessions[s].days)
    trips: list[Trip] = []
    for day, site in attended:
        last = trips[-1] if trips else None
        if last and last.site == site and day - last.last - 1 <= instance.policy.stay_gap:
            trips[-1] = Trip(site, last.first, max(last.last, day))
        else:
            trips.append(Trip(site, day, day))
    return trips


def check(instance: Instance, solution: Solution) -> Report:
    """All violations of the hard rules and the worth of `solution`, recomputed from the instance alone."""
    state = _State(instance, solution)
    found: list[Violation] = []
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
    ):
        name = rule.__name__.removeprefix("_")
        found += (Violation(name, where, message) for where, message in rule(state))
    return Report(tuple(found), _terms(state))


# --- shared views of a solution -------------------------------------------------------------------------


class _State:
    """A solution laid out for the rules: cohorts, trips, and who is away where on which day."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self.running = [s for s in range(len(instance.sessions)) if solution.runs(instance, s)]
        self.attending = [(i, leader, solution.chosen[i]) for i, leader in enumerate(instance.leaders)]
        self.cohort: dict[int, list[int]] = defaultdict(list)
        self.trips: dict[int, list[Trip]] = {}
        self.at_site: Counter[tuple[int, int]] = Counter()
        self.away: Counter[tuple[int, int]] = Counter()
        for i, leader, sessions in self.attending:
            for s in sessions:
                self.cohort[s].append(i)
            self.trips[i] = trips_of(instance, sessions)
            for trip in self.trips[i]:
                for day in trip.days:
                    self.at_site[trip.site, day] += leader.headcount
            for day in {day for trip in self.trips[i] for day in trip.days}:
                for b in instance.branches[leader.branch].lineage:
                    self.away[b, day] += leader.headcount

    def headcount(self, session: int, branch: int | None = None) -> int:
        """People in a session; with `branch`, only those of it and of the branches below it."""
        leaders = (self.instance.leaders[i] for i in self.cohort[session])
        return sum(
            leader.headcount
            for leader in leaders
            if branch is None or branch in self.instance.branches[leader.branch].lineage
        )

    def day_text(self, day: int) -> str:
        return self.instance.date_of(day).isoformat()


_Broken = Iterator[tuple[str, str]]


def _module_ids(instance: Instance, modules: set[int] | frozenset[int]) -> str:
    return ", ".join(sorted(instance.modules[m].id for m in modules))


# --- coupling rules -------------------------------------------------------------------------------------


def _seats(state: _State) -> _Broken:
    for s, session in enumerate(state.instance.sessions):
        people = state.headcount(s)
        if people > session.seats:
            yield session.id, f"{people} people in {session.seats} seats"
        for branch, quota in session.quotas:
            people = state.headcount(s, branch)
            if people > quota:
                yield (
                    session.id,
                    f"{people} people of branch {state.instance.branches[branch].id}, quota {quota}",
                )


def _candidate(state: _State) -> _Broken:
    instance, runs = state.instance, Counter[int]()
    for s, session in enumerate(instance.sessions):
        if not session.candidate:
            continue
        people = state.headcount(s)
        if s not in state.solution.running:
            if state.cohort[s]:
                yield session.id, f"does not run, but {people} people are assigned"
            continue
        if people < session.min_seats:
            yield session.id, f"runs with {people} people, needs at least {session.min_seats}"
        if session.offering is not None:
            runs[session.offering] += 1
    for o, n in sorted(runs.items()):
        most = instance.offerings[o].max_runs
        if most is not None and n > most:
            yield instance.offerings[o].id, f"{n} runs, at most {most}"


def _rooms(state: _State) -> _Broken:
    taken: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for s in state.running:
        session = state.instance.sessions[s]
        site = state.instance.sites[session.site]
        if site.rooms is None:
            continue
        r = state.solution.rooms.get(s)
        if r is None:
            yield session.id, f"runs at {site.id} without a room"
            continue
        people = state.headcount(s)
        if people > site.rooms[r].seats:
            yield session.id, f"{people} people in room {site.rooms[r].id} with {site.rooms[r].seats} seats"
        for day in session.days:
            taken[session.site, r, day].append(session.id)
    for (site_idx, r, day), sessions in sorted(taken.items()):
        site = state.instance.sites[site_idx]
        if len(sessions) > 1 and site.rooms is not None:
            yield site.id, f"room {site.rooms[r].id} holds {', '.join(sessions)} on {state.day_text(day)}"


def _beds(state: _State) -> _Broken:
    for (s, day), people in sorted(state.at_site.items()):
        site = state.instance.sites[s]
        if site.beds is not None and people > site.beds:
            yield site.id, f"{people} people in {site.beds} beds on {state.day_text(day)}"


def _branch(state: _State) -> _Broken:
    for (b, day), people in sorted(state.away.items()):
        branch = state.instance.branches[b]
        if branch.max_away is not None and people > branch.max_away:
            yield branch.id, f"{people} people away on {state.day_text(day)}, at most {branch.max_away}"


# --- rules of one leader --------------------------------------------------------------------------------


def closed_by(instance: Instance, leader: Leader, session: int) -> list[int]:
    """Positions in `leader.gaps` that the modules of a session close."""
    taught = instance.levels_taught[session]
    return [g for g, gap in enumerate(leader.gaps) if gap.skill in taught and taught[gap.skill] >= gap.level]


def _useful(state: _State) -> _Broken:
    for _, leader, sessions in state.attending:
        for s in sessions:
            if s not in leader.pinned and not closed_by(state.instance, leader, s):
                yield leader.id, f"{state.instance.sessions[s].id} closes none of the leader's skill gaps"


def _repeat(state: _State) -> _Broken:
    for _, leader, sessions in state.attending:
        times = Counter(m for s in sessions for m in state.instance.sessions[s].modules)
        again = {m for m, n in times.items() if n > 1}
        if again:
            yield leader.id, f"attends {_module_ids(state.instance, again)} more than once"


def _overlap(state: _State) -> _Broken:
    transfer = state.instance.policy.transfer_days
    for _, leader, chosen in state.attending:
        sessions = [state.instance.sessions[s] for s in chosen]
        for k, a in enumerate(sessions):
            for b in sessions[k + 1 :]:
                apart = min(abs(x - y) for x in a.days for y in b.days)
                if apart == 0:
                    yield leader.id, f"{a.id} and {b.id} share a day"
                elif a.site != b.site and apart - 1 < transfer:
                    yield (
                        leader.id,
                        f"{apart - 1} free days between {a.id} and {b.id}, at least {transfer} needed",
                    )


def _dates(state: _State) -> _Broken:
    for i, leader, _ in state.attending:
        for trip in state.trips[i]:
            bad = [day for day in trip.days if not _may_be_away(state.instance, leader, day)]
            if bad:
                where = state.instance.sites[trip.site].id
                yield (
                    leader.id,
                    f"trip to {where}: may not be away on {state.day_text(bad[0])} ({len(bad)} such days)",
                )


def _may_be_away(instance: Instance, leader: Leader, day: int) -> bool:
    in_horizon = 0 <= day < instance.n_days
    available = leader.available is None or any(a <= day <= b for a, b in leader.available)
    return in_horizon and available and not any(a <= day <= b for a, b in leader.unavailable)


def _audience(state: _State) -> _Broken:
    for _, leader, sessions in state.attending:
        lineage = state.instance.branches[leader.branch].lineage
        for s in sessions:
            session = state.instance.sessions[s]
            if session.branches is not None and not set(session.branches) & set(lineage):
                yield (
                    leader.id,
                    f"{session.id} is not open to branch {state.instance.branches[leader.branch].id}",
                )
            if session.roles is not None and leader.role not in session.roles:
                yield leader.id, f"{session.id} is not open to the leader's role"


def _prerequisite(state: _State) -> _Broken:
    instance = state.instance
    for _, leader, chosen in state.attending:
        sessions = [instance.sessions[s] for s in chosen]
        for session in sessions:
            had = set(leader.completed) | set(session.modules)
            had.update(
                m for earlier in sessions if earlier.last_day < session.first_day for m in earlier.modules
            )
            missing = {r for m in session.modules for r in instance.modules[m].requires} - had
            if missing:
                yield leader.id, f"{session.id} requires {_module_ids(instance, missing)} earlier"


def _limits(state: _State) -> _Broken:
    for i, leader, sessions in state.attending:
        trips = state.trips[i]
        counts = (
            ("sessions", len(sessions), leader.max_sessions),
            ("days away", sum(len(trip.days) for trip in trips), leader.max_days),
            ("trips", len(trips), leader.max_trips),
        )
        for what, n, most in counts:
            if most is not None and n > most:
                yield leader.id, f"{n} {what}, at most {most}"


def _standards(state: _State) -> _Broken:
    policy = state.instance.policy
    for _, leader, sessions in state.attending:
        modules = [
            state.instance.modules[m]
            for m in {m for s in sessions for m in state.instance.sessions[s].modules}
        ]
        hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
        if policy.core_share is not None and core < policy.core_share * hours:
            yield (
                leader.id,
                f"{core} of {hours} hours are core, at least {float(policy.core_share):g} of them needed",
            )
        methods = len({m.method for m in modules})
        needed = min(policy.min_methods, len(modules))
        if methods < needed:
            yield (
                leader.id,
                f"{methods} teaching method(s) in {len(modules)} modules, at least {needed} needed",
            )


def _pins(state: _State) -> _Broken:
    for _, leader, sessions in state.attending:
        for s in leader.pinned:
            if s not in sessions:
                yield leader.id, f"is pinned to {state.instance.sessions[s].id}, but not assigned to it"
        for s in leader.excluded:
            if s in sessions:
                yield leader.id, f"is excluded from {state.instance.sessions[s].id}, but assigned to it"


# --- worth ----------------------------------------------------------------------------------------------


def _terms(state: _State) -> Terms:
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
        hours=-w.hour * sum(_missing_hours(state.instance, sessions) for _, _, sessions in state.attending),
    )


def _gap_points(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> int:
    closed = {g for s in sessions for g in closed_by(instance, leader, s)}
    return leader.priority * sum(leader.gaps[g].weight for g in closed)


def _preference(instance: Instance, leader: Leader, sessions: tuple[int, ...]) -> int:
    by_session, by_site = dict(leader.prefers_sessions), dict(leader.prefers_sites)
    return sum(by_session.get(s, 0) + by_site.get(instance.sessions[s].site, 0) for s in sessions)


def _km(state: _State, i: int, leader: Leader) -> int:
    return sum(state.instance.trip_km(leader, trip.site) for trip in state.trips[i])


def _underfill(state: _State, s: int, session: Session) -> int:
    return 0 if session.candidate else max(0, session.min_seats - state.headcount(s))


def _missing_hours(instance: Instance, sessions: tuple[int, ...]) -> int:
    modules = {m for s in sessions for m in instance.sessions[s].modules}
    return max(0, instance.policy.min_hours - sum(instance.modules[m].hours for m in modules))
