"""One parameter of the search: its default, what it may be, and what an expert has to know of it.

Fields of frozen dataclasses are made by `parameter`; `Group` checks them when an object is made. All groups
together are `params.Params`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from itertools import pairwise
from typing import Any, NamedTuple

from cadreplan.errors import UsageError
from cadreplan.language import tr

BY_HAND = "by hand"
"""The source of a value that nobody has measured against others."""


class About(NamedTuple):
    """What is known of a parameter: it may be from `least` to `most`, and has its value from `source`."""

    meaning: str
    unit: str
    least: float
    most: float
    source: str


def parameter(
    default: float,
    meaning: str,
    *,
    unit: str = "",
    least: float = 0,
    most: float = math.inf,
    source: str = BY_HAND,
) -> Any:
    """A field with this default; a whole number where the default is one."""
    return field(default=default, metadata={"about": About(meaning, unit, least, most, source)})


def share(default: float, meaning: str, *, source: str = BY_HAND) -> Any:
    """A field that is a share, from 0 to 1."""
    return parameter(default, meaning, unit="share", most=1, source=source)


class ParameterError(UsageError):
    """A parameter is not what it may be; `key` is its name, below that of its group.

    `by_others`: it is not what it may be beside other parameters of the group.
    """

    def __init__(self, key: str, found: object, expected: str, *, by_others: bool = False) -> None:
        text = f"{found!r:.60}"
        super().__init__(
            tr("{name}: found {found}, expected {expected}", name=key, found=text, expected=expected)
        )
        self.key, self.by_others = key, by_others


@dataclass(frozen=True)
class Group:
    """Parameters that belong together; making one raises `ParameterError` for a value that can't be."""

    def __post_init__(self) -> None:
        """Check every field."""
        for one, about in described(type(self)):
            value = getattr(self, one.name)
            whole = isinstance(one.default, int)
            kind: Any = int if whole else int | float
            number = isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)
            if not number or not about.least <= value <= about.most:
                raise ParameterError(one.name, value, expected(one))

    def ordered(self, *names: str) -> None:
        """Raise `ParameterError` where one of these is less than the one before it."""
        for before, name in pairwise(names):
            least = getattr(self, before)
            if getattr(self, name) < least:
                at_least = tr("at least {least}, as {name}", least=least, name=before)
                raise ParameterError(name, getattr(self, name), at_least, by_others=True)


def described(group: type[Group]) -> Iterator[tuple[Field[Any], About]]:
    """The parameters of a group, and what is known of each."""
    for one in fields(group):
        yield one, one.metadata["about"]


def expected(one: Field[Any]) -> str:
    """What a parameter may be, in words."""
    about: About = one.metadata["about"]
    least, most = f"{about.least:g}", f"{about.most:g}"
    whole = isinstance(one.default, int)
    if math.isinf(about.most):
        return (
            tr("a whole number from {least}", least=least)
            if whole
            else tr("a number from {least}", least=least)
        )
    if whole:
        return tr("a whole number from {least} to {most}", least=least, most=most)
    return tr("a number from {least} to {most}", least=least, most=most)
