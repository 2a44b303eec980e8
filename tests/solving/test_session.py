"""A session solves one roster after the other in one process, and survives what happens to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from cadreplan.engines.choose import ENGINES
from cadreplan.errors import ContradictionError, UsageError
from cadreplan.solving import Progress, Session, SolveOptions, solve
from cadreplan.solving import run as run_module
from cadreplan.solving.process import SolverProcess
from tests.solving.small import small_instance

_OPTIONS = SolveOptions("exact", workers=1, programme=False)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a stand-in in the place of `exact`, which begins from the empty plan."""
    monkeypatch.setattr(run_module, "improve", lambda instance, solution: solution)
    return lambda name: monkeypatch.setitem(ENGINES, "exact", f"tests.solving.stand_ins:{name}")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[SolverProcess]:
    """All solver processes that are started."""
    found: list[SolverProcess] = []
    before = SolverProcess.__init__

    def init(self: SolverProcess, *arguments: object) -> None:
        before(self, *arguments)  # type: ignore[arg-type]
        found.append(self)

    monkeypatch.setattr(SolverProcess, "__init__", init)
    return found


def test_two_solves_of_a_session_take_one_process_and_find_what_two_processes_find(
    started: list[SolverProcess],
) -> None:
    few, many = small_instance(leaders=3, seats=2), small_instance(leaders=5, seats=3)
    apart = [solve(one, _OPTIONS) for one in (few, many)]
    assert len(started) == 2
    with Session() as session:
        together = [solve(one, _OPTIONS, session=session) for one in (few, many)]
        assert len(started) == 3
        assert started[-1].lives
    assert not started[-1].lives
    for one, other in zip(apart, together, strict=True):
        assert one.assignments == other.assignments
        assert one.solver.bound == other.solver.bound


def test_a_session_starts_another_process_after_one_was_killed(
    started: list[SolverProcess], stand_in: Callable[[str], None]
) -> None:
    instance = small_instance(leaders=3, seats=2)
    with Session() as session:
        stand_in("killed")
        assert solve(instance, _OPTIONS, session=session).solver.ended == "solver-killed"
        stand_in("resigned")
        assert solve(instance, _OPTIONS, session=session).solver.ended == "exhausted"
        assert solve(instance, _OPTIONS, session=session).solver.ended == "exhausted"
        assert len(started) == 2


def test_a_session_goes_on_after_a_search_was_stopped(
    started: list[SolverProcess], stand_in: Callable[[str], None]
) -> None:
    stand_in("obedient")
    instance = small_instance(leaders=3, seats=2)
    with Session() as session:
        for _ in range(2):
            plan = solve(instance, _OPTIONS, _stop_at_the_first_plan, session=session)
            assert plan.solver.ended == "interrupted"
            assert len(plan.assignments) == 1
        stand_in("resigned")
        assert solve(instance, _OPTIONS, session=session).solver.ended == "exhausted"
        assert len(started) == 1


def test_a_session_tells_contradictions_as_a_solve_does(stand_in: Callable[[str], None]) -> None:
    stand_in("despairing")
    instance = small_instance(leaders=2, seats=2)
    first = replace(instance.leaders[0], pinned=(0,))
    candidate = replace(instance.sessions[0], candidate=True, min_seats=2)
    pinned = replace(instance, leaders=(first, instance.leaders[1]), sessions=(candidate,))
    with Session() as session, pytest.raises(ContradictionError, match="nothing fits"):
        solve(pinned, _OPTIONS, session=session)


def test_a_closed_session_and_one_at_work_say_so(started: list[SolverProcess]) -> None:
    session = Session()
    process = session.take()
    with pytest.raises(UsageError, match="solving already"):
        session.take()
    session.give_back(process, usable=True)
    session.close()
    assert not process.lives
    with pytest.raises(UsageError, match="closed"):
        session.take()


def _stop_at_the_first_plan(progress: Progress) -> None:
    if progress.phase == "found one":
        raise StopIteration


@pytest.mark.parametrize("error", [StopIteration, KeyboardInterrupt])
def test_stopping_from_on_progress_keeps_the_plan(
    error: type[BaseException], stand_in: Callable[[str], None]
) -> None:
    def stop(progress: Progress) -> None:
        if progress.phase == "found one":
            raise error

    stand_in("obedient")
    plan = solve(small_instance(leaders=3, seats=2), _OPTIONS, stop)
    assert plan.solver.ended == "interrupted"
    assert len(plan.assignments) == 1


def test_an_error_in_on_progress_is_raised_as_it_is_and_ends_the_process(
    started: list[SolverProcess], stand_in: Callable[[str], None]
) -> None:
    def fail(progress: Progress) -> None:
        raise OSError("the caller's own")

    stand_in("obedient")
    with pytest.raises(OSError, match="the caller's own"):
        solve(small_instance(leaders=3, seats=2), _OPTIONS, fail)
    assert not started[-1].lives


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no sessions of processes here")
def test_a_signal_to_the_group_of_the_parent_does_not_reach_the_solver_process() -> None:
    with Session() as session:
        process = session.take()
        pid = process._process.pid
        assert os.getpgid(pid) != os.getpgid(0)
        os.kill(pid, signal.SIGCONT)  # it is there
        session.give_back(process, usable=True)
