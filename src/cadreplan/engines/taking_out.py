"""Plans that break ties or hard entries of `mix`, repaired by taking people out of sessions.

Nobody at all in a session keeps every tie and every entry, so this always comes to an end; only pins may
prevent a plan. Those whose skill gaps weigh least, whichever are closed, are taken out first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cadreplan.engines.interface import Listener
from cadreplan.engines.wants import apart, short_and_over, wants
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.trips import trips_of
from cadreplan.verification.rules import OF_ONE_LEADER, check


class Mending:
    """Hands plans on with what the engine doesn't know of repaired; bounds as they are."""

    def __init__(self, listener: Listener, instance: Instance) -> None:
        self.bound, self.phase, self.should_stop = listener.bound, listener.phase, listener.should_stop
        self._listener, self._instance = listener, instance

    def solution(self, solution: Solution) -> None:
        """Hand on a solution in which ties and hard entries hold, if there is one by taking people out."""
        mended = mend(self._instance, solution)
        if mended is not None:
            self._listener.solution(mended)


def mend(instance: Instance, solution: Solution) -> Solution | None:
    """A plan that keeps all rules, made of one that may break ties and `mix`; None where pins prevent it."""
    if check(instance, solution).ok:
        return solution
    work = _Work(instance, solution)
    while work.take_somebody_out():
        pass
    mended = work.solution()
    return mended if check(instance, mended).ok else None


class _Work:
    """People are taken out one by one, those first who lose least by it."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance, self.rooms = instance, solution.rooms
        self.chosen = [set(own) for own in solution.chosen]
        self.running = set(solution.running)
        self.cohort: dict[int, set[int]] = defaultdict(set)
        for i, own in enumerate(self.chosen):
            for s in own:
                self.cohort[s].add(i)
        self.hard = [want for want in wants(instance) if want.hard]

    def solution(self) -> Solution:
        """As far as it is repaired."""
        rooms = {
            s: r
            for s, r in self.rooms.items()
            if s in self.running or not self.instance.sessions[s].candidate
        }
        return Solution(tuple(tuple(sorted(own)) for own in self.chosen), frozenset(self.running), rooms)

    def take_somebody_out(self) -> bool:
        """Take a leader out of a session for what is broken, or close a candidate; whether anything is."""
        return self._close() or self._untie() or self._mix()

    def _close(self) -> bool:
        for s in sorted(self.running):
            session = self.instance.sessions[s]
            people = sum(self.instance.leaders[i].headcount for i in self.cohort[s])
            if not session.frozen and people < session.min_seats and not self._pinned_in(s):
                for i in sorted(self.cohort[s]):
                    self._take_out(i, s)
                self.running.discard(s)
                return True
        return False

    def _pinned_in(self, s: int) -> bool:
        return any(s in self.instance.leaders[i].pinned for i in self.cohort[s])

    def _untie(self) -> bool:
        for _, tied in apart(self.instance, "class"):
            for s in sorted({s for i in tied for s in self.chosen[i]}):
                there = [i for i in tied if s in self.chosen[i]]
                if len(there) > 1 and not self.instance.sessions[s].frozen and self._one_of(there, s):
                    return True
        for t, tied in apart(self.instance, "day"):
            days = {i: self._days(i) for i in tied if self.chosen[i]}
            count = Counter(day for own in days.values() for day in own)
            for day, n in sorted(count.items()):
                if n <= self.instance.tied_on(t, day):
                    continue
                for i in sorted((i for i in days if day in days[i]), key=self._worth):
                    near = sorted(
                        self.chosen[i], key=lambda s: abs(self.instance.sessions[s].first_day - day)
                    )
                    if any(self._may_leave(i, s) and self._take_out(i, s) for s in near):
                        return True
        return False

    def _mix(self) -> bool:
        for want in self.hard:
            for s in want.sessions:
                cohort = self.cohort[s]
                if not cohort:
                    continue
                heads = {i: self.instance.leaders[i].headcount for i in cohort}
                there, having = sum(heads.values()), sum(n for i, n in heads.items() if i in want.having)
                short, over = short_and_over(want, having, there)
                if not short and not over:
                    continue
                some = [i for i in cohort if (i in want.having) == (over > 0)]
                only_a_share = not short or (want.at_least is not None and want.at_least.is_share)
                if only_a_share and some and self._one_of(some, s):
                    return True
                if self._one_of(sorted(cohort), s):
                    return True
        return False

    def _one_of(self, leaders: Iterable[int], s: int) -> bool:
        """Take one of some leaders out of a session, who loses least; whether one may leave."""
        return any(self._may_leave(i, s) and self._take_out(i, s) for i in sorted(leaders, key=self._worth))

    def _may_leave(self, i: int, s: int) -> bool:
        return s not in self.instance.leaders[i].pinned and not self.instance.sessions[s].frozen

    def _worth(self, i: int) -> tuple[int, int]:
        leader = self.instance.leaders[i]
        return leader.priority * sum(gap.weight for gap in leader.gaps), i

    def _days(self, i: int) -> set[int]:
        return {
            day
            for trip in trips_of(self.instance, self.instance.leaders[i], tuple(sorted(self.chosen[i])))
            for day in trip.days
        }

    def _take_out(self, i: int, s: int) -> bool:
        """Out of a session; out of all but pinned ones where the rest can't stand without it."""
        rest = self.chosen[i] - {s}
        if not self._stands(i, rest):
            rest = {t for t in self.chosen[i] if not self._may_leave(i, t)}
        for t in self.chosen[i] - rest:
            self.cohort[t].discard(i)
        self.chosen[i] = rest
        return True

    def _stands(self, i: int, sessions: set[int]) -> bool:
        alone = replace(
            self.instance,
            leaders=(self.instance.leaders[i],),
            ties=(),
            mix=(),
            offerings=self.instance.offerings,
        )
        own = tuple(sorted(sessions))
        running = frozenset(t for t in own if self.instance.sessions[t].candidate)
        return not any(v.rule in OF_ONE_LEADER for v in check(alone, Solution((own,), running)).violations)
