"""The plan document: assignments, their worth, the solver's statement, and its JSON form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from cadreplan.goals import Goals, GroupGoals, GroupOrder, Order
from cadreplan.language import tr
from cadreplan.messages import Message, Said
from cadreplan.messages.figures import to_json
from cadreplan.notebook import table

if TYPE_CHECKING:
    from cadreplan.frames import Backend

PLAN_VERSION = 2
"""What is written. Plans of version 1, which have sentences in the place of messages, are read too."""

Status = Literal["optimal", "feasible"]

Slot = Literal["am", "pm"]


SELDOM = frozenset(("mix", "norm", "wait"))
"""Terms that most rosters don't ask for: nobody is told that they are 0."""


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
    norm: int = 0
    wait: int = 0
    mix: int = 0

    @property
    def written(self) -> dict[str, int]:
        """As a plan has them: terms that most rosters don't ask for only where they have points."""
        return {k: v for k, v in asdict(self).items() if v or k not in SELDOM}

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

    `ended` is a code of why the search ended (`cadreplan.solving.Ending`), `why` tells why this engine was
    taken; empty where the plan doesn't say.
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
    why: Said = ""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What a plan states of those who have `waited` this many rotations or more: `left_out` of them, with a
    skill gap, attend nothing, and no plan leaves fewer than `least` out, proven.

    The bound of the plan's worth is one for plans that leave no more of them out. Without the guarantee a
    plan worth `without` is known, and none is worth more than `without_bound`; None: it was not looked for.
    """

    waited: int
    left_out: int
    least: int
    without: int | None = None
    without_bound: int | None = None

    @property
    def proven(self) -> bool:
        """Whether no plan leaves fewer out."""
        return self.left_out == self.least


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A half day of a session: `date` is ISO; `lecturer` is an id, or None with the `reason` why nobody."""

    module: str
    date: str
    slot: Slot
    lecturer: str | None
    reason: Said | None = None


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """Whether a session runs, its room's id (None where the site lists no rooms or it does not run), and its
    half days in order (empty where no programme was made). `groups` are the leaders of each discussion group,
    by id (empty where it has none).

    Where it runs, `site`, `dates` (ISO, ascending) and `modules` are those of the roster when the plan was
    made; a plan written before they were kept has none.
    """

    id: str
    runs: bool
    room: str | None = None
    programme: tuple[ProgrammeEntry, ...] = ()
    site: str = ""
    dates: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who a leader of the assignments was on the roster when the plan was made."""

    id: str
    name: str
    branch: str
    headcount: int = 1


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who a lecturer of the half days was on the roster when the plan was made."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plan made again changes of the one before it, beyond what is frozen.

    In sessions that both hold: half days with another module, time or lecturer, lecturers (of a module of a
    session) who are new there, and rooms. Of half days and lecturers, and of rooms, no plan with these
    people in these sessions and as few half days without a lecturer changes fewer than `least` and
    `least_rooms`. `people` change their discussion group, `least_people` at least.
    """

    half_days: int
    lecturers: int
    rooms: int
    least: int
    least_rooms: int
    people: int = 0
    least_people: int = 0


@dataclass(frozen=True, slots=True)
class GroupingInfo:
    """What discussion groups state of themselves: no groups' `GroupGoals.order` comes before `bound`.

    The bound is that of these people in these sessions. `optimal` where it can be counted again without a
    solver, and is reached. `ended` is a code as `SolverInfo.ended`, empty where the search ended by itself.
    """

    status: Status
    goals: GroupGoals
    bound: GroupOrder
    ended: str = ""


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
    bound: Order
    ended: str = ""
    limits: tuple[StaffLimit, ...] = ()
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A skill gap the plan does not close: a reason code, and what it rests on."""

    leader: str
    skill: str
    reason: str
    detail: Said


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete plan. Assignments are (leader id, session id), sorted; sessions are sorted by id.

    `programme` is None where no programme of half days was made, `grouping` where no session has groups.
    `lineage` tells one programme of training
    from others: a solve makes it (`cadreplan.origin.lineage_of`), a plan made of this one has the same; plans
    of earlier versions have none. Sessions that began before `frozen_before` (ISO) are as they were in the
    plan before. `people` and `lecturers` are those of its assignments and half days, by id.
    """

    roster: RosterRef
    solver: SolverInfo
    terms: Terms
    assignments: tuple[tuple[str, str], ...]
    sessions: tuple[PlannedSession, ...]
    open_gaps: tuple[OpenGap, ...] = ()
    programme: ProgrammeInfo | None = None
    grouping: GroupingInfo | None = None
    frozen_before: str | None = None
    kept: Kept | None = None
    people: tuple[Attendee, ...] = ()
    lecturers: tuple[Teacher, ...] = ()
    lineage: str = ""
    guarantee: Guarantee | None = None

    def __repr__(self) -> str:
        """A line: there may be tens of thousands of assignments."""
        said = self.solver
        worth = f"{said.objective:,} of at most {said.bound:,} points"
        return f"<Plan {self.roster.path!r}: {len(self.assignments):,} assignments, {said.status}, {worth}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the worth by term, and what is left open."""
        left = len(self.open_gaps)
        counts = (
            (tr("assignments"), len(self.assignments)),
            (tr("open skill gaps"), left),
            (tr("sessions that run"), sum(entry.runs for entry in self.sessions)),
        )
        worth = ((tr("worth"), self.solver.objective), (tr("bound"), self.solver.bound))
        terms = ((f"\u2003{f.name}", getattr(self.terms, f.name)) for f in fields(Terms))
        stated = ((tr("gap"), f"{self.solver.gap:.3%}"), (tr("engine"), self.solver.engine))
        return table(tr("plan"), (*counts, *worth, *terms, *stated))

    def to_frames(self, backend: Backend | None = None) -> dict[str, Any]:
        """Its lists as data frames: `assignments`, `sessions`, `open_gaps`, `half_days`, `people`.

        `backend` is `pandas` or `polars`, None for the first of them that is installed. Raises `UsageError`
        where it isn't. Days are ISO dates.
        """
        from cadreplan.frames import plan_frames  # noqa: PLC0415 (an extra)

        return plan_frames(self, backend)

    def to_json(self) -> str:
        """The plan as JSON text, a line for each assignment, session and skill gap.

        The same plan gives the same bytes.
        """
        head: dict[str, Any] = {
            "cadreplan": PLAN_VERSION,
            "kind": "plan",
            "roster": {k: v for k, v in asdict(self.roster).items() if k != "settings" or v},
            "lineage": self.lineage,
            "solver": _told(asdict(self.solver), why=self.solver.why),
            "terms": self.terms.written,
        }
        if not self.lineage:
            del head["lineage"]
        if self.programme is not None:
            head["programme"] = _stated(self.programme, "differing", 1)
        if self.grouping is not None:
            head["grouping"] = _stated(self.grouping, "moved", 3)
        if self.frozen_before is not None:
            head["frozen_before"] = self.frozen_before
        if self.guarantee is not None:
            head["guarantee"] = {k: v for k, v in asdict(self.guarantee).items() if v is not None}
        if self.kept is not None:
            groups = ("people", "least_people") if self.grouping is None else ()
            head["kept"] = {k: v for k, v in asdict(self.kept).items() if k not in groups}
        lists: dict[str, list[dict[str, Any]]] = {
            "assignments": [{"leader": leader, "session": session} for leader, session in self.assignments],
            "sessions": [_session(s) for s in self.sessions],
            "open_gaps": [
                {"leader": g.leader, "skill": g.skill, "reason": g.reason, "detail": _said(g.detail)}
                for g in self.open_gaps
            ],
            "people": [_person(one) for one in self.people],
            "lecturers": [asdict(one) for one in self.lecturers],
        }
        lists = {key: rows for key, rows in lists.items() if rows or key not in ("people", "lecturers")}
        lines = [f" {_dumps(key)}: {_dumps(value)}" for key, value in head.items()]
        for key, rows in lists.items():
            body = ",\n".join(f"  {_dumps(row)}" for row in rows)
            lines.append(f" {_dumps(key)}: [\n{body}\n ]" if rows else f" {_dumps(key)}: []")
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _stated(info: ProgrammeInfo | GroupingInfo, goal: str, at: int) -> dict[str, Any]:
    """As written: without this goal, which has this place in the bound, where no plan was before."""
    written = {k: v for k, v in asdict(info).items() if v not in ("", (), None)}
    if not getattr(info.goals, goal) and not info.bound[at]:
        del written["goals"][goal]
        written["bound"] = (*info.bound[:at], *info.bound[at + 1 :])
    return written


def _told(written: dict[str, Any], **told: Said | None) -> dict[str, Any]:
    """As written: with these messages, without those that are None."""
    return {k: v for k, v in written.items() if k not in told} | {
        k: _said(v) for k, v in told.items() if v is not None
    }


def _said(told: Said) -> Any:
    return to_json(told) if isinstance(told, Message) else told


def _person(one: Attendee) -> dict[str, Any]:
    return {k: v for k, v in asdict(one).items() if k != "headcount" or v != 1}


def _session(session: PlannedSession) -> dict[str, Any]:
    """As written: what a session doesn't have is left out, but an absent room or lecturer is null."""
    optional = ("programme", "site", "dates", "modules", "groups")
    written = {k: v for k, v in asdict(session).items() if k not in optional or v}
    if session.dates:
        written["dates"] = [f"{a}..{b}" if a != b else a for a, b in ranges(session.dates)]
    if session.programme:
        written["programme"] = [_told(asdict(entry), reason=entry.reason) for entry in session.programme]
    return written


def ranges(dates: Sequence[str]) -> list[tuple[str, str]]:
    """ISO dates, ascending, as ranges of neighbouring days."""
    found: list[tuple[str, str]] = []
    for day in dates:
        if found and (date.fromisoformat(day) - date.fromisoformat(found[-1][1])).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def relative_gap(objective: int, bound: int) -> float:
    """(bound - objective) / max(1, |bound|)."""
    return (bound - objective) / max(1, abs(bound))


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
