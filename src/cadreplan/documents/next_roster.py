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
from cadreplan.documents.names import names_in
from cadreplan.documents.table_edit import edited_csv, rows_as_csv
from cadreplan.documents.table_files import are_paths, named_files
from cadreplan.documents.tree import Seq
from cadreplan.documents.workbook import read_sheet
from cadreplan.documents.yaml_edit import Paths, edited
from cadreplan.errors import UsageError
from cadreplan.language import tr

_MARK = "\ufeff"


def next_files(
    roster: RosterDocument, changes: Mapping[str, LeaderChange], output: Path, encoding: str | None = None
) -> dict[Path, bytes]:
    """What to write for the next roster at `output`: itself, and the table of its leaders beside it.

    A CSV or YAML table becomes `OUTPUT-leaders.csv` or `.yaml`, several `OUTPUT-leaders-1.csv` and so on; the
    sheet of a workbook becomes a CSV table. Cells of flat tables are written in the plain form.
    Where `output` is the roster itself, a CSV or YAML table is changed in its place. All other files are read
    from where they are. Raises `UsageError` where a table would be written over a file that the roster reads,
    or can't be changed; `OSError` where a file can't be read.
    """
    here = Path(roster.file)
    written = roster.tree.get("leaders")
    files: dict[Path, bytes] = {}
    paths = _moved(roster, output)
    table: str | None = "leaders"
    if isinstance(written, str) or (isinstance(written, Seq) and are_paths(written)):
        files |= _tables(roster, written, changes, output, encoding)
        targets = [relative(str(output), str(target)) for target in files]
        paths["leaders"] = targets[0] if len(targets) == 1 else targets
        table = None
    raw = here.read_bytes()
    text = raw.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    inline = changes if table is not None else {}
    new = edited(text.removeprefix(_MARK), roster.file, inline, _different(roster, paths), table)
    files[output] = (mark + new).encode()
    return files


def _moved(roster: RosterDocument, output: Path) -> dict[str, Paths]:
    """The paths of the other files that the roster names, as seen from where the next one lies."""

    def moved(path: str) -> str:
        file, hash_, sheet = path.partition("#")
        return (
            relative(str(output.resolve()), str(Path(resolve(roster.file, file)).resolve())) + hash_ + sheet
        )

    found: dict[str, Paths] = {}
    for key in ("curriculum", *roster.tables):
        path = roster.tree.get(key)
        if isinstance(path, str):
            found[key] = moved(path)
        elif isinstance(path, Seq) and are_paths(path):
            found[key] = [moved(str(one)) for one in path]
    return found


def _different(roster: RosterDocument, paths: Mapping[str, Paths]) -> dict[str, Paths]:
    """Those that lead elsewhere than what is written, so that the others keep their words."""

    def usual(path: object) -> list[str]:
        return [os.path.normpath(str(one)) for one in (path if isinstance(path, list) else [path])]

    return {key: path for key, path in paths.items() if usual(roster.tree.get(key)) != usual(path)}


def _tables(
    roster: RosterDocument,
    written: str | Seq,
    changes: Mapping[str, LeaderChange],
    output: Path,
    encoding: str | None,
) -> dict[Path, bytes]:
    """The places and the bytes of the next tables of leaders, in the order in which the roster names them."""
    files, _ = named_files(roster.file, written, roster.tree.value_mark("leaders"))
    found: dict[Path, bytes] = {}
    for number, (path, _) in enumerate(files, 1):
        place = resolve(roster.file, path)
        inside = {row.id for row in roster.leaders.rows if place in (row.file, row.file.partition("#")[0])}
        own = {id_: change for id_, change in changes.items() if id_ in inside or len(files) == 1}
        target, data = _leaders(roster, path, own, output, f"-{number}" if len(files) > 1 else "", encoding)
        found[target] = data
    return found


def _leaders(
    roster: RosterDocument,
    written: str,
    changes: Mapping[str, LeaderChange],
    output: Path,
    which: str,
    encoding: str | None,
) -> tuple[Path, bytes]:
    """The place and the bytes of a next table of leaders; `which` tells it from others."""
    name, _, sheet = written.partition("#")
    suffix = Path(name).suffix.lower()
    if suffix != ".xlsx":
        name = written
    file = Path(resolve(roster.file, name))
    in_place = output.exists() and output.samefile(roster.file)
    ending = ".csv" if suffix == ".xlsx" else suffix
    target = output.with_name(f"{output.stem}-leaders{which}{ending}")
    if in_place and suffix != ".xlsx":
        target = file
    elif target.exists() and any(target.samefile(other) for other in _inputs(roster)):
        raise UsageError(
            tr("{file} is read by this roster: name the next one otherwise with -o", file=target)
        )
    data = file.read_bytes()
    skills = names_in(roster.curriculum.skills) if roster.curriculum else None
    if suffix == ".csv":
        plain = plain_table(data, resolve(roster.file, name), roster.fixes, encoding)
        return target, edited_csv(plain, str(file), changes, encoding, skills)
    if suffix == ".xlsx":
        found = read_sheet(data, sheet or None, ("leaders", SHEETS["leaders"]))
        place = f"{resolve(roster.file, name)}#{found.name}"
        return target, rows_as_csv(plain_rows(found.rows, place, roster.fixes), changes, skills)
    text = data.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    return target, (mark + edited(text.removeprefix(_MARK), str(file), changes, {}, None)).encode()


def _inputs(roster: RosterDocument) -> list[Path]:
    files = (Path(resolve(roster.file, name)) for name in roster.files)
    return [file for file in files if file.exists()]
