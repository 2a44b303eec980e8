"""What git ignores, as git says it: tracked files aren't ignored, and there are global rules, too."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

_SECONDS = 20.0
_SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
"""Settings of a repository may name programs; none is started."""


def ignored_by_git(files: Iterable[str]) -> frozenset[str]:
    """Those of the files that git ignores; none where there is no repository, or no git."""
    by_root: dict[Path, list[str]] = defaultdict(list)
    roots: dict[Path, Path | None] = {}
    for file in files:
        folder = Path(file).parent
        if folder not in roots:
            roots[folder] = _root(folder)
        if (root := roots[folder]) is not None:
            by_root[root].append(file)
    return frozenset(file for root, inside in by_root.items() for file in _ignored(root, inside))


def _root(folder: Path) -> Path | None:
    here = folder.resolve()
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), None)


def _ignored(root: Path, files: Sequence[str]) -> list[str]:
    git = shutil.which("git")
    if git is None or Path(git).resolve().parent == Path.cwd():  # Windows looks into the working folder first
        return []
    places = {os.fsencode(Path(file).resolve()): file for file in files}
    try:
        ran = subprocess.run(
            [git, *_SAFE, "check-ignore", "-z", "--stdin"],
            input=b"\0".join(places) + b"\0",
            cwd=root,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [places[name] for name in ran.stdout.split(b"\0") if name in places]
