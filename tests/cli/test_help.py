"""Help: every command has examples that can be run, is documented, and is there at once."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from cadreplan.cli.main import COMMANDS, app
from tests.cli.base import Cli

HEAVY = ("ortools", "numba", "numpy", "yaml", "cadreplan.loading.load", "cadreplan.engines")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("module", COMMANDS, ids=lambda module: module.NAME)
def test_help_has_examples_of_the_command(cli: Cli, module: ModuleType) -> None:
    ran = cli(module.NAME, "--help")
    assert ran.code == 0
    assert "Examples" in ran.out
    assert len(module.EXAMPLES) >= 2
    for command, what in module.EXAMPLES:
        assert len(command) <= 77, "a line of help at 80 columns would tear it"
        assert f"cadreplan {module.NAME}" in command
        assert what in ran.out


@pytest.mark.parametrize(
    ("module", "line"), [(module, line) for module in COMMANDS for line, _ in module.EXAMPLES], ids=str
)
def test_examples_can_be_parsed(module: ModuleType, line: str) -> None:
    words = shlex.split(line.replace("|", " | ").replace(">", " > "))
    words = words[words.index("cadreplan") + 1 :]
    end = next((k for k, word in enumerate(words) if word in ("|", ">")), len(words))
    assert words[0] == module.NAME
    command = typer.main.get_command(app).commands[module.NAME]  # type: ignore[attr-defined]
    command.make_context(module.NAME, words[1:end])  # raises where an option or its value isn't known


@pytest.mark.parametrize("module", COMMANDS, ids=lambda module: module.NAME)
def test_every_command_is_documented(module: ModuleType) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert f"## cadreplan {module.NAME}\n" in page
    assert all(line in page for line, _ in module.EXAMPLES)


def test_no_arguments_show_the_commands(cli: Cli) -> None:
    ran = cli()
    assert ran.code == 2
    assert all(f"│ {module.NAME}" in ran.out + ran.err for module in COMMANDS)


def test_version(cli: Cli) -> None:
    ran = cli("--version")
    assert ran.code == 0
    assert ran.out.startswith("cadreplan 0.")


@pytest.mark.parametrize("arguments", [("--help",), ("validate", "--help"), ("solve", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom cadreplan.cli.main import run\n"
        "try: run(sys.argv[1:])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
