"""Plans from JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import InputError, UsageError
from cadreplan.goals import Goals
from cadreplan.plan import (
    OpenGap,
    Plan,
    PlannedSession,
    ProgrammeEntry,
    ProgrammeInfo,
    RosterRef,
    SolverInfo,
    Terms,
)

PLAN = Plan(
    roster=RosterRef("../roster.yaml", "a" * 64, {"领导.csv": "b" * 64}),
    solver=SolverInfo("exact", "optimal", -5, -5, 0.0, 1.25, 7, 2, "0.1.0"),
    terms=Terms(gaps=10, km=-15),
    assignments=(("L1", "S1"), ("L2", "O1@BJ@2026-03-09")),
    sessions=(PlannedSession("O1@BJ@2026-03-09", True), PlannedSession("S1", True, "明德厅")),
    open_gaps=(OpenGap("L1", "meetings", "seats", "S1 是满的: 'full'"),),
)


def written(folder: Path, text: str) -> Path:
    file = folder / "plan.json"
    file.write_text(text, encoding="utf-8")
    return file


def findings(folder: Path, text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(InputError) as error:
        read_plan(written(folder, text))
    return [(d.rule, d.line, d.column) for d in error.value.diagnostics]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path, PLAN.to_json())) == PLAN


def test_a_lineage_is_kept_and_plans_without_one_are_read(tmp_path: Path) -> None:
    plan = replace(PLAN, lineage="0123456789abcdef" * 2)
    assert read_plan(written(tmp_path, plan.to_json())) == plan
    assert "lineage" not in PLAN.to_json()
    assert findings(tmp_path, plan.to_json().replace("0123", "xyz", 1))[0][0] == "wrong-value"


def test_plan_without_other_files(tmp_path: Path) -> None:
    text = PLAN.to_json().replace(', "files": {"领导.csv": "' + "b" * 64 + '"}', "")
    assert read_plan(written(tmp_path, text)).roster.files == {}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"cadreplan": 2', '"cadreplan": 3', "wrong-value"),
        ('"kind": "plan"', '"kind": "roster"', "wrong-value"),
        ('"optimal"', '"best"', "wrong-value"),
        ('"objective": -5', '"objective": -5.0', "wrong-value"),
        ('"objective": -5', '"objective": "-5"', "wrong-value"),
        ('"seconds": 1.25', '"seconds": -1', "wrong-value"),
        ('"workers": 2', '"workers": 0', "wrong-value"),
        ('"gaps": 10', '"gaps": true', "wrong-value"),
        ('"runs": true', '"runs": "yes"', "wrong-value"),
        ('"leader": "L2"', '"leader": ""', "wrong-value"),
        ("b" * 64, "b" * 63, "wrong-value"),
        ('"leader": "L2", ', "", "missing-key"),
        ('"leader": "L2"', '"leader": "L2", "who": 1', "unknown-key"),
        ('"leader": "L2"', '"leader": "L2", "leader": "L3"', "duplicate-key"),
        ('"gap": 0.0', '"gap": NaN', "syntax"),
        ('"gap": 0.0', '"gap": -Infinity', "syntax"),
        ('"gap": 0.0', '"gap": 1e999', "wrong-value"),
        ('"seed": 7', '"seed": ' + "7" * 5000, "syntax"),
        ('"seed": 7', '"seed": 7777777777777777777777', "wrong-value"),
        (
            '"room": null',
            '"room": null, "programme": [{"module": "M", "date": "9 March", "slot": "am"}]',
            "wrong-value",
        ),
    ],
)
def test_what_is_wrong_is_a_finding_in_its_line(old: str, new: str, rule: str, tmp_path: Path) -> None:
    text = PLAN.to_json()
    assert old in text
    [found] = findings(tmp_path, text.replace(old, new, 1))
    line = next(i for i, row in enumerate(text.split("\n"), 1) if old in row)
    assert found[0] == rule
    assert found[1] == (line if len(new) < 5000 else 1)


def test_a_programme_is_read_as_written(tmp_path: Path) -> None:
    half_days = (
        ProgrammeEntry("M", "2026-03-09", "am", "T1"),
        ProgrammeEntry("M", "2026-03-09", "pm", None, "load: T1 has taught all their half days"),
    )
    plan = replace(
        PLAN,
        sessions=(PLAN.sessions[0], replace(PLAN.sessions[1], programme=half_days)),
        programme=ProgrammeInfo("optimal", Goals(1, 0, 1, 1), (1, 0, 0, 1, 1, 0)),
    )
    assert read_plan(written(tmp_path, plan.to_json())) == plan


def test_empty_programme_is_none(tmp_path: Path) -> None:
    text = PLAN.to_json().replace('"room": null', '"room": null, "programme": []')
    assert read_plan(written(tmp_path, text)) == PLAN


def test_syntax_error_has_its_place(tmp_path: Path) -> None:
    assert findings(tmp_path, '{"cadreplan": 1,\n "kind" "plan"}') == [("syntax", 2, 9)]
    assert findings(tmp_path, "") == [("syntax", 1, 1)]
    assert findings(tmp_path, "[" * 200_000) == [("too-deep", 1, 1)]


def test_what_is_no_plan_at_all_is_said_once(tmp_path: Path) -> None:
    """A folder with plans has schemas of the format and other JSON too: each is one finding."""
    assert findings(tmp_path, '{"$schema": "x", "title": "roster", "properties": {}}') == [
        ("missing-key", 1, 1)
    ]
    assert findings(tmp_path, "{}") == [("missing-key", 1, 1)]


def test_all_findings_at_once(tmp_path: Path) -> None:
    text = PLAN.to_json().replace('"optimal"', '"best"').replace('"leader": "L2"', '"leder": "L2"')
    assert [rule for rule, _, _ in findings(tmp_path, text)] == ["wrong-value", "missing-key", "unknown-key"]


def test_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_plan(tmp_path / "gone.json")


def test_other_encodings_are_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(PLAN.to_json().encode("gb18030"))
    with pytest.raises(InputError) as error:
        read_plan(file)
    assert [d.rule for d in error.value.diagnostics] == ["encoding"]
