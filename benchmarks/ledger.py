"""The ledger of many people with years of history, as a whole command: `python -m benchmarks.ledger`.

    python -m benchmarks.ledger                                      20,000 leaders, 1,000,000 lines
    python -m benchmarks.ledger --leaders 500 --rotations 4          small

The history has five lines for each leader and rotation, two rotations a year, as `record` writes them. CPU
seconds are those of the command alone, and say what it takes on a machine that others use too.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.measure import run
from benchmarks.report import machine
from cadreplan.documents.reading.history import COLUMNS, Fact

CURRICULUM = """\
cadreplan: 1
kind: curriculum
title: Ledger
abilities: {duty: {name: 履职能力}}
skills: {K0: {ability: duty}, K1: {ability: duty}}
modules:
  M0: {teaches: {K0: 2}, hours: 16}
  M1: {teaches: {K1: 2}, hours: 16}
roles: {secretary: {needs: {K0: 2}}, member: {needs: {K1: 2}}}
norms:
  yearly: {hours: 56, roles: [secretary]}
  members: {hours: 32, roles: [member]}
  five-years: {hours: 550, years: 5}
  newcomers: {sessions: 1, within: 183}
"""
_FIRST_YEAR = 2021
_FORMATS = ("text", "json", "csv", "xlsx")
_LIMIT = 600.0


def write(folder: Path, leaders: int, rotations: int, seed: int) -> int:
    """`curriculum.yaml`, `roster.yaml`, `leaders.csv` and `history.csv`; returns the lines of the history."""
    folder.mkdir(parents=True, exist_ok=True)
    year = _FIRST_YEAR + (rotations + 1) // 2
    (folder / "curriculum.yaml").write_text(CURRICULUM, encoding="utf-8")
    (folder / "roster.yaml").write_text(
        f"cadreplan: 1\nkind: roster\ntitle: Ledger\ncurriculum: curriculum.yaml\n"
        f"horizon: {year}-03-01..{year}-06-30\nsites: [{{id: CENTRE, name: 培训中心}}]\n"
        f"branches: [{', '.join(f'{{id: B{b:02}}}' for b in range(40))}]\n"
        f"sessions: []\nleaders: leaders.csv\npolicy: {{weights: {{norm: 10}}}}\n",
        encoding="utf-8",
    )
    random = Random(seed)
    with (folder / "leaders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "branch", "role", "since", "waited"))
        for i in range(leaders):
            since = date(year, 1, 1) - timedelta(days=random.randrange(2000))
            role = random.choice(("secretary", "member"))
            row = (f"P{i:06}", f"人员{i}", f"B{random.randrange(40):02}", role, since)
            writer.writerow((*row, random.choice((0, 0, 1, 2))))
    lines = 1
    with (folder / "history.csv").open("w", encoding="utf-8", newline="") as file:
        history = csv.writer(file)
        history.writerow(COLUMNS)
        for fact in _facts(leaders, rotations, random):
            history.writerow(fact)
            lines += 1
    return lines


def _facts(leaders: int, rotations: int, random: Random) -> Iterator[Fact]:
    for r in range(rotations):
        year, month = _FIRST_YEAR + r // 2, 3 if r % 2 == 0 else 9
        begins, name = date(year, month, 1), f"{year}-{month:02}"
        yield Fact(name, begins.isoformat(), "begins", plan="0" * 12)
        ends = (begins + timedelta(days=110)).isoformat()
        for i in range(leaders):
            who, session = f"P{i:06}", f"S{r:02}-{random.randrange(500):03}"
            day = (begins + timedelta(days=random.randrange(100))).isoformat()
            yield Fact(name, day, "attended", who, session)
            yield Fact(name, day, "hours", who, session, after=random.choice((16, 24, 32)))
            yield Fact(name, day, "reached", who, session, "M0", "K0", 1, 2, 2)
            yield Fact(name, ends, "closed", who, skill="K0", before=1, after=2)
            yield Fact(name, ends, "open", who, skill="K1", before=1, after=2)
        yield Fact(name, ends, "ends")


def table(folder: Path) -> list[str]:
    """Lines of a Markdown table: seconds, those of the processor and peak memory of each format."""
    lines = ["| ledger | seconds | CPU seconds | peak MB |", "|---|---:|---:|---:|"]
    for format_ in _FORMATS:
        asked = () if format_ == "text" else ("--format", format_, "-o", str(folder / f"ledger.{format_}"))
        files = (str(folder / "roster.yaml"), str(folder / "history.csv"))
        before = _processor()
        done = run((sys.executable, "-m", "cadreplan", "ledger", *files, *asked), limit=_LIMIT)
        if done.returncode != 0:
            raise RuntimeError(f"the ledger as {format_} failed: {done.lines[-1:]}")
        cpu = _processor() - before
        lines.append(f"| {format_} | {done.seconds:.1f} | {cpu:.1f} | {done.peak_mb:,} |")
    return lines


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and print the table."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ledger",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--leaders", type=int, default=20_000)
    parser.add_argument("--rotations", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("build/ledger"), help="roster and history")
    given = parser.parse_args(arguments)
    lines = write(given.work, given.leaders, given.rotations, given.seed)
    print(*machine(len(os.sched_getaffinity(0))), "", sep="\n")
    print(f"{given.leaders:,} leaders, a history of {lines:,} lines.", "", sep="\n")
    print(*table(given.work), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
