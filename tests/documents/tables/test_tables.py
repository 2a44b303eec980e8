"""Flat tables: encodings, delimiters, headers, cells, and the place of every value."""

from __future__ import annotations

import pytest

from cadreplan.documents.findings import Findings
from cadreplan.documents.schema.curriculum import ENTRY_SPECS
from cadreplan.documents.schema.tables import (
    ROW_SPECS,
    BranchSpec,
    LeaderSpec,
    LecturerSpec,
    OfferingSpec,
    SessionSpec,
    SiteSpec,
)
from cadreplan.documents.tables.reader import decode, read_csv
from cadreplan.documents.tree import Map, Seq, line_and_column, mark_at
from cadreplan.documents.values.labels import LABELS
from cadreplan.documents.workbook.sheet import MAX_COLUMNS, MAX_ROWS
from cadreplan.errors import UsageError


def table(text: str, spec: type = LeaderSpec) -> tuple[Seq, list[tuple[str, int, int]]]:
    findings = Findings()
    tree = read_csv(text, spec, "t.csv", findings)
    return tree, [(d.rule, d.line, d.column) for d in findings.items]


def rows(text: str, spec: type = LeaderSpec) -> list[object]:
    tree, found = table(text, spec)
    assert found == []
    return list(tree)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encoding_is_detected(encoding: str) -> None:
    findings = Findings()
    assert decode("编号,姓名\nL1,欧阳靖\n".encode(encoding), "t.csv", findings) == "编号,姓名\nL1,欧阳靖\n"
    assert findings.items == []


def test_encoding_may_be_given() -> None:
    data = "姓名\n王磊\n".encode("big5")
    assert decode(data, "t.csv", Findings(), "big5") == "姓名\n王磊\n"
    findings = Findings()
    assert decode(data, "t.csv", findings, "ascii") is None
    assert [d.rule for d in findings.items] == ["encoding"]
    with pytest.raises(UsageError, match="klingon"):
        decode(data, "t.csv", findings, "klingon")


def test_bytes_in_no_encoding_are_a_finding() -> None:
    findings = Findings()
    assert decode(b"id,name\nL1,\xff\xff\n", "t.csv", findings) is None
    assert [(d.rule, d.line) for d in findings.items] == [("encoding", 1)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_that_of_the_header(delimiter: str) -> None:
    text = '编号,支部,"技能"\nL1,HQ,"a:1; b:2"\n'.replace(",", delimiter)
    assert rows(text) == [{"id": "L1", "branch": "HQ", "skills": {"a": "1", "b": "2"}}]


@pytest.mark.parametrize("spec", [BranchSpec, LeaderSpec, LecturerSpec, OfferingSpec, SessionSpec, SiteSpec])
def test_chinese_labels_name_fields(spec: type) -> None:
    labels = {name: label for label, name in LABELS.items() if name in spec.keys}  # type: ignore[attr-defined]
    labels = {label: name for name, label in labels.items()}
    [row] = rows(",".join(labels) + "\n" + ",".join("x:1" for _ in labels) + "\n", spec)
    assert isinstance(row, dict)
    assert list(row) == list(labels.values())


def test_every_label_names_a_field() -> None:
    fields = {name for spec in (*ROW_SPECS.values(), *ENTRY_SPECS.values()) for name in spec.keys}
    assert fields <= set(LABELS.values())


def test_cells_are_read_by_the_shape_of_their_field() -> None:
    header = "id,completed,skills,location,unavailable,prefers\n"
    [leader] = rows(header + "L1,A; B ;,k : 2,39.9; 116.4,2026-03-02..2026-03-04,S1:-5\n")
    assert leader == {
        "id": "L1",
        "completed": ["A", "B"],
        "skills": {"k": "2"},
        "location": ["39.9", "116.4"],
        "unavailable": ["2026-03-02..2026-03-04"],
        "prefers": {"S1": "-5"},
    }
    [site] = rows("id,rooms,closed\nBJ,R1:40; R2:60,2026-05-01; 2026-05-04\n", SiteSpec)
    assert site == {
        "id": "BJ",
        "rooms": [{"id": "R1", "seats": "40"}, {"id": "R2", "seats": "60"}],
        "closed": ["2026-05-01", "2026-05-04"],
    }
    header = "id,starts\n"
    assert rows(header + "O,2026-03-02; 2026-03-09\n", OfferingSpec) == [
        {"id": "O", "starts": ["2026-03-02", "2026-03-09"]}
    ]
    assert rows(header + "O,every:monday; from:2026-03-02\n", OfferingSpec) == [
        {"id": "O", "starts": {"every": "monday", "from": "2026-03-02"}}
    ]


def test_empty_cells_and_rows_are_not_written() -> None:
    assert rows("id,name,branch\n\nL1,,HQ\n , ,\nL2,x\n") == [
        {"id": "L1", "branch": "HQ"},
        {"id": "L2", "name": "x"},
    ]


def test_line_is_that_of_the_file_and_column_the_cell() -> None:
    tree, _ = table('id,name,skills\n\nL1,"two\nlines",a:1\nL2,x,a:1; b:2\n')
    assert line_and_column(mark_at(tree, [0])) == (3, 1)
    assert line_and_column(mark_at(tree, [0, "skills"])) == (4, 3)
    assert line_and_column(mark_at(tree, [1, "name"])) == (5, 2)
    assert line_and_column(mark_at(tree, [1, "skills", "b"])) == (5, 3)
    assert isinstance(tree[1], Map)
    assert line_and_column(tree[1].key_mark("skills")) == (5, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("table-header", 1, 1)]),
        ("id,nme\nL1,x\n", [("unknown-key", 1, 2)]),
        ("id,name,姓名\nL1,x,y\n", [("duplicate-key", 1, 3)]),
        ("id,,name\nL1,x,y\n", [("table-header", 1, 2)]),
        ("id,name,,\nL1,x,,\n", []),
        ("id,name,,\nL1,x,y,\n", [("table-shape", 2, 3)]),
        ("id,name\nL1,x,,\nL2,x,,y\n", [("table-shape", 3, 4)]),
        ("id,skills\nL1,a\n", [("wrong-value", 2, 2)]),
        ("id,skills\nL1,:1\n", [("wrong-value", 2, 2)]),
        ("id,skills\nL1,a:1; a:2\n", [("duplicate-key", 2, 2)]),
        ('id,name\nL1,"x\n', [("table-syntax", 2, 1)]),
        ('id,name\nL1,"x"y\nL2,z\n', [("table-syntax", 2, 1)]),
    ],
)
def test_what_is_wrong_with_a_table(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert table(text)[1] == expected


@pytest.mark.parametrize(("n_rows", "n_found"), [(MAX_ROWS, 0), (MAX_ROWS + 1, 1)])
def test_rows_just_inside_and_just_outside(n_rows: int, n_found: int) -> None:
    tree, found = table("id\n" + "x\n" * (n_rows - 1))
    assert len(tree) == MAX_ROWS - 1
    assert found == [("table-size", MAX_ROWS + 1, 1)] * n_found


@pytest.mark.parametrize(("n_columns", "n_found"), [(MAX_COLUMNS, 0), (MAX_COLUMNS + 1, 1)])
def test_columns_just_inside_and_just_outside(n_columns: int, n_found: int) -> None:
    _, found = table(",".join(["id", *(f"c{i}" for i in range(n_columns - 1))]) + "\n")
    assert found.count(("table-size", 1, MAX_COLUMNS + 1)) == n_found
    assert found.count(("extra-column", 1, 2)) == 1
    assert len(found) == 1 + n_found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_header_below_a_title(delimiter: str) -> None:
    text = "2026年名单\n\n制表,王磊\n编号,支部,备注\nL1,HQ,\n".replace(",", delimiter)
    tree, found = table(text)
    assert list(tree) == [{"id": "L1", "branch": "HQ"}]
    assert found == [("extra-column", 4, 3)]


@pytest.mark.parametrize("header", ["编号（必填）,支部*,姓名 (显示)", "ID*,Branch(编号),name＊"])
def test_stars_and_remarks_are_no_part_of_a_header(header: str) -> None:
    [row] = rows(f"{header}\nL1,HQ,王磊\n")
    assert row == {"id": "L1", "branch": "HQ", "name": "王磊"}


def test_a_column_headed_by_a_hash_is_not_read() -> None:
    assert rows("#序号,编号,# 备注\n1,L1,;:x\n2,L2,\n") == [{"id": "L1"}, {"id": "L2"}]
    findings = Findings()
    read_csv("编号,备注\nL1,\n", LeaderSpec, "t.csv", findings)
    [found] = findings.items
    assert (found.severity, found.rule) == ("warning", "extra-column")
    assert found.message == "found columns that are passed over: '备注'"
    read_csv("编号,#备注\nL1,\n", LeaderSpec, "t.csv", findings)
    assert findings.items == [found]
    read_csv("编号,岗位名\nL1,\n", LeaderSpec, "t.csv", findings)
    assert "expected one of: 编号, 姓名, 支部, 岗位, 技能," in findings.items[1].message
    read_csv("id,rol\nL1,\n", LeaderSpec, "t.csv", findings)
    assert "expected one of: id, name, branch," in findings.items[2].message


def test_encodings_without_a_mark() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode("id,姓名\nL1,王磊\n".encode(encoding), "t.csv", Findings()) == "id,姓名\nL1,王磊\n"


def test_label_is_suggested_for_a_wrong_header() -> None:
    findings = Findings()
    read_csv("编号,不可以用\n", LeaderSpec, "t.csv", findings)
    assert findings.items[0].hint == "did you mean '不可用'?"


def test_a_place_in_a_table_is_the_line_of_the_file() -> None:
    """Also below quoted line breaks, and behind one in the row itself."""
    text = 'id,name,skills\nL1,"x\ny\r\nz",a\n\nL2,"p\nq",a:1\nL3,x,a\nL4,"x\n'
    assert table(text)[1] == [("wrong-value", 4, 3), ("wrong-value", 8, 3), ("table-syntax", 9, 1)]
    tree, _ = table(text)
    assert [line_and_column(mark_at(tree, (k,))) for k in range(3)] == [(2, 1), (6, 1), (8, 1)]
    assert line_and_column(mark_at(tree, (1, "skills"))) == (7, 3)
    assert table('\n"a\ntitle"\nid,nonsense,name\n')[1] == [("extra-column", 4, 2)]
