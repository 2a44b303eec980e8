"""No code is taken from the folder that a command runs in or that an input lies in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.base import example

_STANDARD = ("json", "pathlib", "pickle", "resource", "dataclasses", "__future__", "typing")
_OTHERS = ("numpy", "ortools", "numba", "pydantic", "yaml", "typer", "rich", "threadpoolctl", "tests")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """The example of `init`, with modules beside it that say when they are run."""
    example(tmp_path)
    trap = "from os import environ\nopen(environ['TRAP'], 'a').write(__name__)\nraise SystemExit(99)\n"
    for name in (*_STANDARD, *_OTHERS):
        (tmp_path / f"{name}.py").write_text(trap)
    return tmp_path


def _run(folder: Path, *line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        line,
        cwd=folder,
        env={**os.environ, "TRAP": str(folder / "sprung"), **environment},
        capture_output=True,
        check=False,
        timeout=120,
    )


_SCRIPT = str(Path(sys.executable).with_name("cadreplan"))
_SOLVE = ("solve", "roster.yaml", "-q", "-o", "new.json", "--engine")


@pytest.mark.parametrize("engine", ["exact", "columns"])
@pytest.mark.parametrize("start", [(_SCRIPT,), (sys.executable, "-m", "cadreplan")])
def test_modules_beside_a_roster_are_not_run(trapped: Path, start: tuple[str, ...], engine: str) -> None:
    if engine == "exact":
        (trapped / "cadreplan").write_text("no package")
    ran = _run(trapped, *start, *_SOLVE, engine, "--time-limit", "10", "--workers", "1")
    assert not (trapped / "sprung").exists(), (trapped / "sprung").read_text()
    assert ran.returncode == 0, ran.stderr
    assert (trapped / "new.json").exists()


def test_a_package_of_our_name_beside_a_roster_is_not_run(trapped: Path) -> None:
    (trapped / "cadreplan.py").write_text((trapped / "json.py").read_text())
    ran = _run(trapped, _SCRIPT, *_SOLVE, "exact", "--workers", "1")
    assert not (trapped / "sprung").exists()
    assert ran.returncode == 0, ran.stderr


def test_the_solver_process_takes_no_empty_entry_of_the_path_for_the_working_folder(trapped: Path) -> None:
    """The program itself is started as the user says; the process that it starts isn't."""
    code = (
        "import sys; sys.path[0:0] = ['', '.']; from cadreplan.solving.process import safe_path;"
        "print(safe_path())"
    )
    for module in (*_STANDARD, *_OTHERS):
        (trapped / f"{module}.py").unlink()
    ran = _run(trapped, sys.executable, "-c", code)
    assert ran.returncode == 0, ran.stderr
    paths = eval(ran.stdout)  # a list of texts that this test printed itself
    assert paths
    assert all(Path(path).is_absolute() and Path(path) != trapped for path in paths)


def test_settings_of_libraries_beside_a_roster_are_not_read_by_the_solver_process(trapped: Path) -> None:
    (trapped / ".numba_config.yaml").write_text("opt: surely-no-level\n")
    ran = _run(trapped, _SCRIPT, *_SOLVE, "columns", "--time-limit", "10", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    assert b'"ended": "solver-failed"' not in (trapped / "new.json").read_bytes()


@pytest.mark.parametrize("command", [("show",), ("check",), ("bottlenecks",), ("export", "--to", "csv")])
def test_other_commands_run_nothing_either(trapped: Path, command: tuple[str, ...]) -> None:
    ran = _run(trapped, sys.executable, "-m", "cadreplan", command[0], "plan.json", *command[1:])
    assert not (trapped / "sprung").exists(), (trapped / "sprung").read_text()
    assert ran.returncode in (0, 1), ran.stderr
