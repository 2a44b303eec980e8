"""Tables in workbooks: what people have in them, and what an attacker might."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.findings import cell_name
from cadreplan.documents.workbook import package
from cadreplan.documents.workbook.book import read_sheet
from cadreplan.documents.workbook.package import MAX_UNPACKED
from cadreplan.documents.workbook.sheet import MAX_COLUMNS, MAX_ROWS, Number
from cadreplan.instance import Leader
from cadreplan.loading.load import find_problems, load_roster
from tests.documents.workbooks import WITH_STRINGS, packed, sheet_xml, text_cell, written
from tests.rules.base import AS_A_WHOLE, overlaid
from tests.rules.base import written as write_files

HEADER = ("编号", "姓名", "支部", "岗位")
LEADER = ("L1", "王磊", "HQ", "secretary")


def roster(folder: Path, data: bytes, piece: str = "leaders: people.xlsx\n") -> Path:
    return write_files(folder, overlaid(piece) | {"people.xlsx": data})


def problems(folder: Path, data: bytes, piece: str = "leaders: people.xlsx\n") -> list[Diagnostic]:
    found = find_problems([roster(folder, data, piece)])
    return [d for d in found if d.rule not in AS_A_WHOLE]


def places(found: list[Diagnostic]) -> list[tuple[str, int, int, str]]:
    return [(d.rule, d.line, d.column, d.message.partition(":")[0]) for d in found]


def leaders(folder: Path, data: bytes, piece: str = "leaders: people.xlsx\n") -> tuple[Leader, ...]:
    return load_roster(roster(folder, data, piece)).instance.leaders


# --- what people have ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [HEADER, ("id", "name", "branch", "role"), ("ID", " 姓 名 ", "支部*", "Role")]
)
def test_headers_in_chinese_or_english(header: tuple[str, ...], tmp_path: Path) -> None:
    [leader] = leaders(tmp_path, written({"人员": [header, LEADER]}))
    assert (leader.id, leader.name, leader.branch, leader.role) == ("L1", "王磊", 0, 0)


def test_header_is_found_below_a_title_and_empty_rows(tmp_path: Path) -> None:
    rows = [
        (),
        ("2026年春季轮训人员名单",),
        ("制表", "王磊"),
        (),
        HEADER,
        LEADER,
        (),
        ("L2", "李娜", "HX", ""),
    ]
    found = problems(tmp_path, written({"人员": rows}))
    assert places(found) == [("unknown-reference", 8, 3, "人员!C8")]


def test_findings_go_by_the_sheets_of_the_workbook_then_by_row(tmp_path: Path) -> None:
    """支部 comes before 人员 here, not by name, and its third row before their second."""
    branches = [("编号", "上级"), ("HQ", ""), ("HX", "H1"), ("HY", "H2")]
    data = written({"支部": branches, "人员": [HEADER, ("L1", "王磊", "HZ", "")]})
    piece = "branches: people.xlsx#支部\nleaders: people.xlsx#人员\n"
    found = [d for d in problems(tmp_path, data, piece) if d.rule == "unknown-reference"]
    assert [d.message.partition(":")[0] for d in found] == ["支部!B3", "支部!B4", "人员!C2"]
    assert {Path(d.file).name for d in found} == {"people.xlsx"}


@pytest.mark.parametrize("piece", ["people.xlsx#人员", "people.xlsx"])
def test_a_sheet_is_named_or_called_as_its_table(piece: str, tmp_path: Path) -> None:
    data = written({"说明": [("请填写",)], "人员": [HEADER, LEADER]})
    assert [leader.id for leader in leaders(tmp_path, data, f"leaders: {piece}\n")] == ["L1"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("people.xlsx#人员各单", "did you mean '人员名单'?"), ("people.xlsx", "people.xlsx#说明")],
)
def test_a_wrong_or_missing_sheet_name_is_a_finding_where_it_is_written(
    name: str, hint: str, tmp_path: Path
) -> None:
    data = written({"说明": [("请填写",)], "人员名单": [HEADER, LEADER]})
    [found] = problems(tmp_path, data, f'leaders: "{name}"\n')
    assert (Path(found.file).name, found.rule) == ("roster.yaml", "table-sheet")
    assert hint in found.hint


def test_real_dates_are_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "班次"
    sheet.append(("编号", "地点", "课程", "开始", "结束", "名额", "日期"))
    sheet.append(("S1", "BJ", "M-LAW", date(2026, 3, 9), datetime(2026, 3, 10), 10))
    sheet.append(("S2", "BJ", "M-LAW; M-CASE", None, None, 10, date(2026, 3, 16)))
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    stream = io.BytesIO()
    book.save(stream)
    files = overlaid("sessions: plan.xlsx\n") | {"plan.xlsx": stream.getvalue()}
    found = find_problems([write_files(tmp_path, files)])
    assert [(d.rule, d.line) for d in found if d.rule not in AS_A_WHOLE] == [("session-too-short", 3)]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_are_counted_from_the_workbooks_first_day(is_1904: bool) -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        format_ = book.add_format({"num_format": "m/d/yy"})
        sheet = book.get_worksheet_by_name("a")
        for r, day in enumerate((date(1904, 1, 2), date(2026, 2, 28), date(2999, 12, 31)), 1):
            sheet.write_datetime(r, 0, datetime(day.year, day.month, day.day), format_)
        sheet.write_datetime(4, 0, datetime(2026, 3, 9, 8, 30), format_)

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"date_1904": is_1904})
    book.add_worksheet("a")
    finish(book)
    book.close()
    rows = read_sheet(stream.getvalue(), None).rows
    assert [row for _, [row] in rows] == ["1904-01-02", "2026-02-28", "2999-12-31", "2026-03-09 8:30:00"]


def test_numbers_are_read_as_they_are_shown() -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("a")
        sheet.write_number(0, 3, 12, book.add_format({"num_format": "0000"}))
        sheet.write_number(0, 4, 12, book.add_format({"num_format": '0.00"元"'}))
        sheet.write_boolean(0, 5, True)

    [(_, row)] = read_sheet(written({"a": [(12, 39.9, -5)]}, finish), None).rows
    assert row == ["12", "39.9", "-5", "0012", "12", "true"]
    assert [type(cell) for cell in row[:4]] == [Number, Number, Number, str]


def test_cells_merged_downwards_have_their_value_in_every_row(tmp_path: Path) -> None:
    def merge(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("人员")
        sheet.merge_range("C2:C4", "NORTH")
        sheet.merge_range("A6:D6", "")

    rows = [
        HEADER,
        *((f"L{i}", "王磊", "", "secretary") for i in range(3)),
        ("L9", "李娜", "HQ", "secretary"),
    ]
    data = written({"人员": rows}, merge)
    assert [leader.branch for leader in leaders(tmp_path, data)] == [1, 1, 1, 0]


def test_cells_merged_across_are_a_title_above_the_header_and_wrong_below(tmp_path: Path) -> None:
    def merge(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("人员")
        sheet.merge_range("A1:D1", "名单")
        sheet.merge_range("A4:B4", "L2")

    data = written({"人员": [(), HEADER, LEADER, ("", "", "HQ", "secretary")]}, merge)
    assert places(problems(tmp_path, data)) == [("table-merged", 4, 1, "人员!A4")]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["0012", 7, 8], [("lost-zeros", 3, 1, "人员!A3")]),
        (["0012", "0007"], []),
        ([110105, 110108, 110101, 10102], [("lost-zeros", 5, 1, "人员!A5")]),
        ([*range(995, 1010)], []),  # counted through
        ([1, 2, 3], []),
    ],
)
def test_ids_that_lost_their_zeros(ids: list[object], expected: list[object], tmp_path: Path) -> None:
    rows = [HEADER, *((id_, f"王磊（{k}组）", "HQ", "secretary") for k, id_ in enumerate(ids))]
    assert places(problems(tmp_path, written({"人员": rows}))) == expected


def test_a_reference_without_its_zeros_finds_the_id_that_has_them(tmp_path: Path) -> None:
    piece = "leaders: people.xlsx\nbranches:\n  - {id: '0001'}\n"
    [found] = problems(tmp_path, written({"人员": [HEADER, ("L1", "王磊", 1, "secretary")]}), piece)
    assert found.rule == "unknown-reference"
    assert "did you mean '0001'? A spreadsheet drops the leading zeros" in found.hint


@pytest.mark.parametrize(
    ("id_", "rule"),
    [(320105199001011234, "table-cell"), (1.5, "table-cell"), (date(2026, 3, 1), "table-cell")],
)
def test_ids_that_a_spreadsheet_changed(id_: object, rule: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append((id_, "王磊", "HQ", "secretary"))
    stream = io.BytesIO()
    book.save(stream)
    assert ("A2" in problems(tmp_path, stream.getvalue())[0].message) is True
    assert problems(tmp_path, stream.getvalue())[0].rule == rule


def test_formulas_and_errors_are_findings_where_they_are(tmp_path: Path) -> None:
    def finish(book: xlsxwriter.Workbook) -> None:
        sheet = book.get_worksheet_by_name("人员")
        sheet.write_formula("B2", '=HYPERLINK("x")', None, "王磊")
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("D3", '=""', None, "")

    rows = [HEADER, LEADER, ("L2", "李娜", "", "")]
    found = places(problems(tmp_path, written({"人员": rows}, finish)))
    assert [(rule, place) for rule, _, _, place in found if rule == "table-formula"] == [
        ("table-formula", "人员!B2"),
        ("table-formula", "人员!C3"),
        ("table-formula", "人员!D3"),
    ]


def test_phonetic_guides_and_escapes_are_no_part_of_a_text() -> None:
    strings = (
        '<sst><si><r><t>王</t></r><r><t>磊</t></r><rPh sb="0" eb="1"><t>wang</t></rPh></si>'
        "<si><t>a_x0041_b</t></si></sst>"
    )
    cells = '<c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c>'
    inline = '<c r="C2" t="inlineStr"><is><t>李</t><rPh sb="0" eb="1"><t>li</t></rPh></is></c>'
    data = packed(sheet_xml(cells, inline), links=WITH_STRINGS, strings=strings)
    assert read_sheet(data, None).rows[1] == (2, ["王磊", "aAb", "李"])


def test_names_with_prefixes_are_read_alike() -> None:
    xml = sheet_xml(text_cell("A2", "L1"))
    for name in ("worksheet", "sheetData", "row", "c", "is", "t"):
        xml = xml.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    data = packed(xml.replace("xmlns=", "xmlns:x="))
    assert read_sheet(data, None).rows[1] == (2, ["L1"])


def test_what_openpyxl_reads_is_read_alike() -> None:
    rows = [("编号", "名称"), ("L1", 'a"b<c>&\n'), (3.25, -7), (True, "_x0041_"), ("长" * 500, None)]
    data = written({"a": rows})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    expected = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    expected[3][0] = "true"
    found = [row + [""] * (2 - len(row)) for _, row in read_sheet(data, None).rows]
    assert found == expected


# --- what an attacker has -----------------------------------------------------------------------------------

DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def one_link(what: str) -> str:
    return f'<Relationships><Relationship Id="rId0" {what}/></Relationships>'


def lying(data: bytes) -> bytes:
    """The directory says that every part unpacks to one byte."""
    at = 0
    changed = bytearray(data)
    while (at := data.find(b"PK\x01\x02", at + 1)) > 0:
        changed[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(changed)


def many_parts() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for i in range(20_000):
            archive.writestr(f"{'x' * 60}{i}", b"")
    return stream.getvalue()


HOSTILE = {
    "last row": lambda: packed(sheet_xml(text_cell("A2", "L1")).replace('r="2"', f'r="{2**20}"')),
    "last column": lambda: packed(sheet_xml(text_cell("A2", "L1"), text_cell("XFD2", "x"))),
    "huge row number": lambda: packed(sheet_xml(text_cell("A2", "L1")).replace('r="2"', f'r="{"9" * 5000}"')),
    "not a cell": lambda: packed(sheet_xml(text_cell("ÄÖ2", "L1"))),
    "the same cell twice": lambda: packed(sheet_xml(text_cell("A2", "L1"), text_cell("A2", "L2"))),
    "rows backwards": lambda: packed(sheet_xml().replace('r="2"', 'r="1"')),
    "text that isn't there": lambda: packed(sheet_xml('<c r="A2" t="s"><v>999999999</v></c>')),
    "entities": lambda: packed(DTD + sheet_xml(text_cell("A2", "&b;"))),
    "external entity": lambda: packed(OUTSIDE + sheet_xml(text_cell("A2", "&a;"))),
    "entities in the book": lambda: packed(sheet_xml(), book=OUTSIDE + "<workbook/>"),
    "lying directory": lambda: lying(packed(sheet_xml(text_cell("A2", "L1")))),
    "too many parts": many_parts,
    "deep": lambda: packed("<a>" * 2_000_000),
    "long tag": lambda: packed("<a " + "b" * 30_000_000 + "/>"),
    "many merges": lambda: packed(sheet_xml(after='<mergeCell ref="A1:XFD1048576"/>' * 50_000 + "</a>")),
    "external sheet": lambda: packed(sheet_xml(), links=one_link('TargetMode="External" Target="http://x"')),
    "climbing path": lambda: packed(
        sheet_xml(), links=one_link('Type="/worksheet" Target="../../../etc/passwd"')
    ),
    "sheet of itself": lambda: packed(sheet_xml(), links=one_link('Type="/worksheet" Target="workbook.xml"')),
    "no sheets": lambda: packed(sheet_xml(), book="<workbook/>"),
    "chart": lambda: packed(sheet_xml(), links=one_link('Type="/chartsheet" Target="x.xml"')),
    "odd packing": lambda: packed(sheet_xml(), compress=zipfile.ZIP_LZMA),
    "not XML": lambda: packed("{}"),
    "empty": lambda: b"",
    "a zip of nothing": lambda: b"PK\x05\x06" + bytes(18),
    "old format": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
    "text": "编号,姓名\nL1,王磊\n".encode,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbook_is_refused(name: str, tmp_path: Path) -> None:
    data = HOSTILE[name]()
    file = roster(tmp_path, data)
    tracemalloc.start()
    begun = time.process_time()
    try:
        found = find_problems([file])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [d for d in found if d.is_error and d.rule.startswith(("table-", "missing-", "wrong-"))]
    assert time.process_time() - begun < 5
    assert peak < 120 * 1024**2


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_UNPACKED", 1024**2)
    strings = b"<sst>" + b" " * 4 * 1024**2 + b"</sst>"
    [found] = problems(tmp_path, packed(sheet_xml(), links=WITH_STRINGS, strings=strings))
    assert "xl/sharedStrings.xml, with which the workbook unpacks to more" in found.message


@pytest.mark.parametrize(("most", "n_found"), [(6, 0), (5, 1)])
def test_small_parts_and_elements_are_bounded(
    most: int, n_found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MAX_ELEMENTS", 40 * most)
    cells = "".join(f'<c r="A{2 + r}"/>' for r in range(220))
    found = problems(tmp_path, packed(sheet_xml(cells)))
    assert [d.rule for d in found] == ["table-workbook"] * n_found
    monkeypatch.setattr(package, "MAX_ELEMENTS", 1000)
    monkeypatch.setattr(package, "MAX_SMALL", 100)
    [small] = problems(tmp_path, packed(sheet_xml()))
    assert "_rels/.rels" in small.message


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    data = packed(sheet_xml(), links=WITH_STRINGS, strings=b"<sst/>")
    at = data.find(b"xl/sharedStrings.xml", data.find(b"PK\x01\x02"))
    lie = bytearray(data)
    lie[at - 22 : at - 18] = (MAX_UNPACKED + 1).to_bytes(4, "little")
    [found] = problems(tmp_path, bytes(lie))
    assert found.rule == "table-workbook"
    assert "unpacks to more than is read" in found.message


@pytest.mark.parametrize(("row", "column", "n_found"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_limits_of_a_table_just_inside_and_just_outside(
    row: int, column: int, n_found: int, tmp_path: Path
) -> None:
    cells = sheet_xml(text_cell("A2", "L1"), text_cell("B2", "HQ"), text_cell("C2", "secretary"))
    place = cell_name(MAX_ROWS + row, MAX_COLUMNS + column)
    last = f'<row r="{MAX_ROWS + row}">{text_cell(place, "x")}</row></sheetData>'
    found = problems(tmp_path, packed(cells.replace("</sheetData>", last)))
    assert [d.rule for d in found] == ["table-size" if n_found else "table-shape"]
    assert place in found[0].message


def test_styled_but_empty_cells_far_away_are_no_values(tmp_path: Path) -> None:
    cells = sheet_xml(text_cell("A2", "L1"), text_cell("B2", "HQ"), text_cell("C2", "secretary"))
    last = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    assert problems(tmp_path, packed(cells.replace("</sheetData>", last))) == []


def test_any_byte_changed_or_cut_never_fails(tmp_path: Path) -> None:
    data = written({"人员": [HEADER, *[(f"L{i}", "王磊", "HQ", "secretary") for i in range(30)]]})
    for at in range(0, len(data), 97):
        broken = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        for each in (broken, data[:at]):
            found = problems(tmp_path, each)
            assert all(d.line >= 1 and d.message for d in found)
