"""CSV files: read back as they were written, in both encodings, and never a formula."""

from __future__ import annotations

import csv
import io

import pytest

from cadreplan.cli.export import TextEncoding
from cadreplan.language import Language, using
from cadreplan.views.csv_files import csv_files, harmless
from cadreplan.views.export.tables import all_tables
from cadreplan.views.wording import plain
from tests.views.export.base import HOSTILE, hostile, season


def rows(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


@pytest.mark.parametrize("encoding", list(TextEncoding))
def test_files_read_back_in_every_encoding(encoding: str) -> None:
    with using(Language.ZH):
        files = csv_files(all_tables(season()), encoding)
    assert set(files) == {f"{t.name}.csv" for t in all_tables(season())}
    found = rows(files["leaders.csv"], encoding)
    assert found[0][:3] == ["编号", "姓名", "一级分行"]
    assert found[1][:5] == ["L4", "马骏驰", "总行", "总行", "支部书记"]
    assert found[1][-1] == "0.0%"


def test_a_byte_order_mark_by_default() -> None:
    assert csv_files(all_tables(season()))["sites.csv"].startswith(b"\xef\xbb\xbf")
    assert not csv_files(all_tables(season()), "utf-8")["sites.csv"].startswith(b"\xef\xbb\xbf")


def test_numbers_stay_numbers_and_dates_are_iso() -> None:
    files = csv_files(all_tables(season()))
    assert ["points: travel", str(season().plan.terms.km)] in rows(files["overview.csv"])
    assert rows(files["trips.csv"])[1][7:9] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", list(TextEncoding))
def test_no_cell_can_be_taken_for_a_formula_or_break_its_row(name: str, encoding: str) -> None:
    for file, data in csv_files(all_tables(hostile(name)), encoding).items():
        found = rows(data, encoding)
        assert len({len(row) for row in found}) == 1, file
        for cell in (cell for row in found for cell in row):
            assert cell.lstrip()[:1] not in "=+@＝＋－＠" or not cell.strip()
            assert not cell.startswith("-") or cell[1:].isdecimal()
            assert "\n" not in cell
            assert "\t" not in cell


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", " =1", "\t=1", "\r-1", "＝1"])
def test_what_would_calculate_stands_behind_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + plain(text)


@pytest.mark.parametrize("text", ["", "a=1", "王小明", "3-2", "'quoted'"])
def test_other_text_stays(text: str) -> None:
    assert harmless(text) == text
