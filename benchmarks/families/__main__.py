"""Compare methods on families of rosters, and write one table and a picture.

python -m benchmarks.families -o docs/families.md             all families, a seed for reporting: many hours
python -m benchmarks.families --families national --sizes 300x80 --limits 30 --seeds 1
python -m benchmarks.families --families --roster DIR         rosters made elsewhere
python -m benchmarks.families --draw national --sizes 1000x150 --seeds 1 -o DIR        only write a roster
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import picture
from benchmarks.families import table
from benchmarks.families.contests import METHODS, Entry, Size, drawn, elsewhere
from benchmarks.families.measuring import measured
from benchmarks.families.registry import FAMILIES
from benchmarks.outcomes import Outcome
from benchmarks.page import around_marks, put
from benchmarks.run import Store, write_exactly
from cadreplan.errors import UsageError
from cadreplan.insight.spread import Spread, one_by_one
from cadreplan.solving import workers_of

_SIZES = ("300x80", "1000x150", "5000x300")
_LIMITS = (30.0, 60.0, 180.0)
"""Seconds for each of these sizes."""
_SEEDS = (1001,)
_PICTURED = ("national", "province", "factories")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 1 where a plan breaks a rule, a plan is above a bound, or ours has none."""
    parser = _parser()
    given = parser.parse_args(arguments)
    sizes = _sizes(parser, given.sizes, given.limits or (_LIMITS if given.sizes == _SIZES else (60.0,)))
    if given.draw is not None:
        return _draw(given.draw, sizes, given.seeds, given.output)
    entries = drawn(given.families, sizes, given.seeds, given.gap)
    entries += elsewhere(given.roster, sizes, given.gap)
    if not entries:
        parser.error("nothing to compare on: no family and no roster")
    output = given.output or given.work / "families.md"
    try:
        around_marks(output)
    except (OSError, ValueError) as error:
        parser.error(f"argument -o: {error}")
    try:
        with workers_of(given.scheduler, print) as spread:
            outcomes = _run(entries, given.methods, given.work, given.workers, spread, resume=given.resume)
    except UsageError as error:
        if given.scheduler is None:
            raise
        parser.error(f"argument --scheduler: {error}")
    output.parent.mkdir(parents=True, exist_ok=True)
    shown = _pictured(entries, given.pictured)
    image = output.with_suffix(".svg") if shown else None
    if image is not None:
        picture.draw([entry.contest for entry in shown], outcomes, image)
    text = table.section(
        entries,
        outcomes,
        command="python -m benchmarks.families " + " ".join(sys.argv[1:] if arguments is None else arguments),
        workers=given.workers,
        picture=None if image is None else image.name,
    )
    put(text, output, "Families")
    print(output)
    wrong = table.problems(entries, {(o.case, o.method): o for o in outcomes})
    for what in wrong:
        print(what)
    return int(bool(wrong))


def _run(
    entries: Sequence[Entry],
    methods: Sequence[str],
    work: Path,
    workers: int,
    spread: Spread,
    *,
    resume: bool,
) -> list[Outcome]:
    """What every method comes to on every roster; kept after each, so that a stopped run can go on."""
    work.mkdir(parents=True, exist_ok=True)
    store = Store(work, workers=workers)
    ids = {entry.contest.id for entry in entries}
    known = store.read() if resume else []
    done = {(o.case, o.method) for o in known}
    missing = [(entry, m) for entry in entries for m in methods if (entry.contest.id, m) not in done]
    for outcomes in spread(measured, (work if spread is one_by_one else None, workers), missing):
        known += outcomes
        store.write(known)
    return [o for o in known if o.case in ids and o.method in methods]


def _pictured(entries: Sequence[Entry], families: Sequence[str]) -> list[Entry]:
    """The first seed of every size of the families that are shown, and all that was made elsewhere."""
    shown: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.seed is None or entry.family in families:
            shown.setdefault((entry.family, entry.size), entry)
    return list(shown.values())


def _draw(family: str, sizes: Sequence[Size], seeds: Sequence[int], output: Path | None) -> int:
    """Only write rosters: into the folder itself where there is one."""
    folder = output or Path("build/families")
    several = len(sizes) * len(seeds) > 1
    for size in sizes:
        for seed in seeds:
            own = folder / f"{family}-{size.id}-seed{seed}" if several else folder
            print(write_exactly(FAMILIES[family].draw(size.leaders, size.sessions, seed), own))
    return 0


def _sizes(parser: argparse.ArgumentParser, sizes: Sequence[str], limits: Sequence[float]) -> list[Size]:
    """Sizes with their time limits: one a size, or one for all."""
    if len(limits) not in (1, len(sizes)):
        parser.error(f"{len(sizes)} sizes and {len(limits)} limits: give one limit, or one for each size")
    found: list[Size] = []
    for k, text in enumerate(sizes):
        leaders, _, sessions = text.partition("x")
        if not (leaders.isdecimal() and sessions.isdecimal() and int(leaders) and int(sessions)):
            parser.error(f"{text!r} is no size; expected leaders x sessions, like 1000x150")
        found.append(Size(int(leaders), int(sessions), limits[k % len(limits)]))
    return found


def _parser() -> argparse.ArgumentParser:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.families",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--families", nargs="*", choices=tuple(FAMILIES), default=tuple(FAMILIES), help="default: all"
    )
    parser.add_argument(
        "--roster", nargs="+", type=Path, default=(), help="rosters made elsewhere, or folders of them"
    )
    parser.add_argument("--sizes", nargs="+", default=_SIZES, help=f"default: {' '.join(_SIZES)}")
    parser.add_argument(
        "--limits",
        nargs="+",
        type=float,
        default=None,
        help="seconds, one a size or one for all (default 30 60 180, for other sizes 60)",
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=_SEEDS, help="below 1000: for tuning")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--gap", type=float, default=0.0, help="relative gap to stop at (default 0)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--work", type=Path, default=Path("build/families"), help="rosters, plans and logs")
    parser.add_argument(
        "--scheduler",
        help="measure by the workers of a Dask cluster, each on a machine of its own; rosters made elsewhere"
        " have to be where they can read them",
    )
    parser.add_argument("--resume", action="store_true", help="keep what earlier runs found in --work")
    parser.add_argument(
        "--pictured", nargs="*", choices=tuple(FAMILIES), default=_PICTURED, help="families in the picture"
    )
    parser.add_argument("--draw", choices=tuple(FAMILIES), help="only write rosters of a family into -o")
    parser.add_argument("-o", "--output", type=Path, help="page; only what is between its marks is replaced")
    return parser


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        print("interrupted: --resume goes on from what is done", file=sys.stderr)
        raise SystemExit(130) from None
