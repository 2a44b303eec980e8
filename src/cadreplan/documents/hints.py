"""How to mend a value that isn't what its field takes; followed, a hint makes its finding go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cadreplan.documents import days_written
from cadreplan.documents.days_written import Span
from cadreplan.documents.findings import Nearest
from cadreplan.documents.plain import narrow, number_of, visible
from cadreplan.documents.types import is_id
from cadreplan.documents.words import BLANK, NONE, choice
from cadreplan.language import tr

_ANY_UNIT = r"\D{1,4}"


def day_hint(text: str, horizon: Span | None) -> str:
    """For a day or a range of days, as an item of a list in a document."""
    return _nothing(text) or days_written.suggested(text, ", ", horizon)


def choice_hint(field: str, text: str, choices: Sequence[str]) -> str:
    """For one of some fixed words."""
    said = choice(field, text, choices)
    return tr("write {instead}", instead=said) if said is not None else Nearest(choices).hint(text)


def number_hint(text: str) -> str:
    """For a whole number."""
    if narrow(text).casefold() in BLANK | NONE:
        return tr("leave it empty where there is no limit, or write 0")
    said = narrow(text)
    digits = said.replace(",", "") if all(len(part) == 3 for part in said.split(",")[1:]) else said
    found = number_of(digits, _ANY_UNIT)
    is_meant = found is not None and found != text and not found.startswith("-")
    return tr("write {instead}", instead=found) if is_meant else ""


def share_hint(text: str) -> str:
    """For a share from 0 to 1."""
    found = re.fullmatch(r"(\d{1,2}|100)\s*%", narrow(text))
    return tr("write {instead}", instead=f"{int(found[1]) / 100:g}") if found else ""


def list_hint(text: str) -> str:
    """For a text where a list belongs."""
    days = days_written.spans(text)
    items = [*map(days_written.written, days)] if days else _ids(text)
    example = ", ".join(items) if items else text
    return tr("write it as a list: {example}", example=f"[{example}]" if len(example) <= 64 else "[...]")


def id_hint(text: str) -> str:
    """For an id that has the form of none."""
    ids = _ids(text)
    return tr("write {instead}", instead=", ".join(ids)) if ids and ids != [text] else _nothing(text)


def _ids(text: str) -> list[str]:
    """The ids in a text; none where it isn't made of them."""
    said = narrow(visible(text)).replace("、", ",").replace(";", ",").replace("\n", ",")
    parts = [part.strip() for part in said.split(",") if part.strip()]
    return parts if all(map(is_id, parts)) else []


def entry_hint(text: str) -> str:
    """For an entry of a map in a flat table that isn't `key:value`."""
    if narrow(text).casefold() in BLANK | NONE:
        return tr("leave the cell empty where all is implied, or write {empty} for none", empty="{}")
    if is_id(text):
        return tr("write what it has behind a colon, as in {example}", example=f"{text[:40]}:1")
    return ""


def _nothing(text: str) -> str:
    said = narrow(text).casefold()
    return tr("leave it empty") if said in BLANK | NONE else ""
