"""What norms, waiting and a guarantee cost `columns`: `python -m benchmarks.norms`.

    python -m benchmarks.norms -o build/norms.md                         5,000 x 300, a quarter of an hour
    python -m benchmarks.norms --size 300x80 --seconds 25 --seed 1       small

A roster is written five times, as drawn and with what is asked of it; every one is solved under the same
limits. The table states the gap at the end and how long it took to the finest gap that the plain roster and
the other both reach, each by its own bound, as the command told it while running.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.cases import Contest
from benchmarks.draw import Drawn
from benchmarks.families.measuring import followed
from benchmarks.families.registry import FAMILIES
from benchmarks.methods import Limits
from benchmarks.outcomes import Outcome
from benchmarks.page import page_to_write, put
from benchmarks.report import machine, percent
from benchmarks.rosters import load
from benchmarks.run import run_method, write_exactly
from cadreplan.documents.reading.plan import read_plan
from cadreplan.plan import relative_gap

NORMS = "norms:\n  yearly: {hours: 40}\n  newcomers: {sessions: 1, within: 183}\n"
"""Hours for everybody, and a first training for those new in their post."""
WAITED = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2)
"""Rotations waited; one of these each."""
CREDITED = (0, 0, 8, 16, 24, 32, 40)
"""Hours of the year done before the horizon; one of these each."""
_POSTED = 1500
"""Most days in the post before the horizon."""
_GRACE = 300.0
_NEAR = 0.01


@dataclass(frozen=True)
class Variant:
    """What is asked of the roster besides what was drawn."""

    id: str
    title: str
    norm: int = 0
    wait: int = 0
    guarantee: int | None = None


VARIANTS = (
    Variant("plain", "as drawn"),
    Variant("norms", "norms", norm=100),
    Variant("wait", "waiting", wait=2000),
    Variant("guarantee", "guarantee", guarantee=1),
    Variant("all", "norms, waiting and guarantee", norm=100, wait=2000, guarantee=1),
)


def write(drawn: Drawn, variant: Variant, seed: int, folder: Path) -> Path:
    """A drawn roster with what is asked of it; people's days, hours and waiting are those of the seed."""
    roster = write_exactly(drawn, folder)
    if variant.norm:
        with (folder / "curriculum.yaml").open("a", encoding="utf-8") as file:
            file.write(NORMS)
    lines = roster.read_text(encoding="utf-8").splitlines()
    horizon = next(line.split()[1] for line in lines if line.startswith("horizon: "))
    _write_people(folder / "leaders.csv", date.fromisoformat(horizon[:10]), variant, Random(seed))
    roster.write_text("\n".join(_asking(line, variant) for line in lines) + "\n", encoding="utf-8")
    return roster


def _write_people(path: Path, start: date, variant: Variant, random: Random) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        waited, hours, days = random.choice(WAITED), random.choice(CREDITED), random.randrange(_POSTED)
        row |= {"waited": str(waited), "since": str(start - timedelta(days=1 + days))}
        row["credited"] = f"yearly:{hours}" if variant.norm else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _asking(line: str, variant: Variant) -> str:
    if not line.startswith("policy: "):
        return line
    policy = json.loads(line.removeprefix("policy: "))
    policy["weights"] |= {"norm": variant.norm, "wait": variant.wait}
    if variant.guarantee is not None:
        policy["guarantee"] = variant.guarantee
    return "policy: " + json.dumps(policy)


def gap_of(outcome: Outcome) -> float | None:
    """The gap at the end, by the plan's own bound; None without a plan."""
    if outcome.objective is None or outcome.bound is None:
        return None
    return relative_gap(outcome.objective, outcome.bound)


def seconds_to(outcome: Outcome, gap: float) -> float:
    """When a run first told of a gap no wider than this; at its end where it told of none."""
    for seconds, plan, bound in outcome.trace:
        if plan is not None and bound is not None and relative_gap(plan, bound) <= gap:
            return seconds
    return outcome.seconds


def table(found: Sequence[tuple[Variant, Outcome, str]]) -> list[str]:
    """A line for each variant, its outcome and who is left out; the first is the plain roster."""
    plain = found[0][1]
    lines = [
        "| roster | worth | gap | more than plain, points | left out | to the gap of | plain, s | this, s"
        " | times | s to 1 % | s in all | peak MB |",
        "|---|" + "---:|" * 11,
    ]
    for variant, one, out in found:
        cells = [variant.title, "no plan" if one.objective is None else f"{one.objective:,}"]
        gap, least = gap_of(one), gap_of(plain)
        if gap is None or least is None:
            cells += [one.note, "", "", "", "", "", "", ""]
        else:
            both = max(gap, least)
            before, now = seconds_to(plain, both), seconds_to(one, both)
            cells += [percent(gap), f"{100 * (gap - least):+.3f}", out, percent(both)]
            cells += [f"{before:.1f}", f"{now:.1f}", f"{now / before:.2f}"]
            cells.append(f"{seconds_to(one, _NEAR):.1f}" if gap <= _NEAR else "never")
        cells += [f"{one.seconds:.1f}", f"{one.peak_mb:,}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _left_out(plan: Path) -> str:
    """Those promised a seat who have none, and how few they can be."""
    stated = read_plan(plan).guarantee if plan.exists() else None
    return "" if stated is None else f"{stated.left_out} (at least {stated.least})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve each and print the table; 1 where a plan is missing or breaks a rule."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.norms",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--family", choices=tuple(FAMILIES), default="national", help="default: national")
    parser.add_argument("--size", default="5000x300", help="leaders x sessions (default 5000x300)")
    parser.add_argument("--seconds", type=float, default=180.0, help="time limit of each (default 180)")
    parser.add_argument("--seed", type=int, default=1001, help="of the roster; below 1000: for tuning")
    parser.add_argument("--gap", type=float, default=0.0, help="relative gap to stop at (default 0)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--work", type=Path, default=Path("build/norms"), help="rosters, plans and logs")
    parser.add_argument(
        "-o", "--output", type=page_to_write, help="page; only what is between its marks is replaced"
    )
    given = parser.parse_args(arguments)
    leaders, _, sessions = given.size.partition("x")
    if not (leaders.isdecimal() and sessions.isdecimal() and int(leaders) and int(sessions)):
        parser.error(f"{given.size!r} is no size; expected leaders x sessions, like 1000x150")
    limits = Limits(given.seconds, given.workers, given.gap, given.seed, _GRACE)
    drawn = FAMILIES[given.family].draw(int(leaders), int(sessions), given.seed)
    found: list[tuple[Variant, Outcome, str]] = []
    for variant in VARIANTS:
        folder = given.work / f"{given.family}-{given.size}-seed{given.seed}" / variant.id
        roster = write(drawn, variant, given.seed, folder)
        contest = Contest(variant.id, variant.title, int(leaders), given.seconds, given.gap)
        outcome = run_method(contest, followed("columns"), roster, folder, limits, load(roster))
        found.append((variant, outcome, _left_out(folder / "columns.json")))
    command = "python -m benchmarks.norms " + " ".join(sys.argv[1:] if arguments is None else arguments)
    lines = ["```console", f"$ {command}", "```", "", *machine(given.workers), ""]
    lines += table(found)
    print("\n".join(lines))
    if given.output is not None:
        put("\n".join(lines) + "\n", given.output, "Norms")
    return int(any(o.objective is None or o.violations for _, o, _ in found))


if __name__ == "__main__":
    raise SystemExit(main())
