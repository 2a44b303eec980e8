"""Reading files: bytes within the size limit, their hash, and how a path is named in findings."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 512 * 1024 * 1024
STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Source:
    """The bytes of a file, and its name as the user wrote it or as the referring document resolves it."""

    file: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class UnreadableError(Exception):
    """A file that can't be read or is too large; `rule` is the id of the finding to make of it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def read_source(file: str) -> Source:
    """The bytes of a file, or of standard input for `-`; raises `UnreadableError`."""
    try:
        if file == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableError("unreadable-file", f"can't read {file}: {error.strerror or error}") from None
    except ValueError as error:  # a NUL in the path
        raise UnreadableError("unreadable-file", f"can't read {file!r}: {error}") from None
    if len(data) > MAX_BYTES:
        raise UnreadableError("too-large", f"{file} is larger than {MAX_BYTES // 1024**2} MiB")
    return Source(file, data)


def resolve(document: str, path: str) -> str:
    """The name of a file that a document refers to by a path relative to itself."""
    return os.path.normpath(Path(document).parent / path)


def relative(document: str, file: str) -> str:
    """A file's path relative to the document, with `/` on every system."""
    folder = Path(document).parent
    return Path(os.path.relpath(file, folder)).as_posix()
