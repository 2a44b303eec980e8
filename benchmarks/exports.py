"""A plan for many as files for people: each export as a whole command, reading plan and roster included.

`python -m benchmarks.exports` prints the table that the page on performance holds. The plan is made by first
come, first served: what counts here is its size.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.generate import main as generate
from benchmarks.measure import run
from benchmarks.peers.simple import first_come_first_served
from cadreplan.loading.load import load_roster
from cadreplan.messages import Message
from cadreplan.programme.model import programme, with_programme
from cadreplan.solving.finish import Run, finish
from cadreplan.solving.options import SolveOptions
from cadreplan.verification.plans import resolve

_LEADERS, _SESSIONS, _SEED = 20_000, 600, 4242
_ROOT = Path(__file__).resolve().parents[1]
_LIMIT = 600.0
_ANY_BOUND = 10**12
_LECTURERS = {
    "committee-secretary": 12,
    "organization-head": 22,
    "school-lecturer": 90,
    "congress-delegate": 16,
}
"""Lecturers added to the roster, by kind."""

_EXPORTS = (
    ("workbook", ("--to", "xlsx", "-o", "out/plan.xlsx")),
    ("tables", ("--to", "csv", "-o", "out/tables")),
    ("page", ("--to", "html", "-o", "out/plan.html")),
    ("calendars of all leaders who travel", ("--to", "ics", "-o", "out/leaders")),
    ("calendars of the sites", ("--to", "ics", "--by", "site", "-o", "out/sites")),
    ("calendars of the branches", ("--to", "ics", "--by", "branch", "-o", "out/branches")),
    ("calendars of the lecturers", ("--to", "ics", "--by", "lecturer", "-o", "out/lecturers")),
)


def table(work: Path) -> list[str]:
    """Lines of a Markdown table: seconds, those of the processor, peak memory, files and their size."""
    folder = work / "exports"
    facts = _plan(folder)
    lines = [
        facts,
        "",
        "| export | seconds | CPU seconds | peak MB | files | MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    return [*lines, *(_row(folder, name, options) for name, options in _EXPORTS)]


def _row(folder: Path, name: str, options: tuple[str, ...]) -> str:
    """The quicker of two runs, for others use the machine too."""
    runs = []
    for _ in range(2):
        shutil.rmtree(folder / "out", ignore_errors=True)
        (folder / "out").mkdir()
        before = _processor()
        arguments = [str(folder / o) if o.startswith("out/") else o for o in options]
        command = [sys.executable, "-m", "cadreplan", "export", str(folder / "plan.json"), *arguments]
        done = run(command, limit=_LIMIT, environment={"PYTHONPATH": str(_ROOT)})
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed: {done.lines[-1:]}")
        runs.append((done.seconds, _processor() - before, done.peak_mb))
    seconds, processor, _ = min(runs)
    peak = max(peak for _, _, peak in runs)
    sizes = list(_sizes(folder / "out"))
    size = sum(sizes) / 1e6
    return f"| {name} | {seconds:.1f} | {processor:.1f} | {peak} | {len(sizes):,} | {size:.1f} |"


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sizes(folder: Path) -> Iterator[int]:
    return (path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _plan(folder: Path) -> str:
    """Write roster and plan; returns a sentence on their size."""
    generate(
        ["--leaders", str(_LEADERS), "--sessions", str(_SESSIONS), "--seed", str(_SEED), "-o", str(folder)]
    )
    roster = folder / "roster.yaml"
    roster.write_text(roster.read_text(encoding="utf-8") + _lecturers(), encoding="utf-8")
    loaded = load_roster(roster)
    solution = first_come_first_served(loaded.instance)
    made = Run(SolveOptions(), "columns", Message.of("as-asked"), "exhausted", time.monotonic())
    plan = finish(loaded, solution, _ANY_BOUND, made)
    solution, _ = resolve(loaded.instance, plan)
    half_days = programme(loaded.instance, solution, time_limit=10, workers=1, seed=0)
    plan = with_programme(loaded.instance, plan, half_days)
    plan = replace(plan, roster=replace(plan.roster, path=roster.name))
    (folder / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    taught = sum(len(session.programme) for session in plan.sessions)
    return (
        f"{_LEADERS:,} leaders, {sum(s.runs for s in plan.sessions):,} sessions held,"
        f" {len(plan.assignments):,} assignments, {len(plan.open_gaps):,} open skill gaps,"
        f" {taught:,} half days of {sum(_LECTURERS.values())} lecturers."
    )


def _lecturers() -> str:
    kinds = [kind for kind, n in _LECTURERS.items() for _ in range(n)]
    rows = (f"- {{id: T{k:03}, name: 教师{k:03}, kind: {kind}}}" for k, kind in enumerate(kinds, 1))
    return "\n".join(("", "lecturers:", *rows, ""))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    given = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores", "", *table(given.work), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
