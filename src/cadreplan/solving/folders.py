"""The folder of a solver process: people's data lie in it, so it goes, whoever was killed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadreplan.solving.platform import is_mine, lock

_PREFIX = "cadreplan-solve-"
_LOCK = "lock"
_OLD = 24 * 3600.0
"""Seconds after which a folder that nobody holds is taken for a leftover."""


@contextmanager
def job_folder() -> Iterator[Path]:
    """A folder that is removed with the block; leftovers of processes that were killed are removed first.

    Raises `OSError` where there is no room for one.
    """
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / _LOCK).open("wb") as held:
            lock(held)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove old folders of this user that no living process holds; links are not followed."""
    with suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                status = folder.lstat()
                if is_mine(status) and time.time() - status.st_mtime > _OLD and not _is_held(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("rb+") as held:
            lock(held)
    except FileNotFoundError:
        return False  # its process was killed before it had one
    except OSError:
        return True
    return False
