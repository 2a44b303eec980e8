"""The types of single values: how each is read from text, what a message says it should be, its JSON Schema.

A tree holds text only, so each type says exactly which texts it takes; nothing is guessed or rounded.
A JSON Schema sees what an editor's YAML reader makes of the same text: `12` is an integer there, so an id
may be a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cadreplan.language import later

BAD_VALUE = "bad_value"
"""Error type of every scalar that isn't what its field takes; the message begins at "expected"."""
SAID, CHOICES = "said", "choices"
"""In an error's context: its message in English before its braces are filled in; the texts to choose from."""

_A_DATE = later("expected a date as YYYY-MM-DD")
_A_RANGE = later("expected a date or a range of dates as YYYY-MM-DD..YYYY-MM-DD")

_ID = r"^[\p{L}\p{M}\p{Nd}_@#][\p{L}\p{M}\p{Nd}_.@#-]{0,63}$"
_CANDIDATE_ID = r"^[\p{L}\p{M}\p{Nd}_@#][\p{L}\p{M}\p{Nd}_.@#-]{0,139}$"
_NO_ID = r"\x00-\x20!\x22$-,/:-?\[-^`{-\x7f\u3000-\u3003\uff08\uff09\uff0c\uff1a\uff1b"
_JSON_ID = f"^[^{_NO_ID}.-][^{_NO_ID}]{{0,63}}$"
_JSON_CANDIDATE_ID = f"^[^{_NO_ID}.-][^{_NO_ID}]{{0,139}}$"
_TAG = rf"{_ID}|^branch:[0-9]{{1,2}}$"
_JSON_TAG = f"{_JSON_ID}|^branch:[0-9]{{1,2}}$"
ID_PATTERNS = frozenset((_JSON_ID, _JSON_CANDIDATE_ID, _JSON_TAG))
"""Ids in JSON Schema: \\p{L} isn't known to all of its readers, so these name what an id never has."""
_TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]{1,500}$"
_TABLE_FILE = r"\.([cC][sS][vV]|[yY][aA]?[mM][lL]|[xX][lL][sS][xX](#.+)?)$"
_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = 10**9
_POINTS = 10**12
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class GroupSize(NamedTuple):
    """People in one discussion group, both ends included."""

    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.least}..{self.most}"


class DateRange(NamedTuple):
    """First and last day, both included."""

    start: date
    end: date

    @property
    def n_days(self) -> int:
        return (self.end - self.start).days + 1

    def overlaps(self, other: DateRange) -> bool:
        """Whether the two share a day."""
        return self.start <= other.end and other.start <= self.end


class People(NamedTuple):
    """A number of people or, where it is a share, of every 100."""

    n: int
    is_share: bool

    def __str__(self) -> str:
        return f"{self.n}%" if self.is_share else str(self.n)


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """Pydantic annotation of one scalar type: a core schema from text, what is expected, the JSON Schema."""

    core: CoreSchema
    expected: str
    json: dict[str, Any]
    values: Mapping[str, int] = field(default_factory=dict)
    """What stands in `expected` in braces."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            self.core,
            custom_error_type=BAD_VALUE,
            custom_error_message=self.expected,
            custom_error_context={SAID: self.expected, **self.values},
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.json)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """Like `Scalar`, for types whose parser says itself what is wrong, by `bad_value`."""

    parse: Callable[[Any], Any]
    json: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.json)


class Choice:
    """Pydantic annotation of a `Literal` of texts."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        texts = list(get_args(source))
        return core_schema.custom_error_schema(
            core_schema.literal_schema(texts),
            custom_error_type=BAD_VALUE,
            custom_error_message="expected one of {choices}",
            custom_error_context={CHOICES: texts},
        )


def bad_value(expected: str, **values: object) -> PydanticCustomError:
    """The error to raise where a value isn't what its field takes.

    `expected` begins with "expected" and is marked for translation; `values` are what its braces name.
    """
    return PydanticCustomError(BAD_VALUE, cast("Any", expected), {SAID: expected, **values})


def _whole(least: int, most: int = _COUNT) -> Scalar:
    texts = {
        (0, _COUNT): later("expected a whole number, 0 or more"),
        (1, _COUNT): later("expected a whole number, 1 or more"),
        (0, _POINTS): later("expected a whole number, 0 or more"),
        (-_POINTS, _POINTS): later("expected a whole number, in digits"),
    }
    text = texts.get((least, most), later("expected a whole number, from {least} to {most}"))
    digits = core_schema.str_schema(pattern=r"^-?[0-9]{1,18}$")
    return Scalar(
        core_schema.chain_schema([digits, core_schema.int_schema(ge=least, le=most)]),
        text,
        {"type": "integer", "minimum": least, "maximum": most},
        {"least": least, "most": most},
    )


_DECIMAL = core_schema.str_schema(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,20})?$")


def _group_size(text: str) -> GroupSize:
    least, _, most = text.partition("..")
    size = GroupSize(int(least), int(most or least))
    if not 1 <= size.least <= size.most:
        raise bad_value("")  # the message is that of `GroupSizes`
    return size


def _degrees(most: int) -> Scalar:
    return Scalar(
        core_schema.chain_schema([_DECIMAL, core_schema.float_schema(ge=-most, le=most)]),
        later("expected degrees as a decimal number from -{most} to {most}"),
        {"type": "number", "minimum": -most, "maximum": most},
        {"most": most},
    )


def _people(text: str) -> People:
    n, is_share = int(text.rstrip("% ")), text.endswith("%")
    if is_share and n > 100:
        raise bad_value("")  # the message is that of `PeopleOrShare`
    return People(n, is_share)


def _share(text: str) -> Fraction:
    share = Fraction(text)
    if not 0 <= share <= 1:
        raise bad_value("")  # the message is that of `Share`
    return share


@lru_cache(maxsize=65536)
def _parse_date(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise bad_value(later("expected a day that exists, as YYYY-MM-DD")) from None
        if _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
        text = later("expected a day of the years {first} to {last}")
        raise bad_value(text, first=_FIRST_YEAR, last=_LAST_YEAR)
    raise bad_value(_A_DATE)


@lru_cache(maxsize=65536)
def _parse_range(text: str) -> DateRange:
    first, dots, last = text.partition("..")
    if not _DATE.fullmatch(first) or (dots and not _DATE.fullmatch(last)):
        raise bad_value(_A_RANGE)
    span = DateRange(_parse_date(first), _parse_date(last if dots else first))
    return ordered(span)


def ordered(span: DateRange) -> DateRange:
    """The range itself, if it doesn't end before it starts."""
    if span.end < span.start:
        raise bad_value(later("expected an end on or after the start, {start}"), start=str(span.start))
    return span


def read_date(value: Any) -> date:
    """The date a text says; raises pydantic's error with what is expected."""
    if not isinstance(value, str):
        raise bad_value(_A_DATE)
    return _parse_date(value)


def read_range(value: Any) -> DateRange:
    """The range a text says; raises pydantic's error with what is expected."""
    if not isinstance(value, str):
        raise bad_value(_A_RANGE)
    return _parse_range(value)


_FLAG = core_schema.no_info_after_validator_function(
    "true".__eq__, core_schema.literal_schema(["true", "false"])
)

Id = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_ID),
        later("expected an id: 1 to 64 letters, digits or _ . - @ #, not beginning with . or -"),
        {"type": ["string", "number", "boolean"], "pattern": _JSON_ID},
    ),
]
TagName = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_TAG),
        later("expected a tag of leaders, branch, branch:1 and so on, or role"),
        {"type": ["string", "number", "boolean"], "pattern": _JSON_TAG},
    ),
]
SessionId = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_CANDIDATE_ID),
        later("expected the id of a session, or of a candidate as OFFERING@SITE@START"),
        {"type": ["string", "number", "boolean"], "pattern": _JSON_CANDIDATE_ID},
    ),
]
Text = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_TEXT),
        later("expected a text of 1 to 500 characters"),
        {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 500, "pattern": _TEXT},
    ),
]
Kind = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_ID),
        later("expected a kind: one word of letters, digits or _ . - @ #"),
        {"type": ["string", "number", "boolean"], "pattern": _JSON_ID},
    ),
]
FilePath = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_TEXT),
        later("expected the path of a file"),
        {"type": "string", "minLength": 1, "maxLength": 500},
    ),
]
TablePath = Annotated[
    str,
    Scalar(
        core_schema.str_schema(pattern=_TEXT),
        later("expected the path of a file"),
        {"type": "string", "minLength": 1, "maxLength": 500, "pattern": _TABLE_FILE},
    ),
]
Count = Annotated[int, _whole(0)]
Positive = Annotated[int, _whole(1)]
Level = Annotated[int, _whole(1, 100)]
HeldLevel = Annotated[int, _whole(0, 100)]
Hours = Annotated[int, _whole(1, 10_000)]
Points = Annotated[int, _whole(0, _POINTS)]
SignedPoints = Annotated[int, _whole(-_POINTS, _POINTS)]
Share = Annotated[
    Fraction,
    Scalar(
        core_schema.no_info_after_validator_function(_share, _DECIMAL),
        later("expected a share as a decimal number from 0 to 1"),
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
]
PeopleOrShare = Annotated[
    People,
    Scalar(
        core_schema.no_info_after_validator_function(
            _people, core_schema.str_schema(pattern=r"^[0-9]{1,9}( ?%)?$")
        ),
        later("expected people as a whole number, or a share of those there from 0% to 100%"),
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": _COUNT},
                {"type": "string", "pattern": "^([0-9]{1,9}|0*([0-9]{1,2}|100) ?%)$"},
            ]
        },
    ),
]
GroupSizes = Annotated[
    GroupSize,
    Scalar(
        core_schema.no_info_after_validator_function(
            _group_size, core_schema.str_schema(pattern=r"^[0-9]{1,6}([.][.][0-9]{1,6})?$")
        ),
        later("expected the people in one group, from 1 on, as 8..12"),
        {"type": ["string", "integer"], "pattern": "^0*[1-9][0-9]*([.][.]0*[1-9][0-9]*)?$", "minimum": 1},
    ),
]
LATITUDE = "from -90 to 90"
"""What the message about a wrong latitude says."""
Latitude = Annotated[float, _degrees(90)]
Longitude = Annotated[float, _degrees(180)]
Flag = Annotated[bool, Scalar(_FLAG, later("expected true or false"), {"type": "boolean"})]
Date = Annotated[date, Parsed(read_date, {"type": "string", "pattern": f"^{_DAY}$"})]
RangeText = Annotated[DateRange, Parsed(read_range, {"type": "string", "pattern": rf"^{_DAY}(\.\.{_DAY})?$"})]
Version = Annotated[
    Literal["1"], Scalar(core_schema.literal_schema(["1"]), later("expected 1"), {"const": 1})
]

_SESSION_ID: TypeAdapter[str] = TypeAdapter(SessionId)
RANGE: TypeAdapter[DateRange] = TypeAdapter(RangeText)
"""Reads a range that is typed, as on a command line."""


_NOT_IN_ID = re.compile(r"[^\w.@#-]+")


def ids_inside(text: str) -> list[str]:
    """What has the form of an id in a text that hasn't, each once: `T2` in `T2%`."""
    parts = _NOT_IN_ID.split(unicodedata.normalize("NFKC", text))
    return [part for part in dict.fromkeys(parts) if part and is_id(part)]


def is_id(text: str) -> bool:
    """Whether a text has the form of an id, or of a candidate's."""
    try:
        _SESSION_ID.validate_python(text)
    except ValidationError:
        return False
    return True
