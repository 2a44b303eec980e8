"""The JSON Schemas: draft 7, exact where a schema can be, never stricter than the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from cadreplan.documents.schema.json_schema import Kind, json_schema
from cadreplan.documents.schema.types import ID_PATTERNS, Date, Id, RangeText, SessionId, Text

KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "findings")


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_draft_7_only(kind: Kind) -> None:
    schema = json_schema(kind)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    for node in nodes(schema):
        assert not node.keys() & {"$defs", "prefixItems", "discriminator"}
        if "$ref" in node:
            assert node.keys() == {"$ref"}
            assert node["$ref"].removeprefix("#/definitions/") in schema["definitions"]


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_keys_are_refused_everywhere(kind: Kind) -> None:
    for node in nodes(json_schema(kind)):
        if "properties" in node and isinstance(node.get("type"), str):
            # what figures a message has is up to its code
            assert node["additionalProperties"] is (list(node["properties"]) == ["code"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described(kind: Kind) -> None:
    schema = json_schema(kind)
    for owner in (schema, *schema["definitions"].values()):
        for name, value in owner["properties"].items():
            assert value.get("description") or name in ("start", "end"), name


def test_numbers_are_numbers_for_an_editor() -> None:
    definitions = json_schema("roster")["definitions"]
    session, leader = definitions["SessionSpec"]["properties"], definitions["LeaderSpec"]["properties"]
    assert session["seats"]["type"] == "integer"
    assert session["seats"]["minimum"] == 0
    assert leader["skills"]["anyOf"][0]["additionalProperties"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 100,
    }
    assert leader["location"]["anyOf"][0]["items"] == [
        {"type": "number", "minimum": -90, "maximum": 90},
        {"type": "number", "minimum": -180, "maximum": 180},
    ]
    assert leader["location"]["anyOf"][0]["additionalItems"] is False
    assert leader["pinned"]["anyOf"][0]["uniqueItems"] is True
    module = json_schema("curriculum")["definitions"]["ModuleSpec"]["properties"]
    assert module["core"]["anyOf"] == [{"type": "boolean"}, {"type": "null"}]
    assert module["core"]["default"] is False


def test_tables_are_lists_or_paths() -> None:
    roster = json_schema("roster")
    for name in ("sites", "branches", "sessions", "offerings", "lecturers", "leaders"):
        written = roster["properties"][name]
        branches = [branch for node in nodes(written) for branch in node.get("oneOf", ())]
        assert [branch["type"] for branch in branches] == ["array", "string"]
    assert set(roster["required"]) == {
        "cadreplan",
        "kind",
        "curriculum",
        "horizon",
        "sites",
        "branches",
        "leaders",
    }


def test_session_has_dates_or_start_and_end() -> None:
    session = json_schema("roster")["definitions"]["SessionSpec"]
    assert [branch["required"] for branch in session["oneOf"]] == [["dates"], ["start", "end"]]


def test_patterns_of_ids_are_never_stricter_than_the_reader() -> None:
    readers = [TypeAdapter(Id), TypeAdapter(SessionId)]
    characters = [*map(chr, range(0x20, 0x250)), *"中文字、。，：；（）٣क्षि한가ñ\u3000\u200b😀"]
    for pattern in ID_PATTERNS:
        for text in (*characters, *("a" + c for c in characters), "x" * 64, "x" * 141):
            if any(_takes(reader, text) for reader in readers if len(text) <= 64):
                assert re.search(pattern, text), text
            if text.isascii() and re.search(pattern, text):
                assert _takes(readers[1], text), text


@pytest.mark.parametrize(
    ("type_", "texts"),
    [
        (Date, ["2026-03-02", "2026-3-2", "2026-13-02", "2026-03-02..2026-03-03", "20260302"]),
        (RangeText, ["2026-03-02", "2026-03-02..2026-03-03", "2026-03-02..", "2026-03-02 .. 2026-03-03"]),
        (Text, ["王磊", "", "a\tb", "a\x07"]),
    ],
)
def test_patterns_agree_with_the_reader(type_: Any, texts: list[str]) -> None:
    reader = TypeAdapter(type_)
    pattern = reader.json_schema()["pattern"]
    assert [bool(re.search(pattern, text)) for text in texts] == [_takes(reader, text) for text in texts]


def _takes(reader: TypeAdapter[Any], text: str) -> bool:
    try:
        reader.validate_python(text)
    except ValidationError:
        return False
    return True
