"""What people set up around `validate`, as their own tools see it: the hook, snippets for CI, schemas."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from cadreplan.documents.schema.json_schema import Kind, json_schema
from tests.cli.base import apart, example

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "examples"
BLOCKS = re.findall(r"(?ms)^```yaml\n(.*?)^```", (ROOT / "docs" / "validate.md").read_text("utf-8"))
OF_SHAPE = {"unknown-key", "missing-key", "wrong-type", "wrong-value", "table-format"}
BEYOND_A_SCHEMA = {"horizon-backwards"}
"""Wrong values that only arithmetic finds."""


def check_jsonschema(*arguments: str | Path) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "-o", "json", *map(str, arguments)],
        capture_output=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def rejected(report: dict[str, Any]) -> set[str]:
    return {Path(e["filename"]).stem for e in (*report.get("errors", ()), *report.get("parse_errors", ()))}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    for kind in get_args(Kind):
        (folder / f"{kind}.json").write_text(json.dumps(json_schema(kind)), "utf-8")
    return folder


def of_kind(kind: str, *folders: Path) -> list[Path]:
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml"))]
    return [file for file in files if f"kind: {kind}\n" in file.read_text("utf-8")]


def test_schemas_are_schemas(schemas: Path) -> None:
    assert check_jsonschema("--check-metaschema", *schemas.iterdir())["status"] == "ok"


@pytest.mark.parametrize("kind", ["curriculum", "roster"])
def test_a_schema_takes_every_good_document(kind: str, schemas: Path) -> None:
    templates = ROOT / "src" / "cadreplan" / "templates"
    folders = [EXAMPLES / "good", ROOT / "curricula", *(ROOT / "examples").iterdir(), *templates.iterdir()]
    files = of_kind(kind, *folders)
    assert len(files) >= 3
    assert check_jsonschema("--schemafile", schemas / f"{kind}.json", *files)["status"] == "ok"


@pytest.mark.parametrize("kind", ["curriculum", "roster"])
def test_a_schema_rejects_every_bad_document_that_a_schema_can(kind: str, schemas: Path) -> None:
    files = of_kind(kind, EXAMPLES / "bad")
    expected = {
        file.stem
        for file in files
        if OF_SHAPE & set(re.findall(r"(?m)^# expect \d+:\d+ ([a-z-]+)", file.read_text("utf-8")))
    }
    assert len(expected) >= 5
    found = rejected(check_jsonschema("--schemafile", schemas / f"{kind}.json", *files))
    assert expected - BEYOND_A_SCHEMA <= found


def test_the_workflows_of_the_docs_are_workflows(tmp_path: Path) -> None:
    workflows = [block for block in BLOCKS if "runs-on" in block]
    assert len(workflows) == 2
    for i, block in enumerate(workflows):
        (tmp_path / f"{i}.yaml").write_text(block, "utf-8")
    files = sorted(tmp_path.iterdir())
    assert check_jsonschema("--builtin-schema", "vendor.github-workflows", *files)["status"] == "ok"


def test_the_gitlab_job_of_the_docs_is_a_job(tmp_path: Path) -> None:
    [block] = [block for block in BLOCKS if "artifacts" in block]
    (tmp_path / "ci.yaml").write_text(block, "utf-8")
    assert check_jsonschema("--builtin-schema", "vendor.gitlab-ci", tmp_path / "ci.yaml")["status"] == "ok"


def test_the_commands_of_the_docs_run(tmp_path: Path) -> None:
    example(tmp_path)
    lines = [
        line.partition(" > ")[0] for block in BLOCKS for line in re.findall(r"cadreplan validate .*", block)
    ]
    assert lines
    for line in lines:
        assert apart(*shlex.split(line)[1:], folder=tmp_path).returncode == 0


def test_the_hook_reads_the_whole_repository(tmp_path: Path) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"id", "name", "entry", "language", "files"} <= hook.keys()
    assert hook["pass_filenames"] is False
    assert all(re.search(hook["files"], name) for name in ("a/b.yaml", "b.yml", "c.csv", "人员.xlsx"))
    example(tmp_path)
    run = [*hook["entry"].split()[1:], *hook["args"]]
    assert apart(*run, folder=tmp_path).returncode == 0
    (tmp_path / "roster.yaml").write_text("cadreplan: 1\nkind: roster\n", "utf-8")
    assert apart(*run, folder=tmp_path).returncode == 1


def test_the_hook_is_named_in_the_docs() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    [block] = [block for block in BLOCKS if block.startswith("repos:")]
    assert [h["id"] for repo in yaml.safe_load(block)["repos"] for h in repo["hooks"]] == [hook["id"]]
