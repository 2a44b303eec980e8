"""One row of each table of a roster as it is written (format.md, "Roster")."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cadreplan.documents.schema.spec import LIST, MAP, TEXT, Location, Range, Spec, by_shape
from cadreplan.documents.schema.types import (
    Choice,
    Count,
    Date,
    DateRange,
    GroupSizes,
    HeldLevel,
    Id,
    Kind,
    Level,
    Points,
    Positive,
    SessionId,
    SignedPoints,
    Text,
)
from cadreplan.language import later

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class RoomSpec(Spec):
    """A room of a site."""

    id: Id = Field(description=later("unique at its site"))
    seats: Count = Field(description=later("people it takes"))


class SiteSpec(Spec):
    """A place where sessions are held."""

    id: Id = Field(description=later("unique among sites"))
    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    kind: Kind | None = Field(
        default=None, description=later("kind of site, compared with the modules' site_kinds")
    )
    location: Location | None = Field(
        default=None, description=later("latitude and longitude in degrees, for travel")
    )
    beds: Count | None = Field(
        default=None, description=later("people who can stay on one day; default: no limit")
    )
    rooms: tuple[RoomSpec, ...] | None = Field(
        default=None, description=later("its rooms; default: no limit")
    )
    closed: tuple[Range, ...] = Field(default=(), description=later("days on which nothing is held there"))


class BranchSpec(Spec):
    """An organisation that sends leaders."""

    id: Id = Field(description=later("unique among branches"))
    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    parent: Id | None = Field(
        default=None, description=later("the branch it is part of; default: none, it is a root")
    )
    location: Location | None = Field(
        default=None, description=later("latitude and longitude in degrees, for travel")
    )
    max_away: Count | None = Field(
        default=None,
        description=later("people of it and those below it who may be away on one day; default: no limit"),
    )


def _start_and_end_or_dates(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [
        {"required": ["dates"], "not": {"anyOf": [{"required": ["start"]}, {"required": ["end"]}]}},
        {"required": ["start", "end"], "not": {"required": ["dates"]}},
    ]


class SessionSpec(Spec, json_schema_extra=_start_and_end_or_dates):
    """One delivery at one site, with fixed dates; has either `dates` or `start` and `end`."""

    id: Id = Field(description=later("unique among sessions"))
    site: Id = Field(description=later("where it is held"))
    modules: tuple[Id, ...] = Field(min_length=1, description=later("what is taught, in any order"))
    dates: tuple[Range, ...] | None = Field(
        default=None,
        min_length=1,
        description=later("its days, which need not be contiguous; or start and end"),
    )
    start: Date | None = Field(default=None, description=later("first day, where `dates` isn't given"))
    end: Date | None = Field(default=None, description=later("last day, where `dates` isn't given"))
    seats: Count = Field(description=later("people it takes"))
    min_seats: Count = Field(
        default=0, description=later("people it should have (confirmed) or must have (candidate)")
    )
    status: Annotated[Literal["confirmed", "candidate"], Choice()] = Field(
        default="confirmed", description=later("confirmed: it runs; candidate: the plan decides")
    )
    cost: Points = Field(default=0, description=later("points paid if a candidate runs"))
    branches: tuple[Id, ...] | None = Field(
        default=None, min_length=1, description=later("who may attend, with those below; default: all")
    )
    roles: tuple[Id, ...] | None = Field(
        default=None, min_length=1, description=later("who may attend; default: all")
    )
    quotas: dict[Id, Count] = Field(
        default_factory=dict, description=later("branch: seats at most, for it and those below it")
    )
    groups: GroupSizes | None = Field(
        default=None,
        description=later("people in one discussion group, as 8..12; default: no groups"),
    )

    @property
    def ranges(self) -> tuple[DateRange, ...]:
        """Its days as they are written; empty where neither form is complete."""
        if self.dates is not None:
            return self.dates
        if self.start is not None and self.end is not None and self.start <= self.end:
            return (DateRange(self.start, self.end),)
        return ()


class EverySpec(Spec):
    """A start on the same day of every week."""

    every: Annotated[Weekday, Choice()] = Field(description=later("day of the week"))
    from_: Date | None = Field(
        default=None, alias="from", description=later("first day; default: the horizon's")
    )
    to: Date | None = Field(default=None, description=later("last day; default: the horizon's"))


class OfferingSpec(Spec):
    """A template of candidate sessions: one for every site and start."""

    id: Id = Field(description=later("unique among offerings"))
    sites: tuple[Id, ...] = Field(min_length=1, description=later("where it can be held"))
    modules: tuple[Id, ...] = Field(min_length=1, description=later("what is taught, in any order"))
    days: Positive = Field(description=later("working days in a row"))
    starts: Annotated[
        Annotated[tuple[Date, ...], Field(min_length=1), LIST] | Annotated[EverySpec, MAP],
        by_shape(later("expected a list of dates or {every:, from:, to:}"), LIST, MAP),
    ] = Field(description=later("days on which it can start: dates, or {every: monday, from:, to:}"))
    seats: Count = Field(description=later("people each run takes"))
    min_seats: Count = Field(default=0, description=later("people each run must have"))
    cost: Points = Field(default=0, description=later("points paid for each run"))
    max_runs: Count | None = Field(
        default=None, description=later("runs over all sites and starts, at most; default: no limit")
    )
    branches: tuple[Id, ...] | None = Field(
        default=None, min_length=1, description=later("who may attend, with those below; default: all")
    )
    roles: tuple[Id, ...] | None = Field(
        default=None, min_length=1, description=later("who may attend; default: all")
    )
    quotas: dict[Id, Count] = Field(
        default_factory=dict, description=later("branch: seats at most, for it and those below it")
    )
    groups: GroupSizes | None = Field(
        default=None,
        description=later("people in one discussion group, as 8..12; default: no groups"),
    )


class LecturerSpec(Spec):
    """Somebody who teaches."""

    id: Id = Field(description=later("unique among lecturers"))
    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    kind: Kind = Field(description=later("kind of lecturer, compared with the modules' lecturers"))
    modules: tuple[Id, ...] | None = Field(
        default=None,
        min_length=1,
        description=later("what they teach; default: all that their kind may teach"),
    )
    available: tuple[Range, ...] | None = Field(
        default=None, min_length=1, description=later("days on which they teach; default: all")
    )
    max_slots: Count | None = Field(
        default=None, description=later("half days in the horizon, at most; default: no limit")
    )
    site: Id | None = Field(default=None, description=later("the site they are bound to; default: none"))


class GapSpec(Spec):
    """A skill gap in full."""

    level: Level | None = Field(default=None, description=later("level needed; default: any"))
    weight: Points | None = Field(
        default=None, description=later("worth of closing it; default: the skill's weight")
    )


class LeaderSpec(Spec):
    """One row of the roster: a leader, or people who travel together."""

    id: Id = Field(description=later("unique among leaders"))
    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    branch: Id = Field(description=later("where they come from"))
    role: Id | None = Field(default=None, description=later("post, whose needs make the skill gaps"))
    skills: dict[Id, HeldLevel] = Field(
        default_factory=dict, description=later("skill: level held now; default: 0")
    )
    gaps: (
        dict[
            Id,
            Annotated[
                Annotated[Points, TEXT] | Annotated[GapSpec, MAP],
                by_shape(later("expected a weight or {level:, weight:}"), TEXT, MAP),
            ],
        ]
        | None
    ) = Field(
        default=None,
        description=later("skill: weight, or {level, weight}; replaces what role and skills imply"),
    )
    earned: dict[Id, Date] = Field(
        default_factory=dict,
        description=later("skill: day on which the level held was earned; default: it is held for ever"),
    )
    completed: tuple[Id, ...] = Field(default=(), description=later("modules already taken"))
    tags: dict[Id, Id] = Field(
        default_factory=dict,
        description=later("tag: value, what classes and discussion groups are mixed by; one of each tag"),
    )
    location: Location | None = Field(
        default=None, description=later("home, latitude and longitude; default: the branch's")
    )
    available: tuple[Range, ...] | None = Field(
        default=None, min_length=1, description=later("days on which a trip may fall; default: the horizon")
    )
    unavailable: tuple[Range, ...] = Field(default=(), description=later("days on which no trip may fall"))
    priority: Points = Field(default=1, description=later("factor on the worth of the skill gaps"))
    headcount: Positive = Field(default=1, description=later("people in this row who travel together"))
    max_sessions: Count | None = Field(
        default=None, description=later("sessions at most; default: the policy's")
    )
    max_days: Count | None = Field(
        default=None, description=later("days away at most; default: the policy's")
    )
    max_trips: Count | None = Field(default=None, description=later("trips at most; default: the policy's"))
    prefers: dict[SessionId, SignedPoints] = Field(
        default_factory=dict, description=later("session or site: points added for each assigned session")
    )
    pinned: tuple[SessionId, ...] = Field(default=(), description=later("sessions that must be assigned"))
    excluded: tuple[SessionId, ...] = Field(
        default=(), description=later("sessions that must not be assigned")
    )
    since: Date | None = Field(
        default=None, description=later("day since when they are in the post; default: not known")
    )
    credited: dict[Id, Count] = Field(
        default_factory=dict,
        description=later("norm: hours (or sessions) already done in its window; default: 0"),
    )
    waited: Count = Field(default=0, description=later("rotations in a row without any session"))


ROW_SPECS: dict[str, type[Spec]] = {
    "sites": SiteSpec,
    "branches": BranchSpec,
    "sessions": SessionSpec,
    "offerings": OfferingSpec,
    "lecturers": LecturerSpec,
    "leaders": LeaderSpec,
}
"""What a row of each table of a roster is."""
