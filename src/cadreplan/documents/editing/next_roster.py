"""The files of the next roster: the last one's text with the rows of its leaders changed where they stand."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.fixed_cells import with_cells
from cadreplan.documents.editing.fixing import plain_table
from cadreplan.documents.editing.next_season import (
    Season,
    emptied_csv,
    emptied_sheet,
    moved_cells,
    moved_head,
    moved_roster,
    moved_rows,
)
from cadreplan.documents.editing.tables import edited_csv, with_csv_cells
from cadreplan.documents.editing.workbook import edited_workbook
from cadreplan.documents.editing.yaml import Paths, edited
from cadreplan.documents.files import relative, resolve, split_mark
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.season import is_season
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import OfferingSpec
from cadreplan.documents.tables.files import are_paths, named_files
from cadreplan.documents.tree import Seq
from cadreplan.documents.values.names import names_in
from cadreplan.errors import UsageError
from cadreplan.language import tr

_NO_SESSIONS = "# rows of id, site, modules, dates, seats\n[]\n"
"""A YAML table of sessions without any; a file has to name fields to be known as a table."""


def next_files(
    roster: RosterDocument,
    changes: Mapping[str, LeaderChange],
    output: Path,
    encoding: str | None = None,
    season: Season | None = None,
) -> dict[Path, bytes]:
    """What to write for the next roster at `output`: itself, and the table of its leaders beside it.

    A season in a workbook becomes one again, with the cells of its leaders changed. Else a
    table becomes `OUTPUT-leaders` with the ending it has, several `OUTPUT-leaders-1` and so on: a workbook
    stays one, with all its sheets. Cells of CSV tables are written in the plain form. Where `output` is the
    roster itself, a table is changed in its place. For another `season` the tables of sessions and offerings
    are written likewise, as `OUTPUT-sessions` and `OUTPUT-offerings`, or in the workbook of the leaders where
    they are sheets of it. All other files are read from where they are. Raises
    `UsageError` where a table would be written over a file that the roster reads,
    or can't be changed; `OSError` where a file can't be read.
    """
    here = Path(roster.file)
    if is_season(here.read_bytes()):
        return {output: _next_book(roster, changes, output, season)}
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
    mark, text = split_mark(raw.decode("utf-8"))
    inline = changes if table is not None else {}
    if season is not None:
        paths |= _season_tables(roster, season, output, encoding, files)
        text = moved_roster(text, roster.file, season, roster.offerings.rows)
    new = edited(text, roster.file, inline, _different(roster, paths), table)
    files[output] = (mark + new).encode()
    return files


def _next_book(
    roster: RosterDocument, changes: Mapping[str, LeaderChange], output: Path, season: Season | None
) -> bytes:
    """The same workbook with other values in the rows of its leaders, and made ready for another season."""
    sheet = str(roster.tree.get("leaders")).partition("#")[2]
    skills = names_in(roster.curriculum.skills) if roster.curriculum else None
    data = edited_workbook(Path(roster.file).read_bytes(), roster.file, sheet, changes, roster.fixes, skills)
    paths = {key: str(path) for key, path in _different(roster, _moved(roster, output)).items()}
    paths = {key: path for key, path in paths.items() if key in ("curriculum", "history")}
    if season is None:
        return moved_head(data, roster.file, paths)
    for key in ("sessions", "offerings"):
        if key in roster.tree:
            name = str(roster.tree[key])
            data = _of_season(roster, key, name.partition("#")[0], name.partition("#")[2], data, season, None)
    return moved_head(data, roster.file, paths, season)


def _season_tables(
    roster: RosterDocument, season: Season, output: Path, encoding: str | None, files: dict[Path, bytes]
) -> dict[str, Paths]:
    """Add the tables of sessions and offerings of another season to `files`, and what names them and others.

    A workbook that is written already is gone on with, and named by all tables that are sheets of it.
    """
    leaders = _files_of(roster, "leaders")
    books = {name: _next_of(roster, name, output, "leaders", leaders) for name in leaders if _is_book(name)}
    paths: dict[str, Paths] = {}
    for key in ("sessions", "offerings"):
        own = _files_of(roster, key)
        for name, sheets in own.items():
            target = books.get(name) or _next_of(roster, name, output, key, own)
            data = files.get(target) or Path(resolve(roster.file, name)).read_bytes()
            for sheet in sheets:
                data = _of_season(roster, key, name, sheet, data, season, encoding)
            files[target] = data
            if _is_book(name):
                books[name] = target
    for key in roster.tables:
        if key == "leaders":
            continue
        named = _named(roster, key)
        targets = []
        for path in named:
            name, sheet = _file_of(path)
            new = books.get(name)
            if new is None and key in ("sessions", "offerings"):
                new = _next_of(roster, name, output, key, _files_of(roster, key))
            seen = relative(str(output.resolve()), str((new or Path(resolve(roster.file, name))).resolve()))
            targets.append(seen + (f"#{sheet}" if sheet else ""))
        if named:
            paths[key] = targets[0] if len(targets) == 1 else targets
    return paths


def _of_season(
    roster: RosterDocument,
    key: str,
    name: str,
    sheet: str,
    data: bytes,
    season: Season,
    encoding: str | None,
) -> bytes:
    """The bytes of a table of sessions without any, or of one of offerings that start later."""
    place = resolve(roster.file, name)
    if _is_book(name):
        tables = {row.file for row in roster.tables[key].rows if row.file.startswith(f"{place}#{sheet}")}
        for table in sorted(tables):
            one = table.removeprefix(f"{place}#")
            if key == "sessions":
                data = emptied_sheet(data, place, one)
            else:
                data = with_cells(data, place, one, moved_cells(_offerings_in(roster, table), season))
        return data
    rows = _offerings_in(roster, place)
    if Path(name).suffix.lower() == ".csv":
        if key == "sessions":
            return emptied_csv(data, encoding)
        return with_csv_cells(data, moved_cells(rows, season), encoding)
    mark, text = split_mark(data.decode("utf-8"))
    new = _NO_SESSIONS if key == "sessions" else moved_rows(text, place, season, rows)
    return (mark + new).encode()


def _offerings_in(roster: RosterDocument, table: str) -> list[Row[OfferingSpec]]:
    return [row for row in roster.offerings.rows if row.file == table]


def _named(roster: RosterDocument, key: str) -> list[str]:
    """The paths of a table's files, patterns resolved; none for one that stands in the roster itself."""
    written = roster.tree.get(key)
    if isinstance(written, str) or (isinstance(written, Seq) and are_paths(written)):
        return [path for path, _ in named_files(roster.file, written, roster.tree.value_mark(key))[0]]
    return []


def _files_of(roster: RosterDocument, key: str) -> dict[str, list[str]]:
    """The files of a table as the roster names them, each with the sheets of it that are named."""
    found: dict[str, list[str]] = {}
    for path in _named(roster, key):
        name, sheet = _file_of(path)
        found.setdefault(name, []).append(sheet)
    return found


def _next_of(roster: RosterDocument, name: str, output: Path, key: str, files: Collection[str]) -> Path:
    """Where the next of a table's files is written."""
    which = f"-{[*files].index(name) + 1}" if len(files) > 1 else ""
    return _target(roster, name, output, f"{key}{which}")


def _is_book(name: str) -> bool:
    return Path(name).suffix.lower() == ".xlsx"


def _moved(roster: RosterDocument, output: Path) -> dict[str, Paths]:
    """The paths of the other files that the roster names, as seen from where the next one lies."""

    def moved(path: str) -> str:
        file, hash_, sheet = path.partition("#")
        return (
            relative(str(output.resolve()), str(Path(resolve(roster.file, file)).resolve())) + hash_ + sheet
        )

    found: dict[str, Paths] = {}
    for key in ("curriculum", "history", *roster.tables):
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
    files = _files_of(roster, "leaders")
    made: dict[Path, bytes] = {}
    targets: list[str] = []
    for path, _ in named:
        place = resolve(roster.file, path)
        inside = {row.id for row in roster.leaders.rows if place in (row.file, row.file.partition("#")[0])}
        own = {id_: change for id_, change in changes.items() if id_ in inside or len(named) == 1}
        name, sheet = _file_of(path)
        target = _next_of(roster, name, output, "leaders", files)
        data = made.get(target) or Path(resolve(roster.file, name)).read_bytes()
        made[target] = _edited(roster, name, sheet, data, own, encoding)
        targets.append(relative(str(output), str(target)) + (f"#{sheet}" if sheet else ""))
    return made, targets


def _file_of(path: str) -> tuple[str, str]:
    """The file of a table, and which of its sheets: what is behind a # only where it is a workbook."""
    name, _, sheet = path.partition("#")
    return (name, sheet) if Path(name).suffix.lower() == ".xlsx" else (path, "")


def _target(roster: RosterDocument, name: str, output: Path, which: str) -> Path:
    """Where a next table is written; `which` tells it from others."""
    file = Path(resolve(roster.file, name))
    target = output.with_name(f"{output.stem}-{which}{file.suffix.lower()}")
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
    mark, text = split_mark(data.decode("utf-8"))
    return (mark + edited(text, file, changes, {}, None)).encode()


def _inputs(roster: RosterDocument) -> list[Path]:
    files = (Path(resolve(roster.file, name)) for name in roster.files)
    return [file for file in files if file.exists()]
