"""One method on one roster: importable by name, so that workers of a cluster can do it as well."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.families.contests import Entry
from benchmarks.methods import METHODS, Limits, Method, peer_progress
from benchmarks.outcomes import Outcome
from benchmarks.report import OWN
from benchmarks.run import run_methods
from cadreplan.insight.spread import Wanted

_GRACE = 60.0
"""Seconds that a method may take beyond one and a half time limits: loading and building come on top."""


def followed(method: str) -> Method:
    """The method; one of our engines telling of every better plan at once."""
    if method not in OWN:
        return METHODS[method]

    def command(roster: Path, output: Path, limits: Limits) -> list[str]:
        return [
            *(sys.executable, "-m", "benchmarks.followed", method, str(roster), "-o", str(output)),
            *("--time-limit", f"{limits.seconds:g}", "--gap", f"{limits.gap:g}"),
            *("--workers", str(limits.workers), "--seed", str(limits.seed)),
        ]

    return replace(METHODS[method], command=command, progress=peer_progress)


def measured(shared: tuple[Path | None, int], item: tuple[Entry, str], _: Wanted) -> list[Outcome]:
    """What a method comes to on a roster; its files stay in a folder of `work`, where there is one."""
    (work, workers), (entry, method) = shared, item
    contest = entry.contest
    with tempfile.TemporaryDirectory() as own:
        folder = Path(own) if work is None else work / contest.id
        folder.mkdir(parents=True, exist_ok=True)
        limits = Limits(contest.seconds, workers, contest.gap, entry.seed or 0, _GRACE)
        return run_methods(contest, [followed(method)], entry.prepare(folder), folder, limits)
