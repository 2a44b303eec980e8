"""The same tables in every format and encoding are the same roster."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cadreplan.loading.load import load_roster
from tests.documents.workbooks import written

ROOT = Path(__file__).resolve().parents[3]
TABLES = ("sites", "branches", "sessions", "leaders")
Rows = list[list[str]]


def encoded(encoding: str, delimiter: str) -> Callable[[Path, dict[str, Rows]], dict[str, str]]:
    def write(folder: Path, tables: dict[str, Rows]) -> dict[str, str]:
        for name, rows in tables.items():
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
                csv.writer(stream, delimiter=delimiter).writerows(rows)
        return {name: f"{name}.csv" for name in tables}

    return write


def one_workbook(folder: Path, tables: dict[str, Rows]) -> dict[str, str]:
    """Numbers as numbers, below a title and an empty row."""
    sheets: dict[str, list[list[object]]] = {}
    for name, rows in tables.items():
        numbers = [[int(cell) if cell.isdecimal() else cell for cell in row] for row in rows[1:]]
        sheets[name] = [["恒岳银行江苏省分行"], [], [*rows[0]], *numbers]
    (folder / "all.xlsx").write_bytes(written(sheets))
    return {name: f"all.xlsx#{name}" for name in tables}


@pytest.mark.parametrize(
    "write",
    [
        encoded("utf-8-sig", ","),
        encoded("gb18030", ";"),
        encoded("utf-16", "\t"),
        encoded("utf-16-le", ","),
        one_workbook,
    ],
    ids=["mark", "gb18030", "utf-16", "utf-16 without mark", "workbook"],
)
def test_the_province_is_the_same_in_every_format(
    write: Callable[[Path, dict[str, Rows]], dict[str, str]], tmp_path: Path
) -> None:
    province = ROOT / "examples" / "province"
    shutil.copy(ROOT / "curricula" / "grassroots-leaders.yaml", tmp_path)
    tables = {}
    for name in TABLES:
        with (province / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.reader(stream))
    text = (province / "roster.yaml").read_text("utf-8")
    text = text.replace("../../curricula/grassroots-leaders.yaml", "grassroots-leaders.yaml")
    for name, place in write(tmp_path, tables).items():
        text = text.replace(f"{name}: {name}.csv", f"{name}: {place}")
    (tmp_path / "roster.yaml").write_text(text, "utf-8")
    assert load_roster(tmp_path / "roster.yaml").instance == load_roster(province / "roster.yaml").instance
