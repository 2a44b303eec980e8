"""The plan document: assignments, their worth, the solver's statement, and its JSON form."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from cadreplan.language import tr

PLAN_VERSION = 1

Status = Literal["optimal", "feasible"]

Slot = Literal["am", "pm"]


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
class ProgrammeEntry:
    """A half day of a session: `date` is ISO; `lecturer` is an id, or None with the `reason` why nobody."""

    module: str
    date: str
    slot: Slot
    lecturer: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """Whether a session runs, its room's id (None where the site lists no rooms or it does not run), and its
    half days in order (empty where no programme was made).
    """

    id: str
    runs: bool
    room: str | None = None
    programme: tuple[ProgrammeEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Goals:
    """What a programme should have little of, all sessions together.

    `unstaffed`: half days without a lecturer. `afternoons`: half days of core modules in an afternoon.
    `repeats`: neighbouring half days of a session with the same teaching method. `journeys`: sessions that a
    lecturer who isn't bound to a site comes to. `overload`: half days of lecturers above the fair share.
    `changes`: lecturers of a module of a session beyond its first.
    """

    unstaffed: int = 0
    afternoons: int = 0
    repeats: int = 0
    journeys: int = 0
    overload: int = 0
    changes: int = 0

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """The five goals, the first one first: programmes are compared by it like words in a dictionary."""
        return (
            self.unstaffed,
            self.afternoons,
            self.repeats,
            self.journeys + self.overload,
            self.changes,
        )


@dataclass(frozen=True, slots=True)
class StaffLimit:
    """What candidates need of the same lecturers: those that run need at most `most` half days together.

    It is 1 for each, where it is only known that not all of them can be staffed.
    """

    half_days: dict[str, int]
    most: int


@dataclass(frozen=True, slots=True)
class ProgrammeInfo:
    """What the programme states of itself: no programme's `Goals.order` comes before `bound`, proven.

    `ended` is a code as `SolverInfo.ended`, empty where it ended by itself. `limits` say what is proven
    of candidates that are staffed together; `ceiling` bounds the points of any plan that keeps to them (None
    where there are none).
    """

    status: Status
    goals: Goals
    bound: tuple[int, int, int, int, int]
    ended: str = ""
    limits: tuple[StaffLimit, ...] = ()
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A skill gap the plan does not close, with a reason code and a true sentence."""

    leader: str
    skill: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete plan. Assignments are (leader id, session id), sorted; sessions are sorted by id.

    `programme` is None where no programme of half days was made. `lineage` tells one programme of training
    from others: a solve makes it (`cadreplan.origin.lineage_of`), a plan made of this one has the same; plans
    of earlier versions have none.
    """

    roster: RosterRef
    solver: SolverInfo
    terms: Terms
    assignments: tuple[tuple[str, str], ...]
    sessions: tuple[PlannedSession, ...]
    open_gaps: tuple[OpenGap, ...] = ()
    programme: ProgrammeInfo | None = None
    lineage: str = ""

    def to_json(self) -> str:
        """The plan as JSON text, a line for each assignment, session and skill gap.

        The same plan gives the same bytes.
        """
        head: dict[str, Any] = {
            "cadreplan": PLAN_VERSION,
            "kind": "plan",
            "roster": {k: v for k, v in asdict(self.roster).items() if k != "settings" or v},
            "lineage": self.lineage,
            "solver": asdict(self.solver),
            "terms": asdict(self.terms),
        }
        if not self.lineage:
            del head["lineage"]
        if self.programme is not None:
            stated = asdict(self.programme).items()
            head["programme"] = {k: v for k, v in stated if v not in ("", (), None)}
        lists: dict[str, list[dict[str, Any]]] = {
            "assignments": [{"leader": leader, "session": session} for leader, session in self.assignments],
            "sessions": [_session(s) for s in self.sessions],
            "open_gaps": [asdict(g) for g in self.open_gaps],
        }
        lines = [f" {_dumps(key)}: {_dumps(value)}" for key, value in head.items()]
        for key, rows in lists.items():
            body = ",\n".join(f"  {_dumps(row)}" for row in rows)
            lines.append(f" {_dumps(key)}: [\n{body}\n ]" if rows else f" {_dumps(key)}: []")
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _session(session: PlannedSession) -> dict[str, Any]:
    """As written: what a session doesn't have is left out, but an absent room or lecturer is null."""
    written = {k: v for k, v in asdict(session).items() if k != "programme" or v}
    if session.programme:
        written["programme"] = [
            {k: v for k, v in asdict(entry).items() if k != "reason" or v is not None}
            for entry in session.programme
        ]
    return written


def relative_gap(objective: int, bound: int) -> float:
    """(bound - objective) / max(1, |bound|)."""
    return (bound - objective) / max(1, abs(bound))


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def half_day(day: str, *, pm: bool) -> str:
    """A half day as it is named in a message."""
    return tr("{day} pm", day=day) if pm else tr("{day} am", day=day)
