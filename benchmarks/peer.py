"""Run one peer on a roster: `python -m benchmarks.peer highs roster.yaml --time-limit 60 -o result.json`.

Progress goes to standard output, one JSON object a line with the objective and the bound known then.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks import documents
from benchmarks.peers import mip, season, simple
from benchmarks.public.optimum import optimum
from benchmarks.rosters import load
from cadreplan.instance import Instance
from cadreplan.solution import Solution

PEERS = ("highs", "scip", "first-come", "priority", "demand", "proof")


def solve(
    method: str, instance: Instance, *, time_limit: float, workers: int, gap: float
) -> tuple[Solution | None, int | None]:
    """The solution and the bound a peer ends with, None where it has none."""
    if method == "first-come":
        return simple.first_come_first_served(instance), None
    if method == "priority":
        return simple.by_priority(instance), None
    if method == "demand":
        return season.by_demand(instance), None
    if method == "proof":
        proof = optimum(instance, seconds=time_limit, workers=workers)
        return proof.solution, proof.bound
    solver: mip.Solver = "highs" if method == "highs" else "scip"

    def report(line: str) -> None:
        progress = mip.progress_of(solver, line)
        if progress is not None:
            print(json.dumps({"objective": progress[0], "bound": progress[1]}), flush=True)

    result = mip.solve(instance, solver, time_limit=time_limit, workers=workers, gap=gap, log=report)
    variables, rows, entries = result.size
    print(json.dumps({"note": f"{variables:,} variables, {rows:,} rows, {entries:,} entries"}), flush=True)
    return result.solution, result.bound


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve, write the result; 4 where the peer has no solution."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer", description=__doc__)
    parser.add_argument("method", choices=PEERS)
    parser.add_argument("roster", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--gap", type=float, default=0.0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    instance = load(given.roster)
    solution, bound = solve(
        given.method, instance, time_limit=given.time_limit, workers=given.workers, gap=given.gap
    )
    if solution is None:
        return 4
    documents.write(given.output, instance, solution, bound)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
