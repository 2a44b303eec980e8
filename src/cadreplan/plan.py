"""The plan document: assignments, their worth, the solver's statement, and its JSON form."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

PLAN_VERSION = 1

Status = Literal["optimal", "feasible"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Points by term of the objective; costs are negative."""

    gaps: int = 0
    prefers: int = 0
    km: int = 0
    days: int = 0
    open: int = 0
    underfill: int = 0
    hours: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class RosterRef:
    """The roster a plan belongs to.

    `path` is relative to the plan's folder where both lie on one file system tree; `sha256` is of the
    roster's bytes; `files` maps the path of each other file it reads, relative to the roster, to its sha256.
    `settings` were put into the roster for this plan, as `solve --set` takes them.
    """

    path: str
    sha256: str
    files: dict[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SolverInfo:
    """What the engine states. `gap` is (bound - objective) / max(1, |bound|); `seconds` is wall-clock.

    `ended` is a code of why the search ended (`cadreplan.solving.Ending`), `why` tells in words why this
    engine was taken.
    """

    engine: str
    status: Status
    objective: int
    bound: int
    gap: float
    seconds: float
    seed: int
    workers: int
    version: str
    ended: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """Whether a session runs, and its room's id (None where the site lists no rooms or it does not run)."""

    id: str
    runs: bool
    room: str | None = None


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A skill gap the plan does not close, with a reason code and a true sentence."""

    leader: str
    skill: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete plan. Assignments are (leader id, session id), sorted; sessions are sorted by id."""

    roster: RosterRef
    solver: SolverInfo
    terms: Terms
    assignments: tuple[tuple[str, str], ...]
    sessions: tuple[PlannedSession, ...]
    open_gaps: tuple[OpenGap, ...] = ()

    def to_json(self) -> str:
        """The plan as JSON text, a line for each assignment, session and skill gap.

        The same plan gives the same bytes.
        """
        head = {
            "cadreplan": PLAN_VERSION,
            "kind": "plan",
            "roster": {k: v for k, v in asdict(self.roster).items() if k != "settings" or v},
            "solver": asdict(self.solver),
            "terms": asdict(self.terms),
        }
        lists: dict[str, list[dict[str, Any]]] = {
            "assignments": [{"leader": leader, "session": session} for leader, session in self.assignments],
            "sessions": [asdict(s) for s in self.sessions],
            "open_gaps": [asdict(g) for g in self.open_gaps],
        }
        lines = [f" {_dumps(key)}: {_dumps(value)}" for key, value in head.items()]
        for key, rows in lists.items():
            body = ",\n".join(f"  {_dumps(row)}" for row in rows)
            lines.append(f" {_dumps(key)}: [\n{body}\n ]" if rows else f" {_dumps(key)}: []")
        return "{\n" + ",\n".join(lines) + "\n}\n"


def relative_gap(objective: int, bound: int) -> float:
    """(bound - objective) / max(1, |bound|)."""
    return (bound - objective) / max(1, abs(bound))


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
