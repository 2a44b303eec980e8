"""Prints how much of the source the tests ran, by room, from what `make coverage` measured.

    python -m tests.coverage_by_room [DATA]      DATA: the data file, or the one that pyproject.toml names

A line counts once it ran; a branch, each of the two ways out of an `if` or a loop, once it was taken. Lines
of compiled kernels run where none is seen, so a second pass of their tests runs them in plain Python.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import coverage
from coverage.exceptions import CoverageException

import cadreplan

PACKAGE = Path(cadreplan.__file__).parent
HEAD = "| room | lines | run | branches | taken | together |\n|---|---:|---:|---:|---:|---:|\n"


def main(data_file: str | None = None) -> None:
    """Print the table of the data file, or of the one in pyproject.toml."""
    measured = coverage.Coverage(data_file=data_file) if data_file else coverage.Coverage()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        try:
            measured.load()
            measured.json_report(outfile=str(report))
        except CoverageException as error:
            sys.exit(f"{error} `make coverage` measures.")
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    print(table({Path(name).resolve(): file["summary"] for name, file in files.items()}), end="")


def table(files: dict[Path, dict[str, float]]) -> str:
    """The table in Markdown: a line a room, by name, and one of all; `files` has the sums of each file."""
    rooms: dict[str, Counter[str]] = {}
    for path, sums in files.items():
        rooms.setdefault(room(path), Counter()).update({key: int(sums[key]) for key in _KEYS})
    everything = sum(rooms.values(), Counter())
    return HEAD + "".join(_row(f"`{name}`", rooms[name]) for name in sorted(rooms)) + _row("all", everything)


def room(path: Path) -> str:
    """The folder of the package that a file is in; of `engines/columns`, the one below; else `modules`."""
    folders = path.relative_to(PACKAGE).parts[:-1]
    depth = 3 if folders[:2] == ("engines", "columns") else 1
    return "/".join(folders[:depth]) or "modules"


_KEYS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def _row(name: str, sums: Counter[str]) -> str:
    lines, run, branches, taken = (sums[key] for key in _KEYS)
    shares = (_share(run, lines), _share(taken, branches), _share(run + taken, lines + branches))
    return f"| {name} | {lines:,} | {shares[0]} | {branches:,} | {shares[1]} | {shares[2]} |\n"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


if __name__ == "__main__":
    main(*sys.argv[1:])
