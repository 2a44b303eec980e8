"""Imports point one way: the contract of pyproject.toml holds, and it does fail when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("check.py", "import cadreplan.engines"),
        ("documents/load.py", "import ortools.sat"),
        ("views/summary.py", "import cadreplan.cli"),
        ("insight/reasons.py", "import typer"),
        ("solving/run.py", "import rich"),
    ],
)
def test_the_contract_fails_where_an_import_points_the_wrong_way(
    tmp_path: Path, file: str, line: str
) -> None:
    package = tmp_path / "cadreplan"
    shutil.copytree(ROOT / "src" / "cadreplan", package, ignore=shutil.ignore_patterns("__pycache__"))
    with (package / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    ran = _lint(tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "BROKEN" in ran.stdout


def test_commands_without_a_solver_load_none() -> None:
    code = (
        "import sys; from cadreplan.cli.main import app; import cadreplan.cli.validate, cadreplan.cli.check;"
        "import cadreplan.documents.load, cadreplan.check, cadreplan.api;"
        "print([m for m in ('ortools', 'numba', 'pandas', 'numpy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_yaml_is_read_in_one_place() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if any(
            line.split()[:2] in (["import", "yaml"], ["from", "yaml"])
            for line in path.read_text("utf-8").splitlines()
        )
    ]
    assert users == ["src/cadreplan/documents/yaml.py"]
