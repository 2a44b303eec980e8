"""Files that are whole or not there: written beside their place, synced, and moved into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, as seen by anybody else. Raises `OSError`."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write each file in one step, none of them before all are safe on the disk. Raises `OSError`.

    All are written before the first is synced, so that the disk takes thousands of them together.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        for part in parts.values():
            with part.open("rb+") as file:
                os.fsync(file.fileno())
        usual = 0o666 & ~_umask()
        for path, part in parts.items():
            part.chmod(path.stat().st_mode if path.exists() else usual)
            part.replace(path)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
