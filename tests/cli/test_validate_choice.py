"""Which files `validate` reads, and which findings it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.loading.load import load_roster
from tests.cli.base import Cli

WRONG = "leaders:\n"


@pytest.fixture
def folder(plan: Path) -> Path:
    """The example, beside other YAML files, and a curriculum with an error deeper down."""
    here = plan.parent
    (here / "deep" / "er").mkdir(parents=True)
    (here / "deep" / "er" / "c.yml").write_text("kind: curriculum\ncadreplan: 1\nskils: {}\n", "utf-8")
    (here / "deep" / "table.yaml").write_text("- {id: L1}\n", "utf-8")
    (here / "deep" / "compose.yaml").write_text("services: {}\nkind: Pod\n", "utf-8")
    (here / ".hidden").mkdir()
    (here / ".hidden" / "roster.yaml").write_text("cadreplan: 1\n", "utf-8")
    return here


def test_a_folder_is_walked(cli: Cli, folder: Path) -> None:
    ran = cli("validate", ".", "--select", "unknown-key")
    assert ran.code == 1
    assert [line.split(":")[0] for line in ran.out.splitlines()] == ["deep/er/c.yml"]


@pytest.mark.parametrize("pattern", ["deep/**/*.yml", "d*/er/*"])
def test_patterns_are_walked(pattern: str, cli: Cli, folder: Path) -> None:
    ran = cli("validate", pattern, "--select", "unknown-key")
    assert [line.split(":")[0] for line in ran.out.splitlines()] == ["deep/er/c.yml"]


@pytest.mark.parametrize("name", ["deep/table.yaml", "deep/compose.yaml"])
def test_a_file_that_is_named_is_read_whatever_it_is(name: str, cli: Cli, folder: Path) -> None:
    assert cli("validate", name).code == 1


def test_a_folder_with_nothing_to_read_is_a_mistake(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "*.yaml", "empty/**/*.yml"):
        ran = cli("validate", name)
        assert ran.code == 2
        assert "there is no curriculum or roster" in ran.err


def test_a_broken_document_in_a_folder_is_still_one(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "roster.yaml").write_text("cadreplan: 1\nkind: roster\nsites: [\n", "utf-8")
    assert ": error syntax:" in cli("validate", ".").out


def test_a_file_named_twice_is_read_once(cli: Cli, folder: Path) -> None:
    once = cli("validate", "deep", "--format", "junit").out
    assert cli("validate", "deep", "deep/er/c.yml", "--format", "junit").out == once


def test_select_and_ignore(cli: Cli, folder: Path) -> None:
    def rules(*options: str) -> set[str]:
        lines = cli("validate", "deep/er/c.yml", *options).out.splitlines()
        return {line.split(": error ")[1].split(":")[0] for line in lines}

    assert rules() == {"unknown-key", "missing-key"}
    assert rules("--select", "missing-key") == {"missing-key"}
    assert rules("--ignore", "missing-key") == {"unknown-key"}
    assert rules("--select", "missing-key", "--select", "unknown-key") == {"unknown-key", "missing-key"}
    assert cli("validate", "deep/er/c.yml", "--ignore", "missing-key", "--ignore", "unknown-key").code == 0


def test_an_unknown_rule_is_named_with_the_nearest(cli: Cli, folder: Path) -> None:
    ran = cli("validate", "roster.yaml", "--ignore", "seat-shortag")
    assert ran.code == 2
    assert "did you mean 'seat-shortage'" in ran.err


QUOTA = "], seats: 3, quotas: {EAST: 9}}"


@pytest.mark.parametrize(
    ("comment", "n_found"),
    [
        ("", 1),
        ("# cadreplan: ignore[quota-above-seats]", 0),
        ("# on purpose; cadreplan: ignore[seat-shortage, quota-above-seats]", 0),
        ("# cadreplan: ignore[seat-shortage]", 1),
        ("# cadreplan: ignore", 1),
        ("\n# cadreplan: ignore[quota-above-seats]", 1),
    ],
)
def test_a_comment_ignores_a_rule_on_its_line(comment: str, n_found: int, cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    lines = roster.read_text("utf-8").replace("], seats: 3}", f"{QUOTA} {comment}")
    roster.write_text(lines, "utf-8")
    assert cli("validate", "roster.yaml").out.count("warning quota-above-seats") == n_found
    assert len(load_roster(roster).warnings) == n_found


def test_text_in_quotes_is_no_comment(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    wrong = "- {id: S4, name: 'x#cadreplan: ignore[unknown-key]',"
    roster.write_text(roster.read_text("utf-8").replace("- {id: S4,", wrong), "utf-8")
    assert "unknown-key" in cli("validate", "roster.yaml").out
