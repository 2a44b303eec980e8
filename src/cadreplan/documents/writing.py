"""Files that are whole or not there: written beside their place, synced, and moved into it.

Links are followed to the file they stand for. What is no file (a pipe, a terminal, /dev/null) is never
replaced but written into.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cadreplan.language import tr

_AT_A_TIME = 16
"""Files that are synced at a time: they only wait."""

_PREFIX, _SUFFIX = ".cadreplan-", ".part"
"""Of a file that is not whole yet; its own name may be as long as a name can be, and is no part of it."""

_MOST_LINKS = 40

_IN_USE = (5, 32)
"""ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION: how Windows says that a file is open elsewhere."""
_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds between the tries to replace such a file."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, as seen by anybody else. Raises `OSError`."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write each file in one step, none of them before all are safe on the disk. Raises `OSError`.

    All are written before the first is synced, and many are synced at a time: a journalling file system then
    takes thousands of them together instead of waiting for the disk with each.
    """
    parts: dict[Path, Path] = {}
    streams = [path for path in files if _is_stream(path)]
    try:
        for path in (path for path in files if path not in streams):
            with _naming(path):
                place = Path(os.path.realpath(path))
                parts[place] = _part_beside(place)  # known before it is there: an interrupt leaves none
                with os.fdopen(_private(parts[place]), "wb") as file:
                    file.write(files[path])
        _sync(list(parts.values()))
        for path in streams:
            with _naming(path), _opened(path) as file:
                file.write(files[path])
        for place, part in parts.items():
            with _naming(place):
                _as_before(part, place)
                _replace(part, place)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def try_out(path: Path) -> None:
    """Raise the `OSError` that writing to `path` would raise, as far as it can be known; nothing is left."""
    with _naming(path):
        if _is_stream(path):
            if not os.access(path, os.W_OK) or path.is_block_device():
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        place = Path(os.path.realpath(path))
        with suppress(FileNotFoundError):
            if not os.access(place, os.W_OK) and stat.S_ISREG(place.lstat().st_mode):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        part = _part_beside(place)
        try:
            os.close(_private(part))
        finally:
            part.unlink(missing_ok=True)


def _part_beside(place: Path) -> Path:
    """A name that no file beside `place` has."""
    return place.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}")


def _private(path: Path) -> int:
    """A new file that nobody else may read until it has its place and its mode, opened."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def _is_stream(path: Path) -> bool:
    """Whether `path` leads to what can't be replaced: no file, or a file that somebody holds open for us."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or _descriptor(path) is not None


def _descriptor(path: Path) -> int | None:
    """The number behind `/dev/stdout` and `/dev/fd/3`; None for other paths."""
    ours = Path(f"/proc/{os.getpid()}/fd")
    for _ in range(_MOST_LINKS):
        if path.name.isdecimal() and path.parent.resolve() == ours:
            return int(path.name)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Where to write for what is no file; a disk is never meant."""
    if path.is_block_device():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    number = _descriptor(path)
    with path.open("wb") if number is None else os.fdopen(os.dup(number), "wb") as file:
        yield file


def _replace(part: Path, place: Path) -> None:
    """Move a file to its place, even if somebody looks at the one there for a moment.

    Windows moves nothing over a file that is open: one that a search index or a virus scanner reads is free
    soon, one that a spreadsheet program holds is not.
    """
    for pause in _PAUSES:
        try:
            part.replace(place)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
            time.sleep(pause)
        else:
            return
    try:
        part.replace(place)
    except PermissionError as error:
        if getattr(error, "winerror", None) not in _IN_USE:
            raise
        reason = tr("another program has it open: close it there")
        raise PermissionError(error.errno, reason, str(place)) from error


def _as_before(part: Path, place: Path) -> None:
    """Give a file the rights and the owner of the one that it replaces; else the usual rights."""
    try:
        before = place.stat()
    except FileNotFoundError:
        part.chmod(0o666 & ~_umask())
        return
    if (
        hasattr(os, "geteuid") and before.st_uid != os.geteuid()
    ):  # on Windows files take rights of their folder
        with suppress(PermissionError):
            os.chown(part, before.st_uid, before.st_gid)
    part.chmod(stat.S_IMODE(before.st_mode))


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Say which file it was: a full disk is reported without a name, a new file by that of its part."""
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
