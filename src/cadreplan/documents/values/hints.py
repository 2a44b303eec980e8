"""How to fix a value that isn't what its field takes; following a hint removes its finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cadreplan.documents.findings import Nearest
from cadreplan.documents.schema.types import ids_inside, is_id
from cadreplan.documents.values import days as days_written
from cadreplan.documents.values.days import Span
from cadreplan.documents.values.names import Names
from cadreplan.documents.values.plain import NO_ENTRIES, ids_in, narrow, number_of, visible
from cadreplan.documents.values.words import BLANK, NONE, choice
from cadreplan.language import later, tr

_REMARK = re.compile(r"\s*[(（][^()（）]*[)）]$")
"""What is said of something in parentheses behind its name."""
_YEARS, _MONTHS, _WEEKS, _DAYS = "年|y|years?", "月|个月|m|mo|months?", "周|星期|w|weeks?", "天|日|d|days?"
_DURATIONS = {
    "valid": {_YEARS: 12, _MONTHS: 1},
    "within": {_DAYS: 1, _WEEKS: 7},
    "years": {_YEARS: 1},
}
"""Field → what may stand behind its number, and how many of what it counts that is; a month has no number
of days."""
_COUNTED = {"valid": later("count months"), "within": later("count days"), "years": later("count years")}
_DIGITS = 6
"""Of a number that is multiplied, at most."""
DURATIONS = frozenset(_DURATIONS)
"""Fields that count months, days or years."""
_ANY_UNIT = r"[^\d%]{1,4}"


def day_hint(text: str, horizon: Span | None) -> str:
    """For a day or a range of days, as an item of a list in a document."""
    return days_written.suggested(text, ", ", horizon)


def one_day_hint(text: str, horizon: Span | None) -> str:
    """For one day."""
    return days_written.suggested_day(text, horizon)


def choice_hint(field: str, text: str, choices: Sequence[str]) -> str:
    """For one of some fixed words."""
    said = choice(field, text, choices)
    return tr("write {instead}", instead=said) if said is not None else Nearest(choices).hint(text)


def number_hint(text: str) -> str:
    """For a whole number; none for a share in its place."""
    said = narrow(text)
    digits = said.replace(",", "") if all(len(part) == 3 for part in said.split(",")[1:]) else said
    found = number_of(digits, _ANY_UNIT)
    is_meant = found is not None and found != text and not found.startswith("-") and "%" not in said
    return tr("write {instead}", instead=found) if is_meant else ""


def duration_hint(field: str, text: str) -> str:
    """For a number of months, days or years by the name of its field; behind it may be a unit of another."""
    said = narrow(text).strip().lower()
    if number_of(said) is not None:
        return number_hint(text)
    for unit, times in _DURATIONS[field].items():
        found = number_of(said, unit)
        if found is not None and found.isdecimal() and len(found) <= _DIGITS:
            return tr("write {instead}", instead=int(found) * times)
    return tr(_COUNTED[field])


def share_hint(text: str) -> str:
    """For a share from 0 to 1."""
    found = re.fullmatch(r"(\d{1,2}|100)\s*%", narrow(text))
    return tr("write {instead}", instead=f"{int(found[1]) / 100:g}") if found else ""


def list_hint(text: str) -> str:
    """For a text where a list belongs."""
    days = days_written.spans(text)
    items = _once(map(days_written.written, days)) if days else _once(_ids(text))
    example = ", ".join(items) if items else text
    return tr("write it as a list: {example}", example=f"[{example}]" if len(example) <= 64 else "[...]")


def id_hint(text: str, names: Names | None, *, many: bool = False) -> str:
    """For an id that has the form of none; `names` are of those that it may be, if it names something.

    Where it is an item of a list, it may turn out to be `many`.
    """
    if names is not None:
        ids = _once(ids_in(text, names))
        if ids == [text] and (bare := names.id_of(_REMARK.sub("", text))) is not None:
            ids = [bare]
    else:
        ids = _once(_ids(narrow(visible(text)))) if many else [narrow(visible(text))]
        if not (ids and all(map(is_id, ids))):
            ids = ids_inside(text) if len(ids_inside(text)) == 1 else []
    is_meant = all(map(is_id if names is None else names.ids.__contains__, ids))
    if not ids or ids == [text] or not is_meant or (len(ids) > 1 and not many):
        return ""
    return tr("write {instead}", instead=", ".join(ids))


def _once(items: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(items)]


def _ids(text: str) -> list[str]:
    """The ids in a text; none where it isn't made of them."""
    parts = ids_in(text, None)
    return parts if all(map(is_id, parts)) else []


def entry_hint(text: str) -> str:
    """For an entry of a map in a flat table that isn't `key:value`."""
    if not says_nothing(text):
        return ""
    return tr("leave the cell empty where all is implied, or write {empty} for none", empty=NO_ENTRIES)


def says_nothing(value: object) -> bool:
    """Whether a value is a dash, or a word for nothing."""
    return isinstance(value, str) and narrow(value).casefold() in BLANK | NONE
