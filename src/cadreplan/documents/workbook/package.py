"""The parts of a workbook file: a zip archive whose XML is read in pieces, within limits, and never expanded.

Everything a hostile file could blow up is checked before or while it is read: the archive's directory, what
its parts unpack to, document types (and with them entities), and encryption.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from cadreplan.language import later, tr

MAX_PACKED = 64 * 1024**2
MAX_UNPACKED = 256 * 1024**2
"""Bytes of all parts that are read: a sheet of 20,000 leaders has about 20 MiB."""

MAX_SMALL = 16 * 1024**2
"""Bytes of a part other than a sheet or the shared strings."""
MAX_ELEMENTS = 8_000_000
"""Elements of a part: a cell has two or three."""

_MAX_DIRECTORY = 1024**2
_PIECE = 256 * 1024
_MAX_TOKEN = 1024**2
_MAX_DEPTH = 64
_TOO_LARGE = later("keep the table in a workbook of its own, or save it as CSV")
_END = b"PK\x05\x06"
_LOCATOR_64 = b"PK\x06\x07"
_OLE = b"\xd0\xcf\x11\xe0"

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


class PackageError(Exception):
    """The file can't be read as a workbook; the message says why, the hint what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = tr("open it in a spreadsheet program and save it again") if hint is None else hint


class Package:
    """An opened archive. Names of parts have no leading slash."""

    def __init__(self, data: bytes) -> None:
        """Raises `PackageError` where `data` is no zip archive, or one that isn't opened."""
        if data.startswith(_OLE):
            hint = tr("save it as .xlsx, without a password")
            message = tr("found an encrypted workbook or one of an old format, expected .xlsx")
            raise PackageError(message, hint)
        if len(data) > MAX_PACKED:
            message = tr("found {n:,} bytes, expected {most:,} at most", n=len(data), most=MAX_PACKED)
            raise PackageError(message)
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError) as error:
            raise PackageError(tr("found no workbook: {why}", why=error)) from None
        self._left = MAX_UNPACKED

    def read(
        self,
        name: str,
        start: Start,
        end: End | None = None,
        characters: Characters | None = None,
        *,
        is_large: bool = False,
    ) -> None:
        """Read the XML of a part; names of elements come without prefix. Sheets and strings may be large.

        Raises `PackageError` where the part is missing, unpacks to too much, or is no plain XML.
        """
        parser = _parser(name, start, end, characters)
        fed = 0
        info = self._info(name)
        try:
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 0x1:
                message = tr("found {part} packed in a way that workbooks aren't", part=name)
                raise PackageError(message, tr("save it again"))
            if info.file_size > (self._left if is_large else MAX_SMALL):
                raise _too_large(name)
            with self._archive.open(info) as stream:
                while piece := stream.read(_PIECE):
                    self._left -= len(piece)
                    parser.Parse(piece, False)
                    fed += len(piece)
                    if fed - parser.CurrentByteIndex > _MAX_TOKEN:
                        message = tr("found {part} with a single tag or text of megabytes", part=name)
                        raise PackageError(message)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise _broken(name, error) from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            LookupError,
        ) as error:
            # the last one is an encoding that nobody knows
            raise _broken(name, error) from None

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._archive.getinfo(name)
        except KeyError:
            raise PackageError(tr("found no {part} in the workbook", part=name)) from None

    def relations(self, part: str, *, needed: bool = True) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → last word of the type, and the name of the other part.

        Nothing, for a part that doesn't say, unless that is `needed`.
        """
        found: dict[str, tuple[str, str]] = {}
        folder, name = posixpath.split(part)
        if not needed and posixpath.join(folder, "_rels", f"{name}.rels") not in self._archive.namelist():
            return found

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        self.read(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found


def _local(name: str) -> str:
    return name[name.rfind(":") + 1 :]


def _parser(name: str, start: Start, end: End | None, characters: Characters | None) -> expat.XMLParserType:
    """A parser that keeps neither a deep stack of elements nor any entity."""
    depth, total = 0, 0
    parser = expat.ParserCreate()

    def first(element: str, attributes: Attributes) -> None:
        """Names get their prefixes taken off only in a file that has some: most have none."""
        if ":" in element:
            parser.StartElementHandler = with_prefix
            parser.EndElementHandler = end_with_prefix
            with_prefix(element, attributes)
        else:
            parser.StartElementHandler = counted
            parser.EndElementHandler = end_counted
            counted(element, attributes)

    def counted(element: str, attributes: Attributes) -> None:
        nonlocal depth, total
        depth += 1
        total += 1
        if depth > _MAX_DEPTH:
            raise PackageError(tr("found {part} nested deeper than {n} levels", part=name, n=_MAX_DEPTH))
        if total > MAX_ELEMENTS:
            message = tr("found more than {n:,} elements in {part}", n=MAX_ELEMENTS, part=name)
            raise PackageError(message, tr(_TOO_LARGE))
        start(element, attributes)

    def end_counted(element: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(element)

    def with_prefix(element: str, attributes: Attributes) -> None:
        counted(_local(element), attributes)

    def end_with_prefix(element: str) -> None:
        end_counted(_local(element))

    parser.buffer_text = True
    parser.StartElementHandler = first
    if characters is not None:
        parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise PackageError(tr("found a document type declaration, which no workbook has"), "")


def _too_large(name: str) -> PackageError:
    message = tr("found {part}, with which the workbook unpacks to more than is read", part=name)
    return PackageError(message, tr(_TOO_LARGE))


def _broken(name: str, error: Exception) -> PackageError:
    return PackageError(tr("found {part} broken: {why}", part=name, why=error))


def _check_directory(data: bytes) -> None:
    """Refuse a directory that would take too much memory before any library reads it."""
    at = data.rfind(_END, max(0, len(data) - 66_000))
    if at < 0 or len(data) - at < 22:
        raise PackageError(tr("found no workbook: this isn't a zip archive, or it is cut off"))
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    if size > _MAX_DIRECTORY or data[max(0, at - 20) : at].startswith(_LOCATOR_64):
        raise PackageError(tr("found an archive with more parts than any workbook has"))
