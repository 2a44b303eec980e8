"""Files that are whole or not there: written beside their place, synced, and moved into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_AT_A_TIME = 16
"""Files that are synced at a time: they only wait."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, as seen by anybody else. Raises `OSError`."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write each file in one step, none of them before all are safe on the disk. Raises `OSError`.

    All are written before the first is synced, and many are synced at a time: a journalling file system then
    takes thousands of them together instead of waiting for the disk with each.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            parts[path] = Path(name)
            with _naming(path), os.fdopen(handle, "wb") as file:
                file.write(data)
        _sync(list(parts.values()))
        usual = 0o666 & ~_umask()
        for path, part in parts.items():
            part.chmod(path.stat().st_mode if path.exists() else usual)
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Say which file it was: a full disk is reported without a name."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _sync(parts: list[Path]) -> None:
    if len(parts) == 1:
        _sync_one(parts[0])
        return
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for _ in pool.map(_sync_one, parts):
            pass


def _sync_one(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
