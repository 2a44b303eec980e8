"""`cadreplan validate --fix` and `--diff`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.base import Cli
from tests.documents.editing.test_fixing import FIXED, LEADERS, workbook
from tests.rules.base import overlaid, written


def test_the_command_shows_a_diff_and_writes_only_when_told(cli: Cli, tmp_path: Path) -> None:
    roster = written(tmp_path, overlaid("leaders: leaders.csv\n") | {"leaders.csv": LEADERS})
    shown = cli("validate", str(roster), "--diff")
    assert shown.code == 1
    assert '-L1,"王, 磊",总行' in shown.out
    assert '+L1,"王, 磊",HQ' in shown.out
    assert (tmp_path / "leaders.csv").read_bytes() == LEADERS.encode()
    done = cli("validate", str(roster), "--fix", "--ignore", "seat-shortage")
    assert "5 places rewritten" in done.err
    assert (tmp_path / "leaders.csv").read_bytes() == FIXED.encode()
    again = cli("validate", str(roster), "--diff")
    assert (again.code, again.out) == (0, "")
    assert cli("validate", "-", "--fix").code == 2


def test_a_workbook_is_shown_cell_by_cell(cli: Cli, tmp_path: Path) -> None:
    roster = written(tmp_path, overlaid('leaders: "people.xlsx#人员"\n') | {"people.xlsx": workbook()})
    out = cli("validate", str(roster), "--diff").out
    assert "-人员!B2: 总行\n+人员!B2: HQ\n" in out
