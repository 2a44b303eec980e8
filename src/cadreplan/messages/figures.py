"""What figures hold, and messages as JSON: `{"code": "seats-taken", "seats": 4, "taken": 4, …}`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from cadreplan.language import later, tr
from cadreplan.messages.message import Message
from cadreplan.messages.texts import ACCOUNT, BESIDE, RAISED, SENTENCES, figures_of

CODE = "code"
"""The key of a message's code; no figure is called so."""


class Kind(StrEnum):
    """What a figure is, in a plan's JSON."""

    ID = "id"
    IDS = "ids"
    ENTRIES = "entries"
    DAY = "day"
    DAYS = "days"
    SPAN = "span"
    HALF_DAY = "half-day"
    COUNT = "count"
    POINTS = "points"
    SHARE = "share"
    TEXT = "text"
    TEXTS = "texts"
    ACCOUNT = "account"
    RAISED = "raised"
    MESSAGE = "message"


_C, _I = Kind.COUNT, Kind.ID

FIGURES: Mapping[str, tuple[Kind, str]] = {
    "able": (_C, "lecturers who could but for this"),
    "account": (Kind.ACCOUNT, "points by what they are for"),
    "away": (_C, "people away"),
    "beds": (_C, "beds of the site"),
    "beyond": (_I, "id of the offering that would run once more than it may"),
    "branch": (_I, "id of the branch"),
    "candidates": (_C, "candidates of the roster"),
    "core": (_C, "core hours"),
    "cost": (Kind.POINTS, "points paid if it runs"),
    "dates": (Kind.DAYS, "days"),
    "day": (Kind.DAY, "the day"),
    "days": (_C, "days away"),
    "earlier": (_I, "id of the session that would come first"),
    "failure": (Kind.TEXT, "how the engine failed, in its own words"),
    "free": (_C, "free days between both"),
    "half_day": (Kind.HALF_DAY, "the half day"),
    "has": (Kind.IDS, "ids of the sessions that the leader has"),
    "held": (_C, "modules attended"),
    "highest": (_C, "the highest level taught"),
    "hours": (_C, "hours attended"),
    "kinds": (Kind.IDS, "kinds of lecturer who may teach it; none: any"),
    "km": (Kind.POINTS, "kilometres more"),
    "lacking": (Kind.MESSAGE, "what has to come first"),
    "leader": (_I, "id of the leader"),
    "leaders": (Kind.IDS, "ids of leaders"),
    "least": (_C, "the least it must be"),
    "lecturer": (_I, "id of the lecturer who could do it with the least change"),
    "lecturers": (Kind.IDS, "ids of lecturers, the first three of them"),
    "level": (_C, "the level needed"),
    "methods": (_C, "teaching methods"),
    "module": (_I, "id of the module"),
    "modules": (Kind.ENTRIES, "ids of what is required; of each entry one module is enough"),
    "more_days": (Kind.POINTS, "days away more"),
    "most": (_C, "the most it may be"),
    "needed": (_C, "what the leader would need of it"),
    "now": (_C, "seats that it has now"),
    "offering": (_I, "id of the offering"),
    "other": (_I, "id of the other session"),
    "others": (_C, "other sessions that teach it, and with which the leader gets no farther"),
    "pairs": (_C, "pairs of a leader and a session that is of use"),
    "people": (_C, "people; of a mix, those with the value"),
    "place": (Kind.TEXT, "name of the site or branch"),
    "points": (Kind.POINTS, "points in all"),
    "raised": (Kind.RAISED, "limits, and by how much they are raised"),
    "range": (Kind.TEXT, "range of days"),
    "ranges": (Kind.TEXTS, "ranges of days"),
    "role": (_I, "id of the role"),
    "seats": (_C, "seats"),
    "session": (_I, "id of the session or candidate"),
    "sessions": (_C, "sessions attended"),
    "share": (Kind.SHARE, "the least number of core hours"),
    "site": (_I, "id of the site"),
    "span": (Kind.SPAN, "range of days"),
    "tag": (Kind.TEXT, "the tag"),
    "taken": (_C, "of those, taken"),
    "there": (_C, "people in all"),
    "titles": (Kind.TEXTS, "names of modules"),
    "trips": (_C, "trips"),
    "value": (Kind.TEXT, "its value"),
}
"""Figure → what it is, and what it means, for the documentation. A name means the same in every message."""

_TERMS: Mapping[Kind, Collection[str]] = {Kind.ACCOUNT: ACCOUNT, Kind.RAISED: RAISED}
_MOST = 2**62
_LONGEST_ID, _LONGEST_TEXT = 140, 10_000
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What steers a terminal."""
_HALF_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}) (?:am|pm)")

Wrong = tuple[tuple[str | int, ...], str]
"""Where in a message something is wrong, and what, in a sentence."""


def to_json(message: Message) -> dict[str, Any]:
    """The message as a plan has it."""
    return {CODE: message.code, **{name: _written(name, value) for name, value in message.figures}}


def _written(name: str, value: object) -> Any:
    if isinstance(value, Message):
        return to_json(value)
    return dict(value) if FIGURES[name][0] in _TERMS else value  # type: ignore[call-overload]


def of_json(written: Mapping[str, Any]) -> Message:
    """The message that is written; it must be right (`wrongs`)."""
    return Message.of(
        written[CODE],
        **{name: _read(FIGURES[name][0], value) for name, value in written.items() if name != CODE},
    )


def _read(kind: Kind, value: Any) -> object:
    if kind is Kind.MESSAGE:
        return of_json(value)
    if kind in _TERMS:
        return tuple((term, value[term]) for term in _TERMS[kind] if term in value)
    if kind is Kind.ENTRIES:
        return tuple(map(tuple, value))
    return tuple(value) if isinstance(value, list) else value


def wrongs(written: Mapping[str, Any], codes: Collection[str] = SENTENCES) -> Iterator[Wrong]:
    """What is wrong with a message that should have one of the `codes`."""
    code = written.get(CODE)
    if not isinstance(code, str) or code not in codes:
        found = tr("found {found}, expected the code of a message", found=_cut(code))
        yield (CODE,) if CODE in written else (), found
        return
    needed, beside = figures_of(code), BESIDE.get(code, frozenset())
    for name in sorted(needed - written.keys()):
        yield (), tr("{code}: the figure {name} is missing", code=code, name=name)
    for name, value in written.items():
        if name == CODE:
            continue
        if name not in needed and name not in beside:
            yield (name,), _unknown(code, name)
        elif FIGURES[name][0] is Kind.MESSAGE:
            yield from _wrong_inside(name, value)
        elif not _IS[FIGURES[name][0]](value):
            yield (name,), _not(tr(_EXPECTED[FIGURES[name][0]]), name, value)


def _wrong_inside(name: str, value: Any) -> Iterator[Wrong]:
    """What is wrong with a message in a message: one that must come first holds no other."""
    if not isinstance(value, dict):
        yield (name,), _not(tr("expected a map"), name, value)
        return
    for path, what in wrongs({k: v for k, v in value.items() if k != name}, ("requires",)):
        yield (name, *path), what
    if name in value:
        yield (name, name), _unknown(_cut(value.get(CODE)), name)


def _unknown(code: str, name: str) -> str:
    return tr("{code}: found the figure {name}, which it doesn't have", code=code, name=_cut(name))


def _not(expected: str, name: str, value: object) -> str:
    return tr("{field}: found {found}, {expected}", field=name, found=_cut(value), expected=expected)


def _cut(value: object) -> str:
    """A value as a message quotes it: short, and nothing in it steers."""
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."


def _is_text(value: object, longest: int = _LONGEST_TEXT) -> bool:
    return isinstance(value, str) and len(value) <= longest and _STEERING.search(value) is None


def _is_id(value: object) -> bool:
    return bool(value) and _is_text(value, _LONGEST_ID)


def _are_entries(value: object) -> bool:
    return isinstance(value, list) and all(_all(_is_id)(entry) and entry for entry in value)


def _is_whole(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= _MOST


def _is_number(value: object) -> bool:
    return (isinstance(value, float) and math.isfinite(value)) or _is_whole(value, -_MOST)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_half_day(value: object) -> bool:
    found = _HALF_DAY.fullmatch(value) if isinstance(value, str) else None
    return found is not None and _is_day(found[1])


def _is_span(value: object) -> bool:
    return isinstance(value, str) and all(map(_is_day, value.split(".."))) and value.count("..") < 2


def _all(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _terms(known: Collection[str]) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, dict) and all(k in known and _is_whole(v, -_MOST) for k, v in value.items())
    )


_IS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.ID: _is_id,
    Kind.IDS: _all(_is_id),
    Kind.ENTRIES: _are_entries,
    Kind.DAY: _is_day,
    Kind.DAYS: _all(_is_day),
    Kind.SPAN: _is_span,
    Kind.HALF_DAY: _is_half_day,
    Kind.COUNT: lambda value: _is_whole(value, 0),
    Kind.POINTS: lambda value: _is_whole(value, -_MOST),
    Kind.SHARE: _is_number,
    Kind.TEXT: _is_text,
    Kind.TEXTS: _all(_is_text),
    Kind.ACCOUNT: _terms(ACCOUNT),
    Kind.RAISED: _terms(RAISED),
}
_EXPECTED = {
    Kind.ID: later("expected an id"),
    Kind.IDS: later("expected a list of ids"),
    Kind.ENTRIES: later("expected a list of lists of ids"),
    Kind.DAY: later("expected a date as YYYY-MM-DD"),
    Kind.DAYS: later("expected a list of dates"),
    Kind.SPAN: later("expected a range of days as YYYY-MM-DD..YYYY-MM-DD"),
    Kind.HALF_DAY: later("expected a half day, as 2026-03-09 am"),
    Kind.COUNT: later("expected a whole number, 0 or more"),
    Kind.POINTS: later("expected a whole number"),
    Kind.SHARE: later("expected a finite number"),
    Kind.TEXT: later("expected a text without control characters"),
    Kind.TEXTS: later("expected a list of texts without control characters"),
    Kind.RAISED: later("expected a map from limits to whole numbers"),
    Kind.ACCOUNT: later("expected a map from what points are for to points"),
}
"""What is expected of each kind of figure."""
