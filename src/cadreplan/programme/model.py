"""From a solution to its programme: a first draft at once, then CP-SAT on independent parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from cadreplan.errors import CadreplanError
from cadreplan.goals import Goals, Order
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.messages import Message
from cadreplan.plan import Plan, ProgrammeEntry, ProgrammeInfo, Status
from cadreplan.programme.improve import held_against
from cadreplan.programme.problem import Draft, Occupancy, Problem
from cadreplan.programme.reasons import reason
from cadreplan.programme.search import Search, goals_of, goals_of_fixed
from cadreplan.solution import Solution
from cadreplan.verification.programmes import broken, goals


@dataclass(frozen=True, slots=True)
class Programme:
    """The half days of every running session (by its index), and what they are like."""

    entries: dict[int, tuple[ProgrammeEntry, ...]]
    info: ProgrammeInfo


@dataclass(frozen=True, slots=True)
class Sketch:
    """A draft and what is proven: no programme's goals come before `bound`, what is frozen included."""

    draft: Draft
    bound: Order


def programme(
    instance: Instance,
    solution: Solution,
    *,
    held: Collection[int] | None = None,
    time_limit: float | None,
    workers: int,
    seed: int,
    on_progress: Callable[[Goals], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Programme:
    """The best programme found within `time_limit` seconds for the sessions `held`; None: all that run.

    There is always one: the first draft takes a second or two for 600 sessions, and isn't cut short. Without
    a time limit a few seconds are enough, a large part being left as it is where only journeys and load
    could be less, and with one worker the same input and seed give the same
    programme. Raises `UsageError` where a session's days don't hold its modules.
    """
    problem = Problem.of(instance, solution, held)
    last = None
    for last in sketches(problem, time_limit, workers, seed, should_stop or _never):
        if on_progress is not None:
            on_progress(goals_of(problem, last.draft))
    if last is None:
        raise CadreplanError(tr("internal error: there is no first draft"))
    return finished(problem, last)


def sketches(
    problem: Problem,
    time_limit: float | None,
    workers: int,
    seed: int,
    should_stop: Callable[[], bool],
) -> Iterator[Sketch]:
    """Better and better drafts, the first one at once."""
    search = Search(problem, time_limit, workers, seed, should_stop)
    fixed = goals_of_fixed(problem).order
    for _ in search.run():
        a, b, c, d, e, f = (one + more for one, more in zip(search.bound, fixed, strict=True))
        yield Sketch(dict(search.draft), (a, b, c, d, e, f))


def finished(problem: Problem, sketch: Sketch) -> Programme:
    """The programme of a draft: checked, with a reason for every half day that nobody teaches.

    Raises `CadreplanError` where it breaks a rule or comes before the bound: then the search is wrong.
    """
    entries = _entries(problem, sketch.draft)
    first = next(broken(problem.instance, entries), None)
    if first is not None:
        raise CadreplanError(
            tr(
                "internal error: the programme breaks a rule at {where}: {message}",
                where=first[0],
                message=first[1],
            )
        )
    reached = replace(goals(problem.instance, entries), differing=goals_of(problem, sketch.draft).differing)
    held_against(sketch.bound, reached.order)
    status: Status = "optimal" if sketch.bound == reached.order else "feasible"
    return Programme(entries, ProgrammeInfo(status, reached, sketch.bound))


def with_programme(instance: Instance, plan: Plan, made: Programme) -> Plan:
    """`plan` with the half days of its sessions, and what is stated of them."""
    by_id = {instance.sessions[s].id: half_days for s, half_days in made.entries.items()}
    sessions = tuple(replace(planned, programme=by_id.get(planned.id, ())) for planned in plan.sessions)
    return replace(plan, sessions=sessions, programme=made.info)


def _entries(problem: Problem, draft: Draft) -> dict[int, tuple[ProgrammeEntry, ...]]:
    instance = problem.instance
    taken = Occupancy(problem, draft, problem.sessions)
    found = {}
    for s, held in (*problem.fixed.items(), *((s, draft[s]) for s in problem.sessions)):
        rows = []
        for slot, (m, k) in sorted(held.items()):
            why = None
            if k is None:
                why = reason(problem, taken, s, m, slot) if s in problem.slots else Message.of("held")
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


def _never() -> bool:
    return False
