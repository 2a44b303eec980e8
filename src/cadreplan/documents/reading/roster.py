"""Files to documents: a curriculum, or a roster with the curriculum and the tables it names.

Everything wrong becomes a finding and reading goes on, so that one run shows the findings of all files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from cadreplan.documents.files import (
    Source,
    UnreadableError,
    read_source,
    relative,
    resolve,
    stay_inside,
)
from cadreplan.documents.findings import Findings, Fix, shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading import history
from cadreplan.documents.reading.curriculum import names_of_curriculum, read_curriculum
from cadreplan.documents.reading.document import kind_of, read_document, read_tree, says_what_it_is
from cadreplan.documents.reading.season import is_workbook, read_curriculum_sheets
from cadreplan.documents.reading.settings import Settings
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.cohorts import MixSpec, TieSpec
from cadreplan.documents.schema.roster import CalendarSpec, RosterSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import (
    BranchSpec,
    LeaderSpec,
    LecturerSpec,
    OfferingSpec,
    SessionSpec,
    SiteSpec,
)
from cadreplan.documents.schema.types import DateRange
from cadreplan.documents.tables.files import are_paths, named_files
from cadreplan.documents.tables.matrix import Needs
from cadreplan.documents.tables.reader import decode, has_field, read_csv
from cadreplan.documents.tables.xlsx import read_xlsx
from cadreplan.documents.tree import START, Map, Mark, Seq, line_and_column
from cadreplan.documents.values.names import Names, name_of, names_in
from cadreplan.documents.values.plain import Known
from cadreplan.documents.values.validate import read_fields, read_rows, unknown_keys
from cadreplan.language import listed, tr

S = TypeVar("S", bound=Spec)

_ROSTER_TABLES = ("sites", "branches", "sessions", "offerings", "lecturers", "leaders")
_ROSTER_LISTS = ("mix", "ties")
"""Lists of rows without an id, which stand in the roster itself."""


def read_roster(
    tree: Map,
    file: str,
    findings: Findings,
    encoding: str | None = None,
    settings: Settings | None = None,
    confine: Path | None = None,
) -> RosterDocument:
    """The roster in a tree, with its curriculum and tables; `encoding` is that of its CSV files.

    With `confine` no file outside that folder is read.
    `settings` change what is written before it is read; raises `UsageError` where one of them can't be.
    """
    return RosterReader(tree, file, findings, encoding, settings or Settings(), confine).read()


class RosterReader:
    """Reads one roster and the files it names, keeping their hashes."""

    def __init__(
        self,
        tree: Map,
        file: str,
        findings: Findings,
        encoding: str | None,
        settings: Settings,
        confine: Path | None,
    ) -> None:
        self._confine = confine
        self._tree = tree
        self._settings = settings
        self._file = file
        self._findings = findings
        self._encoding = encoding
        self._hashes: dict[str, str] = {}
        self._names: dict[str, Names] = {}
        self._needs: Needs = {}

    def read(self) -> RosterDocument:
        self._settings.apply_to_head(self._tree)
        unknown_keys(RosterSpec, self._file, self._tree, self._findings)
        apart = (*_ROSTER_TABLES, *_ROSTER_LISTS)
        head = [name for name in RosterSpec.model_fields if name not in apart]
        values = read_fields(RosterSpec, head, self._file, self._tree, self._findings)
        self._findings.horizon = values.get("horizon")
        self._findings.names = self._names
        before = len(self._findings.fixes)
        return RosterDocument(
            file=self._file,
            tree=self._tree,
            title=values.get("title"),
            curriculum=self._read_curriculum(values.get("curriculum")),
            horizon=values.get("horizon"),
            calendar=_calendar(values.get("calendar")),
            policy=values.get("policy"),
            sites=self._named(self._table(SiteSpec, "sites"), "site", "session or site"),
            branches=self._named(self._table(BranchSpec, "branches"), "branch"),
            sessions=self._named(self._table(SessionSpec, "sessions"), "session", "session or site"),
            offerings=self._table(OfferingSpec, "offerings"),
            lecturers=self._table(LecturerSpec, "lecturers"),
            leaders=self._table(LeaderSpec, "leaders"),
            mix=self._rows(MixSpec, "mix"),
            ties=self._rows(TieSpec, "ties"),
            met=self._met(values.get("history"), values.get("horizon")),
            files=dict(sorted(self._hashes.items())),
            fixes=tuple(self._findings.fixes[before:]),
        )

    def _met(self, path: str | None, horizon: DateRange | None) -> tuple[tuple[str, ...], ...]:
        """Who sat in one discussion group before the horizon begins.

        The history isn't among the files that a plan is held against: it grows when the plan is recorded.
        """
        if path is None or horizon is None:
            return ()
        source = self._source("history", path, self._tree.value_mark("history"), hashed=False)
        text = None if source is None else decode(source.data, source.file, self._findings)
        if source is None or text is None:
            return ()
        if not history.is_history(text):
            message = tr("history: found {path}, which is no history", path=shown(path))
            hint = tr("`record --history` writes one")
            self._findings.error(self._file, self._tree.value_mark("history"), "foreign-file", message, hint)
            return ()  # nothing of it is quoted: it may be any file of this machine
        facts = history.facts_in(text, source.file, self._findings)
        return tuple(history.sat_together(facts, horizon.start.isoformat()))

    def _curriculum(self, path: str | None) -> CurriculumDocument | None:
        mark = self._tree.value_mark("curriculum")
        source = self._source("curriculum", path, mark) if path is not None else None
        if source is not None and not (is_workbook(source) or says_what_it_is(source.data)):
            message = tr("found {path}, which does not say `kind: curriculum`", path=shown(path))
            self._findings.error(self._file, mark, "foreign-file", message)
            return None  # nothing of it is quoted: it may be any file of this machine
        if source is not None and is_workbook(source):
            return read_curriculum_sheets(source, self._findings)
        tree = read_document(source, self._findings) if source else None
        if source is None or tree is None:
            return None
        kind = kind_of(tree, source.file, self._findings)
        if kind == "roster":
            message = tr("found a roster in {path}, expected a curriculum", path=shown(path))
            self._findings.error(self._file, self._tree.value_mark("curriculum"), "wrong-value", message)
        return read_curriculum(tree, source.file, self._findings) if kind == "curriculum" else None

    def _table(self, spec: type[S], name: str) -> Table[S]:
        written = self._tree.get(name)
        if isinstance(written, Seq) and not are_paths(written):
            self._settings.apply_to_rows(name, spec, written)
            return read_rows(spec, name, self._file, written, self._findings)
        if not isinstance(written, Seq):
            values = read_fields(RosterSpec, [name], self._file, self._tree, self._findings)
            if not isinstance(written, str) or name not in values:
                return Table(name, whole=name in values)
        return self._table_files(spec, name, written)

    def _rows(self, spec: type[S], name: str) -> Table[S]:
        """The rows of a list in the roster itself; in a workbook they are a sheet of it."""
        written = self._tree.get(name)
        if isinstance(written, str) and self._file.lower().endswith(".xlsx"):
            table = self._table_files(spec, name, written)
            return Table(name, table.rows, whole=all(row.spec is not None for row in table.rows))
        if isinstance(written, Seq):
            rows = read_rows(spec, name, self._file, written, self._findings)
            return Table(name, rows.rows, whole=all(isinstance(row, Map) for row in written))
        values = read_fields(RosterSpec, [name], self._file, self._tree, self._findings)
        return Table(name, whole=name in values)

    def _table_files(self, spec: type[S], name: str, written: str | Seq) -> Table[S]:
        """The rows of all files of a table, in their order; a setting is for all of them."""
        files, without = named_files(self._file, written, self._tree.value_mark(name))
        for path, mark in without:
            message = tr("{field}: found no file {path}, expected one at least", field=name, path=shown(path))
            self._findings.error(self._file, mark, "unreadable-file", message)
        before = len(self._findings.items)
        read = [self._rows_in(spec, name, path, mark) for path, mark in files]
        parts = [part for part in read if part is not None]
        cut_short = any(
            found.rule in ("table-syntax", "table-size") for found in self._findings.items[before:]
        )
        if name == "branches":
            self._name_parents(parts)
        together = parts[0][1] if len(parts) == 1 else _together(rows for _, rows in parts)
        self._settings.apply_to_rows(name, spec, together)
        left = {id(row) for row in together}
        tables = []
        for where, rows in parts:
            if rows is not together:
                _keep(rows, left)
            tables.append(read_rows(spec, name, where, rows, self._findings))
        whole = not without and len(parts) == len(files) and not cut_short and all(t.whole for t in tables)
        return Table(name, tuple(row for table in tables for row in table.rows), whole)

    def _rows_in(self, spec: type[S], name: str, path: str, mark: Mark) -> tuple[str, Seq] | None:
        """What stands for a file in findings, and its rows; None, with a finding, where it can't be read."""
        file, _, sheet = path.partition("#")
        suffix = file.lower().rpartition(".")[2]
        self._findings.named.setdefault(resolve(self._file, file), []).append(
            (self._file, line_and_column(mark)[0], sheet)
        )
        source = self._table_source(spec, name, file if suffix == "xlsx" else path, suffix, mark)
        if source is None:
            return None
        rows: Map | Seq | None
        if suffix == "csv":
            text = decode(source.data, source.file, self._findings, self._encoding)
            if text is None:
                return None
            return source.file, read_csv(text, spec, source.file, self._findings, self._known(name))
        if suffix == "xlsx":
            at = (self._file, mark)
            return read_xlsx(source, sheet or None, name, spec, at, self._findings, self._known(name))
        rows = read_tree(source, self._findings)
        if isinstance(rows, Map):
            message = tr("found a map, expected the rows of {table}: a list", table=name)
            self._findings.error(source.file, rows.mark, "wrong-type", message)
        return (source.file, rows) if isinstance(rows, Seq) else None

    def _table_source(self, spec: type[S], name: str, path: str, suffix: str, mark: Mark) -> Source | None:
        """A file of a table, if it is of a kind that is read and seems to be one of this table."""
        if suffix not in ("csv", "yaml", "yml", "xlsx"):
            hint = tr("save it as .xlsx") if suffix in ("xls", "xlsm", "et", "ods", "numbers") else ""
            message = tr(
                "{field}: found {path}, expected a .yaml, .csv or .xlsx file", field=name, path=shown(path)
            )
            self._findings.error(self._file, mark, "table-format", message, hint)
            return None
        source = self._source(name, path, mark)
        if source is None or suffix == "xlsx" or has_field(source.data, spec):
            return source
        message = tr(
            "{field}: found {path}, which has no column or field of this table", field=name, path=shown(path)
        )
        hint = tr("expected some of: {names}", names=listed(spec.keys))
        self._findings.error(self._file, mark, "foreign-file", message, hint)
        return None

    def _known(self, table: str) -> Known:
        """What is known when a table is read: the curriculum, and the tables that are read before it."""
        return Known(table, self._names, self._findings.horizon, self._needs)

    def _read_curriculum(self, path: str | None) -> CurriculumDocument | None:
        curriculum = self._curriculum(path)
        if curriculum is not None:
            self._names |= names_of_curriculum(curriculum)
            self._needs = {row.id or "": spec.needs for row, spec in curriculum.roles.valid()}
        return curriculum

    def _named(self, table: Table[S], *sorts: str) -> Table[S]:
        """The table itself, whose ids and names are known from now on."""
        for sort in sorts:
            self._names[sort] = Names([*self._names.get(sort, ()), *names_in(table)])
        return table

    def _name_parents(self, parts: Sequence[tuple[str, Seq]]) -> None:
        """Branches of flat tables may name their parents; all of them have to be read before."""
        rows = [(where, row) for where, seq in parts for row in seq if isinstance(row, Map)]
        names = Names((id_, name_of(row)) for _, row in rows if isinstance(id_ := row.get("id"), str))
        for where, row in rows:
            parent = row.get("parent")
            if where in self._findings.headers and isinstance(parent, str):
                found = names.id_of(parent)
                if found is not None and found != parent:
                    row["parent"] = found
                    place = line_and_column(row.value_mark("parent"))
                    self._findings.fixes.append(Fix(where, *place, parent, found))

    def _source(self, key: str, path: str, mark: Mark, *, hashed: bool = True) -> Source | None:
        file = resolve(self._file, path)
        try:
            if self._confine is not None:
                stay_inside(file, self._confine)
            source = read_source(file, regular=True)
        except UnreadableError as error:
            message = tr("{place}: {problem}", place=key, problem=error)
            self._findings.error(self._file, mark, error.rule, message)
            return None
        if hashed and file != os.path.normpath(self._file):  # a workbook has its tables in itself
            self._hashes[relative(self._file, file)] = source.sha256
        return source


def _together(parts: Iterable[Seq]) -> Seq:
    """The rows of several files as one list."""
    rows = Seq(START)
    for part in parts:
        rows += part
        rows.marks += part.marks
    return rows


def _keep(rows: Seq, left: Collection[int]) -> None:
    """Leave those rows in a list that are still there; the others a setting took away."""
    kept = [(row, mark) for row, mark in zip(rows, rows.marks, strict=True) if id(row) in left]
    rows[:], rows.marks[:] = [row for row, _ in kept], [mark for _, mark in kept]


def _calendar(value: Any) -> CalendarSpec | None:
    return CalendarSpec.model_validate({"country": value}) if isinstance(value, str) else value
