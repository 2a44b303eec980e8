"""What a roster wants of classes and discussion groups as it is written: `mix` and `ties`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.types import Choice, Flag, Id, PeopleOrShare, SessionId, TagName
from cadreplan.language import later


class MixSpec(Spec):
    """What every class, or every discussion group, should look like."""

    tag: TagName = Field(
        description=later(
            "what is counted: a tag of leaders, role, branch, or branch:1 for the ancestor one below the root"
        )
    )
    value: Id | None = Field(
        default=None, description=later("the value that is counted; default: every value, each by itself")
    )
    each: Annotated[Literal["class", "group"], Choice()] = Field(
        description=later("what it is wanted of: every class, or every discussion group")
    )
    at_least: PeopleOrShare | None = Field(
        default=None,
        description=later("people with the value, or their share as 20%, at least; default: any number"),
    )
    at_most: PeopleOrShare | None = Field(
        default=None,
        description=later("people with the value, or their share as 60%, at most; default: any number"),
    )
    alone: Flag = Field(
        default=True,
        description=later("false: nobody is the only one with their value in a group"),
    )
    sessions: tuple[SessionId, ...] | None = Field(
        default=None, min_length=1, description=later("sessions or offerings it is for; default: all")
    )
    hard: Flag = Field(
        default=False,
        description=later("true: no plan breaks it; false: a plan pays weights.mix for each person"),
    )


class TieSpec(Spec):
    """Leaders who belong together, or apart."""

    leaders: tuple[Id, ...] = Field(min_length=2, description=later("whom it is about, two or more"))
    kind: Annotated[Literal["apart", "together"], Choice()] = Field(
        description=later("apart: at most one of them; together: all of them or none")
    )
    each: Annotated[Literal["day", "class", "group"], Choice()] = Field(
        description=later("away on a day, in a class, or in a discussion group")
    )


LIST_SPECS: dict[str, type[Spec]] = {"mix": MixSpec, "ties": TieSpec}
"""What a row of each list of a roster is; none has an id."""
