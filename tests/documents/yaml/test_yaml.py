"""YAML to a tree: text stays text, every value has its place, nothing hostile crashes."""

from __future__ import annotations

import gc

import pytest

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.findings import Findings
from cadreplan.documents.tree import Map, Seq, line_and_column, mark_at
from cadreplan.documents.yaml import reader as yaml_reader
from cadreplan.documents.yaml.reader import MAX_DEPTH, MAX_EXPANDED_NODES, parse


def read(text: str) -> Map | Seq:
    findings = Findings()
    tree = parse(text, "x.yaml", findings)
    assert findings.items == []
    assert tree is not None
    return tree


def findings_of(text: str) -> list[Diagnostic]:
    findings = Findings()
    parse(text, "x.yaml", findings)
    return findings.items


def only(text: str) -> tuple[str, int, int]:
    [found] = findings_of(text)
    return found.rule, found.line, found.column


@pytest.mark.parametrize(
    "text", ["012", "NO", "1e3", "9:30", "1_000", "0x10", "1.0", "true", "Null", "2026-03-02"]
)
def test_scalars_stay_text(text: str) -> None:
    assert read(f"a: {text}\n") == {"a": text}
    assert read(f"{text}: a\n") == {text: "a"}


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing_written_is_none(text: str) -> None:
    assert read(f"a: {text}\nb: [{text or '~'}]\n") == {"a": None, "b": [None]}


def test_quoted_is_written() -> None:
    assert read("a: ''\nb: \"null\"\nc: '~'\nd: |\n  null\n") == {
        "a": "",
        "b": "null",
        "c": "~",
        "d": "null\n",
    }


def test_positions_of_keys_and_values() -> None:
    tree = read("党: 支部\nlist:\n  - {a: 1, 中文: [x, 二]}\n  - b\n")
    assert isinstance(tree, Map)
    assert line_and_column(tree.key_mark("list")) == (2, 1)
    assert line_and_column(tree.value_mark("党")) == (1, 4)
    assert line_and_column(mark_at(tree, ["list"])) == (3, 3)
    assert line_and_column(mark_at(tree, ["list", 0])) == (3, 5)
    assert line_and_column(mark_at(tree, ["list", 0, "a"])) == (3, 9)
    assert line_and_column(mark_at(tree, ["list", 0, "中文", 1])) == (3, 20)
    assert line_and_column(mark_at(tree, ["list", 1])) == (4, 5)


def test_path_that_leads_nowhere_ends_at_the_last_place() -> None:
    tree = read("a: {b: 1}\n")
    assert line_and_column(mark_at(tree, ["a", "x", 3])) == (1, 4)
    assert line_and_column(mark_at(tree, ["x"])) == (1, 1)


def test_byte_order_mark_is_no_part_of_the_first_key() -> None:
    tree = read("\ufeffa: b\n")
    assert tree == {"a": "b"}
    assert line_and_column(mark_at(tree, ["a"])) == (1, 4)


def test_duplicate_keys_are_all_found() -> None:
    found = findings_of("a: 1\nb: {x: 1, x: 2, x: 3}\na: 2\n")
    assert [(d.rule, d.line, d.column) for d in found] == [
        ("duplicate-key", 2, 11),
        ("duplicate-key", 2, 17),
        ("duplicate-key", 3, 1),
    ]
    assert "1:1" in found[2].message


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("a: [1, 2\nb: 3\n", "syntax", 2, 2),
        ("a: b: c\n", "syntax", 1, 5),
        ("a:\n\tb: 1\n", "syntax", 2, 1),
        ("a: 'x\n", "syntax", 2, 1),
        ("a: \x07\n", "syntax", 1, 4),
        ("党: 支部\n二: 支\x00\n", "syntax", 2, 5),
        ("", "syntax", 1, 1),
        ("# nothing\n", "syntax", 1, 1),
        ("a: 1\n---\nb: 2\n", "several-documents", 2, 1),
        ("text\n", "wrong-type", 1, 1),
        ("a: !!int 1\n", "yaml-tag", 1, 4),
        ("a: !x {b: 1}\n", "yaml-tag", 1, 4),
        ("a: {<<: {b: 1}}\n", "merge-key", 1, 5),
        ("? [a, b]\n: c\n", "wrong-type", 1, 3),
        ("a: *b\n", "syntax", 1, 4),
        ("a: &b [*b]\n", "syntax", 1, 8),
    ],
)
def test_what_cannot_be_read(text: str, rule: str, line: int, column: int) -> None:
    assert only(text) == (rule, line, column)


def test_quoted_merge_key_is_a_key() -> None:
    assert read("'<<': 1\n") == {"<<": "1"}


@pytest.mark.parametrize(("text", "hint"), [("a： 1\nb: 2\n", "'：'"), ("a: 1\n\tb: 2\n", "spaces")])
def test_hints_name_the_usual_cause(text: str, hint: str) -> None:
    [found] = findings_of(text)
    assert hint in found.hint


def test_values_of_a_document_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "MAX_NODES", 100)
    assert len(read("[" + "x, " * 99 + "]")) == 99
    assert only("[" + "x, " * 100 + "]")[0] == "too-large"


def test_aliases_stand_for_whole_values() -> None:
    tree = read("a: &x [1, 2]\nb: *x\nc: &y 三\n*y : d\ne: &x 5\nf: *x\n")
    assert tree == {"a": ["1", "2"], "b": ["1", "2"], "c": "三", "三": "d", "e": "5", "f": "5"}
    assert line_and_column(mark_at(tree, ["b"])) == (2, 4)
    assert line_and_column(mark_at(tree, ["b", 1])) == (1, 11)


def doubled(times: int) -> str:
    """A list of which alias upon alias makes 10 ** times scalars."""
    lines = ["a0: &a0 x"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, times + 1)]
    return "\n".join(lines) + "\n"


def test_alias_expansion_is_bounded() -> None:
    assert len(read(doubled(5))) == 6
    [found] = findings_of(doubled(9))
    assert found.rule == "alias-expansion"
    assert f"{MAX_EXPANDED_NODES:,}" in found.message


def test_alias_expansion_counts_nodes_exactly() -> None:
    thousand = "a: &a [" + "x, " * 998 + "x]\n"  # 1,000 nodes with the list itself
    aliases = MAX_EXPANDED_NODES // 1000
    assert len(read(thousand + "b: [" + "*a, " * aliases + "]\n")["b"]) == aliases  # type: ignore[call-overload]
    assert only(thousand + "b: [" + "*a, " * aliases + "*a]\n")[0] == "alias-expansion"


def test_many_nodes_without_aliases_are_right() -> None:
    assert len(read("[" + "x, " * 200_000 + "]\n")) == 200_000


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_deep_nesting_is_refused_at_once(opening: str) -> None:
    text = opening * (200_000 // len(opening))
    assert only(text)[0] in ("too-deep", "wrong-type")


def test_depth_just_inside_and_outside() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert only("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ("too-deep", 1, MAX_DEPTH + 1)


@pytest.mark.parametrize("text", ["a: 1\n", "a: [\n"])
def test_garbage_collection_is_left_as_it_was(text: str) -> None:
    assert gc.isenabled()
    findings_of(text)
    assert gc.isenabled()
