"""Take programmes of the master from a run of the engine: `python -m benchmarks.programmes.capture`.

The engine is not changed: what the master and its callers call is wrapped while it runs. Of the root, where
all choices are free, the first programme, the middle one and the last are kept; of the first dive the middle
one. In a season the engine solves a part of the candidates at a time, so the root is that of its first parts.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.programmes.programme import Programme
from benchmarks.rosters import load
from cadreplan.engines.columns import run
from cadreplan.engines.columns.heuristics import diving
from cadreplan.engines.columns.master import column_generation, interior_point, restricted_master
from cadreplan.engines.columns.partial import restricted_instance
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.solution import Solution

ROOT, DIVE = "root", "dive"


class Catcher:
    """Keeps what the master solves, by the part of the search that it is solved for."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Programme]] = defaultdict(list)
        self._dives = self._roots = 0
        self._part: str | None = None

    @property
    def enough(self) -> bool:
        """Whether the root was settled twice, roughly and well, and a dive has begun."""
        return self._roots > 1 and self._dives > 0

    def settle_in(self, part: str, generate_columns: Callable[..., Any]) -> Callable[..., Any]:
        """`generate_columns`, all of whose programmes are kept as those of `part`; at the root, free ones."""

        def wrapped(*arguments: Any, **options: Any) -> Any:
            if part == ROOT and not options.get("whole"):
                return generate_columns(*arguments, **options)
            self._part = part
            try:
                return generate_columns(*arguments, **options)
            finally:
                self._part = None
                self._roots += part == ROOT

        return wrapped

    def once(self, dive: Callable[..., Any]) -> Callable[..., Any]:
        """`dive`, of which only the first counts."""

        def wrapped(*arguments: Any, **options: Any) -> Any:
            self._dives += 1
            return dive(*arguments, **options)

        return wrapped

    def solve_blocks(
        self, matrix: Any, rhs: Any, start: Any, belonging: Any, threads: Any, **options: Any
    ) -> Any:
        """`interior_point.solve_blocks`, its programme kept."""
        if self._part == ROOT or (self._part == DIVE and self._dives == 1):
            unit = options["unit"]
            self.seen[self._part].append(
                Programme(
                    *(matrix.block_ptr, matrix.ptr, matrix.row, matrix.coef),
                    points=matrix.points / unit,
                    rhs=rhs,
                    penalty=options["penalty"] / unit,
                    start=start / unit,
                    warm=float(options["warm"]),
                    accuracy=float(options["accuracy"]),
                    row_branch=belonging.row,
                    block_branch=belonging.block,
                    parent=belonging.parent,
                )
            )
        return interior_point.solve_blocks(matrix, rhs, start, belonging, threads, **options)


class _Quiet:
    """A listener that ends the run once there is enough."""

    def __init__(self, catcher: Catcher) -> None:
        self._catcher = catcher

    def solution(self, solution: Solution) -> None: ...

    def bound(self, bound: int) -> None: ...

    def phase(self, text: str) -> None: ...

    def should_stop(self) -> bool:
        return self._catcher.enough


@contextmanager
def caught() -> Iterator[Catcher]:
    """Within it, all that the engine's master solves at the root and in dives is kept."""
    catcher = Catcher()
    with ExitStack() as stack:
        for module, name, wrapped in (
            (restricted_master, "solve_blocks", catcher.solve_blocks),
            (run, "generate_columns", catcher.settle_in(ROOT, column_generation.generate_columns)),
            (
                restricted_instance,
                "generate_columns",
                catcher.settle_in(ROOT, column_generation.generate_columns),
            ),
            (diving, "generate_columns", catcher.settle_in(DIVE, column_generation.generate_columns)),
            (run, "dive", catcher.once(diving.dive)),
            (restricted_instance, "dive", catcher.once(diving.dive)),
        ):
            stack.enter_context(patch.object(module, name, wrapped))
        yield catcher


def capture(instance: Instance, work: float) -> dict[str, Programme]:
    """Programmes by name from a run of the engine with one worker, as long as it has them.

    `work` is the most that the engine does, in its own units: the same programmes on every machine.
    """
    with caught() as catcher:
        solve(instance, EngineOptions(gap=1e-4, work_limit=work), _Quiet(catcher))
    root, dived = catcher.seen[ROOT], catcher.seen[DIVE]
    found: dict[str, Programme] = {}
    if root:
        found["root, first"] = root[0]
        if len(root) > 2:
            found["root, middle"] = root[len(root) // 2]
        if len(root) > 1:
            found["root, last"] = root[-1]
    if dived:
        found["dive"] = dived[len(dived) // 2]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the programmes of one roster into a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.programmes.capture", description=__doc__)
    parser.add_argument("roster", type=Path)
    parser.add_argument("--work", type=float, default=60.0, help="of the engine at most (default 60)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    for name, programme in capture(load(given.roster), given.work).items():
        programme.save(given.output / f"{name.replace(', ', '-')}.npz")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
