"""A cluster of two workers on this machine, and what more workers would bring.

    python -m benchmarks.cluster demo        two workers, a generated roster, the command on them
    python -m benchmarks.cluster speed       times and bytes of one process, 1 to 16 workers by simulation

The simulation takes what pricing each shard took (processor time, in one process, nothing beside), the bytes
that would have travelled, and everything else that the engine did, which stays with the client.
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
from pathlib import Path

import numpy as np
from distributed import LocalCluster

from benchmarks.draw import draw
from benchmarks.roster.files import write
from cadreplan.engines.columns.compiled.arrays import I32
from cadreplan.engines.columns.pricing.remote import Asked, answer_bytes, packed, part_of
from cadreplan.engines.columns.pricing.shards import Answer, LocalShards, Question, Shards
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.solution import Solution

OVERHEAD = 0.001
"""Seconds that Dask takes for a task (its own documentation says so)."""
BANDWIDTH = 100e6
"""Bytes a second between two machines: an ordinary network."""
FEW = 500
"""As in `cadreplan.solving.cluster`: fewer leaders are priced by the client."""


@dataclass
class Record:
    """What a run did: seconds of each shard in each pass, bytes of each pass, bytes of all descriptions."""

    passes: list[list[float]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    described: int = 0
    leaders: int = 0


class Timed:
    """Shards of `size` leaders that are priced here, one after the other, and timed."""

    def __init__(self, instance: Instance, size: int, record: Record) -> None:
        self.size, self.record = size, record
        bare, slices = packed(instance, size)
        record.described += len(bare) + sum(map(len, slices))
        record.leaders = len(instance.leaders)
        self.here: LocalShards | None = None

    def beside(self, here: LocalShards) -> Shards:
        """Leaders are priced by `here`."""
        self.here = here
        return self

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset`."""
        assert self.here is not None
        n = self.here.shard.n
        who = np.arange(n, dtype=np.int32) if subset is None else subset
        if len(who) < FEW:
            return self.here.price(question, subset)
        answers, seconds, record = [], [], self.record
        sent, received = len(Asked.of(question).packed()), 0
        for lo in range(0, n, self.size):
            own = who[(who >= lo) & (who < lo + self.size)]
            if not len(own):
                continue
            began = time.thread_time()
            answer = self.here.price(question, own)
            seconds.append(time.thread_time() - began)
            answers.append(answer)
            sent += len(part_of(question, lo, min(n, lo + self.size), None if subset is None else own))
            received += len(answer_bytes(answer))
        record.passes.append(seconds)
        record.sent.append(sent)
        record.received.append(received)
        return Answer(
            np.concatenate([a.upper for a in answers]),
            np.concatenate([a.value for a in answers]),
            np.concatenate([a.count for a in answers]),
            np.concatenate([a.found for a in answers]),
            sum(a.nodes for a in answers),
        )


class _Silent:
    """A listener that only keeps the bound."""

    def __init__(self) -> None:
        self.best: int | None = None

    def solution(self, solution: Solution) -> None:
        """Not wanted."""

    def bound(self, bound: int) -> None:
        """Keep it."""
        self.best = bound

    def phase(self, text: str) -> None:
        """Not wanted."""

    def should_stop(self) -> bool:
        return False


def makespan(seconds: Sequence[float], workers: int) -> float:
    """How long workers take for tasks that go to whoever is free, the longest first."""
    busy = [0.0] * workers
    for task in sorted(seconds, reverse=True):
        heapq.heappush(busy, heapq.heappop(busy) + task + OVERHEAD)
    return max(busy)


def speed(leaders: int, sessions: int, work: float, size: int) -> str:
    """A table of what 1 to 16 workers with one thread each would take."""
    instance = draw(leaders, sessions, 1).instance
    solve(draw(60, 20, 1).instance, EngineOptions(work_limit=0.2), _Silent())  # kernels are compiled now
    record = Record()
    began = time.process_time()
    options = EngineOptions(work_limit=work)
    solve(instance, options, _Silent(), dispatch=lambda one: Timed(one, size, record))
    total = time.process_time() - began
    priced = sum(map(sum, record.passes))
    rest = total - priced
    passes = max(1, len(record.passes))
    lines = [
        f"{leaders:,} leaders x {sessions:,} sessions, work limit {work:g}, shards of {size}:",
        f"{len(record.passes)} passes of shards, {priced:.1f} s of {total:.1f} s of processor time;",
        f"described once {record.described:,} bytes; a pass sends {sum(record.sent) // passes:,} bytes",
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
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as two,
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
    parser.add_argument("--size", type=int, default=250, help="leaders of a shard in `speed`")
    asked = parser.parse_args(arguments)
    if asked.what == "demo":
        return demo(asked.leaders, asked.sessions)
    print(speed(asked.leaders, asked.sessions, asked.work, asked.size))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
