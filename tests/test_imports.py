"""Imports point one way: the contract of pyproject.toml holds, and it does fail when it is broken."""

from __future__ import annotations

import ast
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
        ("verification/rules.py", "import cadreplan.engines"),
        ("loading/load.py", "import ortools.sat"),
        ("documents/reading/roster.py", "import cadreplan.rules"),
        ("documents/schema/types.py", "import cadreplan.documents.findings"),
        ("rules/supply.py", "import cadreplan.loading.load"),
        ("cli/misuse.py", "import cadreplan.cli.drawing"),
        ("views/table.py", "import cadreplan.views.export.workbook"),
        ("views/summary.py", "import cadreplan.cli"),
        ("insight/reasons.py", "import typer"),
        ("insight/reasons.py", "from cadreplan.messages.saying import say"),
        ("views/summary.py", "from cadreplan.engines.choose import choose"),
        ("views/season.py", "from cadreplan.insight.reasons import Reasons"),
        ("views/programme.py", "from cadreplan.programme import reasons"),
        ("solving/run.py", "import rich"),
        ("solving/run.py", "import distributed"),
        ("engines/columns/pricing/remote.py", "import dask"),
        ("engines/columns/heuristics/warm_start.py", "from cadreplan.verification.layout import trips_of"),
        ("engines/columns/compiled/rows.py", "import cadreplan.engines.columns.pricing"),
        ("engines/columns/master/pool.py", "import cadreplan.engines.columns.heuristics.diving"),
        ("insight/prices.py", "import cadreplan.engines.columns.master.pool"),
        ("insight/plan_state.py", "from cadreplan.verification.layout import trips_of"),
        ("verification/layout.py", "from cadreplan.trips import trips_of"),
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


FROM_THE_CHECK = {
    "cadreplan.verification.after": {"changes"},
    "cadreplan.verification.report": {"Report", "Violation"},
    "cadreplan.verification.rules": {"OF_ONE_LEADER", "check"},
    "cadreplan.verification.plans": {"resolve"},
    "cadreplan.verification.programmes": {"broken", "goals"},
    "cadreplan.verification.groups": {"broken", "closed_form", "goals"},
}
"""What solvers may import of the check: itself, its verdicts and what their rules are about, and who
reads the names of a plan document."""


def _helpers(folder: Path) -> list[str]:
    """What solvers import from the modules of the check and may not."""
    found = []
    for part in ("engines", "grouping", "insight", "programme", "solving"):
        for path in sorted((folder / part).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    module, names = node.module or "", {alias.name for alias in node.names}
                    allowed = FROM_THE_CHECK.get(module, set())
                    if module.startswith("cadreplan.verification") and names - allowed:
                        found.append(f"{path.relative_to(folder)}: {', '.join(sorted(names - allowed))}")
                elif isinstance(node, ast.Import) and FROM_THE_CHECK.keys() & {a.name for a in node.names}:
                    found.append(f"{path.relative_to(folder)}: a whole module")
    return found


def test_solvers_ask_the_check_and_use_nothing_of_it() -> None:
    assert _helpers(ROOT / "src" / "cadreplan") == []


@pytest.mark.parametrize(
    "line",
    [
        "from cadreplan.verification.rules import closed_by",
        "from cadreplan.verification.programmes import goals, fair_load",
        "from cadreplan.verification import plans",
        "import cadreplan.verification.rules",
    ],
)
def test_a_helper_of_the_check_among_the_solvers_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "insight").mkdir()
    (tmp_path / "insight" / "some.py").write_text(line + "\n", "utf-8")
    assert len(_helpers(tmp_path)) == 1


def test_commands_without_a_solver_load_none() -> None:
    code = (
        "import sys; from cadreplan.cli.main import app; import cadreplan.cli.validate, cadreplan.cli.check;"
        "import cadreplan.loading.load, cadreplan.verification.rules, cadreplan.api;"
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
    assert users == ["src/cadreplan/documents/yaml/reader.py"]
