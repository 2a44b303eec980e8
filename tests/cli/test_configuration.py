"""Configurations: where they lie, what they say, what is wrong with them; what `validate .` passes over."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from cadreplan.loading.config import KEYS, Configs
from tests.cli.base import Cli, example

_CURRICULUM = "cadreplan: 1\nkind: curriculum\nskils: {}\n"


def _rules(cli: Cli, *arguments: str) -> list[tuple[str, str, str]]:
    """File, rule and severity of every finding."""
    found = json.loads(cli("validate", *arguments, "--format", "json").out)
    return [(one["file"], one["rule"], one["severity"]) for one in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two curricula with an unknown key and what is missing, one of them a draft."""
    (tmp_path / "drafts").mkdir()
    for name in ("c.yaml", "drafts/d.yaml"):
        (tmp_path / name).write_text(_CURRICULUM, "utf-8")
    return tmp_path


def _configure(folder: Path, text: str, name: str = "cadreplan.toml") -> None:
    (folder / name).write_text(text, "utf-8")


def _files(cli: Cli, *arguments: str) -> set[str]:
    return {file for file, _, _ in _rules(cli, *arguments)}


@pytest.mark.parametrize(
    "pattern", ["drafts", "drafts/", "drafts/d.yaml", "drafts/*.yaml", "**/d.yaml", "d.*"]
)
def test_what_is_excluded_is_passed_over(pattern: str, cli: Cli, folder: Path) -> None:
    assert _files(cli, ".") == {"c.yaml", "drafts/d.yaml"}
    assert _files(cli, ".", "--exclude", pattern) == {"c.yaml"}
    _configure(folder, f'exclude = ["{pattern}"]')
    assert _files(cli, ".") == {"c.yaml"}
    assert _files(cli, ".", "--isolated") == {"c.yaml", "drafts/d.yaml"}
    assert _files(cli, "drafts/d.yaml") == {"drafts/d.yaml"}  # a file that is named is read


@pytest.mark.parametrize("pattern", ["draft", "d.yaml/x", "*/c.yaml", "raft*"])
def test_what_only_looks_like_it_is_not_excluded(pattern: str, cli: Cli, folder: Path) -> None:
    assert _files(cli, ".", "--exclude", pattern) == {"c.yaml", "drafts/d.yaml"}


def test_findings_are_selected_and_ignored(cli: Cli, folder: Path) -> None:
    _configure(folder, 'select = ["unknown-key"]')
    assert {rule for _, rule, _ in _rules(cli, ".")} == {"unknown-key"}
    assert {rule for _, rule, _ in _rules(cli, ".", "--select", "missing-key")} == {"missing-key"}
    _configure(folder, 'ignore = ["unknown-key"]')
    assert "unknown-key" not in {rule for _, rule, _ in _rules(cli, ".")}
    _configure(folder, '[per-file-ignores]\n"drafts/*" = ["unknown-key", "missing-key"]')
    assert _files(cli, ".") == {"c.yaml"}


def test_a_finding_is_as_bad_as_is_said(cli: Cli, folder: Path) -> None:
    _configure(folder, 'select = ["unknown-key"]\n[severity]\nunknown-key = "warning"')
    assert {severity for _, _, severity in _rules(cli, ".")} == {"warning"}
    assert cli("validate", ".").code == 0
    assert cli("validate", ".", "--strict").code == 1


def test_the_nearest_configuration_counts_for_each_file(cli: Cli, folder: Path) -> None:
    _configure(folder, 'select = ["unknown-key"]')
    _configure(folder / "drafts", 'select = ["missing-key"]')
    assert {(file, rule) for file, rule, _ in _rules(cli, ".")} == {
        ("c.yaml", "unknown-key"),
        ("drafts/d.yaml", "missing-key"),
    }


def test_pyproject_counts_where_it_has_our_table(cli: Cli, folder: Path) -> None:
    _configure(folder, '[tool.cadreplan]\nselect = ["unknown-key"]', "pyproject.toml")
    _configure(folder / "drafts", '[tool.other]\nselect = ["missing-key"] # cadreplan', "pyproject.toml")
    assert {rule for _, rule, _ in _rules(cli, ".")} == {"unknown-key"}
    _configure(folder, 'select = ["missing-key"]')  # of two in one folder our own counts
    assert {rule for _, rule, _ in _rules(cli, ".")} == {"missing-key"}


def test_files_are_those_of_the_configuration_where_none_is_named(cli: Cli, folder: Path) -> None:
    ran = cli("validate")
    assert ran.code == 2
    assert "write `files` into the configuration" in ran.err
    _configure(folder, 'files = ["drafts"]')
    assert _files(cli) == {"drafts/d.yaml"}


def test_the_language_is_that_of_the_configuration_unless_asked_for(cli: Cli, folder: Path) -> None:
    _configure(folder, 'lang = "zh"')
    assert "个错误" in cli("validate", "c.yaml").err
    assert "4 errors in 1 file" in cli("validate", "c.yaml", "--lang", "en").err
    _configure(folder, "lang = [")
    assert cli("schema", "roster").code == 0  # others pass over what `validate` tells of


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('select = []\nexlude = ["x"]', 2, "unknown key 'exlude' (did you mean 'exclude'?)"),
        (
            '\nignore = ["seat-shortag"]',
            2,
            "ignore: there is no rule 'seat-shortag' (did you mean 'seat-shortage'?)",
        ),
        ('ignore = [\n  "same-name",\n  "same-nam",\n]', 3, "ignore: there is no rule 'same-nam'"),
        ("exclude = 3", 1, "exclude: found '3', expected a list of texts"),
        (
            '[severity]\nsame-name = "off"',
            2,
            "severity: found 'off', expected rules with one of error, warning",
        ),
        ('[severity]\nsame-nam = "error"', 2, "severity: there is no rule 'same-nam'"),
        ('[per-file-ignores]\n"x" = ["same-nam"]', 2, "per-file-ignores: there is no rule 'same-nam'"),
        ('lang = "de"', 1, "lang: found 'de', expected auto, en, zh"),
        ('files = ["../other"]', 1, "files: '../other' lies outside the folder of the configuration"),
        ("select = [", 1, "this can't be read as TOML"),
        ("select = " + "[" * 3000, 1, "this can't be read as TOML: it is nested deeper than 32 levels"),
        ("a" * 50_000 + ' . "b"' * 100_000 + " = 1", 1, "this can't be read as TOML: it is nested deeper"),
        ("[" + "a." * 300 + "b]\n", 1, "this can't be read as TOML: it is nested deeper than 32 levels"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_a_finding(
    text: str, line: int, message: str, cli: Cli, folder: Path
) -> None:
    _configure(folder, text)
    ran = cli("validate", "c.yaml", "--select", "same-name", "--lang", "en")
    assert ran.code == 1
    assert ran.out.startswith(f"cadreplan.toml:{line}:"), ran.out
    assert f"error configuration: {message}" in ran.out


def test_a_configuration_nested_too_deeply_stops_no_other_command(cli: Cli, folder: Path) -> None:
    _configure(folder, "a = " + "[" * 3000)
    assert cli("rule").code == 0


def test_many_dots_in_a_text_are_no_nesting(cli: Cli, folder: Path) -> None:
    _configure(folder, 'exclude = ["' + "a/b..c*." * 200 + '", "drafts"]')
    assert _files(cli, ".") == {"c.yaml"}


def test_what_is_right_in_a_configuration_counts_beside_what_is_wrong(cli: Cli, folder: Path) -> None:
    _configure(folder, 'exlude = ["x"]\nexclude = ["drafts"]')
    assert _files(cli, ".") == {"cadreplan.toml", "c.yaml"}


def test_another_configuration_may_be_named(cli: Cli, folder: Path, tmp_path: Path) -> None:
    _configure(folder, 'exclude = ["drafts"]')
    _configure(folder, 'select = ["missing-key"]', "ci.toml")
    assert {rule for _, rule, _ in _rules(cli, ".", "--config", "ci.toml")} == {"missing-key"}
    assert cli("validate", ".", "--config", "none.toml").code == 2


def test_the_documented_keys_are_those_that_are_read() -> None:
    assert set(KEYS) == {"files", "exclude", "select", "ignore", "severity", "per-file-ignores", "lang"}
    assert Configs(isolated=True).of("x.yaml").select == frozenset()


def test_virtual_environments_are_passed_over(cli: Cli, folder: Path) -> None:
    venv = folder / "venv" / "lib"
    venv.mkdir(parents=True)
    (venv / "roster.yaml").write_text("cadreplan: 1\n", "utf-8")
    assert "venv/lib/roster.yaml" in _files(cli, ".")
    (folder / "venv" / "pyvenv.cfg").write_text("", "utf-8")
    assert "venv/lib/roster.yaml" not in _files(cli, ".")


def test_what_git_ignores_is_passed_over(cli: Cli, folder: Path) -> None:
    (folder / ".gitignore").write_text("drafts/\n", "utf-8")
    assert _files(cli, ".") == {"c.yaml", "drafts/d.yaml"}  # no repository yet
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    assert _files(cli, ".") == _files(cli, "**/*.yaml") == {"c.yaml"}
    subprocess.run(["git", "add", "-f", "drafts/d.yaml"], cwd=folder, check=True)
    assert _files(cli, ".") == {"c.yaml", "drafts/d.yaml"}  # a tracked file isn't ignored


def test_no_program_that_a_repository_names_is_started(cli: Cli, folder: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    spy = folder / "spy.sh"
    spy.write_text(f"#!/bin/sh\ntouch {folder}/sprung\n")
    spy.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(spy)], cwd=folder, check=True)
    subprocess.run(["git", "add", "c.yaml"], cwd=folder, check=False, capture_output=True)
    (folder / "sprung").unlink(missing_ok=True)
    assert _files(cli, ".") == {"c.yaml", "drafts/d.yaml"}
    assert not (folder / "sprung").exists()


def test_solve_tells_no_warning_that_the_configuration_ignores(cli: Cli, tmp_path: Path) -> None:
    example(tmp_path)
    roster = tmp_path / "roster.yaml"
    text = roster.read_text("utf-8")
    roster.write_text(text + "\n# the end\n", "utf-8")
    found = {rule for _, rule, _ in _rules(cli, "roster.yaml")}
    line = (
        "solve",
        "roster.yaml",
        "-o",
        "new.json",
        "--time-limit",
        "5",
        "--workers",
        "1",
        "--engine",
        "exact",
    )
    assert ("warning" in cli(*line).err) == bool(found)
    _configure(tmp_path, f"ignore = {json.dumps(sorted(found))}")
    assert "warning" not in cli(*line).err


# --- comments -------------------------------------------------------------------------------------------


def test_a_comment_that_names_no_rule_or_hides_nothing_is_a_finding(cli: Cli, folder: Path) -> None:
    (folder / "c.yaml").write_text(
        "cadreplan: 1\nkind: curriculum # cadreplan: ignore[seat-shortag]\n"
        "title: T # cadreplan: ignore[merge-key, duplicate-key]\n"
        "abilities: {A: {}}\nskills: {S: {ability: A}}\n"
        "modules: {M: {teaches: {S: 1}, hours: 4}}\nroles: {R: {needs: {S: 1}}}\n",
        "utf-8",
    )
    found = json.loads(cli("validate", "c.yaml", "--format", "json", "--lang", "en").out)
    assert [(one["line"], one["column"], one["rule"]) for one in found] == [
        (2, 38, "unknown-ignore"),
        (3, 30, "unused-ignore"),
        (3, 41, "unused-ignore"),
    ]
    assert found[0]["hint"] == "did you mean 'seat-shortage'?"
    assert cli("validate", "c.yaml").code == 0
    assert cli("validate", "c.yaml", "--strict").code == 1


def test_where_an_error_stops_some_rules_no_comment_is_called_unused(cli: Cli, folder: Path) -> None:
    (folder / "c.yaml").write_text(_CURRICULUM + "title: T # cadreplan: ignore[merge-key]\n", "utf-8")
    assert "unused-ignore" not in {rule for _, rule, _ in _rules(cli, "c.yaml")}


def test_a_curriculum_by_itself_says_nothing_of_rules_about_rosters(cli: Cli, tmp_path: Path) -> None:
    example(tmp_path)
    curriculum = tmp_path / "curriculum.yaml"
    curriculum.write_text(curriculum.read_text("utf-8") + "\n# cadreplan: ignore[seat-shortage]\n", "utf-8")
    assert "unused-ignore" not in {rule for _, rule, _ in _rules(cli, "curriculum.yaml")}
    assert "unused-ignore" in {rule for _, rule, _ in _rules(cli, "curriculum.yaml", "roster.yaml")}


def _with_table(folder: Path, comment: str) -> None:
    """The example with its leaders in a CSV table, two of whom have one name in one branch."""
    example(folder)
    text = (folder / "roster.yaml").read_text("utf-8")
    head, _, _ = text.partition("\nleaders:")
    (folder / "roster.yaml").write_text(f"{head}\nleaders: people.csv{comment}\n", "utf-8")
    branch = (
        next(line for line in text.splitlines() if "branch:" in line).partition("branch: ")[2].split(",")[0]
    )
    role = next(line for line in text.splitlines() if "role:" in line).partition("role: ")[2].split(",")[0]
    rows = "".join(f"L{n},同名,{branch.strip(' }')},{role.strip(' }')}\n" for n in (1, 2))
    (folder / "people.csv").write_text(f"id,name,branch,role\n{rows}", "utf-8")


def test_the_line_that_names_a_table_ignores_findings_in_it(cli: Cli, tmp_path: Path) -> None:
    _with_table(tmp_path, "")
    before = _rules(cli, "roster.yaml")
    assert ("people.csv", "same-name", "warning") in before
    _with_table(tmp_path, " # cadreplan: ignore[same-name]")
    assert _rules(cli, "roster.yaml") == [one for one in before if one[1] != "same-name"]
    _with_table(tmp_path, " # cadreplan: ignore[lost-zeros]")
    assert ("people.csv", "same-name", "warning") in _rules(cli, "roster.yaml")


def test_the_line_that_names_a_sheet_ignores_findings_in_that_sheet_alone(cli: Cli, tmp_path: Path) -> None:
    _with_table(tmp_path, "")
    header, *rows = [line.split(",") for line in (tmp_path / "people.csv").read_text("utf-8").splitlines()]
    book = xlsxwriter.Workbook(tmp_path / "people.xlsx")
    for n, name in enumerate(("甲", "乙")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, header)
        for k, row in enumerate(rows, 1):
            sheet.write_row(k, 0, [f"{row[0]}-{n}", f"{row[1]}{n}", *row[2:]])
    book.close()
    roster = tmp_path / "roster.yaml"
    text = roster.read_text("utf-8")
    comment = "# cadreplan: ignore[same-name]"
    for first, second, left in (("", "", ["甲", "乙"]), (comment, "", ["乙"]), (comment, comment, [])):
        lines = f"leaders:\n- people.xlsx#甲 {first}\n- people.xlsx#乙 {second}\n"
        roster.write_text(text.replace("leaders: people.csv\n", lines), "utf-8")
        found = json.loads(cli("validate", "roster.yaml", "--format", "json").out)
        assert [one["message"][0] for one in found if one["rule"] == "same-name"] == left
        assert "unused-ignore" not in {one["rule"] for one in found}
