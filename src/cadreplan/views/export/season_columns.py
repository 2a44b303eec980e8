"""What the sheets of a season's workbook have for columns, taken from the classes that mirror the files.

So a field that is added to those has its column, its explanation and its drop-down list at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin

from cadreplan.documents.schema.cohorts import LIST_SPECS
from cadreplan.documents.schema.curriculum import FLAT_SPECS
from cadreplan.documents.schema.spec import Spec, inside
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.tree import Map, Seq, Tree
from cadreplan.documents.values.labels import (
    CURRICULUM_SHEETS,
    HEAD_LABELS,
    HEAD_SHEET,
    LABELS,
    LIST_SHEETS,
    SHEETS,
)
from cadreplan.documents.values.names import CURRICULUM_LINKS, KINDS, ROSTER_LINKS
from cadreplan.documents.values.plain import AT_LEVEL, NO_ENTRIES, OR
from cadreplan.documents.values.words import CHOICES
from cadreplan.language import Language, current, tr

TABLES = SHEETS | LIST_SHEETS | CURRICULUM_SHEETS
"""Every table that is a sheet, with its Chinese name; people come first, for they change most."""

_PEOPLE = frozenset(("leaders", "lecturers"))
"""Tables whose names are those of people."""
_DAYS = "2026-03-02..2026-03-06; 2026-04-08"
_EXAMPLES = {
    "location": "31.30; 120.58",
    "closed": _DAYS,
    "dates": _DAYS,
    "available": _DAYS,
    "unavailable": _DAYS,
    "starts": "every:monday; from:2026-03-02; to:2026-04-24",
    "requires": f"T1; F1{OR}F1X",
}
"""What a cell may look like, where the data of the workbook doesn't show it."""

_FORMS = {
    "{level, weight}": f"权重{AT_LEVEL}等级",
    "{every: monday, from:, to:}": "every:monday; from:2026-03-02; to:2026-04-24",
    "none（周一至周五）、CN 或映射": "无（周一至周五）或中国",
    "（默认 none）": "",
}
"""What YAML has for a value, and what a cell has."""
_CALLED = {name: label for label, name in reversed((LABELS | HEAD_LABELS).items())} | {
    "policy": HEAD_SHEET[1],
    "mix": SHEETS.get("mix", "") or LIST_SHEETS["mix"],
    "weights.mix": "权重：结构",
}
_SAID_AS_IT_IS = frozenset(("tag", "groups"))
"""Fields whose cells have names of the format: `role`, `branch:1`."""
_NAME = re.compile(r"`?(?<![a-z:])([a-z]+(?:[._][a-z]+)*)`?(?![a-z:0-9]*[a-z0-9:])( [\u4e00-\u9fff]+)?")
"""A name of the format in a sentence, and the word behind it."""
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")

_CHINESE_KINDS = {kind: label for label, kind in reversed(KINDS.items())}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its field, its header, what it means, and how a cell of it is chosen or checked.

    `choices` are the words to choose from; `sort` is what the cell is the id or name of, as "branch".
    """

    key: str
    label: str
    required: bool
    meaning: str
    kind: Literal["text", "whole", "date"] = "text"
    choices: tuple[str, ...] = ()
    sort: str = ""


def sheet_of(table: str) -> str:
    """What the sheet of a table is called in the reader's language."""
    return TABLES[table] if current() is Language.ZH else table


def columns_of(table: str) -> list[SheetColumn]:
    """The columns of a table in the reader's language: the id first, then as the format has them."""
    spec = (ROW_SPECS | LIST_SPECS | FLAT_SPECS)[table]
    keys = [*(key for key in spec.keys if key == "id"), *(key for key in spec.keys if key != "id")]
    return [_column(table, key, spec) for key in keys]


def value_of(key: str, annotation: Any) -> tuple[Literal["text", "whole", "date"], tuple[str, ...]]:
    """How the value of a field is checked, and the words it is chosen from."""
    leaves = list(_single(annotation))
    for leaf in leaves:
        if get_origin(leaf) is Literal:
            return "text", tuple(said(key, word) for word in get_args(leaf))
    if bool in leaves:
        return "text", (said(key, "true"), said(key, "false"))
    if int in leaves:
        return "whole", ()
    return ("date" if date in leaves else "text"), ()


def said(key: str, word: str) -> str:
    """A fixed word of a field as the reader says it, who may write it so."""
    words = CHOICES.get(key, {}).get(word, ())
    return words[0] if words and current() is Language.ZH else word


def kind_of(text: str) -> str:
    """A kind of site or lecturer with its Chinese name, for who reads the list."""
    return f"{text} {_CHINESE_KINDS[text]}" if text in _CHINESE_KINDS else text


def cell_text(key: str, value: Tree) -> str:
    """A value of a row as a cell has it."""
    if isinstance(value, Seq):
        return "; ".join(_entry(item) for item in value)
    if isinstance(value, Map):
        return "; ".join(f"{name}:{_amount(inner)}" for name, inner in value.items()) or NO_ENTRIES
    return said(key, value) if value else ""


def example_of(column: SheetColumn, texts: Iterable[str]) -> str:
    """What a cell of a column may look like: the first of its own, or one made up."""
    own = next((text for text in texts if text), "")
    return own or _EXAMPLES.get(column.key, "") or (column.choices[0] if column.choices else "")


def _column(table: str, key: str, spec: type[Spec]) -> SheetColumn:
    field = spec.model_fields[spec.keys[key]]
    kind, choices = value_of(key, field.annotation)
    links = (ROSTER_LINKS | CURRICULUM_LINKS).get(table, {})
    required = field.is_required()
    meaning = in_cells(tr(field.description or ""), key)
    return SheetColumn(
        key,
        _label(table, key),
        required,
        meaning,
        kind,
        choices,
        links.get(key, "") if _single(field.annotation) else "",
    )


def in_cells(meaning: str, key: str = "") -> str:
    """What a field means, for the reader of a Chinese workbook: in place of names and forms that YAML has the
    headers there, and the words that cells may have.
    """
    if current() is not Language.ZH or key in _SAID_AS_IT_IS:
        return meaning
    for form, cell in _FORMS.items():
        meaning = meaning.replace(form, cell)

    def said(found: re.Match[str]) -> str:
        name, behind = found[1], found[2] or ""
        words = CHOICES.get(key, {}).get(name, ())
        if behind and words and behind.strip() in words:
            return behind.strip()
        return (words[0] if words else _CALLED.get(name, found[0].removesuffix(behind))) + behind

    return _BETWEEN.sub("", _NAME.sub(said, meaning))


def _label(table: str, key: str) -> str:
    if current() is not Language.ZH:
        return key
    if key == "name":
        return "姓名" if table in _PEOPLE else "名称"
    return next((label for label, name in LABELS.items() if name == key), key)


def _amount(value: Tree) -> str:
    """What stands behind a key: a number, a date, or a weight and a level."""
    if isinstance(value, Map):
        level = value.get("level")
        return f"{value.get('weight') or ''}" + (f"{AT_LEVEL}{level}" if level else "")
    return f"{value or ''}"


def _entry(item: Tree) -> str:
    """An item of a list: a room as its id and seats, a range of days, one of several modules."""
    if isinstance(item, Map):
        if "start" in item:
            return f"{item['start']}..{item.get('end')}"
        return ":".join(str(value) for value in item.values())
    if isinstance(item, Seq):
        return OR.join(str(part) for part in item)
    return item or ""


def _single(annotation: Any) -> Sequence[Any]:
    """What the annotation of a field of one value is made of; nothing for lists and maps."""
    found = list(inside(annotation))
    return () if any(get_origin(part) in (dict, tuple) for part in found) else found
