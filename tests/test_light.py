"""Without the extras, what validates and checks works, and what needs one says how to get it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cadreplan.extras import EXTRAS, extra_of
from tests.cli.base import example

_HIDING = """
import importlib.abc, sys
class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hide())
import importlib.util
seen = importlib.util.find_spec
hidden = {hidden!r}
importlib.util.find_spec = lambda name, *rest: None if name.partition(".")[0] in hidden else seen(name, *rest)
from cadreplan.cli.main import run
run({line!r})
"""
_HIDDEN = {module for modules in EXTRAS.values() for module in modules} | {"pandas", "polars", "scipy"}


def _light(folder: Path, *line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _HIDING.format(hidden=sorted(_HIDDEN), line=list(line))],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "line",
    [
        ("validate", "."),
        ("validate", "roster.yaml", "--format", "sarif"),
        ("check", "plan.json"),
        ("check", "plan.json", "--format", "junit"),
        ("show", "plan.json"),
        ("diff", "plan.json", "plan.json"),
        ("compare", "plan.json", "plan.json"),
        ("rule", "seat-shortage"),
        ("schema", "plan"),
        ("init", "other"),
        ("--help",),
    ],
)
def test_a_light_installation_has_these(line: tuple[str, ...], tmp_path: Path) -> None:
    example(tmp_path)
    ran = _light(tmp_path, *line)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout or ran.stderr


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ("solve", ("solve", "roster.yaml", "-o", "new.json")),
        ("solve", ("replan", "plan.json", "-o", "new.json")),
        ("solve", ("bottlenecks", "plan.json")),
        ("solve", ("explain", "plan.json", "L1")),
        ("export", ("export", "plan.json", "--to", "xlsx")),
        ("tui", ("browse", "plan.json")),
    ],
)
def test_what_needs_an_extra_says_how_to_get_it(extra: str, line: tuple[str, ...], tmp_path: Path) -> None:
    example(tmp_path)
    ran = _light(tmp_path, *line, "--lang", "en")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1].endswith(f"pip install 'cadreplan[{extra}]'"), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_module_is_of_the_extra_that_brings_it() -> None:
    assert extra_of("ortools.sat.python") == "solve"
    assert extra_of("jinja2") == "export"
    assert extra_of("json") is None
