"""Sets of candidates that cannot be staffed together, proven: what an assignment learns from a programme.

What U(X) half days of the sessions X stay without a lecturer in the best programme of X alone? A programme
of more sessions has one of each part in it, so U(X + Y) >= U(X) + U(Y). So if U(X) > 0, whoever runs X has
more half days without a lecturer than the others of the season need: at least one of X is not to run. Given
sessions run in any case. Where they alone are short by U(D) > 0, a set X is a clash if U(X + D) > U(D).

A module of an offering that nobody can come for anywhere is waived: no choice of candidates would mend it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from cadreplan.programme.bounds import shortage
from cadreplan.programme.greedy import first_draft, ideals
from cadreplan.programme.improve import Budget, least_of
from cadreplan.programme.problem import Draft, Problem, may_teach

Clash = tuple[int, ...]

_NEAR_WORK = 0.5
"""Deterministic seconds for the proof of one neighbourhood."""

_NEAR = 8
"""Sessions of a neighbourhood at most."""

_LOOKS = 3_000
"""Sets like a clash that are looked at."""


def waived(problem: Problem) -> frozenset[tuple[int, int]]:
    """(session, module) that no choice of candidates could have taught.

    Of a given session: nobody can come. Of a candidate: nobody on the roster may teach it, or nobody can come
    to any candidate of its offering.
    """
    instance = problem.instance
    able = {
        m
        for m in range(len(instance.modules))
        for k in range(len(instance.lecturers))
        if may_teach(instance, k, m)
    }
    somebody: set[tuple[int, int]] = set()
    for s in problem.sessions:
        offering = instance.sessions[s].offering
        if offering is not None:
            somebody.update((offering, m) for m, who in problem.teachers[s].items() if who)
    found = set()
    for s in problem.sessions:
        session = instance.sessions[s]
        for m, who in problem.teachers[s].items():
            if not who and (
                not session.candidate
                or m not in able
                or (session.offering is not None and (session.offering, m) not in somebody)
            ):
                found.add((s, m))
    return frozenset(found)


def hopeless(problem: Problem, waived_: Collection[tuple[int, int]]) -> list[Clash]:
    """Candidates that alone can't be staffed, though others of their offering can."""
    return [
        (s,)
        for s in problem.sessions
        if problem.instance.sessions[s].candidate
        and any(not who and (s, m) not in waived_ for m, who in problem.teachers[s].items())
    ]


class Learning:
    """Finds clashes among running sessions; `movable` are candidates that needn't run.

    `season` is the problem with every session of the roster in it. `worth` says which of a clash to do
    without: the one with the least.
    """

    def __init__(
        self,
        season: Problem,
        movable: Collection[int],
        worth: Callable[[int], int],
        budget: Budget,
    ) -> None:
        self._season, self._movable, self._worth, self._budget = season, set(movable), worth, budget
        self._waived = waived(season)

    def clashes(self, running: Sequence[int], draft: Draft) -> list[Clash]:
        """Proven clashes; without the cheapest session of each, little or nothing is short in `running`.

        `draft` is the best programme known of these sessions. Those like a clash on other dates and at other
        sites are among the answer where they are clashes as well.
        """
        given = [s for s in running if s not in self._movable]
        allowed = self._allowed(given)
        found: list[Clash] = []
        left = list(running)
        while not self._budget.should_stop():
            core = self._short(left, given, allowed) or (() if allowed else self._near(left, draft))
            if not core:
                break
            found.append(core)
            gone = min(core, key=lambda s: (self._worth(s), s))
            left.remove(gone)
        alike = (other for core in found for other in self._alike(core))
        return list(dict.fromkeys([*found, *alike]))

    def _allowed(self, given: Sequence[int]) -> int:
        """So many half days at most need be without a lecturer in the given sessions alone."""
        if not given:
            return 0
        problem = self._season.only(given)
        draft = first_draft(problem, ideals(problem))
        return sum(
            k is None and (s, m) not in self._waived for s, held in draft.items() for m, k in held.values()
        )

    def _short(self, left: Sequence[int], given: Sequence[int], allowed: int) -> Clash:
        """A smallest set that a flow proves to be short, given sessions left out; empty if there is none."""
        short, cut = shortage(self._season, left, self._waived)
        if short <= allowed:
            return ()
        fixed = set(given) if allowed else set()
        core = set(cut) | fixed
        if shortage(self._season, sorted(core), self._waived)[0] <= allowed:
            core = set(left)

        def proven(sessions: Collection[int]) -> bool:
            return shortage(self._season, sorted(sessions), self._waived)[0] > allowed

        return self._smallest(core, fixed, proven)

    def _smallest(
        self, core: Collection[int], fixed: Collection[int], proven: Callable[[Collection[int]], bool]
    ) -> Clash:
        """What is left after everything that the proof doesn't need is taken out, worth most first."""
        kept = set(core)
        for s in sorted(core, key=lambda s: (-self._worth(s), s)):
            if s not in fixed and proven(kept - {s}):
                kept.discard(s)
        return tuple(sorted(kept & self._movable))

    def _near(self, left: Sequence[int], draft: Draft) -> Clash:
        """A clash around a session that is short of a lecturer, by CP-SAT; empty if none is proven."""
        for s in left:
            if not any(k is None and (s, m) not in self._waived for m, k in draft.get(s, {}).values()):
                continue
            near = self._around(s, left)
            if self._proven_near(near):
                return self._smallest(near, (), self._proven_near)
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
            if (
                other != s
                and apart <= 1
                and any(not own.isdisjoint(w) for w in season.teachers[other].values())
            ):
                others.append((apart, other))
        return [s, *(other for _, other in sorted(others)[: _NEAR - 1])]

    def _proven_near(self, sessions: Collection[int]) -> bool:
        if not self._movable & set(sessions):
            return False
        problem = self._season.only(sorted(sessions))
        unavoidable = sum(
            n for s in problem.sessions for m, n in problem.lessons(s) if (s, m) in self._waived
        )
        return least_of(problem, first_draft(problem, ideals(problem)), self._budget) > unavoidable

    def _alike(self, core: Clash) -> Iterator[Clash]:
        """The same offerings on other dates and at other sites, where these are proven as well."""
        instance = self._season.instance
        sessions = instance.sessions
        by_start: dict[tuple[int, int], list[int]] = defaultdict(list)
        for s in sorted(self._movable):
            if (offering := sessions[s].offering) is not None:
                by_start[offering, sessions[s].first_day].append(s)
        offerings = [sessions[s].offering for s in core]
        if (
            any(offering is None for offering in offerings)
            or not shortage(self._season, core, self._waived)[0]
        ):
            return
        start = sessions[core[0]].first_day
        looks = 0
        for shift in sorted({day - start for o, day in by_start if o == offerings[0]}):
            ways: list[Iterable[int]] = [
                by_start.get((o, sessions[s].first_day + shift), [])
                for s, o in zip(core, offerings, strict=True)
                if o is not None
            ]
            for way in itertools.product(*ways):
                looks += 1
                if looks > _LOOKS:
                    return
                if len(set(way)) == len(core) and shortage(self._season, way, self._waived)[0]:
                    yield tuple(sorted(way))
