"""What a command line names: files, folders to be walked, and patterns, to the documents among them."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cadreplan.documents.files import STANDARD_INPUT, UnreadableError, read_source
from cadreplan.documents.reading.document import HEAD_BYTES, says_what_it_is
from cadreplan.documents.reading.season import is_season
from cadreplan.errors import UsageError
from cadreplan.language import tr
from cadreplan.loading.git import ignored_by_git

_WORKBOOK = ".xlsx"
_SUFFIXES = (".yaml", ".yml", _WORKBOOK)
_LOCK = "~$"
"""What the name of a file begins with that a spreadsheet program keeps beside an open workbook."""


def documents_in(names: Iterable[str], excluded: Callable[[str], bool] = lambda file: False) -> list[str]:
    """All documents that files, folders and patterns name, each once, in the order they are named.

    A file that is named is taken as it is. In a folder, and for a pattern like `plans/**/*.yaml`, those YAML
    files count that say `cadreplan:` or `kind:` of a document, and workbooks that hold a season: tables and
    files of other programs don't.
    Folders whose names begin with a dot are passed over, and so are virtual environments, what git ignores,
    and what is `excluded`. Raises `UsageError` where a folder or pattern has no
    document.
    """
    found: dict[str, None] = {}
    for name in names:
        if name != STANDARD_INPUT and Path(name).is_dir():
            inside = _left(_walk(name), excluded)
            if not inside:
                raise UsageError(tr("there is no curriculum or roster in the folder {name}", name=name))
        elif name != STANDARD_INPUT and not Path(name).exists() and glob.has_magic(name):
            matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
            inside = _left((file for match in matches for file in _of_match(match)), excluded)
            if not inside:
                raise UsageError(tr("there is no curriculum or roster among the files {name}", name=name))
        else:
            inside = [name]
        found.update(dict.fromkeys(inside))
    return list(found)


def _left(files: Iterable[str], excluded: Callable[[str], bool]) -> list[str]:
    """The documents among files that were found, without those that are passed over."""
    found = [file for file in files if not excluded(file) and is_document(file)]
    ignored = ignored_by_git(found)
    return [file for file in found if file not in ignored]


def _is_environment(folder: Path) -> bool:
    """Whether a folder holds installed packages, of `venv` or conda: their files are nobody's documents."""
    return (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def _of_match(match: str) -> Iterator[str]:
    if Path(match).is_dir():
        return
    if match.lower().endswith(_SUFFIXES):
        yield match


def _walk(folder: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_environment(Path(here, name))
        )
        for name in sorted(files):
            if name.lower().endswith(_SUFFIXES):
                yield os.path.normpath(Path(here) / name)


def is_document(file: str) -> bool:
    """Whether a file looks like a document: YAML that says what it is, or a workbook with a season."""
    path = Path(file)
    try:
        if not path.is_file() or path.name.startswith(_LOCK):
            return False
        if path.suffix.lower() == _WORKBOOK:
            return is_season(read_source(file).data)
        with path.open("rb") as stream:
            return says_what_it_is(stream.read(HEAD_BYTES))
    except UnreadableError:
        return False
    except OSError:
        return True  # named in a finding when it is read
