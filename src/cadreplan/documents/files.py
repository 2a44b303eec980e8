"""Reading files: bytes within the size limit, their hash, and how a path is named in findings."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cadreplan.documents.findings import Findings
from cadreplan.documents.foreign import system_reason
from cadreplan.documents.tree import mark_of
from cadreplan.language import tr

MAX_BYTES = 64 * 1024 * 1024
"""A roster of 20,000 leaders with its tables has 8 MiB, a plan for them 30."""
STANDARD_INPUT = "-"
_PIECE = 1024 * 1024
_ZIP = b"PK\x03\x04"
_BYTE_ORDER_MARK = "\ufeff"


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


def split_mark(text: str) -> tuple[str, str]:
    """The byte-order mark that a text begins with, if it does, and the text behind it."""
    n = text.startswith(_BYTE_ORDER_MARK)
    return text[:n], text[n:]


def read_source(file: str, *, regular: bool = False) -> Source:
    """The bytes of a file, or of standard input for `-`; raises `UnreadableError`.

    With `regular`, pipes and devices are refused: a document must not make the program wait for one.
    """
    try:
        data = _read(file, regular) if file != STANDARD_INPUT else _standard_input()
    except OSError as error:
        raise _unreadable(file, system_reason(error)) from None
    except ValueError as error:  # a NUL in the path
        raise _unreadable(repr(file), tr(str(error))) from None
    if len(data) > MAX_BYTES:
        raise _too_large(file)
    return Source(file, data)


def _unreadable(file: str, why: str) -> UnreadableError:
    return UnreadableError("unreadable-file", tr("can't read {file}: {why}", file=file, why=why))


def _too_large(file: str) -> UnreadableError:
    message = tr("{file} is larger than {limit} MiB", file=file, limit=MAX_BYTES // 1024**2)
    return UnreadableError("too-large", message)


def _read(file: str, regular: bool) -> bytes:
    path = Path(file)
    status = path.stat()
    if regular and not stat.S_ISREG(status.st_mode):
        raise _unreadable(file, tr("it is no file"))
    if status.st_size > MAX_BYTES:
        raise _too_large(file)
    with path.open("rb") as stream:
        return _limited(stream)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise _unreadable(STANDARD_INPUT, tr("standard input is closed"))
    return _limited(sys.stdin.buffer)


def _limited(stream: BinaryIO) -> bytes:
    """All of a stream, or a little more than is allowed; a single read would take room for all of that."""
    data = bytearray()
    while len(data) <= MAX_BYTES and (piece := stream.read(_PIECE)):
        data += piece
    return bytes(data)


def resolve(document: str, path: str) -> str:
    """The name of a file that a document refers to by a path relative to itself."""
    return os.path.normpath(Path(document).parent / path)


def stay_inside(file: str, folder: Path) -> None:
    """Raise `UnreadableError` for a file outside a folder, wherever links lead."""
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        message = tr(
            "{file} lies outside the folder {folder}, which --confine names", file=file, folder=folder
        )
        raise UnreadableError("outside-folder", message)


def relative(document: str, file: str) -> str:
    """A file's path relative to the document, with `/` on every system."""
    folder = Path(document).parent
    return Path(os.path.relpath(file, folder)).as_posix()


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def utf8_text(source: Source, findings: Findings) -> str | None:
    """The text of a UTF-8 file, without its byte-order mark; None, with a finding, if it is none."""
    try:
        return source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source.data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        hint = tr("save it as UTF-8")
        if source.data.startswith(_ZIP):
            hint = tr("a workbook is read as a table of the roster that names it")
        elif _is_gb18030(source.data):
            hint = tr("it can be read as GB18030: save it as UTF-8")
        message = tr("found the byte 0x{byte:02x}, expected text in UTF-8", byte=source.data[error.start])
        findings.error(source.file, mark_of(line, column), "encoding", message, hint)
        return None
