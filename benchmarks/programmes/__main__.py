"""Compare codes for linear programmes on those that the master of the engine `columns` solves.

python -m benchmarks.programmes --families national province --sizes 300x80 --seeds 1 -o docs/programmes.md
python -m benchmarks.programmes --families --roster DIR        rosters made elsewhere
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks.families.contests import Entry, Size, drawn, elsewhere
from benchmarks.families.registry import FAMILIES
from benchmarks.page import page_to_write, put
from benchmarks.programmes.programme import load
from benchmarks.programmes.solve import METHODS, Measured
from benchmarks.programmes.table import Compared, compared, section
from cadreplan.documents.writing import write_atomically

PARTS = ("root-first", "root-middle", "root-last", "dive")
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Take programmes from runs on the rosters asked for, solve them by all methods, write the table."""
    parser = _parser()
    given = parser.parse_args(arguments)
    sizes = [_size(parser, text) for text in given.sizes]
    entries = drawn(given.families, sizes, given.seeds, 0.0) + elsewhere(given.roster, sizes, 0.0)
    if not entries:
        parser.error("nothing to compare on: no family and no roster")
    found: list[Compared] = []
    for entry in entries:
        folder = given.work / entry.contest.id.rpartition("-")[0]
        if not (given.resume and any(folder.glob("*.npz"))):
            _capture(entry, folder, given.most)
        for part in given.parts:
            if (folder / f"{part}.npz").exists():
                found.append(_compare(entry, folder, part, given.methods, given.limit, given.resume))
    command = "python -m benchmarks.programmes " + " ".join(sys.argv[1:] if arguments is None else arguments)
    output = given.output or given.work / "programmes.md"
    output.parent.mkdir(parents=True, exist_ok=True)
    text = section(found, command=command, limit=given.limit)
    put(text, output, "Programmes of the master")
    print(output)
    return 0


def _capture(entry: Entry, folder: Path, work: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    roster = entry.prepare(folder)
    module = "benchmarks.programmes.capture"
    command = [sys.executable, "-m", module, str(roster), "--work", f"{work:g}", "-o", str(folder)]
    subprocess.run(command, check=True, env={**os.environ, **_ONE_THREAD})


def _compare(
    entry: Entry, folder: Path, part: str, methods: Sequence[str], limit: float, resume: bool
) -> Compared:
    """One programme by all methods, each in a process of its own; outcomes are kept in the folder."""
    store = folder / f"{part}.json"
    known = json.loads(store.read_text(encoding="utf-8")) if resume and store.exists() else {}
    for method in methods:
        if method not in known:
            known[method] = solved(folder / f"{part}.npz", method, limit)
            write_atomically(store, json.dumps(known, indent=1).encode())
            print(folder.name, part, method, known[method], flush=True)
    found = {m: Measured(**v) if isinstance(v, dict) else v for m, v in known.items() if m in methods}
    programme = load(folder / f"{part}.npz")
    return compared(entry.contest.title, part.replace("-", ", "), programme, found)


def solved(programme: Path, method: str, limit: float) -> dict[str, float] | str:
    """What the method took in a process of its own, or in words why it came to nothing."""
    command = [sys.executable, "-m", "benchmarks.programmes.solve", str(programme), method]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **_ONE_THREAD},
        preexec_fn=_limited(limit),
    )
    lines = done.stdout.splitlines()
    if done.returncode < 0:
        return f"killed after {limit:g} s"
    if not lines or not lines[-1].startswith("{"):
        return f"failed with code {done.returncode}"
    figures = json.loads(lines[-1])
    return str(figures["error"]) if "error" in figures else asdict(Measured(**figures))


def _limited(seconds: float) -> Callable[[], None]:
    """Limits a child to so many seconds of the processor."""
    return partial(resource.setrlimit, resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))


def _size(parser: argparse.ArgumentParser, text: str) -> Size:
    leaders, _, sessions = text.partition("x")
    if not (leaders.isdecimal() and sessions.isdecimal() and int(leaders) and int(sessions)):
        parser.error(f"{text!r} is no size; expected leaders x sessions, like 1000x150")
    return Size(int(leaders), int(sessions), 0.0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.programmes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--families", nargs="*", choices=tuple(FAMILIES), default=tuple(FAMILIES), help="default: all"
    )
    parser.add_argument(
        "--roster", nargs="+", type=Path, default=(), help="rosters made elsewhere, or folders of them"
    )
    parser.add_argument("--sizes", nargs="+", default=["300x80"], help="default: 300x80")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="programmes of each run")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=tuple(METHODS))
    parser.add_argument(
        "--most", type=float, default=60.0, help="work of a run of the engine, in its units (default 60)"
    )
    parser.add_argument(
        "--limit", type=float, default=120.0, help="seconds of the processor for one method (default 120)"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("build/programmes"), help="rosters, programmes and outcomes"
    )
    parser.add_argument("--resume", action="store_true", help="keep what earlier runs left in --work")
    parser.add_argument(
        "-o", "--output", type=page_to_write, help="page; only what is between its marks is replaced"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
