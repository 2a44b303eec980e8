"""What the solver process and its supervisor tell each other, and the files between them.

The folder of a solve holds `job.pickle` (written by the supervisor), `best.json` (the best solution so far,
replaced as a whole), `programme.pickle` and `groups.pickle` (likewise); that of a process `stderr.txt`. The
child's standard output is one JSON message a line, the last of a job is `end`. A line `job FOLDER` on its
standard input gives it a job, `stop` asks it to end that, and the end of the input means that its supervisor
is gone.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cadreplan.documents.writing import write_atomically
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.language import Language, current
from cadreplan.solution import Solution

JOB, BEST, PROGRAMME, GROUPS = "job.pickle", "best.json", "programme.pickle", "groups.pickle"
STDERR = "stderr.txt"

MessageKind = Literal[
    "phase",
    "bound",
    "solution",
    "goals",
    "groups",
    "done",
    "contradiction",
    "usage",
    "refuted",
    "memory",
    "failed",
    "cluster",
    "end",
]


@dataclass(frozen=True, slots=True)
class Message:
    """`value` is a text, points, [value, charge] of a solution, the facts of a contradiction, [unstaffed,
    journeys], [classes proven, classes], for `done` whether the time limit was reached.
    """

    kind: MessageKind
    value: Any = None

    def line(self) -> str:
        return json.dumps([self.kind, self.value], ensure_ascii=True) + "\n"

    @classmethod
    def read(cls, line: str) -> Message:
        kind, value = json.loads(line)
        return cls(kind, value)


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is to do.

    `engine` is `module:function`, imported in the child alone; `known` is the value of a solution that
    the supervisor has already (`check.Report.value`), `charge` what is taken off its worth there.
    """

    instance: Instance
    engine: str
    options: EngineOptions
    memory_limit: int | None = None
    known: int | None = None
    charge: int = 0
    language: Language = field(default_factory=current)


def write_job(folder: Path, job: Job) -> None:
    (folder / JOB).write_bytes(pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL))


def read_job(folder: Path) -> Job:
    """The job of a folder made by this program's own supervisor."""
    job: Job = pickle.loads((folder / JOB).read_bytes())
    return job


def write_best(folder: Path, solution: Solution) -> None:
    """Replace the best solution, so that one whole solution is there whatever happens."""
    data = {
        "chosen": solution.chosen,
        "running": sorted(solution.running),
        "rooms": sorted(solution.rooms.items()),
    }
    write_atomically(folder / BEST, json.dumps(data, separators=(",", ":")).encode())


def read_best(folder: Path) -> Solution | None:
    """The best solution so far, None if there is none."""
    path = folder / BEST
    if not path.exists():
        return None
    data = json.loads(path.read_bytes())
    return Solution(tuple(map(tuple, data["chosen"])), frozenset(data["running"]), dict(data["rooms"]))


def write_pickle(path: Path, found: object) -> None:
    """Replace what was found, so that one whole finding is there whatever happens."""
    write_atomically(path, pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))


def read_pickle(path: Path) -> Any:
    """What this program's own process found, None if there is nothing."""
    return pickle.loads(path.read_bytes()) if path.exists() else None
