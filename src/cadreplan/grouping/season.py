"""The groups of all classes of a plan: each by itself, the hard ones again while there is time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from cadreplan.grouping.classes import Class
from cadreplan.grouping.kernel import is_cached
from cadreplan.grouping.problem import Divided
from cadreplan.grouping.search import Search

__all__ = ["divisions", "is_cached"]

STEPS = 2000
"""Steps of a round of annealing for each row of a class: about 50 ms for a class of 60."""

ROUNDS = 8
"""Rounds at most where no time limit is given: what they haven't proven, few more prove."""

PROOF_AFTER = 1
"""Rounds before the one after which a solver looks at small classes that are still not proven."""

WORK = 2.0
"""Its work on one of them, about seconds."""

ROUNDS_IN_TIME = 64
"""The same within a time limit, which usually comes first."""


def divisions(
    classes: Sequence[Class],
    *,
    time_limit: float | None,
    workers: int,
    seed: int,
    should_stop: Callable[[], bool],
) -> Iterator[list[Divided]]:
    """Better and better groups of all classes, those dealt out first.

    Classes share nothing, so threads take one each; what comes of it depends on the seed alone, but for the
    time limit.
    """
    end = None if time_limit is None else time.monotonic() + time_limit

    def over() -> bool:
        return should_stop() or (end is not None and time.monotonic() >= end)

    def seconds() -> float | None:
        return None if end is None else end - time.monotonic()

    searches = [Search(one.problem, seed + one.session) for one in classes]
    yield _found(searches)
    with ThreadPoolExecutor(max(1, workers)) as crew:
        list(crew.map(lambda one: None if over() else one.descend(), searches))
        yield _found(searches)
        for round_ in range(ROUNDS if end is None else ROUNDS_IN_TIME):
            left = [one for one in searches if not one.is_proven]
            if not left or over():
                return
            list(crew.map(lambda one: None if over() else one.improve(STEPS * one.problem.n), left))
            yield _found(searches)
            if round_ == PROOF_AFTER:
                list(crew.map(lambda one: None if over() else one.prove(work=WORK, seconds=seconds()), left))
                yield _found(searches)


def _found(searches: Sequence[Search]) -> list[Divided]:
    return [Divided(one.groups, one.goals, one.bound) for one in searches]
