"""Libraries that read workbooks and change YAML, beside the code that the project has for it.

    python -m benchmarks.libraries            prints the tables of decisions 10 and 15

python-calamine is measured where it is installed (`pip install python-calamine`); the others are there.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import xlsxwriter

from benchmarks import reading
from benchmarks.generate import main as generate
from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.yaml import edited
from cadreplan.documents.workbook.book import Workbook

_ROOT = Path(__file__).resolve().parents[1]
_LEADERS = 20_000
_MEMORY = 4 << 30
"""Bytes of address space that a reader may take."""
Texts = tuple[str, str]
"""A text before it is changed, and after."""


def _ours(path: Path) -> int:
    return len(Workbook(path.read_bytes()).sheet(None).rows)


def _openpyxl(path: Path) -> int:
    import openpyxl  # noqa: PLC0415 (a process loads the one library it measures)

    return sum(1 for _ in openpyxl.load_workbook(path, read_only=True).worksheets[0].values)


def _calamine(path: Path) -> int:
    import python_calamine  # noqa: PLC0415

    return len(python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def _in_place(path: Path) -> Texts:
    text, change = path.read_text(encoding="utf-8"), LeaderChange(priority=3)
    rows = (line for line in text.splitlines() if line.startswith("- {id: "))
    every = {row.partition("id: ")[2].partition(",")[0].strip('"'): change for row in rows}
    return text, edited(text, path.name, every, {}, None)


def _unchanged(path: Path) -> Texts:
    text = path.read_text(encoding="utf-8")
    return text, edited(text, path.name, {}, {}, None)


def _ruamel(path: Path) -> Texts:
    from ruamel.yaml import YAML  # noqa: PLC0415

    yaml, text, out = YAML(), path.read_text(encoding="utf-8"), io.StringIO()
    yaml.preserve_quotes, yaml.width = True, 1000
    yaml.dump(yaml.load(text), out)
    return text, out.getvalue()


def _differ(before: str, after: str) -> int:
    """Lines of a text that another one doesn't have at their place."""
    same = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return len(before.splitlines()) - sum(block.size for block in same.get_matching_blocks())


WAYS: dict[str, Callable[[Path], int | Texts]] = {
    "ours": _ours,
    "openpyxl": _openpyxl,
    "python-calamine": _calamine,
    "in place, every leader changed": _in_place,
    "in place, nothing changed": _unchanged,
    "ruamel.yaml, nothing changed": _ruamel,
}
"""Each gives the rows that it read, or the texts."""


def measured(way: str, path: Path) -> str:
    """Seconds of the processor, peak memory and the count as the cells of a row, or how it ended."""
    command = [sys.executable, "-m", "benchmarks.libraries", "--way", way, str(path)]
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        return f"– | – | ended with {done.returncode}: {said:.60}"
    figures = json.loads(done.stdout)
    return f"{figures['seconds']:.2f} | {figures['megabytes']:.0f} | {figures['count']:,}"


def _measure(way: str, path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    begun = time.process_time()
    found = WAYS[way](path)
    seconds, peak = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = found if isinstance(found, int) else _differ(*found)
    print(json.dumps({"seconds": seconds, "megabytes": peak / 1024, "count": count}))


def tables(folder: Path) -> None:
    """Print both tables."""
    size = ["--leaders", str(_LEADERS), "--sessions", "600", "--seed", "2026"]
    generate([*size, "-o", str(folder)])
    with (folder / "leaders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    book, last, yaml = (folder / name for name in ("leaders.xlsx", "last.xlsx", "leaders.yaml"))
    reading.write_workbook(book, rows)
    reading.write_yaml(yaml, rows)
    with xlsxwriter.Workbook(last) as far:
        sheet = far.add_worksheet("leaders")
        sheet.write_string(0, 0, "x")
        sheet.write_string(1_048_575, 16_383, "x")
    print("| workbook | read by | CPU s | peak MB | rows |", "|---|---|---:|---:|---|", sep="\n")
    for path, what in (
        (book, f"{_LEADERS:,} leaders"),
        (last, "a value in the first cell of a sheet and one in its last"),
    ):
        for way in ("ours", "openpyxl", "python-calamine"):
            print(f"| {what} | {_named(way)} | {measured(way, path)} |", flush=True)
    print(
        "",
        "| YAML | changed by | CPU s | peak MB | lines that differ |",
        "|---|---|---:|---:|---:|",
        sep="\n",
    )
    spring = _ROOT / "examples" / "spring-rotation" / "roster.yaml"
    for path, what in ((yaml, f"{_LEADERS:,} leaders, a line each"), (spring, "the spring rotation")):
        for way in list(WAYS)[3 if path == yaml else 4 :]:
            print(f"| {what} | {_named(way)} | {measured(way, path)} |", flush=True)


def _named(way: str) -> str:
    library, _, rest = way.partition(",")
    try:
        return f"{library} {version(library)}{',' if rest else ''}{rest}"
    except PackageNotFoundError:
        return way


def main() -> None:
    """One way on one file, or the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.libraries", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument(
        "path", nargs="?", type=Path, default=Path("build/libraries"), help="folder to work in"
    )
    given = parser.parse_args()
    if given.way:
        _measure(given.way, given.path)
    else:
        tables(given.path)


if __name__ == "__main__":
    main()
