"""Discussion groups side by side.

python -m benchmarks.groups --install --drawn 120:3 240:20 -o docs/groups.md       all of it: an hour
python -m benchmarks.groups --sizes 80 --instances DIR                             instances made elsewhere

One class each of so many people is divided by cadreplan, by two programs from the Python package index, by
the alphabet and by the best of 1,000 draws; `check` counts what came of it. Then the maximally diverse
grouping problem, on drawn instances and those of a folder, beside a plain swap descent.

The two programs need environments of their own, which `--install` makes below `--work`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np

from benchmarks.grouping import diverse
from benchmarks.page import page_to_write, put
from benchmarks.report import machine
from cadreplan.cohorts import Mix, Tie
from cadreplan.goals import GroupGoals
from cadreplan.grouping.classes import Class, classes_of
from cadreplan.grouping.season import divisions
from cadreplan.instance import Ability, Branch, Instance, Leader, Module, Policy, Session, Site
from cadreplan.solution import Solution
from cadreplan.verification.groups import closed_form, goals

SIZES = (80, 1000, 5000)
LEAST, MOST = 8, 12
DRAWS = 1000
PEERS = ("team-formation", "anti-clustering")
_TAGS = (("gender", 2, 3), ("band", 1, 4), ("post", 1, 6), ("service", 1, 3), ("province", 2, 31))
"""Tag, weight, values; the first value of each is the rarest."""
_TIES = 40
"""People to one tie."""


class Row(NamedTuple):
    """What a method made of a class; `goals` None: nothing in time, or not to be run."""

    method: str
    goals: GroupGoals | None
    seconds: float
    note: str = ""


def drawn(n: int, seed: int) -> Instance:
    """One class of n people with five tags, nobody alone by gender, and ties apart and together."""
    random = np.random.default_rng([n, seed])
    values = []
    for _, _, k in _TAGS:
        chance = np.arange(1, k + 1) ** 0.7
        values.append(random.choice(k, n, p=chance / chance.sum()))
    leaders = tuple(
        Leader(
            f"L{i:05d}",
            f"L{i:05d}",
            0,
            tags=tuple((tag, f"{tag}{values[t][i]}") for t, (tag, _, _) in enumerate(_TAGS)),
        )
        for i in random.permutation(n)
    )
    tied = random.permutation(n)[: 2 * (n // _TIES)].reshape(-1, 2)
    ties = tuple(
        Tie(tuple(sorted(map(int, pair))), "together" if k % 2 else "apart", "group")
        for k, pair in enumerate(tied)
    )
    return Instance(
        title=f"{n} people",
        start=date(2026, 3, 2),
        n_days=5,
        abilities=(Ability("A", "A"),),
        skills=(),
        modules=(Module("M", "M", 4, "exchange", "seminar", False, ()),),
        roles=(),
        sites=(Site("P", "P", "base"),),
        branches=(Branch("B", "B", None),),
        sessions=(Session("S", 0, (0,), (0,), seats=n, groups=(LEAST, MOST)),),
        offerings=(),
        lecturers=(),
        leaders=leaders,
        policy=Policy(groups=tuple((tag, weight) for tag, weight, _ in _TAGS)),
        mix=(Mix("gender", "group", alone=False),),
        ties=ties,
    )


def scored(instance: Instance, at: Sequence[int]) -> GroupGoals:
    """The goals of a division as `check` counts them; `at` is the group of each leader."""
    groups: dict[int, list[str]] = {}
    for leader, g in zip(instance.leaders, at, strict=True):
        groups.setdefault(g, []).append(leader.id)
    everybody = {0: range(len(at))}
    return goals(instance, {0: [groups[g] for g in sorted(groups)]}, everybody)


def bound_of(instance: Instance) -> GroupGoals:
    """The closed form that `check` recomputes."""
    return closed_form(instance, {0: []}, {0: range(len(instance.leaders))})


def the_class(instance: Instance) -> Class:
    """Everybody in the one session."""
    (one,) = classes_of(instance, Solution(((0,),) * len(instance.leaders)))
    return one


def ours(instance: Instance, seconds: float, workers: int, seed: int) -> list[int]:
    """The groups of cadreplan."""
    found = list(
        divisions(
            [the_class(instance)],
            time_limit=seconds,
            workers=workers,
            seed=seed,
            should_stop=lambda: False,
        )
    )[-1][0]
    at = [0] * len(instance.leaders)
    for g, rows in enumerate(found.groups):
        for row in rows:
            at[row] = g
    return at


def alphabetical(instance: Instance) -> list[int]:
    """First come in the order of ids: the first group is filled first, all as equal as can be."""
    n, k = len(instance.leaders), -(-len(instance.leaders) // MOST)
    order = sorted(range(n), key=lambda i: instance.leaders[i].id)
    at = [0] * n
    for place, i in enumerate(order):
        at[i] = place * k // n
    return at


def best_draw(instance: Instance, seed: int) -> list[int]:
    """The best of 1,000 random divisions, by the goals in their order."""
    random = np.random.default_rng(seed)
    n, k = len(instance.leaders), -(-len(instance.leaders) // MOST)
    places = np.arange(n) * k // n
    best: tuple[tuple[int, ...], list[int]] | None = None
    for _ in range(DRAWS):
        at = places[random.permutation(n)].tolist()
        worth = scored(instance, at).order
        if best is None or worth < best[0]:
            best = worth, at
    assert best is not None
    return best[1]


def peer(name: str, instance: Instance, python: Path, seconds: float, seed: int) -> list[int] | None:
    """The groups of another program; None where it has none in twice the time."""
    given = {
        "values": [[value for _, value in leader.tags] for leader in instance.leaders],
        "weights": [weight for _, weight, _ in _TAGS],
        "least": LEAST,
        "most": MOST,
        "groups": -(-len(instance.leaders) // MOST),
        "seconds": seconds,
        "seed": seed,
    }
    script = Path(__file__).parent / "grouping" / "peer.py"
    try:
        done = subprocess.run(
            [python, script, name],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
            timeout=2 * seconds,
        )
    except subprocess.TimeoutExpired:
        return None
    found: list[int] | None = json.loads(done.stdout)
    return found


def install(name: str, work: Path) -> None:
    """An environment for one of the programs."""
    python = python_of(name, work)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parent.parent], check=True)
    wanted = Path(__file__).parent / "grouping" / f"{name}.txt"
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)


def python_of(name: str, work: Path) -> Path:
    """The interpreter of its environment."""
    folder = "Scripts" if sys.platform == "win32" else "bin"
    return work / name / folder / "python"


def compared(n: int, *, seconds: float, workers: int, seed: int, work: Path) -> tuple[GroupGoals, list[Row]]:
    """The bound of one class, and what each method makes of it."""
    instance = drawn(n, seed)
    ours(drawn(2 * MOST, seed), 0.1, 1, seed)  # compiles
    rows = [
        _timed("cadreplan", instance, lambda: ours(instance, seconds, workers, seed)),
        *(_of_peer(name, instance, work, seconds, seed) for name in PEERS),
        _timed("alphabetical", instance, lambda: alphabetical(instance)),
        _timed("best of 1,000 draws", instance, lambda: best_draw(instance, seed)),
    ]
    return bound_of(instance), rows


def _of_peer(name: str, instance: Instance, work: Path, seconds: float, seed: int) -> Row:
    python = python_of(name, work)
    if not python.exists():
        return Row(name, None, 0.0, "not installed")
    return _timed(name, instance, lambda: peer(name, instance, python, seconds, seed))


def _timed(method: str, instance: Instance, divide: Callable[[], list[int] | None]) -> Row:
    begun = time.monotonic()
    try:
        at = divide()
    except subprocess.CalledProcessError as failed:
        return Row(method, None, time.monotonic() - begun, failed.stderr.strip().rpartition("\n")[2])
    took = time.monotonic() - begun
    return Row(method, None, took, "none in time") if at is None else Row(method, scored(instance, at), took)


def table(n: int, bound: GroupGoals, rows: Sequence[Row]) -> str:
    """One class as a table in Markdown."""
    lines = [
        f"### {n:,} people, bound {bound.like:,} like pairs",
        "",
        "| method | broken ties | outside the sizes | lone people | like pairs | above the bound | s |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        if row.goals is None:
            lines.append(f"| {row.method} | {row.note} | | | | | {row.seconds:.1f} |")
            continue
        above = 100 * (row.goals.like / max(1, bound.like) - 1)
        cells = (row.goals.ties, row.goals.outside, row.goals.mix, f"{row.goals.like:,}", f"{above:.2f} %")
        lines.append(f"| {row.method} | {' | '.join(map(str, cells))} | {row.seconds:.1f} |")
    return "\n".join(lines)


def diverse_table(instances: Sequence[tuple[diverse.Diverse, float]], runs: int) -> str:
    """Best and mean of so many runs on each instance, given its seconds, beside the swap descent."""
    lines = [
        "| instance | runs | s | cadreplan best | mean | descent best | mean |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for one, seconds in instances:
        found = [diverse.searched(one, seconds, seed) for seed in range(runs)]
        plain = [diverse.descended(one, seconds, seed) for seed in range(runs)]
        figures = (max(found), mean(found), max(plain), mean(plain))
        shown = " | ".join(f"{figure:,.1f}" for figure in figures)
        lines.append(f"| {one.name} | {runs} | {seconds:g} | {shown} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print tables, and write them into a page if asked for."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    for name in PEERS if chosen.install else ():
        install(name, chosen.work)
    parts = []
    for n in chosen.sizes:
        one = compared(n, seconds=chosen.seconds, workers=chosen.workers, seed=chosen.seed, work=chosen.work)
        parts.append(table(n, *one))
        print(parts[-1], end="\n\n", flush=True)
    instances = [
        (diverse.drawn(kind, n, equal=True, seed=chosen.seed), seconds)
        for kind in ("RanInt", "Geo")
        for n, seconds in chosen.drawn
    ]
    if chosen.instances is not None:
        paths = sorted(path for path in chosen.instances.iterdir() if path.suffix == ".txt")
        instances += [(diverse.read(path), chosen.seconds) for path in paths]
    if instances:
        diverse.searched(diverse.drawn("RanInt", 120, equal=True, seed=0), 0.1, 0)  # compiles
        parts.append("### Maximally diverse groups\n\n" + diverse_table(instances, chosen.runs))
        print(parts[-1], flush=True)
    if chosen.output is not None:
        given = " ".join(sys.argv[1:] if arguments is None else arguments)
        head = [
            "```console",
            f"$ python -m benchmarks.groups {given}",
            "```",
            "",
            *machine(chosen.workers),
            "",
        ]
        put("\n".join(head) + "\n" + "\n\n".join(parts) + "\n", chosen.output, "Groups")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.groups",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--sizes", type=int, nargs="*", default=SIZES, help="people in a class")
    add("--seconds", type=float, default=60.0, help="for each class, and each run on an instance of a folder")
    add("--workers", type=int, default=2)
    add("--seed", type=int, default=1)
    add("--work", type=Path, default=Path("build/groups"), help="environments of the programs")
    add("--install", action="store_true", help="make these environments first")
    add("--drawn", type=_drawn, nargs="*", default=(), metavar="N:SECONDS", help="RanInt- and Geo-like ones")
    add("--instances", type=Path, metavar="FOLDER", help="files `n g ss|ds lo hi ...`, then `i j d` a line")
    add("--runs", type=int, default=10, help="on each of these")
    add("-o", "--output", type=page_to_write, help="the page to write the tables into")
    return parser


def _drawn(text: str) -> tuple[int, float]:
    n, _, seconds = text.partition(":")
    return int(n), float(seconds)


if __name__ == "__main__":
    raise SystemExit(main())
