"""Run one command: its lines with the time they came, its wall-clock time, the peak memory of its processes.

Memory is the sum of the proportional set sizes (PSS) of the process and all its descendants, sampled from
`/proc` (every half second; more often at first), so that pages shared by a parent and its child count once.
Linux only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PERIODS = (0.02, 0.5)
"""Seconds between two samples, in the first five seconds and later."""


@dataclass(frozen=True)
class Run:
    """`lines` are (seconds since the start, text) of standard output and standard error together."""

    returncode: int
    seconds: float
    peak_mb: int
    killed: bool
    lines: list[tuple[float, str]] = field(default_factory=list)


def run(command: Sequence[str], *, limit: float, environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` and kill it, with all it started, after `limit` seconds."""
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    lines: list[tuple[float, str]] = []
    reader = threading.Thread(target=_read, args=(process.stdout, begun, lines), daemon=True)
    reader.start()
    peak, killed = 0, False
    while True:
        peak = max(peak, _tree_kb(process.pid))
        try:
            process.wait(timeout=_PERIODS[time.monotonic() - begun > 5])
            break
        except subprocess.TimeoutExpired:
            if not killed and time.monotonic() - begun > limit:
                killed = True
                os.killpg(process.pid, signal.SIGKILL)
    seconds = time.monotonic() - begun
    reader.join(timeout=5)
    return Run(process.returncode, seconds, round(peak / 1024), killed, lines)


def _read(stream: IO[str], begun: float, lines: list[tuple[float, str]]) -> None:
    with stream:
        for line in stream:
            lines.append((time.monotonic() - begun, line.rstrip("\n")))


def _tree_kb(root: int) -> int:
    """PSS of a process and its descendants in kB; processes that end meanwhile count nothing."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = _text(entry / "stat")
            if stat:
                children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        total += _pss_kb(pid)
    return total


def _pss_kb(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
