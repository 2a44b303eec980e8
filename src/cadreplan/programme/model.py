"""From a solution to its programme: a first draft at once, then CP-SAT on independent parts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cadreplan.check_programme import broken, goals
from cadreplan.errors import CadreplanError
from cadreplan.instance import Instance
from cadreplan.plan import Goals, Plan, ProgrammeEntry, ProgrammeInfo, Status
from cadreplan.programme.bounds import least_unstaffed
from cadreplan.programme.greedy import first_draft, ideals
from cadreplan.programme.ideal import Ideal
from cadreplan.programme.improve import Budget, Improved, Order, improve
from cadreplan.programme.problem import Draft, Occupancy, Problem
from cadreplan.programme.reasons import reason
from cadreplan.solution import Solution

WHOLE = 12_000
"""A part with more variables (half day, module, lecturer) is improved a window at a time."""

WINDOW = 2_500
"""Variables of a window."""

WORK_LECTURERS, WORK_WHOLE, WORK_WINDOW = 20.0, 20.0, 0.5
"""CP-SAT's deterministic seconds for each goal."""

LECTURERS_SHARE = 0.5
"""Of a part's time, for its lecturers alone with all modules on their half days."""

MOST_ROUNDS = 6
"""Windows are gone through so many times at most."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The half days of every running session (by its index), and what they are like."""

    entries: dict[int, tuple[ProgrammeEntry, ...]]
    info: ProgrammeInfo


def programme(
    instance: Instance,
    solution: Solution,
    *,
    time_limit: float | None,
    workers: int,
    seed: int,
    on_progress: Callable[[Goals], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Programme:
    """The best programme found within `time_limit` seconds for the sessions that run.

    There is always one: the first draft takes a second or two for 600 sessions, and isn't cut short. Without
    a time limit and with one worker the same input and seed give the same programme. Raises `UsageError`
    where a session's days don't hold its modules.
    """
    started = time.monotonic()
    problem = Problem.of(instance, solution)
    orders = ideals(problem)
    search = _Search(problem, orders, started, time_limit, workers, seed, should_stop or _never)
    for found in search.run():
        if on_progress is not None:
            on_progress(found)
    entries = _entries(problem, search.draft, with_reasons=True)
    first = next(broken(instance, entries), None)
    if first is not None:
        raise CadreplanError(f"internal error: the programme breaks a rule at {first[0]}: {first[1]}")
    reached = goals(instance, entries)
    bound = min(search.bound, reached.order)
    status: Status = "optimal" if bound == reached.order else "feasible"
    return Programme(entries, ProgrammeInfo(status, reached, bound))


def with_programme(instance: Instance, plan: Plan, made: Programme) -> Plan:
    """`plan` with the half days of its sessions, and what is stated of them."""
    by_id = {instance.sessions[s].id: half_days for s, half_days in made.entries.items()}
    sessions = tuple(replace(planned, programme=by_id.get(planned.id, ())) for planned in plan.sessions)
    return replace(plan, sessions=sessions, programme=made.info)


class _Search:
    """The draft and what is proven of it; `run` yields the goals after each step that changed them."""

    def __init__(
        self,
        problem: Problem,
        orders: dict[int, Ideal],
        started: float,
        time_limit: float | None,
        workers: int,
        seed: int,
        should_stop: Callable[[], bool],
    ) -> None:
        self._problem = problem
        self._orders = orders
        self._end = None if time_limit is None else started + time_limit
        self._workers, self._seed = workers, seed
        self._stop = should_stop
        self.draft: Draft = first_draft(problem, orders)
        self._bounds: list[Order] = []

    @property
    def bound(self) -> Order:
        """No programme comes before it: parts share nothing, so their bounds add up goal by goal."""
        columns = zip(*self._bounds, strict=True) if self._bounds else ((0,),) * 5
        a, b, c, d, e = (sum(column) for column in columns)
        return a, b, c, d, e

    def run(self) -> Iterator[Goals]:
        """Improve part after part, each with its share of the time that is left."""
        yield self._goals()
        parts = sorted(self._problem.parts(), key=self._size)
        left = sum(map(self._size, parts))
        for part in parts:
            share = self._size(part) / max(1, left)
            left -= self._size(part)
            end = None if self._end is None else _now() + max(0.0, self._end - _now()) * share
            known = self._known(part)
            half = None if end is None else _now() + LECTURERS_SHARE * max(0.0, end - _now())
            self._take_if_better(part, self._improved(part, known, WORK_LECTURERS, half, fixed=True))
            yield self._goals()
            if self._size(part) <= WHOLE:
                self._bounds.append(self._whole(part, known, end))
            else:
                self._windows(part, end)
                self._bounds.append((*known, 0, 0))
            yield self._goals()

    def _whole(self, part: Sequence[int], known: tuple[int, int, int], end: float | None) -> Order:
        found = self._improved(part, known, WORK_WHOLE, end)
        self._take_if_better(part, found)
        return _lowest(self._problem, part, known, found.bound, found.proven)

    def _windows(self, part: Sequence[int], end: float | None) -> None:
        """Windows of neighbouring sessions, half a window on each time, until a round changes nothing."""
        for round_ in range(MOST_ROUNDS):
            before = self._goals().order
            for window in self._cut(part, shifted=round_ % 2 == 1):
                if self._stop() or (end is not None and _now() >= end):
                    return
                known = self._known(window)
                self._take_if_better(window, self._improved(window, known, WORK_WINDOW, end))
            if self._goals().order == before and round_ > 0:
                return

    def _improved(
        self,
        sessions: Sequence[int],
        known: tuple[int, int, int],
        work: float,
        end: float | None,
        *,
        fixed: bool = False,
    ) -> Improved:
        def seconds() -> float | None:
            return None if end is None else end - _now()

        budget = Budget(work, self._workers, self._seed, seconds, self._stop)
        return improve(self._problem, self.draft, sessions, known, budget, only_lecturers=fixed)

    def _take_if_better(self, sessions: Sequence[int], found: Improved) -> None:
        before = self._goals().order
        old = {s: self.draft[s] for s in sessions}
        self.draft.update(found.draft)
        if self._goals().order > before:
            self.draft.update(old)

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

    def _known(self, sessions: Sequence[int]) -> tuple[int, int, int]:
        """Lower bounds of the first three goals, next to what the other sessions take."""
        inside = set(sessions)
        others = Occupancy(self._problem, self.draft, (s for s in self._problem.sessions if s not in inside))
        return (
            least_unstaffed(self._problem, sessions, others),
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

    def _goals(self) -> Goals:
        return goals(self._problem.instance, _entries(self._problem, self.draft, with_reasons=False))


def _lowest(
    problem: Problem, part: Sequence[int], known: tuple[int, int, int], bound: tuple[int, ...], proven: int
) -> Order:
    """A part's bound as `Goals.order`: what is not proven for a goal is not stated for those after it."""
    weight = 1 + sum(n for s in part for _, n in problem.lessons(s))
    if proven >= 3:
        return bound[0], bound[1], bound[2], bound[3] // weight, bound[3] % weight
    staffed, mornings, methods = (bound[k] if k <= proven else known[k] for k in range(3))
    if proven < 2 and mornings > known[1]:
        methods = 0  # the known number is that of the fewest afternoons
    return staffed, mornings, methods, 0, 0


def _entries(problem: Problem, draft: Draft, *, with_reasons: bool) -> dict[int, tuple[ProgrammeEntry, ...]]:
    instance = problem.instance
    taken = Occupancy(problem, draft, problem.sessions) if with_reasons else None
    found = {}
    for s in problem.sessions:
        rows = []
        for slot, (m, k) in sorted(draft[s].items()):
            why = None
            if k is None:
                why = "?" if taken is None else reason(problem, taken, s, m, slot)
            rows.append(
                ProgrammeEntry(
                    instance.modules[m].id,
                    instance.date_of(slot // 2).isoformat(),
                    "pm" if slot % 2 else "am",
                    None if k is None else instance.lecturers[k].id,
                    why,
                )
            )
        found[s] = tuple(rows)
    return found


def _now() -> float:
    return time.monotonic()


def _never() -> bool:
    return False
