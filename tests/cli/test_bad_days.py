"""Streams that are closed or full, outputs that are no files, names that are too long: the plan is there."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cli.base import apart, example

_SOLVE = (sys.executable, "-m", "cadreplan", "solve", "roster.yaml", "--engine", "exact", "--workers", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    example(tmp_path)
    return tmp_path


def _shell(folder: Path, line: str) -> subprocess.CompletedProcess[bytes]:
    program = f"{sys.executable} -m cadreplan"
    return subprocess.run(
        ["bash", "-c", line.replace("cadreplan", program, 1)],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
    )


def _is_plan(path: Path) -> bool:
    return bool(json.loads(path.read_bytes())["kind"] == "plan")


@pytest.mark.parametrize(
    "streams",
    ["2>&-", ">&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">&- 2>/dev/full", "2>&1 | head -1"],
)
def test_a_search_does_not_end_for_its_words(folder: Path, streams: str) -> None:
    ran = _shell(folder, f"set -o pipefail; cadreplan solve roster.yaml -o new.json {streams}")
    assert _is_plan(folder / "new.json")
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr + ran.stdout


def test_a_plan_for_a_closed_output_is_refused_before_the_work(folder: Path) -> None:
    ran = _shell(folder, "cadreplan solve roster.yaml -o - >&-")
    assert ran.returncode == 2
    assert ran.stderr == b"cadreplan: standard output is closed: name a file with -o\n"


def test_a_report_for_a_closed_output_says_so(folder: Path) -> None:
    ran = _shell(folder, "cadreplan check plan.json --format json >&-")
    assert ran.returncode == 2
    assert ran.stderr == b"cadreplan: standard output is closed\n"
    assert _shell(folder, "cadreplan check plan.json >&-").returncode == 0


def test_a_roster_from_a_closed_input_is_a_message(folder: Path) -> None:
    ran = _shell(folder, "cadreplan validate - <&-")
    assert ran.returncode == 2
    assert b"standard input is closed" in ran.stderr


def test_a_full_output_is_told_once(folder: Path) -> None:
    ran = _shell(folder, "cadreplan check plan.json > /dev/full")
    assert ran.returncode == 2
    assert ran.stderr == b"cadreplan: No space left on device\n"


def test_the_longest_name_is_no_trouble(folder: Path) -> None:
    name = "n" * 250 + ".json"
    assert apart("solve", "roster.yaml", "-q", "-o", name, folder=folder).returncode == 0
    assert _is_plan(folder / name)


@pytest.mark.parametrize("name", ["n" * 300, "nowhere/plan.json", ".", "a\0b"])
def test_a_name_that_is_none_is_told_before_the_work(folder: Path, name: str) -> None:
    from cadreplan.cli.outputs import writable
    from cadreplan.errors import UsageError

    before = sorted(folder.iterdir())
    with pytest.raises(UsageError):
        writable(folder / name)
    assert sorted(folder.iterdir()) == before


def test_a_link_keeps_its_target(folder: Path) -> None:
    (folder / "sub").mkdir()
    target = folder / "sub" / "real.json"
    target.write_text("old")
    target.chmod(0o640)
    (folder / "new.json").symlink_to("sub/real.json")
    (folder / "dangling.json").symlink_to("sub/other.json")
    for name in ("new.json", "dangling.json"):
        assert apart("solve", "roster.yaml", "-q", "-o", name, folder=folder).returncode == 0
        assert (folder / name).is_symlink()
        assert _is_plan(folder / name)
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("command", [("solve", "roster.yaml", "-q"), ("export", "plan.json", "--to", "xlsx")])
def test_a_pipe_is_written_into(folder: Path, command: tuple[str, ...]) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    ran = apart(*command, "-o", "pipe", folder=folder)
    reader.join(20)
    assert ran.returncode == 0, ran.stderr
    assert pipe.is_fifo()
    assert len(got[0]) > 500


def test_a_device_stays_one(folder: Path) -> None:
    before = Path("/dev/null").stat()
    assert apart("solve", "roster.yaml", "-q", "-o", "/dev/null", folder=folder).returncode == 0
    assert apart("export", "plan.json", "--to", "html", "-o", "/dev/null", folder=folder).returncode == 0
    assert (Path("/dev/null").stat().st_mode, Path("/dev/null").stat().st_rdev) == (
        before.st_mode,
        before.st_rdev,
    )


def test_standard_output_by_its_other_name(folder: Path) -> None:
    assert _shell(folder, "cadreplan solve roster.yaml -q -o /dev/stdout > out").returncode == 0
    text = (folder / "out").read_text()
    plan, _ = json.JSONDecoder().raw_decode(text)
    assert plan["kind"] == "plan"
    assert "/dev/stdout" in text.rpartition("}")[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_burst_of_signals_leaves_the_plan_or_says_that_there_is_none(folder: Path, number: int) -> None:
    for delay in (0.1, 0.4, 0.8, 1.5):
        output = folder / f"{delay}.json"
        process = subprocess.Popen(
            [*_SOLVE, "-o", output.name], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        time.sleep(delay)
        for _ in range(5):
            process.send_signal(number)
            time.sleep(0.01)
        _, words = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -number)
        assert output.exists() or process.returncode != 0
        if output.exists():  # also where what is said of it was interrupted
            assert _is_plan(output)
        if process.returncode != -number:
            assert b"Traceback" not in words


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_terminal_that_goes_away_leaves_the_plan(folder: Path, unbuffered: str) -> None:
    keeper, terminal = pty.openpty()
    process = subprocess.Popen(
        [*_SOLVE, "-o", "new.json"],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    os.read(keeper, 1)  # progress is shown: now there is something to break off
    os.close(keeper)
    assert process.wait(60) == 0
    assert _is_plan(folder / "new.json")


def test_init_on_a_full_disk_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    line = f"ulimit -f 1; {sys.executable} -m cadreplan init demo"
    ran = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert list((tmp_path / "demo").iterdir()) == []
    assert apart("init", "demo", folder=tmp_path).returncode == 0


@pytest.mark.parametrize("kilobytes", [250_000, 400_000, 600_000, 900_000])
def test_little_memory_leaves_a_plan_or_one_line(folder: Path, kilobytes: int) -> None:
    ran = _shell(folder, f"ulimit -v {kilobytes}; cadreplan solve roster.yaml -q -o new.json")
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 0, ran.stderr
    assert _is_plan(folder / "new.json")
