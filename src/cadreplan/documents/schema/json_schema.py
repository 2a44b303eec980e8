"""JSON Schema of each kind of document, draft 7, made from the same classes that read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args

from cadreplan.documents.schema.curriculum import CurriculumSpec
from cadreplan.documents.schema.plan import PlanSpec
from cadreplan.documents.schema.roster import RosterSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.types import ID_PATTERNS
from cadreplan.language import tr

Kind = Literal["curriculum", "roster", "plan", "findings"]

_SPECS: dict[str, type[Spec]] = {"curriculum": CurriculumSpec, "roster": RosterSpec, "plan": PlanSpec}
_DRAFT_7 = "http://json-schema.org/draft-07/schema#"

_WORDS: dict[str, Any] = {"type": "string", "minLength": 1}
_FROM_1: dict[str, Any] = {"type": "integer", "minimum": 1}
_FINDING: dict[str, Any] = {
    "file": _WORDS | {"description": "path as it was given, or as the document that names it resolves it"},
    "line": _FROM_1 | {"description": "line, in a table the row with the header as 1"},
    "column": _FROM_1 | {"description": "column, in a table that of the cell"},
    "severity": {"enum": ["error", "warning"], "description": "`solve` stops on errors only"},
    "rule": _WORDS | {"pattern": "^[a-z-]+$", "description": "id of the input rule"},
    "message": _WORDS | {"description": "what was found and what was expected"},
    "hint": {"type": "string", "description": "how to fix it; may be empty"},
}
_FINDINGS: dict[str, Any] = {
    "$schema": _DRAFT_7,
    "title": "cadreplan findings",
    "description": "What `validate --format json` prints.",
    "type": "array",
    "items": {
        "type": "object",
        "properties": _FINDING,
        "required": list(_FINDING),
        "additionalProperties": False,
    },
}


def json_schema(kind: Kind) -> dict[str, Any]:
    """The schema of a kind of document, for editors and CI, its descriptions in the reader's language.

    Whatever it rejects, `validate` rejects too. The reverse doesn't hold: references between rows, days that
    don't exist, and texts in quotes for numbers are beyond it.
    """
    schema: dict[str, Any] = _in_words(_schema(kind))
    return schema


def descriptions() -> list[str]:
    """What all schemas say to people, in English."""
    return sorted({text for kind in get_args(Kind) for text in _descriptions(_schema(kind))})


def _schema(kind: Kind) -> dict[str, Any]:
    if kind == "findings":
        return _FINDINGS
    schema = _draft_7(_SPECS[kind].model_json_schema(by_alias=True))
    return {"$schema": _DRAFT_7, "title": f"cadreplan {kind}", **_without(schema, "title", "$schema")}


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _descriptions(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "description" and isinstance(value, str):
                yield value
            yield from _descriptions(value)


def _in_words(node: Any) -> Any:
    if isinstance(node, list):
        return [_in_words(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: tr(value) if key == "description" and isinstance(value, str) else _in_words(value)
        for key, value in node.items()
    }


def _draft_7(node: Any) -> Any:
    """The same schema in the words of draft 7, without what pydantic adds for itself."""
    if isinstance(node, list):
        return [_draft_7(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:  # draft 7 ignores everything beside a reference
        reference = {"$ref": node["$ref"].replace("#/$defs/", "#/definitions/")}
        kept = {k: node[k] for k in ("description", "default") if k in node}
        return {"allOf": [reference], **kept} if kept else reference
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "patternProperties", "$defs"):
            made["definitions" if key == "$defs" else key] = {k: _draft_7(v) for k, v in value.items()}
        elif key == "prefixItems":
            made |= {"items": _draft_7(value), "additionalItems": False}
        elif key not in ("title", "discriminator") and not (key == "default" and value in (None, [])):
            made[key] = _draft_7(value)
    if "patternProperties" in made:  # a map from ids: said so that every reader understands
        [(pattern, values)] = made.pop("patternProperties").items()
        made |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
    if made.get("type") == "array" and made.get("items", {}) and _is_id(made["items"]):
        made["uniqueItems"] = True
    return made


def _is_id(items: Any) -> bool:
    return isinstance(items, dict) and items.get("pattern") in ID_PATTERNS


def _without(schema: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in keys}
