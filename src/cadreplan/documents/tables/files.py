"""The files that a roster names for a table: one, several, or all of a pattern like `branches/*.csv`."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from cadreplan.documents.files import resolve
from cadreplan.documents.tree import Mark, Seq, Tree

NamedFile = tuple[str, Mark]
"""A path as the roster writes it, with the sheet behind a `#`, and where it does."""

_LOCK = "~$"
"""What the name of a file begins with that a spreadsheet program keeps beside an open workbook."""


def are_paths(written: Tree) -> bool:
    """Whether a list names files, and isn't one of rows."""
    return isinstance(written, Seq) and bool(written) and all(isinstance(item, str) for item in written)


def named_files(document: str, written: str | Seq, mark: Mark) -> tuple[list[NamedFile], list[NamedFile]]:
    """The files that are named, each once and those of a pattern by name; and the patterns that find none."""
    places = [(written, mark)] if isinstance(written, str) else list(zip(written, written.marks, strict=True))
    found: dict[str, NamedFile] = {}
    without: list[NamedFile] = []
    for path, at in places:
        assert isinstance(path, str)
        matches = _matches(document, path)
        if not matches:
            without.append((path, at))
        for match in matches:
            found.setdefault(os.path.normpath(match), (match, at))
    return list(found.values()), without


def _matches(document: str, path: str) -> list[str]:
    """The paths, relative to the document, that one that may be a pattern stands for."""
    file, hash_, sheet = path.partition("#")
    if not glob.has_magic(file) or os.path.exists(resolve(document, file)):  # noqa: PTH110 (may be too long)
        return [path]
    folder = str(Path(document).parent)
    matches = sorted(glob.glob(file, root_dir=folder, recursive=True))  # noqa: PTH207 (relative to a folder)
    files = [m for m in matches if not Path(m).name.startswith(_LOCK) and (Path(folder) / m).is_file()]
    return [Path(match).as_posix() + hash_ + sheet for match in files]
