"""Which sessions a leader can attend at all, and which sessions clash: what is left needs variables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance, Leader, Session


@dataclass(frozen=True, slots=True)
class Atom:
    """A maximal run of consecutive days of one session, away from `first` to `last`."""

    session: int
    site: int
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Reach:
    """The pairs of leader and session that can be 1; `sessions[i]` ascending, `candidates` that may run."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._sets: list[set[int]] | None = None
        self.atoms = [_atoms(s, session) for s, session in enumerate(instance.sessions)]
        self.room_seats = [_room_seats(instance, session) for session in instance.sessions]
        self.sessions = [self._reachable(leader) for leader in instance.leaders]
        self.candidates = {s for s, session in enumerate(instance.sessions) if session.candidate}
        while self._drop_unprovided() | self._drop_idle() | self._drop_candidates():
            pass

    def closed(self, leader: Leader, session: int) -> list[int]:
        """Positions in `leader.gaps` of what a session closes."""
        taught = self.instance.levels_taught[session]
        return [g for g, gap in enumerate(leader.gaps) if taught.get(gap.skill, gap.level - 1) >= gap.level]

    def trips(self, leader: Leader, s: int) -> int:
        """How many trips a session is where nothing else joins them, as `max_trips` counts."""
        local = self.instance.is_local(leader, self.instance.sessions[s].site)
        return 0 if local else len(self.atoms[s])

    def may_be_away(self, leader: Leader, first: int, last: int) -> bool:
        """Whether all days from `first` to `last` lie in the horizon and in the leader's dates."""
        if first < 0 or last >= self.instance.n_days:
            return False
        if any(a <= last and first <= b for a, b in leader.unavailable):
            return False
        if leader.available is None:
            return True
        return all(any(a <= day <= b for a, b in leader.available) for day in range(first, last + 1))

    def providers(self, i: int, session: int) -> list[list[int]]:
        """For each entry that a session requires and that the leader must get from other sessions: these."""
        leader, own = self.instance.leaders[i], self._own[i]
        return [
            [t for t in givers if t in own and t not in self.clashes[session]]
            for entry, givers in self.instance.givers[session]
            if leader.completed.isdisjoint(entry)
        ]

    def stepping_stones(self, i: int) -> dict[int, list[int]]:
        """The leader's sessions that are of no use by themselves, and those of the others they lead up to."""
        leader = self.instance.leaders[i]
        serves: dict[int, list[int]] = {
            s: [] for s in self.sessions[i] if not (s in leader.pinned or self.closed(leader, s))
        }
        for s in self.sessions[i] if serves else ():
            for t in sorted({t for givers in self.providers(i, s) for t in givers}):
                if t in serves:
                    serves[t].append(s)
        return serves

    @cached_property
    def clashes(self) -> list[set[int]]:
        """For each session those that nobody can attend as well (rules repeat and overlap)."""
        sessions, transfer = self.instance.sessions, self.instance.policy.transfer_days
        frozen = {s for s, session in enumerate(sessions) if session.frozen}
        on_day: dict[int, list[int]] = defaultdict(list)
        with_module: dict[int, list[int]] = defaultdict(list)
        for s, session in enumerate(sessions):
            for day in session.days:
                on_day[day].append(s)
            for m in session.modules:
                with_module[m].append(s)
        found = []
        for s, session in enumerate(sessions):
            clash = {t for m in session.modules for t in with_module[m]}
            for day in session.days:
                clash.update(on_day[day])
                for near in range(day - transfer, day + transfer + 1):
                    clash.update(t for t in on_day.get(near, ()) if sessions[t].site != session.site)
            clash.discard(s)
            if session.frozen:
                clash -= frozen
            found.append(clash)
        return found

    @property
    def _own(self) -> list[set[int]]:
        """`sessions` as sets."""
        if self._sets is None:
            self._sets = [set(sessions) for sessions in self.sessions]
        return self._sets

    def _keep(self, kept: list[list[int]]) -> bool:
        """Keep these sessions of every leader; whether any went."""
        dropped = any(len(a) < len(b) for a, b in zip(kept, self.sessions, strict=True))
        self.sessions, self._sets = kept, None
        return dropped

    def _reachable(self, leader: Leader) -> list[int]:
        """What is of use to a leader and what may be a stepping stone to it, as far as each alone tells."""
        useful = [
            s
            for s in range(len(self.instance.sessions))
            if (s in leader.pinned or self.closed(leader, s)) and self._alone(leader, s)
        ]
        return sorted({*useful, *lead_up(self.instance, leader, useful, lambda s: self._alone(leader, s))})

    def _alone(self, leader: Leader, s: int) -> bool:
        """Whether the pair keeps every rule that needs no look at others."""
        instance, session = self.instance, self.instance.sessions[s]
        if session.frozen:
            return s in leader.pinned
        people = leader.headcount
        lineage = instance.lineages[leader.branch]
        local = instance.is_local(leader, session.site)
        beds = None if local else instance.sites[session.site].beds
        return (
            s not in leader.excluded
            and (session.branches is None or bool(set(session.branches) & set(lineage)))
            and (session.roles is None or leader.role in session.roles)
            and all(self.may_be_away(leader, atom.first, atom.last) for atom in self.atoms[s])
            and people <= min(session.seats, self.room_seats[s])
            and all(people <= quota for branch, quota in session.quotas if branch in lineage)
            and (beds is None or people <= beds)
            and all(people <= most for b in lineage if (most := instance.branches[b].max_away) is not None)
            and (leader.max_sessions is None or leader.max_sessions >= 1)
            and (leader.max_days is None or leader.max_days >= len(session.days))
            and (local or leader.max_trips is None or leader.max_trips >= 1)
        )

    def _drop_unprovided(self) -> bool:
        """Leave out sessions whose prerequisites nobody can provide; whether any went."""
        return self._keep(
            [[s for s in own if all(self.providers(i, s))] for i, own in enumerate(self.sessions)]
        )

    def _drop_idle(self) -> bool:
        """Leave out sessions that lead up to nothing; whether any went."""
        kept = []
        for i, own in enumerate(self.sessions):
            idle = {t for t, serves in self.stepping_stones(i).items() if not serves}
            kept.append([s for s in own if s not in idle])
        return self._keep(kept)

    def _drop_candidates(self) -> bool:
        """Leave out candidates that too few can attend; whether any went."""
        instance = self.instance
        people: dict[int, int] = defaultdict(int)
        for i, leader in enumerate(instance.leaders):
            for s in self.sessions[i]:
                people[s] += leader.headcount
        gone = {
            s
            for s in self.candidates
            if people[s] < max(1, instance.sessions[s].min_seats) or self.room_seats[s] == 0
        }
        self.candidates -= gone
        return self._keep([[s for s in own if s not in gone] for own in self.sessions])


def _atoms(s: int, session: Session) -> list[Atom]:
    atoms: list[Atom] = []
    for day in session.days:
        if atoms and atoms[-1].last == day - 1:
            atoms[-1] = Atom(s, session.site, atoms[-1].first, day)
        else:
            atoms.append(Atom(s, session.site, day, day))
    return atoms


def _room_seats(instance: Instance, session: Session) -> int:
    """Seats of the largest room of the session's site; a room that it has already is large enough."""
    rooms = instance.sites[session.site].rooms
    if session.frozen:
        return session.seats
    return session.seats if rooms is None else max((room.seats for room in rooms), default=0)
