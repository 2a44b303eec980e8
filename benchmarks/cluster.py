"""A cluster of two workers on this machine, and what more workers would bring.

    python -m benchmarks.cluster demo        two workers, a generated roster, the command on them
    python -m benchmarks.cluster speed       times and bytes of one process, 1 to 16 workers by simulation

The simulation takes what each shard took each time that it was asked (processor time, in one process,
nothing beside), the bytes that would have travelled, and everything else that the engine did, which stays
with the client.
"""

from __future__ import annotations

import argparse
import heapq
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from distributed import LocalCluster

from benchmarks.draw import draw
from benchmarks.roster.files import write
from cadreplan.engines.columns.budget import Nobody
from cadreplan.engines.columns.pricing.remote import Placed, PlacedCommon
from cadreplan.engines.columns.pricing.shards import Work
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions

OVERHEAD = 0.001
"""Seconds that Dask takes for a task (its own documentation says so)."""
BANDWIDTH = 100e6
"""Bytes a second between two machines: an ordinary network."""


@dataclass
class Record:
    """What a run did: seconds of each shard each time that it was asked (the first time it was made), bytes
    sent and received each time, bytes of all descriptions."""

    passes: list[list[float]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    described: int = 0


class Timed:
    """Shards that lie in this process: what is asked of them is done one after the other, and timed."""

    def __init__(self, record: Record, common: bytes, slices: list[bytes]) -> None:
        self.record = record
        record.described += len(common) + sum(map(len, slices))
        placed = PlacedCommon(common)
        self.shards, seconds = [], []
        for one in slices:
            began = time.thread_time()
            self.shards.append(Placed(placed, one))
            seconds.append(time.thread_time() - began)
        record.passes.append(seconds)

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of some shards."""
        answers, seconds = {}, []
        for k, part in parts.items():
            began = time.thread_time()
            answers[k] = self.shards[k].do(work, asked, part)
            seconds.append(time.thread_time() - began)
        self.record.passes.append(seconds)
        self.record.sent.append(len(asked) + sum(map(len, parts.values())))
        self.record.received.append(sum(map(len, answers.values())))
        return answers


def makespan(seconds: Sequence[float], workers: int) -> float:
    """How long workers take for tasks that go to whoever is free, the longest first."""
    busy = [0.0] * workers
    for task in sorted(seconds, reverse=True):
        heapq.heappush(busy, heapq.heappop(busy) + task + OVERHEAD)
    return max(busy)


def speed(leaders: int, sessions: int, work: float) -> str:
    """A table of what 1 to 16 workers with one thread each would take."""
    instance = draw(leaders, sessions, 1).instance
    solve(draw(60, 20, 1).instance, EngineOptions(work_limit=0.2), Nobody())  # kernels are compiled now
    record = Record()
    began = time.process_time()
    options = EngineOptions(work_limit=work)
    solve(instance, options, Nobody(), dispatch=partial(Timed, record))
    total = time.process_time() - began
    priced = sum(map(sum, record.passes))
    rest = total - priced
    passes = max(1, len(record.sent))
    lines = [
        f"{leaders:,} leaders x {sessions:,} sessions, work limit {work:g}:",
        f"shards were asked {len(record.sent)} times, {priced:.1f} s of {total:.1f} s of processor time;",
        f"described once {record.described:,} bytes; each time sends {sum(record.sent) // passes:,} bytes",
        f"and brings {sum(record.received) // passes:,}.",
        "",
        "| workers | seconds | speed-up |",
        "|---:|---:|---:|",
    ]
    moved = (sum(record.sent) + sum(record.received) + record.described) / BANDWIDTH
    for workers in (1, 2, 4, 8, 16):
        seconds = rest + moved + sum(makespan(one, workers) for one in record.passes)
        lines.append(f"| {workers} | {seconds:.1f} | {total / seconds:.2f} |")
    return "\n".join(lines)


def demo(leaders: int, sessions: int) -> int:
    """Solve a generated roster on two workers of this machine; the exit code."""
    with (
        tempfile.TemporaryDirectory() as name,
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as two,
    ):
        folder = Path(name)
        roster = write(draw(leaders, sessions, 1), folder / "roster")
        line = ["solve", str(roster), "--scheduler", two.scheduler_address, "--workers", "1"]
        line += ["--time-limit", "5m", "--gap", "1%", "-o", str(folder / "plan.json")]
        print("cadreplan", *line, flush=True)
        return subprocess.run([sys.executable, "-m", "cadreplan", *line], check=False).returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("what", choices=("demo", "speed"))
    parser.add_argument("--leaders", type=int, default=2_000)
    parser.add_argument("--sessions", type=int, default=120)
    parser.add_argument("--work", type=float, default=30.0, help="work limit of `speed`")
    asked = parser.parse_args(arguments)
    if asked.what == "demo":
        return demo(asked.leaders, asked.sessions)
    print(speed(asked.leaders, asked.sessions, asked.work))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
