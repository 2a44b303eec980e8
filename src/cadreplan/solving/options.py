"""What a solve is asked for, what it tells while it runs, and the ways it ends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from cadreplan.engines.interface import Scheduler
from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr

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
    candidates may run that can't be staffed together. `scheduler` is that of the cluster that works on it.
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
    scheduler: Scheduler | None = None

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
        return self.workers or len(os.sched_getaffinity(0))


def scheduler_named(given: object, engine: str = "auto") -> Scheduler:
    """The scheduler of a cluster as a user gives it, for a search by `engine`: an address, the path of a
    scheduler file, `config` for what Dask is configured with, or a Dask client.

    Raises UsageError where it is none of these, for an engine that needs one machine, and without Dask.
    """
    if engine == "exact":
        raise UsageError(tr("the exact engine works on one machine: use columns with a scheduler"))
    if find_spec("distributed") is None:
        raise UsageError(
            tr("a scheduler needs Dask, which is not installed: pip install 'cadreplan[cluster]'")
        )
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
