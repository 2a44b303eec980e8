"""Several solves that don't need each other, as one asks *what if*."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from cadreplan.errors import ContradictionError, NoPlanError
from cadreplan.insight.spread import Spread, Wanted, one_by_one
from cadreplan.loading.load import LoadedRoster
from cadreplan.plan import Plan
from cadreplan.solving.options import Progress, SolveOptions
from cadreplan.solving.run import solve


@dataclass(frozen=True)
class _Asked:
    options: SolveOptions
    on_progress: Callable[[Progress], None] | None


def solved_each(
    variants: Mapping[str, LoadedRoster],
    options: SolveOptions,
    on_progress: Callable[[Progress], None] | None = None,
    spread: Spread = one_by_one,
) -> Iterator[tuple[str, Plan | ContradictionError | NoPlanError]]:
    """The plan of each variant by its name, in order, each once it is there; or why it has none.

    An interrupt ends the solve at work with the plan in hand, and those after it don't begin. `on_progress`
    is told of solves in this process alone. Raises as `solve` does otherwise.
    """
    answers = spread(
        _solved, _Asked(options, on_progress if spread is one_by_one else None), list(variants.items())
    )
    for name, answer in zip(variants, answers, strict=False):
        yield name, answer
        if isinstance(answer, Plan) and answer.solver.ended == "interrupted":
            return


def _solved(
    asked: _Asked, variant: tuple[str, LoadedRoster], wanted: Wanted
) -> Plan | ContradictionError | NoPlanError:
    name, problem = variant

    def watch(progress: Progress) -> None:
        if asked.on_progress is not None:
            asked.on_progress(replace(progress, phase=f"{name}: {progress.phase}"))
        if not wanted():
            raise StopIteration

    try:
        return solve(problem, asked.options, watch)
    except (ContradictionError, NoPlanError) as error:
        return error
