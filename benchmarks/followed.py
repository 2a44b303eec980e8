"""Run an engine that tells of every better plan at once: `python -m benchmarks.followed`.

`cadreplan solve` tells every few seconds, too seldom to say what was in hand after five. Each line of
standard output is a JSON object with objective and bound. Half days are not set, as by the peers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from cadreplan import api
from cadreplan.errors import NoPlanError
from cadreplan.solving.options import Progress


class Teller:
    """Prints objective and bound whenever one of them has changed."""

    def __init__(self) -> None:
        self._last: tuple[int | None, int | None] = (None, None)

    def __call__(self, progress: Progress) -> None:
        now = (progress.objective, progress.bound)
        if now != self._last:
            self._last = now
            print(json.dumps({"objective": progress.objective, "bound": progress.bound}), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve and write the plan; 4 where there is none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.followed", description=__doc__)
    parser.add_argument("engine", choices=("columns", "exact", "auto"))
    parser.add_argument("roster", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--gap", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    try:
        plan = api.solve(
            given.roster,
            engine=given.engine,
            time_limit=given.time_limit,
            gap=given.gap,
            workers=given.workers,
            seed=given.seed,
            programme=False,
            on_progress=Teller(),
        )
    except NoPlanError:
        return 4
    given.output.write_text(plan.to_json(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
