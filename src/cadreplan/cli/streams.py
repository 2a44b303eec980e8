"""The three streams of the program, whatever they are: closed, full, or with nobody at their other end."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


@contextmanager
def guarded() -> Iterator[None]:
    """Inside the block standard error takes everything and never fails: words must not end a search.

    A stream that was closed from the beginning takes what is written, too; `is_open` tells. Its number is
    taken, so that no file is opened under it, into which libraries would then write their messages.
    """
    before = sys.stdout, sys.stderr
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = _Closed()
    sys.stderr = _forgiving(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def is_open(stream: TextIO) -> bool:
    """Whether somebody may get what is written."""
    return not isinstance(stream, _Closed)


@contextmanager
def perhaps_unread() -> Iterator[None]:
    """For words after the work is done: nothing is wrong where their reader, or the terminal, has gone."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EIO):
            raise
        drop_output()


def drop_output() -> None:
    """Let what is left in the buffer of standard output go nowhere, where it can't be written."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return  # it has none: a test holds it
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


class _Forgiving(io.RawIOBase):
    """Writes, and goes on where that fails."""

    def __init__(self, raw: io.RawIOBase | None) -> None:
        super().__init__()
        self._raw = raw

    def write(self, data: Any, /) -> int:
        try:
            return len(data) if self._raw is None else self._raw.write(data) or len(data)
        except (OSError, ValueError):
            return len(data)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._raw is not None and self._raw.isatty()

    def fileno(self) -> int:
        return 2 if self._raw is None else self._raw.fileno()


class _Closed(io.TextIOWrapper):
    """A stream that was closed before the program began."""

    def __init__(self) -> None:
        super().__init__(io.BufferedWriter(_Forgiving(None)), encoding="utf-8", errors="replace")


def _forgiving(stream: TextIO | None) -> TextIO:
    """The same stream without its failures; one that a test holds stays as it is."""
    if stream is None:
        return _Closed()
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # PYTHONUNBUFFERED leaves the buffer out
    if not isinstance(raw, io.RawIOBase):
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Forgiving(raw)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=True,
        write_through=True,
    )
