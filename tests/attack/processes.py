"""Kills at random moments and at the moment of writing, little memory, a full disk: whole plans."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from cadreplan import check
from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import CadreplanError
from tests.attack.tally import Tally

SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SECONDS = 8
"""Time limit of a solve; on a busy machine it may end before there is a plan."""
_WITHOUT_A_PLAN = {4, 130, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP}
_LONGEST = 60.0


def solve(roster: Path, output: Path, seconds: int = _SECONDS, **environment: str) -> subprocess.Popen[bytes]:
    """A solve of a few seconds, as from a terminal that nobody looks at."""
    line = [sys.executable, "-m", "cadreplan", "solve", str(roster), "-q", "-o", str(output)]
    return subprocess.Popen(
        [*line, "--workers", "1", "--time-limit", str(seconds)],
        cwd=output.parent,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def problem_of(output: Path, roster: Path) -> str:
    """What is wrong with the plan in a file; nothing, if it is whole and right."""
    try:
        report = check(read_plan(output), roster)
    except CadreplanError as error:
        return f"no plan: {error}"
    return "" if report.ok else f"wrong: {report.violations[0]}"


def kill(rng: Random, roster: Path, plan: bytes, folder: Path, tally: Tally) -> None:
    """Send a signal at some moment: there is the old plan or the new one, and nothing else is left."""
    output, temporary = folder / "out" / "plan.json", folder / "tmp"
    for place in (output.parent, temporary):
        place.mkdir(exist_ok=True)
    output.write_bytes(plan)
    number = rng.choice(SIGNALS)
    of_child = rng.random() < 0.2
    at_writing = not of_child and rng.random() < 0.4
    kind = f"{'kill of the solver' if of_child else number.name}{' while writing' if at_writing else ''}"
    process = solve(roster, output, TMPDIR=str(temporary))
    _wait(process, output.parent, rng.uniform(0, _SECONDS + 3), at_writing=at_writing)
    if of_child:
        for child in _children(process.pid):
            os.kill(child, signal.SIGKILL)
    else:
        process.send_signal(number)
    try:
        _, words = process.communicate(timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        tally.count(kind, f"did not end within {_LONGEST:g} s")
        return
    problem = problem_of(output, roster)
    ours = b"Traceback" in words and b"cadreplan" in words  # else Python itself was still starting
    if not problem and ours and process.returncode not in _WITHOUT_A_PLAN:
        problem = words.decode(errors="replace")[-300:]
    expected = {0, *_WITHOUT_A_PLAN} if number != signal.SIGKILL else {0, 4, -signal.SIGKILL}
    if not problem and process.returncode not in ({0, 4} if of_child else expected):
        problem = f"exit code {process.returncode}: {words.decode(errors='replace')[-300:]}"
    if not problem and number != signal.SIGKILL and not of_child and process.returncode in (0, 130):
        known = (output, output.with_name(f"{output.name}~"))  # the plan before, kept
        left = [path.name for path in (*output.parent.iterdir(), *temporary.iterdir()) if path not in known]
        problem = f"left {left}" if left else ""
    tally.count(kind, problem)
    for path in output.parent.glob(".cadreplan-*"):
        path.unlink()


def little_memory(rng: Random, roster: Path, plan: bytes, folder: Path, tally: Tally) -> None:
    """Solve within a limit: a right plan, or one line that says why there is none."""
    size = rng.randrange(150, 1500) * 1024 * 1024
    output = folder / "memory.json"
    output.unlink(missing_ok=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = f"ulimit -v {size // 1024}; exec"
    options = f"-q -o {output} --workers 1 --time-limit {_SECONDS}"
    line = f"{limit} {sys.executable} -m cadreplan solve {roster} {options}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=_LONGEST * 2)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    problem = problem_of(output, roster) if ran.returncode == 0 else ""
    started = b"cadreplan:" in ran.stderr or ran.returncode == 0
    if started and b"Traceback" in ran.stderr:
        problem = ran.stderr.decode(errors="replace")[-300:]
    tally.count("little memory", f"{size >> 20} MiB: {problem}" if problem else "")


def full_disk(rng: Random, roster: Path, plan: bytes, folder: Path, tally: Tally) -> None:
    """Write a plan where there is no room: the old one stays, and the new one is in the temporary folder."""
    with _small_disk(folder / "disk") as disk:
        if disk is None:
            tally.count("full disk (skipped: it takes root)")
            return
        output = disk / "plan.json"
        (disk / "fill").write_bytes(b"")
        output.write_bytes(plan)
        with (disk / "fill").open("ab", buffering=0) as fill:
            try:
                while fill.write(b"x" * 4096) == 4096:
                    pass
            except OSError:
                pass
        ran = solve(roster, output)
        _, words = ran.communicate(timeout=_LONGEST)
        problem = problem_of(output, roster)
        if not problem and ran.returncode not in (0, 4) and b"can't be written" not in words:
            problem = f"exit code {ran.returncode}: {words.decode(errors='replace')[-300:]}"
        tally.count("full disk", problem)


@contextmanager
def _small_disk(place: Path) -> Iterator[Path | None]:
    place.mkdir(exist_ok=True)
    line = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(line, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=False)


def _wait(process: subprocess.Popen[bytes], folder: Path, seconds: float, *, at_writing: bool) -> None:
    """Until some time has passed, or a file is being written."""
    end = time.monotonic() + (_LONGEST if at_writing else seconds)
    while time.monotonic() < end and process.poll() is None:
        if at_writing and time.monotonic() > end - _LONGEST + 0.5 and any(folder.glob(".cadreplan-*")):
            return
        time.sleep(0.0005 if at_writing else 0.01)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


ATTACKS: tuple[Callable[[Random, Path, bytes, Path, Tally], None], ...] = (
    kill,
    kill,
    kill,
    little_memory,
    full_disk,
)


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for all attacks of a run."""
    with tempfile.TemporaryDirectory(prefix="cadreplan-attack-") as name:
        yield Path(name)
