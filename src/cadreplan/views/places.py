"""Where findings are, as services that show them beside the code want it: relative to the workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cadreplan.diagnostics import Diagnostic


def workspace() -> Path:
    """GITHUB_WORKSPACE if it is a folder, else the root of the git repository around here, else this one."""
    named, here = os.environ.get("GITHUB_WORKSPACE"), Path.cwd()
    if named and Path(named).is_dir():
        return Path(named)
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def placed(file: str, root: Path) -> str:
    """A path from `root` on, with forward slashes; absolute outside it. Standard input stays `-`."""
    if file == "-":
        return file
    path = Path(os.path.normpath(Path.cwd() / file))
    for one, base in ((path, root), (path.resolve(), root.resolve())):
        if one.is_relative_to(base):
            return one.relative_to(base).as_posix()
    return path.as_posix()


def in_workspace(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings with paths as `placed` gives them."""
    root = workspace()
    places = {file: placed(file, root) for file in {found.file for found in diagnostics}}
    return [replace(found, file=places[found.file]) for found in diagnostics]
