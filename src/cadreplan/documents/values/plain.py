"""Cells of flat tables as people write them, to the plain form that is read: dates, numbers, lists, names.

`plain_cell` says of a cell what its text can only mean: `；` and `、` separate like `;`, `6人` is 6,
`支部书记` the role of that name. A text that it can't tell comes back as it is, and is judged where it is
read. Each text of a column is looked at once, so that plain cells cost a look into a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, get_args, get_origin

from cadreplan.documents.schema.spec import Spec, inside
from cadreplan.documents.schema.types import DateRange
from cadreplan.documents.values import days as days_written
from cadreplan.documents.values.days import Span
from cadreplan.documents.values.names import CURRICULUM_LINKS, ROSTER_LINKS, Names
from cadreplan.documents.values.words import BLANK, NONE, choice

OR = "|"
"""Between modules of which one is enough, in a cell of what a module requires."""
AT_LEVEL = "@"
"""Between the weight of a skill gap and the level needed, in a cell of skill gaps."""
_OR = re.compile(r"[|/]|或者?|(?<=\s)or(?=\s)")

NO_ENTRIES = "{}"
"""A map without entries, where an empty cell says nothing: somebody whose `gaps` are all closed."""

Reader = Callable[[str], str]

_SAME = frozenset(
    (
        *("skills", "completed", "unavailable", "closed", "prefers", "pinned", "excluded", "earned"),
        *("since", "credited", "waited", "tags"),
        *("parent", "role", "quotas", "requires"),
    )
)
"""Fields of which "none" says no more than an empty cell."""
_TO_BE_TOLD = frozenset(("gaps",))
"""Fields of which a dash could say that there are none, while an empty cell says that they are implied."""
_PEOPLE = "人|个人|名|位|个|people|persons?|seats?"
_UNITS = {
    **dict.fromkeys(("seats", "min_seats", "headcount", "max_away", "quotas", "rooms"), _PEOPLE),
    "beds": f"{_PEOPLE}|张|床|beds?",
    **dict.fromkeys(("days", "max_days"), "天|日|个工作日|days?"),
    **dict.fromkeys(("max_sessions", "max_runs"), "次|期|班|个班|个"),
    "max_trips": "次|趟",
    "credited": "学时|小时|次|期|hours?|sessions?",
    "waited": "次|期|轮",
    "max_slots": "个|个半天|半天",
    "cost": "元|分",
    "prefers": "分",
    **dict.fromkeys(("skills", "gaps", "teaches", "needs"), "级"),
    **dict.fromkeys(("hours", "min_hours"), "学时|课时|小时|h|hours?"),
    "max_seats": _PEOPLE,
    "priority": "倍",
}
"""Units that may stand behind the numbers of a field."""
_CHINESE = "零一二三四五六七八九十"
"""Numbers in Chinese, by their values."""
_NUMBER = re.compile(r"([+-]?[0-9]+)(?:\.0+)?")
_DASHES = str.maketrans("−–", "--")
_BY_STRENGTH = (re.compile(r"[;\n\r]"), re.compile(","), re.compile("、"))
"""What separates the items of a list, the strongest first: names may have the weaker ones in them."""
_ANCESTOR = r"branch:[0-9]{1,2}(?=\s*:)"
"""The key of a map that has a colon in it: the branch that many levels below the root."""
_PAIR = re.compile(rf"(\s*{_ANCESTOR}|[^:=]+)[:=]\s*([^:=,、]+)(?:[,、]|$)")
_SIZES = re.compile(r"(?:每组)?\s*([0-9]+)\s*[人名位]?\s*(?:(?:\.\.|[-~–—至到]|to)\s*([0-9]+)\s*[人名位]?)?")
_PLAIN_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PLAIN = {
    DateRange: re.compile(rf"{_PLAIN_DAY}(?:(?:\.\.|; ){_PLAIN_DAY})*"),
    date: re.compile(_PLAIN_DAY),
    float: re.compile(r"-?[0-9]+\.[0-9]+; -?[0-9]+\.[0-9]+"),
    int: re.compile("-?[0-9]+"),
}
"""Type of a field → what is sure to be in the plain form already."""
_PLAIN_MAP = re.compile(r"[^:; ]+:-?[0-9]+(?:; [^:; ]+:-?[0-9]+)*")
_KEY = re.compile("([^:; ]+):")
_EVERY = re.compile(r"every\s*[:=]\s*(\w+)|((?:每|周|星期|礼拜)\S*?[一二三四五六日天])")
_FROM_TO = re.compile(r"(from|to|从|自|到|至)\s*[:=]?\s*(\S+)$")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known where a table is read: its name, the names of what it refers to, the horizon."""

    table: str = ""
    names: Mapping[str, Names] = field(default_factory=dict)
    horizon: Span | None = None
    needs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Role → skill → level needed."""


class _Memo(dict[str, str]):
    """The plain form of every text that a column has."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, text: str) -> str:
        plain = self[text] = self._read(text)
        return plain


def visible(text: str) -> str:
    """A text without characters that can't be seen, as spreadsheets and web pages leave them."""
    if text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def plain_cell(spec: type[Spec], name: str, known: Known) -> Reader:
    """The reader of the cells of one field: their plain form, empty for cells that say nothing."""
    if name == "id":
        return visible
    annotation = spec.model_fields[spec.keys[name]].annotation
    read = _reader(name, annotation, known)
    if read is None:
        return visible
    optional = not spec.model_fields[spec.keys[name]].is_required()
    leaves = set(_leaves(annotation))
    usual = next((_PLAIN[kind] for kind in _PLAIN if kind in leaves), None)
    sort = _sort_of(name, known)
    ids = frozenset(known.names[sort].ids) if sort in known.names else None

    def plain(text: str) -> str:
        if text.isascii():
            if ids is not None and _names_only(text, ids):
                return text
            if ids is None and usual is not None and usual.fullmatch(text):
                return text
        said = narrow(text).casefold()
        if optional and name not in _TO_BE_TOLD and (said in BLANK or (name in _SAME and said in NONE)):
            return ""
        return read(visible(text))

    return _Memo(plain).__getitem__


def _names_only(text: str, ids: frozenset[str]) -> bool:
    """Whether a text names ids in the plain form, as nearly all cells of a large table do."""
    if ":" not in text:
        return text in ids or ids.issuperset(text.split("; "))
    return _PLAIN_MAP.fullmatch(text) is not None and ids.issuperset(_KEY.findall(text))


def _sort_of(name: str, known: Known) -> str:
    """What the ids of a field are those of; empty for a field that names nothing."""
    if name == "kind":
        return f"{known.table.removesuffix('s')} kind"
    return (ROSTER_LINKS | CURRICULUM_LINKS).get(known.table, {}).get(name, "")


def narrow(text: str) -> str:
    """A text with the signs and digits of a Chinese keyboard in ASCII."""
    return unicodedata.normalize("NFKC", text).strip()


def _reader(name: str, annotation: Any, known: Known) -> Reader | None:  # noqa: PLR0911, PLR0912 (one a kind)
    leaves = set(_leaves(annotation))
    sort = _sort_of(name, known)
    names = known.names.get(sort)
    number = _numbers_of(name)
    if name == "starts":
        return starts
    if name == "requires":
        return lambda text: "; ".join(_one_of(item, names) for item in ids_in(text, names))
    if get_origin(_bare(annotation)) is dict or dict in leaves:
        value = visible if name == "tags" else _date if date in leaves and int not in leaves else number
        return lambda text: _map(text, names, value)
    if name == "groups":
        return _group_size
    if name == "rooms":
        return lambda text: _map(text, None, number)
    if DateRange in leaves:
        return _days
    if date in leaves:
        return _date
    if float in leaves:
        return _location
    if bool in leaves:
        return lambda text: choice(name, text, ("true", "false")) or text
    if int in leaves:
        return number
    if any(get_origin(inner) is Literal for inner in inside(annotation)):
        return lambda text: choice(name, text, _choices(annotation)) or text
    if not sort and tuple not in leaves:
        return None
    if tuple in leaves:
        return lambda text: "; ".join(ids_in(text, names))
    return lambda text: _id(text, names)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _leaves(annotation: Any) -> Iterable[Any]:
    """The types that an annotation is made of, with `tuple` and `dict` for their kinds."""
    for inner in inside(annotation):
        origin = get_origin(inner)
        if origin in (tuple, dict):
            yield origin
        elif isinstance(inner, type):
            yield inner


def _choices(annotation: Any) -> Sequence[str]:
    literal = next(inner for inner in inside(annotation) if get_origin(inner) is Literal)
    return [str(text) for text in get_args(literal)]


def _id(text: str, names: Names | None) -> str:
    if names is None:
        return text
    found = names.id_of(text)
    return text if found is None else found


def ids_in(text: str, names: Names | None) -> list[str]:
    """The items of a list of ids; one that is written as a sentence or numbered, if all items are known."""
    found = _cut(_unbracketed(text.strip()), names)
    if names is None or all(map(names.ids.__contains__, found)):
        return found
    loose = _cut(_LOOSE.sub(";", text), names)
    return loose if loose and all(map(names.ids.__contains__, loose)) else found


_LOOSE = re.compile(
    r"""[《》「」『』“”‘’"'【】\[\]。+＋&①-⑳]|以及|[和与及]
    | (?: ^ | (?<=[\s;；,，、。]) ) [(（]?\d{1,2}[)）.．、]""",
    re.VERBOSE,
)
"""What stands around or between items of a list that somebody wrote as a sentence or numbered."""


def _cut(text: str, names: Names | None, level: int = 0) -> list[str]:
    """The items of a list; the whole is tried as a name before it is cut at a weaker separator."""
    text = text.strip()
    if names is not None and text and (found := names.id_of(text)) is not None:
        return [found]
    if level == len(_BY_STRENGTH):
        apart = text.split()
        each = [names.id_of(part) for part in apart] if names is not None and len(apart) > 1 else []
        return [id_ for id_ in each if id_ is not None] if each and None not in each else [text]
    wide = text.translate(_SEPARATORS)
    parts = [part for part in _BY_STRENGTH[level].split(wide) if part.strip()]
    return [item for part in parts for item in _cut(part, names, level + 1)]


def _one_of(text: str, names: Names | None) -> str:
    """What is required, with a sign between modules of which one is enough."""
    if names is not None and names.id_of(text) is not None:
        return text
    return OR.join(_id(part.strip(), names) for part in _OR.split(text))


_SEPARATORS = str.maketrans("；，：＝", ";,:=")


def _unbracketed(text: str) -> str:
    """A list or a map without the brackets that some put around it; one without entries keeps them."""
    inside = text[1:-1].strip()
    pairs = ("[]", "{}", "【】", "［］", "｛｝")
    return inside if inside and text[:1] + text[-1:] in pairs else text.rstrip("。")


def _map(text: str, names: Names | None, value: Reader) -> str:
    """`key:value; key:value`; what has no colon stays as it is, for the reader to judge."""
    if text.strip() == NO_ENTRIES:
        return NO_ENTRIES
    wide = _unbracketed(text.strip()).translate(_SEPARATORS)
    parts = [part.strip() for part in _BY_STRENGTH[0].split(wide)]
    said = "; ".join(pair for part in parts if part for pair in _pairs(part, names, value))
    if names is None or value in (visible, _date) or _PLAIN_MAP.fullmatch(said):
        return said
    return _loose_pairs(wide, names) or said


_LOOSE_PAIR = re.compile(
    r"\s*([^:=,、;/()（）]*?[^:=,、;/()（）\d\s])\s*[:=(（]?\s*(\d{1,3})\s*[级人名]?\s*[)）]?\s*(?:[,、;/]|$|(?=\D))"
)
"""A name and its number, as in `三会一课（2级）`, `三会一课 2` or `三会一课2民主评议1`."""


def _loose_pairs(text: str, names: Names) -> str:
    """The entries of a map whose names and numbers follow each other otherwise; empty if one is unknown."""
    at, found = 0, []
    while at < len(text):
        pair = _LOOSE_PAIR.match(text, at)
        id_ = names.id_of(pair[1].strip()) if pair else None
        if pair is None or id_ is None:
            return ""
        found.append(f"{id_}:{int(pair[2])}")
        at = pair.end()
    return "; ".join(found)


def split_pair(part: str) -> tuple[str, str, str]:
    """The key of an entry of a map in a cell, its colon and its value; without a colon the key alone."""
    found = re.match(_ANCESTOR, part)
    if found is None:
        return part.partition(":")
    return found[0], ":", part[found.end() :].lstrip()[1:]


def _pairs(text: str, names: Names | None, value: Reader) -> list[str]:
    """The entries between two semicolons; a key reaches from a value's separator to the next colon."""
    at, found = 0, []
    while at < len(text) and (pair := _PAIR.match(text, at)):
        found.append(f"{_id(pair[1].strip(), names)}:{value(pair[2].strip())}")
        at = pair.end()
    rest = text[at:].strip(" ,、")
    return [*found, rest] if rest else found


def number_of(text: str, units: str = "") -> str | None:
    """The whole number in a text, in digits, with one of the units behind it or none; None if it is none."""
    said = narrow(text).translate(_DASHES)
    if units and (found := re.fullmatch(rf"(.*[0-9]|[{_CHINESE}])\s*(?:{units})", said)):
        said = found[1]
        said = str(_CHINESE.index(said)) if said in _CHINESE else said
    whole = _NUMBER.fullmatch(said)
    return whole[1].removeprefix("+") if whole else None


def _numbers_of(name: str) -> Reader:
    units = _UNITS.get(name, "")

    def read(text: str) -> str:
        found = number_of(text, units)
        return text if found is None else found

    return read


def _group_size(text: str) -> str:
    """People in a group: `8..12` however it is written."""
    found = _SIZES.fullmatch(narrow(text))
    return text if found is None else ("..".join(filter(None, found.groups())))


def _days(text: str) -> str:
    """A list of days and ranges; one that can't be told apart from others leaves those as they are."""
    found = days_written.spans(_unbracketed(text.strip()))
    if found is not None:
        return "; ".join(map(days_written.written, found))
    parts = [part.strip() for part in re.split(r"[;；,，、\n\r]", text) if part.strip()]
    if len(parts) == 1:
        return text
    return "; ".join(_days(part) for part in parts)


def _date(text: str) -> str:
    found = days_written.spans(text)
    one = found is not None and len(found) == 1 and found[0][0] == found[0][1]
    return str(found[0][0]) if found and one else text


def starts(text: str) -> str:
    """Days on which something starts, or `every:monday; from:; to:`."""
    said = narrow(_unbracketed(text.strip())).replace("\n", ";").replace(",", ";")
    first, _, rest = said.partition(";")
    every = _EVERY.match(first)
    if every is None:
        return _days(text)
    day = choice("every", every[1] or every[2])
    parts = [
        *filter(None, [first[every.end() :].strip()]),
        *(p.strip() for p in rest.split(";") if p.strip()),
    ]
    if day is None:
        return text
    plain = [f"every:{day}"]
    for part in parts:
        end = _FROM_TO.fullmatch(part)
        both = days_written.spans(part)
        if end and _date(end[2]) != text:
            plain.append(f"{'from' if end[1] in ('from', '从', '自') else 'to'}:{_date(end[2])}")
        elif both is not None and len(both) == 1:
            plain += [f"from:{both[0][0]}", f"to:{both[0][1]}"]
        else:
            return text
    return "; ".join(plain)


def _location(text: str) -> str:
    said = _unbracketed(narrow(text)).strip("()")
    parts = [part for part in re.split(r"[;,、\s]+", said) if part]
    return "; ".join(parts)
