"""Valid documents broken at random: reading them never fails with anything but findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.documents.load import find_problems, load_roster

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "good"
ROSTER, CURRICULUM = EXAMPLES / "inline.yaml", EXAMPLES / "curriculum.yaml"

_scalars = st.sampled_from(
    [
        "",
        "x",
        "L1",
        "S1",
        "BJ",
        "-1",
        "1.5",
        "2026-03-09",
        "2026-03-09..2026-03-10",
        "2999-12-31",
        "每",
        "a; b",
        "k:1",
    ]
)
_values = st.recursive(
    st.none() | _scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_scalars, inner, max_size=2),
    max_leaves=4,
)
_quiet = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(folder: Path, roster: bytes, curriculum: bytes) -> None:
    (folder / "curriculum.yaml").write_bytes(curriculum)
    file = folder / "roster.yaml"
    file.write_bytes(roster)
    found = find_problems([file])
    assert all(d.line >= 1 and d.column >= 1 and d.message for d in found)
    if not any(d.is_error for d in found):
        load_roster(file)


def paths(node: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [here, *(path for key, child in children for path in paths(child, (*here, key)))]


def replaced(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


def trees(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)


@given(data=st.data())
@_quiet
def test_any_value_in_any_place(data: st.DataObject, tmp_path: Path) -> None:
    documents = [trees(ROSTER), trees(CURRICULUM)]
    for i, document in enumerate(documents):
        for _ in range(data.draw(st.integers(0, 2))):
            path = data.draw(st.sampled_from(paths(document)))
            document = replaced(document, path, data.draw(_values))  # noqa: PLW2901
        documents[i] = document
    check(tmp_path, *(json.dumps(document, ensure_ascii=False).encode() for document in documents))


@given(
    at=st.integers(0, 1500),
    cut=st.integers(0, 30),
    put=st.binary(max_size=4)
    | st.sampled_from([b"[", b"{", b": ", b"\t", b"&a ", b"*a", b"- ", b"\n", "：".encode()]),
    in_roster=st.booleans(),
)
@_quiet
def test_any_bytes_in_any_place(at: int, cut: int, put: bytes, in_roster: bool, tmp_path: Path) -> None:
    roster, curriculum = ROSTER.read_bytes(), CURRICULUM.read_bytes()
    if in_roster:
        roster = roster[:at] + put + roster[at + cut :]
    else:
        curriculum = curriculum[:at] + put + curriculum[at + cut :]
    check(tmp_path, roster, curriculum)


@given(
    header=st.lists(
        st.sampled_from(["id", "编号", "branch", "skills", "x", "", "priority", "pinned"]), max_size=6
    ),
    rows=st.lists(st.lists(_scalars, max_size=6), max_size=4),
    junk=st.binary(max_size=3),
)
@_quiet
def test_any_table(header: list[str], rows: list[list[str]], junk: bytes, tmp_path: Path) -> None:
    text = "\n".join(",".join(cells) for cells in [header, *rows])
    (tmp_path / "leaders.csv").write_bytes(text.encode() + junk)
    document = trees(ROSTER) | {"leaders": "leaders.csv"}
    check(tmp_path, json.dumps(document, ensure_ascii=False).encode(), CURRICULUM.read_bytes())
