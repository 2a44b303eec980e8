"""The files of the next roster: the last one's text with the rows of its leaders changed where they stand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cadreplan.documents.changes import LeaderChange
from cadreplan.documents.files import relative, resolve
from cadreplan.documents.fixing import plain_rows, plain_table
from cadreplan.documents.labels import SHEETS
from cadreplan.documents.model import RosterDocument
from cadreplan.documents.table_edit import edited_csv, rows_as_csv
from cadreplan.documents.workbook import read_sheet
from cadreplan.documents.yaml_edit import edited
from cadreplan.errors import UsageError
from cadreplan.language import tr

_MARK = "\ufeff"


def next_files(
    roster: RosterDocument, changes: Mapping[str, LeaderChange], output: Path, encoding: str | None = None
) -> dict[Path, bytes]:
    """What to write for the next roster at `output`: itself, and the table of its leaders beside it.

    A CSV or YAML table becomes `OUTPUT-leaders.csv` or `.yaml`; the sheet of a workbook becomes a CSV table.
    Where `output` is the roster itself, a CSV or YAML table is changed in its place. All other files are read
    from where they are. Raises `UsageError` where a table would be written over a file that the roster reads,
    or can't be changed; `OSError` where a file can't be read.
    """
    here = Path(roster.file)
    written = roster.tree.get("leaders")
    files: dict[Path, bytes] = {}
    paths = _moved(roster, output)
    table: str | None = "leaders"
    if isinstance(written, str):
        target, data = _leaders(roster, written, changes, output, encoding)
        files[target] = data
        paths["leaders"] = relative(str(output), str(target))
        table = None
    raw = here.read_bytes()
    text = raw.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    inline = changes if table is not None else {}
    new = edited(text.removeprefix(_MARK), roster.file, inline, _different(roster, paths), table)
    files[output] = (mark + new).encode()
    return files


def _moved(roster: RosterDocument, output: Path) -> dict[str, str]:
    """The paths of the other files that the roster names, as seen from where the next one lies."""
    found = {}
    for key in ("curriculum", *roster.tables):
        path = roster.tree.get(key)
        if isinstance(path, str):
            file, hash_, sheet = path.partition("#")
            found[key] = relative(str(output.resolve()), str(Path(resolve(roster.file, file)).resolve()))
            found[key] += hash_ + sheet
    return found


def _different(roster: RosterDocument, paths: Mapping[str, str]) -> dict[str, str]:
    """Those that lead elsewhere than what is written, so that the others keep their words."""
    return {
        key: path
        for key, path in paths.items()
        if os.path.normpath(str(roster.tree.get(key))) != os.path.normpath(path)
    }


def _leaders(
    roster: RosterDocument,
    written: str,
    changes: Mapping[str, LeaderChange],
    output: Path,
    encoding: str | None,
) -> tuple[Path, bytes]:
    """The place and the bytes of the next table of leaders."""
    name, _, sheet = written.partition("#")
    suffix = Path(name).suffix.lower()
    if suffix != ".xlsx":
        name = written
    file = Path(resolve(roster.file, name))
    in_place = output.exists() and output.samefile(roster.file)
    ending = ".csv" if suffix == ".xlsx" else suffix
    target = output.with_name(f"{output.stem}-leaders{ending}")
    if in_place and suffix != ".xlsx":
        target = file
    elif target.exists() and any(target.samefile(other) for other in _inputs(roster)):
        raise UsageError(
            tr("{file} is read by this roster: name the next one otherwise with -o", file=target)
        )
    data = file.read_bytes()
    if suffix == ".csv":
        plain = plain_table(data, resolve(roster.file, name), roster.fixes, encoding)
        return target, edited_csv(plain, str(file), changes, encoding)
    if suffix == ".xlsx":
        found = read_sheet(data, sheet or None, ("leaders", SHEETS["leaders"]))
        place = f"{resolve(roster.file, name)}#{found.name}"
        return target, rows_as_csv(plain_rows(found.rows, place, roster.fixes), changes)
    text = data.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    return target, (mark + edited(text.removeprefix(_MARK), str(file), changes, {}, None)).encode()


def _inputs(roster: RosterDocument) -> list[Path]:
    files = (Path(resolve(roster.file, name)) for name in roster.files)
    return [file for file in files if file.exists()]
