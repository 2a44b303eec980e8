"""Documents, tables and plans with bytes changed: read or a finding, in seconds and a gigabyte."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import CadreplanError
from cadreplan.loading.load import find_problems
from tests.attack.tally import Tally

BATCH = 200
_SECONDS = 10
"""Of the processor; a busy machine takes longer."""
_WAITING = 120
"""Seconds by the clock, for what waits and does not work."""
_MOST_KIB = 1024 * 1024
_TOKENS = [
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\t", b"'", b'"', b"{", b"}", b"[", b"]", b"*", b"&a",
    b"<<: ", b"!!python/object ", b"---\n", b": ", b"- ", b"#", b",", b";", b"-1", b"1e999", b"9" * 30,
    b"NaN",
    b"null", b"\\ud800", b"../", b"/dev/zero", "（".encode(), "：".encode(), b"\x1b[31m", b"2026-02-30",
    b"..",
    b"@", b"(" * 300, b"*" * 300,
]  # fmt: skip


def mutated(rng: Random, data: bytes) -> bytes:
    """`data` with one to four changes: bytes, tokens, pieces repeated, moved or lost."""
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(data) + 1), rng.choice((1, 1, 3, 20, 200))
        match rng.randrange(6):
            case 0:
                data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + rng.choice(_TOKENS) + data[at:]
            case 2:
                data = data[:at] + data[at + length :]
            case 3:
                data = data[:at] + data[at : at + length] * rng.choice((2, 3, 50)) + data[at + length :]
            case 4:
                to = rng.randrange(len(data) + 1)
                data = data[:to] + data[at : at + length] + data[to:]
            case _:
                data = data[:at]
    return data


def batch(seed: str, folder: Path) -> None:
    """Try `BATCH` inputs in this process; the last line printed tells how it went."""
    sources = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".csv", ".xlsx", ".json"))
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    rosters = sorted(work.glob("*roster.yaml"))
    readers = {
        path.name: [one for one in rosters if one.name == path.name or path.name in one.read_text("utf-8")]
        for path in sources
    }
    slowest = 0.0
    for k in range(BATCH):
        rng = Random(f"{seed}-{k}")
        source = rng.choice(sources)
        print(f"{seed}-{k} {source.name}", flush=True)
        target = work / source.name
        target.write_bytes(mutated(rng, source.read_bytes()))
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)  # a hang ends this process, which is told by its code
        signal.alarm(_WAITING)
        try:
            if source.name == "plan.json":
                read_plan(target)
            else:
                find_problems(readers[source.name])
        except CadreplanError:
            pass
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, time.process_time() - started)
        target.write_bytes(source.read_bytes())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"slowest": slowest, "kib": most}))


def attack(seed: str, folder: Path, tally: Tally) -> None:
    """One batch in a process of its own."""
    line = [sys.executable, "-m", "tests.attack.inputs", seed, str(folder)]
    ran = subprocess.run(line, capture_output=True, text=True, check=False)
    last = (ran.stdout.splitlines() or [""])[-1]
    problem = ""
    if ran.returncode:
        problem = f"input {last}: exit code {ran.returncode}: {ran.stderr[-400:]}"
    elif json.loads(last)["kib"] > _MOST_KIB:
        problem = f"batch {seed}: {json.loads(last)['kib'] >> 10} MiB"
    tally.count("changed inputs", problem, BATCH if not problem else ran.stdout.count("\n"))


if __name__ == "__main__":
    batch(sys.argv[1], Path(sys.argv[2]))
