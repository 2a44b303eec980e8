"""What every engine takes and gives: options in, better solutions and tighter bounds out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cadreplan.instance import Instance
from cadreplan.solution import Solution

if TYPE_CHECKING:
    from cadreplan.engines.columns.params import Params


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where the scheduler of a cluster answers: its `address` or the path of its scheduler file, None where
    Dask's configuration says it. `security` is Dask's own object for it.
    """

    address: str | None
    security: Any = None


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """`time_limit` in seconds from the engine's start (None: none); `gap` is the relative gap to stop at.

    `work_limit` bounds the search in an engine's own deterministic units, so that a run with one worker and
    the same seed does the same steps on any machine; None: none. `start` is a solution that is known already:
    an engine may begin from it. `scheduler` is that of the cluster whose workers price leaders. `params` are
    those of the `columns` engine, None: the defaults.
    """

    time_limit: float | None = None
    gap: float = 0.0
    workers: int = 1
    seed: int = 0
    work_limit: float | None = None
    start: Solution | None = None
    scheduler: Scheduler | None = None
    params: Params | None = None


class Listener(Protocol):
    """Takes what an engine finds, while it runs. Every call is cheap and safe at any moment."""

    def solution(self, solution: Solution) -> None:
        """A solution that keeps all hard rules; the listener keeps the best one."""

    def bound(self, bound: int) -> None:
        """A proven upper bound on the objective of any solution; the listener keeps the lowest."""

    def phase(self, text: str) -> None:
        """What is being done now, in a few words."""

    def should_stop(self) -> bool:
        """Whether the engine should return at its next opportunity."""


class Engine(Protocol):
    """An engine returns when it has nothing better to find, at its limits, or when told to stop.

    It raises `cadreplan.errors.ContradictionError` where it has proven that no solution exists.
    """

    def __call__(self, instance: Instance, options: EngineOptions, listener: Listener) -> None: ...
