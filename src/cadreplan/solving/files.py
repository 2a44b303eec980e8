"""Files that are whole or not there: written beside their place, synced, and moved into it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cadreplan.plan import Plan


def save(plan: Plan, path: Path) -> None:
    """Write a plan as JSON; an older file of that name stays until the new one is complete."""
    write_atomically(path, plan.to_json().encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, as seen by anybody else. Raises `OSError`."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
