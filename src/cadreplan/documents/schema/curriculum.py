"""The curriculum as it is written (format.md, "Curriculum")."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from cadreplan.documents.schema.spec import LIST, TEXT, Spec, by_shape
from cadreplan.documents.schema.types import (
    Choice,
    Count,
    DateRange,
    Flag,
    GroupSizes,
    Hours,
    Id,
    Kind,
    Level,
    Points,
    Positive,
    Share,
    Text,
    Version,
)
from cadreplan.language import later


def _alone(module: str) -> tuple[str, ...]:
    return (module,)


_Written = Annotated[
    Annotated[Id, AfterValidator(_alone), TEXT] | Annotated[tuple[Id, ...], Field(min_length=1), LIST],
    by_shape(later("expected the id of a module, or a list of modules of which one is enough"), TEXT, LIST),
]


class _OneOrMore:
    """Reads both forms of a requirement to the same tuple."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(_Written)


Requirement = Annotated[tuple[str, ...], _OneOrMore()]
"""Modules of which one has to be completed; written as an id where it is one."""


class AbilitySpec(Spec):
    """What the training builds; reports are grouped by it."""

    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )


class SkillSpec(Spec):
    """Something a leader can do, to a level."""

    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    ability: Id = Field(description=later("the ability it belongs to"))
    weight: Points = Field(default=1, description=later("worth of closing a skill gap in it"))
    valid: Positive | None = Field(
        default=None,
        description=later("months for which a level lasts after it was earned; default: for ever"),
    )


class ModuleSpec(Spec):
    """A unit of teaching."""

    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    teaches: dict[Id, Level] = Field(description=later("skill: level reached by attending"))
    hours: Hours = Field(description=later("study hours; 4 hours fill one half-day slot"))
    form: Annotated[Literal["lecture", "tutorial", "exchange"], Choice()] = Field(
        default="lecture", description=later("lecture 集中授课, tutorial 专题辅导, exchange 交流研讨")
    )
    method: Annotated[Literal["lecture", "seminar", "experiential", "simulation"], Choice()] = Field(
        default="lecture", description=later("lecture 讲授, seminar 研讨, experiential 体验, simulation 模拟")
    )
    core: Flag = Field(default=False, description=later("counts as main course (主业主课)"))
    requires: tuple[Requirement, ...] = Field(
        default=(),
        description=later("modules to be completed earlier; of an entry that is a list one is enough"),
    )
    site_kinds: tuple[Kind, ...] = Field(
        default=(), description=later("kinds of site where it can be taught; default: any")
    )
    lecturers: tuple[Kind, ...] = Field(
        default=(), description=later("kinds of lecturer who may teach it; default: any")
    )
    max_seats: Positive | None = Field(
        default=None, description=later("largest group it can be taught to; default: no limit")
    )
    groups: GroupSizes | None = Field(
        default=None,
        description=later(
            "people in one discussion group of a session that holds it and says none itself, as 8..12;"
            " of several modules the first that has it; default: no groups"
        ),
    )


class RoleSpec(Spec):
    """A post and the skills it needs."""

    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    needs: dict[Id, Level] = Field(description=later("skill: level needed"))


def _written(*keys: str) -> dict[str, Any]:
    """That keys are there, with something behind them."""
    return {"required": [*keys], "properties": {key: {"type": "integer"} for key in keys}}


def _hours_or_sessions(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [_written("hours"), _written("sessions")]
    schema["not"] = _written("years", "within")


class NormSpec(Spec, json_schema_extra=_hours_or_sessions):
    """What rules ask of people whatever their skill gaps: either `hours` or `sessions`."""

    name: Text | None = Field(
        default=None, description=later("name on screens and in reports; default: the id")
    )
    hours: Hours | None = Field(
        default=None, description=later("study hours wanted in one window; default: sessions are counted")
    )
    sessions: Positive | None = Field(
        default=None, description=later("sessions wanted in one window; default: hours are counted")
    )
    years: Positive | None = Field(
        default=None,
        description=later(
            "the window: this many calendar years, the last that of the horizon's last day; default: 1"
        ),
    )
    within: Positive | None = Field(
        default=None,
        description=later(
            "instead of years: this many days from the leader's `since` on; counts only if they end in the"
            " horizon; default: none"
        ),
    )
    roles: tuple[Id, ...] | None = Field(
        default=None, min_length=1, description=later("whom it is for; default: all")
    )
    source: Text | None = Field(default=None, description=later("where it is written, quoted in reports"))

    def window(self, since: date | None, horizon: DateRange) -> DateRange | None:
        """The days whose hours or sessions count; None where nothing is known of its beginning."""
        if self.within is None:
            last = horizon.end.year
            return DateRange(date(max(date.min.year, last - (self.years or 1) + 1), 1, 1), date(last, 12, 31))
        if since is None or self.within > (date.max - since).days:
            return None
        return DateRange(since, since + timedelta(days=self.within))


class StandardsSpec(Spec):
    """What every session of two or more modules must keep."""

    core_share: Share | None = Field(
        default=None, description=later("share of the hours that is core, at least")
    )
    min_methods: Count | None = Field(default=None, description=later("distinct teaching methods, at least"))


class CurriculumSpec(Spec):
    """What is taught, what it builds, and what each post needs."""

    cadreplan: Version = Field(description=later("version of the format"))
    kind: Annotated[Literal["curriculum"], Choice()] = Field(description=later("what the document is"))
    title: Text | None = Field(default=None, description=later("title of the programme"))
    abilities: dict[Id, AbilitySpec] = Field(description=later("ability id: what the training builds"))
    skills: dict[Id, SkillSpec] = Field(description=later("skill id: something a leader can do"))
    modules: dict[Id, ModuleSpec] = Field(description=later("module id: a unit of teaching"))
    roles: dict[Id, RoleSpec] = Field(default_factory=dict, description=later("role id: what a post needs"))
    norms: dict[Id, NormSpec] = Field(
        default_factory=dict, description=later("norm id: what rules ask of people whatever their skill gaps")
    )
    standards: StandardsSpec = Field(
        default_factory=StandardsSpec, description=later("checked on every session of two or more modules")
    )


ENTRY_SPECS: dict[str, type[Spec]] = {
    "abilities": AbilitySpec,
    "skills": SkillSpec,
    "modules": ModuleSpec,
    "roles": RoleSpec,
    "norms": NormSpec,
}
"""What an entry of each table of a curriculum is."""


def _flat(spec: type[Spec]) -> type[Spec]:
    """The same entry as a row, which says its id itself."""
    id_ = (Id, Field(description=later("unique in its table")))
    made: type[Spec] = create_model(f"{spec.__name__}Row", __base__=spec, id=id_)
    return made


FLAT_SPECS: dict[str, type[Spec]] = {name: _flat(spec) for name, spec in ENTRY_SPECS.items()}
"""What a row is where such a table is a sheet of a workbook."""
