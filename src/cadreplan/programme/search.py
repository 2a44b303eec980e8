"""The search for a programme: a first draft, teams, then CP-SAT on parts, windows and what is short."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cadreplan.goals import Goals, Order
from cadreplan.programme.bounds import least_unstaffed
from cadreplan.programme.greedy import first_draft, ideals, like_before
from cadreplan.programme.improve import Budget, Improved, Known, differing, improve
from cadreplan.programme.problem import Draft, Occupancy, Problem
from cadreplan.programme.teams import teams

WHOLE = 12_000
"""A part with more variables (half day, module, lecturer) is improved a window at a time."""

WINDOW = 2500
"""Variables of a window."""

WORK = 20.0
"""CP-SAT's deterministic seconds for each goal of a part, where there is time."""

QUICK = 0.1
"""The same where no time is given: a few seconds for a season of fifty sessions."""

WINDOW_SHARE = 0.025
"""Of these, for each goal of a window."""

MEND = 1.0
"""The same around sessions that are short of a lecturer."""

MEND_WINDOW = 800
"""Variables around such a session."""

_TEAMS_WORK = 0.2

LECTURERS_SHARE = 0.5
"""Of a part's time, for its lecturers alone with all modules on their half days."""

MOST_ROUNDS = 6
"""Windows are gone through at most this many times."""


class Search:
    """The draft and what is proven of it; `run` stops after each step."""

    def __init__(
        self,
        problem: Problem,
        time_limit: float | None,
        workers: int,
        seed: int,
        should_stop: Callable[[], bool],
    ) -> None:
        self._problem = problem
        self._orders = ideals(problem)
        self._end = None if time_limit is None else _now() + time_limit
        self._work = QUICK if time_limit is None else WORK
        self._workers, self._seed = workers, seed
        self._stop = should_stop
        self.draft: Draft = first_draft(problem, self._orders)
        self._parts = sorted(problem.parts(), key=self._size)
        self._known: dict[tuple[int, ...], Known] = {}
        self._bounds: list[Order] = [(0, 0, 0, 0, 0, 0)] * len(self._parts)
        if problem.before:
            again = like_before(problem, self._orders)
            if goals_of(problem, again).order < goals_of(problem, self.draft).order:
                self.draft = again

    @property
    def bound(self) -> Order:
        """No programme comes before it: parts share nothing, so their bounds add up goal by goal."""
        columns = zip(*self._bounds, strict=True) if self._bounds else ((0,),) * 6
        a, b, c, d, e, f = (sum(column) for column in columns)
        return a, b, c, d, e, f

    def run(self) -> Iterator[None]:
        """Improve part after part, each with its share of the time that is left."""
        yield
        if self._out_of_time():
            return
        self._form_teams()
        yield
        left = sum(map(self._size, self._parts))
        for n, part in enumerate(self._parts):
            share = self._size(part) / max(1, left)
            left -= self._size(part)
            end = None if self._end is None else _now() + max(0.0, self._end - _now()) * share
            known = self._known[part]
            half = None if end is None else _now() + LECTURERS_SHARE * max(0.0, end - _now())
            for _ in self._mend(part, half):
                yield
            if self._size(part) <= WHOLE or self._end is not None:
                self._take_if_better(self._improved(part, known, self._work, half, fixed=True))
                yield
            if self._size(part) <= WHOLE:
                found = self._improved(part, known, self._work, end)
                self._take_if_better(found)
                proven = _lowest(self._problem, part, known, found.bound, found.proven)
                self._bounds[n] = max(proven, self._bounds[n])
                yield
            if self._size(part) > WHOLE or (self._end is not None and self._reached(part) > self._bounds[n]):
                for _ in self._windows(part, end):
                    yield

    def _form_teams(self) -> None:
        """Bounds of every part, and a second draft with the lightest teams where that is better."""
        wished = {}
        nobody = Occupancy(self._problem, {}, ())
        for n, part in enumerate(self._parts):
            first = self._lower(part)
            work = min(_TEAMS_WORK, self._work)
            found = teams(self._problem, part, nobody, first[0], work, self._seed)
            wished.update(found.of)
            self._known[part] = (*first, found.burden)
            self._bounds[n] = (*self._known[part], 0)
        second = first_draft(self._problem, self._orders, wished)
        if goals_of(self._problem, second).order < goals_of(self._problem, self.draft).order:
            self.draft = second

    def _out_of_time(self) -> bool:
        return self._stop() or (self._end is not None and _now() >= self._end)

    def _mend(self, part: tuple[int, ...], end: float | None) -> Iterator[None]:
        """Windows around sessions that are short of a lecturer, while there are more than there must be."""
        looked: set[int] = set()
        while self._reached(part)[0] > self._known[part][0]:
            short = [s for s in part if s not in looked and self._missing(s)]
            if not short or self._stop() or (end is not None and _now() >= end):
                return
            looked.add(short[0])
            window = self._around(short[0], part)
            known = (*self._lower(window), 0)
            self._take_if_better(self._improved(window, known, MEND * self._work, end))
            yield

    def _missing(self, s: int) -> set[int]:
        """Lecturers who might teach what nobody teaches in a session."""
        return {k for m, who in self.draft[s].values() if who is None for k in self._problem.teachers[s][m]}

    def _around(self, s: int, part: Sequence[int]) -> tuple[int, ...]:
        """A session and the sessions of those who are missing there, the nearest in time first."""
        wanted, day = self._missing(s), self._problem.slots[s][0]
        others = sorted(
            (other for other in part if other != s),
            key=lambda other: (
                wanted.isdisjoint(k for _, k in self.draft[other].values() if k is not None),
                abs(self._problem.slots[other][0] - day),
                other,
            ),
        )
        window, size = [s], self._size((s,))
        for other in others:
            size += self._size((other,))
            if size > MEND_WINDOW:
                break
            window.append(other)
        return tuple(sorted(window, key=self._problem.sessions.index))

    def _windows(self, part: Sequence[int], end: float | None) -> Iterator[None]:
        """Windows of neighbouring sessions, half a window on each time, until a round changes nothing."""
        for round_ in range(1 if self._end is None else MOST_ROUNDS):
            before = goals_of(self._problem, self.draft).order
            for window in self._cut(part, shifted=round_ % 2 == 1):
                if self._stop() or (end is not None and _now() >= end):
                    return
                work = WINDOW_SHARE * self._work
                known = (*self._lower(window), 0)
                if self._end is None and self._reached(window)[:4] == known[:4]:
                    continue
                self._take_if_better(self._improved(window, known, work, end))
                yield
            if goals_of(self._problem, self.draft).order == before and round_ > 0:
                return

    def _reached(self, sessions: Sequence[int]) -> Order:
        return goals_of(self._problem, {s: self.draft[s] for s in sessions}).order

    def _improved(
        self,
        sessions: Sequence[int],
        known: Known,
        work: float,
        end: float | None,
        *,
        fixed: bool = False,
    ) -> Improved:
        def seconds() -> float | None:
            return None if end is None else end - _now()

        budget = Budget(work, self._workers, self._seed, seconds, self._stop)
        return improve(self._problem, self.draft, sessions, known, budget, only_lecturers=fixed)

    def _take_if_better(self, found: Improved) -> None:
        better = {**self.draft, **found.draft}
        if goals_of(self._problem, better).order <= goals_of(self._problem, self.draft).order:
            self.draft = better

    def _cut(self, part: Sequence[int], *, shifted: bool) -> Iterator[tuple[int, ...]]:
        window: list[int] = []
        size, most = 0, WINDOW // 2 if shifted else WINDOW
        for s in part:
            if window and size + self._size((s,)) > most:
                yield tuple(window)
                window, size, most = [], 0, WINDOW
            window.append(s)
            size += self._size((s,))
        if window:
            yield tuple(window)

    def _lower(self, sessions: Sequence[int]) -> tuple[int, int, int, int]:
        """Lower bounds of the first four goals, next to what the other sessions take."""
        inside = set(sessions)
        others = Occupancy(self._problem, self.draft, (s for s in self._problem.sessions if s not in inside))
        return (
            least_unstaffed(self._problem, sessions, others),
            sum(least_differing(self._problem, s) for s in sessions),
            sum(self._orders[s].afternoons for s in sessions),
            sum(self._orders[s].repeats for s in sessions),
        )

    def _size(self, sessions: Sequence[int]) -> int:
        problem = self._problem
        return sum(
            len(problem.slots[s]) * (1 + len(problem.teachers[s][m]))
            for s in sessions
            for m, _ in problem.lessons(s)
        )


def _lowest(
    problem: Problem, part: Sequence[int], known: Known, bound: tuple[int, ...], proven: int
) -> Order:
    """A part's bound as `Goals.order`: what is not proven for a goal is not stated for those after it."""
    weight = 1 + sum(n for s in part for _, n in problem.lessons(s))
    if proven >= 4:
        return bound[0], bound[1], bound[2], bound[3], bound[4] // weight, bound[4] % weight
    staffed, others, mornings, methods = (bound[k] if k <= proven else known[k] for k in range(4))
    if proven < 3 and mornings > known[2]:
        methods = 0  # the known number is that of the fewest afternoons
    return staffed, others, mornings, methods, known[4] if staffed == known[0] else 0, 0


def goals_of(problem: Problem, draft: Draft) -> Goals:
    """How a draft meets its goals next to what is frozen; the whole has `goals_of_fixed` more.

    It is `verification.programmes.goals` for a search, which asks for them often.
    """
    modules, lecturers = problem.instance.modules, problem.instance.lecturers
    unstaffed = afternoons = repeats = 0
    loads: Counter[int] = Counter()
    already = Counter(k for held in problem.fixed.values() for _, k in held.values() if k is not None)
    journeys: set[tuple[int, int]] = set()
    teams_: set[tuple[int, int, int]] = set()
    for s, held in draft.items():
        for t, (m, k) in held.items():
            afternoons += modules[m].core and t % 2 == 1
            after = held.get(t + 1)
            repeats += after is not None and modules[after[0]].method == modules[m].method
            if k is None:
                unstaffed += 1
                continue
            loads[k] += 1
            teams_.add((s, m, k))
            if lecturers[k].site is None:
                journeys.add((s, k))
    return Goals(
        unstaffed,
        afternoons,
        repeats,
        len(journeys),
        sum(max(0, n - max(0, problem.fair - already[k])) for k, n in loads.items()),
        len(teams_) - len({(s, m) for s, m, _ in teams_}),
        differing(problem, draft),
    )


def goals_of_fixed(problem: Problem) -> Goals:
    """What frozen sessions alone have, whatever is planned."""
    alone = replace(problem, fixed={}, before={})
    return goals_of(alone, {s: dict(held) for s, held in problem.fixed.items()})


def least_differing(problem: Problem, s: int) -> int:
    """Half days of a session that no programme leaves as they were before: their day or lecturer is gone."""
    before = problem.before.get(s)
    if before is None:
        return 0
    lessons = dict(problem.lessons(s))
    left = sum(
        t in problem.slots[s]
        and m in lessons
        and (k is None or (k in problem.teachers[s][m] and problem.is_available(k, t)))
        for t, (m, k) in before.items()
    )
    return max(0, sum(lessons.values()) - left)


def _now() -> float:
    return time.monotonic()
