"""A hint that is followed makes its finding go and brings no other: in flat tables and in YAML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadreplan.diagnostics import Diagnostic
from tests.documents.following import meant
from tests.rules.base import problems_of

TEXTS = (
    *("无", "-", "N/A", "高", "1人", "6次", "1,000", "2.0", "１２", "－3", "50%", "三"),
    *(
        "F1，K1",
        "M-LAW、M-CASE",
        "M-LAW M-CASE",
        "m-law",
        "ＨＱ",
        "hq",
        "总行",
        "NORHT",
        "secretery",
        "支部书记",
    ),
    *("meetings", "meetings：1", "三会一课:1、民主评议:1", "review:x", "meetings:1;meetings:2", "无:1"),
    *(
        "2026/3/9",
        "3月9日",
        "3/9/2026",
        "26/3/9",
        "2026年3月",
        "2026-03-09 上午",
        "46090",
        "周一",
        "20260309",
    ),
    *("2026-03-09、2026-03-12", "2026-03-09/2026-03-12", "2026-03-09 2026-03-12", "2026-03-12..2026-03-09"),
    *(
        "已定",
        "待定",
        "candidat",
        "S1",
        "s1",
        "S2",
        "39.9，116.4",
        "116.4; 39.9",
        "every:monday",
        "每周一，三",
    ),
    *("90", "91", "true", "是", "√"),
)
LEADERS = (
    *("branch", "role", "skills", "gaps", "completed", "available", "unavailable", "priority", "headcount"),
    *("max_days", "prefers", "pinned", "excluded", "location", "since", "earned", "waited", "tags"),
)
SESSIONS = ("site", "modules", "start", "dates", "seats", "min_seats", "status", "cost", "branches", "quotas")
OFFERINGS = ("sites", "modules", "days", "starts", "seats", "max_runs")
ROWS = {
    "leaders": {"id": "L1", "branch": "HQ", "role": "secretary"},
    "sessions": {
        "id": "S1",
        "site": "BJ",
        "modules": "M-CASE",
        "dates": "2026-03-09..2026-03-10",
        "seats": "9999",
    },
    "offerings": {
        "id": "O1",
        "sites": "BJ",
        "modules": "M-LAW",
        "days": "2",
        "starts": "2026-03-16",
        "seats": "9999",
    },
}
COLUMNS = [
    (t, f) for t, fs in (("leaders", LEADERS), ("sessions", SESSIONS), ("offerings", OFFERINGS)) for f in fs
]


def row_with(table: str, field: str, text: str) -> dict[str, str]:
    row = ROWS[table] | {field: text}
    if field == "start":
        row = {key: value for key, value in row.items() if key != "dates"} | {"end": "2026-03-10"}
    return row


def as_csv(table: str, row: dict[str, str], folder: Path) -> list[Diagnostic]:
    cells = ['"' + text.replace('"', '""') + '"' for text in row.values()]
    return problems_of(folder, f"{table}: {table}.csv\n", **{table: f"{','.join(row)}\n{','.join(cells)}\n"})


def followed(found: Diagnostic, cell: str) -> str | None:
    """The cell as a hint says to write it; None for a hint that is no text to write."""
    return next(iter(meant(found, cell)), None)


@pytest.mark.parametrize(("table", "field"), COLUMNS)
def test_a_hint_that_is_followed_mends_its_cell(table: str, field: str, tmp_path: Path) -> None:
    usual = {
        (d.rule, d.line, d.column)
        for d in as_csv(table, row_with(table, field, ROWS[table].get(field, "")), tmp_path)
    }
    for text in TEXTS:
        found = as_csv(table, row_with(table, field, text), tmp_path)
        for finding in found:
            if not finding.hint or not finding.is_error or Path(finding.file).suffix != ".csv":
                continue
            new = followed(finding, text)
            if new is None or (field, new) == ("days", "1000"):  # more days than the horizon has
                continue
            after = as_csv(table, row_with(table, field, new), tmp_path)
            here = {(d.rule, d.line, d.column) for d in after}
            assert finding not in after, (field, text, finding.hint, new)
            before = {(d.rule, d.line, d.column) for d in found} | usual
            assert here <= before, (field, text, finding.hint, new, [d for d in after if d.is_error])
            n_here = [
                sum(d.is_error and (d.line, d.column) == (finding.line, finding.column) for d in some)
                for some in (found, after)
            ]
            assert n_here[1] < n_here[0], (field, text, finding.hint, new)


YAML_FIELDS = {
    "leaders": ("branch", "role", "completed", "unavailable", "priority", "headcount", "skills"),
    "sessions": ("site", "modules", "dates", "seats", "status"),
}
YAML_ROWS = {
    "leaders": {"id": "L1", "branch": "HQ", "role": "secretary"},
    "sessions": {
        "id": "S1",
        "site": "BJ",
        "modules": ["M-CASE"],
        "dates": ["2026-03-09..2026-03-10"],
        "seats": "9999",
    },
}
LISTS = {"completed", "unavailable", "modules", "dates"}


@pytest.mark.parametrize(("table", "field"), [(t, f) for t, fs in YAML_FIELDS.items() for f in fs])
def test_a_hint_that_is_followed_mends_a_document(table: str, field: str, tmp_path: Path) -> None:
    def problems(value: str) -> list[Diagnostic]:
        row = {**YAML_ROWS[table], field: "HERE"}
        text = json.dumps(row, ensure_ascii=False).replace('"HERE"', value)
        return problems_of(tmp_path, f"{table}:\n  - {text}\n")

    for text in TEXTS:
        quoted = json.dumps(text, ensure_ascii=False)
        written = f"[{quoted}]" if field in LISTS else f"{{{quoted}: 1}}" if field == "skills" else quoted
        found = problems(written)
        for finding in found:
            new = followed(finding, text) if finding.hint and finding.is_error else None
            if not new:
                continue
            after = problems(written.replace(quoted, new))
            assert finding not in after, (field, text, finding.hint)
            assert {d.rule for d in after if d.is_error} <= {d.rule for d in found}, (field, text, after)
