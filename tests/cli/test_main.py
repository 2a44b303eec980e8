"""Exit codes, streams, colour and encodings: what holds for every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cadreplan.cli import validate
from cadreplan.loading import load
from tests.cli.base import Cli, apart, example

SCREENS = (
    ("show", "plan.json"),
    ("show", "plan.json", "--leader", "L6"),
    ("show", "plan.json", "--site", "SCHOOL"),
    ("show", "plan.json", "--branch", "HQ"),
    ("show", "plan.json", "--session", "S2"),
    ("check", "plan.json"),
    ("rule",),
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("validate",),
        ("validate", "--nonsense", "x.yaml"),
        ("validate", "no-such-file.yaml"),
        ("show", "no-such-plan.json"),
        ("check", "no-such-plan.json"),
        ("schema", "nonsense"),
        ("solve", "no-such-roster.yaml"),
        ("rule", "nonsense"),
    ],
)
def test_what_cannot_run_exits_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err


def test_an_unhandled_exception_is_one_line_and_exits_with_2(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr(load, "find_problems", broken)
    ran = cli("validate", "x.yaml")
    assert ran.code == 2
    assert ran.err == "cadreplan: internal error, RuntimeError: first line (CADREPLAN_DEBUG=1 shows where)\n"
    monkeypatch.setenv("CADREPLAN_DEBUG", "1")
    ran = cli("validate", "x.yaml")
    assert ran.code == 2
    assert "in broken" in ran.err


def test_an_error_of_the_system_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "plan.json")

    monkeypatch.setattr(load, "find_problems", full)
    ran = cli("validate", "x.yaml")
    assert (ran.code, ran.err) == (2, "cadreplan: plan.json: No space left on device\n")


def test_an_interrupt_exits_with_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "find_problems", interrupted)
    assert cli("validate", "x.yaml").code == 130


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8", "latin-1"])
@pytest.mark.parametrize("screen", SCREENS, ids=" ".join)
def test_no_console_is_crashed_by_its_encoding(
    tmp_path: Path, screen: tuple[str, ...], encoding: str
) -> None:
    example(tmp_path)
    ran = apart(*screen, folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    text = ran.stdout.decode(encoding)
    assert text.strip()
    assert ("市党校" in text) == (screen[0] == "show" and encoding in ("gbk", "utf-8"))


def test_characters_that_are_missing_keep_the_width(tmp_path: Path) -> None:
    example(tmp_path)
    plain = apart("show", "plan.json", folder=tmp_path, PYTHONIOENCODING="ascii").stdout.decode().splitlines()
    whole = apart("show", "plan.json", folder=tmp_path, PYTHONIOENCODING="utf-8").stdout.decode().splitlines()
    from rich.cells import cell_len

    assert [len(line) for line in plain] == [cell_len(line) for line in whole]


def test_colour_only_where_it_is_wanted(tmp_path: Path) -> None:
    example(tmp_path)

    def escapes(*options: str, **environment: str) -> bool:
        ran = apart("show", "plan.json", *options, folder=tmp_path, TERM="xterm-256color", **environment)
        assert ran.returncode == 0
        return b"\x1b[" in ran.stdout

    assert not escapes()
    assert not escapes("--color", "never")
    assert escapes("--color", "always")
    assert escapes("--color", "always", NO_COLOR="1")
    assert not escapes("--color", "never", FORCE_COLOR="1")
    wrong = apart("show", "plan.json", "--color", "pink", folder=tmp_path)
    assert wrong.returncode == 2


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_colour_that_is_asked_for_changes_nothing_but_colour(tmp_path: Path, name: str) -> None:
    """No cursor movements, no live progress, no drawn findings: lines as without, with colour in some."""
    example(tmp_path)
    bad = tmp_path / "bad.yaml"
    roster = (tmp_path / "roster.yaml").read_text("utf-8")
    bad.write_text(roster.replace("branch: ", "branch: Z", 1) + "nonsense: 1\n", "utf-8")
    commands = (
        ("show", "plan.json"),
        ("check", "plan.json"),
        ("validate", "bad.yaml"),
        ("solve", "bad.yaml", "-o", "x.json"),
    )
    coloured = 0
    for command in commands:
        plain = apart(*command, folder=tmp_path, TERM="xterm-256color")
        for more in ({}, {"TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"}):
            asked = apart(*command, folder=tmp_path, TERM="xterm-256color", **{name: "1"}, **more)
            for without, with_ in ((plain.stdout, asked.stdout), (plain.stderr, asked.stderr)):
                assert re.findall(rb"\x1b\[[^m]*[A-Za-ln-z]", with_) == []
                bare = re.sub(rb"\x1b\[[0-9;]*m", b"", with_)
                if command[0] == "show":  # bars are coloured blanks there, lines else, in the same places
                    assert len(bare.splitlines()) == len(without.splitlines())
                else:
                    lines = bare.splitlines(), without.splitlines()
                    assert [x.rstrip() for x in lines[0]] == [x.rstrip() for x in lines[1]]
                coloured += b"\x1b[" in with_
    assert coloured > 0
    off = apart("show", "plan.json", folder=tmp_path, TERM="xterm-256color", **{name: "0"})
    assert b"\x1b[" not in off.stdout


def test_a_solve_that_is_not_watched_on_a_terminal_writes_plain_lines(tmp_path: Path) -> None:
    example(tmp_path)
    command = ("solve", "roster.yaml", "--workers", "1", "-o", "new.json")
    ran = apart(*command, folder=tmp_path, TERM="xterm-256color", FORCE_COLOR="1", TTY_INTERACTIVE="1")
    assert ran.returncode == 0
    assert b"bound" in ran.stderr
    assert re.findall(rb"\x1b\[[^m]*[A-Za-ln-z]", ran.stderr) == []


def test_no_color_leaves_no_colour_on_a_forced_terminal(tmp_path: Path) -> None:
    example(tmp_path)
    ran = apart("show", "plan.json", folder=tmp_path, FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color")
    assert b"\x1b[3" not in ran.stdout
    assert b"\x1b[4" not in ran.stdout


def test_lines_that_may_be_kept_have_no_trailing_blanks(cli: Cli, plan: Path) -> None:
    for screen in SCREENS:
        assert all(line == line.rstrip() for line in cli(*screen).out.splitlines())


def test_machine_formats_are_utf8_and_never_wrapped(tmp_path: Path) -> None:
    example(tmp_path)
    ran = apart(
        "check", "plan.json", "--format", "json", folder=tmp_path, PYTHONIOENCODING="gbk", COLUMNS="20"
    )
    assert ran.returncode == 0
    ran.stdout.decode("utf-8")
    (tmp_path / "名单.yaml").write_text("a: [", encoding="utf-8")
    ran = apart(
        "validate", "名单.yaml", "--format", "json", folder=tmp_path, PYTHONIOENCODING="ascii", COLUMNS="20"
    )
    assert ran.returncode == 1
    assert "名单.yaml" in ran.stdout.decode("utf-8")


def test_formats_have_a_reporter_each() -> None:
    from cadreplan.views.findings import REPORTERS

    assert {format_.value for format_ in validate.Format} == set(REPORTERS)


def test_python_dash_m(tmp_path: Path) -> None:
    assert apart("--version", folder=tmp_path).stdout.startswith(b"cadreplan ")
