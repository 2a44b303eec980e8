"""The ledger's benchmark at a small size: its files are read by the command without a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ledger
from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.history import read_history
from cadreplan.loading.load import find_problems


def test_roster_and_history_are_sound_and_as_long_as_asked(tmp_path: Path) -> None:
    lines = ledger.write(tmp_path, leaders=7, rotations=3, seed=1)
    findings = Findings()
    facts = read_history(tmp_path / "history.csv", findings)
    assert not findings.has_errors
    assert len(facts) == lines - 1 == 3 * (7 * 5 + 2)
    assert not [d for d in find_problems([tmp_path / "roster.yaml"]) if d.severity == "error"]


def test_every_format_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ledger.main(["--leaders", "9", "--rotations", "2", "--work", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "9 leaders, a history of 95 lines." in said
    assert [line.split()[1] for line in said.splitlines()[-4:]] == ["text", "json", "csv", "xlsx"]
