"""What a solve is asked for, what it tells while it runs, and the ways it ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cadreplan.engines.columns.params import Params
from cadreplan.engines.interface import Scheduler
from cadreplan.errors import UsageError
from cadreplan.extras import need
from cadreplan.instance import Instance
from cadreplan.language import one_of, tr
from cadreplan.solving.platform import can_limit_memory, cores

Ending = Literal[
    "proven",
    "gap",
    "default-gap",
    "time-limit",
    "work-limit",
    "exhausted",
    "interrupted",
    "solver-killed",
    "out-of-memory",
    "solver-failed",
    "cluster-lost",
]
"""Why a search ended; `cadreplan.views.wording.ENDINGS` has the words."""

ENGINE_NAMES = ("auto", "exact", "columns")

ENDED_BADLY: frozenset[Ending] = frozenset(
    ("solver-killed", "out-of-memory", "solver-failed", "cluster-lost")
)
"""Endings that the solver process did not choose."""


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """What `solve` is asked for.

    `time_limit` in seconds, None: none. `gap` is the relative gap to stop at; None: 0 for `exact`, 0.001 for
    `columns`. `workers` None: all cores this process may use. `work_limit` bounds the search in the engine's
    own units, so that one worker and one seed give the same plan on any machine. `memory_limit` in bytes
    caps the address space of the solver process. `programme` asks for the half days and lecturers of every
    session that is attended as well; None: where the roster lists lecturers. With `allow_unstaffed`
    candidates may run that can't be staffed together. With `price` a policy's guarantee is priced: a part of
    the time goes to plans that need not keep it. `scheduler` is that of the cluster that works on it.
    `params` are those of the `columns` engine, for an expert.
    """

    engine: Literal["auto", "exact", "columns"] = "auto"
    time_limit: float | None = None
    gap: float | None = None
    workers: int | None = None
    seed: int = 0
    work_limit: float | None = None
    memory_limit: int | None = None
    programme: bool | None = None
    allow_unstaffed: bool = False
    price: bool = False
    scheduler: Scheduler | None = None
    params: Params | None = None

    def __post_init__(self) -> None:
        """Raise `UsageError` for what no solve can be asked for, with what is allowed."""
        if self.engine not in ENGINE_NAMES:
            raise _wrong("engine", self.engine, one_of([repr(name) for name in ENGINE_NAMES]))
        _number("time_limit", self.time_limit, tr("seconds above 0, or None"), lambda x: x > 0)
        _number(
            "gap",
            self.gap,
            tr("a share from 0 to below 1, as 0.01, or None"),
            lambda x: 0 <= x < 1,
        )
        _whole("workers", self.workers, 1, tr("a whole number from 1, or None for all cores"))
        _whole("seed", self.seed, 0, tr("a whole number from 0"))
        _number("work_limit", self.work_limit, tr("a number from 0, or None"), lambda x: x >= 0)
        _whole("memory_limit", self.memory_limit, 1, tr("bytes, a whole number from 1, or None"))
        if self.params is not None and self.engine == "exact":
            raise UsageError(tr("params: the exact engine has none: use columns"))
        if self.memory_limit is not None and not can_limit_memory():
            raise UsageError(tr("memory_limit: this system lets no process limit its memory; leave it out"))

    def wants_programme(self, instance: Instance) -> bool:
        """Whether a programme is made of an instance's plan: by default where it can be."""
        if self.programme is not None:
            return self.programme
        return bool(instance.lecturers) and all(
            sum(instance.modules[m].slots for m in session.modules) <= 2 * len(session.days)
            for session in instance.sessions
        )

    @property
    def threads(self) -> int:
        """`workers`, or the cores this process may use."""
        return self.workers or cores()


def scheduler_named(given: object, engine: str = "auto") -> Scheduler:
    """The scheduler of a cluster as a user gives it, for a search by `engine`: an address, the path of a
    scheduler file, `config` for what Dask is configured with, or a Dask client.

    Raises UsageError where it is none of these, for an engine that needs one machine, and without the extras
    that it takes.
    """
    if engine == "exact":
        raise UsageError(tr("the exact engine works on one machine: use columns with a scheduler"))
    need("solve")
    need("cluster")
    from cadreplan.solving.cluster import scheduler_of  # noqa: PLC0415 (loads Dask)

    return scheduler_of(given)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running solve is; `gap` is relative, `objective` and `bound` None until there is one."""

    seconds: float
    phase: str
    objective: int | None = None
    bound: int | None = None
    gap: float | None = None


def _wrong(name: str, found: object, expected: str) -> UsageError:
    text = f"{found!r:.60}"
    return UsageError(
        tr("{name}: found {found}, expected {expected}", name=name, found=text, expected=expected)
    )


def _number(name: str, value: object, expected: str, allowed: Callable[[float], bool]) -> None:
    if value is None:
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not allowed(value):  # type: ignore[arg-type]
        raise _wrong(name, value, expected)


def _whole(name: str, value: object, least: int, expected: str) -> None:
    if value is None and name != "seed":
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise _wrong(name, value, expected)
