"""As much of an old plan as still fits together on a roster that has changed, and why the rest doesn't."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cadreplan.engines.taking_out import mend
from cadreplan.insight.obstacles import Step, forbidden, obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.messages import Message
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

Pair = tuple[str, str]
"""Leader id and session id."""


@dataclass(frozen=True)
class Stays:
    """`solution` keeps all rules; None where pins or rooms leave none that is found in one pass.

    `pairs` are all old assignments whose leader and session still exist, by index; `dropped` says of every
    old assignment that is not in the solution why. What is frozen is in the solution as it was.
    """

    solution: Solution | None
    pairs: frozenset[tuple[int, int]]
    dropped: dict[Pair, Message]


def what_stays(roster: Instance, instance: Instance, old: Plan, before: Solution) -> Stays:
    """Put the old assignments back one by one, by leader and day, after those of frozen sessions.

    `instance` is the `roster` with its past, and `before` the old plan in it.
    """
    begun = tuple(tuple(s for s in chosen if instance.sessions[s].frozen) for chosen in before.chosen)
    attended = {
        (instance.leaders[i].id, instance.sessions[s].id) for i, chosen in enumerate(begun) for s in chosen
    }
    dropped = {
        (leader, session): _gone(roster, leader, session)
        for leader, session in old.assignments
        if (leader not in roster.leader_by_id or session not in instance.session_by_id)
        and (leader, session) not in attended
    }
    pairs = frozenset(
        (instance.leader_by_id[leader], instance.session_by_id[session])
        for leader, session in old.assignments
        if (leader, session) not in dropped
    )
    run = {e.id for e in old.sessions if e.runs}
    running = {s for s, session in enumerate(instance.sessions) if session.candidate and session.id in run}
    closed: dict[int, Message] = {}
    banned: dict[tuple[int, int], Message] = {}
    while True:
        attempt = _Attempt(instance, old, begun, running - closed.keys(), closed, banned)
        attempt.put_back(pairs)
        short, unbalanced = attempt.too_few(), attempt.unbalanced()
        if not short and not unbalanced:
            break
        closed |= short
        banned |= unbalanced
    solution = attempt.state.solution()
    if check(instance, solution).ok:
        return Stays(solution, pairs, dropped | attempt.dropped)
    mended = mend(instance, solution)
    out = {} if mended is None else _taken_out(instance, solution, mended)
    return Stays(mended, pairs, dropped | out | attempt.dropped)


def _taken_out(instance: Instance, solution: Solution, mended: Solution) -> dict[Pair, Message]:
    """Who had to leave a class for its mix."""
    return {
        (instance.leaders[i].id, instance.sessions[s].id): Message.of(
            "lacks-mix", session=instance.sessions[s].id
        )
        for i, (had, left) in enumerate(zip(solution.chosen, mended.chosen, strict=True))
        for s in set(had) - set(left)
    }


def _gone(instance: Instance, leader: str, session: str) -> Message:
    if leader not in instance.leader_by_id:
        return Message.of("left-roster", leader=leader)
    return Message.of("cancelled", session=session)


@dataclass
class _Attempt:
    instance: Instance
    old: Plan
    begun: tuple[tuple[int, ...], ...]
    running: set[int]
    closed: dict[int, Message]
    banned: dict[tuple[int, int], Message]
    dropped: dict[Pair, Message] = field(default_factory=dict)
    hoped_for: set[tuple[int, int]] = field(default_factory=set)
    """Added though the leader's standards fail with it, or though it is of no use, as long as nothing more is
    added."""

    def __post_init__(self) -> None:
        self._limit_runs()
        rooms = self._rooms()
        self.state = PlanState(self.instance, Solution(self.begun, frozenset(self.running), rooms))
        self._had: dict[int, set[int]] = defaultdict(set)

    def put_back(self, pairs: Iterable[tuple[int, int]]) -> None:
        by_leader = self._had
        for i, s in pairs:
            by_leader[i].add(s)
        pinned = {i: leader.pinned for i, leader in enumerate(self.instance.leaders) if leader.pinned}
        for i, sessions in sorted(pinned.items()):
            self._add(i, sessions, set(sessions) - by_leader[i])
        for i in sorted(by_leader):
            self._add(i, by_leader[i], ())

    def too_few(self) -> dict[int, Message]:
        """Candidates that would run with fewer people than their minimum, and why."""
        found = {}
        for s in self.running:
            session, people = self.instance.sessions[s], self.state.people[s]
            if people < max(1, session.min_seats):
                found[s] = Message.of(
                    "too-few",
                    session=session.id,
                    people=people,
                    least=max(1, session.min_seats),
                )
        return found

    def unbalanced(self) -> dict[tuple[int, int], Message]:
        """What was added in the hope of more that did not come, and why."""
        found = {}
        for i, s in sorted(self.hoped_for):
            if s not in self.state.chosen[i]:
                continue
            told = next((o.told for o in obstacles(self.state, i, s) if o.step is Step.STANDARDS), None)
            if s in self.state.idle(i, self.state.chosen[i]):
                session = self.instance.sessions[s].id
                told = Message.of("leads-nowhere", session=session)
            if told is not None:
                found[i, s] = told
        return found

    def _add(self, i: int, sessions: Collection[int], new: Collection[int]) -> None:
        """Add what fits, earlier sessions first, and again as long as one more does; say why others don't."""
        state, instance = self.state, self.instance
        left = sorted(set(sessions) - set(state.chosen[i]), key=lambda s: (instance.sessions[s].first_day, s))
        while left:
            why: dict[int, Message] = {}
            for s in left:
                told = self._against(i, s)
                if told is None:
                    state.add(i, s)
                else:
                    why[s] = told
            if len(why) == len(left):
                leader = instance.leaders[i].id
                self.dropped |= {
                    (leader, instance.sessions[s].id): told for s, told in why.items() if s not in new
                }
                return
            left = list(why)

    def _against(self, i: int, s: int) -> Message | None:
        instance, leader = self.instance, self.instance.leaders[i]
        session = instance.sessions[s]
        if s in self.state.idle(i, {s}):
            if s in self.state.idle(i, {*self._had[i], *leader.pinned, s}):
                return Message.of("closes-nothing", session=session.id)
            self.hoped_for.add((i, s))
        if (i, s) in self.banned:
            return self.banned[i, s]
        found = forbidden(self.state, i, s)
        if found is not None and found.step is Step.STANDARDS:
            apart = (Step.STANDARDS, Step.MIX, Step.NOT_WORTH)
            found = next((o for o in obstacles(self.state, i, s) if o.step not in apart), None)
            if found is None:
                self.hoped_for.add((i, s))
        if found is not None and found.step is Step.MIX:
            found = None  # others may follow who make up for it; what doesn't hold then is repaired
        if found is None:
            return None
        return self.closed.get(s, found.told) if found.step is Step.CANDIDATE else found.told

    def _limit_runs(self) -> None:
        """Close the candidates beyond what their offering may run, those with the fewest people first."""
        people = Counter(session for _, session in self.old.assignments)
        for o, offering in enumerate(self.instance.offerings):
            runs = sorted(
                (s for s in self.running if self.instance.sessions[s].offering == o),
                key=lambda s: (-people[self.instance.sessions[s].id], s),
            )
            for s in runs[len(runs) if offering.max_runs is None else offering.max_runs :]:
                self.running.discard(s)
                self.closed[s] = Message.of("runs-too-often", offering=offering.id, most=offering.max_runs)

    def _rooms(self) -> dict[int, int]:
        """The room of each running session: its old one if that is free, else the smallest that is.

        A candidate for which there is none is closed.
        """
        instance, people = self.instance, Counter(session for _, session in self.old.assignments)
        wanted = {entry.id: entry.room for entry in self.old.sessions}
        taken: dict[tuple[int, int], set[int]] = defaultdict(set)
        found: dict[int, int] = {}
        held = [s for s, x in enumerate(instance.sessions) if s in self.running or not x.candidate]
        held = [s for s in held if instance.sites[instance.sessions[s].site].rooms is not None]
        for s in held:
            session = instance.sessions[s]
            if session.room is not None:
                found[s] = session.room
                taken[session.site, session.room].update(session.days)
        held = [s for s in held if not instance.sessions[s].frozen]
        for again in (False, True):
            for s in held:
                session = instance.sessions[s]
                rooms = instance.sites[session.site].rooms or ()
                if again and s not in found:
                    size = min(session.seats, people[session.id])
                    order = sorted(
                        range(len(rooms)), key=lambda r: (rooms[r].seats < size, abs(rooms[r].seats - size))
                    )
                else:
                    order = [r for r, room in enumerate(rooms) if room.id == wanted.get(session.id)]
                free = [r for r in order if taken[session.site, r].isdisjoint(session.days)]
                if s not in found and free:
                    found[s] = free[0]
                    taken[session.site, free[0]].update(session.days)
                elif again and s not in found and session.candidate:
                    self.running.discard(s)
                    self.closed[s] = Message.of("no-room-left", session=session.id)
        return found
