"""`docs/format.md`: the data format, its tables made from the JSON Schema of each kind of document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from cadreplan.documents.schema.json_schema import json_schema
from cadreplan.documents.schema.types import ID_PATTERNS
from cadreplan.documents.values.labels import ALIASES, LABELS
from cadreplan.messages.figures import FIGURES
from cadreplan.messages.texts import ACCOUNT, BESIDE, ENGINES, HALF_DAYS, OBSTACLES, SENTENCES, figures_of
from cadreplan.views.wording import REASONS

_Node = dict[str, Any]

_HEAD = """# Data format

People write two kinds of document in YAML, a **curriculum** and a **roster**; cadreplan writes the third, a
**plan**, in JSON. Each begins with `cadreplan: 1`, a plan with `"cadreplan": 2`, and its `kind`.

- Text is UTF-8, with or without a byte-order mark. CSV tables may also be UTF-16 or GB18030; which of them a
  file is in is found out, or said with `--encoding`.
- A value is read as its field asks, never guessed: an id written `012`, `NO`, `1e3` or `9:30` stays that
  text. Flat tables take [other habits](validate.md#tables) where they can mean one thing only.
- Unknown keys and duplicate keys are errors, so a typing mistake is never silently ignored. Columns of flat
  tables that are like no field are passed over with a warning.
- A date is `YYYY-MM-DD`. A range is `2026-03-02..2026-03-06` or `{start: , end: }`, both ends included; a
  single date is a range of one day.
- Points, kilometres, days, hours, seats and people are whole numbers.
- Each of the tables `sites`, `branches`, `sessions`, `offerings`, `lecturers` and `leaders` is a list in the
  roster, or the path of a `.yaml`, `.csv` or `.xlsx` file relative to it (`people.xlsx#Sheet`), or a list
  of such paths and of patterns (`[north.csv, 'branches/*.csv']`). In a flat
  table a list is written `a; b; c` and a map `key:value; key:value`, one without entries `{}` (an empty cell
  counts as not written); its columns are headed by the names of the fields or by their
  [Chinese labels](#chinese-labels). [How files are read](validate.md#tables).

`cadreplan schema KIND` prints the schema these tables come from, for editors. What the rules mean for a plan
is in [model.md](model.md), what `validate` tests beyond the shape of the data in [rules.md](rules.md).
"""
_KINDS = {
    "curriculum": "What is taught, what it builds, and what each post needs.",
    "roster": "Who can be trained where and when, and what is wanted.",
    "plan": "What cadreplan writes: who attends what, its worth, and why a skill gap stays open.",
}
_MESSAGES = """What a plan tells it holds as a code and figures, in no language:
`{"code": "seats-taken", "session": "S2", "seats": 4, "taken": 4}`. Sentences are made when it is shown.
A code has all figures that its sentence names, and perhaps others. Codes and figures keep their meaning;
later versions may add some.

Plans of version 1 have sentences in their place (in `reason` of a half day behind a code and a colon), and
every command reads them. A plan made again of one keeps the sentences of half days that had begun.
"""
_PLACES = {
    "`why` of the solver": ENGINES,
    "`detail` of an open gap": OBSTACLES,
    "`reason` of a half day without a lecturer": HALF_DAYS,
}
_EXAMPLES = {"date": "2026-03-02", "range": "2026-03-02..2026-03-06", "text": "any text"}
"""Kind of text → one that its pattern takes, as do those of the kinds behind it."""
_UNLIMITED = 10**9
_PATH_LENGTH = 500


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for kind, what in _KINDS.items():
        parts += [f"## {kind.capitalize()}\n", f"{what}\n", *_document(json_schema(kind))]  # type: ignore[arg-type]
    reasons = [f"| `{code}` | {meaning} |" for code, meaning in REASONS.items()]
    parts += ["### reasons\n", "The codes of `reason` in an open gap.\n"]
    parts += ["\n".join(["| code | meaning |", "|---|---|", *reasons]) + "\n"]
    parts += _messages()
    either = (
        "A column of a flat table may be headed by either, that of one tag by `tags.gender` or `标签.性别`."
    )
    parts += ["## Chinese labels\n", f"{either}\n", _labels()]
    return "\n".join(parts)


def _messages() -> Iterator[str]:
    """What a plan tells: the codes of each place with their sentences, and what figures hold."""
    yield f"### messages\n\n{_MESSAGES}"
    for place, sentences in _PLACES.items():
        of_sessions = [code for code in sentences if "session" in figures_of(code)]
        which = "those with a `session`" if of_sessions else "each"
        all_have = frozenset.intersection(
            *(BESIDE.get(code, frozenset()) for code in of_sessions or sentences)
        )
        beside = f", {which} perhaps with {_listed(all_have)}" if all_have else ""
        yield f"{place}{beside}:\n"
        rows = [
            f"| `{code}` | {_sentence(code)} | {_listed(BESIDE.get(code, frozenset()) - all_have)} |"
            for code in sentences
        ]
        yield "\n".join(["| code | sentence | perhaps also |", "|---|---|---|", *rows]) + "\n"
    codes = [code for sentences in _PLACES.values() for code in sentences]
    used = {name for code in codes for name in (*figures_of(code), *BESIDE.get(code, ()))}
    yield "Figures:\n"
    rows = [f"| `{name}` | {kind} | {meaning} |" for name, (kind, meaning) in FIGURES.items() if name in used]
    yield "\n".join(["| figure | kind | meaning |", "|---|---|---|", *rows]) + "\n"
    terms = ", ".join(f"`{term}`" for term in ACCOUNT)
    yield f"An `account` is a map to points from what they are for: {terms}.\n"


def _sentence(code: str) -> str:
    sentence = SENTENCES[code]
    return re.sub(r"\{(\w+)[^}]*\}", r"`\1`", sentence if isinstance(sentence, str) else sentence.many)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _document(schema: _Node) -> Iterator[str]:
    yield _table(schema)
    for name in _in_order(schema):
        definition = schema["definitions"][name]
        yield f"### {_title(name)}\n"
        yield f"{definition['description']}\n"
        yield _table(definition)


def _in_order(schema: _Node) -> list[str]:
    """The names of all definitions, as they are met when reading from the top."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                name = node["$ref"].rsplit("/", 1)[1]
                if name not in found:
                    found.append(name)
                    walk(schema["definitions"][name])
            for key, child in node.items():
                if key != "definitions":
                    walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(schema)
    return found


def _table(definition: _Node) -> str:
    rows = ["| field | value | default | meaning |", "|---|---|---|---|"]
    required = definition.get("required", ())
    for name, node in definition["properties"].items():
        meaning, _, stated = node.get("description", "").partition("; default: ")
        default = "required" if name in required else stated or _default(node)
        cells = (f"`{name}`", _value(node), default, meaning)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _default(node: _Node) -> str:
    if _value(node).startswith("["):
        return "its own defaults"
    value = node.get("default")
    if value in (None, {}, []):
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _value(node: _Node) -> str:  # noqa: PLR0911 (one line a kind of value)
    either: list[_Node] = node.get("anyOf") or node.get("oneOf") or []
    choices = [child for child in either if child.get("type") != "null"]
    if choices and "properties" not in node:
        words = [_value(child) for child in choices]
        return " or ".join(word for word in words if f"[{word}](#{word})" not in words)
    if "allOf" in node:
        return _value(node["allOf"][0])
    if "$ref" in node:
        title = _title(node["$ref"].rsplit("/", 1)[1])
        return f"[{title}](#{title.replace(' ', '-')})"
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return ", ".join(f"`{choice}`" for choice in node["enum"])
    kind = node.get("type")
    if kind == "array":
        items = node["items"]
        many = isinstance(items, list)
        return f"[{', '.join(map(_value, items))}]" if many else f"list: {_value(items)}"
    if kind == "object":
        return f"map: id to {_value(node.get('additionalProperties', {}))}"
    if kind == "boolean":
        return "`true`, `false`"
    return _number(node) if kind in ("integer", "number") else _text(node)


def _number(node: _Node) -> str:
    what = "whole" if node["type"] == "integer" else "decimal"
    low, high = node.get("minimum"), node.get("maximum")
    if low is None or low < -_UNLIMITED:
        return f"{what} number"
    return f"{what} ≥ {low}" if high is None or high >= _UNLIMITED else f"{what} {low}..{high}"


def _text(node: _Node) -> str:
    pattern = node.get("pattern")
    if pattern in ID_PATTERNS:
        return "id"
    if pattern is None:
        return "path" if node.get("maxLength") == _PATH_LENGTH else "text"
    taken = [kind for kind, text in _EXAMPLES.items() if re.fullmatch(pattern, text)]
    if not taken:
        return "path" if node.get("maxLength") == _PATH_LENGTH else "text"
    return "text" if "text" in taken else taken[-1]


def _title(name: str) -> str:
    words = re.findall(r"[A-Z][a-z0-9]*", name.removesuffix("Spec"))
    return " ".join(words).lower()


def _labels() -> str:
    rows = [f"| {label} | `{field}` | {_others(field)} |" for label, field in LABELS.items()]
    return "\n".join(["| label | field | also read |", "|---|---|---|", *rows]) + "\n"


def _others(field: str) -> str:
    """Other headers of a field, where no column has its name or label."""
    return ", ".join(text for text, fields in ALIASES.items() if field in fields)
