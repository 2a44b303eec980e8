"""Finding what a reader names: by id, else by name, else the nearest ones to choose from."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Protocol

from cadreplan.errors import UsageError
from cadreplan.language import later, tr
from cadreplan.views.wording import first_of

_SUGGESTED = 5
_KINDS = {
    "branch": (later("branch"), later("branches")),
    "leader": (later("leader"), later("leaders")),
    "lecturer": (later("lecturer"), later("lecturers")),
    "rule": (later("rule"), later("rules")),
    "session": (later("session"), later("sessions")),
    "site": (later("site"), later("sites")),
    "skill": (later("skill"), later("skills")),
}
"""What may be looked for: one, and several."""


class Identified(Protocol):
    """Has an id."""

    @property
    def id(self) -> str: ...


class Named(Identified, Protocol):
    """Has an id and a name."""

    @property
    def name(self) -> str: ...


def find(things: Sequence[Identified], wanted: str, kind: str) -> int:
    """The index of the thing with this id or this name; if none has it, a `UsageError` with the nearest ones.

    An id goes before a name; upper and lower case only matter where two would fit.
    """
    text = wanted.strip()
    matches = (
        lambda thing: thing.id == text,
        lambda thing: _name(thing) == text,
        lambda thing: thing.id.casefold() == text.casefold(),
        lambda thing: str(getattr(thing, "handle", thing.id)).casefold() == text.casefold(),
        lambda thing: _name(thing).casefold() == text.casefold(),
        lambda thing: bool(text) and text.casefold() in _name(thing).casefold(),
    )
    for match in matches:
        found = [k for k, thing in enumerate(things) if match(thing)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(
                tr(
                    "{n:,} {what} are called '{name}': {some}",
                    n=len(found),
                    what=tr(_KINDS[kind][1]),
                    name=text,
                    some=_some(things, found),
                )
            )
    what = tr(_KINDS[kind][0])
    if not things:
        raise UsageError(tr("there is no {what} at all", what=what))
    near = _nearest(things, text)
    if near:
        hint = tr("did you mean {some}?", some=_some(things, near))
    else:
        hint = tr("there are {some}", some=_some(things, range(len(things))))
    raise UsageError(tr("there is no {what} '{name}'; {hint}", what=what, name=text, hint=hint))


def _name(thing: Identified) -> str:
    return str(getattr(thing, "name", thing.id))


def _nearest(things: Sequence[Identified], text: str) -> list[int]:
    keys: dict[str, int] = {}
    for k, thing in enumerate(things):
        keys.setdefault(_name(thing).casefold(), k)
        keys.setdefault(thing.id.casefold(), k)
    close = difflib.get_close_matches(text.casefold(), keys, n=_SUGGESTED, cutoff=0.6)
    return list(dict.fromkeys(keys[key] for key in close))


def _some(things: Sequence[Identified], found: Sequence[int]) -> str:
    return first_of([_label(things[k]) for k in found], _SUGGESTED)


def _label(thing: Identified) -> str:
    name = _name(thing)
    if hasattr(thing, "handle"):
        return name
    return thing.id if name == thing.id else f"{thing.id} {name}"
