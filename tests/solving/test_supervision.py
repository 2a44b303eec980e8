"""Always a plan: Ctrl-C, limits, `kill -9` and exhausted memory leave the best plan with a true bound."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.engines.choose import ENGINES
from cadreplan.errors import InterruptedSolveError, NoPlanError, RefutedBoundError
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster
from cadreplan.messages.saying import say
from cadreplan.plan import Plan
from cadreplan.solution import Solution
from cadreplan.solving import Progress, SolveOptions, solve
from cadreplan.solving import run as run_module
from cadreplan.solving.folders import job_folder
from cadreplan.solving.options import ENDED_BADLY
from cadreplan.solving.simple import bare_solution, simple_bound
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.rules import check
from tests.solving.small import small_instance

ROSTER = Path(__file__).resolve().parents[2] / "examples" / "spring-rotation" / "roster.yaml"


@pytest.fixture(scope="module")
def roster() -> Instance:
    """The bundled example without its pins, so that its empty plan is a plan."""
    instance = load_roster(ROSTER).instance
    return replace(instance, leaders=tuple(replace(leader, pinned=()) for leader in instance.leaders))


@pytest.fixture
def pinned() -> Instance:
    """Neither its empty plan nor its pins alone are a plan: the candidate needs a second person."""
    instance = small_instance(leaders=2, seats=2)
    first = replace(instance.leaders[0], pinned=(0,))
    candidate = replace(instance.sessions[0], candidate=True, min_seats=2)
    return replace(instance, leaders=(first, instance.leaders[1]), sessions=(candidate,))


@pytest.fixture(autouse=True)
def _from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches begin from the empty plan, so that a stand-in can find a better one."""
    monkeypatch.setattr(run_module, "improve", lambda instance, solution: solution)


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A stand-in in the place of `exact`."""
    monkeypatch.setitem(ENGINES, "exact", f"tests.solving.stand_ins:{request.param}")
    return str(request.param)


class Signals:
    """Sends a signal to this process once the engine has found a plan, and again if it does not end."""

    def __init__(self, number: int, times: int = 1) -> None:
        self.number, self.times = number, times

    def __call__(self, progress: Progress) -> None:
        if progress.phase == "found one" and self.times:
            self.times -= 1
            os.kill(os.getpid(), self.number)


def _holds(roster: Instance, plan: Plan) -> None:
    assert check_plan(roster, plan).violations == ()
    assert plan.assignments
    assert plan.solver.bound <= simple_bound(roster)


def _run(roster: Instance, watch: object = None, **options: object) -> Plan:
    return solve(roster, SolveOptions(engine="exact", **{"programme": False, **options}), watch)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["killed"], indirect=True)
def test_kill_of_the_solver_process_leaves_its_best_plan(engine: str, roster: Instance) -> None:
    plan = _run(roster)
    _holds(roster, plan)
    assert plan.solver.ended == "solver-killed"


@pytest.mark.parametrize("engine", ["hungry"], indirect=True)
def test_memory_that_runs_out_leaves_the_best_plan(engine: str, roster: Instance) -> None:
    plan = _run(roster, memory_limit=1 << 30)
    _holds(roster, plan)
    assert plan.solver.ended == "out-of-memory"


@pytest.mark.parametrize("engine", ["stubborn"], indirect=True)
def test_the_time_limit_is_kept_against_an_engine_that_ignores_it(engine: str, roster: Instance) -> None:
    plan = _run(roster, time_limit=2.0)  # the engine never ends by itself
    assert plan.solver.ended == "time-limit"
    _holds(roster, plan)
    assert plan.solver.ended == "time-limit"


@pytest.mark.parametrize("engine", ["resigned"], indirect=True)
def test_an_engine_that_has_nothing_more_to_try_did_not_reach_the_time_limit(
    engine: str, roster: Instance
) -> None:
    assert _run(roster, time_limit=60.0).solver.ended == "exhausted"
    assert _run(roster, work_limit=1.0).solver.ended == "work-limit"


@pytest.mark.parametrize("engine", ["obedient"], indirect=True)
def test_an_engine_that_returns_at_its_limit_reached_it(engine: str, roster: Instance) -> None:
    assert _run(roster, time_limit=2.0).solver.ended == "time-limit"


@pytest.mark.parametrize("engine", ["obedient"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_the_search_with_the_best_plan(engine: str, number: int, roster: Instance) -> None:
    plan = _run(roster, Signals(number))
    _holds(roster, plan)
    assert plan.solver.ended == "interrupted"
    assert signal.getsignal(number) is not signal.SIG_IGN


@pytest.mark.parametrize("engine", ["obedient"], indirect=True)
def test_a_hang_up_that_is_ignored_stays_so(engine: str, roster: Instance) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert _run(roster, Signals(signal.SIGHUP), time_limit=2.0).solver.ended == "time-limit"
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("engine", ["stubborn"], indirect=True)
def test_a_second_interrupt_does_not_wait(engine: str, roster: Instance) -> None:
    plan = _run(roster, Signals(signal.SIGINT, times=2))
    _holds(roster, plan)
    assert plan.solver.ended == "interrupted"


@pytest.mark.parametrize("engine", ["obedient"], indirect=True)
def test_the_search_runs_outside_the_main_thread(engine: str, roster: Instance) -> None:
    plans: list[Plan] = []
    thread = threading.Thread(target=lambda: plans.append(_run(roster, time_limit=2.0)))
    thread.start()
    thread.join()
    _holds(roster, plans[0])


@pytest.mark.parametrize("engine", ["broken"], indirect=True)
def test_a_bug_in_an_engine_keeps_the_plan_it_found(engine: str, roster: Instance) -> None:
    plan = _run(roster)
    _holds(roster, plan)
    assert plan.solver.ended == "solver-failed"


@pytest.mark.parametrize("engine", ["careless"], indirect=True)
def test_a_plan_that_breaks_a_rule_is_passed_over_and_said(engine: str, roster: Instance) -> None:
    plan = _run(roster)
    _holds(roster, plan)
    assert plan.solver.ended == "solver-failed"
    assert "the engine broke rule" in say(plan.solver.why)


@pytest.mark.parametrize("engine", ["lying"], indirect=True)
def test_a_bound_below_the_plan_is_never_believed(engine: str, roster: Instance) -> None:
    with pytest.raises(RefutedBoundError, match="above the bound"):
        _run(roster)


def test_the_empty_plan_is_there_at_worst(roster: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:dies_at_once")
    plan = _run(roster)
    assert check_plan(roster, plan).violations == ()
    assert plan.solver.ended == "solver-killed"


def test_without_any_plan_it_is_said_why(monkeypatch: pytest.MonkeyPatch, pinned: Instance) -> None:
    assert bare_solution(pinned) is None
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:dies_at_once")
    with pytest.raises(NoPlanError):
        _run(pinned)
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:finds_nothing")
    with pytest.raises(InterruptedSolveError):
        _run(pinned, Signals(signal.SIGINT))
    with pytest.raises(NoPlanError):
        _run(pinned, time_limit=1.0)


def test_no_process_and_no_file_is_left(
    roster: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:stubborn")
    _run(roster, time_limit=1.5)
    assert list(tmp_path.iterdir()) == []
    assert _children() == set()


def test_a_start_is_never_lost(roster: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:dies_at_once")
    best = _run(roster)
    start, _ = resolve(roster, best)
    again = solve(roster, SolveOptions(engine="exact"), start=start)
    assert again.solver.objective >= best.solver.objective
    broken = Solution(tuple((0, 1, 2) for _ in roster.leaders))
    assert not check(roster, broken).ok
    assert solve(roster, SolveOptions(engine="exact"), start=broken).solver.ended == "solver-killed"


@pytest.mark.parametrize("stand_in", ["fails_at_once", "dies_at_once"])
def test_an_engine_that_fails_leaves_what_was_known(
    roster: Instance, monkeypatch: pytest.MonkeyPatch, stand_in: str
) -> None:
    monkeypatch.setitem(ENGINES, "exact", f"tests.solving.stand_ins:{stand_in}")
    plan = _run(roster)
    assert check_plan(roster, plan).violations == ()
    assert plan.solver.ended in ENDED_BADLY
    assert ";" in say(plan.solver.why)


def test_a_process_that_cannot_be_started_leaves_what_was_known(
    roster: Instance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "nowhere"))
    plan = _run(roster)
    assert check_plan(roster, plan).violations == ()
    assert plan.solver.ended == "solver-failed"


def test_a_full_temporary_folder_leaves_what_was_known(
    roster: Instance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    plan = _run(roster)
    assert check_plan(roster, plan).violations == ()
    assert plan.solver.ended == "solver-failed"


def test_the_solver_process_of_a_killed_parent_removes_its_folder(tmp_path: Path) -> None:
    code = (
        "from tests.solving.test_supervision import *; ENGINES['exact'] = 'tests.solving.stand_ins:stubborn';"
        "run_module.improve = lambda instance, solution: solution;"
        "roster = load_roster(ROSTER).instance;"
        "solve(roster, SolveOptions(engine='exact', programme=False), lambda p: print(p.phase, flush=True))"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert any(line == b"found one\n" for line in parent.stdout)
        assert list(tmp_path.glob("cadreplan-solve-*/best.json"))
        parent.kill()
    deadline = time.monotonic() + 40
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []


def test_old_folders_of_killed_processes_go_and_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    long_ago = time.time() - 2 * 24 * 3600
    for name in (
        "cadreplan-solve-left",
        "cadreplan-solve-held",
        "cadreplan-solve-new",
        "cadreplan-plan-kept",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lock").touch()
        if name != "cadreplan-solve-new":
            os.utime(tmp_path / name, (long_ago, long_ago))
    (tmp_path / "cadreplan-solve-link").symlink_to(tmp_path / "cadreplan-plan-kept")
    with (tmp_path / "cadreplan-solve-held" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with job_folder():
            left = {path.name.removeprefix("cadreplan-") for path in tmp_path.iterdir()}
    assert {"solve-held", "solve-new", "plan-kept", "solve-link"} < left
    assert "solve-left" not in left
    assert len(left) == 5


def _children() -> set[str]:
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set((task / "children").read_text().split())
    return {pid for pid in found if b"cadreplan.solving" in Path(f"/proc/{pid}/cmdline").read_bytes()}
