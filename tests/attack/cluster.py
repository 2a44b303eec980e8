"""`python -m tests.attack.cluster --kills 30`: kills on a cluster of two workers, in every phase of a solve.

A worker, a worker with who restarts it, the solver process, the command, the scheduler: after each of them
there is a right plan where there was one before, and nothing of the solve is left on the cluster.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from distributed import Client

from benchmarks.draw import draw
from benchmarks.roster.files import write
from tests.attack.processes import problem_of
from tests.attack.tally import Tally

_PORT = 8799
_ADDRESS = f"tcp://127.0.0.1:{_PORT}"
_LONGEST = 600.0
_IN_LOTS = """\
[cluster]
many_leaders = 1
large_shard = 250
placed_here = 250
"""
"""Every second round of kills the workers place leaders, as they do where these are many."""
KINDS = ("worker", "worker and nanny", "solver", "interrupt", "command", "scheduler")


def main() -> int:
    """Kill so often, and count what came of it; the exit code."""
    parser = argparse.ArgumentParser(prog="tests.attack.cluster")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--leaders", type=int, default=2500)
    parser.add_argument("--sessions", type=int, default=120)
    parser.add_argument("--seconds", type=int, default=60, help="time limit of a solve")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, tally = Random(asked.seed), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roster = write(draw(asked.leaders, asked.sessions, asked.seed), folder / "roster")
        in_lots = folder / "in-lots.toml"
        in_lots.write_text(_IN_LOTS, encoding="utf-8")
        for turn in range(asked.kills):
            kind = KINDS[turn % len(KINDS)]
            output = folder / f"plan-{turn}.json"
            after = rng.uniform(2, asked.seconds)
            with machines() as started:
                params = in_lots if turn // len(KINDS) % 2 == 0 else None
                problem = attack(kind, started, roster, output, after, asked.seconds, params)
            where = "here" if params is None else "in lots"
            print(f"{turn + 1:3} {kind} after {after:.0f} s, {where}: {problem or 'kept'}", flush=True)
            tally.count(f"kill of the {kind}", problem)
    print(tally.table())
    return 1 if tally.broken else 0


@contextmanager
def machines() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """A scheduler and two workers, each in a session of its own, which ends with the block."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    line = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    place = ["--host", "127.0.0.1", "--port", str(_PORT), "--no-dashboard"]
    started = {"scheduler": subprocess.Popen([*line, *place], **quiet)}  # type: ignore[call-overload]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", _ADDRESS, "--nthreads", "1"]
    for name in ("first", "second"):
        started[name] = subprocess.Popen([*worker, "--no-dashboard"], **quiet)  # type: ignore[call-overload]
    try:
        with Client(_ADDRESS, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield started
    finally:
        for process in started.values():
            with_group(process)


def with_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def attack(
    kind: str,
    started: dict[str, subprocess.Popen[bytes]],
    roster: Path,
    output: Path,
    after: float,
    seconds: int,
    params: Path | None,
) -> str:
    """One kill; what is wrong then, nothing if all is as promised."""
    line = [sys.executable, "-m", "cadreplan", "solve", str(roster), "-q", "-o", str(output)]
    more = [] if params is None else ["--params", str(params)]
    command = subprocess.Popen(
        [*line, "--scheduler", _ADDRESS, "--time-limit", str(seconds), "--workers", "1", *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + after
    while time.monotonic() < until and command.poll() is None:
        time.sleep(0.05)
    strike(kind, started, command)
    try:
        _, words = command.communicate(timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        command.kill()
        command.communicate()
        return f"did not end within {_LONGEST:g} s"
    told = words.decode(errors="replace")
    if "Traceback" in told:
        return told[-300:]
    if kind == "command":
        return left_over(wait=30)
    if command.returncode:
        return f"exit code {command.returncode}: {told[-300:]}"
    problem = problem_of(output, roster)
    return problem or ("" if kind == "scheduler" else left_over(wait=5))


def strike(kind: str, started: dict[str, subprocess.Popen[bytes]], command: subprocess.Popen[bytes]) -> None:
    """The kill."""
    if kind in ("worker", "solver"):
        for child in children((started["first"] if kind == "worker" else command).pid):
            os.kill(child, signal.SIGKILL)
    elif kind == "worker and nanny":
        with_group(started["first"])
    elif kind == "scheduler":
        started["scheduler"].kill()
    else:
        command.send_signal(signal.SIGINT if kind == "interrupt" else signal.SIGKILL)


def left_over(wait: float) -> str:
    """Tasks that the scheduler still has some time after the solve."""
    until = time.monotonic() + wait
    with Client(_ADDRESS, timeout=30, set_as_default=False) as client:
        while True:
            left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
            if not left or time.monotonic() > until:
                return f"{left} tasks left" if left else ""
            time.sleep(0.5)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


if __name__ == "__main__":
    raise SystemExit(main())
