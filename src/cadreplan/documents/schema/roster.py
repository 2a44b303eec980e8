"""The roster as it is written, and its policy (format.md, "Roster"); its rows are in `table_spec`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cadreplan.documents.schema.cohorts import MixSpec, TieSpec
from cadreplan.documents.schema.spec import LIST, MAP, TEXT, Range, Spec, by_shape
from cadreplan.documents.schema.tables import (
    BranchSpec,
    LeaderSpec,
    LecturerSpec,
    OfferingSpec,
    SessionSpec,
    SiteSpec,
)
from cadreplan.documents.schema.types import (
    Choice,
    Count,
    FilePath,
    Points,
    Positive,
    Share,
    TablePath,
    TagName,
    Text,
    Version,
)
from cadreplan.language import later

_TABLE = later("expected a list of rows, or the path of a .yaml, .csv or .xlsx file, or several")


class CalendarSpec(Spec):
    """Which days are working days, where Monday to Friday isn't the answer."""

    country: Annotated[Literal["CN", "none"], Choice()] = Field(
        default="none",
        description=later("country whose holidays and make-up days count; none: Monday to Friday"),
    )
    holidays: tuple[Range, ...] = Field(default=(), description=later("more days on which nobody works"))
    workdays: tuple[Range, ...] = Field(default=(), description=later("more days on which everybody works"))


class WeightsSpec(Spec):
    """Points per unit of each term of a plan's worth."""

    gap: Points = Field(default=10000, description=later("a closed skill gap of weight 1 and priority 1"))
    km: Points = Field(default=1, description=later("a kilometre travelled"))
    day: Points = Field(default=50, description=later("a day away"))
    hour: Points = Field(default=0, description=later("a study hour below min_hours"))
    open: Points = Field(default=1, description=later("a point of cost of a running candidate"))
    underfill: Points = Field(
        default=1000, description=later("a person below min_seats of a confirmed session")
    )
    mix: Points = Field(
        default=0, description=later("a person whom a class has too few or too many of, by mix")
    )
    norm: Points = Field(default=0, description=later("an hour or a session missing to a norm"))
    wait: Points = Field(
        default=0,
        description=later("somebody with a skill gap and no session, times the square of waited + 1"),
    )


class PolicySpec(Spec):
    """What holds for every leader."""

    max_sessions: Count | None = Field(
        default=None, description=later("sessions per leader, at most; default: no limit")
    )
    max_days: Count | None = Field(
        default=None, description=later("days away per leader, at most; default: no limit")
    )
    max_trips: Count | None = Field(
        default=None, description=later("trips per leader, at most; default: no limit")
    )
    transfer_days: Count = Field(
        default=0, description=later("free days needed between sessions at different sites")
    )
    stay_gap: Count = Field(default=2, description=later("idle days bridged by one trip"))
    min_hours: Count = Field(default=0, description=later("study hours wanted per leader"))
    core_share: Share | None = Field(
        default=None, description=later("share of a leader's hours that is core, at least")
    )
    min_methods: Count | None = Field(
        default=None, description=later("distinct methods per leader, at least")
    )
    local_km: Count = Field(
        default=0,
        description=later(
            "kilometres, one way, up to which leaders sleep at home and need no bed; 0: nobody does"
        ),
    )
    guarantee: Count | None = Field(
        default=None,
        description=later(
            "who has waited this many rotations or more comes first, before all points; default: nobody"
        ),
    )
    groups: dict[TagName, Positive] = Field(
        default_factory=dict,
        description=later(
            "tag, branch, branch:1 or role: what two people of one value count in one discussion group"
        ),
    )
    weights: WeightsSpec = Field(
        default_factory=WeightsSpec, description=later("points per unit of each term")
    )


class RosterSpec(Spec):
    """Who can be trained where and when, and what is wanted."""

    cadreplan: Version = Field(description=later("version of the format"))
    kind: Annotated[Literal["roster"], Choice()] = Field(description=later("what the document is"))
    title: Text | None = Field(default=None, description=later("title of the rotation"))
    curriculum: FilePath = Field(description=later("path of the curriculum, relative to this file"))
    horizon: Range = Field(description=later("first and last day of the rotation"))
    history: FilePath | None = Field(
        default=None,
        description=later(
            "path of the history that `record` writes, for who sat in a group before; default: none"
        ),
    )
    calendar: Annotated[
        Annotated[Literal["none", "CN"], Choice(), TEXT] | Annotated[CalendarSpec, MAP],
        by_shape(later("expected none, CN or a map"), TEXT, MAP),
    ] = Field(default="none", description=later("working days: none (Monday to Friday), CN, or a map"))
    sites: Annotated[
        Annotated[list[SiteSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(description=later("where sessions are held"))
    branches: Annotated[
        Annotated[list[BranchSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(description=later("where leaders come from, with their hierarchy"))
    sessions: Annotated[
        Annotated[list[SessionSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(default=[], description=later("deliveries with fixed dates"))
    offerings: Annotated[
        Annotated[list[OfferingSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(default=[], description=later("templates of candidate sessions"))
    lecturers: Annotated[
        Annotated[list[LecturerSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(default=[], description=later("who teaches"))
    leaders: Annotated[
        Annotated[list[LeaderSpec | TablePath], LIST] | Annotated[TablePath, TEXT],
        by_shape(_TABLE, LIST, TEXT),
    ] = Field(description=later("who is trained"))
    mix: tuple[MixSpec, ...] = Field(
        default=(), description=later("what classes and discussion groups should look like")
    )
    ties: tuple[TieSpec, ...] = Field(default=(), description=later("leaders who belong together, or apart"))
    policy: PolicySpec = Field(default_factory=PolicySpec, description=later("what holds for every leader"))
