"""The files of the next roster: the last one's text with the rows of its leaders changed where they stand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cadreplan.documents.changes import LeaderChange
from cadreplan.documents.files import relative, resolve
from cadreplan.documents.fixing import plain_table
from cadreplan.documents.model import RosterDocument
from cadreplan.documents.names import names_in
from cadreplan.documents.season import is_season
from cadreplan.documents.table_edit import edited_csv
from cadreplan.documents.table_files import are_paths, named_files
from cadreplan.documents.tree import Seq
from cadreplan.documents.workbook_edit import edited_workbook
from cadreplan.documents.yaml_edit import Paths, edited
from cadreplan.errors import UsageError
from cadreplan.language import tr

_MARK = "\ufeff"


def next_files(
    roster: RosterDocument, changes: Mapping[str, LeaderChange], output: Path, encoding: str | None = None
) -> dict[Path, bytes]:
    """What to write for the next roster at `output`: itself, and the table of its leaders beside it.

    A season in a workbook becomes one again, with the cells of its leaders changed. Else a table becomes
    `OUTPUT-leaders` with the ending it has, several `OUTPUT-leaders-1` and so on: a workbook stays one, with
    all its sheets. Cells of CSV tables are written in the plain form. Where `output` is the roster itself, a
    table is changed in its place. All other files are read from where they are. Raises `UsageError` where a
    table would be written over a file that the roster reads, or can't be changed; `OSError` where a file
    can't be read.
    """
    here = Path(roster.file)
    if is_season(here.read_bytes()):
        return {output: _next_season(roster, changes, output)}
    written = roster.tree.get("leaders")
    files: dict[Path, bytes] = {}
    paths = _moved(roster, output)
    table: str | None = "leaders"
    if isinstance(written, str) or (isinstance(written, Seq) and are_paths(written)):
        made, targets = _tables(roster, written, changes, output, encoding)
        files |= made
        paths["leaders"] = targets[0] if len(targets) == 1 else targets
        table = None
    raw = here.read_bytes()
    text = raw.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    inline = changes if table is not None else {}
    new = edited(text.removeprefix(_MARK), roster.file, inline, _different(roster, paths), table)
    files[output] = (mark + new).encode()
    return files


def _next_season(roster: RosterDocument, changes: Mapping[str, LeaderChange], output: Path) -> bytes:
    """The same workbook with other values in the rows of its leaders."""
    here = Path(roster.file)
    curriculum = roster.curriculum
    moves = output.resolve().parent != here.resolve().parent
    if moves and curriculum is not None and curriculum.file != roster.file:
        message = tr(
            "{output} would not find the curriculum {curriculum}: name a file in the folder of {roster}",
            output=output,
            curriculum=curriculum.file,
            roster=roster.file,
        )
        raise UsageError(message)
    sheet = str(roster.tree.get("leaders")).partition("#")[2]
    skills = names_in(curriculum.skills) if curriculum else None
    return edited_workbook(here.read_bytes(), roster.file, sheet, changes, roster.fixes, skills)


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
) -> tuple[dict[Path, bytes], list[str]]:
    """The next tables of leaders, and how the next roster names them, in the order of this one.

    Sheets of one workbook stay in one.
    """
    named, _ = named_files(roster.file, written, roster.tree.value_mark("leaders"))
    numbers = {file: n for n, file in enumerate(dict.fromkeys(_file_of(path)[0] for path, _ in named), 1)}
    made: dict[Path, bytes] = {}
    targets: list[str] = []
    for path, _ in named:
        place = resolve(roster.file, path)
        inside = {row.id for row in roster.leaders.rows if place in (row.file, row.file.partition("#")[0])}
        own = {id_: change for id_, change in changes.items() if id_ in inside or len(named) == 1}
        name, sheet = _file_of(path)
        target = _target(roster, name, output, f"-{numbers[name]}" if len(numbers) > 1 else "")
        data = made.get(target) or Path(resolve(roster.file, name)).read_bytes()
        made[target] = _edited(roster, name, sheet, data, own, encoding)
        targets.append(relative(str(output), str(target)) + (f"#{sheet}" if sheet else ""))
    return made, targets


def _file_of(path: str) -> tuple[str, str]:
    """The file of a table, and which of its sheets: what is behind a # only where it is a workbook."""
    name, _, sheet = path.partition("#")
    return (name, sheet) if Path(name).suffix.lower() == ".xlsx" else (path, "")


def _target(roster: RosterDocument, name: str, output: Path, which: str) -> Path:
    """Where a next table of leaders is written; `which` tells it from others."""
    file = Path(resolve(roster.file, name))
    target = output.with_name(f"{output.stem}-leaders{which}{file.suffix.lower()}")
    if output.exists() and output.samefile(roster.file):
        return file
    if target.exists() and any(target.samefile(other) for other in _inputs(roster)):
        raise UsageError(
            tr("{file} is read by this roster: name the next one otherwise with -o", file=target)
        )
    return target


def _edited(
    roster: RosterDocument,
    name: str,
    sheet: str,
    data: bytes,
    changes: Mapping[str, LeaderChange],
    encoding: str | None,
) -> bytes:
    """The bytes of a next table of leaders."""
    file = resolve(roster.file, name)
    suffix = Path(name).suffix.lower()
    skills = names_in(roster.curriculum.skills) if roster.curriculum else None
    if suffix == ".csv":
        plain = plain_table(data, file, roster.fixes, encoding)
        return edited_csv(plain, file, changes, encoding, skills)
    if suffix == ".xlsx":
        return edited_workbook(data, file, sheet or None, changes, roster.fixes, skills)
    text = data.decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    return (mark + edited(text.removeprefix(_MARK), file, changes, {}, None)).encode()


def _inputs(roster: RosterDocument) -> list[Path]:
    files = (Path(resolve(roster.file, name)) for name in roster.files)
    return [file for file in files if file.exists()]
