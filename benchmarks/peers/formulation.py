"""The whole problem as one mixed-integer programme: what model.md, "Hard rules", and model.md, "Worth", say.

Variables are only made for pairs (leader, session) that can be assigned. Sessions of a leader that exclude
each other (a shared day, too little transfer time, a shared module) are covered by cliques, so that the
relaxation is as tight as a MIP solver could wish. Trips are modelled by *links*: two attended days of one
site with at most `stay_gap` days and no attended day between them belong to one trip. A leader's trips are
then attended days minus links, and its days away attended days plus the idle days of the links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from benchmarks.peers.index import Index
from benchmarks.peers.programme import Programme, Terms
from cadreplan.instance import Instance, Leader
from cadreplan.solution import Solution


class Formulation:
    """`programme` is the MIP of `instance`; `solution` reads an assignment of its variables."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.programme = Programme()
        self.index = Index(instance)
        self.conflicts = self.index.conflicts
        self.users: dict[int, Terms] = defaultdict(list)
        self.users_by_branch: dict[tuple[int, int], Terms] = defaultdict(list)
        self.at_site: dict[tuple[int, int], Terms] = defaultdict(list)
        self.away: dict[tuple[int, int], Terms] = defaultdict(list)
        self.x: list[dict[int, int]] = []
        self.running: dict[int, int] = {}
        self.rooms: dict[tuple[int, int], int] = {}
        for s, session in enumerate(instance.sessions):
            if session.candidate:
                worth = -instance.policy.weights.open * session.cost
                self.running[s] = self.programme.variable(worth=worth, integer=True)
        for leader in instance.leaders:
            _LeaderRows(self, leader).add()
        self._seats()
        self._rooms()
        self._capacities()

    def solution(self, values: list[float]) -> Solution:
        """The solution that the values of all variables stand for."""
        chosen = tuple(tuple(sorted(s for s, v in of.items() if values[v] > 0.5)) for of in self.x)
        running = frozenset(s for s, v in self.running.items() if values[v] > 0.5)
        rooms = {s: r for (s, r), v in self.rooms.items() if values[v] > 0.5}
        return Solution(chosen, running, rooms)

    def _seats(self) -> None:
        """Seats, quotas, candidates with their minimum, runs of an offering, underfilling."""
        programme, weights = self.programme, self.instance.policy.weights
        for s, session in enumerate(self.instance.sessions):
            people = self.users[s]
            if session.candidate:
                run = self.running[s]
                programme.row([*people, (run, -session.seats)], high=0)
                programme.row([*people, (run, -session.min_seats)], low=0)
                for variable, _ in people:
                    programme.row([(variable, 1), (run, -1)], high=0)
            else:
                if sum(n for _, n in people) > session.seats:
                    programme.row(people, high=session.seats)
                if session.min_seats and weights.underfill:
                    short = programme.variable(worth=-weights.underfill, upper=session.min_seats)
                    programme.row([*people, (short, 1)], low=session.min_seats)
            for branch, quota in session.quotas:
                programme.row(self.users_by_branch[s, branch], high=quota)
        for o, offering in enumerate(self.instance.offerings):
            runs = [(self.running[s], 1) for s in self.instance.candidates_of(o)]
            if offering.max_runs is not None and len(runs) > offering.max_runs:
                programme.row(runs, high=offering.max_runs)

    def _rooms(self) -> None:
        """One room for every running session at a site with rooms, for all its days."""
        programme = self.programme
        busy: dict[tuple[int, int, int], Terms] = defaultdict(list)
        for s, session in enumerate(self.instance.sessions):
            rooms = self.instance.sites[session.site].rooms
            if rooms is None:
                continue
            for r in range(len(rooms)):
                self.rooms[s, r] = programme.variable(integer=True)
                for day in session.days:
                    busy[session.site, r, day].append((self.rooms[s, r], 1))
            taken: Terms = [(self.rooms[s, r], 1) for r in range(len(rooms))]
            if session.candidate:
                programme.row([*taken, (self.running[s], -1)], low=0, high=0)
            else:
                programme.row(taken, low=1, high=1)
            held: Terms = [(self.rooms[s, r], -room.seats) for r, room in enumerate(rooms)]
            programme.row([*self.users[s], *held], high=0)
        for terms in busy.values():
            if len(terms) > 1:
                programme.row(terms, high=1)

    def _capacities(self) -> None:
        for (site, _), terms in self.at_site.items():
            beds = self.instance.sites[site].beds
            if beds is not None and sum(n for _, n in terms) > beds:
                self.programme.row(terms, high=beds)
        for (branch, _), terms in self.away.items():
            most = self.instance.branches[branch].max_away
            if most is not None and sum(n for _, n in terms) > most:
                self.programme.row(terms, high=most)


class _LeaderRows:
    """Variables and rows of one leader."""

    def __init__(self, formulation: Formulation, leader: Leader) -> None:
        self.f, self.instance, self.leader = formulation, formulation.instance, leader
        self.programme = formulation.programme
        self.may = formulation.index.may_be_away(leader)
        self.closing = formulation.index.closing(leader)
        self.lineage = self.instance.lineages[leader.branch]
        self.sessions = formulation.index.assignable(leader)

    def add(self) -> None:
        policy, sessions = self.instance.policy, self.instance.sessions
        by_session, by_site = dict(self.leader.prefers_sessions), dict(self.leader.prefers_sites)
        self.x: dict[int, int] = {}
        for s in self.sessions:
            session = sessions[s]
            km = self.instance.trip_km(self.leader, session.site)
            worth = by_session.get(s, 0) + by_site.get(session.site, 0)
            worth -= len(session.days) * (policy.weights.day + policy.weights.km * km)
            pinned = s in self.leader.pinned
            self.x[s] = self.programme.variable(worth=worth, integer=True, lower=float(pinned))
            if s in self.leader.excluded or not self._permitted(s):
                self.programme.row([(self.x[s], 1)], high=0)
            self.f.users[s].append((self.x[s], self.leader.headcount))
            for branch, _ in session.quotas:
                if branch in self.lineage:
                    self.f.users_by_branch[s, branch].append((self.x[s], self.leader.headcount))
        self.f.x.append(self.x)
        self.days: Terms = [(v, len(sessions[s].days)) for s, v in self.x.items()]
        self.trips: Terms = [
            (v, len(sessions[s].days)) for s, v in self.x.items() if not self._at_home(sessions[s].site)
        ]
        for s, v in self.x.items():
            for day in sessions[s].days:
                self._away(v, sessions[s].site, day)
        self._links()
        self._conflicts()
        self._gaps()
        self._prerequisites()
        self._limits()
        self._standards()
        self._hours()

    def _permitted(self, s: int) -> bool:
        """Dates and audience, which `assignable` waives for pinned sessions."""
        session = self.instance.sessions[s]
        return self.f.index.admits(self.leader, s) and self._free(session.days)

    def _free(self, days: Iterable[int]) -> bool:
        return all(day >= 0 and self.may >> day & 1 for day in days)

    def _away(self, variable: int, site: int, day: int) -> None:
        n = self.leader.headcount
        if self.instance.sites[site].beds is not None and not self._at_home(site):
            self.f.at_site[site, day].append((variable, n))
        for branch in self.lineage:
            if self.instance.branches[branch].max_away is not None:
                self.f.away[branch, day].append((variable, n))

    def _at_home(self, site: int) -> bool:
        """Whether the leader sleeps at home there: every day is a way of its own, nothing is linked."""
        return self.instance.is_local(self.leader, site)

    def _links(self) -> None:
        """Links within a session and between two sessions at one site."""
        sessions, stay_gap = self.instance.sessions, self.instance.policy.stay_gap
        by_site: dict[int, list[int]] = defaultdict(list)
        for s in self.sessions:
            if self._at_home(sessions[s].site):
                continue
            by_site[sessions[s].site].append(s)
            for d1, d2 in zip(sessions[s].days, sessions[s].days[1:], strict=False):
                if d2 - d1 - 1 <= stay_gap:
                    self._link(s, s, d1, d2)
        for here in by_site.values():
            for s in here:
                for t in here:
                    if s != t and not self.f.conflicts[s] >> t & 1:
                        self._link_between(s, t)

    def _link_between(self, s: int, t: int) -> None:
        """Pairs of a day of `s` and a later day of `t`, with no day of either between and few idle ones."""
        first, second = self.instance.sessions[s].days, self.instance.sessions[t].days
        both = set(first) | set(second)
        for d1 in first:
            for d2 in range(d1 + 1, d1 + self.instance.policy.stay_gap + 2):
                if d2 in both:
                    if d2 in second:
                        self._link(s, t, d1, d2)
                    break

    def _link(self, s: int, t: int, d1: int, d2: int) -> None:
        site, idle = self.instance.sessions[s].site, range(d1 + 1, d2)
        conflicts = self.f.conflicts[s] | self.f.conflicts[t]
        between = [
            self.x[u]
            for u in self.sessions
            if u not in (s, t)
            and not conflicts >> u & 1
            and any(d1 < day < d2 for day in self.instance.sessions[u].days)
        ]
        weights = self.instance.policy.weights
        worth = weights.km * self.instance.trip_km(self.leader, site) - weights.day * len(idle)
        if not worth and not idle and self.leader.max_trips is None:
            return
        if s == t and not between:
            link = self.x[s]
            self.programme.objective[link] += worth
        else:
            link = self.programme.variable(worth=worth)
            ends = {self.x[s], self.x[t]}
            for end in ends:
                self.programme.row([(link, 1), (end, -1)], high=0)
            for other in between:
                self.programme.row([(link, 1), (other, 1)], high=1)
            self.programme.row(
                [(link, 1), *((end, -1) for end in ends), *((other, 1) for other in between)],
                low=1 - len(ends),
            )
        if not self._free(idle):
            self.programme.row([(link, 1)], high=0)
        self.trips.append((link, -1))
        self.days.append((link, len(idle)))
        for day in idle:
            self._away(link, site, day)

    def _conflicts(self) -> None:
        """Cliques that cover every pair of sessions that exclude each other."""
        mine = sum(1 << s for s in self.sessions)
        open_pairs = {s: self.f.conflicts[s] & mine for s in self.sessions}
        for s in self.sessions:
            while open_pairs[s]:
                clique = [s]
                common = self.f.conflicts[s] & mine
                grow = open_pairs[s]
                while grow or common:
                    pick = grow or common
                    t = (pick & -pick).bit_length() - 1
                    clique.append(t)
                    common &= self.f.conflicts[t]
                    grow &= self.f.conflicts[t]
                inside = sum(1 << t for t in clique)
                for t in clique:
                    open_pairs[t] &= ~inside
                self.programme.row([(self.x[t], 1) for t in clique], high=1)

    def _gaps(self) -> None:
        factor = self.instance.policy.weights.gap * self.leader.priority
        for g, gap in enumerate(self.leader.gaps):
            closing: Terms = [(v, -1) for s, v in self.x.items() if self.closing.get(s, 0) >> g & 1]
            if closing and gap.weight:
                closed = self.programme.variable(worth=factor * gap.weight)
                self.programme.row([(closed, 1), *closing], high=0)

    def _prerequisites(self) -> None:
        leads: dict[int, set[int]] = defaultdict(set)
        for s, v in self.x.items():
            for entry, givers in self.instance.givers[s]:
                if self.leader.completed.isdisjoint(entry):
                    earlier = [t for t in givers if t in self.x]
                    self.programme.row([(v, 1), *((self.x[t], -1) for t in earlier)], high=0)
                    for t in earlier:
                        leads[t].add(s)
        for t, v in self.x.items():
            if not self.closing.get(t) and t not in self.leader.pinned:  # of use only for what follows it
                self.programme.row([(v, 1), *((self.x[s], -1) for s in sorted(leads[t]))], high=0)

    def _limits(self) -> None:
        counted: Terms = [(v, 1) for v in self.x.values()]
        for terms, most in (
            (counted, self.leader.max_sessions),
            (self.days, self.leader.max_days),
            (self.trips, self.leader.max_trips),
        ):
            if most is not None and sum(n for _, n in terms if n > 0) > most:
                self.programme.row(terms, high=most)

    def _standards(self) -> None:
        """Core hours, and for k = 2 .. min_methods: who attends k modules or more meets k methods or more."""
        policy, sessions, modules = self.instance.policy, self.instance.sessions, self.instance.modules
        held = {s: [modules[m] for m in sessions[s].modules] for s in self.sessions}
        if policy.core_share is not None:
            share = policy.core_share
            terms: Terms = []
            for s, v in self.x.items():
                hours = sum(m.hours for m in held[s])
                core = sum(m.hours for m in held[s] if m.core)
                terms.append((v, core * share.denominator - hours * share.numerator))
            self.programme.row(terms, low=0)
        if policy.min_methods < 2 or not self.x:
            return
        met: Terms = []
        for method in sorted({m.method for ms in held.values() for m in ms}):
            w = self.programme.variable(integer=True)
            met.append((w, 1))
            teaching = [self.x[s] for s in self.sessions if any(m.method == method for m in held[s])]
            self.programme.row([(w, 1), *((v, -1) for v in teaching)], high=0)
        attended: Terms = [(v, len(held[s])) for s, v in self.x.items()]
        most = len(attended) if self.leader.max_sessions is None else self.leader.max_sessions
        total = sum(sorted((n for _, n in attended), reverse=True)[:most])
        for k in range(2, policy.min_methods + 1):
            if total < k:
                break
            reached = self.programme.variable(integer=True)
            self.programme.row([*attended, (reached, -(total - k + 1))], high=k - 1)
            self.programme.row([*met, (reached, -k)], low=0)
        for s, v in self.x.items():
            needed = min(policy.min_methods, len(held[s]))
            if len({m.method for m in held[s]}) < needed:
                self.programme.row([*met, (v, -needed)], low=0)

    def _hours(self) -> None:
        policy = self.instance.policy
        if not policy.min_hours or not policy.weights.hour:
            return
        missing = self.programme.variable(worth=-policy.weights.hour, upper=policy.min_hours)
        attended: Terms = [
            (v, sum(self.instance.modules[m].hours for m in self.instance.sessions[s].modules))
            for s, v in self.x.items()
        ]
        self.programme.row([(missing, 1), *attended], low=policy.min_hours)
