"""How many candidates can be staffed together, proven: what an assignment learns from a programme.

U(X) are the half days of the sessions X without a lecturer in the best programme of X alone. A programme of
more sessions has one of each part in it, so U(X + Y) >= U(X) + U(Y). Given sessions D run in any case; the
candidates that run beside them are wanted to leave no more half days without a lecturer than D does alone.
Two kinds of limits follow from it:

- A bottleneck: half days that can only be taught by a few lecturers, or on a few of their days, are at most
  as many as these have to give, and U(D) more. It holds for every candidate of the roster at once.
- A clash: if CP-SAT proves U(X) > 0 for a few sessions where U(D) = 0, not all candidates in X run.

A module that nobody can come for, whichever candidates are chosen, is waived: no limit would help.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from cadreplan.instance import Limit
from cadreplan.programme.bounds import Bottleneck, shortage
from cadreplan.programme.greedy import first_draft, ideals
from cadreplan.programme.improve import Budget, least_of
from cadreplan.programme.problem import Draft, Problem, may_teach

_NEAR = 8
"""Sessions at most in a set that is looked at for a clash."""

_LOOKS = 10
"""Such sets of one programme."""


def waived(problem: Problem) -> frozenset[tuple[int, int]]:
    """(session, module) that no choice of candidates could have taught.

    Of a given session: nobody can come. Of a candidate: nobody on the roster may teach it, or nobody can come
    to any candidate of its offering.
    """
    instance = problem.instance
    able = {
        m
        for m in range(len(instance.modules))
        if any(may_teach(instance, k, m) for k in range(len(instance.lecturers)))
    }
    somebody = {
        (offering, m)
        for s in problem.sessions
        if (offering := instance.sessions[s].offering) is not None
        for m, who in problem.teachers[s].items()
        if who
    }
    found = set()
    for s in problem.sessions:
        session = instance.sessions[s]
        for m, who in problem.teachers[s].items():
            nowhere = session.offering is not None and (session.offering, m) not in somebody
            if not who and (not session.candidate or m not in able or nowhere):
                found.add((s, m))
    return frozenset(found)


class Learning:
    """Finds limits that a choice of candidates breaks; `movable` are candidates that needn't run.

    `season` is the problem with every session of the roster in it. `worth` says which sessions to do without:
    those with the least.
    """

    def __init__(
        self, season: Problem, movable: Collection[int], worth: Callable[[int], int], budget: Budget
    ) -> None:
        self._season, self._movable, self._worth, self._budget = season, set(movable), worth, budget
        self._waived = waived(season)
        self._looks = _LOOKS

    def limits(self, running: Sequence[int], draft: Draft) -> list[Limit]:
        """Proven limits that the candidates among `running` break, and those alike on other days.

        `draft` is the best programme known of these sessions. Candidates that can't be staffed even alone are
        among the answer, whether they run or not, if there is any.
        """
        return self._found(running, draft)

    def bottlenecks(self, running: Sequence[int]) -> list[Limit]:
        """Those limits alone that a flow proves, in a moment."""
        return self._found(running, None)

    def _found(self, running: Sequence[int], draft: Draft | None) -> list[Limit]:
        given = [s for s in running if s not in self._movable]
        allowed = self._allowed(given)
        found: list[Limit] = []
        left = set(running)
        while not self._budget.should_stop():
            short, bottleneck = shortage(self._season, sorted(left), self._waived)
            if short > allowed:
                limit = self._limit(bottleneck, given, allowed)
                found += [limit, *self._later(bottleneck, given, allowed)]
            else:
                clash = () if allowed or draft is None else self._near(sorted(left), draft)
                limit = Limit(tuple((s, 1) for s in clash), len(clash) - 1)
                if not clash:
                    break
                found.append(limit)
            before = len(left)
            left -= cheapest_over(limit, left, self._worth)
            if len(left) == before:
                break
        return list(dict.fromkeys([*found, *(self._hopeless() if found else ())]))

    def _hopeless(self) -> Iterator[Limit]:
        for s in sorted(self._movable):
            if any(not who and (s, m) not in self._waived for m, who in self._season.teachers[s].items()):
                yield Limit(((s, 1),), 0)

    def _allowed(self, given: Sequence[int]) -> int:
        """The most half days that need be without a lecturer in the given sessions alone."""
        problem = self._season.only(given)
        draft = first_draft(problem, ideals(problem))
        return sum(
            k is None and (s, m) not in self._waived for s, held in draft.items() for m, k in held.values()
        )

    def _limit(self, bottleneck: Bottleneck, given: Collection[int], allowed: int) -> Limit:
        season = self._season

        def need(s: int) -> int:
            return sum(
                bottleneck.need(season, s, m) for m, _ in season.lessons(s) if (s, m) not in self._waived
            )

        most = bottleneck.half_days(season) + allowed - sum(map(need, given))
        terms = tuple((s, n) for s in sorted(self._movable) if (n := need(s)) > 0)
        return Limit(terms, max(0, most))

    def _later(self, bottleneck: Bottleneck, given: Collection[int], allowed: int) -> Iterator[Limit]:
        """The same bottleneck on other days, where candidates could break it."""
        if not bottleneck.days:
            return
        sessions = self._season.instance.sessions
        starts = {sessions[s].first_day for s in self._movable}
        first = min(day for _, day in bottleneck.days)
        near = min(starts, key=lambda day: (abs(day - first), day))
        for start in sorted(starts - {near}):
            limit = self._limit(bottleneck.shifted(self._season, start - near), given, allowed)
            if sum(weight for _, weight in limit.terms) > limit.most:
                yield limit

    # --- clashes

    def _near(self, left: Sequence[int], draft: Draft) -> tuple[int, ...]:
        """Candidates of a clash around a session that is short of a lecturer; empty if none is proven."""
        for s in left:
            if not any(k is None and (s, m) not in self._waived for m, k in draft.get(s, {}).values()):
                continue
            self._looks -= 1
            if self._looks < 0:
                break
            near = self._around(s, left)
            if self._proven(near):
                return self._smallest(near)
            if self._budget.should_stop():
                break
        return ()

    def _around(self, s: int, left: Sequence[int]) -> list[int]:
        """A session and those it shares lecturers and days with, the nearest first."""
        season = self._season
        own = {k for who in season.teachers[s].values() for k in who}
        first, last = season.slots[s][0], season.slots[s][-1]
        others = []
        for other in left:
            slots = season.slots[other]
            apart = max(slots[0] - last, first - slots[-1], 0)
            shared = any(not own.isdisjoint(who) for who in season.teachers[other].values())
            if other != s and apart <= 1 and shared:
                others.append((apart, other))
        return [s, *(other for _, other in sorted(others)[: _NEAR - 1])]

    def _smallest(self, clash: Collection[int]) -> tuple[int, ...]:
        """What is left after everything that the proof doesn't need is taken out, worth most first."""
        kept = set(clash)
        for s in sorted(clash, key=lambda s: (-self._worth(s), s)):
            if self._proven(kept - {s}):
                kept.discard(s)
        return tuple(sorted(kept & self._movable))

    def _proven(self, sessions: Collection[int]) -> bool:
        if not self._movable & set(sessions):
            return False
        problem = self._season.only(sessions)
        unavoidable = sum(
            n for s in problem.sessions for m, n in problem.lessons(s) if (s, m) in self._waived
        )
        return least_of(problem, first_draft(problem, ideals(problem)), self._budget) > unavoidable


def cheapest_over(limit: Limit, running: Collection[int], worth: Callable[[int], int]) -> set[int]:
    """The sessions to close so that `limit` is kept: the least worth for the half days they need first."""
    terms = [(s, weight) for s, weight in limit.terms if s in running]
    over = sum(weight for _, weight in terms) - limit.most
    gone: set[int] = set()
    for s, weight in sorted(terms, key=lambda term: (worth(term[0]) / term[1], term[0])):
        if over <= 0:
            break
        gone.add(s)
        over -= weight
    return gone
