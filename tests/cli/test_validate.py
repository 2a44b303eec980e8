"""`cadreplan validate`: formats, streams, exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cadreplan.diagnostics import Diagnostic
from cadreplan.views.findings import SHOWN_OF_ONE_RULE, Omitted, as_json, by_rule, shortened, text, totals
from cadreplan.views.screen.findings import findings_screen
from tests.cli.base import Cli, apart
from tests.views.small import cells, drawn


@pytest.fixture
def wrong(plan: Path) -> Path:
    """A roster with three errors on two lines."""
    roster = plan.parent / "roster.yaml"
    lines = roster.read_text(encoding="utf-8").replace(
        "branch: WEST, role: member", "branch: WETS, role: membr"
    )
    roster.write_text(lines.replace("seats: 6, min_seats: 3", "seats: many, min_seats: 3"), encoding="utf-8")
    return roster


def test_right_documents_exit_with_0(cli: Cli, plan: Path) -> None:
    ran = cli("validate", "roster.yaml", "curriculum.yaml")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "cadreplan: no findings\n"


def test_findings_are_a_line_each_when_piped(cli: Cli, wrong: Path) -> None:
    ran = cli("validate", "roster.yaml")
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 3
    assert all(re.match(r"roster\.yaml:\d+:\d+: error [a-z-]+: ", line) for line in ran.out.splitlines())
    assert ran.err == "cadreplan: 3 errors in 1 file\n"


def test_json_has_every_field(cli: Cli, wrong: Path) -> None:
    ran = cli("validate", "roster.yaml", "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    found = json.loads(ran.out)
    assert [set(entry) for entry in found] == [
        {"file", "line", "column", "severity", "rule", "message", "hint"} for _ in range(3)
    ]
    assert "did you mean 'WEST'" in found[1]["hint"]


def test_warnings_exit_with_1_only_if_strict(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    text_ = roster.read_text(encoding="utf-8")
    roster.write_text(text_.replace("], seats: 3}", "], seats: 3, quotas: {EAST: 9}}"), encoding="utf-8")
    ran = cli("validate", "roster.yaml")
    assert (ran.code, ran.err) == (0, "cadreplan: 1 warning in 1 file\n")
    assert "warning" in ran.out
    assert cli("validate", "--strict", "roster.yaml").code == 1


def test_standard_input(tmp_path: Path) -> None:
    ran = apart("validate", "-", folder=tmp_path, stdin=b"cadreplan: 1\nkind: [\n")
    assert ran.returncode == 1
    assert ran.stdout.startswith(b"-:3:1: error syntax:")


def test_validate_imports_no_solver(plan: Path) -> None:
    ran = apart("validate", "roster.yaml", folder=plan.parent, PYTHONPROFILEIMPORTTIME="1")
    assert ran.returncode == 0
    imported = {line.rsplit(b"|")[-1].strip() for line in ran.stderr.splitlines() if b"|" in line}
    assert b"cadreplan.loading.load" in imported
    assert not {name for name in imported if name.split(b".")[0] in (b"ortools", b"numba")}


def _many(n: int) -> list[Diagnostic]:
    return [Diagnostic("a.yaml", k, 1, "error", "missing-key", f"m{k}") for k in range(1, n + 1)]


def test_more_than_20_of_one_rule_in_one_file_are_counted() -> None:
    assert len(shortened(_many(SHOWN_OF_ONE_RULE))) == SHOWN_OF_ONE_RULE
    found = [
        *_many(500),
        Diagnostic("a.yaml", 501, 1, "warning", "other", "x"),
        Diagnostic("b.yaml", 1, 1, "error", "missing-key", "y"),
    ]
    shown = shortened(found)
    assert shown[SHOWN_OF_ONE_RULE:] == [
        found[500],
        Omitted("a.yaml", "error", "missing-key", 480),
        found[501],
    ]
    assert text(found).splitlines()[-2] == "a.yaml: error missing-key: and 480 more"
    assert len(json.loads(as_json(found))) == 502
    assert any("and 480 more" in line for line in drawn(findings_screen(found, lambda _: ())))
    assert totals(found) == "501 errors and 1 warning in 2 files"


def test_on_a_terminal_the_line_is_shown_with_a_mark_below_the_column() -> None:
    line = "  - {id: L7, name: 田雨欣, branch: WESTT, role: member}"
    column = line.index("WESTT") + 1
    found = Diagnostic(
        "roster.yaml", 3, column, "error", "unknown-reference", "found 'WESTT'", "did you mean 'WEST'?"
    )
    shown = drawn(findings_screen([found], lambda _: ("", "", line)), 80)
    source, mark = shown[-2:]
    assert "did you mean" in mark
    assert cells(source[: source.index("WESTT")]) == cells(mark[: mark.index("▲")])


def test_a_long_line_is_shown_around_the_mark() -> None:
    line = "x" * 500 + "WRONG" + "y" * 500
    found = Diagnostic("r.yaml", 1, 501, "error", "rule", "m")
    source, mark = drawn(findings_screen([found], lambda _: (line,)), 60)[-2:]
    assert source[mark.index("▲") :].startswith("WRONG")
    assert all(cells(shown) <= 60 for shown in (source, mark))


def test_a_file_cannot_steer_the_terminal() -> None:
    found = Diagnostic("r.yaml", 1, 1, "error", "rule", "m")
    shown = drawn(findings_screen([found], lambda _: ("a\x1b]0;title\x07b",)))
    assert "a?]0;title?b" in shown[-2]


def test_findings_at_one_place_show_it_once() -> None:
    def at(line: int, message: str, hint: str) -> Diagnostic:
        return Diagnostic("r.yaml", line, 1, "warning", "seat-shortage", message, hint)

    found = [at(1, "m1", "h1"), at(1, "m2", "h1"), at(1, "m3", "h2"), at(2, "m4", "h2")]
    shown = drawn(findings_screen(found, lambda _: ("sessions:", "leaders:")))
    assert [line.split()[-1] for line in shown if line.strip()] == (
        ["r.yaml", "m1", "m2", "h1", "m3", "sessions:", "h2", "m4", "leaders:", "h2"]
    )


def test_warnings_are_summed_up_by_rule() -> None:
    found = [*_many(3), Diagnostic("a.yaml", 9, 1, "warning", "same-name", "x")]
    assert by_rule(found) == "3 errors and 1 warning: 3 missing-key, 1 same-name"
