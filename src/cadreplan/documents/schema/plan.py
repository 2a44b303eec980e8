"""A plan as it is written in JSON (format.md, "Plan"). Its types are JSON's own, not text."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from cadreplan.documents.schema.spec import MAP, TEXT, Spec, by_shape
from cadreplan.language import later

_Name = Annotated[str, Field(min_length=1, max_length=140)]
_Words = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$", max_length=10_000)]
"""Text for people, without what steers a terminal."""
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Number = Annotated[int, Field(ge=-(2**62), le=2**62)]
_Count = Annotated[int, Field(ge=0, le=2**62)]
_Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_Range = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([.][.][0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
_Real = Annotated[float, Field(allow_inf_nan=False)]


class _PlanPart(Spec):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MessageSpec(_PlanPart):
    """What the plan has to tell, as a code and its figures; people read it in their language."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    code: _Name = Field(description=later("what is told; its figures stand beside it"))

    @property
    def written(self) -> dict[str, Any]:
        """The code and all figures."""
        return {"code": self.code, **(self.model_extra or {})}


_Told = Annotated[
    Annotated[_Words, TEXT] | Annotated[MessageSpec, MAP],
    by_shape(later("expected a message: a map with a code"), TEXT, MAP),
]
"""A message; a sentence in plans of version 1, and where one was taken over from such a plan."""


class RosterRefSpec(_PlanPart):
    """The roster a plan belongs to."""

    path: str = Field(min_length=1, description=later("path of the roster, relative to the plan's folder"))
    sha256: _Sha256 = Field(description=later("SHA-256 of the roster's bytes"))
    files: dict[str, _Sha256] = Field(
        default_factory=dict,
        description=later("path of every file the roster reads, relative to it: SHA-256"),
    )
    settings: list[_Words] = Field(
        default=[], description=later("what was put into the roster for this plan: sites.yanan.beds=60")
    )


class SolverSpec(_PlanPart):
    """What the engine states."""

    engine: _Words = Field(description=later("the engine that found the plan"))
    status: Literal["optimal", "feasible"] = Field(description=later("optimal only where bound = objective"))
    objective: _Number = Field(description=later("points of the plan"))
    bound: _Number = Field(description=later("proven upper limit on any plan's points"))
    gap: _Real = Field(description=later("(bound - objective) / max(1, |bound|)"))
    seconds: Annotated[_Real, Field(ge=0)] = Field(description=later("wall-clock time of the solve"))
    seed: _Number = Field(description=later("seed of the solve"))
    workers: Annotated[_Number, Field(ge=1)] = Field(description=later("parallel workers"))
    version: _Words = Field(description=later("version of cadreplan"))
    ended: _Words = Field(default="", description=later("why the search ended"))
    why: _Told = Field(default="", description=later("why this engine was taken"))


class TermsSpec(_PlanPart):
    """Points by term of the objective; costs are negative."""

    gaps: _Number = Field(description=later("closed skill gaps"))
    prefers: _Number = Field(description=later("preferences of assigned sessions"))
    km: _Number = Field(description=later("distance travelled"))
    days: _Number = Field(description=later("days away"))
    open: _Number = Field(description=later("running candidates"))
    underfill: _Number = Field(description=later("people missing in confirmed sessions"))
    hours: _Number = Field(description=later("study hours missing"))
    norm: _Number = Field(default=0, description=later("hours and sessions missing to norms"))
    wait: _Number = Field(default=0, description=later("those with a skill gap and no session"))
    mix: _Number = Field(default=0, description=later("people whom classes have too few or too many of"))


class GuaranteeSpec(_PlanPart):
    """What becomes of those who have waited long."""

    waited: _Count = Field(description=later("rotations waited, from which on a seat comes first"))
    left_out: _Count = Field(description=later("of those, with a skill gap, attend nothing"))
    least: _Count = Field(description=later("proven: no plan leaves fewer out"))
    without: _Number | None = Field(
        default=None,
        description=later("points of a plan that need not keep the guarantee; default: not asked"),
    )
    without_bound: _Number | None = Field(
        default=None,
        description=later("proven upper limit on the points of any plan without it; default: not asked"),
    )


class AssignmentSpec(_PlanPart):
    """A leader attends a session."""

    leader: _Name = Field(description=later("id of the leader"))
    session: _Name = Field(description=later("id of the session or candidate"))


class ProgrammeItemSpec(_PlanPart):
    """A half day of a module."""

    module: _Name = Field(description=later("id of the module"))
    date: _Date = Field(description=later("the day"))
    slot: Literal["am", "pm"] = Field(description=later("the half day"))
    lecturer: _Name | None = Field(
        default=None, description=later("id of the lecturer; null where nobody can teach it")
    )
    reason: _Told | None = Field(default=None, description=later("why nobody can teach it"))


class PlannedSessionSpec(_PlanPart):
    """What becomes of a session."""

    id: _Name = Field(description=later("id of the session or candidate"))
    runs: bool = Field(description=later("whether it runs"))
    room: _Name | None = Field(default=None, description=later("its room, where the site lists rooms"))
    programme: list[ProgrammeItemSpec] | None = Field(
        default=None, description=later("its half days, in order")
    )
    site: _Name | None = Field(default=None, description=later("where it is held, if it runs"))
    dates: list[_Range] = Field(default=[], description=later("days or ranges of days on which it is held"))
    modules: list[_Name] = Field(default=[], description=later("ids of its modules"))
    groups: list[list[_Name]] = Field(
        default=[], description=later("ids of the leaders of each discussion group")
    )


class GoalsSpec(_PlanPart):
    """What a programme should have little of."""

    unstaffed: _Count = Field(description=later("half days without a lecturer"))
    afternoons: _Count = Field(description=later("half days of core modules in an afternoon"))
    repeats: _Count = Field(description=later("neighbouring half days with the same teaching method"))
    journeys: _Count = Field(description=later("sessions that lecturers travel to"))
    overload: _Count = Field(description=later("half days of lecturers above the fair share"))
    changes: _Count = Field(description=later("lecturers of a module of a session beyond its first"))
    differing: _Count = Field(
        default=0, description=later("half days and lecturers that are not those of the plan before")
    )


class StaffLimitSpec(_PlanPart):
    """Candidates that need the same lecturers."""

    half_days: dict[_Name, _Count] = Field(description=later("candidate: half days it needs of them"))
    most: _Count = Field(description=later("those that run need at most this many together"))


class ProgrammeSpec(_PlanPart):
    """What the programme states of itself."""

    status: Literal["optimal", "feasible"] = Field(
        description=later("optimal only where nothing can be better")
    )
    goals: GoalsSpec = Field(description=later("what it has"))
    bound: Annotated[list[_Count], Field(min_length=5, max_length=6)] = Field(
        description=later(
            "unstaffed, differing (where there was a plan before), afternoons, repeats, journeys + overload,"
            " changes: nothing comes before"
        )
    )
    ended: _Words = Field(
        default="", description=later("why its search ended, where it didn't end by itself")
    )
    limits: list[StaffLimitSpec] = Field(
        default=[], description=later("proven: more than this can't be staffed together")
    )
    ceiling: _Number | None = Field(
        default=None,
        description=later("proven upper limit on the points of any plan that keeps to the limits"),
    )


class GroupGoalsSpec(_PlanPart):
    """What discussion groups should have little of."""

    ties: _Count = Field(description=later("broken ties of groups"))
    outside: _Count = Field(description=later("people by whom groups are smaller or larger than asked for"))
    mix: _Count = Field(
        description=later("people missing or too many for `mix` of groups, and each lone one")
    )
    moved: _Count = Field(default=0, description=later("people who aren't in the group of the plan before"))
    like: _Count = Field(description=later("weighted pairs with the same value of a tag in a group"))
    met: _Count = Field(description=later("pairs who sat in a group before"))


class GroupingSpec(_PlanPart):
    """What the discussion groups state of themselves."""

    status: Literal["optimal", "feasible"] = Field(
        description=later("optimal only where nothing can be better, and no solver is needed to see it")
    )
    goals: GroupGoalsSpec = Field(description=later("what they have"))
    bound: Annotated[list[_Count], Field(min_length=5, max_length=6)] = Field(
        description=later(
            "ties, outside, mix, moved (where there was a plan before), like, met: nothing comes before"
        )
    )
    ended: _Words = Field(
        default="", description=later("why the search ended, where it didn't end by itself")
    )


class KeptSpec(_PlanPart):
    """What changes of the plan before, beyond what is frozen, in sessions that both hold."""

    half_days: _Count = Field(description=later("half days with another module, time or lecturer"))
    lecturers: _Count = Field(description=later("lecturers of a module of a session who are new there"))
    rooms: _Count = Field(description=later("sessions in another room"))
    least: _Count = Field(
        description=later("proven, for these people in these sessions: no fewer half days and lecturers")
    )
    least_rooms: _Count = Field(
        description=later("proven, for these people in these sessions: no fewer rooms")
    )
    people: _Count = Field(default=0, description=later("people in another discussion group"))
    least_people: _Count = Field(
        default=0, description=later("proven, for these people in these sessions: no fewer")
    )


class AttendeeSpec(_PlanPart):
    """A leader of the assignments, as the roster had them when the plan was made."""

    id: _Name = Field(description=later("id of the leader"))
    name: str = Field(description=later("name of the leader"))
    branch: _Name = Field(description=later("id of the branch"))
    headcount: Annotated[_Number, Field(ge=1)] = Field(default=1, description=later("people in the row"))


class TeacherSpec(_PlanPart):
    """A lecturer of the half days, as the roster had them when the plan was made."""

    id: _Name = Field(description=later("id of the lecturer"))
    name: str = Field(description=later("name of the lecturer"))
    kind: str = Field(description=later("kind of the lecturer"))


class OpenGapSpec(_PlanPart):
    """A skill gap that the plan doesn't close."""

    leader: _Name = Field(description=later("id of the leader"))
    skill: _Name = Field(description=later("id of the skill"))
    reason: _Name = Field(description=later("code of the reason"))
    detail: _Told = Field(description=later("what the reason rests on"))


class PlanSpec(_PlanPart):
    """A complete plan."""

    cadreplan: Literal[1, 2] = Field(description=later("version of the format"))
    kind: Literal["plan"] = Field(description=later("what the document is"))
    roster: RosterRefSpec = Field(description=later("the roster it belongs to"))
    lineage: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$|^$")] = Field(
        default="", description=later("the same in all plans that were replanned from one another")
    )
    solver: SolverSpec = Field(description=later("what the engine states"))
    terms: TermsSpec = Field(description=later("points by term"))
    assignments: list[AssignmentSpec] = Field(description=later("who attends what, by leader, then session"))
    sessions: list[PlannedSessionSpec] = Field(description=later("what becomes of every session, by id"))
    open_gaps: list[OpenGapSpec] = Field(description=later("the skill gaps left open, and why"))
    programme: ProgrammeSpec | None = Field(default=None, description=later("what the half days are like"))
    grouping: GroupingSpec | None = Field(
        default=None, description=later("what the discussion groups are like")
    )
    frozen_before: _Date | None = Field(
        default=None,
        description=later("sessions that began before this day are as they were in the plan before"),
    )
    guarantee: GuaranteeSpec | None = Field(
        default=None, description=later("what becomes of those who have waited long")
    )
    kept: KeptSpec | None = Field(
        default=None, description=later("what changes of the plan before, beyond what is frozen")
    )
    people: list[AttendeeSpec] = Field(default=[], description=later("the leaders of the assignments, by id"))
    lecturers: list[TeacherSpec] = Field(
        default=[], description=later("the lecturers of the half days, by id")
    )
