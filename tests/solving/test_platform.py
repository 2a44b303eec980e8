"""Solving works where modules and signals of POSIX are missing, and says what it can't do there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import reload
from pathlib import Path

import pytest

from cadreplan.errors import UsageError
from cadreplan.solving import SolveOptions, options, platform

ROOT = Path(__file__).resolve().parents[2]
_POSIX_ONLY = ("resource", "fcntl", "pwd", "grp", "termios")

_HIDING = """
import importlib.abc, os, signal, sys
class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {hidden!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Hide())
for name in ("sched_getaffinity", "geteuid", "chown", "getpgid", "killpg"):
    delattr(os, name)
del signal.SIGHUP
sys.path.insert(0, {stubs!r})  # the solver process gets it too
from cadreplan.solving import SolveOptions, save, solve
from tests.solving.small import small_instance
plan = solve(small_instance(leaders=3, seats=2), SolveOptions("exact", workers=1))
save(plan, {target!r})
print(len(plan.assignments), plan.solver.status, [m for m in {hidden!r} if m in sys.modules])
"""


def test_solving_works_without_the_modules_and_calls_of_posix(tmp_path: Path) -> None:
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    for name in _POSIX_ONLY:
        (stubs / f"{name}.py").write_text(f"raise ImportError({name!r})")
    code = _HIDING.format(hidden=_POSIX_ONLY, stubs=str(stubs), target=str(tmp_path / "plan.json"))
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["2", "optimal", "[]"]
    assert (tmp_path / "plan.json").exists()


def test_only_one_module_of_solving_asks_what_system_this_is() -> None:
    asking = (
        "import resource",
        "import fcntl",
        "import msvcrt",
        "os.name",
        "sys.platform",
        "start_new_session",
    )
    found = [
        path.name
        for path in (ROOT / "src/cadreplan/solving").glob("*.py")
        if any(text in path.read_text("utf-8") for text in asking)
    ]
    assert found == ["platform.py"]


def test_a_limit_of_memory_is_refused_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "can_limit_memory", lambda: False)
    assert SolveOptions().memory_limit is None
    with pytest.raises(UsageError, match="this system lets no process limit its memory"):
        SolveOptions(memory_limit=1 << 30)


def test_on_windows_a_process_gets_a_group_of_its_own_and_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.os, "name", "nt")
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x8000000, raising=False)
    assert platform.apart() == {"creationflags": 0x8000200}
    assert platform.was_killed(0xC0000005)  # a forbidden access
    assert platform.was_killed(1)  # what TerminateProcess is given
    assert not platform.was_killed(0)


def test_an_exit_code_is_that_of_a_killed_process_where_it_is_a_signal() -> None:
    assert platform.was_killed(-signal.SIGTERM)
    assert not platform.was_killed(3)


def test_ctrl_break_counts_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.setattr(signal, "SIGBREAK", 21, raising=False)
    try:
        assert reload(platform).ENDING_SIGNALS == (signal.SIGINT, signal.SIGTERM, 21)
    finally:
        monkeypatch.undo()
        reload(platform)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"engine": "cpsat"}, "engine: found 'cpsat', expected 'auto', 'exact' or 'columns'"),
        ({"gap": "1%"}, "gap: found '1%', expected a share from 0 to below 1, as 0.01, or None"),
        ({"gap": 1}, "gap: found 1, "),
        ({"gap": -0.01}, "gap: found -0.01, "),
        ({"gap": float("nan")}, "gap: found nan, "),
        ({"time_limit": -1}, "time_limit: found -1, expected seconds above 0, or None"),
        ({"time_limit": 0}, "time_limit: found 0, "),
        ({"time_limit": "10m"}, "time_limit: found '10m', "),
        ({"workers": 0}, "workers: found 0, expected a whole number from 1, or None for all cores"),
        ({"workers": 1.5}, "workers: found 1.5, "),
        ({"workers": True}, "workers: found True, "),
        ({"seed": -1}, "seed: found -1, expected a whole number from 0"),
        ({"seed": None}, "seed: found None, "),
        ({"work_limit": -1}, "work_limit: found -1, expected a number from 0, or None"),
        ({"memory_limit": "1G"}, "memory_limit: found '1G', expected bytes, a whole number from 1, or None"),
    ],
)
def test_what_no_solve_can_be_asked_for_is_told_with_what_is_allowed(
    given: dict[str, object], expected: str
) -> None:
    with pytest.raises(UsageError) as raised:
        SolveOptions(**given)  # type: ignore[arg-type]
    assert str(raised.value).startswith(expected)


def test_what_is_just_allowed_is_taken() -> None:
    SolveOptions("auto", time_limit=0.001, gap=0, workers=1, seed=0, work_limit=0, memory_limit=1)
    SolveOptions("columns", time_limit=None, gap=0.999, workers=None, work_limit=None, memory_limit=None)
