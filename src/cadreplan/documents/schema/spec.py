"""What all specs share: unknown keys refused, nothing written means absent, values of two shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema

from cadreplan.documents.schema.types import Date, DateRange, Latitude, Longitude, RangeText, ordered
from cadreplan.documents.schema.unbroken import UnbrokenMeta
from cadreplan.language import later

BAD_SHAPE = "bad_shape"
"""Error type of a text, list or map where another of the three is expected."""

TAG = "«"
"""First character of the union tags, by which they are told from keys in the path of an error."""

MAP, LIST, TEXT = Tag("«map»"), Tag("«list»"), Tag("«text»")


class Spec(BaseModel, metaclass=UnbrokenMeta):
    """Base of the classes that mirror the files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: ClassVar[dict[str, str]] = {}
    """Keys as they are written, with the names of their fields."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.keys = {field.alias or name: name for name, field in cls.model_fields.items()}

    @model_validator(mode="before")
    @classmethod
    def _absent(cls, value: Any) -> Any:
        """A known key with nothing behind it counts as not written."""
        if isinstance(value, dict) and None in value.values():
            return {k: v for k, v in value.items() if v is not None or k not in cls.keys}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Optional keys may also be empty."""
        reference = handler(core)
        schema = handler.resolve_ref_schema(reference)
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            if name not in required and {"type": "null"} not in field.get("anyOf", ()):
                kept = {k: field.pop(k) for k in ("description", "title", "default") if k in field}
                schema["properties"][name] = {"anyOf": [field, {"type": "null"}], **kept}
        return reference


def inside(annotation: Any) -> Iterable[Any]:
    """An annotation and all that it is made of."""
    yield annotation
    for inner in get_args(annotation):
        yield from inside(inner)


def by_shape(expected: str, *shapes: Tag) -> Discriminator:
    """Chooses the branch of a union by what is written: a map, a list or a text."""

    def shape(value: Any) -> str | None:
        is_map, is_list = isinstance(value, dict), isinstance(value, list | tuple)
        tag = MAP if is_map else LIST if is_list else TEXT
        return tag.tag if tag in shapes else None

    return Discriminator(shape, custom_error_type=BAD_SHAPE, custom_error_message=expected)


class RangeSpec(Spec):
    """A range of days, both ends included."""

    start: Date
    end: Date


def _to_range(spec: RangeSpec) -> DateRange:
    return ordered(DateRange(spec.start, spec.end))


_WrittenRange = Annotated[
    Annotated[RangeText, TEXT] | Annotated[RangeSpec, AfterValidator(_to_range), MAP],
    by_shape(
        later("expected a date, a range of dates as YYYY-MM-DD..YYYY-MM-DD or {start:, end:}"), TEXT, MAP
    ),
]


class _EitherForm:
    """Reads both forms of a range to the same `DateRange`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(_WrittenRange)


Range = Annotated[DateRange, _EitherForm()]
Location = tuple[Latitude, Longitude]
