"""Reading and validating a large roster as CSV, YAML and workbook, each as a whole command.

`python -m benchmarks.reading` prints the table that the page on performance holds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from benchmarks.generate import main as generate
from benchmarks.measure import run

_LEADERS, _SESSIONS, _SEED = 20_000, 600, 2026
_ROOT = Path(__file__).resolve().parents[1]
_LIMIT = 300.0
_MAPS = ("gaps", "prefers", "skills")
_LISTS = ("completed", "location", "available", "unavailable", "pinned", "excluded")


def table(work: Path) -> list[str]:
    """Lines of a Markdown table: input, seconds and peak memory of the best of three runs."""
    lines = ["| input | seconds | peak MB |", "|---|---|---|"]
    for name, arguments in _inputs(work):
        command = [sys.executable, "-m", "cadreplan", *arguments]
        runs = [run(command, limit=_LIMIT, environment={"PYTHONPATH": str(_ROOT)}) for _ in range(3)]
        if any(r.returncode not in (0, 1) for r in runs):
            raise RuntimeError(f"{' '.join(command)} failed: {runs[0].lines[-1:]}")
        best = min(runs, key=lambda r: r.seconds)
        lines.append(f"| {name} | {best.seconds:.2f} | {max(r.peak_mb for r in runs):.0f} |")
    return lines


def _inputs(work: Path) -> Iterator[tuple[str, list[str]]]:
    folder = work / "reading"
    generate(
        ["--leaders", str(_LEADERS), "--sessions", str(_SESSIONS), "--seed", str(_SEED), "-o", str(folder)]
    )
    roster = (folder / "roster.yaml").read_text(encoding="utf-8")
    with (folder / "leaders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    yield "`validate --help`", ["validate", "--help"]
    yield (
        "the bundled curriculum",
        ["validate", str(_ROOT / "curricula" / "grassroots-leaders.yaml")],
    )
    write_workbook(folder / "leaders.xlsx", rows)
    write_yaml(folder / "leaders.yaml", rows)
    for suffix, name in (("csv", "CSV"), ("xlsx", "a workbook"), ("yaml", "YAML")):
        path = folder / f"roster-{suffix}.yaml"
        path.write_text(roster.replace("leaders.csv", f"leaders.{suffix}"), encoding="utf-8")
        yield f"{_LEADERS:,} leaders in {name}", ["validate", str(path)]
    wrong = [rows[0], *(_broken(rows[0], row) for row in rows[1:])]
    with (folder / "wrong.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(wrong)
    path = folder / "roster-wrong.yaml"
    path.write_text(roster.replace("leaders.csv", "wrong.csv"), encoding="utf-8")
    yield (
        f"the same in CSV, a wrong branch and a wrong priority in each of {_LEADERS:,} rows",
        [
            "validate",
            str(path),
        ],
    )


def _broken(header: list[str], row: list[str]) -> list[str]:
    wrong = {"branch": "nowhere", "priority": "high"}
    return [wrong.get(name, value) for name, value in zip(header, row, strict=True)]


def write_workbook(path: Path, rows: list[list[str]]) -> None:
    """One sheet of texts."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("leaders")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.write_string(y, x, value)
    book.close()


def write_yaml(path: Path, rows: list[list[str]]) -> None:
    """Rows as flow maps, with lists and maps where a cell of a table joins them by semicolons."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows[1:]:
            values = (
                f"{name}: {_flow(name, value)}" for name, value in zip(rows[0], row, strict=True) if value
            )
            file.write(f"- {{{', '.join(values)}}}\n")


def _flow(column: str, cell: str) -> str:
    if column in _MAPS:
        pairs = (part.rsplit(":", 1) for part in cell.split("; "))
        return json.dumps({key: int(value) for key, value in pairs}, ensure_ascii=False)
    if column in _LISTS:
        return f"[{cell.replace(';', ',')}]"
    return json.dumps(cell, ensure_ascii=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    given = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores", *table(given.work), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
